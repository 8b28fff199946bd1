"""Polygons with holes: united, subtracted, intersected and offset, by GEOS through shapely.

Polygons are rows (..., m, 2) as `ga.polygons` paints them: NaN parts an outline from a hole, each
outline is closed by itself, and where outlines overlap or cross, the nonzero winding rule says what
is inside. What is given back follows the same rule: outlines run counterclockwise, holes clockwise.
"""

from collections.abc import Iterable, Sequence

import jax
import numpy as np
import shapely
from shapely import Geometry

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import plain_numbers
from gradart.errors import ArtError
from gradart.geometry.paths.offset_derivatives import ARC, moving_offsets
from gradart.geometry.paths.paths import as_rows, padded, ring_bounds, runs
from gradart.geometry.paths.polygon_derivatives import moving_corners
from gradart.types import Numbers

PAIRS = 4_000_000  # of points and edges that are looked at at once


def union(polygons: Numbers, others: Numbers | None = None) -> np.ndarray | jax.Array:
    """What lies in any of some polygons, as polygons that do not overlap: (n, m, 2).

    All rows of `polygons` (..., m, 2), and of `others` if given, become one region, and each of its
    connected pieces one row, with its holes. Rows as `polygons` paints them: NaN parts an outline
    from a hole, and the nonzero winding rule says what is inside, also where outlines cross
    themselves. Without a row or area the result is (0, 0, 2). Differentiated, corners that are kept
    move with theirs, and crossings with the edges that cross there. ArtError for points that are
    infinite or of another shape.

    >>> t = jnp.linspace(0, 6.2832, 90)
    >>> rings = jnp.array([(0, 0), (1, 0), (0.5, 0.8)])[:, None] + ga.point(ga.circle(0.7), t)
    >>> ga.polygons(ga.union(rings))
    """
    given = [polygons] if others is None else [polygons, others]
    pieces = np.concatenate([regions(rows, "union") for rows in given])
    return moving_corners(as_polygons(shapely.union_all(pieces)), given, "union")


def difference(a: Numbers, b: Numbers) -> np.ndarray | jax.Array:
    """What lies in some polygons and not in others: (n, m, 2), a row for each connected piece.

    In any of `a` (..., m, 2), and in none of `b` (..., m, 2). Rows, rules, errors and derivatives
    are those of `union`; (0, 0, 2) if nothing is left.

    >>> square = [(0, 0), (1, 0), (1, 1), (0, 1)]
    >>> ga.polygons(ga.difference(square, ga.buffer([[(0.5, 0.5)]], 0.3, closed=False)))
    """
    found = shapely.difference(region(a, "difference"), region(b, "difference"))
    return moving_corners(as_polygons(found), [a, b], "difference")


def intersection(a: Numbers, b: Numbers) -> np.ndarray | jax.Array:
    """What lies both in some polygons and in others: (n, m, 2), a row for each connected piece.

    In any of `a` (..., m, 2), and in any of `b` (..., m, 2). Rows, rules, errors and derivatives
    are those of `union`; (0, 0, 2) if nothing is in both.

    >>> t = jnp.linspace(0, 6.2832, 90)
    >>> left, right = (ga.point(ga.circle(1, (x, 0)), t) for x in (0, 1))
    >>> ga.polygons(ga.intersection(left, right))
    """
    found = shapely.intersection(region(a, "intersection"), region(b, "intersection"))
    return moving_corners(as_polygons(found), [a, b], "intersection")


def buffer(polygons: Numbers, distance: Numbers, *, closed: bool = True) -> np.ndarray | jax.Array:
    """Polygons grown by a distance, or shrunk by a negative one: (..., m', 2), row by row.

    Each row of `polygons` (..., m, 2) keeps its place, and so its color; one that falls apart holds
    all its pieces, and one that vanishes is NaN. `distance` is one for all, or one for each row, in
    the artist's units. Corners that are grown are round, of 32 points a quarter, right to 0.03 %
    of the distance. With `closed=False` the rows are paths, which become the areas within
    the distance of them: the outlines of wide strokes with round ends. `union` makes one region of
    rows that overlap. The inside is told, and errors are, as in `union`. Differentiated, corners
    move with the edges and corners that they are offset from, and with the distance.

    >>> path = ga.point(ga.lissajous(), jnp.linspace(0, 6.2832, 200))
    >>> ga.lines(ga.buffer(path, 0.05, closed=False), closed=True)
    """
    points, lead = as_rows(polygons, "buffer")
    far = plain_numbers(distance, "distance")
    if not np.isfinite(far).all() or far.size not in (1, len(points)):
        raise ArtError(f"distance is {short(distance)}: give a length, or one for each row")
    if closed:
        shapes = regions(points, "buffer")
    else:
        _plane(points, "buffer")
        shapes = np.array([_stroke(path) for path in points], object)
    grown = shapely.buffer(shapes, np.broadcast_to(far.ravel(), len(points)), quad_segs=ARC)
    found = padded([outlines(shape) for shape in grown], lead)
    return moving_offsets(found, polygons, distance, closed=closed)


def _stroke(path: np.ndarray) -> Geometry:
    """A path (m, 2) with lifted pens, as lines and, where the pen only touches down, points."""
    runs = split(path)
    parts = [shapely.Point(*run) if len(run) == 1 else shapely.LineString(run) for run in runs]
    return shapely.geometrycollections(parts)


def _plane(points: np.ndarray, name: str) -> None:
    if points.shape[-1] != 2:
        raise ArtError(f"{name} takes polygons of shape (..., m, 2), not (..., {points.shape[-1]})")


def split(path: np.ndarray) -> list[np.ndarray]:
    """The runs of a path (m, 2) between its NaN points."""
    inked = ~np.isnan(path).any(-1)
    return [path[begin:end] for begin, end in runs(inked)]


def rings(polygon: np.ndarray) -> list[np.ndarray]:
    """The outlines of a polygon (m, 2), the first point not repeated: each (3 or more, 2)."""
    return [polygon[begin:end] for begin, end in ring_bounds(polygon)]


def regions(polygons: Numbers, name: str) -> np.ndarray:
    """Each row of polygons (..., m, 2) as a valid polygon of shapely, or several: (n,)."""
    points, _ = as_rows(polygons, name)
    _plane(points, name)
    return insides([rings(row) for row in points])


def insides(outlines: list[list[np.ndarray]]) -> np.ndarray:
    """What the outlines of each row, each (m, 2), wind around other than 0 times: (n,)."""
    found = np.full(len(outlines), shapely.Polygon(), object)
    single = np.array([n for n, row in enumerate(outlines) if len(row) == 1], int)
    if len(single):
        loops = [outlines[n][0] for n in single]
        found[single] = shapely.polygons(_closed(loops))
    # What an outline that does not cross itself surrounds, has a winding number of 1 or -1.
    done = np.zeros(len(outlines), bool)
    done[single] = shapely.is_valid(found[single])
    for n in np.flatnonzero(~done):
        found[n] = wound(outlines[n])
    return found


def region(polygons: Numbers, name: str) -> Geometry:
    """All rows of polygons (..., m, 2) as one region."""
    return shapely.union_all(regions(polygons, name))


def wound(loops: Sequence[np.ndarray], *, even_odd: bool = False) -> Geometry:
    """What closed outlines, each (m, 2), wind around other than 0 times in all.

    With `even_odd` what they wind around an odd number of times, as SVG's rule of that name.

    The outlines are cut where they cross; of the faces that the pieces bound those are kept whose
    winding number is not 0. It is that of any point of the face.
    """
    if not loops:
        return shapely.Polygon()
    start = np.concatenate(loops)
    end = np.concatenate([np.roll(loop, -1, axis=0) for loop in loops])
    lines = shapely.union_all(_closed(loops))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    if not len(faces):
        return shapely.Polygon()
    within = shapely.get_coordinates(shapely.point_on_surface(faces))
    at_once = max(1, PAIRS // len(start))
    parts = np.array_split(within, -(-len(within) // at_once))
    turns = np.concatenate([_windings(part, start, end) for part in parts])
    return shapely.union_all(faces[turns % 2 != 0 if even_odd else turns != 0])


def _closed(loops: Sequence[np.ndarray]) -> np.ndarray:
    owner = np.repeat(np.arange(len(loops)), list(map(len, loops)))
    return shapely.linearrings(np.concatenate(loops), indices=owner)


def _windings(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """How often edges (m, 2) to (m, 2) of closed outlines wind around each of points (n, 2).

    D. Sunday, "Inclusion of a point in a polygon" (2001): edges that cross the ray to the right
    upwards count 1, and downwards -1.
    """
    x, y = points[:, None, 0], points[:, None, 1]
    side = end - start
    left = side[:, 0] * (y - start[:, 1]) - side[:, 1] * (x - start[:, 0])
    up = (start[:, 1] <= y) & (y < end[:, 1]) & (left > 0)
    down = (end[:, 1] <= y) & (y < start[:, 1]) & (left < 0)
    return up.sum(1) - down.sum(1)


def as_polygons(shape: Geometry) -> np.ndarray:
    """A region of shapely as polygons (n, m, 2), one row for each connected piece."""
    pieces = [piece for piece in _pieces(shape) if piece.area > 0]
    return padded([outlines(piece) for piece in pieces], (len(pieces),))


def _pieces(shape: Geometry) -> Iterable[shapely.Polygon]:
    return (piece for piece in shapely.get_parts(shape) if isinstance(piece, shapely.Polygon))


def areas(shapes: np.ndarray) -> np.ndarray:
    """Shapes of shapely (n,) without the points and lines in them."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    shapes[mixed] = [shapely.MultiPolygon(list(_pieces(shape))) for shape in shapes[mixed]]
    flat = shapely.get_dimensions(shapes) < 2
    shapes[flat] = shapely.Polygon()
    return shapes


def outlines(shape: Geometry) -> np.ndarray:
    """All outlines of a region, counterclockwise, and of its holes, clockwise: (m, 2)."""
    loops: list[np.ndarray] = []
    for piece in _pieces(shape):
        for sense, ring in [(1, piece.exterior), *((-1, hole) for hole in piece.interiors)]:
            loop = shapely.get_coordinates(ring)[:-1]
            turned = loop if (shapely.is_ccw(ring)) == (sense > 0) else loop[::-1]
            loops += [turned, np.full((1, 2), np.nan)]
    return np.concatenate(loops[:-1]) if loops else np.empty((0, 2))
