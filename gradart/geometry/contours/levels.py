"""Which heights of a field have isolines: so many evenly, or evenly on paper, none below a sea."""

import operator
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import FIELD, as_count, as_floats, checked, outside
from gradart.calculus.derivatives import gradient
from gradart.calculus.programs.compiled_once import held, traced
from gradart.calculus.programs.present_values import moves, present, with_derivatives_of
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.points import domain, grid, square_cells, survey
from gradart.types import ArrayT, Corners, Field, Number, Numbers

CLASSES = 1000  # of height, for levels that are even on paper


def above_shore(shore: Number | None, lowest: float) -> float:
    """The lowest value of a field that is no depth, if it has a shore."""
    return lowest if shore is None else max(lowest, float(np.asarray(present(shore))))


def level_values(levels: int | Numbers, low: float, high: float) -> np.ndarray:
    """Levels (k,) as they are given, or as many as are asked for, between two heights."""
    try:
        count = operator.index(levels)  # type: ignore[arg-type]
    except TypeError:
        values = np.asarray(as_floats(levels, "levels"), np.float64).ravel()
        if not np.isfinite(values).all():
            raise ArtError(f"levels are {values.tolist()}: give finite numbers") from None
        return values
    if count < 1:
        raise ArtError(f"levels is {levels}: give a whole number, 1 or more, or the levels")
    as_count(count, "levels", 1)
    return np.linspace(low, high, count + 2)[1:-1]


def even_levels(
    field: Field, n: int, *, box: Corners | None = None, resolution: int = 200
) -> np.ndarray | jax.Array:
    """Heights of a field whose isolines are equally far apart on paper, on the whole: (n,).

    `n` of them, for the levels of `contours` of `field` in `box`, the field's own by default. Two
    isolines are apart by their difference in height over the slope between them. With the mean
    slope at each height, taken over a grid with `resolution` points along the longer side of the
    box, the heights divide the way from the lowest to the highest value evenly. So the isolines of
    any function of the distance to a point are rings of one width.

    >>> hill = ga.bump()
    >>> ga.lines(ga.contours(hill, ga.even_levels(hill, 20)), width=0.2)
    """
    n = as_count(n, least=1)
    outside("even_levels")
    resolution = as_count(resolution, "resolution")
    corner = np.asarray(present(domain(field, box)))

    nodes = np.asarray(grid(*square_cells(corner, resolution), corner))
    moving = traced(checked(field, FIELD), nodes[0, 0])
    land = held(moving)
    height = np.asarray(survey(land, nodes), np.float64).ravel()
    slope = np.linalg.norm(gradient(land, nodes), axis=-1).ravel()
    fine = np.isfinite(height) & np.isfinite(slope)
    fine &= height >= above_shore(getattr(field, "shore", None), -np.inf)
    if not fine.any():
        raise ArtError("the field is nowhere finite in this box")
    order = np.flatnonzero(fine)[np.argsort(height[fine])]
    found = _evenly(np, height[order], slope[order], n)
    if not moves(moving):
        return found
    heights = survey(moving, nodes).ravel()[order]
    slopes = safe_norm(gradient(moving, nodes)).ravel()[order]
    return with_derivatives_of(_evenly(jnp, heights, slopes, n), found)


def _evenly(xp: ModuleType, height: ArrayT, slope: ArrayT, n: int) -> ArrayT:
    """n heights (n,) that divide the way evenly, of all nodes' in order, and slopes, (m,)."""
    # Classes of equally many nodes, so of equal area; the way through one is its rise over slope.
    ends = np.linspace(0, len(height) - 1, min(CLASSES, len(height) // 8 + 1) + 1).astype(int)
    mean = xp.diff(xp.append(0, xp.cumsum(slope))[ends]) / np.diff(ends)
    rise = xp.diff(height[ends])
    way = xp.append(0, xp.cumsum(xp.where(rise > 0, rise / xp.where(mean > 0, mean, 1), 0)))
    return xp.interp(xp.linspace(0, way[-1], n + 2)[1:-1], way, height[ends])
