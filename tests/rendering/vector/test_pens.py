"""Layers of pens: whatever lies over something of another pen stays over it."""

import warnings
from itertools import combinations, pairwise

import numpy as np
import pytest
from pictures import SHEET, placed

from gradart.drawing.marks import beziers, dots, lines, polygons, raster
from gradart.errors import ArtWarning
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.painting.cairo import pixels
from gradart.rendering.vector import overlaps
from gradart.rendering.vector.pens import Element, layers

WHITE = np.ones(4)


def drawn(rng, k):
    """A mark of one row anywhere on the sheet, or beyond it: thin or wide, open or filled."""
    at = rng.uniform(-10, 110, 2)
    path = at + np.cumsum(rng.normal(size=(7, 2)) * rng.choice([1, 8, 40]), axis=0)
    width = float(rng.choice([0.1, 1, 30, 200], p=[0.4, 0.4, 0.15, 0.05]))
    match k % 6:
        case 0:
            return lines(path, width=width)
        case 1:
            return beziers(path, width=width)
        case 2:
            return dots([at], rng.uniform(0.2, 9))
        case 3:
            return polygons([path], fill=(0, 0, 0, 1), stroke="black", width=width)
        case 4:
            path[3] = np.nan
            return lines(path, width=width, fill="black")
        case _:
            return raster(np.zeros((2, 2, 3)), np.stack([at, at + rng.uniform(1, 20, 2)]))


@pytest.mark.parametrize("seed", range(4))
def test_order_is_kept_wherever_two_share_a_pixel(seed):
    rng = np.random.default_rng(seed)
    marks = placed(*(drawn(rng, k) for k in range(60)))
    parts = [Element((str(rng.integers(3)), ""), "", mark, 0) for mark in marks]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ArtWarning)
        found = layers(parts, SHEET)
    assert all(len({part.pen for part in layer}) == 1 for layer in found)
    order = [id(part) for layer in found for part in layer]
    assert sorted(order) == sorted(map(id, parts))
    place = [order.index(id(part)) for part in parts]
    black = [pixels([mark], pixel_grid(SHEET, 400), WHITE)[..., :3].max(-1) < 60 for mark in marks]
    shared = [(i, j) for i, j in combinations(range(len(marks)), 2) if (black[i] & black[j]).any()]
    assert len(shared) > 30
    assert all(place[i] < place[j] for i, j in shared)
    assert len(found) < len(marks) * 0.6


def test_the_cells_of_a_stroke_are_those_whose_centers_it_reaches():
    rng = np.random.default_rng(0)
    centers = np.stack(np.meshgrid(np.arange(50), np.arange(40)), -1).astype(float)
    for _ in range(60):
        path = rng.uniform(-20, 70, (6, 2))
        path[rng.integers(6)] = rng.choice([np.nan, np.inf])
        path[1] = path[0]
        reach = float(rng.choice([0.0, 0.7, 3.3, 25.0]))
        near = np.zeros((40, 50), bool)
        for a, b in pairwise(path):
            if np.isfinite(a + b).all():
                along = (centers - a) @ (b - a) / max((b - a) @ (b - a), 1e-300)
                foot = a + np.clip(along, 0, 1)[..., None] * (b - a)
                near |= np.hypot(*np.moveaxis(centers - foot, -1, 0)) <= reach
        top = rng.integers(0, 99, (40, 50)).astype(np.int32)
        lows, highs = np.empty((2, 40))
        assert overlaps.highest(top, path, reach, False, lows, highs) == top[near].max(initial=-1)
        overlaps.cover(top, path, reach, False, lows, highs, -7)
        np.testing.assert_array_equal(top == -7, near)
