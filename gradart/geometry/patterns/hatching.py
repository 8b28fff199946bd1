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
from gradart.geometry.paths.paths import as_rows, moved_rows, padded
from gradart.geometry.paths.polygons import ARC, regions, rings
from gradart.geometry.patterns.parallel_lines import (
    NOTHING,
    Outlines,
    limited,
    moving_segments,
    parallel_lines,
)
from gradart.geometry.patterns.toned_lines import moving_toned_ends, toned_lines
from gradart.geometry.streamlines.streamlines import FLOW, streamlines
from gradart.types import Field, Map, Numbers

Along = Field | Map | Literal["outline", "spiral", "scribble"]

TURN = 200  # points of each turn of a spiral
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

    Differentiated, straight lines keep their numbers, and the edges or the tone that they end at;
    lines along a field, an outline or a spiral are held where they are.

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
    if callable(along):
        return padded(_streams(shapes, gaps, along), lead)
    if along == "spiral":
        return padded(_spirals(shapes, gaps), lead)
    if along == "outline":
        return padded([_inset(shape, gap) for shape, gap in zip(shapes, gaps, strict=True)], lead)
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


def _inset(shape: shapely.Geometry, gap: float) -> np.ndarray:
    """Outlines that lie half a gap, one and a half, ... within those of a region, closed."""
    found, away = [], gap / 2
    while not (inner := shapely.buffer(shape, -away, quad_segs=ARC)).is_empty:
        edges = shapely.get_parts(shapely.boundary(shapely.get_parts(inner)))
        found += [shapely.get_coordinates(ring) for ring in edges]
        away += gap
    return _in_a_row(found)


def _spirals(shapes: np.ndarray, gaps: np.ndarray) -> list[np.ndarray]:
    """Archimedes' spiral around the middle of each region, as far as it lies inside."""
    paths = []
    for shape, gap in zip(shapes, gaps, strict=True):
        center = shapely.get_coordinates(shape.centroid)
        far = np.linalg.norm(shapely.get_coordinates(shape) - center, axis=1).max(initial=0.0)
        turns = np.linspace(0, np.ceil(far / gap), int(np.ceil(far / gap)) * TURN + 1)
        angle = 2 * np.pi * turns
        path = gap * turns[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
        paths.append(center + path if len(path) > 1 else NOTHING)
    return _inside(paths, np.arange(len(shapes)), shapes)


def _streams(shapes: np.ndarray, gaps: np.ndarray, along: Field | Map) -> list[np.ndarray]:
    """Lines of a flow over all regions, one time for each gap, and what each has inside."""
    found = [NOTHING] * len(shapes)
    low, high = shapely.total_bounds(shapes).reshape(2, 2)
    if np.isnan(low).any():
        return found
    of_field = jax.eval_shape(checked(along, FLOW), jnp.zeros(2)).shape == ()
    for gap in np.unique(gaps):
        box = low - gap, high + gap
        lines = np.asarray(streamlines(along, separation=gap, box=box, across=of_field))
        some = np.flatnonzero(gaps == gap)
        near, owner = _near(lines.reshape(-1, 2), lines.shape[-2], shapes[some])
        for n, row in zip(some, _inside(near, owner, shapes[some]), strict=True):
            found[n] = row
    return found


def _near(points: np.ndarray, m: int, shapes: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The parts of paths, of m points each, in the boxes of shapes, and of which shape each is."""
    step = np.isfinite(points[:-1] + points[1:]).all(-1) & (np.arange(1, len(points)) % m > 0)
    start = np.flatnonzero(step)
    tree = shapely.STRtree(shapely.linestrings(np.stack([points[start], points[start + 1]], 1)))
    owner, hit = tree.query(shapes)
    order = np.lexsort([hit, owner])
    owner, hit = owner[order], start[hit[order]]
    first = np.flatnonzero((np.diff(owner, prepend=-1) != 0) | (np.diff(hit, prepend=-2) != 1))
    ends = np.append(first[1:], len(hit))[: len(first)] - 1
    parts = [points[i : j + 2] for i, j in zip(hit[first], hit[ends], strict=True)]
    return parts, owner[first]


def _inside(paths: list[np.ndarray], owner: np.ndarray, shapes: np.ndarray) -> list[np.ndarray]:
    """The parts of paths inside of those regions that own them, in a row for each region."""
    long = np.array([n for n, path in enumerate(paths) if len(path)], int)
    lines = np.full(len(paths), None, object)
    sizes = [len(paths[n]) for n in long]
    lines[long] = shapely.linestrings(
        np.concatenate([NOTHING, *paths]), indices=np.repeat(np.arange(len(long)), sizes)
    )
    cut, of = shapely.get_parts(shapely.intersection(lines, shapes[owner]), return_index=True)
    whole = shapely.get_dimensions(cut) == 1
    rows: list[list[np.ndarray]] = [[] for _ in shapes]
    for n, line in zip(owner[of[whole]], cut[whole], strict=True):
        rows[n].append(shapely.get_coordinates(line))
    return [_in_a_row(row) for row in rows]


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
