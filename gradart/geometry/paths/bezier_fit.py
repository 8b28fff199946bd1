"""The best cubic Bezier piece on a part of a curve, and how such pieces move as the curve does.

The fit is written once, for NumPy, which is fast where pieces are tried, and for JAX, which
differentiates it: `xp` is the one or the other.
"""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.derivatives import jet
from gradart.calculus.programs.compiled_once import compiled
from gradart.calculus.programs.present_values import present
from gradart.calculus.vectors import cross, safe_norm
from gradart.types import ArrayT, Curve

# Points and velocities (..., 2) at numbers (...).
Runner = Callable[[ArrayT], tuple[ArrayT, ArrayT]]

NODES = 250  # of a part, at which is looked how far it has turned
EVEN = 400  # pieces of a curve that is traced, so that nothing can be measured
SAMPLES = 25  # of each piece, ends included: where it is fitted and measured
NUDGE = 1e-6  # of a piece, to find the direction at an end where the curve stands still
FITS = 8  # rounds of Gauss and Newton's method
ALIAS = 6  # times as long as its samples tell, a piece has waves between them
BACK = 3  # times that a part of a curve turns back, to be waves and no bend
CLOSE = 1e-6  # of all, how far apart pieces are at a corner, which the top of a fine wave is
_ANGLES = np.arange(16) * np.pi / 8

Reach = tuple[np.ndarray, float]  # the middle of a curve, and how far from there it is drawn

_AROUND = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])

Run = tuple[int, int]  # the first piece and the one after the last


class Plan(NamedTuple):
    """How pieces come about: of parts of a curve, cut at knots, and these halved and halved again.

    `knots` are those of each part, by which it turns evenly; pieces run from `low` (k,) to `high`
    (k,), NaN for a line that stands for waves.
    """

    knots: list[np.ndarray]
    low: np.ndarray
    high: np.ndarray
    tolerance: float


def following(curve: Curve, path: np.ndarray, order: np.ndarray, plan: Plan) -> jax.Array:
    """The points of a path (m, 2), with the derivative of the pieces that they are made of.

    `order` (m,) are their places among the corners of all pieces, -1 where the pen lifts.
    """
    starts = np.concatenate([knots[:-1] for knots in plan.knots])
    sizes = np.concatenate([np.diff(knots) for knots in plan.knots])
    fitted = np.flatnonzero(np.isfinite(plan.high))
    low, high = plan.low[fitted], plan.high[fitted]
    cell = np.clip(np.searchsorted(starts, low + 1e-9 * sizes.max(), "right") - 1, 0, None)
    parts = (low - starts[cell]) / sizes[cell], (high - starts[cell]) / sizes[cell]

    def run(t: jax.Array) -> tuple[jax.Array, jax.Array]:
        p, v = jet(curve, t, 1)
        return p, v

    def corners(first: jax.Array, last: jax.Array) -> jax.Array:
        cuts = [_moved_knots(run, knots) for knots in plan.knots]
        begin = jnp.concatenate([knots[:-1] for knots in cuts])[cell]
        size = jnp.concatenate([jnp.diff(knots) for knots in cuts])[cell]
        return best_pieces(jnp, run, begin + first * size, begin + last * size, plan.tolerance)[1]

    found = compiled(corners)(*parts).reshape(-1, 2)
    place = np.full(4 * len(plan.low), -1)
    place[(4 * fitted[:, None] + np.arange(4)).ravel()] = np.arange(4 * len(fitted))
    at = np.where(order < 0, -1, place[order])
    rate = found - present(found)
    return jnp.asarray(path) + jnp.where((at < 0)[:, None], 0, rate[at])


def even_pieces(curve: Curve, a: ArrayLike, b: ArrayLike) -> jax.Array:
    """A curve whose numbers are traced, as pieces that are even in t: (3 EVEN + 1, 2).

    They have its points and its velocities at their ends: Hermite's cubics, whose error falls with
    the fourth power of their number. None is drawn where the curve goes farther than these tell, or
    against both, as over a pole.
    """
    p, v = jet(curve, jnp.linspace(a, b, EVEN + 1), 1)
    way, chord = v * (jnp.asarray(b) - a) / EVEN, p[1:] - p[:-1]
    pace = jnp.linalg.norm(way, axis=-1)
    jumps = jnp.linalg.norm(chord, axis=-1) > 4 * jnp.maximum(pace[1:], pace[:-1])
    jumps |= ((chord * way[1:]).sum(-1) < 0) & ((chord * way[:-1]).sum(-1) < 0)
    handles = jnp.stack([p[:-1] + way[:-1] / 3, p[1:] - way[1:] / 3], 1)
    handles = jnp.where(jumps[:, None, None], jnp.nan, handles)
    pieces = jnp.concatenate([p[:-1, None], handles], 1)
    return jnp.concatenate([pieces.reshape(-1, 2), p[-1:]])


def _moved_knots(run: Runner[jax.Array], knots: np.ndarray) -> jax.Array:
    """The knots of a part, by which it turns evenly as the curve moves; its ends stay."""
    if len(knots) == 2:
        return jnp.asarray(knots)
    t = jnp.linspace(knots[0], knots[-1], NODES)
    turned = jnp.append(0, jnp.cumsum(angles(jnp, run(t)[1])))
    even = turned[-1] * np.linspace(0, 1, len(knots))[1:-1]
    return jnp.concatenate([knots[:1], jnp.interp(even, turned, t), knots[-1:]])


def angle(xp: ModuleType, v: ArrayT, w: ArrayT) -> ArrayT:
    """The angle between vectors (..., 2), from 0 to pi: (...)."""
    return xp.abs(xp.arctan2(v[..., 0] * w[..., 1] - v[..., 1] * w[..., 0], xp.sum(v * w, -1)))


def angles(xp: ModuleType, v: ArrayT) -> ArrayT:
    """The angles (n - 1,) from each of vectors (n, 2) to the next."""
    return angle(xp, v[:-1], v[1:])


def best_pieces(
    xp: ModuleType, run: Runner[ArrayT], low: ArrayT, high: ArrayT, tolerance: float
) -> tuple[ArrayT, ArrayT, ArrayT]:
    """The best cubic piece on each interval (k,): samples, corners (k, 4, 2), errors (k,)."""
    fraction = np.linspace(0, 1, SAMPLES)
    fraction = np.concatenate([[0, NUDGE], fraction[1:-1], [1 - NUDGE, 1]])
    width = (high - low)[:, None]
    p, v = run(low[:, None] + width * fraction)
    ends = p[:, 0], _direction(xp, v[:, :2]), _direction(xp, v[:, :-3:-1]), p[:, -1]
    kept = np.delete(np.arange(p.shape[1]), [1, -2])
    p, v = p[:, kept], v[:, kept]
    # Hermite's handles are near the best where the parameter is even, and at a cusp, where they
    # vanish; a third of the length is wherever the parameter is uneven.
    thirds = _length(xp, xp.diff(p, axis=1)).sum(1, keepdims=True) / 3
    hermite = _length(xp, v[:, np.array([0, -1])]) * width / 3
    (corners, error), (others, other) = (
        _fit(xp, ends, p, handles)
        for handles in (xp.repeat(thirds, 2, 1), xp.clip(hermite, thirds / 5, thirds * 3))
    )
    # Waves of which each sample sees another one are longer by far than the samples tell.
    way = xp.median(_length(xp, v), axis=1) * width[:, 0]
    run_on = (way > ALIAS * 3 * thirds[:, 0]) & (way > tolerance)
    error, other = (xp.where(run_on, np.inf, x) for x in (error, other))
    better = error <= other
    corners = xp.where(better[:, None, None], corners, others)
    return p, corners, xp.where(better, error, other)


def _fit(
    xp: ModuleType, ends: tuple[ArrayT, ...], p: ArrayT, handles: ArrayT
) -> tuple[ArrayT, ArrayT]:
    """Corners (k, 4, 2) and errors (k,) of pieces with given ends through samples p (k, m, 2).

    Gauss and Newton's method on the distances between samples and pieces, by the lengths (k, 2) of
    the handles.
    """
    first, start, end, last = ends
    steps = _length(xp, xp.diff(p, axis=1))
    length = xp.maximum(steps.sum(1, keepdims=True), 1e-300)
    u = xp.cumsum(xp.pad(steps, ((0, 0), (1, 0))), 1) / length

    def built(handles: ArrayT) -> ArrayT:
        one, other = handles[:, :1], handles[:, 1:]
        return xp.stack([first, first + one * start, last - other * end, last], axis=1)

    def improved(state: tuple[ArrayT, ...]) -> tuple[ArrayT, ...]:
        handles, u, best, least = state
        corners = built(handles)
        u = _feet(xp, corners, _feet(xp, corners, u, p), p)
        at, along = _evaluate(xp, corners, u)
        error = _length(xp, present(at - p)).max(1)
        better = (error < least) & xp.all(xp.diff(u, axis=1) >= 0, axis=1)
        best, least = xp.where(better[:, None, None], corners, best), xp.where(better, error, least)

        pace = _divisor(xp, _length(xp, along))[..., None]
        across = xp.stack([-along[..., 1], along[..., 0]], -1) / pace
        slopes = 3 * xp.stack([u * (1 - u) ** 2, -(u**2) * (1 - u)], -1)
        turned = [_dot(xp, start[:, None], across), _dot(xp, end[:, None], across)]
        slopes = slopes * xp.stack(turned, -1)
        square = xp.swapaxes(slopes, 1, 2) @ slopes
        # Where a handle does not matter, as on a straight line, it stays.
        least_square = 1e-12 + 1e-9 * xp.trace(square, axis1=1, axis2=2)[:, None, None]
        square = square + np.eye(2) * least_square
        wrong = xp.swapaxes(slopes, 1, 2) @ _dot(xp, at - p, across)[..., None]
        handles = xp.clip(handles - xp.linalg.solve(square, wrong)[..., 0], 0, length)
        return handles, u, best, least

    state: tuple[ArrayT, ...] = handles, u, built(handles), xp.full(len(p), np.inf)
    if xp is np:
        for _ in range(FITS):
            state = improved(state)
    else:
        state = jax.lax.fori_loop(0, FITS, lambda _, now: improved(now), state)
    return state[2], state[3]


def _direction(xp: ModuleType, v: ArrayT) -> ArrayT:
    """Unit vectors (k, 2) from velocities at an end and just inside (k, 2, 2)."""
    pace = _length(xp, v)[..., None]
    still = pace[:, 0] <= 1e-12 * pace[:, 1]
    along = xp.where(still, v[:, 1], v[:, 0])
    return along / _divisor(xp, _length(xp, along))[..., None]


def _feet(xp: ModuleType, corners: ArrayT, u: ArrayT, p: ArrayT) -> ArrayT:
    """One step of u (k, m) to where the pieces are nearest to p (k, m, 2)."""
    at, along = _evaluate(xp, corners, u)
    far = _dot(xp, at - p, along) / _divisor(xp, _dot(xp, along, along))
    return xp.clip(u - far, 0, 1)


def _evaluate(xp: ModuleType, corners: ArrayT, u: ArrayT) -> tuple[ArrayT, ArrayT]:
    """Points and velocities (k, m, 2) of cubic pieces (k, 4, 2) at u (k, m)."""
    u, w = u[..., None], 1 - u[..., None]
    a, b, c, d = xp.moveaxis(corners[:, :, None], 1, 0)
    point = a * w**3 + 3 * b * w**2 * u + 3 * c * w * u**2 + d * u**3
    return point, 3 * ((b - a) * w**2 + 2 * (c - b) * w * u + (d - c) * u**2)


def _divisor(xp: ModuleType, size: ArrayT) -> ArrayT:
    """Sizes to divide by what is 0 where they are."""
    return xp.where(size > 0, size, 1)


def _length(xp: ModuleType, v: ArrayT) -> ArrayT:
    return np.linalg.norm(v, axis=-1) if isinstance(v, np.ndarray) else safe_norm(v)


def _dot(xp: ModuleType, v: ArrayT, w: ArrayT) -> ArrayT:
    return xp.sum(v * w, axis=-1)


def wavy(p: np.ndarray, reach: Reach, tolerance: float) -> np.ndarray:
    """Which rows of samples (k, m, 2) swing about a line, no farther than the tolerance: (k,)."""
    way, _, spread, _ = _about(p, reach)
    steps = np.sign(np.diff(way, axis=1))
    return (np.sum(steps[:, 1:] * steps[:, :-1] < 0, axis=1) >= BACK) & (spread <= 2 * tolerance)


def runs(
    low: np.ndarray, high: np.ndarray, p: np.ndarray, marked: np.ndarray, reach: Reach, tol: float
) -> list[Run]:
    """Runs of pieces from low to high, with samples p (k, m, 2), that one stroke each may replace.

    As long as they are thin, and only with some that is marked or goes to and fro.
    """
    found: list[Run] = []
    close = CLOSE * (high[-1] - low[0])
    first = 0
    while first < len(p):
        last, hull = first + 1, p[first]
        while last < len(p) and low[last] - high[last - 1] <= close:
            if (wider := _widened(hull, p[last], reach, tol)) is None:
                break
            last, hull = last + 1, wider
        if marked[first:last].any() or wavy(p[first:last].reshape(1, -1, 2), reach, tol)[0]:
            found.append((first, last))
            first = last
        else:  # not by single steps along what is straight
            first += max(1, (last - first) // 16)
    return found


def _widened(hull: np.ndarray, p: np.ndarray, reach: Reach, tol: float) -> np.ndarray | None:
    """The outermost points of hull and p (m, 2); None if they spread over two tolerances."""
    both = np.concatenate([hull, p])
    if _about(both[None], reach)[2][0] > 2 * tol:
        return None
    return both[np.unique(np.argmax(both @ _AROUND, axis=0))]


def stroke(p: np.ndarray, reach: Reach) -> np.ndarray:
    """The path (4, 2) that replaces samples (m, 2): the first, the ends of their line, the last."""
    (way,), (line,), _, (along,) = _about(p[None], reach)
    i, j = sorted([int(np.argmin(way)), int(np.argmax(way))])
    middle, far = reach
    first, last = np.clip(p[[0, -1]], middle - far, middle + far)
    return np.stack([first, line + way[i] * along, line + way[j] * along, last])


def told(name: str, low: np.ndarray, high: np.ndarray, tolerance: float) -> str:
    """The warning's text for a curve of which parts, from low to high (k,), became strokes."""
    last = np.flatnonzero(np.append(low[1:] != high[:-1], True))
    more = f" and in {len(last) - 1} more places" if len(last) > 1 else ""
    return (
        f"{name} has waves closer than the tolerance, {tolerance:.3g}, between t = {low[0]:.6g}"
        f" and {high[last[0]]:.6g}{more}: strokes are drawn there"
    )


def _about(p: np.ndarray, reach: Reach) -> tuple[np.ndarray, ...]:
    """Straight lines through samples (k, m, 2), between two that are about the farthest apart.

    How far along it each sample is (k, m), where it begins (k, 2), how far the samples spread
    across it (k,), and its direction (k, 2).
    """
    middle, far = reach
    p = np.clip(p, middle - far, middle + far)
    rows = np.arange(len(p))
    tip = p[rows, np.argmax(np.linalg.norm(p - p[:, :1], axis=-1), 1)]
    start = p[rows, np.argmax(np.linalg.norm(p - tip[:, None], axis=-1), 1)]
    along = (tip - start) / np.maximum(np.linalg.norm(tip - start, axis=-1), 1e-300)[:, None]
    aside = cross(along[:, None], p - start[:, None])
    most, least = aside.max(1), aside.min(1)
    across = np.stack([-along[:, 1], along[:, 0]], -1)
    way = np.sum((p - start[:, None]) * along[:, None], axis=-1)
    return way, start + ((most + least) / 2)[:, None] * across, most - least, along
