"""What must not change a picture, and what must change it in one way only."""

from dataclasses import replace

import numpy as np
import pytest
from pictures import SHEET, WHOLE, area, assert_alike, paint, placed

from gradart.drawing.lettering.text import text
from gradart.drawing.marks import beziers, circles, dots, lines, polygons, raster, segments
from gradart.drawing.scene import scene
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.path_commands import trace
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import place
from gradart.rendering.painting.cairo import pixels
from gradart.rendering.vector.svg_elements import svg

BLACK = "#000000"
WHITE = np.ones(4)
T = np.linspace(0, 6, 200)
WAVE = np.stack([20 + 5 * T, 40 + 8 * np.sin(3 * T)], -1)
CURVE = np.array([(10, 10), (20, 40), (40, -10), (60, 20)])
STAR = np.array([(50, 60), (60, 90), (38, 71), (62, 71), (40, 90)])


def sheet(k=1.0, blend="over", mm=1.0):
    """One of each mark, its points times k and its ink times mm."""
    tones = np.random.default_rng(0).random((9, 12, 3))
    return [
        raster(tones, k * np.array([(60, 10), (90, 30)])),
        polygons(k * STAR, fill="#0f766e", stroke=BLACK, width=0.7 * mm),
        lines(k * WAVE, width=0.6 * mm, stroke="#c2410c", alpha=0.5, blend=blend),
        dots(k * WAVE[::20], 1.3 * mm, fill=BLACK, blend=blend),
        beziers(k * CURVE, width=mm, blend=blend),
        circles(k * np.array([(80, 60)]), 9.0 * k, width=0.2 * mm, fill="#eab308", alpha=0.4),
        text("ink $x^2$", k * np.array([10, 90]), size=6 * mm),
    ]


@pytest.mark.parametrize("blend", ["over", "ink"])
def test_units_change_no_bit(blend):
    """Points and the box in other units, by a power of two so that no digit changes."""
    picture = paint(sheet(blend=blend))
    for k in (2.0**-60, 0.5, 1024.0):
        box = k * np.array(WHOLE)
        np.testing.assert_array_equal(paint(sheet(k, blend), box=box), picture)


@pytest.mark.parametrize("blend", ["over", "ink"])
def test_a_page_of_another_size_with_all_its_ink_changes_no_bit(blend):
    """Twice the paper with twice the pens, on as many pixels."""
    large = Page(200.0, 200.0, 0.0)
    picture = pixels(placed(*sheet(blend=blend, mm=2.0), page=large), pixel_grid(large, 400), WHITE)
    np.testing.assert_array_equal(picture, paint(sheet(blend=blend)))


def test_more_pixels_are_the_same_picture_finer():
    fine, coarse = paint(sheet()[1:], px=1600), paint(sheet()[1:], px=400)
    means = fine.reshape(400, 4, 400, 4, 4).mean((1, 3))
    assert_alike(np.round(means).astype(np.uint8), coarse, mean=0.3 / 255, ink=0.03)


def test_a_quarter_turn_turns_the_picture():
    def turned(mark):
        field = "points" if hasattr(mark.shape, "points") else "centers"
        x, y = np.moveaxis(np.asarray(getattr(mark.shape, field)), -1, 0)
        return replace(mark, shape=replace(mark.shape, **{field: np.stack([100 - y, x], -1)}))

    marks = sheet()[1:6]
    assert_alike(np.rot90(paint(marks)), paint([turned(m) for m in marks]), 0.3 / 255, 0.03)


def test_strokes_that_do_not_meet_may_come_in_any_order():
    rng = np.random.default_rng(1)
    y = np.linspace(5, 95, 30)
    rows = np.stack(
        [np.stack([rng.uniform(5, 45, 30), y], -1), np.stack([rng.uniform(55, 95, 30), y], -1)], 1
    )
    colors = rng.random((30, 4))
    order = rng.permutation(30)
    picture = paint(lines(rows, stroke=colors, width=1))
    np.testing.assert_array_equal(paint(lines(rows[order], stroke=colors[order], width=1)), picture)
    one_by_one = [
        lines(row, stroke=color, width=1) for row, color in zip(rows, colors, strict=True)
    ]
    np.testing.assert_array_equal(paint(one_by_one), picture)


def test_where_an_outline_begins_and_which_way_it_runs_changes_nothing():
    picture = paint(polygons(STAR, fill=BLACK))
    for outline in (np.roll(STAR, 2, 0), STAR[::-1], np.concatenate([STAR, STAR[:1]])):
        assert np.abs(paint(polygons(outline, fill=BLACK)).astype(int) - picture).max() <= 1


def test_points_between_on_a_straight_line_change_nothing_to_the_eye():
    """Cairo rounds each point to 1/256 pixel, and its edges are that rough."""
    ends = np.array([(10.3, 20.1), (88.7, 71.9)])
    between = ends[0] + np.linspace(0, 1, 50)[:, None] * (ends[1] - ends[0])
    cubic = np.array([ends[0] * (1 - t) + ends[1] * t for t in (0, 1 / 3, 2 / 3, 1)])
    straight = paint(lines(ends, width=2))
    for mark in (lines(between, width=2), beziers(cubic, width=2)):
        assert_alike(paint(mark), straight, mean=0.02 / 255, ink=0.01)


def test_areas_add_up_by_inclusion_and_exclusion():
    a, b, both = ((10, 60), (35, 90), (35, 60))

    def square(low, high):
        return polygons([(low, low), (high, low), (high, high), (low, high)], fill=BLACK)

    union = area(paint(square(*a), square(*b)))
    assert union == pytest.approx(
        sum(area(paint(square(*s))) for s in (a, b)) - area(paint(square(*both))), abs=1
    )
    assert union == pytest.approx(50**2 + 55**2 - 25**2, rel=2e-3)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9])
def test_opacity_mixes_with_the_paper(alpha):
    mark = segments((10, 50), (90, 50), width=20, stroke=BLACK, alpha=alpha)
    assert paint(mark)[200, 200, 0] == pytest.approx(255 * (1 - alpha), abs=1)
    assert area(paint(mark)) == pytest.approx(alpha * (80 * 20 + np.pi * 100), rel=0.025)


def test_a_shift_shifts_every_number_of_an_svg():
    def corners(shift):
        drawing = scene(lines(WAVE + shift), beziers(CURVE + shift), box=WHOLE)
        marks = place(drawing, fit([drawing], SHEET), SHEET)
        return [trace(mark.shape).points for mark in marks], svg(marks, SHEET, WHITE)

    (here, plain), (there, moved) = corners((0.0, 0.0)), corners((4.0, -2.0))
    for a, b in zip(here, there, strict=True):
        np.testing.assert_allclose(b - a, np.broadcast_to((4.0, 2.0), a.shape), atol=1e-12)
    assert plain != moved
    assert [len(line.split()) for line in plain.splitlines()] == [
        len(line.split()) for line in moved.splitlines()
    ]
