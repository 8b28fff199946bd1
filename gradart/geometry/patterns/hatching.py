"""Hatching: polygons filled with lines, straight or along a field or outline, or in one stroke."""

from collections.abc import Sequence
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import FIELD, checked, outside, plain_numbers
from gradart.calculus.programs.compiled_once import held, traced
from gradart.calculus.programs.present_values import moves
from gradart.errors import ArtError
from gradart.geometry.paths.offset_derivatives import ARC, moving_offsets
from gradart.geometry.paths.paths import as_rows, moved_rows, padded
from gradart.geometry.paths.polygons import regions, rings
from gradart.geometry.patterns.parallel_lines import (
    NOTHING,
    Outlines,
    limited,
    moving_segments,
    moving_toned_ends,
    parallel_lines,
    toned_lines,
)
from gradart.geometry.patterns.paths_inside import spirals, streams
from gradart.types import Field, Map, Numbers

Along = Field | Map | Literal["outline", "spiral", "scribble"]

WAYS = None, "outline", "spiral", "scribble"


def hatch(
    polygons: Numbers,
    spacing: Numbers | Field,
    angle: Numbers = 45.0,
    *,
    along: Along | None = None,
) -> np.ndarray | jax.Array:
    """Lines that fill polygons, a spacing apart: (..., m, 2), all lines of a polygon in its row.

    Of each row of `polygons` (..., m, 2) the inside is told as in `ga.polygons`, holes too; its
    lines keep its place, and so its color, with NaN between them. `spacing`, in the artist's units,
    and `angle`, in degrees counterclockwise from the x axis, are one for all or one for each row.
    Lines lie on one lattice through (0, 0), so that those of neighbors meet. For cross-hatching,
    hatch twice: at 45 and at -45.

    A `spacing` may be a field, (2,) -> (), as of a photograph: the lines are as close as it asks
    where it is smallest, and of them just the share is drawn that makes the spacing so on average,
    every other, every fourth; where it is infinite or NaN, none. They end exactly where their turn
    does.

    `along` lays the lines otherwise: a field along its level lines, and a map, (2,) -> (2,), along
    the vectors (`jax.grad(field)` for lines of steepest slope), by `streamlines`, about the spacing
    apart; "outline" along outlines that shrink by the spacing, half of it first; "spiral" on one
    spiral around the middle; "scribble" on straight lines at the angle that are joined to and fro
    wherever the way lies inside, so that the pen seldom lifts.

    Differentiated, straight lines keep their numbers, and the edges or the tone that they end at.
    Outlines and a spiral move with the polygons and the spacing; lines along a field or vectors
    with these, as in `streamlines`, where the spacing decides which there are and does not move
    them. All end where they then meet the polygons. Where round parts of outlines cross, that is
    right to 4 %, as in `buffer`.

    ArtError for a spacing that is not above 0 or makes more than a million lines.

    >>> star = ga.point(ga.superformula(m=5), jnp.linspace(0, 6.2832, 400))
    >>> ga.lines(ga.hatch(star, 0.05), width=0.2)
    """
    outside("hatch", polygons, angle, () if callable(spacing) else spacing)
    points, lead = as_rows(polygons, "hatch")
    if points.shape[-1] != 2:
        raise ArtError(f"hatch takes polygons of shape (..., m, 2), not (..., {points.shape[-1]})")
    turns = _each(angle, "angle", len(points))
    loops = [rings(row) for row in points]
    if callable(spacing):
        if along is not None:
            raise ArtError("a spacing that is a field is for straight lines: leave out along=")
        field = traced(checked(spacing, FIELD), jnp.zeros(2))
        outside("hatch", polygons, field.consts)
        with jax.ensure_compile_time_eval():  # in a frame, what does not move can be hatched
            toned = toned_lines(loops, held(field), turns)
        found = padded([_in_a_row(row) for row in toned.drawn(toned.nodes)], lead)
        if not moves((polygons, field.consts, angle)):
            return found
        outlines = Outlines.of(polygons, points)
        return moved_rows(found, moving_toned_ends(toned, outlines, field, angle))
    gaps = _each(spacing, "spacing", len(points))
    if not (gaps > 0).all():
        raise ArtError(f"spacing is {short(spacing)}: give a length above 0, or one for each row")
    limited(loops, gaps)
    if along not in WAYS and not callable(along):
        words = "a field, a map, 'outline', 'spiral' or 'scribble'"
        raise ArtError(f"along is {short(along)}: give {words}")
    shapes = regions(points, "hatch") if along else np.full(len(points), None)
    if along == "outline":
        rows, depths = (padded(each, lead) for each in _insets(shapes, gaps))
        return moving_offsets(rows, polygons, spacing, closed=True, times=depths[..., 0])
    if along == "spiral" or callable(along):
        if callable(along):
            paths = streams(shapes, gaps, along)
        else:
            paths = spirals(shapes, gaps, polygons, spacing)
        kept = padded([_in_a_row(row) for row in paths.inside(shapes)], (len(shapes),))
        if paths.moving is not None or moves(polygons):
            return paths.moved(kept, polygons, points.shape[1]).reshape(*lead, *kept.shape[1:])
        return kept.reshape(*lead, *kept.shape[1:])
    lines = parallel_lines(loops, gaps, turns)
    parts, order = [list(lines.of(n)[0]) for n in range(len(loops))], np.arange(2 * len(lines.line))
    if along == "scribble":
        tours = [_scribble(shape, *lines.of(n)) for n, shape in enumerate(shapes)]
        ends = [lines.of(n)[0].reshape(-1, 2) for n in range(len(loops))]
        parts = [[rows[way] for way in tour] for rows, tour in zip(ends, tours, strict=True)]
        ways = [2 * lines.bounds[n] + way for n, tour in enumerate(tours) for way in tour]
        order = np.concatenate([order[:0], *ways])
    found = padded([_in_a_row(row) for row in parts], lead)
    if not moves((polygons, spacing, angle)):
        return found
    moving = moving_segments(lines, Outlines.of(polygons, points), spacing, angle)
    return moved_rows(found, moving, order)


def _each(values: Numbers, name: str, n: int) -> np.ndarray:
    """One finite number for each of n rows."""
    given = plain_numbers(values, name)
    if given.size not in (1, n) or not np.isfinite(given).all():
        raise ArtError(f"{name} is {short(values)}: give a number, or one for each of {n} rows")
    return np.broadcast_to(given.ravel(), n)


def _in_a_row(paths: Sequence[np.ndarray]) -> np.ndarray:
    """Paths (m_i, 2) as one, with NaN between them to lift the pen."""
    lift = np.full((1, 2), np.nan)
    return np.concatenate([part for path in paths for part in (path, lift)][:-1] or [NOTHING])


def _insets(shapes: np.ndarray, gaps: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Outlines that lie half a gap (n,), one and a half, ... within those of regions (n,), closed.

    And how many gaps each point is within.
    """
    rows, depths = [], []
    for shape, gap in zip(shapes, gaps, strict=True):
        found: list[np.ndarray] = []
        depth: list[np.ndarray] = []
        away = 0.5
        while not (inner := shapely.buffer(shape, -away * gap, quad_segs=ARC)).is_empty:
            edges = shapely.get_parts(shapely.boundary(shapely.get_parts(inner)))
            found += [shapely.get_coordinates(ring) for ring in edges]
            depth += [np.full((len(ring), 2), away) for ring in found[len(depth) :]]
            away += 1
        rows.append(_in_a_row(found))
        depths.append(_in_a_row(depth))
    return rows, depths


def _scribble(shape: shapely.Geometry, segments: np.ndarray, line: np.ndarray) -> list[np.ndarray]:
    """Strokes to and fro along parallel lines that stay in a region: of segments' ends, numbered.

    Of segments (k, 2, 2), in order, those of number n are 2n and 2n + 1.
    """
    # What runs along the outline may leave it by rounding.
    room = shapely.buffer(shape, 1e-9 * np.ptp(segments)) if len(segments) else shape
    shapely.prepare(room)
    free = {n: list(np.flatnonzero(line == n)) for n in np.unique(line)}
    strokes: list[np.ndarray] = []
    while free:
        n = min(free)
        now, turned = free[n].pop(0), False
        stroke = [2 * now, 2 * now + 1]
        while True:
            if not free[n]:
                del free[n]
            n += 1
            turned = not turned
            ends = segments[free.get(n, [])][:, 1 if turned else 0]
            here = segments[now][1 if turned else 0]
            if not len(ends):
                break
            nearest = int(np.argmin(np.linalg.norm(ends - here, axis=1)))
            way = shapely.LineString([here, ends[nearest]])
            if not shapely.covers(room, way):
                break
            now = free[n].pop(nearest)
            stroke += [2 * now + 1, 2 * now] if turned else [2 * now, 2 * now + 1]
        strokes.append(np.array(stroke))
    return strokes
