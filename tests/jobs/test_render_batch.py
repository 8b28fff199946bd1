"""Sweeps, names, and many renders in one go."""

from pathlib import Path
from typing import Annotated

import pytest

from gradart.command.sweeps import combinations, seeds, values
from gradart.drawing.marks import dots
from gradart.drawing.scene import scene
from gradart.errors import ArtError, ArtWarning
from gradart.jobs.job import Job
from gradart.jobs.render_batch import run
from gradart.sketching.parameters import Bounds
from gradart.sketching.signatures import read_signature
from gradart.sketching.sketch import sketch


@sketch(seed=3)
def piece(
    key, turns: Annotated[float, Bounds(0, 20)] = 5.0, n=1, dark=False, file: Path | None = None
):
    return scene(dots([(0, 0), (turns, n)]))


TURNS, N, DARK, FILE = piece.parameters


@pytest.mark.parametrize(
    ("parameter", "text", "wanted"),
    [
        (TURNS, "3..9..2", [3.0, 5.0, 7.0, 9.0]),
        (TURNS, "3..8..2", [3.0, 5.0, 7.0]),
        (TURNS, "0..0.5..0.1", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (TURNS, "2..0..-1", [2.0, 1.0, 0.0]),
        (TURNS, "0.05,0.1", [0.05, 0.1]),
        (TURNS, "7", [7.0]),
        (N, "-1..1", [-1, 0, 1]),
        (DARK, "true,false", [True, False]),
        (FILE, "a..b.hgt,none", [Path("a..b.hgt"), None]),
    ],
)
def test_a_sweep_is_its_values(parameter, text, wanted):
    found = values(parameter, text)
    assert found == wanted
    assert [type(v) for v in found] == [type(v) for v in wanted]


@pytest.mark.parametrize("text", ["3..", "..", "1..2..0", "1..2..3..4", "9..3", "nan..3", "0..inf"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ArtError, match="turns="):
        values(TURNS, text)


def test_seeds_are_listed_or_counted():
    assert seeds("7") == [7]
    assert seeds("0..9") == list(range(10))
    assert seeds("4294967295,0") == [4294967295, 0]


def test_combinations_are_a_product_and_a_seed_wants_a_key():
    found = list(combinations(piece, {"n": "4"}, ["turns=1,2"], "0..1"))
    assert found == [({"n": 4, "turns": turns}, seed) for seed in (0, 1) for turns in (1.0, 2.0)]
    assert list(combinations(piece, {}, [], None)) == [({}, 3)]
    keyless = sketch(lambda: scene())
    with pytest.warns(ArtWarning, match="has no key"):
        assert list(combinations(keyless, {}, [], "0..9")) == [({}, 0)]


@pytest.mark.parametrize(
    ("values", "seed", "name"),
    [
        ({}, 3, "piece"),
        ({"turns": 5.0, "n": 1}, 3, "piece"),
        ({"turns": 7.0, "n": 3}, 12, "piece_seed12_turns7_n3"),
        ({"turns": 0.1 + 0.2, "dark": True}, 3, "piece_turns0.3_darktrue"),
        ({"file": Path("far/N45 E006.hgt")}, 0, "piece_seed0_filen45-e006"),
    ],
)
def test_a_name_says_what_differs(values, seed, name):
    assert Job(piece, values, seed).name == name


def test_two_files_of_one_name_are_refused_before_any_is_written(tmp_path):
    jobs = [Job(piece, {"file": Path(folder, "a.hgt")}, 3) for folder in ("x", "y")]
    with pytest.raises(ArtError, match="2 pictures would be called piece_filea"):
        list(run(jobs, tmp_path))
    assert not list(tmp_path.iterdir())


def test_files_come_one_by_one_and_say_what_made_them(tmp_path):
    jobs = [Job(piece, {"n": n}, 3, {"px": 20, "page": "square"}) for n in (2, 3)]
    made = []
    for file in run(jobs, tmp_path / "out"):
        made.append(file.path.name)
        assert file.size == "20 x 20 px"
        assert sorted(p.name for p in (tmp_path / "out").iterdir()) == made
    assert made == ["piece_n2.png", "piece_n3.png"]


def test_what_a_job_says_of_itself_can_make_it_again():
    said = Job(piece, {"turns": 7.0, "file": Path("a.hgt")}, 12, {"px": 20}).provenance
    assert said["parameters"] == {"turns": 7.0, "n": 1, "dark": False, "file": "a.hgt"}
    assert (said["sketch"], said["seed"], said["file"]) == ("piece", 12, "test_render_batch.py")
    assert said["options"]["px"] == 20
    assert said["options"]["page"] == "a4"


def test_read_signature_is_what_a_sketch_has():
    assert read_signature(piece.function) == piece.parameters
