"""Offsets without their swallowtails."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import PLANE, as_count, checked, outside
from gradart.calculus.curves.crossings import Runner, knots_of_small_turns
from gradart.calculus.curves.special_points import bracketed
from gradart.calculus.derivatives import jet
from gradart.calculus.programs.batching import batched, interval, numbered
from gradart.calculus.programs.present_values import closes_over_moving, moves
from gradart.calculus.vectors import cross
from gradart.errors import Untraceable
from gradart.types import Curve

CORNER = 0.02  # of the distance; where the offset jumps by less, it is not broken
ROUNDING = 1e-9  # of the distance
HALVINGS = 45  # of a part of the interval, until nothing is left of it
FIRST_HALVINGS = 12  # halvings before Newton's method
OBLIQUE = 1e-3  # cosine of what is no right angle
STEPS = 8  # of Newton's method
SAMPLES = 4000  # along the curve, among which the nearest ones are looked up
NEAREST = 24  # of them, of which those that are nearer than their neighbors are polished

Pair = tuple[np.ndarray, np.ndarray]
Run = Callable[[np.ndarray], np.ndarray]  # the jet of order 2 of a curve, (k,) -> (k, 3, 2)


def trimmed_offset(curve: Curve, distance: float, a: float, b: float, n: int = 1000) -> np.ndarray:
    """The points of an offset that are no nearer to the curve than its distance: (m, 2).

    The `offset` of `curve`, from t = `a` to t = `b`, at `distance` to its right, without its
    swallowtails: a polyline of about `n` points. NaN lifts the pen where a part is cut out, and
    where the curve has a corner or a cusp, at which its offset jumps: the arc around that is not
    drawn. The cuts are exact. They lie where two places of the curve are equally near: where the
    offset crosses itself, the offset to the other side, or the circle around a corner or an end of
    the curve.

    ArtError unless a < b; Untraceable in a frame or jit.

    >>> egg = ga.ellipse(2.0, 1.0)
    >>> ga.lines(ga.trimmed_offset(egg, -0.8, 0, 6.2832, n=300))
    """
    if moves((distance, a, b)) or closes_over_moving(checked(curve, PLANE), 0.0):
        raise Untraceable("ga.trimmed_offset knows no derivative: where it is cut is only found")
    a, b = interval(a, b)
    outside("trimmed_offset", distance)
    distance = float(as_number(distance, "distance"))
    even = np.linspace(a, b, as_count(n))
    curve_jet = batched(lambda t: jet(checked(curve, PLANE), t, 2))

    def run(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, v, turn = np.moveaxis(curve_jet(t), 1, 0).astype(float)
        with np.errstate(all="ignore"):
            along = v / _length(v)[:, None]
            swing = distance * cross(v, turn) / _length(v) ** 3
        right = np.stack([along[:, 1], -along[:, 0]], -1)
        return p + distance * right, v * (1 + swing)[:, None]

    s, samples = _sampled(curve_jet, a, b)
    if len(s) < 2:
        return np.empty((0, 2))
    nearest = _nearest_on(curve_jet, s, samples)
    least = abs(distance) * (1 - ROUNDING)
    least -= 64 * float(jnp.finfo(jnp.result_type(float)).eps) * np.abs(samples).max()

    def clear(t: np.ndarray) -> np.ndarray:
        p, _ = run(t)
        fine = np.isfinite(p).all(1)
        fine[fine] = nearest(p[fine])[1] >= least
        return fine

    t = np.union1d(even, s)
    for _ in range(2):  # at a corner itself the direction may be that of neither side
        before, after = _jumps(run, t, CORNER * abs(distance))
        t = np.union1d(t, np.concatenate([before, after]))
    kept = clear(t)
    begins, ends = ~kept[:-1] & kept[1:], kept[:-1] & ~kept[1:]
    cuts = (
        np.concatenate([t[1:][begins], t[:-1][ends]]),
        np.concatenate([t[:-1][begins], t[1:][ends]]),
    )
    cuts = _halved(clear, *cuts, FIRST_HALVINGS)
    cut, exact = _polished(run, curve_jet, distance, nearest, *cuts)
    cut[~exact] = _halved(clear, cuts[0][~exact], cuts[1][~exact], HALVINGS)[0]
    broken = kept[np.searchsorted(t, before)] & kept[np.searchsorted(t, after)]
    even_kept = even[kept[np.searchsorted(t, even)]]
    drawn = np.unique(np.concatenate([even_kept, cut, before[broken], after[broken]]))
    lifted = np.searchsorted(drawn, np.concatenate([cut[: begins.sum()], after[broken]]))
    return run(_with_gaps(drawn, lifted))[0]


def _jumps(run: Runner, t: np.ndarray, least: float) -> Pair:
    """Where a curve jumps by more than that between parameters t: just before and just after."""
    p, v = run(t)
    speeds = np.fmax(_length(v[:-1]), _length(v[1:]))
    jumps = _length(np.diff(p, axis=0))
    suspect = (jumps > least) & ~(jumps <= 2 * speeds * np.diff(t))
    low, high = t[:-1][suspect], t[1:][suspect]
    for _ in range(HALVINGS if len(low) else 0):
        middle = (low + high) / 2
        p, q, r = np.split(run(np.concatenate([low, middle, high]))[0], 3)
        left, right = (np.nan_to_num(_length(d), nan=np.inf) for d in (q - p, r - q))
        low, high = np.where(left >= right, low, middle), np.where(left >= right, middle, high)
    broken = ~(_length(run(high)[0] - run(low)[0]) <= least)
    return low[broken], high[broken]


def _halved(
    clear: Callable[[np.ndarray], np.ndarray], inside: np.ndarray, outside: np.ndarray, times: int
) -> Pair:
    """Parameters (k,) of which one is clear and one is not, moved towards each other."""
    for _ in range(times if len(inside) else 0):
        middle = (inside + outside) / 2
        fine = clear(middle)
        inside, outside = np.where(fine, middle, inside), np.where(fine, outside, middle)
    return inside, outside


def _polished(
    run: Runner,
    curve_jet: Run,
    distance: float,
    nearest: Callable[[np.ndarray], Pair],
    inside: np.ndarray,
    outside: np.ndarray,
) -> Pair:
    """Where between them (k,) the offset is as near to another place as to its own; if it is found.

    Newton's method on both parameters: the way to the other place is as long as the distance, and
    at right angles to the curve, unless that is a corner or an end.
    """
    # Where there is no offset, as at a cusp or a hole, nothing is found, and the halving goes on.
    t, s = outside, nearest(np.nan_to_num(run(outside)[0]))[0]
    with np.errstate(all="ignore"):
        for step in range(STEPS):
            (p, v), (q, w, turn) = run(t), np.moveaxis(curve_jet(s), 1, 0)
            way = p - q
            long, slant = (_dot(way, way) - distance**2) / 2, _dot(way, w)
            if step == 0:
                stays = np.abs(slant) > OBLIQUE * _length(way) * _length(w)
            closer, aside = _dot(way, v), np.where(stays, 0, slant)
            swing, bend = (
                np.where(stays, 0, _dot(v, w)),
                np.where(stays, 1, _dot(way, turn) - _dot(w, w)),
            )
            # (closer, -aside; swing, bend) times the two steps is (long, aside).
            both = closer * bend + aside * swing
            t = t - (long * bend + aside * aside) / both
            s = s - (closer * aside - swing * long) / both
    low, high = np.minimum(inside, outside), np.maximum(inside, outside)
    return t, (low <= t) & (t <= high)


def _with_gaps(t: np.ndarray, lifted: np.ndarray) -> np.ndarray:
    """Parameters with a NaN before those at the indices, and without what is alone between two."""
    first = np.zeros(len(t) + 1, bool)
    first[lifted], first[[0, -1]] = True, True
    alone = first[:-1] & first[1:]
    starts = np.flatnonzero(first[:-1][~alone])
    return np.insert(t[~alone], starts[1:], np.nan)


def _sampled(run: Run, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Parameters (m,) and points (m, 2) along a curve, close where it turns, without NaN."""
    t = knots_of_small_turns(lambda t: tuple(np.moveaxis(run(t), 1, 0)[:2]), a, b)
    chords = np.linalg.norm(np.diff(run(t)[:, 0], axis=0), axis=1)
    longest = max(float(np.nansum(chords)), 1e-300) / SAMPLES
    parts = np.ceil(np.nan_to_num(chords, posinf=0) / longest).clip(1).astype(int)
    steps = np.repeat(np.diff(t) / parts, parts)
    t = np.append(np.repeat(t[:-1], parts) + numbered(parts) * steps, b)
    points = run(t)[:, 0].astype(float)
    finite = np.isfinite(points).all(1)
    return t[finite], points[finite]


def _nearest_on(
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


def _length(v: np.ndarray) -> np.ndarray:
    """The lengths (...) of vectors (..., 2)."""
    return np.linalg.norm(v, axis=-1)


def _dot(v: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The scalar products (...) of vectors (..., 2), in NumPy."""
    return np.sum(v * w, axis=-1)
