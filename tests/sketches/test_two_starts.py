"""In two_starts every path has the color of the minimum where it ends."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def shown(piece):
    scene = piece("two_starts")(spacing=0.4)(0.8)
    _, field, dots, ridge, pair, two = scene.marks
    return {"field": field, "dots": dots, "ridge": ridge, "pair": pair, "two": two}


def ends(mark):
    return np.asarray(mark.shape.points)[:, -1]


def test_neighbors_on_two_sides_of_the_ridge_end_in_two_minima(shown):
    left, right = ends(shown["pair"])
    assert np.linalg.norm(left - (-1.849, -0.510)) < 1e-3
    assert np.linalg.norm(right - (1.904, -0.948)) < 1e-3
    a, b = np.asarray(shown["two"].shape.centers)
    assert np.linalg.norm(a - b) < 0.5
    ridge = np.asarray(shown["ridge"].shape.points).reshape(-1, 2)
    x = ridge[np.nanargmin(np.linalg.norm(ridge - (a + b) / 2, axis=1))]
    assert b[1] < x[1] < a[1]


def test_all_paths_end_at_a_minimum_and_a_color_means_one_minimum(shown):
    end, tint = ends(shown["field"]), np.asarray(shown["field"].style.stroke)
    colors = np.unique(tint, axis=0)
    assert len(colors) == 2
    for color in colors:
        same = end[(tint == color).all(1)]
        assert len(same) > 10
        assert np.ptp(same, axis=0).max() < 1e-3


def test_there_are_a_thousand(shown):
    assert 850 < len(shown["dots"].shape.centers) * (0.4 / 0.16) ** 2 < 1150
