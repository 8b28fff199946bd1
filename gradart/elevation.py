"""Elevation files: heights, the size of their cells on the ground, and voids filled in."""

import dataclasses
import logging
import math
import os
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from gradart.calculus.checks import warn
from gradart.errors import ArtError

BUDGET = 100_000_000  # samples or pixels of one file
SMALLEST, LARGEST = 1e-9, 1e7  # degrees or meters, of a cell
VOIDS = (-32768, -9999)
DEGREE = 111_195.0  # meters of latitude, on a sphere of radius 6,371.0 km


@dataclasses.dataclass(frozen=True, eq=False)
class Elevation:
    heights: np.ndarray  # (rows, columns), the northern row first, no voids left
    cell: tuple[float, float] | None  # meters from sample to sample, eastward and northward


def read_elevation(file: str | os.PathLike[str]) -> Elevation:
    """Read `.hgt` (SRTM), GeoTIFF or `.npz`. What is wrong with the file is an ArtError."""
    path = Path(file)
    readers = {".hgt": _hgt, ".npz": _npz, ".tif": _geotiff, ".tiff": _geotiff}
    if path.suffix.lower() not in readers:
        raise ArtError(
            f"{path.name} is not an elevation file: give .hgt, .npz or .tif, or a picture to"
            " photograph()"
        )
    try:
        heights, cell = readers[path.suffix.lower()](path)
    except ArtError:
        raise
    except OSError as error:
        raise ArtError(f"{path} cannot be read: {error.strerror or 'broken file'}") from error
    except Exception as error:  # there is no end to what parsers raise on a broken file
        raise ArtError(f"{path.name} is broken, or is not what its name says") from error
    return Elevation(_without_voids(heights, path.name), cell)


def _hgt(path: Path) -> tuple[np.ndarray, tuple[float, float] | None]:
    """A tile of one degree: big-endian int16, its south-west corner in the name, N36W085.hgt."""
    sides = {side * side * 2: side for side in (1201, 3601)}
    length = path.stat().st_size
    if length not in sides:
        expected = " or ".join(f"{n:,} ({side} x {side})" for n, side in sides.items())
        raise ArtError(f"{path.name} has {length:,} bytes: an .hgt tile has {expected}")
    side = sides[length]
    heights = np.fromfile(path, dtype=">i2").reshape(side, side)
    corner = re.match(r"([NS])(\d\d)[EW]\d\d\d", path.name.upper())
    if corner is None:
        return heights, None
    south = int(corner[2]) * (1 if corner[1] == "N" else -1)
    return heights, _degrees(1 / (side - 1), 1 / (side - 1), south + 0.5)


def _npz(path: Path) -> tuple[np.ndarray, tuple[float, float] | None]:
    """The array `elevation`, or else the first two-dimensional one.

    The headers decide before anything is loaded. With the numbers dx, dy, ymin and ymax in
    degrees, as in matplotlib's sample, the size of a cell is known.
    """
    with ZipFile(path) as archive:
        headers = {}
        for member in archive.namelist():
            if member.endswith(".npy"):
                headers[member.removesuffix(".npy")] = _header(archive, member)
        tables = [name for name, (shape, _) in headers.items() if len(shape) == 2]
        if not tables:
            raise ArtError(
                f"{path.name} holds no two-dimensional array: np.savez(path, elevation=z)"
            )
        name = "elevation" if "elevation" in tables else tables[0]
        shape, dtype = headers[name]
        if dtype.kind not in "iuf":
            raise ArtError(
                f"{path.name}: the array {name!r} is not of plain real numbers (it is {dtype}):"
                " save it as np.asarray(z, dtype=float)"
            )
        _afford(shape, path.name)
        heights = _array(archive, name)
        scalars = ("dx", "dy", "ymin", "ymax")
        if any(headers.get(s, ((0,), None))[0] != () or headers[s][1].kind != "f" for s in scalars):
            return heights, None
        dx, dy, south, north = (float(_array(archive, s)) for s in scalars)
    return heights, _degrees(abs(dx), abs(dy), (south + north) / 2)


def _header(archive: ZipFile, member: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of a member. Version 1.0, which holds every plain array, is at most 64 KB."""
    with archive.open(member) as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ArtError(f"{member} in {archive.filename} is not a plain array of numbers")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    return shape, dtype


def _array(archive: ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)


def _geotiff(path: Path) -> tuple[np.ndarray, tuple[float, float] | None]:
    """The first page. Degrees become meters at its middle latitude; no scale: unknown cells."""
    try:
        import tifffile
    except ImportError as error:
        raise ArtError('reading GeoTIFF takes tifffile: pip install "gradart[geotiff]"') from error
    logger = logging.getLogger("tifffile")
    if not logger.hasHandlers():  # else it tells each fault of the file on standard error
        logger.addHandler(logging.NullHandler())
    with tifffile.TiffFile(path) as file:
        page: Any = file.pages[0]
        if len(page.shape) != 2:
            raise ArtError(f"{path.name} has shape {page.shape}: elevation has one channel")
        if page.dtype is None or page.dtype.kind not in "iuf":
            raise ArtError(f"{path.name} is not of plain real numbers (it is {page.dtype})")
        _afford(page.shape, path.name)
        heights = page.asarray()
        tags = page.geotiff_tags or {}
        void = page.tags.get("GDAL_NODATA")
    if void is not None:
        heights = np.where(heights == float(void.value), np.nan, heights)
    scale = tags.get("ModelPixelScale")
    if scale is None:
        return heights, None
    dx, dy = float(scale[0]), float(scale[1])
    if not all(SMALLEST <= side <= LARGEST for side in (dx, dy)):
        raise ArtError(f"{path.name} says that its cells are {dx:g} by {dy:g}, which cannot be")
    if int(tags.get("GTModelTypeGeoKey", 1)) != 2:  # 2 is geographic, in degrees
        return heights, (dx, dy)
    north = float(tags["ModelTiepoint"][4])
    return heights, _degrees(dx, dy, north - dy * len(heights) / 2)


def _degrees(dx: float, dy: float, latitude: float) -> tuple[float, float] | None:
    """A cell of dx by dy degrees in meters; None where the numbers cannot be degrees."""
    if not (abs(latitude) < 90 and SMALLEST <= dx < 90 and SMALLEST <= dy < 90):
        return None
    return dx * DEGREE * math.cos(math.radians(latitude)), dy * DEGREE


def _afford(shape: tuple[int, ...], name: str) -> None:
    if math.prod(shape) > BUDGET:
        raise ArtError(
            f"{name} claims {shape[0]:,} x {shape[1]:,} samples, over the budget of {BUDGET:,}:"
            " cut out a part of it"
        )


def _without_voids(heights: np.ndarray, name: str) -> np.ndarray:
    table = heights.astype(float)
    known = np.isfinite(table) & ~np.isin(table, VOIDS)
    if not known.any():
        raise ArtError(f"{name} holds no elevation, only voids")
    if not known.all():
        share = 1 - known.mean()
        warn(f"{share:.2%} of {name} has no elevation: filled smoothly from around it")
    return fill(table, known)


def fill(table: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The table with its unknown samples filled by a membrane stretched over the known ones.

    Laplace's equation, relaxed by a few sweeps on each of a pyramid of grids, the coarsest first:
    smooth, near to the exact membrane, and never above or below all the known samples.
    """
    if known.all():
        return table
    rows, columns = table.shape
    if max(rows, columns) == 1:
        return table

    def pooled(a: np.ndarray) -> np.ndarray:
        even = np.pad(a, ((0, rows % 2), (0, columns % 2)))
        return even.reshape((rows + 1) // 2, 2, (columns + 1) // 2, 2).sum(axis=(1, 3))

    count = pooled(known.astype(float))
    coarse = fill(pooled(np.where(known, table, 0)) / np.maximum(count, 1), count > 0)
    guess = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)[:rows, :columns]
    table = np.where(known, table, guess)
    gaps = np.nonzero(~known)
    for _ in range(32):
        around = np.pad(table, 1, mode="edge")
        i, j = gaps
        sides = around[i, j + 1] + around[i + 2, j + 1] + around[i + 1, j] + around[i + 1, j + 2]
        table[gaps] = sides / 4
    return table
