"""A plane parted by points: Voronoi cells, Delaunay triangles, the shortest tree through them."""

import jax
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats, outside, plain_numbers
from gradart.calculus.programs.present_values import moves
from gradart.errors import ArtError, Untraceable
from gradart.geometry.paths.paths import padded
from gradart.geometry.points import corners
from gradart.types import Corners, Numbers

FAR = 4.0  # sizes of the drawing: how far away the points lie that close the outer cells
SAME = 1e-9  # sizes of the drawing: points that are no farther apart have no cells of their own


def voronoi(points: Numbers, box: Corners) -> np.ndarray:
    """The Voronoi cells of points, cut at a box: what is nearer to each than to any other.

    `points` are (n, 2), no two of them the same. Cells are convex polygons (n, m, 2), their corners
    counterclockwise, rows padded with NaN, in the order of the points, ready for `polygons` and
    `lines`; together they fill `box`, ((x0, y0), (x1, y1)). The cell of a point outside of the box
    may have no part in it, and is a row of NaN then. G. Voronoi (1908); found by Qhull, by C. B.
    Barber, D. P. Dobkin and H. Huhdanpaa (1996).

    ArtError for points that coincide or are not finite, and for a box of no area. No derivatives.

    >>> box = ((0, 0), (3, 2))
    >>> cells = ga.voronoi(ga.poisson(jax.random.key(1), 0.2, box), box)
    >>> ga.polygons(cells, fill="#f7f4ed", stroke="#1b1b1e")
    """
    from scipy.spatial import KDTree, Voronoi

    refuse_derivatives("voronoi", points, box)
    places, (low, high) = place_array(points, "voronoi"), held_box(box)
    if not len(places):
        return np.empty((0, 0, 2))
    around, middle, size = surrounded(places, low, high)
    if len(twice := KDTree(around).query_pairs(SAME, output_type="ndarray")):
        same = places[twice[0, 0]].tolist()
        raise ArtError(
            f"the point {same} is there twice: give each once, np.unique(points, axis=0)"
        )
    found = Voronoi(around)
    cells = []
    for region in found.point_region[: len(places)]:
        cell = found.vertices[found.regions[region]]
        cell = middle + size * (cell if _area(cell) > 0 else cell[::-1])
        if not ((cell >= low) & (cell <= high)).all():
            cell = _cut(cell, low, high)
        cells.append(cell)
    return padded(cells, (len(cells),))


def delaunay(points: Numbers, *, edges: bool = False) -> np.ndarray | jax.Array:
    """The Delaunay triangles of points: no point lies within the circle around a triangle.

    Of `points` (n, 2), triangles (m, 3, 2), counterclockwise, ready for `polygons`; with `edges`
    their sides (m, 2, 2) instead, each once, ready for `lines`. Points that coincide count once;
    where all lie on one line there are no triangles. B. Delaunay, "Sur la sphere vide" (1934).

    Differentiated, which points are joined stays, and they move. ArtError for points that are not
    finite.

    >>> ga.lines(ga.delaunay(ga.scatter(jax.random.key(1), 60, ((0, 0), (3, 2))), edges=True))
    """
    from scipy.spatial import Delaunay, QhullError

    places = place_array(points, "delaunay")
    try:
        triangles = Delaunay(places - places[:1]).simplices.astype(int)
    except (QhullError, ValueError):  # too few, or all on one line
        triangles = np.empty((0, 3), int)
    if edges:
        return taken(points, _sides(triangles))
    a, b, c = places[triangles].transpose(1, 0, 2)
    turned = (b - a)[:, 0] * (c - a)[:, 1] < (b - a)[:, 1] * (c - a)[:, 0]
    return taken(points, np.where(turned[:, None], triangles[:, ::-1], triangles))


def spanning_tree(points: Numbers) -> np.ndarray | jax.Array:
    """The shortest tree of straight lines that joins all points: (n - 1, 2, 2), ready for `lines`.

    Of `points` (n, 2), each line from one of them to another; points that coincide count once. It
    is the minimum spanning tree of the sides of their Delaunay triangles, where that of all pairs
    lies too: M. I. Shamos and D. Hoey, "Closest-point problems" (1975).

    Differentiated, which points are joined stays, and they move. ArtError for points that are not
    finite.

    >>> ga.lines(ga.spanning_tree(ga.scatter(jax.random.key(1), 200, ((0, 0), (3, 2)))))
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    places, first = np.unique(place_array(points, "spanning_tree"), axis=0, return_index=True)
    n = len(places)
    if n < 2:
        return taken(points, np.empty((0, 2), int))
    # With points far away around them, those on one line have triangles too. A side of the tree is
    # the diameter of a circle with no other point within it, so that it is a side of triangles.
    around = surrounded(places, places.min(axis=0), places.max(axis=0))[0]
    sides = _sides(Delaunay(around).simplices.astype(int))
    sides = sides[(sides < n).all(axis=1)]
    lengths = np.linalg.norm(np.diff(places[sides], axis=1)[:, 0], axis=1)
    pairs = sides.T.astype(np.int32)  # an older SciPy takes no others
    tree = minimum_spanning_tree(coo_array((lengths, pairs), shape=(n, n)).tocsr()).tocoo()
    return taken(points, first[np.stack([tree.row, tree.col], axis=1)])


def place_array(points: Numbers, name: str) -> np.ndarray:
    """Points (n, 2) as they are now, in NumPy, for a function that is called so."""
    outside(name, points)
    places = plain_numbers(points, "points")
    if places.size == 0:
        return np.empty((0, 2))
    if places.ndim != 2 or places.shape[1] != 2:
        hint = "; points.reshape(-1, 2) makes one list of them" if places.shape[-1:] == (2,) else ""
        raise ArtError(f"ga.{name} takes points of shape (n, 2), not {places.shape}{hint}")
    if not np.isfinite(places).all():
        worst = int(np.argmin(np.isfinite(places).all(axis=1)))
        raise ArtError(
            f"point {worst} of ga.{name} is {short(places[worst].tolist())}: leave it out,"
            " points[jnp.isfinite(points).all(-1)]"
        )
    return places


def taken(points: Numbers, index: np.ndarray) -> np.ndarray | jax.Array:
    """The points (n, 2) of an index (...): (..., 2), which move where they are differentiated."""
    if moves(points):
        return as_floats(points, "points")[index]
    return plain_numbers(points, "points").reshape(-1, 2)[index]


def held_box(box: Corners) -> tuple[np.ndarray, np.ndarray]:
    """The lower left and upper right corner of a box, in NumPy; ArtError if it has no area."""
    corners(box)
    low, high = plain_numbers(box, "box")
    if not (low < high).all():
        raise ArtError(f"box is {short(box)}: give ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    return low, high


def refuse_derivatives(name: str, *given: ArrayLike | object) -> None:
    """Raise Untraceable where what a function is given is traced or differentiated."""
    outside(name, *given)
    if moves(given):
        raise Untraceable(f"ga.{name} knows no derivative: give it numbers that stand still")


def surrounded(
    places: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Places (n, 2) about (0, 0), in sizes of the drawing, and four more far away around them.

    Also their middle and size: they are middle + size * (what is given back). The four are so far
    that each point of the box, low to high, is nearer to any of the places, whose cells they close.
    """
    low, high = np.minimum(low, places.min(axis=0)), np.maximum(high, places.max(axis=0))
    middle, size = (low + high) / 2, float(np.linalg.norm(high - low)) or 1.0
    corner = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    return np.concatenate([(places - middle) / size, FAR * corner]), middle, size


def _sides(triangles: np.ndarray) -> np.ndarray:
    """The sides (m, 2) of triangles (k, 3), each once, the lower number first."""
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(sides, axis=1), axis=0)


def _area(polygon: np.ndarray) -> float:
    """The signed area of a polygon (m, 2), above 0 if it is counterclockwise."""
    x, y = (polygon - polygon[:1]).T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _cut(polygon: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """A convex polygon (m, 2) within a box: I. E. Sutherland and G. W. Hodgman (1974)."""
    for axis, edge, sign in ((0, low, 1), (0, high, -1), (1, low, 1), (1, high, -1)):
        off = sign * (polygon[:, axis] - edge[axis])
        after, then = np.roll(polygon, -1, axis=0), np.roll(off, -1)
        crosses = (off > 0) != (then > 0)
        part = off / np.where(crosses, off - then, 1)
        hits = polygon + part[:, None] * (after - polygon)
        hits[:, axis] = edge[axis]
        both = np.stack([polygon, hits], axis=1).reshape(-1, 2)
        polygon = both[np.stack([off > 0, crosses], axis=1).ravel()]
        if not len(polygon):
            return np.full((1, 2), np.nan)
    return polygon
