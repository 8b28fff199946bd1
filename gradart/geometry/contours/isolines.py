"""Isolines of a table of heights, traced on its grid, and how they run through cells with a saddle.

Where two opposite corners of a cell are above a level and the other two below, four numbers do not
tell whether the high ones or the low ones are joined. A tracer takes the mean of the corners for
the height between them; what decides is the height of the field's own saddle.
"""

from collections.abc import Callable
from typing import cast

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.critical_points import newton_step
from gradart.calculus.forward_mode import gradient_of, hessian_of
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with

STEPS = 12  # of Newton's method, none longer than a cell
BEYOND = 0.5  # of a cell, where a saddle may lie outside of the cell that it makes ambiguous


def isolines(
    x: np.ndarray, y: np.ndarray, heights: np.ndarray, levels: np.ndarray, curved: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The lines of each level in a table of finite heights (rows, columns).

    Its columns are at `x` (columns,), its rows at `y` (rows,). Of all `levels` (k,) in one array
    (m, 2), with NaN behind each line, and of a level without a line NaN alone; and how many of the
    rows are of each level, (k,). Between two nodes heights are `curved` as a cubic through four of
    them, or change evenly.
    """
    from gradart.geometry.contours import isoline_kernel

    order = np.argsort(levels, kind="stable")
    table = isoline_kernel.Table(
        np.ascontiguousarray(heights, np.float64).ravel(),
        np.ascontiguousarray(x, np.float64),
        np.ascontiguousarray(y, np.float64),
        np.ascontiguousarray(levels[order], np.float64),
        np.empty(heights.size, np.uint32),
        curved,
    )
    isoline_kernel.rank(table)
    free = np.zeros(len(levels), np.int64)
    none = isoline_kernel.Starts(np.empty(0, np.int64), np.empty(0, np.uint8), free)
    crossings = isoline_kernel.find_starts(table, none)
    ends = np.cumsum(free)
    n = int(ends[-1])
    starts = isoline_kernel.Starts(np.empty(n, np.int64), np.empty(n, np.uint8), ends - free)
    isoline_kernel.find_starts(table, starts)
    # A closed line has its first point twice, and what begins elsewhere is written over.
    line = np.empty((2 * (crossings + n + len(levels)), 2))
    marks = np.zeros(2 * heights.size, np.int32)
    sizes, at = np.empty(len(levels), np.int64), 0
    for row, k in enumerate(np.argsort(order).tolist()):  # in the order that they were given in
        span = int(ends[k] - free[k]), int(ends[k])
        end = isoline_kernel.trace(table, k, starts, span, marks, line, at)
        if end == at:
            line[end] = np.nan
            end += 1
        sizes[row], at = end - at, end
    return line[:at], sizes


def isolines_beside_gaps(
    heights: np.ndarray, x: np.ndarray | None = None, y: np.ndarray | None = None
) -> Callable[[float], np.ndarray]:
    """From a level to its lines (m, 2) in a table (rows, columns) in which heights may be missing.

    NaN stands between the lines, which end on the diagonals of cells beside what is missing.
    Columns are at `x` and rows at `y`, by default at 0, 1, ...
    """
    from contourpy import LineType, contour_generator

    tracer = contour_generator(x, y, heights, name="serial", line_type=LineType.ChunkCombinedNan)

    def lines(level: float) -> np.ndarray:
        # An array, or None, and offsets, of each chunk: here there is one.
        (found, *_), *_ = cast("tuple[list[np.ndarray | None], ...]", tracer.lines(level))
        return np.empty((0, 2)) if found is None else found

    return lines


def saddle_repairs(
    field: TracedFunction, nodes: np.ndarray, heights: np.ndarray, levels: np.ndarray
) -> dict[int, np.ndarray]:
    """For the levels that a tracer would join wrongly, heights (rows, columns) that it will not.

    They keep the side of the level on which each node lies, and are for that level only.
    """
    rises, climbs = heights[:, 1:] > heights[:, :-1], heights[1:] > heights[:-1]
    # Where opposite edges of a cell go up opposite ways, and towards the same corners.
    crossed = (rises[:-1] != rises[1:]) & (climbs[:, :-1] != climbs[:, 1:])
    i, j = np.nonzero(crossed & (rises[:-1] == climbs[:, :-1]))
    around = np.stack([heights[i, j], heights[i, j + 1], heights[i + 1, j + 1], heights[i + 1, j]])
    even, odd = around[::2], around[1::2]
    floor = np.minimum(even.max(0), odd.max(0))
    ceiling = np.maximum(even.min(0), odd.min(0))
    order = np.sort(levels)
    between = np.searchsorted(order, floor, "right") < np.searchsorted(order, ceiling, "left")
    between &= np.isfinite(around).all(0)
    i, j, floor, ceiling, around = (x[..., between] for x in (i, j, floor, ceiling, around))
    if not len(i):
        return {}
    low, high = nodes[i, j], nodes[i + 1, j + 1]
    middle = around.mean(0)
    saddle = chunked(jit_with(_saddles, field), 64)(low, high)
    repairs: dict[int, np.ndarray] = {}
    for k, level in enumerate(levels):
        wrong = (floor < level) & (level < ceiling)
        wrong &= (middle > level) != (saddle > level)
        for row, column, joined in zip(i[wrong], j[wrong], saddle[wrong] > level, strict=True):
            cell = repairs.setdefault(k, heights.copy())[row : row + 2, column : column + 2]
            above, below = cell - level > 0, cell - level <= 0
            few, many = (above, below) if joined else (below, above)
            # The side that is joined is pulled away from the level until the mean is on it.
            weight = -1.01 * np.sum(cell[many] - level) / np.sum(cell[few] - level)
            cell[few] = level + max(weight, 1.0) * (cell[few] - level)
    return repairs


def _saddles(field: TracedFunction, low: jax.Array, high: jax.Array) -> jax.Array:
    """The field's height (k,) at the critical point of each cell, or where it has none, amid it."""
    gradient, hessian = gradient_of(field), hessian_of(field)

    def height(low: jax.Array, high: jax.Array) -> jax.Array:
        cell, center = high - low, (low + high) / 2

        def step(_: int, p: jax.Array) -> jax.Array:
            return p - newton_step(gradient(p), hessian(p), cell)

        p = jax.lax.fori_loop(0, STEPS, step, center)
        near = jnp.all((p >= low - BEYOND * cell) & (p <= high + BEYOND * cell))
        return field(jnp.where(near, p, center))

    return jax.vmap(height)(low, high)
