"""Isolines of a field: found on a grid, then polished onto their level with its exact gradient."""

import operator
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks import FIELD, as_floats, checked
from gradart.errors import ArtError
from gradart.geometry.paths import padded
from gradart.geometry.points import domain, grid, survey

Field = Callable[[Any], Any]

STEPS = 6  # of Newton's method; each doubles the digits, of which the grid gives two or three


def contours(
    field: Field, levels: int | ArrayLike, *, box: Any = None, resolution: int = 800
) -> np.ndarray:
    """The isolines of a field, one row for each level: (levels, m, 2), ready for `lines`.

    `levels` is their number, evenly spaced between the lowest and the highest value in the box, or
    the values themselves. A row holds all lines of its level, NaN between them, so that a level
    takes one width and one color. A line ends where it began, or at the edge of the box.

    The lines are found on a grid with `resolution` points along the longer side of the box. Each of
    their points is then moved along the gradient until it is on its level, to a millionth of the
    box or better in float64; where the gradient vanishes, it stays.

    >>> lines(contours(land, 20), width=0.2)
    """
    from contourpy import LineType, contour_generator

    corner = np.asarray(domain(field, box))
    side = corner[1] - corner[0]
    if not (side > 0).all():
        raise ArtError("the box of contours is ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    land = checked(field, FIELD)
    columns, rows = (max(round(float(resolution * s / side.max())), 2) for s in side)
    nodes = grid(rows, columns, corner)
    heights = np.ma.masked_invalid(np.asarray(survey(land, nodes), np.float64))
    if heights.count() == 0:
        raise ArtError("the field is nowhere finite in this box")
    values = _values(levels, heights.min(), heights.max())

    x, y = np.asarray(nodes[0, :, 0]), np.asarray(nodes[:, 0, 1])
    tracer = contour_generator(x, y, heights, name="serial", line_type=LineType.ChunkCombinedNan)
    nothing = np.empty((0, 2))
    found = [tracer.lines(value)[0][0] for value in values]
    paths = padded([nothing if line is None else line for line in found], (len(values),))
    polished = np.array(_polished(land, nodes, paths, values))
    polished[np.isnan(paths)] = np.nan  # a field may be finite there
    for before, after in zip(paths, polished, strict=True):
        start, end = _ends(before)
        closed = (before[start] == before[end]).all(-1)
        after[end[closed]] = after[start[closed]]
    return polished


def _polished(land: Field, nodes: jax.Array, paths: np.ndarray, values: np.ndarray) -> jax.Array:
    """Each point of paths (levels, m, 2) on its level, no farther away than a cell of the grid."""
    low, high = nodes[0, 0], nodes[-1, -1]
    cell = nodes[1, 1] - nodes[0, 0]

    def look(q: jax.Array) -> tuple[jax.Array, jax.Array]:
        h = land(q)
        return h, h

    def polish(start: jax.Array, level: jax.Array) -> jax.Array:
        # A point on the edge of the box stays on it.
        free = jnp.minimum(start - low, high - start) > 1e-3 * cell

        def step(q: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            slope, h = jax.jacfwd(look, has_aux=True)(q)
            slope = jnp.where(free, slope, 0)
            square = (slope**2).sum()
            move = (level - h) * slope / jnp.where(square > 0, square, 1)
            move = move / jnp.maximum(1, jnp.abs(move / cell).max())
            return jnp.clip(q + move, low, high), jnp.abs(h - level)

        end, off = jax.lax.scan(step, start, length=STEPS)
        return jnp.where(off[-1] <= off[0], end, start)

    return jax.jit(jax.vmap(jax.vmap(polish, (0, None))))(paths, values)


def _ends(path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The indices of the first and of the last point of each run between NaN."""
    inked = ~np.isnan(path).any(-1)
    turns = np.diff(inked, prepend=False, append=False)
    edges = np.flatnonzero(turns).reshape(-1, 2)
    return edges[:, 0], edges[:, 1] - 1


def _values(levels: int | ArrayLike, low: float, high: float) -> np.ndarray:
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
