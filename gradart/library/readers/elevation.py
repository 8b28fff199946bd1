"""Elevation files: heights, the size of their cells on the ground, and voids filled in."""

import dataclasses
import math
import os
import re
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import numpy as np

from gradart.errors import ArtError, warn
from gradart.library.readers.elevation_rasters import DRIVERS, SMALLEST, VOIDS, read_raster
from gradart.library.readers.file_checks import afford, opened
from gradart.library.readers.whereabouts import Whereabouts

DEGREE = 111_195.0  # meters of latitude, on a sphere of radius 6,371.0 km
Cell = tuple[float, float] | None
_LATITUDES, _LONGITUDES = ("latitude", "lat", "lats"), ("longitude", "lon", "lons", "lng")


@dataclasses.dataclass(frozen=True, eq=False)
class Elevation:
    """What an elevation file holds: heights on an even grid, and how large its cells are."""

    heights: np.ndarray  # (rows, columns), the northern row first, no voids left
    cell: Cell  # from sample to sample, eastward and northward; None if the file does not tell
    metric: bool = True  # whether that is in meters
    where: Whereabouts | None = None  # on the globe, if the file tells


def read_elevation(
    file: str | os.PathLike[str], *, south_first: bool = False, sea: float | None = None
) -> Elevation:
    """Read `.npz`, `.hgt` (SRTM), or by rasterio GeoTIFF and other rasters of a single file.

    South_first is for the first: the others tell where their south is. `sea` is the height of the
    sea, if there is one. What is wrong with a file is an ArtError.
    """
    name = Path(file).name
    ending = Path(file).suffix.lower()
    if ending not in (".npz", ".hgt", *DRIVERS):
        raise ArtError(
            f"{name} is not an elevation file: give .hgt, .npz or .tif ({', '.join(DRIVERS)}),"
            " or a picture to photograph()"
        )
    if south_first and ending != ".npz":
        raise ArtError(f"{name} says by itself where its south is: leave south_first out")
    with opened(file) as (path, stream):
        metric, upright = True, False
        if ending == ".npz":
            heights, cell, where, upright = _npz(path, stream)
        elif ending == ".hgt":
            heights, cell, where = _hgt(path, stream)
        else:
            heights, cell, where, metric = read_raster(path)
        if south_first and upright:
            raise ArtError(f"{name} says by itself where its south is: leave south_first out")
        heights = heights[::-1] if south_first else heights
        return Elevation(without_voids(heights, path.name, sea), cell, metric, where)


def without_voids(table: np.ndarray, name: str, sea: float | None = None) -> np.ndarray:
    """Heights with what is no number, or stands for a void, filled; and a word about how many.

    With a `sea`, voids that reach the edge of the table, or what lies at or below that height, are
    sea, as files have it that hold land alone.
    """
    heights = table.astype(float)
    known = np.isfinite(heights) & ~np.isin(table, VOIDS)
    if not known.any():
        raise ArtError(f"{name} holds no elevation, only voids")
    if sea is not None:
        off_shore = _open_to(known & (heights <= sea), ~known) & ~known
        heights, known = np.where(off_shore, sea, heights), known | off_shore
    if missing := int((~known).sum()):
        warn(f"{_share(missing, known.size, name)}: filled smoothly from around it")
    return fill(heights, known)


def _open_to(sea: np.ndarray, voids: np.ndarray) -> np.ndarray:
    """The sea, and with it the voids that hang together with it or reach the edge of the table."""
    from scipy import ndimage

    # All around is sea, so that there is one to reach.
    parts, _ = ndimage.label(np.pad(sea | voids, 1, constant_values=True), np.ones((3, 3)))
    wet = np.unique(parts[np.pad(sea, 1, constant_values=True)])
    return np.asarray(np.isin(parts, wet)[1:-1, 1:-1])


def _share(missing: int, size: int, name: str) -> str:
    count = f"{missing:,} sample{'s'[: missing > 1]}"
    share = f"{missing / size:.2%}"
    if share == "0.00%":
        return f"{count} of {size:,} in {name} ha{'ve' if missing > 1 else 's'} no elevation"
    return f"{share} of {name} ({count}) has no elevation"


def _hgt(path: Path, stream: BinaryIO) -> tuple[np.ndarray, Cell, Whereabouts | None]:
    """A tile of one degree: big-endian int16, its south-west corner in the name, N36W085.hgt."""
    sides = {side * side * 2: side for side in (1201, 3601)}
    length = os.fstat(stream.fileno()).st_size
    if length not in sides:
        expected = " or ".join(f"{n:,} ({side} x {side})" for n, side in sides.items())
        raise ArtError(f"{path.name} has {length:,} bytes: an .hgt tile has {expected}")
    side = sides[length]
    heights = np.fromfile(stream, dtype=">i2").reshape(side, side)
    corner = re.match(r"([NS])(\d\d)([EW])(\d\d\d)", path.name.upper())
    if corner is None:
        return heights, None, None
    south = int(corner[2]) * (1 if corner[1] == "N" else -1)
    west = int(corner[4]) * (1 if corner[3] == "E" else -1)
    step = 1 / (side - 1)
    where = Whereabouts((step, 0, west, 0, -step, south + 1))
    return heights, _degrees(step, step, south + 0.5), where


def _npz(path: Path, stream: BinaryIO) -> tuple[np.ndarray, Cell, Whereabouts | None, bool]:
    """The array `elevation`, or else the first table; whether it tells where north is.

    The headers decide before anything is loaded. With the numbers dx, dy, ymin and ymax in
    degrees, as in matplotlib's sample, the size of a cell is known; with the arrays latitude and
    longitude, or lat and lon, in degrees, which way up it lies, too.
    """
    with ZipFile(stream) as archive:
        headers = {}
        for member in archive.namelist():
            if member.endswith(".npy"):
                headers[member.removesuffix(".npy")] = _header(archive, member, path.name)
        known = _LATITUDES, _LONGITUDES
        lat, lon = (next((name for name in names if name in headers), "") for names in known)
        tables = [n for n, (s, _) in headers.items() if len(s) == 2 and n not in (lat, lon)]
        if not tables:
            raise ArtError(
                f"{path.name} holds no two-dimensional array: np.savez(path, elevation=z)"
            )
        name = "elevation" if "elevation" in tables else tables[0]
        if len(tables) > 1 and name != "elevation":
            others = ", ".join(tables[1:])
            warn(f"{path.name}: {name} is read, and not {others}; call the heights elevation")
        shape, dtype = headers[name]
        if dtype.kind not in "iuf":
            raise ArtError(
                f"{path.name}: the array {name!r} is not of plain real numbers (it is {dtype}):"
                " save it as np.asarray(z, dtype=float)"
            )
        afford(shape, path.name)
        heights = _array(archive, name)
        if lat and lon:
            for one in (lat, lon):
                afford(headers[one][0], path.name)
            down = _spacing(_array(archive, lat), shape, 0)
            right = _spacing(_array(archive, lon), shape, 1)
            if down and right and abs(down[1]) < 90:
                heights = heights[:: -1 if down[0] > 0 else 1, :: 1 if right[0] > 0 else -1]
                dx, dy = abs(right[0]), abs(down[0])
                west = right[1] - dx * (shape[1] - 1) / 2
                north = down[1] + dy * (shape[0] - 1) / 2
                where = Whereabouts((dx, 0, west, 0, -dy, north))
                return heights, _degrees(dx, dy, down[1]), where, True
            warn(
                f"{path.name}: {lat} and {lon} are not those of evenly spaced rows and columns in"
                " degrees, and are not used; box= says where it lies"
            )
        scalars = ("dx", "dy", "ymin", "ymax")
        if not all(_plain(headers.get(s)) for s in scalars):
            return heights, None, None, False
        dx, dy, south, north = (float(_array(archive, s)) for s in scalars)
        edge = float(_array(archive, "xmin")) if _plain(headers.get("xmin")) else None
    cell = _degrees(abs(dx), abs(dy), (south + north) / 2)
    if cell is None or edge is None:
        return heights, cell, None, False
    # They are the cells' edges. In matplotlib's sample ymin is no edge, but as far beyond ymax.
    where = Whereabouts((abs(dx), 0, edge + abs(dx) / 2, 0, -abs(dy), north - abs(dy) / 2))
    return heights, cell, where, False


def _spacing(degrees: np.ndarray, shape: tuple[int, ...], axis: int) -> tuple[float, float] | None:
    """The step from row to row, or column to column, and the middle; None if there is no one step.

    There is one number for each, or a table of them, which are then the same along the other axis.
    """
    if degrees.dtype.kind not in "iuf" or degrees.shape not in ((shape[axis],), shape):
        return None
    lines = np.atleast_2d(degrees.astype(float))
    lines = lines.T if degrees.ndim == 2 and axis == 0 else lines
    if not np.isfinite(lines).all() or np.abs(lines).max() > 360:
        return None
    steps = np.diff(lines[0])
    step = float(steps.mean()) if len(steps) else 0.0
    apart = np.concatenate([steps - step, (lines - lines[0]).ravel()])
    even = step != 0 and np.abs(apart).max() <= abs(step) / 100
    return (step, float(lines[0].mean())) if even else None


def _plain(header: tuple[tuple[int, ...], np.dtype] | None) -> bool:
    """Whether an array is one plain number."""
    return header is not None and header[0] == () and header[1].kind == "f"


def _header(archive: ZipFile, member: str, name: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of a member. Version 1.0, which holds every plain array, is at most 64 KB."""
    with archive.open(member) as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ArtError(f"{member} in {name} is not a plain array of numbers")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    return shape, dtype


def _array(archive: ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)


def _degrees(dx: float, dy: float, latitude: float) -> Cell:
    """A cell of dx by dy degrees in meters; None where the numbers cannot be degrees."""
    if not (abs(latitude) < 90 and SMALLEST <= dx < 90 and SMALLEST <= dy < 90):
        return None
    return dx * DEGREE * math.cos(math.radians(latitude)), dy * DEGREE


def fill(table: np.ndarray, known: np.ndarray, sweeps: int = 32) -> np.ndarray:
    """The table with its unknown samples filled by a membrane stretched over the known ones.

    Laplace's equation, relaxed by some sweeps on each of a pyramid of grids, the coarsest first:
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
    coarse = fill(pooled(np.where(known, table, 0)) / np.maximum(count, 1), count > 0, sweeps)
    guess = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)[:rows, :columns]
    table = np.where(known, table, guess)
    gaps = np.nonzero(~known)
    for _ in range(sweeps):
        around = np.pad(table, 1, mode="edge")
        i, j = gaps
        sides = around[i, j + 1] + around[i + 2, j + 1] + around[i + 1, j] + around[i + 1, j + 2]
        table[gaps] = sides / 4
    return table
