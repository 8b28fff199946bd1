"""OpenStreetMap files as points, paths and polygons in meters, with what they are."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gradart.errors import ArtError, warn
from gradart.library.readers.file_checks import opened, read_elements
from gradart.library.readers.geography import (
    Features,
    Found,
    Projection,
    Tags,
    apart,
    check_size,
    features_of,
    turned,
)

# Closed ways with one of these are areas; others, as roundabouts, are paths.
_AREAS = {"building", "landuse", "natural", "leisure", "amenity", "water", "area", "place", "shop"}


def openstreetmap(file: str | os.PathLike[str], *, projection: Projection = "local") -> Features:
    """The places, ways and areas of an OpenStreetMap extract (.osm), in meters, with their tags.

    Nodes of `file` that have tags are points; ways are paths, but closed ones with a tag of areas,
    like building or natural, polygons. So are multipolygons and boundaries, joined of several ways,
    with their holes. `where(highway="primary")` chooses. Other relations, and those that lead out
    of the extract, are left out, with a warning; of ways that lead out there is what lies in it.
    `projection` is that of `geojson`. A .osm.pbf is not read: `osmium cat city.osm.pbf -o city.osm`
    makes it .osm.

    ArtError for a file that is broken or declares entities, and for places that are nowhere.

    >>> from pathlib import Path
    >>> nodes = "".join(f'<node id="{i}" lon="{i}" lat="{i * i}"/>' for i in range(4))
    >>> way = '<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
    >>> _ = Path("walk.osm").write_text(f"<osm>{nodes}{way}</osm>")
    >>> ga.lines(ga.openstreetmap("walk.osm").where(highway="path").paths)
    """
    found = Found()
    nodes: dict[str, tuple[float, float]] = {}
    refs: list[str] = []
    tags: Tags = {}
    areas = _Areas(found, nodes)
    with opened(file) as (path, stream):
        check_size(path, os.fstat(stream.fileno()).st_size)
        if path.suffix.lower() == ".pbf":
            better = path.with_suffix("").with_suffix(".osm").name
            raise ArtError(f"{path.name} is not read: `osmium cat {path.name} -o {better}` first")

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal tags
            match tag:
                case "node":
                    tags = {}
                    place = float(attributes["lon"]), float(attributes["lat"])
                    nodes[attributes["id"]] = place
                    refs[:] = [attributes["id"]]
                case "way" | "relation":
                    tags = {}
                    refs[:] = []
                    areas.begin(attributes.get("id", ""))  # which only relations need
                case "member" if attributes.get("type") == "way":  # others name or label it
                    areas.members.append((attributes["ref"], attributes.get("role", "")))
                case "nd":
                    refs.append(attributes["ref"])
                case "tag":
                    tags[attributes["k"]] = attributes["v"]

        def end(tag: str) -> None:
            if tag == "relation":
                areas.add(tags)
            elif tag == "node" and tags:
                found.points.append((np.array(nodes[refs[0]]), tags))
            elif tag == "way":
                areas.ways[areas.id] = tuple(refs), tags
                line = np.array([nodes[ref] for ref in refs if ref in nodes])
                if len(line) < 2:
                    return
                if refs[0] == refs[-1] and len(line) > 3 and tags.keys() & _AREAS:
                    found.polygons.append((line[:-1], tags))
                else:
                    found.paths.append((line, tags))

        read_elements(path, stream, start, end)
    if areas.left_out:
        message = f"{path.name}: left out {areas.left_out:,} relations"
        warn(message)
    # A way that only bounds an area has no tags of its own.
    found.paths = [each for each in found.paths if each[1] or id(each[1]) not in areas.bounding]
    return features_of(found, projection, path.name)


@dataclass
class _Areas:
    """Relations of ways as polygons: what is read of ways and members, and what came of them."""

    found: Found
    nodes: dict[str, tuple[float, float]]
    ways: dict[str, tuple[tuple[str, ...], Tags]] = field(default_factory=dict)
    members: list[tuple[str, str]] = field(default_factory=list)
    bounding: set[int] = field(default_factory=set)  # the tags of ways, by their ids
    id: str = ""
    left_out: int = 0

    def begin(self, id: str) -> None:
        """A way or a relation begins."""
        self.id = id
        self.members.clear()

    def add(self, tags: Tags) -> None:
        """A relation ends, which has some tags."""
        given = [(self.ways.get(ref), role == "inner") for ref, role in self.members]
        known = [(*way, hole) for way, hole in given if way is not None and len(way[0]) > 1]
        whole = len(known) == len(given) and all(
            ref in self.nodes for refs, _, _ in known for ref in refs
        )
        parts = [rings_of([refs for refs, _, h in known if h == hole]) for hole in (False, True)]
        if (
            tags.get("type") not in ("multipolygon", "boundary")
            or not (whole and parts[0])
            or None in parts
        ):
            self.left_out += 1
            return
        rings = [
            turned(np.array([self.nodes[ref] for ref in ring]), to_left=not hole)
            for some, hole in zip(parts, (False, True), strict=True)
            for ring in some or ()
        ]
        own = {name: value for name, value in tags.items() if name != "type"}
        # In older data the outline has the tags.
        outer = next((told for _, told, hole in known if not hole), {})
        self.found.polygons.append((apart(rings), own or outer))
        self.bounding |= {id(told) for _, told, _ in known}


def rings_of(ways: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """Ways, each a list of nodes, joined at their ends to closed rings; None where one stays open.

    At a node where more than two of them end, any that fit are joined. The first node of a ring is
    not repeated.
    """
    ends: dict[str, list[int]] = defaultdict(list)
    for number, way in enumerate(ways):
        for end in (way[0], way[-1]):
            ends[end].append(number)
    left = set(range(len(ways)))
    found = []
    for number in range(len(ways)):
        if number not in left:
            continue
        left.discard(number)
        ring = list(ways[number])
        while ring[0] != ring[-1]:
            following = next((k for k in ends[ring[-1]] if k in left), None)
            if following is None:
                return None
            left.discard(following)
            way = ways[following]
            ring += way[1:] if way[0] == ring[-1] else way[-2::-1]
        if len(ring) > 3:
            found.append(ring[:-1])
    return found
