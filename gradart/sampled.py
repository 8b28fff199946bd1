"""Photographs, elevation files and tables of numbers as smooth fields with exact derivatives."""

import dataclasses
import functools
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.elevation import BUDGET, read_elevation
from gradart.errors import ArtError
from gradart.fields import Box, plane

_SLAB = 256  # rows
PICTURES = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")


@functools.partial(
    jax.tree_util.register_dataclass,
    data_fields=["coefficients", "low", "high", "meters"],
    meta_fields=["box"],
)
@dataclasses.dataclass(frozen=True, eq=False)
class Sampled:
    """A field, (2,) -> (), through a table of samples: a cubic B-spline, so C2.

    Value, gradient and Hessian are exact derivatives of one another, by JAX. Outside its box the
    field keeps the value of the nearest edge; it meets the edge with a slope of zero across it, so
    the gradient is continuous there too. A pytree: its coefficients pass through `jax.jit` as an
    argument, so the same table read again, or another one of its shape, is not compiled again.
    """

    coefficients: ArrayLike  # (rows + 2, columns + 2), the bottom row first
    box: Box
    low: float = 0.0  # what the values 0 and 1 stand for in the source (meters, gray levels)
    high: float = 1.0
    meters: float | None = None  # the length of one unit of the box, if the source tells

    def __call__(self, p: ArrayLike) -> jax.Array:
        coefficients, p = jnp.asarray(self.coefficients), jnp.asarray(plane(p, "the field"))
        rows, columns = coefficients.shape[0] - 2, coefficients.shape[1] - 2
        (x0, y0), (x1, y1) = self.box
        column, across = _place(p[0], x0, x1, columns)
        row, up = _place(p[1], y0, y1, rows)
        patch = jax.lax.dynamic_slice(coefficients, (row, column), (4, 4))
        return _basis(up) @ patch @ _basis(across)

    def on_lattice(self, x: ArrayLike, y: ArrayLike, order: int) -> jax.Array:
        """The derivatives of an order from 0 to 2 at all (x, y) of columns (c,) and rows (r,).

        (r, c), (r, c, 2) or (r, c, 2, 2): those of every point, to rounding. `ga.value`,
        `ga.gradient` and `ga.hessian` ask here where their points are those of a grid.
        """
        return _on_lattice(self, jnp.asarray(x), jnp.asarray(y), order)


@functools.partial(jax.jit, static_argnames="order")
def _on_lattice(field: Sampled, x: jax.Array, y: jax.Array, order: int) -> jax.Array:
    """The spline is a product: along each row of points the four rows of coefficients are summed
    with the weights of y, and the sums then with those of x, while they are in the cache."""
    coefficients = jnp.asarray(field.coefficients)
    rows, columns = coefficients.shape[0] - 2, coefficients.shape[1] - 2
    (x0, y0), (x1, y1) = field.box
    column, across = _weights(x, x0, x1, columns, order)
    row, up = _weights(y, y0, y1, rows, order)

    def line(_: None, at: tuple[jax.Array, list[jax.Array]]) -> tuple[None, jax.Array]:
        first, weights = at
        four = jax.lax.dynamic_slice(coefficients, (first, 0), (4, columns + 2))

        def partial(along_x: int) -> jax.Array:
            sums, w = weights[order - along_x] @ four, across[along_x].T
            a, b, c, d = (w[i] * sums[column + i] for i in range(4))
            return a + b + c + d

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


def _weights(
    x: jax.Array, low: float, high: float, n: int, order: int
) -> tuple[jax.Array, list[jax.Array]]:
    """The cells (m,) of positions x (m,), and the weights (m, 4) of each derivative in them."""

    def basis(x: jax.Array) -> jax.Array:
        return _basis(_place(x, low, high, n)[1])

    weights = [basis]
    for _ in range(order):
        weights.append(jax.jacfwd(weights[-1]))
    return _place(x, low, high, n)[0], [jax.vmap(weight)(x) for weight in weights]


def _place(x: jax.Array, low: float, high: float, n: int) -> tuple[jax.Array, jax.Array]:
    """The cell of x, held within [low, high], of the n - 1 there are, and where in it, 0 to 1."""
    # On the edge itself the derivative is 1 (jnp.clip's is 1/2).
    held = jnp.where(x < low, low, jnp.where(x > high, high, x))
    u = (held - low) * ((n - 1) / (high - low))
    cell = jnp.clip(jnp.floor(jax.lax.stop_gradient(u)), 0, n - 2)
    return cell.astype(int), u - cell


def _basis(f: jax.Array) -> jax.Array:
    """The four uniform cubic B-splines alive in a cell, at f in [0, 1] (de Boor, 1978)."""
    g = 1 - f
    return jnp.stack([g**3 / 6, 2 / 3 - f**2 * (2 - f) / 2, 2 / 3 - g**2 * (2 - g) / 2, f**3 / 6])


def tabulated(values: ArrayLike, *, box: Box | None = None, smooth: float = 0.0) -> Sampled:
    """The C2 cubic spline field through `values` (rows, columns), the bottom row first.

    It passes through values[i, j] at the points of `grid(rows, columns, box)`. Without a box the
    cells are square and the longer side spans [-1, 1]. `smooth` blurs the values first, by a
    Gaussian of that many samples.
    """
    from scipy import ndimage

    table = _blurred(np.asarray(values, dtype=float), smooth)
    coefficients = ndimage.spline_filter(table, order=3, mode="mirror")
    # One more coefficient on each side makes the neighborhood of every cell 4 x 4.
    return Sampled(np.pad(coefficients, 1, mode="reflect"), box or _box(table.shape))


def _blurred(table: np.ndarray, smooth: float) -> np.ndarray:
    from scipy import ndimage

    if table.ndim != 2 or min(table.shape) < 2:
        raise ArtError(f"a field needs a table of at least 2 x 2 values, not {table.shape}")
    if not np.isfinite(table).all():
        raise ArtError("the table holds NaN or infinite values: fill them first")
    if not (np.isfinite(smooth) and smooth >= 0):
        raise ArtError(f"smooth is {smooth}: give a number of samples, 0 or more")
    return ndimage.gaussian_filter(table, smooth, mode="mirror") if smooth else table


def _box(shape: tuple[int, ...], cell: tuple[float, float] = (1.0, 1.0)) -> Box:
    """The box of a table with cells of (width, height), its longer side over [-1, 1]."""
    width, height = (shape[1] - 1) * cell[0], (shape[0] - 1) * cell[1]
    longer = max(width, height)
    return (-width / longer, -height / longer), (width / longer, height / longer)


def terrain(file: str | os.PathLike[str] | None = None, *, smooth: float = 1.0) -> Sampled:
    """The relief of an elevation file as a field, north up, its heights brought into [0, 1].

    `file` is SRTM's `.hgt`, GeoTIFF (with the extra gradart[geotiff]) or `.npz` (the array
    `elevation`, or its first table, northern row first); without one it is the Jacksboro fault in
    Tennessee, which comes with matplotlib. `smooth` blurs it by that many samples. The box has the
    true proportions where the file tells them, its longer side over [-1, 1]; `low` and `high` are
    the heights of the values 0 and 1, and `meters` is the length of one unit of the box. Voids
    are filled from around them, with a warning.

        land = ga.terrain("N46E007.hgt", smooth=3)
        slope = ga.gradient(land, p) * (land.high - land.low) / land.meters
    """
    if file is None:
        file = _sample("jacksboro_fault_dem.npz")
    elevation = read_elevation(file)
    field = _leveled(elevation.heights, smooth, elevation.cell or (1.0, 1.0))
    if elevation.cell is None:
        return field
    rows, columns = elevation.heights.shape
    longer = max((columns - 1) * elevation.cell[0], (rows - 1) * elevation.cell[1])
    return dataclasses.replace(field, meters=longer / 2)


def photograph(file: str | os.PathLike[str] | None = None, *, smooth: float = 1.0) -> Sampled:
    """The tones of a picture as a field: 0 where it is darkest, 1 where it is lightest.

    `file` is a PNG, JPEG, TIFF, WebP, BMP or GIF, seen on white; without one it is the portrait of
    Grace Hopper that comes with matplotlib. The tone is the luma of Rec. 709; `low` and `high` are
    those of the values 0 and 1, where black is 0 and white is 1. `smooth` blurs it by that many
    pixels. The box has its proportions, its longer side over [-1, 1].
    """
    from PIL import Image, ImageOps

    path = Path(_sample("grace_hopper.jpg") if file is None else file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own warnings; the budget below is ours
            with Image.open(path, formats=PICTURES) as picture:
                width, height = picture.size
                if width * height > BUDGET:
                    raise ArtError(
                        f"{path.name} is {width:,} x {height:,} pixels, over the budget of"
                        f" {BUDGET:,}: scale it down first"
                    )
                with _hushed() if picture.format == "TIFF" else nullcontext():
                    tones = _tones(ImageOps.exif_transpose(picture))
    except ArtError:
        raise
    except Image.UnidentifiedImageError as error:
        raise ArtError(f"{path.name} is not a picture: give {', '.join(PICTURES)}") from error
    except Image.DecompressionBombError as error:
        raise ArtError(f"{path.name} is over the budget of {BUDGET:,} pixels") from error
    except OSError as error:
        raise ArtError(f"{path} cannot be read: {error.strerror or 'broken file'}") from error
    except Exception as error:  # there is no end to what decoders raise on a broken file
        raise ArtError(f"{path.name} is broken") from error
    return _leveled(tones, smooth)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep libtiff from writing on standard error, itself, what it makes of a broken file."""
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is none to write on
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _tones(picture: Any) -> np.ndarray:
    """The luma of a picture on white, (rows, columns), 0 to 1; all 16 bits of a gray one."""
    if picture.mode.startswith("I;16"):
        return np.asarray(picture) / 65535
    if picture.mode in ("I", "F"):
        return np.asarray(picture, dtype=float)
    pixels = np.asarray(picture.convert("RGBA"))
    tones = np.empty(pixels.shape[:2])
    for top in range(0, len(tones), _SLAB):  # a picture as large as allowed, in numbers, is 3 GB
        red, green, blue, alpha = np.moveaxis(pixels[top : top + _SLAB] / 255, -1, 0)
        tones[top : top + _SLAB] = 1 - alpha * (1 - (0.2126 * red + 0.7152 * green + 0.0722 * blue))
    return tones


def _leveled(table: np.ndarray, smooth: float, cell: tuple[float, float] = (1.0, 1.0)) -> Sampled:
    """The field of a map or picture, top row first, with its lowest value 0 and its highest 1."""
    table = _blurred(table[::-1], smooth)
    low, high = float(table.min()), float(table.max())
    field = tabulated((table - low) / ((high - low) or 1.0), box=_box(table.shape, cell))
    return dataclasses.replace(field, low=low, high=high)


def _sample(name: str) -> str:
    import matplotlib.cbook

    return matplotlib.cbook.get_sample_data(name, asfileobj=False)
