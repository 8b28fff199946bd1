"""Chromium paints a scene on a canvas as cairo paints it."""

import pytest
from pictures import assert_alike
from rendering.html.samples import SAMPLES

from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import paper, place
from gradart.rendering.painting.cairo import pixels

SHEET = Page(120, 90, 5)
PX = 601  # so that the short side is rounded to whole pixels


def cairo(scene, px=PX, sheet=SHEET):
    return pixels(place(scene, fit([scene], sheet), sheet), pixel_grid(sheet, px), paper(scene))


def chromium(painted, scene, px=PX, sheet=SHEET):
    grid = pixel_grid(sheet, px)
    return painted(scene, fit([scene], sheet), sheet, (grid.width, grid.height))


pytestmark = pytest.mark.filterwarnings("ignore:.*has no point:gradart.errors.ArtWarning")


@pytest.mark.parametrize("make", SAMPLES)
def test_a_canvas_shows_what_a_png_shows(painted, make):
    assert_alike(chromium(painted, make()), cairo(make()), mean=1 / 255, ink=0.05)
