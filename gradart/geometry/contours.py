"""Isolines of a field: found on a grid, then polished onto their level with its exact gradient."""

import functools
import operator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.batching import chunked
from gradart.calculus.checks import FIELD, as_count, as_floats, checked, outside
from gradart.calculus.compiled_once import TracedFunction, jit_with, traced
from gradart.calculus.derivatives import gradient
from gradart.calculus.forward_mode import explained
from gradart.errors import ArtError
from gradart.geometry.paths import padded
from gradart.geometry.points import domain, grid, survey
from gradart.geometry.saddles import saddle_repairs
from gradart.types import Corners, Field, Numbers

Frame = tuple[np.ndarray, np.ndarray, np.ndarray]  # nodes: the first, one a cell on, and the last
Moved = tuple[jax.Array, jax.Array]  # points (m, 2), and which of them (m,) have come to an end

# Of Newton's method; each doubles the digits, of which the grid gives two or three. Two steps are
# enough for all but a few points, whose last one is more than that part of a cell.
STEPS = 8
SETTLED = 1e-4
CHUNK = 4096  # points polished at once
# Any, for what its tracers return depends on these: here, a list of an array and offsets.
TRACED: Any = {"name": "serial", "line_type": "ChunkCombinedNan"}
CLASSES = 1000  # of height, for levels that are even on paper


def contours(
    field: Field, levels: int | Numbers, *, box: Corners | None = None, resolution: int = 800
) -> np.ndarray:
    """The isolines of a field, one row for each level: (levels, m, 2), ready for `lines`.

    `levels` is their number, evenly spaced between the lowest and the highest value in the box, or
    the values themselves. A row holds all lines of its level, NaN between them, so that a level
    takes one width and one color. A line ends where it began, or at the edge of the box.

    The lines are found on a grid with `resolution` points along the longer side of the box. Each of
    their points is then moved along the gradient until it is on its level, to a millionth of the
    box or better in float64; where the gradient vanishes, it stays. How lines run past a saddle is
    told by the field's own height there.

    >>> lines(contours(land, 20), width=0.2)
    """
    from contourpy import contour_generator

    land = checked(field, FIELD)
    outside("contours")
    resolution = as_count(resolution, "resolution")
    corner = np.asarray(domain(field, box))
    nodes = np.asarray(grid(*_counts(corner, resolution), corner))
    land = traced(land, nodes[0, 0])
    heights = np.asarray(survey(land, nodes), np.float64)
    fine = np.isfinite(heights)
    if not fine.any():
        raise ArtError("the field is nowhere finite in this box")
    if not fine.all():
        heights = np.where(fine, heights, np.nan)
    values = _values(levels, float(np.nanmin(heights)), float(np.nanmax(heights)))

    x, y = nodes[0, :, 0], nodes[:, 0, 1]
    plain = contour_generator(x, y, heights, **TRACED)
    lines = []
    repairs = saddle_repairs(land, nodes, heights, values)
    for k, value in enumerate(values):
        tracer = contour_generator(x, y, repairs[k], **TRACED) if k in repairs else plain
        line = tracer.lines(value)[0][0]
        lines += [np.empty((0, 2)) if line is None else line, np.full((1, 2), np.nan)]
    sizes = [len(a) + len(b) for a, b in zip(lines[::2], lines[1::2], strict=True)]
    polished = _polished(land, nodes, np.concatenate(lines), np.repeat(values, sizes))
    return padded(np.split(polished, np.cumsum(sizes)[:-1]), (len(values),))


def _polished(
    land: TracedFunction, nodes: np.ndarray, line: np.ndarray, levels: np.ndarray
) -> np.ndarray:
    """The points of a line (m, 2), each on its level (m,), no farther away than a grid's cell.

    NaN stays, though a field may be finite there, and what is closed stays closed.
    """
    inked = ~np.isnan(line[:, 0])
    turns = np.flatnonzero(np.diff(inked, prepend=False, append=False)).reshape(-1, 2)
    start, end = turns[:, 0], turns[:, 1] - 1
    closed = (line[start] == line[end]).all(-1)
    polished, at = np.full_like(line, np.nan), np.flatnonzero(inked)
    frame = nodes[0, 0], nodes[1, 1], nodes[-1, -1]
    for driver in (_first_steps, _more_steps) if len(at) else ():
        run = functools.partial(jit_with(driver, land), frame)
        polished[at], done = chunked(run, CHUNK)(line[at], levels[at])
        at = at[~done]
        if not len(at):
            break
    polished[end[closed]] = polished[start[closed]]
    return polished


def _first_steps(land: Field, frame: Frame, starts: jax.Array, levels: jax.Array) -> Moved:
    """Newton's method from starts (m, 2), and for which of them (m,) it has come to an end."""
    return _steps(land, frame, starts, levels, 2)


def _more_steps(land: Field, frame: Frame, starts: jax.Array, levels: jax.Array) -> Moved:
    """Newton's method with more steps, for the points that two have not settled."""
    return _steps(land, frame, starts, levels, STEPS)


def _steps(land: Field, frame: Frame, starts: jax.Array, levels: jax.Array, count: int) -> Moved:
    low, one, high = frame
    cell = one - low

    def look(q: jax.Array) -> tuple[jax.Array, jax.Array]:
        h = land(q)
        return h, h

    def polish(start: jax.Array, level: jax.Array) -> tuple[jax.Array, jax.Array]:
        # A point on the edge of the box stays on it.
        free = jnp.minimum(start - low, high - start) > 1e-3 * cell

        def step(q: jax.Array, _: None) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
            slope, h = explained(jax.jacfwd(look, has_aux=True))(q)
            slope = jnp.where(free, slope, 0)
            square = (slope**2).sum()
            move = (level - h) * slope / jnp.where(square > 0, square, 1)
            size = jnp.abs(move / cell).max()
            move = move / jnp.maximum(1, size)
            return jnp.clip(q + move, low, high), (jnp.abs(h - level), size)

        end, (off, size) = jax.lax.scan(step, start, length=count)
        done = (size[-1] < SETTLED) & (off[-1] <= off[0])
        return jnp.where(off[-1] <= off[0], end, start), done

    return jax.vmap(polish)(starts, levels)


def _values(levels: int | Numbers, low: float, high: float) -> np.ndarray:
    try:
        count = operator.index(levels)  # type: ignore[arg-type]
    except TypeError:
        values = np.asarray(as_floats(levels, "levels"), np.float64).ravel()
        if not np.isfinite(values).all():
            raise ArtError(f"levels are {values.tolist()}: give finite numbers") from None
        return values
    if count < 1:
        raise ArtError(f"levels is {levels}: give a whole number, 1 or more, or the levels")
    return np.linspace(low, high, count + 2)[1:-1]


def even_levels(
    field: Field, n: int, *, box: Corners | None = None, resolution: int = 200
) -> np.ndarray:
    """n heights (n,) of a field whose isolines are equally far apart on paper, on the whole.

    Two isolines are apart by their difference in height over the slope between them. With the mean
    slope at each height, taken over a grid with `resolution` points along the longer side of the
    box, the heights divide the way from the lowest to the highest value evenly. So the isolines of
    any function of the distance to a point are rings of one width.

    >>> lines(contours(land, even_levels(land, 20)), width=0.2)
    """
    n = as_count(n, least=1)
    outside("even_levels")
    resolution = as_count(resolution, "resolution")
    corner = np.asarray(domain(field, box))

    nodes = np.asarray(grid(*_counts(corner, resolution), corner))
    land = traced(checked(field, FIELD), nodes[0, 0])
    height = np.asarray(survey(land, nodes), np.float64).ravel()
    slope = np.linalg.norm(gradient(land, nodes), axis=-1).ravel()
    fine = np.isfinite(height) & np.isfinite(slope)
    if not fine.any():
        raise ArtError("the field is nowhere finite in this box")
    order = np.argsort(height[fine])
    height, slope = height[fine][order], slope[fine][order]
    # Classes of equally many nodes, so of equal area; the way through one is its rise over slope.
    ends = np.linspace(0, len(height) - 1, min(CLASSES, len(height) // 8 + 1) + 1).astype(int)
    mean = np.diff(np.append(0, np.cumsum(slope))[ends]) / np.diff(ends)
    rise = np.diff(height[ends])
    way = np.append(0, np.cumsum(np.where(rise > 0, rise / np.where(mean > 0, mean, 1), 0)))
    return np.interp(np.linspace(0, way[-1], n + 2)[1:-1], way, height[ends])


def _counts(corner: np.ndarray, resolution: int) -> tuple[int, int]:
    """Rows and columns of a grid with square cells, `resolution` along its longer side."""
    side = corner[1] - corner[0]
    if not (side > 0).all():
        raise ArtError("the box of contours is ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    columns, rows = (max(round(float(resolution * s / side.max())), 2) for s in side)
    return rows, columns
