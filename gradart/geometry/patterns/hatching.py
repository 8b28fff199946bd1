"""Hatching: polygons filled with lines, straight ones, along a field or the outline, in one stroke.

Straight lines are found by a sweep over the edges: where a line meets them, in order, the winding
number steps up or down, and the line lies inside as long as that is not 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.arguments import short
from gradart.calculus.batching import numbered
from gradart.calculus.checks import FIELD, checked, outside, plain_numbers
from gradart.calculus.compiled_once import TracedFunction, held, jit_with, traced
from gradart.errors import ArtError
from gradart.geometry.paths.clipping import below
from gradart.geometry.paths.paths import as_rows, padded
from gradart.geometry.paths.polygons import ARC, regions, rings, split
from gradart.geometry.points import lattice
from gradart.geometry.streamlines.streamlines import FLOW, streamlines
from gradart.types import Field, Map, Numbers

Along = Field | Map | Literal["outline", "spiral", "scribble"]

LINES = 1_000_000  # in all: hours of a plotter
LOOKS = 64  # at a field of spacings, on each side of a polygon's box, for the smallest
TONES = 256  # shares of lines that are left out
TURN = 200  # points of each turn of a spiral
WAYS = None, "outline", "spiral", "scribble"
NOTHING = np.empty((0, 2))


def hatch(
    polygons: Numbers,
    spacing: Numbers | Field,
    angle: Numbers = 45.0,
    *,
    along: Along | None = None,
) -> np.ndarray:
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

    ArtError for a spacing that is not above 0 or makes more than a million lines.

    >>> star = ga.point(ga.superformula(m=5), jnp.linspace(0, 6.2832, 400))
    >>> ga.lines(ga.hatch(star, 0.05), width=0.2)
    """
    outside("hatch", polygons)
    points, lead = as_rows(polygons, "hatch")
    if points.shape[-1] != 2:
        raise ArtError(f"hatch takes polygons of shape (..., m, 2), not (..., {points.shape[-1]})")
    turns = _each(angle, "angle", len(points))
    loops = [rings(row) for row in points]
    if callable(spacing):
        if along is not None:
            raise ArtError("a spacing that is a field is for straight lines: leave out along=")
        return padded(_toned(loops, spacing, turns), lead)
    gaps = _each(spacing, "spacing", len(points))
    if not (gaps > 0).all():
        raise ArtError(f"spacing is {short(spacing)}: give a length above 0, or one for each row")
    _limited(loops, gaps)
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
    lines = _straight(loops, gaps, turns)
    if along == "scribble":
        return padded([_scribble(shape, *lines.of(n)) for n, shape in enumerate(shapes)], lead)
    return padded([_in_a_row(list(lines.of(n)[0])) for n in range(len(loops))], lead)


def _each(values: Numbers, name: str, n: int) -> np.ndarray:
    """One finite number for each of n rows."""
    given = plain_numbers(values, name)
    if given.size not in (1, n) or not np.isfinite(given).all():
        raise ArtError(f"{name} is {short(values)}: give a number, or one for each of {n} rows")
    return np.broadcast_to(given.ravel(), n)


def _limited(loops: list[list[np.ndarray]], gaps: np.ndarray) -> None:
    across = sum(
        float(np.ptp(np.concatenate(row), axis=0).max()) / gap
        for row, gap in zip(loops, gaps, strict=True)
        if row
    )
    if not across <= LINES:
        raise ArtError(f"spacing makes {across:.3g} lines of these polygons: give more")


@dataclass(frozen=True)
class _Lines:
    """Segments (k, 2, 2) of parallel lines inside of rows of outlines: of which row, which line.

    In the order of rows, of lines in each, and along each line. Those of row n are from `bounds[n]`
    to before `bounds[n + 1]`.
    """

    segments: np.ndarray
    line: np.ndarray
    bounds: np.ndarray

    def of(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        some = slice(self.bounds[n], self.bounds[n + 1])
        return self.segments[some], self.line[some]


def _straight(loops: list[list[np.ndarray]], gaps: np.ndarray, degrees: np.ndarray) -> _Lines:
    """Parallel lines inside of rows of outlines, a gap (n,) apart, turned by degrees (n,)."""
    sizes = [sum(map(len, row)) for row in loops]
    row = np.repeat(np.arange(len(loops)), sizes)
    turn, gap = np.deg2rad(degrees), gaps[row]
    frame = np.stack([np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn)], -1).reshape(
        -1, 2, 2
    )
    a = _turned(_stacked([loop for row in loops for loop in row]), frame[row])
    b = np.concatenate([NOTHING, *(np.roll(loop, -1, axis=0) for row in loops for loop in row)])
    b = _turned(b, frame[row])
    # Line k is at (k + 1/2) gap; an edge meets those from its lower end on, without its upper end.
    low, high = np.minimum(a, b)[:, 1], np.maximum(a, b)[:, 1]
    first, end = (np.ceil(y / gap - 0.5).astype(int) for y in (low, high))
    count = end - first
    edge = np.repeat(np.arange(len(a)), count)
    line = first[edge] + numbered(count)
    y = (line + 0.5) * gap[edge]
    share = (y - a[edge, 1]) / (b - a)[edge, 1]
    x = a[edge, 0] + share * (b - a)[edge, 0]
    order = np.lexsort([x, line, row[edge]])
    winding = np.cumsum(np.where((b - a)[edge, 1] > 0, 1, -1)[order])
    before = np.concatenate([[0], winding])[:-1]
    begins, ends = order[before == 0], order[winding == 0]
    long = x[begins] < x[ends]
    begins, ends = begins[long], ends[long]
    met, back = np.stack([x, y], -1), frame.swapaxes(1, 2)[row[edge]]
    segments = np.stack([_turned(met[some], back[some]) for some in (begins, ends)], 1)
    bounds = np.searchsorted(row[edge[begins]], np.arange(len(loops) + 1))
    return _Lines(segments, line[begins], bounds)


def _turned(points: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """Points (n, 2), each in a frame (n, 2, 2) of its own."""
    found: np.ndarray = (frames @ points[..., None])[..., 0]
    return found


def _toned(loops: list[list[np.ndarray]], spacing: Field, turns: np.ndarray) -> list[np.ndarray]:
    """Straight lines in each row, of which the share is drawn that a field of spacings asks for."""
    field = held(traced(checked(spacing, FIELD), jnp.zeros(2)))
    boxes = [(corners.min(0), corners.max(0)) for row in loops if (corners := _stacked(row)).size]
    gap = _smallest(field, boxes) if boxes else 1.0
    if not 0 < gap < np.inf:
        raise ArtError(f"the field of spacings is {gap} at its smallest: give lengths above 0")
    _limited(loops, np.full(len(loops), gap))
    lines = _straight(loops, np.full(len(loops), gap), turns)
    # Of n lines in the order of van der Corput, the first ones are even for every share of n.
    bits = (lines.line[:, None] >> np.arange(8)) & 1
    place = (bits @ (TONES >> np.arange(1, 9)) + 0.5) / TONES
    ways = np.linalg.norm(lines.segments[:, 1] - lines.segments[:, 0], axis=1)
    steps = np.ceil(ways / gap).astype(int)
    ends = np.concatenate([[0], np.cumsum(steps + 2)])[lines.bounds]
    of_nodes = _stepped(lines.segments, steps), np.repeat(gap / place, steps + 2)[:, None]
    paths, levels = (np.split(values, ends[1:-1])[: len(loops)] for values in of_nodes)
    points = padded(paths, (len(loops),))
    level = padded(levels, (len(loops),), 1)[:, : points.shape[1], 0]
    if not points.size:
        return paths
    nodes, kept, _ = below(points, field, level)
    drawn = [split(node[here]) for node, here in zip(nodes, kept, strict=True)]
    return [_in_a_row([run[[0, -1]] for run in runs]) for runs in drawn]


def _smallest(field: TracedFunction, boxes: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """The smallest value of a field on a grid over each of some boxes; NaN if it has none."""
    # Of few lengths, so that few programs are compiled.
    more = 2 ** (len(boxes) - 1).bit_length() - len(boxes)
    given = jnp.asarray(np.array(boxes + boxes[-1:] * more))
    return float(jit_with(_least, field)(given))


def _least(field: Field, boxes: jax.Array) -> jax.Array:
    def least(box: jax.Array) -> jax.Array:
        return jnp.nanmin(jax.lax.map(jax.vmap(field), lattice(*box, LOOKS, LOOKS)))

    return jnp.nanmin(jax.lax.map(least, boxes))


def _stepped(segments: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Segments (k, 2, 2) in a row, each parted into so many steps (k,), with NaN behind it."""
    of = np.repeat(np.arange(len(steps)), steps + 2)
    step = numbered(steps + 2)
    start, end = segments[of].swapaxes(0, 1)
    row: np.ndarray = start + (step / steps[of])[:, None] * (end - start)
    row[step == steps[of]] = end[step == steps[of]]
    row[step > steps[of]] = np.nan
    return row


def _stacked(loops: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([NOTHING, *loops])


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


def _scribble(shape: shapely.Geometry, segments: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Segments of parallel lines, in order, as strokes to and fro that stay in a region."""
    # What runs along the outline may leave it by rounding.
    room = shapely.buffer(shape, 1e-9 * np.ptp(segments)) if len(segments) else shape
    shapely.prepare(room)
    free = {n: list(np.flatnonzero(line == n)) for n in np.unique(line)}
    strokes: list[np.ndarray] = []
    while free:
        n = min(free)
        now, turned = free[n].pop(0), False
        stroke = [segments[now]]
        while True:
            if not free[n]:
                del free[n]
            n += 1
            turned = not turned
            ends = segments[free.get(n, [])][:, 1 if turned else 0]
            here = stroke[-1][-1]
            if not len(ends):
                break
            nearest = int(np.argmin(np.linalg.norm(ends - here, axis=1)))
            way = shapely.LineString([here, ends[nearest]])
            if not shapely.covers(room, way):
                break
            now = free[n].pop(nearest)
            stroke.append(segments[now][::-1] if turned else segments[now])
        strokes.append(np.concatenate(stroke))
    return _in_a_row(strokes)
