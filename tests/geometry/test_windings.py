"""Insides of closed cubic curves, by the winding numbers of the curves themselves."""

import numpy as np
import pytest

from gradart.geometry.paths.covers import within
from gradart.geometry.paths.cubic_strokes import looked, strokes


@pytest.mark.parametrize("seed", range(6))
def test_what_is_inside_is_what_the_angles_to_many_points_add_up_to(seed):
    """Also where corners lie on a lattice that has points at the heights of curves' ends."""
    rng = np.random.default_rng(seed)
    path, points = rng.normal(0, 1, (1, 16, 2)), rng.normal(0, 1.2, (400, 2)) @ (1, 1j)
    if seed % 2:
        path, points = np.round(2 * path) / 2, np.round(4 * points) / 4
    outline = strokes([path], cubic=[True], closed=[True])
    t = np.linspace(0, 1, 300, endpoint=False)
    way = np.concatenate([looked(powers[:, None], t)[0] for powers in outline.powers.T])
    points = points[np.abs(way[:, None] - points).min(0) > 0.03]
    assert len(points) > 200
    around = way[:, None] - points
    turns = np.angle(np.roll(around, -1, 0) / around).sum(0) / (2 * np.pi)
    inside = within(outline, points, np.zeros(len(points), int), 0.0)
    np.testing.assert_array_equal(inside, np.round(turns) != 0)


def test_what_is_near_a_curve_is_inside():
    arch = np.array([[(0.0, 0), (0, 1), (1, 1), (1, 0)]])
    outline = strokes([arch], cubic=[True], closed=[True])
    top = np.array([0.5 + 0.75j + 1j * far for far in (1e-10, 1e-8)])
    assert within(outline, top, np.zeros(2, int), 1e-9).tolist() == [True, False]
