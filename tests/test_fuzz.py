"""Random scenes, films, broken files in a process of their own: none kills it or draws a NaN."""

import sys
from pathlib import Path

import numpy as np
import pytest
from fuzz import driver
from fuzz.driver import Tally, run
from fuzz.painting import Wrong, check, check_numbers, watched
from fuzz.readers import read
from fuzz.scenes import drawing
from pictures import SHEET

from gradart.drawing.marks import lines
from gradart.drawing.scene import scene
from gradart.errors import ArtError
from gradart.rendering.layout import transform
from gradart.rendering.layout.page import fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.painting import cairo
from gradart.rendering.painting.cairo_library import libcairo

FOUND = sorted((Path(__file__).parent / "fuzz" / "found").iterdir())
SEED, COUNT = 20261126, 75


def test_random_scenes_are_drawn_or_refused_in_words():
    tally = Tally()
    run("scenes", SEED, COUNT, tally)
    assert tally.failures == []
    assert tally.counts.total() == COUNT
    assert min(tally.counts[kind] for kind in ("drawn", "blank", "refused")) > COUNT // 10


def test_random_films_are_whole_or_refused_in_words():
    tally = Tally()
    run("films", SEED, COUNT // 3, tally)
    assert tally.failures == []
    assert tally.counts["drawn"] > COUNT // 6


@pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning")
def test_scenes_that_cairo_notes_first_are_the_same_bytes(monkeypatch):
    """They are painted in one call then; on paper, and on a picture that is painted already."""
    compared = 0
    for index in range(60):
        make, page, px, _ = drawing(SEED, index)
        try:
            art = make()
            marks = transform.place(art, fit([art], page), page)
            noted = [cairo.painted(marks, pixel_grid(page, px), np.ones(4))]
            few = cairo._few(marks)
        except ArtError:
            continue
        under = np.random.default_rng(index).integers(0, 256, noted[0].shape, np.uint8)
        under[..., :3] = np.minimum(under[..., :3], under[..., 3:])  # premultiplied
        noted.append(cairo.painted(marks, pixel_grid(page, px), None, under))
        with monkeypatch.context() as patch:
            patch.setattr(cairo, "_few", lambda marks: False)
            direct = [cairo.painted(marks, pixel_grid(page, px), np.ones(4))]
            direct.append(cairo.painted(marks, pixel_grid(page, px), None, under))
        np.testing.assert_array_equal(noted, direct)
        compared += bool(marks) and few
    assert compared > 15


def test_broken_files_are_read_or_refused_in_words():
    tally = Tally()
    run("files", SEED, 6 * COUNT, tally)
    assert tally.failures == []
    assert tally.counts["read"] > COUNT // 5
    assert tally.counts["refused"] > COUNT


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_files_that_were_found_by_fuzzing(file, tmp_path):
    assert read(file.name, file.read_bytes(), tmp_path) == "refused"


def test_a_child_that_dies_costs_the_scene_in_hand_alone(monkeypatch):
    dies = """
import json, os, signal, sys
start, stop = map(int, sys.argv[-2:])
for index in range(start, stop):
    if index in (3, 4):
        os.kill(os.getpid(), signal.SIGSEGV if index == 3 else signal.SIGPROF)
    print(json.dumps([index, "drawn", ""]), flush=True)
"""
    popen = driver.subprocess.Popen
    monkeypatch.setattr(
        driver.subprocess,
        "Popen",
        lambda words, **kw: popen([sys.executable, "-c", dies, *words[3:]], **kw),
    )
    tally = Tally()
    run("scenes", 0, 8, tally)
    assert tally.counts == {"drawn": 6, "killed": 2}
    assert [index for index, _ in tally.failures] == [3, 4]
    assert "SIGSEGV" in tally.failures[0][1]
    assert "too long" in tally.failures[1][1]


def test_the_watch_sees_what_it_is_there_for(monkeypatch):
    """Take the guard away, and the NaN or the far point is seen on its way to cairo."""
    wave = scene(lines([(10, 10), (90, 90)]), box=((0, 0), (100, 100)))
    assert check(wave, SHEET, 40, False)
    monkeypatch.setattr(transform, "_checked", lambda style, what, widest: style)
    with pytest.raises(Wrong, match="color is nan"):
        check(scene(lines([(1, 1)], stroke=(0, np.nan, 0)), box=wave.box), SHEET, 40, False)
    for data in (b"M1 nan", b"-inf 2", b"1e9 w", b"12 12345678.5 l", b"3e+5"):
        with pytest.raises(Wrong):
            check_numbers(data, "PDF")
    check_numbers(b"q 1 0 0 -1 0.00012345678 999999 cm /information 3e-5 l", "PDF")
    monkeypatch.setattr(transform, "cut_lines", lambda rows, *_, fill: (rows, np.arange(len(rows))))
    with pytest.raises(Wrong, match=r"point is .* more than"):
        check(scene(lines([(1, 1), (1e9, 2)]), box=wave.box), SHEET, 40, False)
    surface = libcairo().ImageSurface(libcairo().FORMAT_ARGB32, 9, 9)
    with watched():
        context = libcairo().Context(surface)
        for call, numbers in (("arc", (1, 1, np.nan, 0, 6)), ("scale", (0, 1))):
            with pytest.raises(Wrong, match=call):
                getattr(context, call)(*numbers)
        with pytest.raises(Wrong, match="a path goes to"):
            cairo.pixels([lines([(0, 0), (1e9, 1)])], pixel_grid(SHEET, 40), None)
