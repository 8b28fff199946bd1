"""Every sketch of the gallery, drawn small, looks as it did when somebody last looked at it.

`pytest tests/sketches/test_golden.py --golden` draws the pictures in tests/golden anew; look at
them before they are committed.
"""

from pathlib import Path

import numpy as np
import pytest
from pictures import assert_alike, read

from gradart.drawing.scene import Scene
from gradart.jobs.job import Job, compute, write
from gradart.sketching.loading import load, sketch_files

HERE = Path(__file__).parent
FILES = sketch_files(HERE.parents[1] / "sketches")
GOLDEN = HERE.parent / "golden"
LIGHTER = {  # than in the gallery; of a fit, so few steps that rounding does not grow to be seen
    "arcs": {"n": 400, "steps": 20, "pixels": 160},
    "caustic_word": {"waves": 16, "rays": 100, "steps": 30, "pixels": 160},
    "epicycles": {"steps": 10, "moments": 30},
    "hachures": {"n": 1500, "steps": 20, "pixels": 160},
    "moire": {"rings": 30, "steps": 15, "pixels": 300},
    "one_line": {"order": 6, "steps": 10, "pixels": 160},
    "strokes": {"n": 1500, "steps": 20, "pixels": 160},
    "three_pens": {"n": 600, "steps": 20, "pixels": 160},
    "whiskers": {"n": 100_000},
    "attractor": {"n": 100_000},
    "bifurcation": {"rates": 1000, "years": 600},
    "chaos": {"pixels": 150},
    "crests": {"resolution": 110},
    "delta": {"n": 1000},
    "drum": {"pixels": 80},
    "engraving": {"spacing": 1.6},
    "gray_scott": {"cells": 180, "steps": 2500},
    "domain_coloring": {"pixels": 150},
    "gyroid": {"spacing": 0.04},
    "islands": {"orbits": 60, "passages": 300, "energy": 0.08},  # where there is little chaos
    "jacobi": {"fronts": 20, "rays": 400},
    "lorenz": {"n": 1500},  # later on it is rounding that says where it is
    "mountains": {"arrows": 24, "ridges": 40},
    "photograph": {"pixels": 160},
    "raindrop": {"walls": 10, "resolution": 100},
    "ridges": {"lines": 60},
    "riemann": {"rings": 8, "rays": 10},
    "root_cells": {"pixels": 150},
    "skeleton": {"pixels": 160},
    "skiers": {"n": 200},
    "turing": {"cells": 200},
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.filterwarnings("default::gradart.errors.ArtWarning")
def test_a_sketch_looks_as_it_did(file, tmp_path, request):
    if file.stem == "three_frameworks":  # draws another sheet where one of them is missing
        pytest.importorskip("torch")
        pytest.importorskip("tensorflow")
    (sketch,) = load(file).sketches
    assert sketch.name == file.stem, "a file and its sketch have one name"
    job = Job(sketch, LIGHTER.get(file.stem, {}), seed=sketch.seed, options={"px": 240})
    art = compute(job)
    picture = write(job, art, tmp_path / "still.png").path
    golden = GOLDEN / f"{file.stem}.png"
    if request.config.getoption("--golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(picture.read_bytes())
    assert golden.is_file(), f"look at {picture}, and add it with --golden"
    assert_alike(picture, golden)
    if not isinstance(art, Scene):
        film = Job(sketch, seed=sketch.seed, options={"px": 120, "seconds": 0.16, "fps": 25})
        assert write(film, art, tmp_path / "film.gif").path.stat().st_size > 0


def test_no_picture_is_left_of_a_sketch_that_is_gone():
    assert {p.stem for p in GOLDEN.glob("*.png")} == {f.stem for f in FILES}


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.png")), ids=lambda file: file.stem)
def test_a_wrong_picture_does_not_pass(golden):
    """What is moved by 3 %, or gone, is told from the golden picture."""
    right = read(golden)
    blank = np.broadcast_to(np.median(right.reshape(-1, 4), 0).astype(np.uint8), right.shape)
    for wrong in (np.roll(right, 7, (0, 1)), blank):
        with pytest.raises(AssertionError):
            assert_alike(wrong, right)
