"""Parallel lines inside of outlines, by a sweep over their edges, and how these lines move.

Where a line meets the edges, in order, the winding number steps up or down, and the line lies
inside as long as that is not 0. A line that moves keeps its number and the edges that it ends on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.programs.batching import numbered
from gradart.calculus.programs.few_lengths import rows_again
from gradart.calculus.programs.present_values import with_derivatives_of
from gradart.calculus.programs.taken_rows import floats, taken_rows
from gradart.errors import ArtError
from gradart.geometry.paths.paths import ring_bounds
from gradart.types import Numbers

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
