"""Parallel lines inside of outlines, all or the share that a field asks for; how they move.

Where a line meets the edges, in order, the winding number steps up or down, and the line lies
inside as long as that is not 0. A line that moves keeps its number and the edges that it ends on.

Of lines as close as a field asks where it is smallest every other, every fourth and so on is left
out where it is larger; each ends where the field reaches the spacing of all that are left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.programs.batching import numbered
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.calculus.programs.padded_lengths import rows_again
from gradart.calculus.programs.present_values import stepped, with_derivatives_of
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.errors import ArtError
from gradart.geometry.paths.clipping import below
from gradart.geometry.paths.paths import padded, ring_bounds
from gradart.geometry.paths.polygons import split
from gradart.geometry.points import lattice
from gradart.types import ArrayT, Field, Numbers

LINES = 1_000_000  # in all: hours of a plotter
NOTHING = np.empty((0, 2))


@dataclass(frozen=True)
class ParallelLines:
    """Segments (k, 2, 2) of parallel lines inside of rows of outlines: of which row, which line.

    In the order of rows, of lines in each, and along each line. Those of row n are from `bounds[n]`
    to before `bounds[n + 1]`. `edges` (k, 2) are the outlines' edges on which they end.
    """

    segments: np.ndarray
    line: np.ndarray
    bounds: np.ndarray
    edges: np.ndarray

    def of(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        some = slice(self.bounds[n], self.bounds[n + 1])
        return self.segments[some], self.line[some]


class Outlines(NamedTuple):
    """Outlines whose points are differentiated: their edges, and which of these reach farthest.

    `edges` are (e, 2, 2), the last of them again and again. In each row of them, `outermost`
    (b, 2, 2) are the edges that begin farthest down, and up, on each axis.
    """

    edges: jax.Array
    outermost: np.ndarray

    @staticmethod
    def of(polygons: Numbers, points: np.ndarray) -> "Outlines":
        """Of polygons whose present rows are points (n, m, 2)."""
        size, begin = points.shape[1], 0
        pairs, outermost = [np.empty((0, 2), int)], []
        for n, row in enumerate(points):
            rings = [np.arange(*bounds) for bounds in ring_bounds(row)]
            pairs += [n * size + np.stack([ring, np.roll(ring, -1)], 1) for ring in rings]
            if rings:
                corners = row[np.concatenate(rings)]
                outermost.append(begin + np.stack([corners.argmin(0), corners.argmax(0)]))
                begin += len(corners)
        given = floats(unmasked(polygons))
        ends = np.concatenate(pairs)
        return Outlines(taken_rows(given, ends[rows_again(len(ends))]), np.array(outermost))


def limited(loops: Sequence[Sequence[np.ndarray]], gaps: np.ndarray) -> None:
    """Raise ArtError for more lines, a gap (n,) apart in each row, than a plotter could draw."""
    across = sum(
        float(np.ptp(np.concatenate(row), axis=0).max()) / gap
        for row, gap in zip(loops, gaps, strict=True)
        if row
    )
    if not across <= LINES:
        raise ArtError(f"spacing makes {across:.3g} lines of these polygons: give more")


def parallel_lines(
    loops: Sequence[Sequence[np.ndarray]], gaps: np.ndarray, degrees: np.ndarray
) -> ParallelLines:
    """Parallel lines inside of rows of outlines, a gap (n,) apart, turned by degrees (n,)."""
    sizes = [sum(map(len, row)) for row in loops]
    row = np.repeat(np.arange(len(loops)), sizes)
    turn, gap = np.deg2rad(degrees), gaps[row]
    frame = np.stack([np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn)], -1).reshape(
        -1, 2, 2
    )
    a = _turned(np.concatenate([NOTHING, *(loop for row in loops for loop in row)]), frame[row])
    b = np.concatenate([NOTHING, *(np.roll(loop, -1, axis=0) for row in loops for loop in row)])
    b = _turned(b, frame[row])
    # Line k is at (k + 1/2) gap; an edge meets those from its lower end on, without its upper end.
    low, high = np.minimum(a, b)[:, 1], np.maximum(a, b)[:, 1]
    first, end = (np.ceil(y / gap - 0.5).astype(int) for y in (low, high))
    count = end - first
    edge = np.repeat(np.arange(len(a)), count)
    line = first[edge] + numbered(count)
    y = (line + 0.5) * gap[edge]
    share = (y - a[edge, 1]) / (b - a)[edge, 1]
    x = a[edge, 0] + share * (b - a)[edge, 0]
    order = np.lexsort([x, line, row[edge]])
    winding = np.cumsum(np.where((b - a)[edge, 1] > 0, 1, -1)[order])
    before = np.concatenate([[0], winding])[:-1]
    begins, ends = order[before == 0], order[winding == 0]
    long = x[begins] < x[ends]
    begins, ends = begins[long], ends[long]
    met, back = np.stack([x, y], -1), frame.swapaxes(1, 2)[row[edge]]
    segments = np.stack([_turned(met[some], back[some]) for some in (begins, ends)], 1)
    bounds = np.searchsorted(row[edge[begins]], np.arange(len(loops) + 1))
    return ParallelLines(segments, line[begins], bounds, np.stack([edge[begins], edge[ends]], 1))


def _turned(points: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Points (n, 2), each in a frame (n, 2, 2) of its own."""
    found: np.ndarray = (frames @ points[..., None])[..., 0]
    return found


def moving_segments(
    lines: ParallelLines, outlines: Outlines, gap: Numbers, degrees: Numbers
) -> jax.Array:
    """The segments (k, 2, 2) as outlines, gaps and angles move, one for each row or for all.

    The last of them again and again.
    """
    row = np.repeat(np.arange(len(lines.bounds) - 1), np.diff(lines.bounds))
    each = (floats(unmasked(x)) for x in (gap, degrees))
    again = rows_again(len(row))
    now = (x[again] for x in (lines.segments, lines.edges, row, lines.line))
    return _moved(outlines.edges, *now, *each)


@jax.jit
def _moved(
    edges: jax.Array,
    segments: jax.Array,
    met: jax.Array,
    row: jax.Array,
    line: jax.Array,
    gap: jax.Array,
    degrees: jax.Array,
) -> jax.Array:
    """Segments (k, 2, 2) of rows (k,) and lines (k,), which end where they meet edges (k, 2)."""
    gaps, turn = (x.ravel()[row if x.size > 1 else 0 * row] for x in (gap, jnp.deg2rad(degrees)))
    across = jnp.stack([-jnp.sin(turn), jnp.cos(turn)], -1)
    start, end = edges[met, 0], edges[met, 1]
    low, high = ((p * across[:, None]).sum(-1) for p in (start, end))
    share = (((line + 0.5) * gaps)[:, None] - low) / (high - low)
    return with_derivatives_of(start + share[..., None] * (end - start), segments)


LOOKS = 64  # at a field of spacings, on each side of a polygon's box, for the smallest
TONES = 256  # shares of lines that are left out


class TonedLines(NamedTuple):
    """Lines, and the place (k,) of each among those that are drawn as the field rises.

    They lie in n rows, each in `steps` (k,), between `nodes` (n, m, 3, 2) of which some are `kept`.
    Two nodes of each step, (n, m, 2), are a part of the `way` along it.
    """

    lines: ParallelLines
    place: np.ndarray
    steps: np.ndarray
    nodes: np.ndarray
    kept: np.ndarray
    way: np.ndarray

    def drawn(self, values: np.ndarray) -> list[list[np.ndarray]]:
        """Of values at the nodes those at both ends (2, 2) of what is drawn, in rows."""
        rows = [split(value[here]) for value, here in zip(values, self.kept, strict=True)]
        return [[run[[0, -1]] for run in row] for row in rows]

    def in_rows(self, values: np.ndarray) -> np.ndarray:
        """Values (sum, d) at the begins of all steps, and behind them, in their rows (n, m, d)."""
        ends = np.concatenate([[0], np.cumsum(self.steps + 2)])[self.lines.bounds]
        rows = np.split(values, ends[1:-1])[: len(ends) - 1]
        return padded(rows, (len(rows),), values.shape[1])

    @property
    def parts(self) -> np.ndarray:
        """Of each node (n, m, 3, 2) the number of its line and how far along this it is."""
        of = np.repeat(np.arange(len(self.steps)), self.steps + 2)
        share = numbered(self.steps + 2) / self.steps[of]
        table = self.in_rows(np.stack([of, share], 1))[:, : self.nodes.shape[1] + 1]
        found = np.full_like(self.nodes, np.nan)
        found[:, :, :2, 0] = table[:, :-1, :1]
        found[:, :, :2, 1] = table[:, :-1, 1:] + self.way * np.diff(table[..., 1:], axis=1)
        return found


def toned_lines(
    loops: Sequence[Sequence[np.ndarray]], field: TracedFunction, turns: np.ndarray
) -> TonedLines:
    """Parallel lines inside of rows of outlines, turned by degrees (n,), as a field spaces them.

    ArtError for a field that is not above 0, or that makes too many.
    """
    boxes = np.array([(c.min(0), c.max(0)) for row in loops if row for c in [np.concatenate(row)]])
    gap = float(_smallest(field, boxes)) if len(boxes) else 1.0
    if not 0 < gap < np.inf:
        raise ArtError(f"the field of spacings is {gap} at its smallest: give lengths above 0")
    gaps = np.full(len(loops), gap)
    limited(loops, gaps)
    lines = parallel_lines(loops, gaps, turns)
    # Of n lines in the order of van der Corput, the first ones are even for every share of n.
    bits = (lines.line[:, None] >> np.arange(8)) & 1
    place = (bits @ (TONES >> np.arange(1, 9)) + 0.5) / TONES
    ways = np.linalg.norm(lines.segments[:, 1] - lines.segments[:, 0], axis=1)
    steps = np.ceil(ways / gap).astype(int)
    found = TonedLines(lines, place, steps, *(np.empty(0),) * 3)
    points = found.in_rows(_stepped(lines.segments, steps))
    level = found.in_rows(np.repeat(gap / place, steps + 2)[:, None])[:, : points.shape[1], 0]
    if not points.size:
        nodes = np.empty((len(loops), 0, 3, 2))
        return found._replace(nodes=nodes, kept=nodes[..., 0] > 0, way=nodes[..., :2, 0])
    nodes, kept, way = below(points, field, level)
    return found._replace(nodes=nodes, kept=kept, way=way)


def moving_toned_ends(
    toned: TonedLines, outlines: Outlines, field: TracedFunction, degrees: Numbers
) -> jax.Array:
    """The ends (k, 2) of all that is drawn, in order, as outlines, field and angles move."""
    edges, lines = outlines.edges, toned.lines
    gap = _smallest(field, edges[outlines.outermost, 0, np.arange(2)])
    segments = moving_segments(lines, outlines, gap, degrees)
    found, parts = (
        np.array([end for row in toned.drawn(x) for end in row]).reshape(-1, 2)
        for x in (toned.nodes, toned.parts)
    )
    number, part = parts[:, 0].astype(int), parts[:, 1]
    start, run = segments[number, 0], segments[number, 1] - segments[number, 0]
    # One step of Newton's method along the line to where the field has the line's spacing.
    value, slope = jax.vmap(lambda p, v: jax.jvp(field, (p,), (v,)))(
        start + part[:, None] * run, run
    )
    slope = jax.lax.stop_gradient(slope)
    cut = (part > 0) & (part < 1) & jnp.isfinite(slope) & (slope != 0)
    off = jnp.where(cut, value - gap / toned.place[number], 0)
    share = stepped(part, off / jnp.where(cut, slope, 1))
    return with_derivatives_of(start + share[:, None] * run, found)


def _smallest(field: TracedFunction, boxes: ArrayT) -> jax.Array:
    """The smallest value of a field on a grid over each of boxes (b, 2, 2); NaN if it has none."""
    # Of few lengths, so that few programs are compiled.
    again = np.minimum(np.arange(1 << (len(boxes) - 1).bit_length()), len(boxes) - 1)
    return jit_with(_least, field)(jnp.asarray(boxes[again]))


def _least(field: Field, boxes: jax.Array) -> jax.Array:
    def least(box: jax.Array) -> jax.Array:
        return jnp.nanmin(jax.lax.map(jax.vmap(field), lattice(*box, LOOKS, LOOKS)))

    return jnp.nanmin(jax.lax.map(least, boxes))


def _stepped(segments: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Segments (k, 2, 2) in a row, each parted into so many steps (k,), with NaN behind it."""
    of = np.repeat(np.arange(len(steps)), steps + 2)
    step = numbered(steps + 2)
    start, end = segments[of].swapaxes(0, 1)
    row: np.ndarray = start + (step / steps[of])[:, None] * (end - start)
    row[step == steps[of]] = end[step == steps[of]]
    row[step > steps[of]] = np.nan
    return row
