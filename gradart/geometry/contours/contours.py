"""Isolines of a field: found on a grid, then polished onto their level with its exact gradient."""

import functools
from dataclasses import dataclass

import jax
import numpy as np

from gradart.calculus.checks.artist_functions import FIELD, as_count, checked, outside
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.present_values import moves, present
from gradart.errors import ArtError
from gradart.geometry.contours.contour_derivatives import (
    Polishing,
    Sheet,
    level_step,
    moving_points,
)
from gradart.geometry.contours.isolines import isolines, isolines_beside_gaps, saddle_repairs
from gradart.geometry.contours.levels import above_shore, level_values
from gradart.geometry.paths.paths import moved_rows, padded, runs
from gradart.geometry.points import domain, grid, square_cells, survey
from gradart.types import Corners, Field, Numbers

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
