"""Straight strokes and disks painted without cairo: against samples, against cairo, and moved."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gradart.drawing.marks import dots, lines
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.rendering.painting import cairo, strokes_by_area

SIDE = 40
GRID = PixelGrid(SIDE, SIDE, 1.0, (0.0, 0.0))
WHITE = np.ones(4)


def painted(*marks, grid=GRID, paper=WHITE):
    assert all(map(strokes_by_area.is_straight, marks))
    return strokes_by_area.painted(list(marks), grid, paper, None)


def ends(count, reach=SIDE):
    """Strokes of all lengths, some of which are level, upright, points, or begin off the canvas."""
    rng = np.random.default_rng(3)
    start = rng.uniform(-3, SIDE + 3, (count, 2))
    way = rng.normal(size=(count, 2)) * rng.choice([0.2, 1, 4, reach], (count, 1))
    way[::7, 0] = way[1::7, 1] = way[2::14] = 0
    start[::14] = np.round(start[::14])
    return np.stack([start, start + way], 1)


@pytest.mark.parametrize("width", [0.05, 0.4, 1.0, 1.7, 3.0, 9.0, 30.0])
def test_a_pixel_has_the_share_of_it_that_is_covered(width):
    left, top = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    cells = shapely.box(left, top, left + 1, top + 1)
    for a, b in ends(42):
        shape = shapely.LineString([a, b]).buffer(width / 2, quad_segs=64)
        wanted = shapely.area(shapely.intersection(cells, shape))
        shown = 1 - painted(lines([a, b], width=width, stroke="#000000"))[..., 0] / 255
        assert np.abs(shown - wanted).max() < 0.5 / 255 + 0.004


def test_what_is_laid_on_what_and_how_it_is_rounded_is_as_by_cairo():
    rng = np.random.default_rng(0)
    blocks = np.stack([np.repeat([[8.0, 20.0], [20.0, 8.0]], 30, 0), np.full((60, 2), 20.0)], 1)
    for paper in (None, WHITE, np.array([0.3, 0.1, 0.9, 0.6])):
        inks = rng.random((60, 4))
        strokes = lines(blocks, width=21, stroke=inks[:, :3], alpha=inks[:, 3])
        disks = dots(blocks[:, 0], 11, fill=inks[:, :3], alpha=inks[:, 3])
        by_cairo = cairo.painted([strokes, disks], GRID, paper)
        ours = painted(strokes, disks, paper=paper)
        inside = np.s_[14:17, 14:17], np.s_[0:1, 38:40]  # where all cover all, and none anything
        for some in inside:
            np.testing.assert_array_equal(ours[some], by_cairo[some])
        assert np.abs(ours.astype(int) - by_cairo).mean() < 1  # in each pixel cairo has 255 samples


def test_a_stroke_that_is_turned_around_moved_or_seen_in_part_has_the_same_bits():
    strokes = np.round(ends(200), 3)
    for width in (0.4, 1.3, 7.0, 25.0):
        whole = painted(lines(strokes, width=width, stroke="#1d4e89", alpha=0.5))
        turned = painted(lines(strokes[:, ::-1], width=width, stroke="#1d4e89", alpha=0.5))
        np.testing.assert_array_equal(turned, whole)
        part = replace(GRID, width=20, height=15, corner=(-12.0, -9.0), start=(12, 9))
        seen = painted(lines(strokes, width=width, stroke="#1d4e89", alpha=0.5), grid=part)
        np.testing.assert_array_equal(seen, whole[9:24, 12:32])


def test_strokes_are_straight_where_a_row_has_one():
    nan = [np.nan, np.nan]
    straight = [[(0, 0), (9, 9), nan], [nan, (5, 5), nan], [nan, (1, 2), (3, 4)], [nan, nan, nan]]
    mark = lines(straight, width=1, stroke="#000000")
    assert strokes_by_area.is_straight(mark)
    each = [lines(row, width=1, stroke="#000000") for row in ([(0, 0), (9, 9)], [(5, 5)] * 2)]
    np.testing.assert_array_equal(
        painted(mark), painted(*each, lines([(1, 2), (3, 4)], width=1, stroke="#000000"))
    )
    for others in ([[(0, 0), (9, 9), (9, 0)]], [[(0, 0), nan, (9, 0)]]):
        assert not strokes_by_area.is_straight(lines(others))
    for style in ({"closed": True}, {"blend": "ink"}):
        assert not strokes_by_area.is_straight(lines([(0, 0), (9, 9)], **style))
    assert not strokes_by_area.is_straight(dots((3, 3), 2, stroke="#000000"))
