"""Lines of steepest slope, followed from given places to where they come to rest or leave a box."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.batching import chunked
from gradart.calculus.compiled_once import TracedFunction, jit_with
from gradart.calculus.equations.runge_kutta import stride
from gradart.calculus.forward_mode import gradient_of, hessian_of
from gradart.calculus.vectors import safe_norm, unit
from gradart.geometry.skeletons.gradient_winding import Landscape, crest_direction, crest_step

STEP = 0.5  # cells
NEAR = 1.5  # steps from an end, which is then reached
STEPS_AT_ONCE = 100
LINES_AT_ONCE = 256
MOST_ROUNDS = 100  # of so many steps
STRAIGHT = 0.95  # of its length: how far at least a good step goes
SHORTEST = 1e-5  # of a step, which is not made shorter any more
AT_REST = 1e-3  # steps, which a line that does not rest goes farther in so many
LEVEL = 1e-5  # of all heights: by less a crest rises and falls that counts as level
CORRECTIONS = 4  # Newton's, back to the crest after each step along it


@dataclass(frozen=True)
class SlopeLine:
    """A line of steepest slope, and in which of the ends it rests: None if it leaves the box."""

    points: np.ndarray  # (m, 2)
    end: int | None


def step_length(land: Landscape) -> float:
    """How long a step is."""
    return STEP * float(np.min(land.cell))


def follow(
    land: Landscape, starts: np.ndarray, first: np.ndarray, ends: np.ndarray, sign: float
) -> list[SlopeLine]:
    """The lines of steepest slope, up (sign 1) or down (-1), from starts (n, 2).

    Each begins with its own `first` step (n, 2), and ends at the edge of the box or where it
    comes near to one of the `ends` (k, 2). One that comes to rest on a level crest follows that.
    One that comes to rest elsewhere, in what is finer than the grid, is taken to the nearest end.
    """
    length = step_length(land)
    run = chunked(jit_with(_run, land.field), LINES_AT_ONCE)
    paths = np.stack([starts, starts + first], 1)
    alive, since = np.arange(len(starts)), 1
    found: dict[int, SlopeLine] = {}
    resting: dict[int, np.ndarray] = {}
    for _ in range(MOST_ROUNDS):
        stops = _stops(land.corner, paths, since, ends, NEAR * length)
        found |= {int(alive[row]): line for row, line in stops.items()}
        if since > 1:
            moved = np.linalg.norm(paths[:, -1] - paths[:, since], axis=1)
            for row in np.flatnonzero(moved < AT_REST * length):
                if alive[row] not in found:
                    resting[int(alive[row])] = paths[row]
        still = np.array([row not in found and row not in resting for row in alive], bool)
        alive, paths = alive[still], paths[still]
        if not len(alive):
            break
        tilts = np.broadcast_to(land.tilt, (len(alive), 2))
        shares = np.minimum(np.linalg.norm(paths[:, -1] - paths[:, -2], axis=1) / length, 1)
        signs, lengths = (np.full(len(alive), x) for x in (sign, length))
        more = run(paths[:, -1], tilts, signs, lengths, np.maximum(shares, SHORTEST))
        since, paths = paths.shape[1], np.concatenate([paths, more], 1)
    for row, path in zip(alive, paths, strict=True):
        found[int(row)] = _nearest(path, ends)
    if resting:
        lines = _along_crests(land, list(resting.values()), ends, sign)
        found |= dict(zip(resting, lines, strict=True))
    return [found[row] for row in range(len(starts))]


def _along_crests(
    land: Landscape, paths: list[np.ndarray], ends: np.ndarray, sign: float
) -> list[SlopeLine]:
    """Where lines that rest (m, 2) end, if on level crests: steps are along these, uphill."""
    length, height = step_length(land), chunked(jit_with(_heights, land.field), LINES_AT_ONCE)
    walk = chunked(jit_with(_walked, land.field), LINES_AT_ONCE)
    ways = np.stack([path[-1:] for path in paths])
    heading, alive = np.zeros((len(paths), 2)), np.arange(len(paths))
    found: dict[int, SlopeLine] = {}
    most = int(4 * land.heights.size**0.5 / STEPS_AT_ONCE / STEP) + 1
    for _ in range(most):
        since, count = ways.shape[1], (len(alive),)
        more, heading = walk(
            ways[:, -1],
            heading,
            np.broadcast_to(land.tilt, (*count, 2)),
            np.full(count, sign),
            np.full(count, length),
        )
        ways = np.concatenate([ways, more], 1)
        stops = _stops(land.corner, ways, since, ends, NEAR * length)
        for row, line in stops.items():
            heights = height(line.points)
            if np.ptp(heights) < LEVEL * np.ptp(land.heights):
                path = paths[alive[row]]
                found[int(alive[row])] = SlopeLine(
                    np.concatenate([path, line.points[1:]]), line.end
                )
        level = np.ptp(height(ways[:, since:].reshape(-1, 2)).reshape(*count, -1), 1)
        still = (level < LEVEL * np.ptp(land.heights)) & ~np.isin(np.arange(*count), list(stops))
        alive, ways, heading = alive[still], ways[still], heading[still]
        if not len(alive):
            break
    return [found.get(row) or _nearest(path, ends) for row, path in enumerate(paths)]


def _heights(f: TracedFunction, points: jax.Array) -> jax.Array:
    return jax.vmap(f)(points)


def _walked(
    f: TracedFunction,
    starts: jax.Array,
    headings: jax.Array,
    tilts: jax.Array,
    signs: jax.Array,
    lengths: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """The next points (n, STEPS_AT_ONCE, 2) along crests, and the directions (n, 2) there.

    Where a direction is 0, the tilted field says which way is uphill, or downhill of sign -1.
    """
    gradient, hessian = gradient_of(f), hessian_of(f)

    def one(
        start: jax.Array, heading: jax.Array, tilt: jax.Array, sign: jax.Array, length: jax.Array
    ) -> tuple[jax.Array, jax.Array]:
        def onto_crest(p: jax.Array) -> tuple[jax.Array, jax.Array]:
            def correct(_: int, p: jax.Array) -> jax.Array:
                return p - crest_step(gradient(p), hessian(p), length)

            p = jax.lax.fori_loop(0, CORRECTIONS, correct, p)
            return p, crest_direction(hessian(p))

        def step(
            state: tuple[jax.Array, jax.Array], _: None
        ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            p, heading = state
            q, along = onto_crest(p + length * heading)
            heading = along * jnp.where(jnp.dot(along, heading) < 0, -1, 1)
            return (q, heading), q

        p, along = onto_crest(start)
        uphill = along * jnp.where(jnp.dot(sign * (gradient(p) + tilt), along) < 0, -1, 1)
        heading = jnp.where(jnp.any(heading != 0), heading, uphill)
        (_, heading), path = jax.lax.scan(step, (p, heading), length=STEPS_AT_ONCE)
        return path, heading

    return jax.vmap(one)(starts, headings, tilts, signs, lengths)


def _nearest(path: np.ndarray, ends: np.ndarray) -> SlopeLine:
    away = np.linalg.norm(ends - path[-1], axis=1)
    return SlopeLine(path, int(np.argmin(away)) if len(ends) else None)


def _stops(
    corner: np.ndarray, paths: np.ndarray, since: int, ends: np.ndarray, near: float
) -> dict[int, SlopeLine]:
    """Those of the paths (n, m, 2) that end at an index from `since` on, by their row."""
    from scipy.spatial import KDTree

    steps = paths[:, since - 1 :]
    away, nearest = np.full(steps.shape[:2], np.inf), np.zeros(steps.shape[:2], int)
    if len(ends) and len(paths):
        away, nearest = KDTree(ends).query(np.nan_to_num(steps, nan=np.inf))
    reached = (away[:, 1:] <= near) & (away[:, 1:] < away[:, :-1])
    left = ~np.all((steps[:, 1:] >= corner[0]) & (steps[:, 1:] <= corner[1]), axis=2)
    first = np.argmax(reached | left, axis=1)
    found = {}
    for row in np.flatnonzero((reached | left).any(1)):
        at = int(first[row])
        inner = paths[row, : since + at]
        if reached[row, at]:
            end = int(nearest[row, at + 1])
            found[int(row)] = SlopeLine(np.concatenate([inner, ends[end][None]]), end)
        else:
            last = _crossing(corner, inner[-1], steps[row, at + 1])
            found[int(row)] = SlopeLine(np.concatenate([inner, last[None]]), None)
    return found


def _crossing(corner: np.ndarray, inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """Where the way from a point (2,) within the box to one that is not in it meets the edge."""
    step = np.nan_to_num(outer - inner)
    edges = np.where(step > 0, corner[1], corner[0])
    shares = np.where(step != 0, (edges - inner) / np.where(step != 0, step, 1), np.inf)
    axis = int(np.argmin(shares))
    place = inner + step * np.clip(shares[axis], 0, 1)
    place[axis] = edges[axis]
    return np.clip(place, *corner)


def _run(
    f: TracedFunction,
    starts: jax.Array,
    tilts: jax.Array,
    signs: jax.Array,
    lengths: jax.Array,
    shares: jax.Array,
) -> jax.Array:
    """The next points (n, STEPS_AT_ONCE, 2), the first after a share (n,) of the length."""
    gradient = gradient_of(f)

    def one(
        start: jax.Array, tilt: jax.Array, sign: jax.Array, length: jax.Array, share: jax.Array
    ) -> jax.Array:
        def course(p: jax.Array) -> jax.Array:
            slope = sign * (gradient(p) + tilt)
            return unit(slope, safe_norm(slope) > 0)

        def step(
            state: tuple[jax.Array, jax.Array, jax.Array], _: None
        ) -> tuple[tuple[jax.Array, jax.Array, jax.Array], jax.Array]:
            p, first, share = state
            q, turned = stride(course, p, length * share, first)
            # Across a sharp ridge where it is almost level the slopes of one step undo each other:
            # such a step is taken again, shorter.
            good = (safe_norm(q - p) > STRAIGHT * length * share) | (share < SHORTEST)
            share = jnp.where(good, jnp.minimum(1, 2 * share), share / 4)
            p, first = jnp.where(good, q, p), jnp.where(good, turned, first)
            return (p, first, share), p

        state = start, course(start), share
        return jax.lax.scan(step, state, length=STEPS_AT_ONCE)[1]

    return jax.vmap(one)(starts, tilts, signs, lengths, shares)
