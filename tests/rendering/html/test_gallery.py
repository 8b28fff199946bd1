"""Pieces of the gallery as the page shows and saves them, and as Python does."""

from pathlib import Path

import jax
import pytest
from pictures import assert_alike
from rendering.html.in_node import NODE, drawn
from rendering.html.svg_alike import assert_same

from gradart.jobs.job import Job, compute
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.pipeline import compose
from gradart.rendering.render import sheet_for
from gradart.rendering.vector.svg_elements import svg
from gradart.sketching.loading import load

SKETCHES = Path(__file__).parents[3] / "sketches"
QUICK = ["dragon_and_hilbert", "mondrian"]
OTHERS = [
    *("approximation", "braid", "coffee_cup", "descent_1d", "evolute_film", "forward_spiral"),
    *("functions", "hatched", "kneser", "phyllotaxis", "plant", "ridgelines", "schotter", "secant"),
    *("title", "too_large", "torus", "truchet", "warped_word", "wavefronts"),
]
PIECES = QUICK + [pytest.param(name, marks=pytest.mark.exhaustive) for name in OTHERS]
PX = 1000
SAID = {"title": "A piece", "provenance": "{}"}

pytestmark = pytest.mark.filterwarnings("default::gradart.errors.ArtWarning")


def still(name):
    (sketch,) = load(SKETCHES / f"{name}.py").sketches
    art = compute(Job(sketch, {}, seed=sketch.seed))
    with jax.enable_x64(True):
        at = sketch.options.at
        return compose(art, sheet_for(sketch.options), [at]).still(at)


@pytest.mark.exhaustive
@pytest.mark.skipif(NODE is None, reason="the page's JavaScript needs node")
@pytest.mark.parametrize("name", PIECES)
def test_a_piece_is_the_picture_and_the_svg_that_python_makes(painted, name, tmp_path):
    shown = still(name)
    sheet, placement = shown.composition.page, shown.placement
    grid = pixel_grid(sheet, PX)
    picture = painted(shown.scene, placement, sheet, (grid.width, grid.height))
    assert_alike(picture, shown.pixels(PX))
    (found,) = drawn([([shown.scene], sheet, SAID)], tmp_path)
    known = svg(shown.marks(), sheet, shown.paper, title=SAID["title"], metadata=SAID["provenance"])
    assert_same(found["svg"], known)
