"""Chromium paints a scene on a canvas as cairo paints it."""

from dataclasses import replace

import numpy as np
import pytest
from pictures import assert_alike
from rendering.html.in_node import sheet_json
from rendering.html.samples import FRAME, SAMPLES, clipped, fills, groups, masks, strokes
from rendering.html.scenes import scene_json

import gradart as ga
from gradart.drawing.shapes import Group
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


def chromium(painted, scene, px=PX, view=None, quick=False):
    grid = pixel_grid(SHEET, px)
    return painted(scene, fit([scene], SHEET), SHEET, (grid.width, grid.height), view, quick)


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


def unmasked(scene):
    return replace(scene, marks=tuple(_with(mark, mask=None) for mark in scene.marks))


def plain(scene):
    return replace(scene, marks=tuple(_with(mark, mode="normal") for mark in scene.marks))


def _with(mark, **changes):
    if not isinstance(mark.shape, Group):
        return mark
    return replace(mark, shape=replace(mark.shape, **changes))


@pytest.mark.parametrize(
    ("make", "without"),
    [
        (masks, unmasked),
        (groups, plain),
        (clipped, lambda scene: replace(scene, clip=False)),
    ],
    ids=["mask", "blend", "clip"],
)
def test_the_comparison_sees_a_mask_a_blend_and_a_clip(painted, make, without):
    with pytest.raises(AssertionError):
        assert_alike(chromium(painted, without(make())), cairo(make()), mean=1 / 255, ink=0.05)


def test_what_has_no_paper_is_clear(painted):
    scene = replace(fills(), paper=None)
    picture = chromium(painted, scene)
    assert not picture[:5, :5].any()
    assert_alike(picture, cairo(scene), mean=1 / 255, ink=0.05)


@pytest.mark.parametrize("width", [0.05, 0.1, 0.19])
@pytest.mark.parametrize("angle", [0, 15, 30, 45, 90])
def test_thin_lines_have_the_ink_of_cairos_however_they_slant(painted, width, angle):
    """Five pixels to the mm: all are thinner than one. Where no frame follows, each pixel has."""
    turn = np.deg2rad(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    middles = 50 + across * np.linspace(-30, 30, 17)[:, None]
    rows = np.stack([middles - 40 * along, middles + 40 * along], 1)
    scene = ga.scene(ga.lines(rows, width=width, stroke="black"), paper="white", box=FRAME)
    fine, quick = (chromium(painted, scene, quick=quick) for quick in (False, True))
    found, known = (255 - picture[..., :3].mean() for picture in (quick, cairo(scene)))
    assert found == pytest.approx(known, rel=0.06)
    assert_alike(fine, cairo(scene), ink=0.12)


@pytest.mark.parametrize("radius", [0.34, 0.6, 1.5])
def test_small_dots_have_the_ink_of_cairos(painted, radius):
    """Five pixels to the mm: a browser's own have a twentieth less, which corners are cut off."""
    places = np.stack(np.meshgrid(np.linspace(10, 90, 41), np.linspace(10, 80, 33)), -1)
    scene = ga.scene(
        ga.dots(places.reshape(-1, 2) + 0.013, radius, fill="black"), paper="white", box=FRAME
    )
    found, known = (255.0 - p[..., :3] for p in (chromium(painted, scene), cairo(scene)))
    assert found.mean() == pytest.approx(known.mean(), rel=0.02)
    assert np.abs(found - known).mean() < 0.05 * known.mean()


def test_what_lies_around_the_box_of_a_clipped_scene_is_the_paper(painted):
    for ground in (None, "#f7f4ed80", "#f7f4ed"):
        scene = ga.scene(clipped(), paper=ground or "white", box=FRAME, clip=True)
        scene = replace(scene, paper=None) if ground is None else scene
        picture = chromium(painted, scene).astype(int)
        bare = chromium(painted, replace(scene, marks=())).astype(int)
        inside = np.zeros(picture.shape[:2], bool)
        inside[25:426, 100:501] = True  # of 601 x 451: the box is 80 mm of the 120, from 20 and 5
        np.testing.assert_array_equal(picture[~inside], bare[~inside])
        assert (np.abs(picture - bare)[inside].max(-1) > 9).mean() > 0.1


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
    """What stands still is painted once, also where the paper or the placement change. Edges that
    meet in a pixel are blended there by themselves.
    """
    still = ga.polygons([(0, 0), (50, 0), (50, 50)], fill="#0f766e", alpha=0.5)

    def frame(u, paper="#f7f4ed80", box=FRAME):
        hand = ga.lines([(50, 50), (50 + 40 * np.cos(u), 50 + 40 * np.sin(u))], width=1)
        return ga.scene(
            still, ga.dots([(20, 80)], 9), hand, ga.dots([(50, 50)], 2), paper=paper, box=box
        )

    scenes = [frame(0), frame(1), frame(2, "#102030"), frame(3, box=((0, 0), (120, 90))), frame(4)]
    for filmed, whole in frames(scenes, [False, False, True, False], SHEET, (601, 451)):
        apart = np.abs(filmed.astype(int) - whole)
        assert apart.max() <= 8
        assert apart.mean() < 1e-3
    (first, _), (second, _), *_ = frames(scenes, [False, False, True, False], SHEET, (601, 451))
    assert (first != second).any()


def test_groups_of_a_film_are_laid_on_what_moves_below_them(frames):
    """One group stands still above a hand that moves, one below it; in a box, on no paper."""
    veil = ga.circles((50, 50), 40, fill="#eab308")
    tint = ga.group(veil, blend="multiply", mask=ga.dots([(60, 50)], 25))

    def frame(u):
        hand = ga.lines([(50, 50), (50 + 90 * np.cos(u), 50 + 90 * np.sin(u))], width=3)
        strokes = ga.lines([(0, 10 * u), (120, 50)], width=2, alpha=0.5, blend="ink")
        scene = ga.scene(
            ga.group(veil, alpha=0.3), hand, tint, ga.group(strokes), box=FRAME, clip=True
        )
        return replace(scene, paper=None)

    found = frames([frame(u) for u in (0, 1, 2)], [False, True, False, True], SHEET, (601, 451))
    for filmed, whole in found:
        np.testing.assert_array_equal(filmed, whole)
    assert (found[0][0] != found[1][0]).any()


COUNT = """async ({ scene, sheet }) => {
  const { readScene } = await import("/read_scene.js");
  const { paint } = await import("/canvas.js");
  const Made = OffscreenCanvas;
  let made = 0;
  globalThis.OffscreenCanvas = function (...size) {
    made += 1;
    return new Made(...size);
  };
  const canvas = document.createElement("canvas");
  const counts = [200, 200, 300].map((width) => {
    if (canvas.width !== width) canvas.width = width;
    const context = canvas.getContext("2d");
    paint(context, readScene(scene), { scale: 1, dx: 0, dy: 90 }, sheet, 2, undefined, true);
    return made;
  });
  globalThis.OffscreenCanvas = Made;
  return counts;
}"""


@pytest.mark.exhaustive
def test_canvases_of_groups_are_kept_from_frame_to_frame(blank):
    """A group in a group, and a mask: three canvases for all frames of a film that plays, and
    three of another size.
    """
    inner = ga.group(ga.dots([(50, 50)], 9))
    scene = ga.scene(*[ga.group(inner, mask=ga.dots([(50, 55)], 9))] * 3, box=FRAME)
    asked = {"scene": scene_json(scene), "sheet": sheet_json(SHEET)}
    assert blank.evaluate(COUNT, asked) == [3, 3, 6]
