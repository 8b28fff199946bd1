"""In braid each strand is the derivative of the one before, the nearest painted last."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

PIECES = 120


@pytest.fixture(scope="module")
def braid(piece):
    (mark,) = piece("braid")(waves=7, slower=0.3, pieces=PIECES).marks
    rows, width = np.asarray(mark.shape.points), np.asarray(mark.style.width)
    return rows[width == width.min()], rows


def orders(t):
    """The wave's derivatives of order 0 to 4, each scaled to 1."""
    waves = [
        7**k * np.cos(7 * t + k * np.pi / 2) + 0.3 * 4**k * np.cos(4 * t + k * np.pi / 2)
        for k in range(5)
    ]
    return np.array([w / np.abs(w).max() for w in waves])


def test_strands_are_derivatives_and_the_next_one_is_their_depth(braid):
    strands, _ = braid
    t = np.arange(4 * PIECES) * 2 * np.pi / (4 * PIECES)
    y = orders(t)
    middle = strands[:, 3]
    sample = np.rint(np.arctan2(middle[:, 1], middle[:, 0]) / t[1]).astype(int) % len(t)
    order = np.abs(np.hypot(*middle.T) - (64 + 16 * y[:4, sample])).argmin(0)
    assert np.allclose(np.hypot(*middle.T), 64 + 16 * y[order, sample])
    assert np.all(np.bincount(order) > 0.95 * PIECES)
    assert np.mean(np.diff(y[order + 1, sample]) > -1e-9) > 0.98


def test_every_piece_has_a_rim(braid):
    strands, rows = braid
    assert len(strands) == 4 * PIECES
    assert len(rows) == 2 * len(strands)
