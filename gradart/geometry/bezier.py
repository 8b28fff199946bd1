"""Curves as cubic Bezier pieces within a tolerance, from their exact tangents."""

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks import CURVE, Kind, checked, warn
from gradart.calculus.derivatives import jet
from gradart.calculus.frames import Curve
from gradart.calculus.host import batched, interval
from gradart.errors import ArtError

PLANE: Kind = (CURVE[0], "(2,)", ((2,),))
Runner = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

CELLS = 1000  # where jumps, corners and cusps are looked for
ODD = 0.381966  # of a cell
CORNER = 0.02  # radians; less is a bend that pieces can follow
SAMPLES = 25  # of each piece, ends included: where it is fitted and measured
NUDGE = 1e-6  # of a piece, to find the direction at an end where the curve stands still
FITS = 8  # rounds of Gauss and Newton's method
TURN = math.pi / 2  # radians that no piece turns more than
PARTS = 400  # pieces at a time, to stay in the cache
MOST = 10_000  # pieces; what needs more is noise
FAR = 1000  # sizes of a curve; what runs further at a pole is left out
FINENESS = 5e-5  # of a curve's size, the tolerance if none is given: 0.01 mm on a sheet of A4


def to_beziers(curve: Curve, a: float, b: float, tolerance: float | None = None) -> np.ndarray:
    """A plane curve from t = a to t = b as cubic Bezier pieces: (3k + 1, 2).

    No point of the curve is further than `tolerance`, in the artist's units, from its piece,
    measured densely; by default that is a 20,000th of the curve's size. Each piece has the curve's
    tangents at its ends; the lengths of its two handles are fitted, so that the error falls with
    the sixth power of the piece's length, as that of pieces with the curve's curvatures at their
    ends does (de Boor, Hollig and Sabin, High accuracy geometric Hermite interpolation, 1987), and
    is smaller. The curve is broken at cusps and corners; where it jumps or is NaN, two NaN points
    lift the pen, and so at a pole, a thousand times the curve's size away.

    >>> beziers(to_beziers(heart, 0, math.tau, 0.01))
    """
    a, b = interval(a, b)
    run = _runner(curve)
    if tolerance is None:
        tolerance = _fineness(run, a, b)
    if not isinstance(tolerance, int | float | np.generic) or not 0 < tolerance < np.inf:
        raise ArtError(f"tolerance is {tolerance}: give a length above 0 in the curve's units")
    start, end = _smooth(run, a, b)
    first, last = _short_of_poles(run, start, end, a, b)
    places, pieces = _fitted(run, first, last, tolerance)
    if not len(pieces):
        return np.full((1, 2), np.nan)
    extent = np.ptp(pieces.reshape(-1, 2), axis=0).max()
    gaps = np.abs(pieces[1:, 0] - pieces[:-1, 3]).max(1)
    lifted = np.append(False, gaps > max(1e-3 * tolerance, 1e-6 * extent))
    lifted[1:] |= np.isin(places[1:], first[first > start])
    lift = np.full((2, 2), np.nan)
    path = [pieces[0, :1]]
    for corners, up in zip(pieces, lifted, strict=True):
        path += [lift, corners] if up else [corners[1:]]
    return np.concatenate(path)


def _runner(curve: Curve) -> Runner:
    """Points and velocities (n, 2) at parameters (n,); both NaN where either is not finite."""
    run = batched(lambda t: jet(checked(curve, PLANE), t, 1))

    def both(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, v = np.moveaxis(run(t.ravel()), 1, 0).reshape(2, *t.shape, 2).astype(float)
        lost = ~np.all(np.isfinite(p) & np.isfinite(v), axis=-1, keepdims=True)
        return np.where(lost, np.nan, p), np.where(lost, np.nan, v)

    return both


def _fineness(run: Runner, a: float, b: float) -> float:
    """The default tolerance: a part of the curve's size, of which a pole's branches do not tell."""
    points = run(np.linspace(a, b, CELLS + 1))[0]
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return 1.0
    middle = 2 * np.subtract(*np.quantile(points, [0.75, 0.25], axis=0))
    return FINENESS * float(np.max(np.maximum(middle, 1e-3 * np.ptp(points, axis=0)))) or 1.0


def _smooth(run: Runner, a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the parts of a curve begin and end (k,), parted by jumps, corners, cusps and NaN.

    A break is a cell of a grid that, however often it is halved, has a jump or a corner in it.
    """
    # No cell ends at a round number, where a cusp might be: its velocity has no direction.
    inner = a + (b - a) * (np.arange(CELLS) + ODD) / CELLS
    low, high = np.append(a, inner), np.append(inner, b)
    suspect = _breaks(run, low, high) > 0
    low, high = low[suspect], high[suspect]
    # Any closer, and rounding would turn the chord.
    close = np.sqrt(np.finfo(jnp.result_type(float)).eps) * (b - a) / 2
    while len(low) and np.max(high - low) > close:
        middle = low + ODD * (high - low)
        left, right = _breaks(run, low, middle), _breaks(run, middle, high)
        low, high = np.where(left >= right, low, middle), np.where(left >= right, middle, high)
    broken = _breaks(run, low, high) > 0
    start, end = np.append(a, high[broken]), np.append(low[broken], b)
    there = (end > start) & np.isfinite(run((start + end) / 2)[0]).all(1)
    return start[there], end[there]


def _short_of_poles(
    run: Runner, start: np.ndarray, end: np.ndarray, a: float, b: float
) -> tuple[np.ndarray, np.ndarray]:
    """The parts of a curve (k,) without what runs away from its middle where they are broken."""
    points = run(np.linspace(a, b, CELLS + 1))[0]
    points = points[np.isfinite(points).all(1)]
    if not len(points):
        return start, end
    low, middle, high = np.quantile(points, [0.25, 0.5, 0.75], axis=0)
    size = float(np.max(high - low)) or float(np.max(np.ptp(points, axis=0)))

    def near(t: np.ndarray) -> np.ndarray:
        return np.abs(run(t)[0] - middle).max(1) <= FAR * size

    def moved(tip: np.ndarray, kept: np.ndarray) -> np.ndarray:
        inside, outside = (start + end) / 2, tip
        far = ~near(tip) & ~kept & near(inside)
        for _ in range(50 if far.any() else 0):
            between = (inside + outside) / 2
            fine = near(between)
            inside, outside = np.where(fine, between, inside), np.where(fine, outside, between)
        return np.where(far, inside, tip)

    return moved(start, start == a), moved(end, end == b)


def _breaks(run: Runner, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How much of a break lies between low and high (n,): 0 for none, inf for an end of NaN."""
    (p, v), (q, w) = run(low), run(high)
    lost = np.isnan(p[:, 0]) != np.isnan(q[:, 0])
    # By way of the chord, which at a pole goes against both velocities.
    with np.errstate(over="ignore", invalid="ignore"):  # at a pole
        turn = _angle(v, q - p) + _angle(q - p, w)
        gone = np.linalg.norm(q - p, axis=-1)
        pace = np.maximum(np.linalg.norm(v, axis=-1), np.linalg.norm(w, axis=-1)) * (high - low)
        jump = np.where(gone > 4 * pace, gone / np.maximum(pace, 1e-300), 0)
    return np.where(lost, np.inf, np.nan_to_num(np.where(turn > CORNER, turn, 0) + jump))


def _angle(v: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The angle between vectors (..., 2), from 0 to pi: (...)."""
    return np.abs(np.arctan2(v[..., 0] * w[..., 1] - v[..., 1] * w[..., 0], np.sum(v * w, -1)))


def _fitted(
    run: Runner, start: np.ndarray, end: np.ndarray, tolerance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Where pieces begin (k,) and the pieces (k, 4, 2) of the smooth parts of a curve, in order.

    None turns far, and all are made to fit.
    """
    knots, most = [], max(1, MOST // 8 // max(1, len(start)))
    for a, b in zip(start, end, strict=True):
        t = np.linspace(a, b, CELLS // 4)
        _, v = run(t)
        turned = np.append(0, np.cumsum(np.nan_to_num(_angle(v[:-1], v[1:]))))
        even = np.linspace(
            0, turned[-1], min(most, max(1, math.ceil(turned[-1] / TURN - 1e-6))) + 1
        )
        knots.append(np.append(np.append(a, np.interp(even[1:-1], turned, t)), b))
    low = np.concatenate([t[:-1] for t in knots] + [np.array([])])
    high = np.concatenate([t[1:] for t in knots] + [np.array([])])
    places, fitted = [], [np.empty((0, 4, 2))]
    while len(low):
        parts = [
            _pieces(run, low[i : i + PARTS], high[i : i + PARTS]) for i in range(0, len(low), PARTS)
        ]
        corners, error = (np.concatenate(x) for x in zip(*parts, strict=True))
        # The rest is for what may lie between the samples.
        good = error <= 0.96 * tolerance
        if not good.all() and sum(map(len, fitted)) + len(low) > MOST:
            warn(f"{np.sum(~good)} Bezier pieces are not within {tolerance:g}: a rough curve")
            good[:] = True
        places.append(low[good])
        fitted.append(corners[good])
        low, high = low[~good], high[~good]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    place = np.concatenate([*places, []])
    order = np.argsort(place)
    return place[order], np.concatenate(fitted)[order]


def _pieces(run: Runner, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best cubic piece on each interval (k,): corners (k, 4, 2), and the error of each (k,)."""
    fraction = np.linspace(0, 1, SAMPLES)
    fraction = np.concatenate([[0, NUDGE], fraction[1:-1], [1 - NUDGE, 1]])
    width = (high - low)[:, None]
    p, v = run(low[:, None] + width * fraction)
    ends = p[:, 0], _direction(v[:, :2]), _direction(v[:, :-3:-1]), p[:, -1]
    p, v = np.delete(p, [1, -2], axis=1), np.delete(v, [1, -2], axis=1)
    # Hermite's handles are near the best where the parameter is even, and at a cusp, where they
    # vanish; a third of the length is wherever the parameter is uneven.
    thirds = np.linalg.norm(np.diff(p, axis=1), axis=-1).sum(1, keepdims=True) / 3
    hermite = np.linalg.norm(v[:, [0, -1]], axis=-1) * width / 3
    (corners, error), (others, other) = (
        _fit(ends, p, handles)
        for handles in (np.repeat(thirds, 2, 1), np.clip(hermite, thirds / 5, thirds * 3))
    )
    better = error <= other
    return np.where(better[:, None, None], corners, others), np.where(better, error, other)


def _fit(ends: tuple[np.ndarray, ...], p: np.ndarray, handles: np.ndarray) -> Any:
    """Corners (k, 4, 2) and errors (k,) of pieces with given ends through samples p (k, m, 2).

    Gauss and Newton's method on the distances between samples and pieces, by the lengths (k, 2) of
    the handles.
    """
    first, start, end, last = ends
    steps = np.linalg.norm(np.diff(p, axis=1), axis=-1)
    length = np.maximum(steps.sum(1, keepdims=True), 1e-300)
    u = np.cumsum(np.pad(steps, ((0, 0), (1, 0))), 1) / length

    def built(handles: np.ndarray) -> np.ndarray:
        inner = first + handles[:, :1] * start, last - handles[:, 1:] * end
        return np.stack([first, *inner, last], axis=1)

    best, least = built(handles), np.full(len(p), np.inf)
    for _ in range(FITS):
        corners = built(handles)
        u = _feet(corners, _feet(corners, u, p), p)
        at, along = _evaluate(corners, u)
        error = np.linalg.norm(at - p, axis=-1).max(1)
        better = (error < least) & np.all(np.diff(u, axis=1) >= 0, axis=1)
        best, least = np.where(better[:, None, None], corners, best), np.where(better, error, least)

        pace = np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-300)
        across = np.stack([-along[..., 1], along[..., 0]], -1) / pace
        slopes = 3 * np.stack([u * (1 - u) ** 2, -(u**2) * (1 - u)], -1)
        slopes *= np.stack([_dot(start[:, None], across), _dot(end[:, None], across)], -1)
        square = np.swapaxes(slopes, 1, 2) @ slopes
        # Where a handle does not matter, as on a straight line, it stays.
        square += np.eye(2) * (1e-12 + 1e-9 * np.trace(square, axis1=1, axis2=2)[:, None, None])
        wrong = np.swapaxes(slopes, 1, 2) @ _dot(at - p, across)[..., None]
        handles = np.clip(handles - np.linalg.solve(square, wrong)[..., 0], 0, length)
    return best, least


def _direction(v: np.ndarray) -> np.ndarray:
    """Unit vectors (k, 2) from velocities at an end and just inside (k, 2, 2)."""
    pace = np.linalg.norm(v, axis=-1, keepdims=True)
    still = pace[:, 0] <= 1e-12 * pace[:, 1]
    along = np.where(still, v[:, 1], v[:, 0])
    return along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-300)


def _feet(corners: np.ndarray, u: np.ndarray, p: np.ndarray) -> np.ndarray:
    """One step of u (k, m) to where the pieces are nearest to p (k, m, 2)."""
    at, along = _evaluate(corners, u)
    return np.clip(u - _dot(at - p, along) / np.maximum(_dot(along, along), 1e-300), 0, 1)


def _evaluate(corners: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and velocities (k, m, 2) of cubic pieces (k, 4, 2) at u (k, m)."""
    u, w = u[..., None], 1 - u[..., None]
    a, b, c, d = np.moveaxis(corners[:, :, None], 1, 0)
    point = a * w**3 + 3 * b * w**2 * u + 3 * c * w * u**2 + d * u**3
    return point, 3 * ((b - a) * w**2 + 2 * (c - b) * w * u + (d - c) * u**2)


def _dot(v: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.sum(v * w, axis=-1)
