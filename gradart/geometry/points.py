"""Points to begin with: a grid, a scatter, even points, blue noise; their boxes; rounding.

A box is ((x0, y0), (x1, y1)), its lower left and upper right corner, in the artist's units.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import box_of, has_sides
from gradart.calculus.checks.arguments import as_key, as_number
from gradart.calculus.checks.artist_functions import as_count, as_floats, checked, concrete, outside
from gradart.calculus.programs.compiled_once import jit_with, traced
from gradart.calculus.programs.padded_lengths import unstacked
from gradart.calculus.programs.present_values import moves, present, with_derivatives_of
from gradart.errors import ArtError
from gradart.library.keys import rng
from gradart.types import Corners, Function, Key, Number, Numbers, Points

POINTS = 100_000_000  # of a grid; as many pixels as a picture has at most
CELLS = 3_000_000  # of a Poisson sample: a million points, and minutes


def corners(box: Corners) -> jax.Array:
    """A box as an array (2, 2) of its lower left and upper right corner."""
    array = as_floats(box, "box")
    if array.shape != (2, 2):
        raise ArtError(f"a box is ((x0, y0), (x1, y1)), not an array of shape {array.shape}")
    if concrete(array) and not np.isfinite(array).all():
        raise ArtError(f"a box has finite corners, not {np.asarray(array).tolist()}")
    return array


def corners_now(box: Corners) -> np.ndarray:
    """The corners (2, 2) of a box as they are now, NumPy's, also in a frame if they are known."""
    with jax.ensure_compile_time_eval():
        return np.asarray(present(corners(box)), float)


def domain(field: Function, box: Corners | None = None) -> jax.Array:
    """The corners (2, 2) of `box`, or of the field's own box where none is given."""
    checked(field, ("field", "()", None))
    return corners(box_of(field, box))


def grid(rows: int, columns: int, box: Corners) -> Points:
    """Points in even rows over a box: (rows, columns, 2), the bottom row first, each from the left.

    `rows` by `columns` of them, the outer ones on the edges of `box`, ((x0, y0), (x1, y1)).

    >>> ga.grid(2, 3, box=((0, 0), (2, 1)))[1, 0]
    Array([0., 1.], dtype=float32)
    >>> ga.dots(ga.grid(20, 30, box=((0, 0), (3, 2))))
    """
    low, high = unstacked(corners(box))
    return lattice(low, high, as_count(rows, "rows", 1), as_count(columns, "columns", 1))


@functools.partial(jax.jit, static_argnums=(2, 3))
def lattice(low: jax.Array, high: jax.Array, rows: int, columns: int) -> jax.Array:
    """Points in rows from one corner of a box to the other: (rows, columns, 2)."""
    x, y = jnp.linspace(low[0], high[0], columns), jnp.linspace(low[1], high[1], rows)
    return jnp.stack(jnp.meshgrid(x, y), -1)


def square_cells(corner: np.ndarray, resolution: int) -> tuple[int, int]:
    """Rows and columns of a grid with square cells, `resolution` along the box's longer side."""
    side = corner[1] - corner[0]
    if not (side > 0).all():
        raise ArtError("a box is ((x0, y0), (x1, y1)) with x0 < x1 and y0 < y1")
    has_sides(side)
    columns, rows = (max(round(float(resolution * s / side.max())), 2) for s in side)
    if rows * columns > POINTS:
        raise ArtError(
            f"resolution is {resolution:,}, a grid of {rows:,} by {columns:,} points:"
            f" give fewer, {POINTS:,} in all are the most"
        )
    return rows, columns


def survey(field: Function, nodes: jax.Array | np.ndarray) -> jax.Array:
    """The values (rows, columns) of a field at the points of a grid (rows, columns, 2).

    Row by row: all at once, what a field needs on the way to its value could fill the memory.
    """
    node = jax.ShapeDtypeStruct(nodes.shape[2:], jnp.result_type(nodes))
    return jit_with(_survey, traced(field, node))(nodes)


def _survey(field: Function, nodes: jax.Array) -> jax.Array:
    return jax.lax.map(jax.vmap(field), nodes)


def rounded(points: Numbers, decimals: int) -> Points:
    """Points (..., 2), or other numbers, rounded to so many decimals, as for a smaller SVG.

    Differentiated `points` move as if they were not rounded to `decimals`: rounding itself has no
    slope.

    >>> ga.rounded([(0.123, 4.567)], 1)
    Array([[0.1, 4.6]], dtype=float32)
    """
    return _rounded(as_floats(points, "points"), as_count(decimals, "decimals", 0))


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _rounded(points: jax.Array, decimals: int) -> jax.Array:
    return jnp.round(points, decimals)


@_rounded.defjvp
def _(
    decimals: int, points: tuple[jax.Array], changes: tuple[jax.Array]
) -> tuple[jax.Array, jax.Array]:
    return _rounded(*points, decimals), changes[0]


def scatter(key: Key, n: int, box: Corners) -> Points:
    """Uniformly random points in a box: (n, 2).

    `key` is a random key, which a sketch is given as its argument `key`: another key, other points.
    A larger `n` adds points and leaves the first ones where they are. `box` is ((x0, y0), (x1,
    y1)).

    >>> ga.dots(ga.scatter(jax.random.key(1), 300, box=((0, 0), (1, 1))))
    """
    key = as_key(key)
    low, high = corners(box)
    return jax.random.uniform(key, (as_count(n, "n", 0), 2), low.dtype, low, high)


def quasirandom(key: Key, n: int, box: Corners) -> Points:
    """Points that fill a box evenly, without gaps and clumps, however many are taken: (n, 2).

    `key` is a random key, which a sketch is given as its argument `key`: it shifts all points
    alike, around the edges of `box`, ((x0, y0), (x1, y1)). A larger `n` adds points, each into a
    gap, and leaves the first ones where they are: so the points can be dealt in any shares, each of
    which is even. Nearest neighbors are about 0.6 sqrt(area / n) apart in a square.

    The sequence R2 of M. Roberts, "The unreasonable effectiveness of quasirandom sequences" (2018):
    multiples of (1 / g, 1 / g^2) modulo 1, g the root of g^3 = g + 1. Others, for more dimensions
    too, are in `scipy.stats.qmc`, which takes `ga.rng(key)`.

    >>> ga.dots(ga.quasirandom(jax.random.key(1), 300, box=((0, 0), (1, 1))))
    """
    key = as_key(key)
    low, high = corners(box)
    shift = jax.random.bits(key, (2,), jnp.uint32)
    count = jnp.arange(as_count(n, "n", 0), dtype=jnp.uint32)
    # Whole numbers of 32 bits wrap by themselves, without rounding.
    parts = (count[:, None] * jnp.asarray(_R2) + shift) >> 8
    return low + (high - low) * (parts.astype(low.dtype) / 2**24)


_PLASTIC = 1.32471795724474602596
_R2 = np.round(2.0**32 / _PLASTIC ** np.array([1, 2])).astype(np.uint32)


def poisson(key: Key, distance: Number, box: Corners) -> Points:
    """Blue noise: random points at least a distance apart, with no room left for another one.

    Points (n, 2) at least `distance` apart in `box`, ((x0, y0), (x1, y1)); n is about 0.7 area /
    distance^2. `key` is a random key, which a sketch is given as its argument `key`. Not for the
    inside of a traced function: n depends on the key. Differentiated, each keeps its place in its
    cell, and cells grow with the distance.

    Darts are thrown into ever smaller cells until every cell is covered: Ebeida, Mitchell, Patney,
    Davidson and Owens, "A simple algorithm for maximal Poisson-disk sampling in high dimensions",
    Computer Graphics Forum 31 (2012).

    >>> ga.dots(ga.poisson(jax.random.key(1), 0.05, box=((0, 0), (1, 1))))
    """
    from scipy.spatial import KDTree

    key = as_key(key)
    outside("poisson")
    edges, wanted = (
        jnp.sort(corners(box), axis=0),
        as_number(distance, "distance", "length", above=0),
    )
    low, high = np.asarray(present(edges), np.float64)
    distance = float(np.asarray(present(wanted)))
    side = distance / np.sqrt(2)  # the largest cell that holds at most one point
    shape = np.maximum(np.ceil((high - low) / side), 1)
    if shape.prod() > CELLS:
        raise ArtError(f"points {distance} apart are over a million here: raise the distance")
    generator = rng(key)
    index = np.stack(np.meshgrid(*map(np.arange, shape)), -1).reshape(-1, 1, 2)
    cells = np.minimum(low + side * (index + np.array([[0, 0], [1, 1]])), high)  # (k, 2, 2)
    points = np.empty((0, 2))
    while len(cells):
        darts = generator.permutation(generator.uniform(cells[:, 0], cells[:, 1]))
        free = KDTree(points).query(darts, distance_upper_bound=distance)[0] >= distance
        darts = darts[free]
        # Of two darts that clash the first one stays, if no other clash takes it.
        clashes = KDTree(darts).query_pairs(distance, output_type="ndarray")
        points = np.concatenate([points, np.delete(darts, clashes[:, 1], axis=0)])
        cells = _uncovered(_quarters(cells), points, distance)
    if not moves((edges, wanted)):
        return jnp.asarray(points)
    index = np.floor((points - low) / side)
    end = np.minimum(low + side * (index + 1), high)
    part = (points - low - side * index) / (end - low - side * index)
    cell = wanted / np.sqrt(2)
    first = edges[0] + cell * index
    last = jnp.where(end < high, first + cell, edges[1])
    return with_derivatives_of(first + part * (last - first), points)


def _quarters(cells: np.ndarray) -> np.ndarray:
    edges = np.stack([cells[:, 0], cells.mean(1), cells[:, 1]], 1)
    halves = [slice(0, 2), slice(1, 3)]
    return np.concatenate(
        [np.stack([edges[:, i, 0], edges[:, j, 1]], -1) for i in halves for j in halves]
    )


def _uncovered(cells: np.ndarray, points: np.ndarray, distance: float) -> np.ndarray:
    """The cells whose farthest corner is `distance` or more from the point nearest their center."""
    from scipy.spatial import KDTree

    nearest = KDTree(points).query(cells.mean(1), distance_upper_bound=distance)[1]
    nowhere = [[np.inf, np.inf]]  # the index len(points) says that none is near
    nearest = np.append(points, nowhere, axis=0)[nearest]
    farthest = np.abs(cells - nearest[:, None]).max(1)
    return cells[np.hypot(*farthest.T) >= distance]
