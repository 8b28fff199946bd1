"""Chromium paints a scene on a canvas as cairo paints it."""

from dataclasses import replace

import numpy as np
import pytest
from pictures import assert_alike
from rendering.html.samples import FRAME, SAMPLES, fills, strokes

import gradart as ga
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import paper, place
from gradart.rendering.painting.cairo import pixels

SHEET = Page(120, 90, 5)
PX = 601  # so that the short side is rounded to whole pixels

pytestmark = pytest.mark.filterwarnings("ignore:.*has no point:gradart.errors.ArtWarning")


def cairo(scene, px=PX):
    ground = None if scene.paper is None else paper(scene)
    bare = replace(scene, paper=np.zeros(4)) if ground is None else scene
    return pixels(place(bare, fit([scene], SHEET), SHEET), pixel_grid(SHEET, px), ground)


def chromium(painted, scene, px=PX, view=None):
    grid = pixel_grid(SHEET, px)
    return painted(scene, fit([scene], SHEET), SHEET, (grid.width, grid.height), view)


@pytest.mark.parametrize("make", SAMPLES)
def test_a_canvas_shows_what_a_png_shows(painted, make):
    assert_alike(chromium(painted, make()), cairo(make()), mean=1 / 255, ink=0.05)


@pytest.mark.parametrize("make", [strokes, fills])
def test_the_comparison_sees_another_drawing(painted, make):
    moved = replace(make(), box=np.array(((0, 0), (102, 100))))
    fewer = replace(make(), marks=make().marks[1:])
    for other in (moved, fewer):
        with pytest.raises(AssertionError):
            assert_alike(chromium(painted, other), cairo(make()), mean=1 / 255, ink=0.05)


def test_what_has_no_paper_is_clear(painted):
    scene = replace(fills(), paper=None)
    picture = chromium(painted, scene)
    assert not picture[:5, :5].any()
    assert_alike(picture, cairo(scene), mean=1 / 255, ink=0.05)


@pytest.mark.parametrize("width", [0.05, 0.1, 0.19])
@pytest.mark.parametrize("angle", [0, 15, 30, 45, 90])
def test_thin_lines_have_the_ink_of_cairos_however_they_slant(painted, width, angle):
    """Five pixels to the mm: all are thinner than one."""
    turn = np.deg2rad(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    middles = 50 + across * np.linspace(-30, 30, 17)[:, None]
    rows = np.stack([middles - 40 * along, middles + 40 * along], 1)
    scene = ga.scene(ga.lines(rows, width=width, stroke="black"), paper="white", box=FRAME)
    found, known = (
        255 - picture[..., :3].mean() for picture in (chromium(painted, scene), cairo(scene))
    )
    assert found == pytest.approx(known, rel=0.06)


def test_a_view_is_a_part_of_the_page(painted):
    """A window of 200 x 150 pixels of a picture that is four times as large."""
    whole, corner = chromium(painted, strokes(), 4 * PX), (700, 500)
    lies = {"x": -corner[0], "y": (1803 - 90 * 4 * PX / 120) / 2 - corner[1]}
    part = chromium(painted, strokes(), 4 * PX, {"size": (200, 150), "corner": lies})
    shown = whole[corner[1] : corner[1] + 150, corner[0] : corner[0] + 200]
    assert_alike(part, shown, mean=0.2 / 255, ink=0.01)
    with pytest.raises(AssertionError):
        assert_alike(part, np.roll(shown, 3, 1), mean=0.2 / 255, ink=0.01)


def test_frames_of_a_film_are_those_that_are_painted_whole(frames):
    """What stands still is painted once, also where the paper or the placement change."""
    still = ga.polygons([(0, 0), (50, 0), (50, 50)], fill="#0f766e", alpha=0.5)

    def frame(u, paper="#f7f4ed80", box=FRAME):
        hand = ga.lines([(50, 50), (50 + 40 * np.cos(u), 50 + 40 * np.sin(u))], width=1)
        return ga.scene(
            still, ga.dots([(20, 80)], 9), hand, ga.dots([(50, 50)], 2), paper=paper, box=box
        )

    scenes = [frame(0), frame(1), frame(2, "#102030"), frame(3, box=((0, 0), (120, 90))), frame(4)]
    for filmed, whole in frames(scenes, [False, False, True, False], SHEET, (601, 451)):
        np.testing.assert_array_equal(filmed, whole)
    (first, _), (second, _), *_ = frames(scenes, [False, False, True, False], SHEET, (601, 451))
    assert (first != second).any()
