"""How the points of isolines move with their field: the way to each of them, differentiated.

A point is found on an edge of the grid, and moved by some steps of Newton's method. Here all points
take these steps again, so many at once, in one program whatever lines there are: a sketch may draw
contours of a field again and again, of other lengths each time.
"""

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.artist_functions import as_floats
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.calculus.programs.present_values import stepped, with_derivatives_of
from gradart.types import Field, Number, Numbers

CHUNK = 2048  # points at once
STEPS = 4  # of which as many as are needed are taken, or twice as many

Frame = tuple[jax.Array, jax.Array, jax.Array]  # nodes: the first, one a cell on, and the last
# Points (m, 2), how far they were off their levels (m,), and the parts of a cell that they moved.
Moved = tuple[jax.Array, jax.Array, jax.Array]


@dataclass(frozen=True)
class Sheet:
    """A field that is differentiated over a box (2, 2), and what it is now at nodes of a grid."""

    land: TracedFunction
    box: jax.Array
    nodes: np.ndarray
    heights: np.ndarray
    shore: Number | None

    def levels(self, levels: int | Numbers, values: np.ndarray) -> jax.Array:
        """The levels (k,), of which those that were counted are spread over the field's heights."""
        if not isinstance(levels, int | np.integer):
            return jnp.ravel(as_floats(levels, "levels"))
        ends = np.array([np.nanargmin(self.heights), np.nanargmax(self.heights)])
        rows = np.stack(np.unravel_index(ends, self.heights.shape), 1)
        low, high = jit_with(_heights, self.land)(self.box, _parts(self, rows[:, ::-1]))
        low = low if self.shore is None else jnp.maximum(low, self.shore)
        return with_derivatives_of(jnp.linspace(low, high, levels + 2)[1:-1], values)


class Polishing(NamedTuple):
    """How n points of lines were found, and which of them each step (s, n) has moved."""

    found: np.ndarray
    """(n, 2), on edges of the grid"""
    polished: np.ndarray
    """(n, 2)"""
    owner: np.ndarray
    """(n,), the number of its level"""
    steps: np.ndarray
    """(s, n), which points a step of Newton's method has moved"""
    back: np.ndarray
    """(n,), which of them were put back to where they were found"""


def moving_points(
    sheet: Sheet, polishing: Polishing, levels: int | Numbers, values: np.ndarray
) -> jax.Array:
    """The polished points, as they move, the last of them again and again: (more than n, 2)."""
    found, polished, owner, steps, back = polishing
    edges = _edges(sheet, found, values[owner])
    rounds = np.zeros((-(-len(steps) // STEPS) * STEPS, len(found)), bool)
    rounds[: len(steps)] = steps
    given = sheet.box, sheet.levels(levels, values), 1 / (_shape(sheet) - 1)
    n, parts = len(found), []
    for rows in np.minimum(np.arange(-(-n // CHUNK) * CHUNK), n - 1).reshape(-1, CHUNK):
        way = Polishing(found[rows], polished[rows], owner[rows], rounds[:, rows], back[rows])
        edge = _Edges(*(x[rows] for x in edges))
        parts.append(jit_with(_followed, sheet.land)(*given, edge, way))
    return parts[0] if len(parts) == 1 else jnp.concatenate(parts)


def _shape(sheet: Sheet) -> np.ndarray:
    """How many nodes there are along the box's sides: columns and rows, (2,)."""
    return np.array(sheet.heights.shape)[::-1]


class _Edges(NamedTuple):
    """Where n points lie on edges of the grid: by four nodes in a row each, and weights of these.

    On the cubic through their heights, or on the line through two, as they were traced.
    """

    row: np.ndarray
    """(n, 4, 2), parts of the way along the box's sides"""
    t: np.ndarray
    """(n,), of the way from the second node to the third"""
    weight: np.ndarray
    """(n, 4), of the heights, for the one at the point"""
    rise: np.ndarray
    """(n, 4), of the heights, for how it changes with t"""
    steep: np.ndarray
    """(n,), whether it does"""


def _parts(sheet: Sheet, columns_and_rows: np.ndarray) -> np.ndarray:
    return np.asarray(columns_and_rows / (_shape(sheet) - 1))


def _edges(sheet: Sheet, found: np.ndarray, level: np.ndarray) -> _Edges:
    shape = _shape(sheet)
    first, last = sheet.nodes[0, 0], sheet.nodes[-1, -1]
    place = (found - first) / (last - first) * (shape - 1)
    # One of the two is whole: a point lies on a line of the grid, between two of its nodes.
    off = np.abs(place - np.round(place))
    across, each = np.argmax(off, axis=1), np.arange(len(place))
    low = np.round(place).astype(int)
    low[each, across] = np.clip(np.floor(place[each, across]), 0, shape[across] - 2)
    high = low.copy()
    high[each, across] += 1
    t = place[each, across] - low[each, across]
    row = np.stack([2 * low - high, low, high, 2 * high - low], 1)
    inside = ((row >= 0) & (row < shape)).all((1, 2))
    row = np.clip(row, 0, shape - 1)
    now = sheet.heights[row[..., 1], row[..., 0]]
    s = t[:, None] - np.arange(-1, 3)
    cubic = np.stack([-s[:, 1], 3 * s[:, 0], -3 * s[:, 0], s[:, 0]], 1) / 6
    cubic *= np.stack([s[:, 2], s[:, 2], s[:, 1], s[:, 1]], 1)
    cubic *= np.stack([s[:, 3], s[:, 3], s[:, 3], s[:, 2]], 1)
    falls = [6 * t - 2 - 3 * t**2, 9 * t**2 - 12 * t - 3, 6 * t - 9 * t**2 + 6, 3 * t**2 - 1]
    none, one = np.zeros_like(t), np.ones_like(t)
    line = np.stack([none, 1 - t, t, none], 1)
    gaps = [np.abs((weight * now).sum(1) - level) for weight in (cubic, line)]
    curved = (inside & (gaps[0] <= gaps[1]))[:, None]
    # Of a line the outer nodes have no part, and may be where the field has no height.
    row = np.where(curved[..., None], row, row[:, [1, 1, 2, 2]])
    now = sheet.heights[row[..., 1], row[..., 0]]
    weight = np.where(curved, cubic, line)
    rise = np.where(curved, np.stack(falls, 1) / 6, np.stack([none, -one, one, none], 1))
    return _Edges(_parts(sheet, row), t, weight, rise, np.abs((rise * now).sum(1)) > 0)


def _heights(land: Field, box: jax.Array, parts: ArrayLike) -> jax.Array:
    """The field's heights at parts (n, 2) of the way along a box's sides: (n,)."""
    return jax.vmap(land)(box[0] + jnp.asarray(parts) * (box[1] - box[0]))


def _followed(
    land: Field, box: jax.Array, levels: jax.Array, cell: ArrayLike, edges: _Edges, way: Polishing
) -> jax.Array:
    row, t, weight, rise, steep = edges
    level = levels[way.owner]
    heights = _heights(land, box, row.reshape(-1, 2)).reshape(row.shape[:2])
    slope = jnp.where(steep, (rise * heights).sum(1), 1)
    part = t + jnp.where(steep, (level - (weight * heights).sum(1)) / slope, 0)
    places = row[:, 1] + part[:, None] * (row[:, 2] - row[:, 1])
    starts = stepped(way.found, -(box[0] + places * (box[1] - box[0])))
    frame = box[0], box[0] + cell * (box[1] - box[0]), box[1]

    def step(points: jax.Array, chosen: jax.Array) -> tuple[jax.Array, None]:
        moved, _, _ = level_step(land, frame, points, level)
        return jnp.where(chosen[:, None], moved, points), None

    points, _ = jax.lax.scan(step, starts, jnp.asarray(way.steps))
    points = jnp.where(way.back[:, None], starts, points)
    return stepped(way.polished, -points)


def level_step(land: Field, frame: Frame, starts: jax.Array, levels: jax.Array) -> Moved:
    """A step of Newton's method from starts (m, 2) toward levels (m,)."""
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
