"""Evenly spaced streamlines.

After B. Jobard and W. Lefer, Creating Evenly-Spaced Streamlines of Arbitrary Density (1997): each
line sends out seeds at the separation to both of its sides, and a line grows until it comes nearer
to another than a part of that. Here many seeds grow at once on the device, each knowing the lines
of the rounds before, and then the longest come first: they are kept, and the others are cut where
they come too near.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks import Kind, checked
from gradart.calculus.derived import cross
from gradart.calculus.safe import safe_norm
from gradart.calculus.steps import heading, stride
from gradart.errors import ArtError
from gradart.geometry.paths import padded
from gradart.geometry.points import domain
from gradart.geometry.spacing import FINE, Ground, cleared, distance, lay, masked

FLOW: Kind = ("field", "() or a map's (2,)", ((), (2,)))

LANES = 64  # seeds that grow at once, to both sides

# In separations:
STEP = 0.25  # from point to point, at most; the numerical step is twice as long
CLOSED = 0.05  # how far a line that closes may miss its start
SMALLEST = 1 / 64  # where a step must be shorter than this, the line ends
SEEDS = 0.5  # from seed to seed along a line
LOOP = 3.0  # after this a line may come near itself
SHORTEST = 2.0  # a shorter line is left out

LONGEST = 2.0  # widths and heights of the box
STRAIGHT = math.cos(math.radians(25))  # no step turns more


def streamlines(
    flow: Callable[[Any], Any],
    *,
    separation: float,
    box: Any = None,
    across: bool = False,
    nearest: float = 0.5,
) -> np.ndarray:
    """Lines along a flow, everywhere about `separation` apart: (n, m, 2), rows padded with NaN.

    `flow` is a field, whose lines of steepest slope are drawn, or a map, (2,) -> (2,), which is
    the vector field itself. With `across` they are drawn at right angles to it: the level lines of
    a field. A line begins at the separation from others and ends at the edge of the box (by
    default the field's own), where the flow is 0 or NaN, where it closes, or where it comes nearer
    to a line than `nearest` times the separation. Its points are a quarter of the separation apart,
    in the artist's units as the separation is, and exact to the fourth order in that.

    >>> lines(streamlines(terrain(), separation=0.01, across=True), width=0.2)
    """
    low, high = np.asarray(domain(flow, box), dtype=float)
    if not (np.isfinite(separation) and separation > 0 and 0.25 <= nearest <= 1):
        raise ArtError(
            f"separation is {separation}, nearest {nearest}: give a length above 0, and a part of"
            " it from 0.25 to 1"
        )
    if not np.all(high - low >= separation):
        raise ArtError(f"separation is {separation}: give less than the sides of the box")
    ground = cleared(low, high, separation, nearest * separation, STEP * separation)
    grow = _grower(_velocity(flow, across), ground)
    kept: list[np.ndarray] = []
    pool, owner = _lattice(ground, 12 * separation)
    swept = False
    while len(pool) or not swept:
        if not len(pool):  # what no line has sent a seed to
            pool, owner = _lattice(ground, separation)
            swept = True
            continue
        chosen = _middles(owner)
        chosen = chosen[_spread(pool[chosen], separation)][:LANES]
        grown = sorted(grow(pool[chosen]), key=lambda one: -len(one[0]))
        fresh = []
        for line in (_cut(ground, *one) for one in grown):
            if len(line) > 1 and _arc(line)[-1] >= SHORTEST * separation:
                lay(ground, line[_every(line, STEP * separation)])
                fresh.append(line)
        keep = _away(pool, [pool[chosen]], SEEDS * separation)
        keep &= _away(pool, fresh, _almost(separation))
        sent = [_beside(line, ground) for line in fresh]
        pool = np.concatenate([pool[keep], *(seeds for seeds, _ in sent)])
        owner = np.concatenate(
            [owner[keep], *(side + 2 * k for k, (_, side) in enumerate(sent, len(kept)))]
        )
        kept += fresh
    return padded(kept, (len(kept),))


class _Pen(NamedTuple):
    """One end of a line as it grows."""

    at: jax.Array
    course: jax.Array
    """The unit vector along which it leaves"""
    reach: jax.Array
    """The length of the next step"""
    around: jax.Array
    """Whether it has come to go against its first course, so that it may close"""
    alive: jax.Array
    closed: jax.Array


def _grower(
    velocity: Callable[[jax.Array], jax.Array], ground: Ground
) -> Callable[[np.ndarray], list[tuple[np.ndarray, int]]]:
    """A function from seeds (n, 2), at most LANES, to their lines (m, 2) and places in them."""
    low, high, separation = ground.low, ground.high, ground.separation
    most = int(LONGEST * np.sum(high - low) / (STEP * separation))
    longest, shortest = 2 * STEP * separation, SMALLEST * separation

    def unit(p: jax.Array, sign: jax.Array) -> jax.Array:
        return sign * heading(velocity(p))

    def advance(
        pen: _Pen, start: jax.Array, first: jax.Array, sign: jax.Array, mask: jax.Array
    ) -> tuple[_Pen, jax.Array]:
        """One step, or a shorter one to be tried next: the pen, and two points (2, 2) or NaN."""
        p, course, h = pen.at, pen.course, pen.reach
        q, turned = stride(lambda x: unit(x, sign), p, h, course)
        # Where the slopes of one step disagree, it is too long, or there is a sink or a source.
        fine = (jnp.sum(turned * course) >= STRAIGHT) & (safe_norm(q - p) >= STRAIGHT * h)

        # An arc that leaves its start and its end at the same angle joins the two.
        gap = start - p
        home = pen.around & (jnp.sum(gap * course) > 0) & (safe_norm(gap) <= h)
        home &= jnp.abs(cross(course, gap) - cross(gap, first)) <= 2 * CLOSED * separation

        # A step over the edge is shortened until it nearly ends there, then cut.
        room = jnp.where(q > p, high - p, jnp.where(q < p, low - p, jnp.inf))
        part = jnp.minimum(1, jnp.min(room / jnp.where(q == p, 1, q - p)))
        over = (part < 0.99) & (part * h > shortest)
        length = jnp.where(home, safe_norm(gap), part * h)
        q = jnp.where(home, start, p + part * (q - p))
        turned = jnp.where(home, first, turned)

        x, y = jnp.clip(((q - low) * (FINE / separation)).astype(int), 0, jnp.array(mask.shape) - 1)
        taken = home | (fine & ~over)
        alive = pen.alive & (h > shortest) & (length > 0) & ~(taken & mask[x, y])
        taken &= alive
        middle = (p + q) / 2 + length / 8 * (course - turned)  # of Hermite's cubic
        retry = jnp.where(fine & over, part * h, h / 2)
        moved = _Pen(
            jnp.where(taken, q, p),
            jnp.where(taken, turned, course),
            jnp.where(taken, jnp.minimum(2 * h, longest), retry),
            pen.around | (taken & (jnp.sum(turned * first) < 0)),
            alive & ~(taken & (home | (part < 1))),
            pen.closed | (taken & home),
        )
        return moved, jnp.where(taken, jnp.stack([middle, q]), jnp.nan)

    @jax.jit
    def run(mask: jax.Array, seeds: jax.Array) -> tuple[Any, jax.Array, jax.Array]:
        start = jnp.concatenate([seeds, seeds])
        sign = jnp.repeat(jnp.array([1, -1], seeds.dtype), LANES)
        first = jax.vmap(unit)(start, sign)
        no = jnp.zeros(2 * LANES, bool)
        alive = jnp.all(jnp.isfinite(first), -1)
        pens = _Pen(start, first, jnp.full_like(sign, longest), no, alive, no)
        paths = jnp.full((2 * most, 2 * LANES, 2), jnp.nan, start.dtype)
        all_pens = jax.vmap(advance, (0, 0, 0, 0, None), (0, 1))

        def growing(state: tuple[Any, _Pen, jax.Array]) -> jax.Array:
            return (state[0] < most) & jnp.any(state[1].alive)

        def grown(state: tuple[Any, _Pen, jax.Array]) -> tuple[Any, _Pen, jax.Array]:
            k, pens, paths = state
            pens, both = all_pens(pens, start, first, sign, mask)
            return k + 1, pens, jax.lax.dynamic_update_slice(paths, both, (2 * k, 0, 0))

        k, pens, paths = jax.lax.while_loop(growing, grown, (0, pens, paths))
        return k, pens.closed, paths

    def grow(seeds: np.ndarray) -> list[tuple[np.ndarray, int]]:
        lanes = np.full((LANES, 2), np.nan)
        lanes[: len(seeds)] = seeds
        k, closed, paths = map(np.asarray, run(ground.mask, lanes))
        paths = np.moveaxis(paths[: 2 * k], 1, 0)
        lines = []
        for i, seed in enumerate(seeds):
            forward, back = (path[np.isfinite(path[:, 0])] for path in (paths[i], paths[i + LANES]))
            if closed[i]:
                back = back[:0]
            lines.append((np.concatenate([back[::-1], seed[None], forward]), len(back)))
        return lines

    return grow


def _cut(ground: Ground, line: np.ndarray, seed: int) -> np.ndarray:
    """The part of a line (m, 2) around its seed that is clear of other lines and of itself."""
    from scipy.spatial import cKDTree

    if distance(ground, line[seed : seed + 1])[0] < _almost(ground.separation):
        return line[:0]
    away = distance(ground, line)
    blocked = np.flatnonzero(away < _almost(ground.nearest))
    closed = len(line) > 2 and np.array_equal(line[0], line[-1])
    if closed and len(blocked):  # opened where it is blocked
        line, seed = np.roll(line[:-1], -blocked[0], axis=0), len(line) - 1 - blocked[0]
        blocked = np.append(blocked[blocked < len(line)] - blocked[0], len(line))
    before, after = blocked[blocked < seed], blocked[blocked > seed]
    start, end = before[-1] + 1 if len(before) else 0, after[0] if len(after) else len(line)
    line, seed = line[start:end], seed - start

    pairs = cKDTree(line).query_pairs(_almost(ground.nearest), output_type="ndarray")
    at = _arc(line)
    apart = np.diff(at[pairs], axis=1)[:, 0]
    if closed and not len(blocked):
        apart = np.minimum(apart, at[-1] - apart)
    pairs = pairs[apart > LOOP * ground.separation]
    end = np.min(pairs[pairs[:, 0] >= seed, 1], initial=len(line))
    start = np.max(pairs[(pairs[:, 0] < seed) & (pairs[:, 1] < end), 0], initial=-1) + 1
    return line[start:end]


def _arc(line: np.ndarray) -> np.ndarray:
    """The length (m,) from the start of a line (m, 2) to each of its points."""
    return np.append(0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1)))


def _every(line: np.ndarray, gap: float) -> np.ndarray:
    """Indices of points of a line that are about that length apart, or more."""
    return np.unique(_arc(line) // gap, return_index=True)[1]


def _beside(line: np.ndarray, ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Free seeds (k, 2) at the separation to either side of a line, and the side (k,) of each."""
    index = _every(line, SEEDS * ground.separation)
    along = np.gradient(line, axis=0)[index]
    out = np.stack([-along[:, 1], along[:, 0]], 1) / np.linalg.norm(along, axis=1, keepdims=True)
    seeds = np.concatenate([line[index] + ground.separation * sign * out for sign in (1, -1)])
    free = np.all((seeds >= ground.low) & (seeds <= ground.high), axis=1)
    free &= ~masked(ground, seeds)
    free[free] = distance(ground, seeds[free]) >= _almost(ground.separation)
    return seeds[free], np.repeat([0, 1], len(index))[free]


def _lattice(ground: Ground, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """Free seeds (k, 2) all over the box, in the middles of squares, each of an owner below 0."""
    size = ground.high - ground.low
    counts = np.ceil(size / gap).astype(int)
    seeds = ground.low + (np.indices(counts).reshape(2, -1).T + 0.5) / counts * size
    seeds = seeds[distance(ground, seeds) >= _almost(ground.separation)]
    return seeds, -1 - np.arange(len(seeds))


def _away(p: np.ndarray, lines: list[np.ndarray], gap: float) -> np.ndarray:
    """Which of points (n, 2) are no nearer than that to the points of any line: (n,)."""
    from scipy.spatial import cKDTree

    if not lines:
        return np.ones(len(p), bool)
    found, _ = cKDTree(np.concatenate(lines)).query(p, distance_upper_bound=gap)
    return np.isinf(found)


def _spread(p: np.ndarray, gap: float) -> np.ndarray:
    """Indices into points (n, 2) of the first one in each square of that side, in order."""
    return np.sort(np.unique(p // gap, axis=0, return_index=True)[1])


def _middles(owner: np.ndarray) -> np.ndarray:
    """The index of the middle one of each owner's seeds, the owners in order."""
    order = np.argsort(owner, kind="stable")
    _, first, counts = np.unique(owner[order], return_index=True, return_counts=True)
    return order[first + counts // 2]


def _velocity(flow: Callable[[Any], Any], across: bool) -> Callable[[jax.Array], jax.Array]:
    f = checked(flow, FLOW)

    def along(p: jax.Array) -> jax.Array:
        scalar = jax.eval_shape(f, p).shape == ()
        v = jax.jacfwd(f)(p) if scalar else f(p)
        return jnp.stack([-v[1], v[0]]) if across else v

    return along


def _almost(length: float) -> float:
    """A length less what rounding may take from it."""
    return length * (1 - 1e-5)
