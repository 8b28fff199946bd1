"""Whether points lie inside of closed cubic curves, by how often these wind around them."""

import numpy as np

from gradart.calculus.batching import numbered
from gradart.geometry.paths.cubic_strokes import Strokes, looked

_SAMPLES = 9  # of a piece, to begin the search for its nearest point
_STEPS = 8  # of Newton's method towards that
_HALVINGS = 52  # of a parameter, until its two halves are one number


def within(outlines: Strokes, points: np.ndarray, rows: np.ndarray, near: float) -> np.ndarray:
    """Whether each of points (n,), complex, is inside of a row of its own (n,), or so near to it.

    By the nonzero rule and the curves themselves: a ray to the right meets a part of a cubic on
    which y only rises or falls once, or not at all.
    """
    first, stop = (np.searchsorted(outlines.row, rows, side) for side in ("left", "right"))
    count = stop - first
    point = np.repeat(np.arange(len(points)), count)
    piece = np.repeat(first, count) + numbered(count)
    found = np.zeros(len(points), bool)
    powers = outlines.powers[:, piece]
    on = _distance(powers, points[point]) <= near
    found[point[on]] = True
    turns = np.zeros(len(points), int)
    np.add.at(turns, point, _turns(outlines.pieces[piece] @ (1, 1j), powers, points[point]))
    return found | (turns != 0)


def _turns(corners: np.ndarray, powers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How often cubics (n, 4) go up, less how often down, where they are right of points (n,)."""
    a, b, c, _ = powers.imag
    root = np.sqrt(np.maximum(b * b - 3 * a * c, 0))
    larger = -b - np.where(b < 0, -root, root)  # without a difference of what is alike
    with np.errstate(divide="ignore", invalid="ignore"):
        turning = np.nan_to_num([larger / (3 * a), c / larger], nan=0, posinf=0, neginf=0)
    t = np.stack([np.zeros_like(a), *np.sort(turning.clip(0, 1), 0), np.ones_like(a)])
    heights = looked(powers[:, None], t)[0].imag
    heights[0], heights[-1] = corners[:, 0].imag, corners[:, 3].imag  # as their neighbors have them
    below = heights <= points.imag
    up = below[:-1].astype(int) - below[1:]
    part, n = np.nonzero(up)
    low, high = t[part, n], t[part + 1, n]
    rising = up[part, n] > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        past = (looked(powers[:, n], middle)[0].imag > points[n].imag) == rising
        low, high = np.where(past, low, middle), np.where(past, middle, high)
    right = looked(powers[:, n], low)[0].real > points[n].real
    return np.bincount(n, np.where(right, up[part, n], 0), len(points)).astype(int)


def _distance(powers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far cubics (4, n) are from points (n,), where these are near."""
    t = np.linspace(0, 1, _SAMPLES)[:, None]
    t = t[np.abs(looked(powers[:, None], t)[0] - points).argmin(0), 0]
    for _ in range(_STEPS):
        p, v = looked(powers, t)
        square = np.abs(v) ** 2
        step = (v.conj() * (points - p)).real / np.where(square > 0, square, 1)
        t = (t + step).clip(0, 1)
    found: np.ndarray = np.abs(looked(powers, t)[0] - points)
    return found
