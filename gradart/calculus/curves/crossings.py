"""Where plane curves cross: each other, and themselves."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import PLANE, checked
from gradart.calculus.derivatives import jet
from gradart.calculus.programs.batching import batched, interval
from gradart.calculus.programs.present_values import closes_over_moving, present, stepped
from gradart.calculus.vectors import cross
from gradart.types import Curve

TURN = 0.3  # radians; a piece that turns by no more cannot cross itself or the next
LEAST_WAY = 0.5  # of the way that the speed at two knots leads, for the way between them
HALVINGS = 3  # of the pieces whose boxes overlap, before Newton's method
STEPS = 10
Runner = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]  # points and velocities


def self_intersections(curve: Curve, a: float, b: float) -> np.ndarray | jax.Array:
    """Where a curve passes through one point twice: pairs of parameters (k, 2), s < t.

    Of `curve` from t = `a` to t = `b`, exact to rounding. That the two ends of a closed curve meet
    is not counted, and what meets both meets its start; nor is a touch without a crossing counted.
    Differentiated, they move, and their number stays.

    >>> knot = ga.lissajous(3, 2)
    >>> s = ga.self_intersections(knot, 0, 6.2832)[:, 0]
    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.scene(ga.lines(ga.point(knot, t)), ga.dots(ga.point(knot, s), radius=1))
    """
    a, b = interval(a, b)
    run = _runner(curve)
    knots = knots_of_small_turns(run, a, b)
    pairs = _meetings(run, run, knots, knots, apart=2)
    width = 1e-6 * (b - a)
    points = run(knots)[0]
    small = np.sqrt(np.finfo(points.dtype).eps) * np.nanmax(np.abs(points), initial=0)
    if np.abs(points[-1] - points[0]).max() <= small:
        pairs = np.where(b - pairs < width, a, pairs)
    pairs = np.sort(pairs, axis=1)
    s, t = pairs.T
    closing = (s - a < width) & (b - t < width)
    return _following(curve, curve, _distinct(pairs[(t - s > width) & ~closing], width))


def crossings(curve: Curve, other: Curve, a: float, b: float) -> np.ndarray | jax.Array:
    """Where two curves cross: pairs of parameters (k, 2), of the first curve and of the other.

    `curve` at the first parameter is `other` at the second, both from `a` to `b`. Exact to
    rounding; a touch without a crossing is not counted. Differentiated, they move, and their number
    stays.

    >>> ring, egg = ga.circle(), ga.ellipse(2.0, 0.5)
    >>> s, t = ga.crossings(ring, egg, 0, 6.2832).T
    >>> u = jnp.linspace(0, 6.2832, 100)
    >>> ga.scene([ga.lines(ga.point(c, u)) for c in (ring, egg)], ga.dots(ga.point(ring, s), 1))
    """
    a, b = interval(a, b)
    run, run_other = _runner(curve), _runner(other)
    pairs = _meetings(
        run, run_other, knots_of_small_turns(run, a, b), knots_of_small_turns(run_other, a, b)
    )
    return _following(curve, other, _distinct(pairs, 1e-6 * (b - a)))


def _following(curve: Curve, other: Curve, pairs: np.ndarray) -> np.ndarray | jax.Array:
    """Pairs of parameters (k, 2) at which two curves meet, as the curves move."""
    both = checked(curve, PLANE), checked(other, PLANE)
    if not len(pairs) or not any(closes_over_moving(f, pairs[0, 0]) for f in both):
        return pairs
    (p, v), (q, w) = (jet(f, t, 1) for f, t in zip(both, pairs.T, strict=True))
    v, w = present((v, w))
    steps = jnp.stack([cross(q - p, w), cross(q - p, v)], -1) / cross(v, w)[:, None]
    return stepped(pairs, -steps)


def _runner(curve: Curve) -> Runner:
    """The curve's points and velocities at parameters (n,), as (2, n, 2)."""
    run = batched(lambda t: jet(checked(curve, PLANE), t, 1))

    def both(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        p, v = np.moveaxis(run(t), 1, 0)
        return p, v

    return both


def knots_of_small_turns(run: Runner, a: float, b: float) -> np.ndarray:
    """Knots from a to b between which the curve turns little, but at a cusp or corner.

    Waves between two knots that have one direction are seen by their speed: it leads farther than
    from one knot to the other.
    """
    t = np.linspace(a, b, 129)
    while True:
        p, v = run(t)
        turn = np.arctan2(cross(v[:-1], v[1:]), np.sum(v[:-1] * v[1:], -1))
        chord, speed = (np.linalg.norm(x, axis=-1) for x in (np.diff(p, axis=0), v))
        expected = (speed[:-1] + speed[1:]) / 2 * np.diff(t)
        wide = ((np.abs(turn) > TURN) | (chord < LEAST_WAY * expected)) & (
            np.diff(t) > 1e-6 * (b - a)
        )
        if not wide.any():
            return t
        t = np.sort(np.append(t, (t[:-1] + t[1:])[wide] / 2))


def _meetings(
    run: Runner, run_other: Runner, knots: np.ndarray, others: np.ndarray, apart: int | None = None
) -> np.ndarray:
    """Parameters (k, 2) at which pieces of two curves meet; of one curve, pieces `apart` or more.

    Pieces whose boxes overlap are halved and looked at again; Newton's method does the rest.
    """
    i, j = _pieces_that_may_meet(run(knots)[0], run_other(others)[0], apart)
    s, t = np.stack([knots[i], knots[i + 1]]), np.stack([others[j], others[j + 1]])
    for _ in range(HALVINGS):
        s, t = (np.stack([x[0], x.mean(0), x[1]]) for x in (s, t))
        p, q = run(s.ravel())[0], run_other(t.ravel())[0]
        i, j, pair = np.nonzero(_overlap(p.reshape(3, -1, 2), q.reshape(3, -1, 2)))
        s, t = np.stack([s[i, pair], s[i + 1, pair]]), np.stack([t[j, pair], t[j + 1, pair]])

    center, width = np.stack([s.mean(0), t.mean(0)]), np.stack([np.ptp(s, 0), np.ptp(t, 0)])
    at, step = center, np.zeros_like(center)
    for _ in range(STEPS):
        (p, v), (q, w) = run(at[0]), run_other(at[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.stack([cross(q - p, w), cross(q - p, v)]) / cross(v, w)
        at = at + step
    ends = np.array([[knots[0], knots[-1]], [others[0], others[-1]]])[..., None]
    inside = (at >= ends[:, 0]) & (at <= ends[:, 1]) & (np.abs(at - center) <= width)
    # At a cusp, which meets itself at s = t, the steps shrink too, but only by halves.
    settled = np.abs(step) <= np.sqrt(np.finfo(p.dtype).eps) * (knots[-1] - knots[0])
    return at.T[np.all(inside & settled, axis=0)]


def _pieces_that_may_meet(
    p: np.ndarray, q: np.ndarray, apart: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Which pieces between points p (m + 1, 2) and q (n + 1, 2) may meet: indices (k,) of both.

    The middles of boxes that meet are no further apart than half of both boxes. Boxes are put into
    classes by their size, each twice the last: so a tree of the middles finds few more than meet.
    """
    from scipy.spatial import cKDTree

    low, high = _boxes(p)
    low_other, high_other = _boxes(q)
    pairs = [np.empty((0, 2), int)]
    for mine, size in _classes(low, high):
        tree = cKDTree((low[mine] + high[mine]) / 2)
        for theirs, other in _classes(low_other, high_other):
            tree_other = cKDTree((low_other[theirs] + high_other[theirs]) / 2)
            near = tree.query_ball_tree(tree_other, (size + other) / 2, p=np.inf)
            i = np.repeat(mine, [len(x) for x in near])
            j = theirs[np.fromiter((k for x in near for k in x), int, len(i))]
            meet = np.all((low[i] <= high_other[j]) & (low_other[j] <= high[i]), axis=1)
            pairs.append(np.stack([i, j], 1)[meet & (apart is None or j - i >= apart)])
    i, j = np.concatenate(pairs).T
    return i, j


def _classes(low: np.ndarray, high: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """The boxes whose longer sides are alike within a factor of two, and the longest of these."""
    side = np.max(high - low, axis=1)
    size = np.frexp(side)[1]
    fine = np.isfinite(side)
    groups = [np.flatnonzero(fine & (size == k)) for k in np.unique(size[fine])]
    return [(group, float(side[group].max())) for group in groups]


def _overlap(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Whether pieces between points p (m + 1, ..., 2) and q (n + 1, ..., 2) meet: (m, n, ...)."""
    (low, high), (low_other, high_other) = _boxes(p), _boxes(q)
    return np.all((low[:, None] <= high_other) & (low_other <= high[:, None]), axis=-1)


def _boxes(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners (m, ..., 2) of boxes that hold the pieces between m + 1 points (m + 1, ..., 2)."""
    start, end = p[:-1], p[1:]
    # An arc that turns by TURN leaves its chord by no more than this.
    bulge = np.linalg.norm(end - start, axis=-1, keepdims=True) * np.tan(TURN / 2) / 2
    return np.minimum(start, end) - bulge, np.maximum(start, end) + bulge


def _distinct(pairs: np.ndarray, width: float) -> np.ndarray:
    """Pairs (k, 2) in order, without those found before, to within the width."""
    from scipy.spatial import cKDTree

    pairs = pairs[np.lexsort(pairs.T[::-1])]
    same = cKDTree(pairs).query_pairs(width, p=np.inf, output_type="ndarray")
    kept = np.ones(len(pairs), bool)
    for first, second in same[np.lexsort(same.T[::-1])]:
        kept[second] &= not kept[first]
    return pairs[kept]
