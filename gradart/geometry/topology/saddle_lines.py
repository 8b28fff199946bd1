"""The lines of steepest slope from saddles: two up and two down from each, and where they lead."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.equations.runge_kutta import stride
from gradart.calculus.forward_mode import gradient_of
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.calculus.vectors import safe_norm, unit
from gradart.geometry.topology.box_edge import Edge, way_of
from gradart.geometry.topology.gradient_winding import Landscape, Turns

BESIDE = 1.5  # steps, within which lines go side by side


@dataclass(frozen=True)
class SaddleLines:
    """The two lines up, or the two lines down, of each saddle, and which ends they lead to."""

    lines: list[np.ndarray]  # 2 c lines (m, 2), without points along the edge
    joins: np.ndarray  # (c, 2)


def uphill(land: Landscape, inner: Turns, edge: Edge) -> SaddleLines:
    """The lines up, of the saddles within and then of those on the edge, to maxima alike.

    A line that comes to the edge goes on along it to where the field is highest there; and from
    there, if that is no maximum, inward again. Of the lines from the edge only the ways inward have
    points; two lines may have the same.
    """
    maxima = np.concatenate([inner.maxima, edge.points[edge.maxima]])
    turned = np.flatnonzero(edge.high & ~edge.rises)
    starts, ways = _both_ways(land, inner, 1)
    lines = follow(
        land,
        np.concatenate([starts, edge.points[turned]]),
        np.concatenate([ways, step_length(land) * edge.inward[turned]]),
        maxima,
        1.0,
    )
    own, inward = lines[: len(starts)], lines[len(starts) :]
    goals = {int(turn): len(inner.maxima) + i for i, turn in enumerate(edge.maxima)}

    def end_of(line: SlopeLine) -> int:
        if line.end is not None:
            return line.end
        place = line.points[-1]
        nearest = int(np.argmin(np.linalg.norm(maxima - place, axis=1)))
        return goals.get(edge.highest(way_of(land.corner, place)), nearest)

    # A line inward ends higher than it began: where it may lead to is known before it.
    for i in np.argsort(-edge.heights[turned], kind="stable"):
        goals[int(turned[i])] = end_of(inward[i])
    joins = [end_of(line) for line in own]
    joins += [goals[turn] for saddle in edge.saddles for turn in edge.beside(saddle)]
    none = np.empty((0, 2))
    way_in = {int(turn): line.points for turn, line in zip(turned, inward, strict=True)}
    points = [line.points for line in own]
    points += [way_in.get(turn, none) for saddle in edge.saddles for turn in edge.beside(saddle)]
    return SaddleLines(points, np.array(joins, int).reshape(-1, 2))


def downhill(land: Landscape, inner: Turns, edge: Edge) -> SaddleLines:
    """The lines down, of the same saddles, to minima; what leaves the box is at their number."""
    starts, ways = _both_ways(land, inner, 0)
    lines = follow(
        land,
        np.concatenate([starts, edge.points[edge.saddles]]),
        np.concatenate([ways, step_length(land) * edge.inward[edge.saddles]]),
        inner.minima,
        -1.0,
    )
    out = SlopeLine(np.empty((0, 2)), None)
    own, inward = lines[: len(starts)], lines[len(starts) :]
    lines = own + [line for each in inward for line in (each, out)]
    joins = [len(inner.minima) if line.end is None else line.end for line in lines]
    return SaddleLines([line.points for line in lines], np.array(joins, int).reshape(-1, 2))


def _both_ways(land: Landscape, inner: Turns, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Each saddle twice (2 c, 2), and a first step (2 c, 2) either way along one of its axes."""
    from scipy.spatial import KDTree

    places = np.concatenate([inner.saddles, inner.maxima, inner.minima])
    apart = KDTree(places).query(inner.saddles, k=[2])[0]
    way = np.minimum(step_length(land), 0.2 * apart) * inner.axes[:, :, axis]
    return np.repeat(inner.saddles, 2, axis=0), np.stack([way, -way], 1).reshape(-1, 2)


def without_spurs(found: SaddleLines, used: np.ndarray, gone: np.ndarray) -> list[np.ndarray]:
    """The lines that are used (c, 2), without the parts that go to a removed summit and back.

    Lines come to a summit side by side. Where it is gone (a,), they meet where they part.
    """
    from scipy.spatial import KDTree

    lines = list(found.lines)
    drawn = used.ravel() & np.array([len(line) > 1 for line in lines], bool)
    once = {id(lines[i]): i for i in np.flatnonzero(drawn)}
    drawn &= np.isin(np.arange(len(lines)), list(once.values()))
    meeting: dict[int, list[int]] = {}
    for i in np.flatnonzero(drawn & gone[found.joins.ravel()]):
        meeting.setdefault(int(found.joins.flat[i]), []).append(int(i))
    for first, *others in meeting.values():
        back = lines[first][::-1]
        step = np.linalg.norm(np.diff(back[1:], axis=0), axis=1).max(initial=0.0)
        aside = [KDTree(lines[i]).query(back) for i in others]
        apart = np.max([away for away, _ in aside], axis=0, initial=0.0) > BESIDE * step
        shared = int(np.argmax(apart)) - 1 if apart.any() else 0
        if others and shared > 0:
            lines[first] = back[shared:][::-1]
            for other, (_, nearest) in zip(others, aside, strict=True):
                lines[other] = np.concatenate(
                    [lines[other][: nearest[shared] + 1], back[shared][None]]
                )
    return [line for line, wanted in zip(lines, drawn, strict=True) if wanted]


STEP = 0.5  # cells
NEAR = 1.5  # steps from an end, which is then reached
STEPS_AT_ONCE = 100
LINES_AT_ONCE = 256
MOST_ROUNDS = 100  # of so many steps
STRAIGHT = 0.95  # of its length: how far at least a good step goes
SHORTEST = 1e-5  # of a step, which is not made shorter any more
AT_REST = 1e-3  # steps, which a line that does not rest goes farther in so many


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
    comes near to one of the `ends` (k, 2). One that comes to rest elsewhere, in what is finer than
    the grid, is taken to the nearest of them.
    """
    length = step_length(land)
    run = chunked(jit_with(_run, land.field), LINES_AT_ONCE)
    paths = np.stack([starts, starts + first], 1)
    alive, since = np.arange(len(starts)), 1
    found: dict[int, SlopeLine] = {}
    for _ in range(MOST_ROUNDS):
        stops = _stops(land.corner, paths, since, ends, NEAR * length)
        found |= {int(alive[row]): line for row, line in stops.items()}
        if since > 1:
            moved = np.linalg.norm(paths[:, -1] - paths[:, since], axis=1)
            for row in np.flatnonzero(moved < AT_REST * length):
                found.setdefault(int(alive[row]), _nearest(paths[row], ends))
        still = np.array([row not in found for row in alive], bool)
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
    return [found[row] for row in range(len(starts))]


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
