"""GeoJSON and OpenStreetMap: what is read, where it lies in meters, and what is refused."""

import json
import warnings

import numpy as np
import pytest

import gradart as ga

SQUARE = [[7.0, 46.0], [7.01, 46.0], [7.01, 46.01], [7.0, 46.01], [7.0, 46.0]]
HOLE = [[7.002, 46.002], [7.004, 46.002], [7.004, 46.004], [7.002, 46.002]]


def written(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def feature(kind, coordinates, **properties):
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def area(ring):
    x, y = ring.T
    return (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2


def test_each_feature_is_a_row_with_its_properties(tmp_path):
    features = [
        feature("Point", [7, 46, 430], name="Sion"),
        feature("MultiPoint", [[7, 46], [7.1, 46]], name="two"),
        feature("LineString", [[7, 46], [7.1, 46.1]], road=True),
        feature("MultiLineString", [[[7, 46], [7, 47]], [[8, 46], [8, 47], [8, 48]]], road=False),
        feature("Polygon", [SQUARE, HOLE], lake="yes"),
        feature("MultiPolygon", [[SQUARE], [SQUARE]]),
        {"type": "Feature", "properties": None, "geometry": None},
    ]
    file = written(tmp_path / "a.geojson", {"type": "FeatureCollection", "features": features})
    found = ga.geojson(file, projection=None)
    assert [len(found.points), len(found.paths), len(found.polygons)] == [3, 2, 2]
    assert found.point_tags[1] == {"name": "two"}
    np.testing.assert_array_equal(found.points[0], [7, 46])
    parts = found.paths[1]
    np.testing.assert_array_equal(np.isnan(parts[:, 0]), [False, False, True, False, False, False])
    assert len(found.where(road=True).paths) == 1  # any value but none, false and no
    assert len(found.where(lake=["yes", "big"]).polygons) == 1
    assert len(found.where(lake="no").polygons) == 0
    ga.scene(ga.dots(found.points, 1), ga.lines(found.paths), ga.polygons(found.polygons))


@pytest.mark.parametrize("turned", [False, True])
def test_holes_are_holes_whichever_way_they_were_drawn(turned, tmp_path):
    rings = [SQUARE[::-1], HOLE] if turned else [SQUARE, HOLE[::-1]]
    file = written(tmp_path / "a.geojson", feature("Polygon", rings))
    [row] = ga.geojson(file).polygons
    (cut,) = np.flatnonzero(np.isnan(row[:, 0]))
    outline, hole = row[:cut], row[cut + 1 :]
    assert area(outline) > 0 > area(hole)
    assert area(outline) == pytest.approx(1111.95**2 * np.cos(np.radians(46.005)), rel=1e-4)


def test_local_distances_and_directions_from_the_middle_are_true(tmp_path):
    """Against the great circle's haversine, over half a continent."""
    line = [[-10.0, 40.0], [30.0, 60.0], [10.0, 50.0]]
    found = ga.geojson(written(tmp_path / "a.geojson", feature("LineString", line)))
    (one, two, middle) = found.paths[0]
    np.testing.assert_allclose(middle, 0, atol=1e-6)
    for (lon, lat), place in zip(line, (one, two), strict=False):
        p, q, turn = np.radians(50.0), np.radians(lat), np.radians(lon - 10)
        haversine = np.sin((q - p) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin(turn / 2) ** 2
        assert np.hypot(*place) == pytest.approx(2 * 6_371_008.8 * np.arcsin(haversine**0.5))
        east = np.sin(turn) * np.cos(q)
        north = np.cos(p) * np.sin(q) - np.sin(p) * np.cos(q) * np.cos(turn)
        assert np.arctan2(*place) == pytest.approx(np.arctan2(east, north))


def test_web_mercator_is_that_of_the_tiles(tmp_path):
    line = [[-180.0, -85.051129], [0.0, 0.0], [179.99999, 85.051129]]
    found = ga.geojson(
        written(tmp_path / "a.geojson", feature("LineString", line)), projection="mercator"
    )
    half = np.pi * 6_378_137
    np.testing.assert_allclose(np.ptp(found.paths[0], axis=0), 2 * half, rtol=1e-6)


def test_a_map_across_the_date_line_is_in_one_piece(tmp_path):
    file = written(tmp_path / "a.geojson", feature("LineString", [[179.9, 0], [-179.9, 0.0]]))
    for how in ("local", "mercator"):
        assert np.ptp(ga.geojson(file, projection=how).paths[0][:, 0]) < 30_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is broken, or no JSON, at line 1"),
        ("[1, 2]", "is no GeoJSON"),
        ('{"type": "Topology"}', "geometry of type 'Topology'"),
        ('{"type": "Point", "coordinates": [NaN, 1]}', "holds NaN, which is no coordinate"),
        ('{"type": "Point", "coordinates": [1e999, 1]}', "NaN or infinite"),
        ('{"type": "Point", "coordinates": "ab"}', "no list of .longitude, latitude."),
        ('{"type": "Point"}', "no list of .longitude, latitude."),
        ('{"type": "LineString", "coordinates": [[1, 2], [3]]}', "no list of .longitude"),
        ('{"type": "LineString", "coordinates": [["1", "2"]]}', "no list of .longitude"),
        ('{"type": "LineString", "coordinates": []}', "holds no point, path or polygon"),
        ('{"type": "Point", "coordinates": [600000, 200000]}', "give projection=None"),
        ('{"type": "Feature", "geometry": ' * 9999, "is broken"),
        ("[" * 100_000, "is broken"),
    ],
)
def test_broken_geojson_is_refused_in_a_line(text, said, tmp_path):
    with pytest.raises(ga.ArtError, match=said) as caught:
        ga.geojson(written(tmp_path / "a.geojson", text))
    assert "\n" not in str(caught.value)


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="7.0" lat="46.0"/><node id="2" lon="7.01" lat="46.0"/>
<node id="3" lon="7.01" lat="46.01"><tag k="natural" v="tree"/></node>
<way id="4"><nd ref="1"/><nd ref="2"/><nd ref="99"/><tag k="highway" v="primary"/></way>
<way id="5"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
<way id="6"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="highway" v="path"/></way>
<way id="7"><nd ref="98"/><nd ref="99"/></way>
<relation id="8"><member type="way" ref="5" role="outer"/><tag k="natural" v="water"/></relation>
</osm>"""


def grid(relation, ways):
    """An extract whose node 10 x + y lies at (x, y) thousandths of a degree."""
    nodes = "".join(
        f'<node id="{10 * x + y}" lon="{7 + x / 1000}" lat="{46 + y / 1000}"/>'
        for x in range(10)
        for y in range(10)
    )
    written = "".join(
        f'<way id="{name}">{"".join(f"""<nd ref="{ref}"/>""" for ref in refs)}{tags}</way>'
        for name, refs, tags in ways
    )
    return f"<osm>{nodes}{written}{relation}</osm>"


OUTER, INNER = ([1, 81, 88], [8, 1], [8, 88]), ([33, 53], [33, 55, 53])
WAYS = [(f"o{k}", refs, "") for k, refs in enumerate(OUTER)] + [
    (f"i{k}", refs, '<tag k="natural" v="wood"/>' if k else "") for k, refs in enumerate(INNER)
]


def lake(ways, kind="multipolygon", said='<tag k="natural" v="water"/>'):
    members = "".join(
        f'<member type="way" ref="{name}" role="{"inner" if name[0] == "i" else "outer"}"/>'
        for name, *_ in ways
    )
    label = '<member type="node" ref="44" role="label"/>'
    return f'<relation id="9">{label}{members}<tag k="type" v="{kind}"/>{said}</relation>'


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("kind", ["multipolygon", "boundary"])
def test_ways_are_joined_to_areas_with_holes(kind, order, tmp_path):
    ways = WAYS[::order]
    file = written(tmp_path / "a.osm", grid(lake(ways, kind), ways))
    found = ga.openstreetmap(file, projection=None)
    assert found.polygon_tags == ({"natural": "water"},)
    assert sum(area(ring) for ring in split(found.polygons[0] * 1000)) == pytest.approx(56 - 2)
    # Ways without tags of their own only bound it; the wood at its shore is there by itself.
    assert found.path_tags == ({"natural": "wood"},)


def split(row):
    lifts = np.flatnonzero(np.isnan(row[:, 0]))
    return [part[~np.isnan(part[:, 0])] for part in np.split(row, lifts) if len(part) > 2]


def test_areas_that_are_not_whole_are_left_out_and_said(tmp_path):
    for ways, kind in ((WAYS[1:], "multipolygon"), (WAYS, "route")):
        file = written(tmp_path / "a.osm", grid(lake(WAYS, kind), ways))
        with pytest.warns(ga.ArtWarning, match="left out 1 relations"):
            found = ga.openstreetmap(file)
        assert len(found.polygons) == 0
        assert len(found.paths) == len(ways)


def test_an_area_without_tags_has_those_of_its_outline(tmp_path):
    closed = [("o1", [1, 81, 88, 8, 1], '<tag k="building" v="yes"/>')]
    file = written(tmp_path / "a.osm", grid(lake(closed, said=""), closed))
    assert {"building": "yes"} in ga.openstreetmap(file).polygon_tags


def test_an_extract_of_openstreetmap_gives_places_ways_and_areas(tmp_path):
    with pytest.warns(ga.ArtWarning, match="left out 1 relations"):
        found = ga.openstreetmap(written(tmp_path / "a.osm", OSM))
    assert found.point_tags == ({"natural": "tree"},)
    assert found.path_tags == ({"highway": "primary"}, {"highway": "path"})
    assert found.polygons.shape == (1, 3, 2)
    assert found.where(highway=True).paths.shape[0] == 2
    assert len(found.where(highway="primary").polygons) == 0
    east = np.diff(found.paths[0][:2, 0])[0]
    assert east == pytest.approx(1111.95 * np.cos(np.radians(46.0)), rel=1e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE osm [<!ENTITY a "b">]><osm>&a;</osm>', "declares entities"),
        ("<a>" * 300, "more than 200 deep"),
        ("<osm><node", "is broken, or no XML"),
        ("<osm/>", "holds no point, path or polygon"),
        ('<osm><node id="1" lon="x" lat="1"/></osm>', "is broken"),
        ('<osm><node id="1"/></osm>', "is broken"),
        ('<osm><node id="1" lon="nan" lat="1"><tag k="a" v="b"/></node></osm>', "NaN or inf"),
    ],
)
def test_broken_extracts_are_refused_in_a_line(text, said, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ga.ArtError, match=said):
            ga.openstreetmap(written(tmp_path / "a.osm", text))


def test_pbf_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ga.ArtError, match=r"`osmium cat city.osm.pbf -o city.osm` first"):
        ga.openstreetmap(written(tmp_path / "city.osm.pbf", "..."))


def test_a_projection_that_is_none_is_told(tmp_path):
    with pytest.raises(ga.ArtError, match="projection is 'local', 'mercator' or None"):
        ga.geojson(written(tmp_path / "a.geojson", feature("Point", [1, 2])), projection="utm")


def test_a_way_needs_no_number_of_its_own(tmp_path):
    nodes = '<node id="1" lon="0" lat="0"/><node id="2" lon="1" lat="1"/>'
    way = '<way><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
    (tmp_path / "a.osm").write_text(f"<osm>{nodes}{way}</osm>")
    assert len(ga.openstreetmap(tmp_path / "a.osm").where(highway="path").paths) == 1
