"""GeoJSON files as points, paths and polygons in meters, with what they are."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError
from gradart.library.readers.file_checks import opened

Projection = Literal["local", "mercator"] | None
Tags: TypeAlias = dict[str, object]
Item = TypeVar("Item")

_BYTES = 500_000_000
_RADIUS = 6_371_008.8  # meters: the mean radius of the Earth
_EQUATOR = 6_378_137.0  # meters: that of Web Mercator
_NORTHERNMOST = 85.051129  # degrees, where Web Mercator ends


@dataclass(frozen=True)
class Features:
    """Points, paths and polygons of a map in meters around its middle, and the tags of each.

    `points` are (n, 2), `paths` and `polygons` (n, m, 2), padded with NaN, which also lifts the pen
    and parts outlines from holes, so that they go as they are into `dots`, `lines` and `polygons`.
    `point_tags`, `path_tags` and `polygon_tags` are as many dictionaries: the properties or tags of
    each. Made by `geojson` and `openstreetmap`.

    >>> from pathlib import Path
    >>> land = '{"type": "Polygon", "coordinates": [[[7, 46], [8, 46], [8, 47], [7, 46]]]}'
    >>> _ = Path("land.geojson").write_text(land)
    >>> ga.geojson("land.geojson").polygons.shape
    (1, 3, 2)
    """

    points: np.ndarray
    paths: np.ndarray
    polygons: np.ndarray
    point_tags: tuple[Tags, ...]
    path_tags: tuple[Tags, ...]
    polygon_tags: tuple[Tags, ...]

    def where(self, **tags: object) -> "Features":
        """Those that have these `tags`: a value, one of several in a list, or True for any value.

        A tag whose name is no word of Python is given as `where(**{"addr:street": "Am Markt"})`.

        >>> from pathlib import Path
        >>> line = '{"type": "LineString", "coordinates": [[7, 46], [8, 46]]}'
        >>> road = '{"type": "Feature", "properties": {"kind": "road"}, "geometry": ' + line + "}"
        >>> _ = Path("road.geojson").write_text(road)
        >>> len(ga.geojson("road.geojson").where(kind="road").paths)
        1
        """

        def has(own: Tags) -> bool:
            return all(_is(own.get(name), wanted) for name, wanted in tags.items())

        def kept(rows: np.ndarray, own: tuple[Tags, ...]) -> tuple[np.ndarray, tuple[Tags, ...]]:
            numbers = [i for i, each in enumerate(own) if has(each)]
            return rows[np.array(numbers, int)], tuple(own[i] for i in numbers)

        points, point_tags = kept(self.points, self.point_tags)
        paths, path_tags = kept(self.paths, self.path_tags)
        polygons, polygon_tags = kept(self.polygons, self.polygon_tags)
        return Features(points, paths, polygons, point_tags, path_tags, polygon_tags)


def _is(value: object, wanted: object) -> bool:
    if wanted is True:
        return value not in (None, False, "no")
    return value in wanted if isinstance(wanted, list | tuple | set) else value == wanted


@dataclass
class Found:
    """Degrees (m, 2), longitude and latitude, as they are read, with their tags."""

    points: list[tuple[np.ndarray, Tags]] = field(default_factory=list)
    paths: list[tuple[np.ndarray, Tags]] = field(default_factory=list)
    polygons: list[tuple[np.ndarray, Tags]] = field(default_factory=list)


def geojson(file: str | os.PathLike[str], *, projection: Projection = "local") -> Features:
    """The points, paths and polygons of a GeoJSON file, in meters, with their properties.

    Each feature of `file` is a row, of several parts or with holes if it has such. `projection` is
    "local", the azimuthal equidistant one, in which distances and directions from the middle of the
    data are true; "mercator", Web Mercator, with (0, 0) in the middle; or None for coordinates
    as they are in the file.

    Snyder, "Map Projections: A Working Manual" (1987), on a sphere. ArtError for a file that is
    broken, has no coordinates, or has such as are no longitudes and latitudes in degrees.

    >>> from pathlib import Path
    >>> land = '{"type": "Polygon", "coordinates": [[[7, 46], [8, 46], [8, 47], [7, 46]]]}'
    >>> _ = Path("land.geojson").write_text(land)
    >>> ga.polygons(ga.geojson("land.geojson").polygons)
    """
    found = Found()
    with opened(file) as (path, stream):
        check_size(path, os.fstat(stream.fileno()).st_size)

        def constant(name: str) -> float:
            raise ArtError(f"{path.name} holds {name}, which is no coordinate")

        try:
            data = json.load(stream, parse_constant=constant)
        except json.JSONDecodeError as error:
            raise ArtError(
                f"{path.name} is broken, or no JSON, at line {error.lineno}: {error.msg}"
            ) from error
        for geometry, tags in _geometries(data, {}, path.name):
            _add(found, geometry, tags, path.name)
    return features_of(found, projection, path.name)


def _geometries(data: object, tags: Tags, name: str) -> Iterator[tuple[Tags, Tags]]:
    """Yield the geometries in a value of GeoJSON (RFC 7946), each with its properties."""
    if not isinstance(data, dict):
        raise ArtError(f"{name} is no GeoJSON: it holds no object with a type")
    match data.get("type"):
        case "FeatureCollection":
            inner = data.get("features")
        case "GeometryCollection":
            inner = data.get("geometries")
        case "Feature":
            own = data.get("properties")
            tags = own if isinstance(own, dict) else {}
            inner = [data["geometry"]] if data.get("geometry") else []
        case _:
            yield data, tags
            return
    for one in inner if isinstance(inner, list) else []:
        yield from _geometries(one, tags, name)


def _add(found: Found, geometry: Tags, tags: Tags, name: str) -> None:
    kind, given = geometry.get("type"), geometry.get("coordinates")
    parts = given if isinstance(given, list) else []

    def line(values: object) -> np.ndarray:
        return _degrees(values, name)

    match kind:
        case "Point":
            found.points.append((line([given])[0], tags))
        case "MultiPoint":
            found.points += [(point, tags) for point in line(parts)]
        case "LineString":
            found.paths.append((line(parts), tags))
        case "MultiLineString":
            found.paths.append((apart([line(part) for part in parts]), tags))
        case "Polygon":
            found.polygons.append((apart(_rings(parts, line)), tags))
        case "MultiPolygon":
            rings = [ring for part in parts for ring in _rings(part, line)]
            found.polygons.append((apart(rings), tags))
        case _:
            raise ArtError(f"{name} is no GeoJSON: it has a geometry of type {str(kind)[:30]!r}")


def _degrees(values: object, name: str) -> np.ndarray:
    """Coordinates (m, 2) of a list of positions, whose heights are left out."""
    if values == []:
        return np.empty((0, 2))
    try:
        places = [list(place)[:2] for place in values] if isinstance(values, list) else []
        positions: np.ndarray = np.array(places)
    except (TypeError, ValueError, OverflowError):
        positions = np.empty(0)
    if positions.ndim != 2 or positions.shape[1] != 2 or positions.dtype.kind not in "iuf":
        raise ArtError(f"{name} has coordinates that are no list of [longitude, latitude]")
    return positions.astype(float)


def _rings(parts: object, line: Callable[[object], np.ndarray]) -> list[np.ndarray]:
    """The outline and holes of a polygon, the first to the left, the others to the right."""
    rings = []
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        ring = line(part)
        if len(ring) > 1 and (ring[0] == ring[-1]).all():
            ring = ring[:-1]
        rings.append(turned(ring, to_left=number == 0))
    return rings


def turned(ring: np.ndarray, *, to_left: bool) -> np.ndarray:
    """A ring (m, 2), the first point not repeated, that turns to the left, or to the right."""
    (x, y), after = ring.T, np.roll(ring, -1, 0)
    turns_left = (x * after[:, 1] - y * after[:, 0]).sum() > 0
    return ring if turns_left == to_left else ring[::-1]


def apart(parts: list[np.ndarray]) -> np.ndarray:
    """Parts (m, 2) as one row, with NaN between them."""
    lift = np.full((1, 2), np.nan)
    rows = [row for part in parts if len(part) for row in (part, lift)][:-1]
    return np.concatenate(rows) if rows else np.empty((0, 2))


def check_size(path: Path, size: int) -> None:
    """ArtError for a file that is too large to be read."""
    if size > _BYTES:
        raise ArtError(f"{path.name} has more than {_BYTES:,} bytes: cut out a part of it")


def features_of(found: Found, projection: Projection, name: str) -> Features:
    """What is found in a file of some name, in meters."""
    rows = [row for group in (found.paths, found.polygons) for row, _ in group]
    rows += [row[None] for row, _ in found.points]
    if not sum(map(len, rows)):
        raise ArtError(f"{name} holds no point, path or polygon")
    project = _projection(np.concatenate(rows), projection, name)
    return Features(
        project(np.array([row for row, _ in found.points]).reshape(-1, 2)),
        project(_padded([row for row, _ in found.paths])),
        project(_padded([row for row, _ in found.polygons])),
        *(
            tuple(tags for _, tags in group)
            for group in (found.points, found.paths, found.polygons)
        ),
    )


def _padded(rows: list[np.ndarray]) -> np.ndarray:
    found = np.full((len(rows), max(map(len, rows), default=0), 2), np.nan)
    for row, own in zip(found, rows, strict=True):
        row[: len(own)] = own
    return found


def _projection(
    places: np.ndarray, projection: Projection, name: str
) -> Callable[[np.ndarray], np.ndarray]:
    """The projection (..., 2) -> (..., 2) of degrees around the middle of the places (n, 2)."""
    places = places[~np.isnan(places).all(-1)]
    if not np.isfinite(places).all():
        raise ArtError(f"{name} has coordinates that are NaN or infinite")
    if projection not in ("local", "mercator", None):
        raise ArtError(f"projection is 'local', 'mercator' or None, not {short(projection)}")
    if projection is None:
        return lambda p: p
    if (np.abs(places) > (360, 90)).any():
        worst = places[(np.abs(places) > (360, 90)).any(-1)][0]
        raise ArtError(
            f"{name} has coordinates like {worst[0]:g}, {worst[1]:g}, which are no longitude and"
            " latitude in degrees; give projection=None to take them as they are"
        )
    turns = np.sort(places[:, 0] % 360)
    gaps = np.diff(turns, append=turns[0] + 360)
    # What lies within half a turn but across the date line is not torn there.
    across_line = np.ptp(places[:, 0]) > 180 and gaps.max() > 180
    cut = turns[int(gaps.argmax())] + 0.5 * gaps.max()

    def around(longitude: np.ndarray) -> np.ndarray:
        return (longitude - cut) % 360 + cut if across_line else longitude

    east = around(places[:, 0])
    lows, highs = (end(np.stack([east, places[:, 1]]), -1) for end in (np.min, np.max))
    middle = np.radians(lows / 2 + highs / 2)

    def mercator(p: np.ndarray) -> np.ndarray:
        latitude = np.radians(np.clip(p[..., 1], -_NORTHERNMOST, _NORTHERNMOST))
        x, y = np.radians(around(p[..., 0])), np.arctanh(np.sin(latitude))
        limit = np.radians(_NORTHERNMOST)
        y0 = np.arctanh(np.sin(np.clip(middle[1], -limit, limit)))
        return _EQUATOR * np.stack([x - middle[0], y - y0], -1)

    def local(p: np.ndarray) -> np.ndarray:
        latitude, turn = np.radians(p[..., 1]), np.radians(around(p[..., 0])) - middle[0]
        up, across = np.sin(middle[1]), np.cos(middle[1])
        east = np.cos(latitude) * np.sin(turn)
        north = across * np.sin(latitude) - up * np.cos(latitude) * np.cos(turn)
        ahead = up * np.sin(latitude) + across * np.cos(latitude) * np.cos(turn)
        sine = np.hypot(east, north)
        angle = np.arctan2(sine, ahead)
        stretch = np.where(sine > 0, angle / np.where(sine > 0, sine, 1), 1.0)
        return _RADIUS * stretch[..., None] * np.stack([east, north], -1)

    return mercator if projection == "mercator" else local
