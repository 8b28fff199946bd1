"""What `inflation` shows: each graph is the slope of the one above, and the sentence is true."""

from itertools import pairwise

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def scene(piece):
    return piece("inflation")(strands=600)


def graphs(scene):
    """The four curves, whole and where the sentence is true, above their floors."""
    rows = [m.shape.points for m in scene.marks if type(m.shape).__name__ == "Lines"]
    _, *rows = (np.asarray(points[0]) for points in rows)  # the strands come first
    floors = [row[0] * [0, 1] for row in rows[::3]]
    whole, true = (
        [row - floor for row, floor in zip(rows[k::3], floors, strict=True)] for k in (1, 2)
    )
    return whole, true


def test_each_graph_is_the_slope_of_the_one_above(scene):
    whole, _ = graphs(scene)
    assert len(whole) == 4
    for above, below in pairwise(whole):
        slope = np.gradient(above[:, 1], above[:, 0])[2:-2]
        ratio = np.polyfit(slope, below[2:-2, 1], 1)[0]
        np.testing.assert_allclose(below[2:-2, 1], ratio * slope, atol=0.01 * np.ptp(below[:, 1]))


def test_the_sentence_is_true_between_the_strands_and_nowhere_else(scene):
    whole, true = graphs(scene)
    inflation, growth = whole[1][:, 1], whole[2][:, 1]
    said = (growth > 0) & (np.gradient(growth) < 0)
    x = true[0][:, 0]
    assert all(np.array_equal(row[:, 0], x) for row in true)
    marked = np.isin(whole[0][:, 0], x)
    assert (said != marked).sum() <= 2  # at the ends, by how a difference is centered
    assert (np.diff(inflation[marked]) > 0).all()  # and inflation grows all the while
    strands = np.asarray(scene.marks[0].shape.points)
    np.testing.assert_array_equal(strands[:, 0, 0], x)


def test_the_numbers_are_those_of_the_moment(piece):
    """A shock of 9 points in 2 years around year 0: inflation is at most 10 points a year."""
    whole, _ = graphs(piece("inflation")(usual=1, shock=9, years=2, strands=600))
    rise = np.gradient(whole[0][:, 1], whole[0][:, 0] / 14.5)
    index = 1 * 12 + 9 * 2 * (1 + np.tanh(3))  # what prices rise by in all
    np.testing.assert_allclose(rise.max() * index / whole[0][-1, 1], 10, rtol=1e-3)
