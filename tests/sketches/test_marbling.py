"""In marbling every ring still covers as much as at first."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def areas(rows):
    found = []
    for row in np.asarray(rows):
        x, y = row[np.isfinite(row[:, 0])].T
        found.append(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)
    return np.array(found)


def test_a_ring_covers_as_much_as_at_first(piece):
    sheets = [piece("marbling")(spacing=0.3, time=time, seed=2) for time in (0.0, 6.0)]
    before, after = (areas(sheet.marks[0].shape.points) for sheet in sheets)
    share = np.array([1, 4 / 9, 1 / 9])
    np.testing.assert_allclose(
        before, np.tile(np.pi * 0.147**2 * share, len(before) // 3), rtol=0.01
    )
    np.testing.assert_allclose(after, before, rtol=0.03)


def test_nothing_leaves_the_bath(piece):
    (mark,) = piece("marbling")(spacing=0.3, seed=2).marks
    points = np.asarray(mark.shape.points)
    assert np.nanmin(points) > 0
    assert np.nanmax(points[..., 0]) < 2
    assert np.nanmax(points[..., 1]) < 1
