"""Isolines of a field: found on a grid, then polished onto their level with its exact gradient."""

import functools
from dataclasses import dataclass
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import whole_number
from gradart.calculus.checks.artist_functions import FIELD, as_count, as_floats, checked, outside
from gradart.calculus.derivatives import gradient
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.present_values import moves, present, with_derivatives_of
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.contours.contour_derivatives import (
    Polishing,
    Sheet,
    level_step,
    moving_points,
)
from gradart.geometry.contours.isolines import isolines, isolines_beside_gaps, saddle_repairs
from gradart.geometry.paths.paths import moved_rows, padded, runs
from gradart.geometry.points import domain, grid, square_cells, survey
from gradart.types import ArrayT, Corners, Field, Number, Numbers

# Of Newton's method; each doubles the digits. One is enough for a point whose step is at most that
# part of a cell, as most are where a cubic through the heights of the grid is near a smooth field.
STEPS = 8
SETTLED = 1e-4
CHUNKS = 4096, 256  # points polished at once, and the few that are left


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
    if not moves((moving, edges, levels)) or np.isnan(polished).all():
        return found
    sheet = Sheet(moving, edges, nodes, heights, shore)
    inked = np.flatnonzero(np.isfinite(line).all(-1))
    number = np.full(len(line), -1)
    number[inked] = np.arange(len(inked))
    start, end = _loops(line)
    again = number.copy()
    again[end] = number[start]
    polishing = Polishing(
        line[inked],
        polished[inked],
        owners[inked],
        np.array([np.isin(inked, at) for at in rounds.steps]).reshape(-1, len(inked)),
        np.isin(inked, rounds.back),
    )
    return moved_rows(found, moving_points(sheet, polishing, levels, values), again[inked])


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
    else:
        plain = isolines_beside_gaps(heights, x, y)
        lines = []
        for k, level in enumerate(levels):
            found = isolines_beside_gaps(repairs[k], x, y) if k in repairs else plain
            lines.append(np.concatenate([found(level), np.full((1, 2), np.nan)]))
    return np.concatenate(lines), np.array([len(line) for line in lines])


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
        run = functools.partial(jit_with(level_step, land), frame)
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


CLASSES = 1000  # of height, for levels that are even on paper


def above_shore(shore: Number | None, lowest: float) -> float:
    """The lowest value of a field that is no depth, if it has a shore."""
    return lowest if shore is None else max(lowest, float(np.asarray(present(shore))))


def level_values(levels: int | Numbers, low: float, high: float) -> np.ndarray:
    """Levels (k,) as they are given, or as many as are asked for, between two heights."""
    if (count := whole_number(levels)) is None:
        values = np.asarray(as_floats(levels, "levels"), np.float64).ravel()
        if not np.isfinite(values).all():
            raise ArtError(f"levels are {values.tolist()}: give finite numbers")
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
