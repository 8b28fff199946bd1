"""Photographs, elevation files and tables of numbers as smooth fields with exact derivatives."""

import dataclasses
import functools
import os
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.boxes import Box, box_of_cells, checked_box
from gradart.calculus.checks.artist_functions import still_numbers
from gradart.calculus.programs.precision import constant
from gradart.errors import ArtError
from gradart.library.boxed_fields import plane
from gradart.library.coasts import checked_sea, with_sea_floor
from gradart.library.photographs import read_colors, read_tones
from gradart.library.readers.elevation import Elevation, read_elevation, without_voids
from gradart.library.readers.file_checks import of_matplotlib
from gradart.library.readers.whereabouts import Whereabouts
from gradart.library.splines import SplineSamples, basis, cell_of, remember, rested, weights
from gradart.library.tables import checked_blur, checked_degree, checked_table, spline_coefficients
from gradart.types import Number, Numbers, Points, Scalar

_SEAM = 1e-9, 1 / 256  # of the range of a photograph: where its tones come to rest


@functools.partial(
    jax.tree_util.register_dataclass,
    data_fields=["coefficients", "low", "high", "meters", "seam", "shore"],
    meta_fields=["box", "where", "degree"],
)
@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Sampled:
    """A field, (2,) -> (), through a table of samples: a B-spline.

    Made by `photograph`, `terrain` and `tabulated`. Of the `degree` 3 it is C2, of 5 it is C4; all
    its derivatives are exact, by JAX. Outside its `box`, ((x0, y0), (x1, y1)), it keeps the value
    of the nearest edge; it meets the edge with a slope of zero across it, so the gradient is
    continuous there too.

    `low` and `high` are what the values 0 and 1 stand for in the source (meters, gray levels),
    `meters` is the length of one unit of the box and `where` the place on the globe, if the source
    tells, `seam` how near to 0 and 1 it comes to rest, if it is held within them, and `shore` its
    value at the level of the sea, if it has one. A pytree: its `coefficients` (rows + degree - 1,
    columns + degree - 1) pass through `jax.jit` as an argument, so the same table read again, or
    another one of its shape, is not compiled again.

    >>> land = ga.terrain()
    >>> round(land.low), round(land.high)  # meters
    (252, 1065)
    >>> bool(0 <= land((0.0, 0.0)) <= 1)
    True
    """

    coefficients: ArrayLike  # (rows + degree - 1, columns + degree - 1), the bottom row first
    box: Box
    low: Number = 0.0  # what the values 0 and 1 stand for in the source (meters, gray levels)
    high: Number = 1.0
    meters: float | None = None  # the length of one unit of the box, if the source tells
    seam: Number | None = None  # how near to 0 and 1 it comes to rest, if it is held within them
    where: Whereabouts | None = None  # on the globe, if the source tells
    degree: int = 3  # of the spline, 3 or 5
    shore: Number | None = None  # its value at the level of the sea, if it has one

    def __call__(self, p: Numbers) -> Scalar:
        coefficients = jnp.asarray(constant(self.coefficients))
        p = jnp.asarray(plane(p, "the field"))
        rows, columns = _samples(self)
        (x0, y0), (x1, y1) = self.box
        column, across = cell_of(p[0], x0, x1, columns)
        row, up = cell_of(p[1], y0, y1, rows)
        patch = jax.lax.dynamic_slice(coefficients, (row, column), (self.degree + 1,) * 2)
        y, x = basis(up, self.degree), basis(across, self.degree)
        if self.degree == 5:
            # In single precision third derivatives are nearer without what is alike all around.
            base = patch[2, 2]
            height = base + y @ (patch - base) @ x
        else:
            height = y @ patch @ x
        return height if self.seam is None else rested(height, self.seam, self.degree)

    def __repr__(self) -> str:
        size = " x ".join(str(n - self.degree + 1) for n in np.shape(self.coefficients)[::-1])
        return f"Sampled({size} samples in {self.box}, from {self.low} to {self.high})"

    def place(self, longitude: Numbers, latitude: Numbers) -> Points:
        """Where places on the globe lie in the box of a `terrain`: (..., 2).

        `longitude` and `latitude` are in degrees, (...), east and north positive. ArtError where
        its file does not say where on the globe it is.

        >>> land = ga.terrain()
        >>> ga.dots(land.place(-84.2306, 36.1983), 1)  # Cross Mountain
        """
        if self.where is None:
            raise ArtError("this field's file does not say where it lies: place by x and y instead")
        east, north = still_numbers(longitude, "longitude"), still_numbers(latitude, "latitude")
        rows, columns = (n - 1 for n in _samples(self))
        low, high = np.array(self.box)
        column, row = np.moveaxis(self.where.samples(east, north), -1, 0)
        return jnp.asarray(low + (high - low) * np.stack([column / columns, 1 - row / rows], -1))

    def on_lattice(self, x: ArrayLike, y: ArrayLike, order: int) -> jax.Array:
        """The derivatives of an order, 0 to 2, at all points of a lattice, faster than one by one.

        At all (`x`, `y`) of columns (c,) and rows (r,), by `order`: (r, c), (r, c, 2) or (r, c, 2,
        2), those of every point, to rounding. `ga.value`, `ga.gradient` and `ga.hessian` ask here
        where their points are those of a grid.

        >>> ga.terrain().on_lattice(jnp.linspace(-1, 1, 30), jnp.linspace(-1, 1, 20), order=1).shape
        (20, 30, 2)
        """
        return _on_lattice(self, jnp.asarray(x), jnp.asarray(y), order)


def _samples(field: Sampled) -> tuple[int, int]:
    """How many rows and columns a field's table has."""
    rows, columns = np.shape(field.coefficients)
    return rows - field.degree + 1, columns - field.degree + 1


@functools.partial(jax.jit, static_argnames="order")
def _on_lattice(field: Sampled, x: jax.Array, y: jax.Array, order: int) -> jax.Array:
    if field.seam is None:
        return _spline(field, x, y, order)
    found = [_spline(field, x, y, n) for n in range(order + 1)]
    rest = functools.partial(rested, seam=field.seam, degree=field.degree)

    def rate(f: Callable[[jax.Array], jax.Array]) -> Callable[[jax.Array], jax.Array]:
        return lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),))[1]

    height = found[0]
    match order:
        case 0:
            return rest(height)
        case 1:
            return rate(rest)(height)[..., None] * found[1]
        case _:
            bend, slope = rate(rate(rest))(height), rate(rest)(height)
            both = found[1][..., None] * found[1][..., None, :]
            return bend[..., None, None] * both + slope[..., None, None] * found[2]


def _spline(field: Sampled, x: jax.Array, y: jax.Array, order: int) -> jax.Array:
    """The derivatives of an order of a field's spline at all (x, y) of columns and rows.

    The spline is a product: along each row of points as many rows of coefficients as a cell has
    near it are summed with the weights of y, and the sums then with those of x, while they are in
    the cache.
    """
    coefficients, near = jnp.asarray(constant(field.coefficients)), field.degree + 1
    rows, columns = _samples(field)
    (x0, y0), (x1, y1) = field.box
    column, across = weights(x, x0, x1, columns, order, field.degree)
    row, up = weights(y, y0, y1, rows, order, field.degree)

    def line(_: None, at: tuple[jax.Array, list[jax.Array]]) -> tuple[None, jax.Array]:
        first, weights = at
        lines = jax.lax.dynamic_slice(coefficients, (first, 0), (near, coefficients.shape[1]))
        sums = jax.lax.optimization_barrier(jnp.stack(weights) @ lines)  # once for all that follows
        taken = [jnp.take(sums, column + i, axis=1, mode="clip") for i in range(near)]

        def partial(along_x: int) -> jax.Array:
            w = across[along_x].T
            return functools.reduce(
                jnp.add, (w[i] * taken[i][order - along_x] for i in range(near))
            )

        match order:
            case 0:
                return None, partial(0)
            case 1:
                return None, jnp.stack([partial(1), partial(0)], -1)
            case _:
                xy = partial(1)
                entries = jnp.stack([partial(2), xy, xy, partial(0)], -1)
                return None, entries.reshape(*entries.shape[:-1], 2, 2)

    return jax.lax.scan(line, None, (row, up))[1]


def tabulated(
    values: Numbers,
    *,
    box: Box | None = None,
    smooth: Number = 0.0,
    degree: int = 3,
    fill_voids: bool = False,
    sea: Number | None = None,
) -> Sampled:
    """The smooth field through a table of numbers: a cubic spline, C2.

    `values` are (rows, columns), the bottom row first. It passes through values[i, j] at the points
    of `grid(rows, columns, box)`; between them it may swing a little past the lowest and the
    highest. Without a `box`, ((x0, y0), (x1, y1)), the cells are square and the longer side spans
    [-1, 1]. `smooth` blurs the values first, by a Gaussian of that many samples. Of the `degree` 5
    it is C4, for what asks for third derivatives, as `crest_lines` does. What is masked or NaN is
    an error, or with `fill_voids` filled from around it, with a warning. What lies at or below
    `sea` becomes a floor that falls from the shore, and voids are filled, as `terrain` has it.

    >>> field = ga.tabulated([[0, 1, 0], [1, 3, 2], [0, 2, 0]])
    >>> ga.lines(ga.contours(field, 12))
    """
    table, level = checked_table(values), checked_sea(sea)
    if (fill_voids or level is not None) and isinstance(table, np.ndarray):
        table = without_voids(table, "the table", level)
    if level is not None:
        table = with_sea_floor(table, level, smooth)
    tones = checked_blur(table, smooth)
    degree = checked_degree(degree)
    around = spline_coefficients(tones, degree)
    if isinstance(around, np.ndarray):
        remember(
            around,
            SplineSamples(lambda: np.asarray(table), float(np.asarray(smooth)), False, degree),
        )
    box = box_of_cells(table.shape) if box is None else checked_box(box)
    return Sampled(around, box, degree=degree, shore=level)


def terrain(
    file: str | os.PathLike[str] | Numbers | None = None,
    *,
    smooth: Number = 1.0,
    degree: int = 3,
    box: Box | None = None,
    south_first: bool = False,
    sea: Number | None = None,
) -> Sampled:
    """The relief of an elevation file or array as a field, north up, its heights from 0 to 1.

    `file` is `.npz` (the array `elevation`, or its first table), SRTM's `.hgt`, GeoTIFF or another
    raster that GDAL finds in a single file (with the extra gradart[geotiff]), or heights (rows,
    columns); without one it is the Jacksboro fault in Tennessee, which comes with matplotlib. An
    array and `.npz` have the northern row first, unless `south_first` says otherwise, or the
    latitudes and longitudes that lie in the `.npz`, one for each row and column. `smooth` blurs by
    that many samples; the lowest sample is then 0 and the highest 1, and between samples the land
    may swing past them, by about a thousandth. It is a cubic spline; for what asks for third
    derivatives, as `crest_lines` does, give the `degree` 5: C4.

    The box has the true proportions where the file tells them, its longer side over [-1, 1], unless
    you give another `box`. `low` and `high` are the heights of the values 0 and 1, and `meters` is
    the length of one unit of the box, None if not known. North is that of the map's grid; a map
    that is turned or bent against the ground is warped onto a plane. Voids (NaN, masked, -32768,
    -9999) are filled from around them, with a warning.

    A coast asks for `sea`, its height, mostly 0: what lies at or below it is sea, and so are voids
    that reach it, or the edge of the map. Files hold the sea as level, about whose corner a spline
    swings; here the slopes of the land go on below it, so that the level line of `shore` is where
    they meet it. Then 0 is the sea, 1 the highest sample, and the floor is negative, its depths
    being none that are known: `contours` by number has none there, and `clip` ends lines at the
    shore, with where=lambda p: -land(p). Samples that are means over their cells, as of coarse
    maps, lie above the sea where a cell has some land, and the shore a third of a cell too far out:
    give a `sea` higher by an eighth of what the land there rises from sample to sample.

    >>> land = ga.terrain(smooth=3)
    >>> slope = ga.gradient(land, (0.0, 0.0)) * (land.high - land.low)  # meters per unit of the box
    >>> ga.lines(ga.contours(land, 12))
    """
    level = checked_sea(sea)
    if file is None:
        file = of_matplotlib("jacksboro_fault_dem.npz")
    if isinstance(file, (str, os.PathLike)):
        found = read_elevation(file, south_first=south_first, sea=level)
    else:
        heights = without_voids(np.asarray(checked_table(file)), "the table", level)
        found = Elevation(heights[::-1] if south_first else heights, None, False)
    cell = found.cell or (1.0, 1.0)
    heights = found.heights if level is None else with_sea_floor(found.heights, level, smooth)
    field = _leveled(heights, smooth, degree, cell, sea=level)
    rows, columns = found.heights.shape
    sides = (columns - 1) * cell[0], (rows - 1) * cell[1]
    meters = max(sides) / 2 if found.metric and found.cell else None
    if box is not None:
        (x0, y0), (x1, y1) = box = checked_box(box)
        units = sides[0] / (x1 - x0), sides[1] / (y1 - y0)
        alike = abs(units[0] - units[1]) < 0.01 * max(units)  # else there is no one length
        meters = max(units) if meters and alike else None
        field = dataclasses.replace(field, box=box)
    return dataclasses.replace(field, meters=meters, where=found.where)


def photograph(
    file: str | os.PathLike[str] | None = None,
    *,
    smooth: Number = 1.0,
    degree: int = 3,
    crop: Box | None = None,
) -> Sampled:
    """The tones of a picture as a field: 0 where it is darkest, 1 where it is lightest.

    `file` is a PNG, JPEG, TIFF, WebP, BMP or GIF, seen on white; without one it is the portrait of
    Grace Hopper that comes with matplotlib. The tone is the luma of Rec. 709; `low` and `high` are
    those of the values 0 and 1, where black is 0 and white is 1. `smooth` blurs it by that many
    pixels. `degree` is that of its spline, 3, which is C2, or 5, which is C4. `crop` is the part
    that is wanted, ((0, 0), (1, 1)) being all of it, from its lower left corner. The box has its
    proportions, its longer side over [-1, 1]. The field stays within [0, 1] everywhere: where its
    spline would swing past black or white it is level, and so are its slopes.

    >>> face = ga.photograph(smooth=4)
    >>> p = ga.grid(60, 50, face.box)
    >>> ga.dots(p, radius=1.2 * (1 - ga.value(face, p).ravel()))
    """
    source = of_matplotlib("grace_hopper.jpg") if file is None else file
    field = _leveled(
        read_tones(source, crop), smooth, degree, read=lambda: read_colors(source, crop)
    )
    # A spline swings no farther than its coefficients. A seam as wide bends it little more than it
    # is bent already, and hardly touches a picture that is blurred.
    if isinstance(field.coefficients, jax.Array):
        high, low = jnp.max(field.coefficients) - 1, -jnp.min(field.coefficients)
        return dataclasses.replace(field, seam=jnp.clip(jnp.maximum(low, high), *_SEAM))
    swing = max(-float(np.min(field.coefficients)), float(np.max(field.coefficients)) - 1)
    return dataclasses.replace(field, seam=float(np.clip(swing, *_SEAM)))


def _leveled(
    table: np.ndarray,
    smooth: Number,
    degree: int,
    cell: tuple[float, float] = (1.0, 1.0),
    read: Callable[[], np.ndarray] | None = None,
    sea: float | None = None,
) -> Sampled:
    """The field of a map or picture, top row first, with its lowest value, or sea, 0 and highest 1.

    `read` gives the colors that it is the luma of.
    """
    tones = checked_blur(checked_table(table[::-1]), smooth)
    box = box_of_cells(table.shape, cell)
    if not isinstance(tones, np.ndarray):
        shore = None if sea is None else 0.0
        bottom, top = tones.min() if sea is None else jnp.asarray(sea), tones.max()
        moved = tabulated((tones - bottom) / (top - bottom), box=box, degree=degree)
        return dataclasses.replace(moved, low=bottom, high=top, shore=shore)
    low, high = float(tones.min()) if sea is None else sea, float(tones.max())
    field = tabulated((tones - low) / ((high - low) or 1.0), box=box, degree=degree)
    if sea is not None:
        return dataclasses.replace(field, low=low, high=high, shore=0.0)
    samples = SplineSamples(
        lambda: (table if read is None else read())[::-1], float(np.asarray(smooth)), True, degree
    )
    remember(np.asarray(field.coefficients), samples)
    return dataclasses.replace(field, low=low, high=high)
