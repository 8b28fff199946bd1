"""How far points are from a plane curve, exactly."""

from collections.abc import Callable

import numpy as np

from gradart.calculus.crossings import gentle
from gradart.calculus.special_points import bracketed

SAMPLES = 4000  # along the curve, among which the nearest ones are looked up
NEAREST = 24  # of them, of which those that are nearer than their neighbors are polished
Run = Callable[[np.ndarray], np.ndarray]  # the jet of order 2 of a curve, (k, 3, 2)


def sampled(run: Run, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Parameters (m,) and points (m, 2) along a curve, close where it turns, without NaN."""
    t = gentle(lambda t: tuple(np.moveaxis(run(t), 1, 0)[:2]), a, b)
    chords = np.linalg.norm(np.diff(run(t)[:, 0], axis=0), axis=1)
    longest = max(float(np.nansum(chords)), 1e-300) / SAMPLES
    parts = np.ceil(np.nan_to_num(chords, posinf=0) / longest).clip(1).astype(int)
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    steps = np.repeat(np.diff(t) / parts, parts)
    t = np.append(np.repeat(t[:-1], parts) + within * steps, b)
    points = run(t)[:, 0].astype(float)
    there = np.isfinite(points).all(1)
    return t[there], points[there]


def nearest_on(
    run: Run, t: np.ndarray, samples: np.ndarray
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """A function from points (k, 2) to the parameters and distances (k,) of what is nearest.

    The curve is given with what `sampled` says of it. Of the samples near a point, those that are
    nearer than their neighbors are moved to where the way to the point is at right angles to the
    curve, or to the corner or end of the curve that is nearest.
    """
    from scipy.spatial import cKDTree

    tree, last = cKDTree(samples), len(t) - 1
    steps = np.linalg.norm(np.diff(samples, axis=0), axis=1)
    reach = np.maximum(np.append(steps, 0), np.append(0, steps))

    def nearest(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        among = min(NEAREST, last)
        gaps, index = (x.reshape(len(points), among) for x in tree.query(points, among))
        before, after = np.maximum(index - 1, 0), np.minimum(index + 1, last)
        low = gaps <= gaps[:, :1] + reach[index]
        for beside in (before, after):
            low &= gaps <= np.linalg.norm(samples[beside] - points[:, None], axis=-1)
        foot, gap = t[index[:, 0]], gaps[:, 0].copy()
        i, j = np.nonzero(low)

        def across(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            p, v, turn = np.moveaxis(run(s), 1, 0)
            away = p - points[i]
            return np.sum(away * v, -1), np.sum(v * v + away * turn, -1)

        s = bracketed(across, t[before[i, j]], t[after[i, j]])
        found = np.linalg.norm(run(s)[:, 0] - points[i], axis=1)
        order = np.argsort(-found)  # the nearest comes last, and stays
        order = order[found[order] < gap[i[order]]]
        foot[i[order]], gap[i[order]] = s[order], found[order]
        return foot, gap

    return nearest
