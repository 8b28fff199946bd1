"""Elevation rasters, read by GDAL through rasterio, and laid on a north-up plane in meters."""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from gradart.errors import ArtError, warn
from gradart.library.readers.file_checks import afford, broken
from gradart.library.readers.whereabouts import Whereabouts

# One file, one driver, chosen here: none that follows a name it finds in the file (VRT, HFA) or
# that reaches the network.
DRIVERS = {
    ".tif": "GTiff",
    ".tiff": "GTiff",
    ".asc": "AAIGrid",
    ".dem": "USGSDEM",
    ".dt0": "DTED",
    ".dt1": "DTED",
    ".dt2": "DTED",
    ".bt": "BT",
}
VOIDS = (-32768, -9999, float(np.finfo(np.float32).min))
SMALLEST, LARGEST = 1e-9, 1e7  # units of the file or meters, of a cell
SURVEY = 1200 / 3937  # a foot as the United States surveyed with it
METERS = {"": 1.0, "cm": 0.01, "dm": 0.1, "km": 1000.0}
METERS |= dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0)
METERS |= dict.fromkeys(("ft", "foot", "feet", "international foot"), 0.3048)
METERS |= dict.fromkeys(("us survey foot", "us survey feet", "ftus", "us-ft"), SURVEY)
BENT = 0.02  # of the longer side, that a grid may be off the plane before it is warped
TURNED = math.tan(math.radians(5))  # of its north against the true one, as at the edge of a zone
FAR = 2e6  # meters from the center, about as far as one plane can be true to the ground
Cells = float | Sequence[float] | np.ndarray
Raster = Any  # rasterio's, which declares no types and need not be installed: a data set,
System = Any  # a coordinate system, by rasterio or in PROJ's notation,
Transform = Any  # and an affine map
Read = tuple[np.ndarray, tuple[float, float] | None, Whereabouts | None, bool]
Ground = Callable[[Cells, Cells], np.ndarray]  # columns, rows (n,) -> (2, n), meters east, north


@contextmanager
def dataset(path: Path, driver: str) -> Iterator[Raster]:
    """The file as rasterio's dataset, without GDAL's looking around for what lies beside it."""
    try:
        import rasterio
        import rasterio.errors
    except ImportError as error:
        raise ArtError(
            f"{path.name} is read by rasterio, which is not installed:"
            " pip install 'gradart[geotiff]'"
        ) from error
    real = str(path.resolve())
    if real.startswith("/vsi"):  # to GDAL no path but an address
        raise ArtError(f"{path} cannot be read: move it to another folder")
    for ending in (".prj", ".PRJ"):  # which GDAL opens all the same, for some formats
        beside = path.with_suffix(ending)
        if beside.exists() and not beside.is_file():
            raise ArtError(f"{beside} is no file: {path.name} cannot be read beside it")
    quiet = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
    try:
        with rasterio.Env(**quiet):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a file that does not say where it lies
                data = rasterio.open(real, driver=driver)
            with data:
                yield data
    except rasterio.errors.RasterioError as error:
        raise broken(path) from error


def read_raster(path: Path) -> Read:
    """Heights (rows, columns) in meters, the northern row first, NaN where there are none.

    Then the size of a cell, eastward and northward, None if the file does not tell; where they lie,
    if it tells; and whether the size is in meters.
    """
    with dataset(path, DRIVERS[path.suffix.lower()]) as data:
        _afford(data, path.name)
        if (grid := _georeference(data, path.name)) is None:
            return _heights(data, path), None, None, False
        return _laid(_heights(data, path), *grid, path.name)


def _afford(data: Raster, name: str) -> None:
    afford((data.height, data.width), name)
    for block in data.block_shapes:
        afford(block, name)
    dtype = np.dtype(data.dtypes[0]) if "complex_int" not in data.dtypes[0] else np.dtype(complex)
    if dtype.kind not in "iuf":
        raise ArtError(
            f"{name} is not of plain real numbers (it is {dtype}): save its heights as floats"
        )
    kinds = [color.name for color in data.colorinterp]
    if set(kinds) & {"red", "green", "blue", "palette", "cyan", "hue", "Y"}:
        raise ArtError(
            f"{name} is a picture in color: give one channel of heights, or the picture to"
            " photograph()"
        )
    if kinds[0] == "alpha":
        raise ArtError(f"{name} holds no heights, only where it is transparent")
    if len([kind for kind in kinds if kind != "alpha"]) > 1:
        warn(f"{name} has {len(kinds)} bands: its heights are taken from the first")


def _heights(data: Raster, path: Path) -> np.ndarray:
    raw = data.read(1)
    scale, offset, unit = data.scales[0], data.offsets[0], data.units[0] or ""
    known = data.read_masks(1) != 0
    # What a number means that no one has declared a void can be guessed only where it is a height.
    known &= ~np.isin(raw, VOIDS if (scale, offset) == (1, 0) else VOIDS[:1])
    beside = path.with_name(path.name + ".msk")
    if beside.is_file():  # where GDAL before 3.9 has put a mask
        with dataset(beside, "GTiff") as mask:
            if mask.shape == data.shape:
                known &= mask.read(1) != 0
    meters = METERS.get(unit.strip().lower())
    if meters is None:
        warn(f"{path.name} has heights in {unit[:40]!r}, which are taken for meters")
    with np.errstate(all="ignore"):
        heights = (raw.astype(float) * scale + offset) * (meters or 1.0)
    heights[~(known & np.isfinite(heights))] = np.nan
    return heights


def _georeference(data: Raster, name: str) -> tuple[np.ndarray, System | None] | None:
    """The affine map (2, 3) from (column, row, 1) to coordinates, and their system if it is known.

    None for a file that says nothing of where it lies.
    """
    from rasterio.transform import from_gcps

    transform, system = data.transform, data.crs
    if not transform.is_identity:
        return _checked(transform, name), system
    points, system = data.gcps
    if len(points) < 3:
        return None
    affine = _checked(from_gcps(points), name)
    lie = np.array([(p.x, p.y) for p in points]).T
    missed = _places(affine, *np.array([(p.col, p.row) for p in points]).T) - lie
    cells = np.hypot(*missed).max() / math.sqrt(abs(np.linalg.det(affine[:, :2])))
    if cells > 1:
        warn(f"{name} has control points that no even grid meets: it is off by {cells:.1f} cells")
    return affine, system


def _checked(transform: Transform, name: str) -> np.ndarray:
    affine = np.array(transform[:6], float).reshape(2, 3)
    sides = np.hypot(*affine[:, :2])
    size = abs(np.linalg.det(affine[:, :2])) if np.isfinite(affine).all() else 0
    if not (all(SMALLEST <= side <= LARGEST for side in sides) and size > 1e-3 * sides.prod()):
        raise ArtError(
            f"{name} says that its cells are {sides[0]:g} by {sides[1]:g}, which cannot be"
        )
    return affine


def _places(affine: np.ndarray, columns: Cells, rows: Cells) -> np.ndarray:
    return affine @ np.array([columns, rows, np.ones_like(columns)])


def _laid(heights: np.ndarray, affine: np.ndarray, system: System | None, name: str) -> Read:
    """The heights on their plane: as they are if rows and columns lie along it, or else warped."""
    rows, columns = heights.shape
    plane, ground, metric = _plane(heights.shape, affine, system, name)
    half = np.array([-0.5, 0.5, 0, 0])  # a cell at the middle, from side to side
    sides = ground(columns / 2 + half, rows / 2 + half[::-1])
    across, down = sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 3]
    cell = float(np.hypot(*across)), float(np.hypot(*down))
    if not all(SMALLEST <= side <= LARGEST for side in cell):
        raise ArtError(f"{name} lies where its coordinate system has no ground")
    i, j = np.meshgrid(np.linspace(0, columns, 33), np.linspace(0, rows, 33))
    where = ground(i.ravel(), j.ravel())
    even = np.outer(across, i - columns / 2) + np.outer(down, j - rows / 2)
    far = plane is not None and not np.hypot(*where).max() < FAR  # NaN is far
    (a, b, _), (d, e, _) = affine
    straight = abs(d) < 1e-3 * abs(a) and abs(b) < 1e-3 * abs(e)
    if straight and (far or plane is None or _fits(across, down, even, where)):
        east, north = (a, e) if far else (across[0], down[1])
        ways = 1 if east > 0 else -1, 1 if north < 0 else -1
        lies = _lies(affine, system, heights.shape, *ways) if plane else None
        return heights[:: ways[1], :: ways[0]], cell, lies, metric
    if far:
        raise ArtError(f"{name} is turned, and too wide for one plane: cut out a part of it")
    if plane is None:
        affine, system = np.column_stack([across, down, ground([0.0], [0.0])]), "EPSG:3857"
    warped, side, corner = _warped(heights, affine, system, plane or system, where, name)
    around = Whereabouts((side, 0, corner[0], 0, -side, corner[1]), plane) if plane else None
    return warped, (side, side), around, metric


def _lies(
    affine: np.ndarray, system: System, shape: tuple[int, ...], right: int, down: int
) -> Whereabouts:
    """Where samples lie, which are the middles of cells, in rows and columns that may be turned."""
    (a, b, _), (d, e, _) = affine
    first = [0 if way > 0 else n - 1 for way, n in ((right, shape[1]), (down, shape[0]))]
    x, y = _places(affine, first[0] + 0.5, first[1] + 0.5)
    return Whereabouts((a * right, b * down, x, d * right, e * down, y), system.to_wkt())


def _fits(across: np.ndarray, down: np.ndarray, even: np.ndarray, where: np.ndarray) -> bool:
    """Whether even cells, along north and east, are where the ground is."""
    upright = abs(across[1]) <= TURNED * abs(across[0]) and abs(down[0]) <= TURNED * abs(down[1])
    return bool(upright and np.hypot(*(where - even)).max() <= BENT * np.ptp(even, axis=1).max())


def _plane(
    shape: tuple[int, ...], affine: np.ndarray, system: System | None, name: str
) -> tuple[System | None, Ground, bool]:
    """A plane that touches the ground in the middle, and the way to it from (column, row).

    It is the azimuthal equidistant one about the middle, which any system on a globe leads to. A
    system on none is a plane itself, in a unit that it may name: then the last value is true.
    """
    middle = _places(affine, shape[1] / 2, shape[0] / 2)
    if system is None or not (system.is_geographic or system.is_projected):
        unit = _unit(system)
        return (
            None,
            lambda i, j: (_places(affine, i, j) - middle[:, None]) * (unit or 1),
            bool(unit),
        )
    globe = _globe(system.to_dict(projjson=True))
    east, north = _moved(system, f"+proj=longlat {globe}", middle[:, None]).ravel()
    if not np.isfinite([east, north]).all():
        raise ArtError(f"{name} lies where its coordinate system has no ground")
    plane = f"+proj=aeqd +lat_0={north} +lon_0={east} {globe} +units=m"
    return plane, lambda i, j: _moved(system, plane, _places(affine, i, j)), True


def _unit(system: System | None) -> float | None:
    from rasterio.errors import CRSError

    try:
        return system.units_factor[1] if system is not None else None
    except CRSError:
        return None


def _moved(system: System, other: str, places: np.ndarray) -> np.ndarray:
    """Places (2, n) of one coordinate system in another; all NaN where one of them is in none."""
    from rasterio.warp import transform

    try:
        return np.array(transform(system, other, *places))
    except Exception:  # GDAL's, which rasterio keeps to itself
        return np.full_like(places, np.nan)


def _globe(system: System) -> str:
    """The size of the globe that a coordinate system is on, as PROJ writes it."""
    if isinstance(system, dict):
        if "ellipsoid" in system:
            found = system["ellipsoid"]
            numbers = {
                key: value["value"] if isinstance(value, dict) else value
                for key, value in found.items()
            }
            if "radius" in numbers:
                return f"+R={numbers['radius']}"
            if "inverse_flattening" in numbers:
                return f"+a={numbers['semi_major_axis']} +rf={numbers['inverse_flattening']}"
            return f"+a={numbers['semi_major_axis']} +b={numbers['semi_minor_axis']}"
        for value in system.values():
            if found := _globe(value):
                return found
    return ""


def _warped(
    heights: np.ndarray,
    affine: np.ndarray,
    system: System,
    plane: System,
    where: np.ndarray,
    name: str,
) -> tuple[np.ndarray, float, tuple[float, float]]:
    """The heights on square cells of the plane, about as large as their own, the north up."""
    from rasterio import Affine
    from rasterio.warp import Resampling, reproject

    (left, bottom), (right, top) = where.min(axis=1), where.max(axis=1)
    steps = where.reshape(2, 33, 33)
    across, down = steps[:, 16, 17] - steps[:, 16, 16], steps[:, 17, 16] - steps[:, 16, 16]
    area = abs(across[0] * down[1] - across[1] * down[0]) * 32 * 32
    side = math.sqrt(area / heights.size)
    shape = max(round((top - bottom) / side), 2), max(round((right - left) / side), 2)
    afford(shape, name)
    left = (left + right - shape[1] * side) / 2
    top = (top + bottom + shape[0] * side) / 2
    table = np.full(shape, np.nan)
    reproject(
        heights,
        table,
        src_transform=Affine(*affine.ravel()),
        src_crs=system,
        src_nodata=np.nan,
        dst_transform=Affine(side, 0, left, 0, -side, top),
        dst_crs=plane,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    return table, side, (left + side / 2, top - side / 2)
