"""Isolines of a field: found on a grid, then polished onto their level with its exact gradient."""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.batching import chunked
from gradart.calculus.checks import FIELD, as_count, as_floats, checked, outside
from gradart.calculus.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.forward_mode import explained
from gradart.calculus.present_values import moves, present, stepped
from gradart.errors import ArtError
from gradart.geometry.contours.isolines import isolines
from gradart.geometry.contours.levels import above_shore, level_values
from gradart.geometry.contours.saddles import saddle_repairs
from gradart.geometry.paths.paths import moved_rows, padded, runs
from gradart.geometry.points import domain, grid, square_cells, survey
from gradart.types import Corners, Field, Number, Numbers

Frame = tuple[np.ndarray, np.ndarray, np.ndarray]  # nodes: the first, one a cell on, and the last
Array = Any  # of NumPy or of JAX
# Points (m, 2), how far they were off their levels (m,), and the parts of a cell that they moved.
Moved = tuple[jax.Array, jax.Array, jax.Array]

# Of Newton's method; each doubles the digits. One is enough for a point whose step is at most that
# part of a cell, as most are where a cubic through the heights of the grid is near a smooth field.
STEPS = 8
SETTLED = 1e-4
CHUNKS = 4096, 256  # points polished at once, and the few that are left
# Any, for what its tracers return depends on these: here, a list of an array and offsets.
TRACED: Any = {"name": "serial", "line_type": "ChunkCombinedNan"}


def contours(
    field: Field, levels: int | Numbers, *, box: Corners | None = None, resolution: int = 800
) -> np.ndarray | jax.Array:
    """The isolines of a field, one row for each level: (levels, m, 2), ready for `lines`.

    `levels` is their number, evenly spaced between the lowest and the highest value of `field` in
    `box`, those of a `terrain` with a sea above it, or the values themselves; without a box it is
    the field's own. A row holds all lines of its level, NaN between them, so that a level takes one
    width and one color. A line ends where it began, or at the edge of the box.

    The lines are found on a grid with `resolution` points along the longer side of the box. Each of
    their points is then moved along the gradient until it is on its level, to a millionth of the
    box or better in float64; where the gradient vanishes, it stays. How lines run past a saddle is
    told by the field's own height there.

    Differentiated, which lines there are and where they cross the grid stays, and their points move
    along the grid, and from there up or down the slope.

    >>> ga.lines(ga.contours(ga.peaks(), 20), width=0.2)
    """
    land = checked(field, FIELD)
    outside("contours")
    resolution = as_count(resolution, "resolution")
    edges = domain(field, box)
    corner = np.asarray(present(edges))
    nodes = np.asarray(grid(*square_cells(corner, resolution), corner))
    moving = traced(land, nodes[0, 0])
    land = held(moving)
    heights = np.asarray(survey(land, nodes), np.float64)
    fine = np.isfinite(heights)
    if not fine.any():
        raise ArtError("the field is nowhere finite in this box")
    if not fine.all():
        heights = np.where(fine, heights, np.nan)
    shore = getattr(field, "shore", None)
    span = above_shore(shore, float(np.nanmin(heights))), float(np.nanmax(heights))
    values = np.asarray(level_values(present(levels), *span))
    if not values.size:
        return np.empty((0, 1, 2))

    line, sizes = _traced(land, nodes, heights, values)
    owners = np.repeat(np.arange(len(values)), sizes)
    polished, rounds = _polished(land, nodes, line, values[owners])
    found = padded(np.split(polished, np.cumsum(sizes)[:-1]), (len(values),))
    if not moves((moving, edges, levels)):
        return found
    sheet = _Sheet(moving, edges, nodes, heights, shore)
    points = _moved(sheet, line, sheet.levels(levels, values)[owners], rounds)
    return moved_rows(found, stepped(polished[np.isfinite(polished).all(-1)], -points))


def _traced(
    land: TracedFunction, nodes: np.ndarray, heights: np.ndarray, levels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The lines of all levels (k,) on a grid, in one (m, 2) with NaN behind each, and their sizes.

    A level has at least that NaN.
    """
    x, y = nodes[0, :, 0], nodes[:, 0, 1]
    repairs = saddle_repairs(land, nodes, heights, levels)
    if np.isfinite(heights).all():
        line, sizes = isolines(x, y, heights, levels)
        if not repairs:
            return line, sizes
        lines = np.split(line, np.cumsum(sizes)[:-1])
        for k, repaired in repairs.items():
            lines[k] = isolines(x, y, repaired, levels[k : k + 1])[0]
    else:  # beside what is missing lines end on the diagonals of cells
        from contourpy import contour_generator

        plain = contour_generator(x, y, heights, **TRACED)
        lines = []
        for k, level in enumerate(levels):
            tracer = contour_generator(x, y, repairs[k], **TRACED) if k in repairs else plain
            found = tracer.lines(level)[0][0]
            own = [] if found is None else [found]
            lines.append(np.concatenate([*own, np.full((1, 2), np.nan)]))
    return np.concatenate(lines), np.array([len(line) for line in lines])


@dataclass(frozen=True)
class _Sheet:
    """A field that is differentiated over a box (2, 2), and what it is now at nodes of a grid."""

    land: TracedFunction
    box: jax.Array
    nodes: np.ndarray
    heights: np.ndarray
    shore: Number | None

    def at(self, row: np.ndarray, column: np.ndarray) -> jax.Array:
        """Nodes (..., 2), which move as the box does."""
        rows, columns = self.heights.shape
        part = np.stack([column / (columns - 1), row / (rows - 1)], -1)
        return self.box[0] + part * (self.box[1] - self.box[0])

    def height(self, points: jax.Array) -> jax.Array:
        """The field's height at points (n, 2): (n,)."""
        return jit_with(_heights, self.land)(points)

    def levels(self, levels: int | Numbers, values: np.ndarray) -> jax.Array:
        """The levels (k,), of which those that were counted are spread over the field's heights."""
        if not isinstance(levels, int | np.integer):
            return jnp.ravel(as_floats(levels, "levels"))
        ends = np.array([np.nanargmin(self.heights), np.nanargmax(self.heights)])
        low, high = self.height(self.at(*np.unravel_index(ends, self.heights.shape)))
        low = low if self.shore is None else jnp.maximum(low, self.shore)
        return stepped(values, -jnp.linspace(low, high, levels + 2)[1:-1])


def _heights(land: Field, points: jax.Array) -> jax.Array:
    return jax.vmap(land)(points)


def _moved(sheet: _Sheet, line: np.ndarray, levels: jax.Array, rounds: "_Rounds") -> jax.Array:
    """The points (k, 2) of a line (m, 2) that are no NaN, polished as they were, differentiated."""
    inked = np.flatnonzero(np.isfinite(line).all(-1))
    shape = np.array(sheet.heights.shape)[::-1]
    first, last = sheet.nodes[0, 0], sheet.nodes[-1, -1]
    place = (line[inked] - first) / (last - first) * (shape - 1)
    # One of the two is whole: a point lies on a line of the grid, between two of its nodes.
    off = np.abs(place - np.round(place))
    across = np.argmax(off, axis=1)
    low = np.round(place).astype(int)
    each = np.arange(len(place))
    low[each, across] = np.clip(np.floor(place[each, across]), 0, shape[across] - 2)
    high = low.copy()
    high[each, across] += 1
    part = _part(sheet, (low, high), place[each, across] - low[each, across], levels[inked])
    a, b = (sheet.at(x[:, 1], x[:, 0]) for x in (low, high))
    starts = stepped(line[inked], -(a + part[:, None] * (b - a)))
    frame = sheet.box[0], sheet.at(np.ones(()), np.ones(())), sheet.box[1]
    number = np.full(len(line), -1)
    number[inked] = each
    points = starts
    for at in rounds.steps:
        here = number[at]
        moved, _, _ = jit_with(_step, sheet.land)(frame, points[here], levels[at])
        points = points.at[here].set(moved)
    points = points.at[number[rounds.back]].set(starts[number[rounds.back]])
    return _closed(line, number, points)


def _part(
    sheet: _Sheet, ends: tuple[np.ndarray, np.ndarray], t: np.ndarray, levels: jax.Array
) -> jax.Array:
    """The parts (k,) of the way between two nodes (k, 2) at which levels (k,) lie, now t (k,).

    On the cubic through four nodes, or on the line through two, as they were traced.
    """
    low, high = ends
    last = np.array(sheet.heights.shape)[::-1] - 1
    row = np.stack([2 * low - high, low, high, 2 * high - low], 1)
    inside = ((row >= 0) & (row <= last)).all((1, 2))
    row = np.clip(row, 0, last)
    heights = sheet.height(sheet.at(row[..., 1], row[..., 0]).reshape(-1, 2)).reshape(-1, 4)
    now, level = np.asarray(present(heights)), np.asarray(present(levels))
    s = t[:, None] - np.arange(-1, 3)
    cubic = np.stack([-s[:, 1], 3 * s[:, 0], -3 * s[:, 0], s[:, 0]], 1) / 6
    cubic *= np.stack([s[:, 2], s[:, 2], s[:, 1], s[:, 1]], 1)
    cubic *= np.stack([s[:, 3], s[:, 3], s[:, 3], s[:, 2]], 1)
    falls = [6 * t - 2 - 3 * t**2, 9 * t**2 - 12 * t - 3, 6 * t - 9 * t**2 + 6, 3 * t**2 - 1]
    none, one = np.zeros_like(t), np.ones_like(t)
    line = np.stack([none, 1 - t, t, none], 1)
    off = [np.abs((weight * now).sum(1) - level) for weight in (cubic, line)]
    curved = (inside & (off[0] <= off[1]))[:, None]
    weight = np.where(curved, cubic, line)
    rise = np.where(curved, np.stack(falls, 1) / 6, np.stack([none, -one, one, none], 1))
    slope = (rise * heights).sum(1)
    steep = np.abs((rise * now).sum(1)) > 0
    return jnp.asarray(t) + jnp.where(
        steep, (levels - (weight * heights).sum(1)) / jnp.where(steep, slope, 1), 0
    )


def _closed(line: np.ndarray, number: np.ndarray, points: jax.Array) -> jax.Array:
    """The points (k, 2) of a line (m, 2), by their numbers, closed where the line is."""
    start, end = _loops(line)
    return points.at[number[end]].set(points[number[start]])


def _loops(line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the parts of a line (m, 2) begin and end that are closed."""
    inked = ~np.isnan(line[:, 0])
    start, end = (runs(inked) - [0, 1]).T
    closed = (line[start] == line[end]).all(-1)
    return start[closed], end[closed]


@dataclass(frozen=True)
class _Rounds:
    """Which points each step of Newton's method moved, and which of them are where they started."""

    steps: list[np.ndarray]
    back: np.ndarray


def _polished(
    land: TracedFunction, nodes: np.ndarray, line: np.ndarray, levels: np.ndarray
) -> tuple[np.ndarray, _Rounds]:
    """The points of a line (m, 2), each on its level (m,), no farther away than a grid's cell.

    NaN stays, though a field may be finite there, and what is closed stays closed. Also which
    points were polished how often.
    """
    start, end = _loops(line)
    polished, at = line.copy(), np.flatnonzero(~np.isnan(line[:, 0]))
    steps: list[np.ndarray] = []
    frame = nodes[0, 0], nodes[1, 1], nodes[-1, -1]
    first = last = np.zeros(len(line))
    while len(at) and len(steps) < STEPS:
        size = CHUNKS[len(at) <= CHUNKS[1]]
        run = functools.partial(jit_with(_step, land), frame)
        polished[at], off, length = chunked(run, size)(polished[at], levels[at])
        if not steps:
            first, last = np.zeros((2, len(line)))
            first[at] = off
        last[at] = off
        steps.append(at)
        at = at[(length >= SETTLED) | ~(off <= first[at])]
    back = at[~(last[at] <= first[at])]
    polished[back] = line[back]
    polished[end] = polished[start]
    return polished, _Rounds(steps, back)


def _step(land: Field, frame: Frame, starts: jax.Array, levels: jax.Array) -> Moved:
    """A step of Newton's method from starts (m, 2)."""
    low, one, high = frame
    cell = one - low

    def look(q: jax.Array) -> tuple[jax.Array, jax.Array]:
        h = land(q)
        return h, h

    def step(q: jax.Array, level: jax.Array) -> Moved:
        # A point on the edge of the box stays on it.
        free = jnp.minimum(q - low, high - q) > 1e-3 * cell
        slope, h = explained(jax.jacfwd(look, has_aux=True))(q)
        slope = jnp.where(free, slope, 0)
        square = (slope**2).sum()
        move = (level - h) * slope / jnp.where(square > 0, square, 1)
        # What holds a step back has no part in where the steps lead.
        size = jax.lax.stop_gradient(jnp.abs(move / cell).max())
        move = move / jnp.maximum(1, size)
        return jnp.clip(q + move, low, high), jnp.abs(h - level), size

    # Points by columns: their coordinates lie together, as they are computed.
    columns = jax.vmap(step, in_axes=(1, 0), out_axes=(1, 0, 0))
    moved, off, size = columns(starts.T, levels)
    return moved.T, off, size
