"""An option of `render` is told once: in a field of Options."""

import argparse
import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
from sampling import some
from scipy.io import wavfile

import gradart as ga
from gradart.command import options as flags
from gradart.errors import ArtError
from gradart.jobs.job import Job
from gradart.rendering.formats.provenance import read
from gradart.rendering.layout.page import Page
from gradart.rendering.options import (
    OPTIONS,
    Options,
    RenderOptions,
    SketchOptions,
    option,
    options_of,
)
from gradart.studio.server import messages

SOME = {int: 40, float: 0.5, str: "30x20mm", bool: True}  # what any option of a type takes
FILM = """
@ga.sketch
def film():
    return lambda u: ga.scene(ga.dots([(0, 0), (1, u)], 20))
"""
STILL = """
@ga.sketch
def film(n=2):
    return ga.scene(ga.dots([(0, 0)] * n, 20))
"""
# Options of one format: a value, and what it is for.
OF_ONE = {
    "max_size": ("2MB", "a.gif"),
    "choices": ("n", "a.html"),
    "audio": ("a.wav", "a.mp4"),
}


def _words(name, value):
    flag = f"--{name.replace('_', '-')}"
    return [flag] if value is True else [flag, value]


def _export(**options):
    state = {"values": {}, "seed": 0, "frame": None, "ending": ".png"}
    return messages.read(json.dumps({"do": "export", **state, "options": options}))[1]


def test_the_keywords_of_render_and_sketch_are_the_fields():
    """Type checkers read these by hand-written lists, which are held to the fields here."""
    hints = get_type_hints(Options)
    taken = get_type_hints(RenderOptions, localns={"Page": Page})
    assert list(taken) == list(OPTIONS)
    for name, told in OPTIONS.items():
        assert {told.type, type(None)} == set(get_args(taken[name])) - {Page, Path}, name
    own = get_type_hints(SketchOptions)
    assert own == {n: hints[n] for n, o in OPTIONS.items() if o.of_sketch} | {"seed": int}
    assert set(inspect.signature(ga.render).parameters) > set(OPTIONS)


@pytest.mark.parametrize("name", some(OPTIONS))
def test_an_option_has_its_flag_its_message_its_provenance_and_its_rerun(
    name, studio, gradart, tmp_path, capsys
):
    studio("film.py", STILL if name == "choices" else FILM)
    told = OPTIONS[name]
    wavfile.write(tmp_path / "a.wav", 8000, np.sin(np.arange(32_000)))
    value = SOME[told.type] if told.holds(SOME[told.type]) else told.type(told.low)
    value, *shown_in = OF_ONE.get(name, (value,))
    small = [] if name in ("px", "ppi") else ["--px", 20]
    small += [word for file in shown_in for word in ("-o", file)]
    status, _, err = gradart("run", "film.py", *_words(name, value), *small, "-o", "a.png")
    assert (status, err) == (0, [])
    assert read(tmp_path / "a.png")["options"][name] == value
    assert gradart("rerun", "a.png")[:2] == (0, ["a.png  made again, byte for byte the same"])
    with pytest.raises(SystemExit):
        gradart("run", "film.py", "--help")
    shown = " ".join(capsys.readouterr().out.split())
    for part in (f"--{name.replace('_', '-')}", told.metavar or "", told.help):
        assert part in shown
    assert _export(**{name: value})["options"] == {name: value}
    with pytest.raises(ArtError, match=f"options must be such that {name} is"):
        _export(**{name: [value]})
    facts = read(tmp_path / "a.png")
    facts["options"][name] = ["x"]
    ga.render(ga.scene(ga.dots((0, 0), 1)), tmp_path / "b.png", px=20, provenance=facts)
    status, _, [err] = gradart("rerun", "b.png")
    assert (status, f"says that {name} was ['x'], which cannot be" in err) == (2, True)


def test_to_add_an_option_is_to_write_its_field(monkeypatch):
    @dataclass(frozen=True)
    class Longer(Options):
        corner_radius: float = option(
            0.0, "millimeters of paper cut off", metavar="MM", low=0, high=9, of_sketch=False
        )

    monkeypatch.setitem(OPTIONS, "corner_radius", options_of(Longer)["corner_radius"])
    parser = argparse.ArgumentParser()
    flags.add(parser, [])
    args = parser.parse_args(["--corner-radius", "2.5"])
    assert "--corner-radius MM millimeters of paper cut off" in " ".join(
        parser.format_help().split()
    )
    sketch = ga.sketch(lambda: ga.scene())
    [job] = flags.jobs([sketch], args, sketch.file.parent)
    assert job.provenance["options"]["corner_radius"] == 2.5
    assert _export(corner_radius=2.5)["options"] == {"corner_radius": 2.5}
    with pytest.raises(ArtError, match="corner_radius is a number from 0 to 9"):
        _export(corner_radius=10)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_bound_is_held_and_a_switch_is_no_number(name):
    told = OPTIONS[name]
    wrong = [float("nan"), float("inf"), 10**400, [1], *([] if told.type is bool else [True])]
    wrong += [] if told.optional else [None]
    wrong += [0.5] if told.type is int else []
    assert not any(map(told.holds, wrong))
    if told.type in (int, float):
        assert told.holds(told.type(told.high))
        assert not told.holds(told.high + 1)
        assert not told.holds(told.low - 1)
        assert not told.holds("1")


def test_what_is_not_given_is_the_sketchs_own():
    @ga.sketch(page="a5", margin=3, fps=10)
    def piece():
        return ga.scene()

    settings = Job(piece, options={"fps": 20, "px": 30}).settings
    assert settings == {
        "page": "a5",
        "landscape": False,
        "margin": 3,
        "seconds": 4.0,
        "fps": 20,
        "at": 0.0,
        "px": 30,
    }
    assert list(settings)[:6] == [o.name for o in OPTIONS.values() if o.of_sketch]


def test_a_keyword_that_is_no_option_is_told_with_the_nearest_one():
    with pytest.raises(ArtError, match="no argument pagee: write page; it takes art, path, px"):
        ga.render(ga.scene(), "a.png", pagee="a5")
