"""Rasters that rasterio writes: the same hill lies in the same place, however a file keeps it."""

import sys

import numpy as np
import pytest
import rasterio
from rasterio import Affine
from rasterio._err import CPLE_NotSupportedError
from rasterio.control import GroundControlPoint
from rasterio.shutil import copy
from rasterio.warp import transform

from gradart.errors import ArtError, ArtWarning
from gradart.library.readers import file_checks
from gradart.library.readers.elevation import read_elevation

SIDE = 41
ELLIPSOID = 6378137.0, 0.00669437999014  # of WGS 84: half its width, the square of its eccentricity


def hill(east, north):
    """Heights in meters on a square of 2 km: alike on no two of its sides."""
    return 500 + 400 * np.exp(-((east - 600) ** 2 + (north - 300) ** 2) / (2 * 300**2)) - north / 10


def meters(longitude, latitude, around):
    """East and north of a point, over distances that are small against the globe."""
    a, e2 = ELLIPSOID
    middle = np.radians(around[1])
    w = np.sqrt(1 - e2 * np.sin(middle) ** 2)
    north = np.radians(latitude - around[1]) * a * (1 - e2) / w**3
    east = np.radians(longitude - around[0]) * a / w * np.cos(np.radians(latitude))
    return east, north


def placed(system, affine, shape=(SIDE, SIDE)):
    """The hill on the cells of a grid in a coordinate system."""
    j, i = np.mgrid[: shape[0], : shape[1]] + 0.5
    x, y, _ = affine @ [[shape[1] / 2, *i.ravel()], [shape[0] / 2, *j.ravel()], np.ones(i.size + 1)]
    places = np.array(transform(system, "EPSG:4326", x, y))
    east, north = meters(places[0], places[1], places[:, 0])
    return hill(east, north)[1:].reshape(shape)


def write(path, heights, **options):
    after = options.pop("after", None)
    heights = np.asarray(heights)
    if (affine := options.pop("affine", None)) is not None:
        options["transform"] = Affine(*np.ravel(affine)[:6])
    shape = {"height": heights.shape[-2], "width": heights.shape[-1], "dtype": heights.dtype}
    bands = heights if heights.ndim == 3 else heights[None]
    options = {"driver": "GTiff", "count": len(bands), **shape, **options}
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **options) as data:
        data.write(bands)
        if after is not None:
            after(data)
    return path


def check(found, within=700, atol=8.0):
    """Every height in the middle of the plane is that of the hill there, in meters."""
    rows, columns = found.heights.shape
    width, height = found.cell
    east, north = np.meshgrid(
        (np.arange(columns) - (columns - 1) / 2) * width,
        ((rows - 1) / 2 - np.arange(rows)) * height,
    )
    inner = (abs(east) < within) & (abs(north) < within)
    assert inner.sum() > 300
    np.testing.assert_allclose(found.heights[inner], hill(east, north)[inner], atol=atol)
    assert found.metric


def grid(system, longitude, latitude, cell, turned=0.0, mirrored=1):
    """A grid of cells about a place, the first row in the north unless `mirrored` is -1."""
    [x], [y] = transform("EPSG:4326", system, [longitude], [latitude])
    width, height = np.broadcast_to(cell, 2)
    c, s = np.cos(np.radians(turned)), np.sin(np.radians(turned))
    turn = np.array([[c, -s, x], [s, c, y], [0, 0, 1]])
    to_middle = np.array([[1, 0, -SIDE / 2], [0, 1, -SIDE / 2], [0, 0, 1]])
    return turn @ np.diag([width, -mirrored * height, 1]) @ to_middle


GRIDS = {
    "UTM": ("EPSG:32633", 15, 60, 50),
    "the first row in the south": ("EPSG:32633", 15, 60, 50, 0, -1),
    "turned by 30 degrees": ("EPSG:32633", 15, 60, 50, 30),
    "turned by a right angle": ("EPSG:32633", 15, 60, 50, 90),
    "turned by a half turn": ("EPSG:32633", 15, 60, 50, 180),
    "turned, the first row in the south": ("EPSG:32633", 15, 60, 50, -20, -1),
    "Web Mercator at 60 degrees north": ("EPSG:3857", 15, 60, 100),
    "Web Mercator at 70 degrees south": ("EPSG:3857", 15, -70, 146),
    "degrees": ("EPSG:4326", 15, 60, (0.0009, 0.00045)),
    "degrees, the first row in the south": ("EPSG:4326", 15, -60, (0.0009, 0.00045), 0, -1),
    "degrees in the far north": ("EPSG:4326", 15, 85, (0.005, 0.00045)),
    "US survey feet": ("EPSG:2263", -74, 40.7, 164.04),
    "international feet": ("EPSG:2222", -111, 33, 164.04),
    "polar stereographic, its north to the side": ("EPSG:3413", 30, 75, 50),
    "sinusoidal, which is bent": ("ESRI:54008", 30, 50, 50),
    "equal area, cells that are not square": ("EPSG:6933", 15, 60, (28, 90)),
    "across the antimeridian": ("EPSG:4326", 180, -17, (0.00047, 0.00045)),
    "the old datum of North America": ("EPSG:26715", -93, 45, 50),
}


@pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning")  # around a turned map is nothing
@pytest.mark.parametrize("case", GRIDS)
def test_the_same_hill_lies_in_the_same_place_in_meters(tmp_path, case):
    system, *rest = GRIDS[case]
    affine = grid(system, *rest)
    heights = placed(system, affine)
    path = write(tmp_path / "hill.tif", heights, crs=system, affine=affine)
    found = read_elevation(path)
    check(found)
    # A cell's middle, by its longitude and latitude, is where its height is.
    for column, row in ((20, 20), (24, 17), (15, 22)):
        x, y = affine[:2] @ (column + 0.5, row + 0.5, 1)
        (i, j) = found.where.samples(*np.array(transform(system, "EPSG:4326", [x], [y])))[0]
        around = found.heights[round(j) - 1 : round(j) + 2, round(i) - 1 : round(i) + 2]
        assert around.min() - 1 <= heights[row, column] <= around.max() + 1


@pytest.mark.parametrize("case", ["UTM", "the first row in the south", "degrees", "edge"])
def test_a_map_whose_cells_are_even_keeps_its_heights_to_the_bit(tmp_path, case):
    """At the edge of a UTM zone too, where the north of its grid is 2.5 degrees off."""
    system, *rest = {**GRIDS, "edge": ("EPSG:32633", 17.9, 60, 50)}[case]
    heights = np.random.default_rng(0).normal(size=(7, 9))
    path = write(tmp_path / "a.tif", heights, crs=system, affine=grid(system, *rest))
    south = case.endswith("south")
    np.testing.assert_array_equal(read_elevation(path).heights, heights[:: -1 if south else 1])


UTM = {"crs": "EPSG:32633", "affine": grid("EPSG:32633", 15, 60, 50)}
HILL = placed(UTM["crs"], UTM["affine"])


def test_scale_offset_and_the_unit_of_heights_make_meters(tmp_path):
    def packed(data):
        data.scales, data.offsets = [0.1], [500]

    raw = np.round((HILL - 500) * 10).astype(np.int16)
    raw[3, 4] = -9999  # here a height, 499.9 - 500
    np.testing.assert_allclose(
        read_elevation(write(tmp_path / "a.tif", raw, after=packed, **UTM)).heights,
        raw * 0.1 + 500,
    )

    def feet(data):
        data.units = ["US survey foot"]

    found = read_elevation(write(tmp_path / "b.tif", HILL / (1200 / 3937), after=feet, **UTM))
    np.testing.assert_allclose(found.heights, HILL)
    both = {"crs": "EPSG:2263+6360", "affine": grid("EPSG:2263", -74, 40.7, 164.04)}
    hill = placed("EPSG:2263", both["affine"])
    check(read_elevation(write(tmp_path / "c.tif", hill / (1200 / 3937), **both)))

    def fathoms(data):
        data.units = ["fathom"]

    with pytest.warns(ArtWarning, match="b.tif has heights in 'fathom', which are taken for m"):
        read_elevation(write(tmp_path / "b.tif", HILL, after=fathoms, **UTM))


def masked(data):
    mask = np.ones((SIDE, SIDE), bool)
    mask[10:14, 20:23] = False
    data.write_mask(mask)


def lone(value, dtype):
    heights = HILL.astype(dtype)
    heights[10:14, 20:23] = value
    return heights


VOIDS = {
    "in a mask": (lone(0, "f4"), {"after": masked}),
    "that are declared": (lone(7777, "f4"), {"nodata": 7777}),
    "not numbers": (lone(np.nan, "f8"), {"nodata": np.nan}),
    "not numbers, undeclared": (lone(np.nan, "f4"), {}),
    "-32768, declared": (lone(-32768, "i2"), {"nodata": -32768}),
    "-32768, undeclared": (lone(-32768, "i2"), {}),
    "the lowest float": (lone(np.finfo("f4").min, "f4"), {}),
    "transparent": (
        np.stack([HILL.astype("u2"), np.where(lone(0, "u2"), 65535, 0).astype("u2")]),
        {"photometric": "MINISBLACK", "alpha": "YES"},
    ),
}


@pytest.mark.parametrize("case", VOIDS)
def test_voids_are_filled_from_the_land_around_them(tmp_path, case):
    heights, options = VOIDS[case]
    path = write(tmp_path / "a.tif", heights, **options, **UTM)
    with pytest.warns(ArtWarning, match=r"0\.71% of a\.tif \(12 samples\) has no elevation"):
        found = read_elevation(path)
    np.testing.assert_allclose(found.heights, HILL, atol=20)
    check(found, atol=20)


def test_a_mask_that_lies_beside_the_file_counts_too(tmp_path):
    path = write(tmp_path / "a.tif", lone(0, "f4"), **UTM)
    mask = np.where(lone(0, "f4"), 255, 0).astype("u1")
    write(tmp_path / "a.tif.msk", mask, **UTM)
    with pytest.warns(ArtWarning, match="12 samples"):
        check(read_elevation(path), atol=20)


@pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning")
@pytest.mark.parametrize("turned", [0, 30, 180])
def test_control_points_lay_a_map_as_an_affine_map_would(tmp_path, turned):
    affine = grid("EPSG:32633", 15, 60, 50, turned)
    corners = [(0, 0), (SIDE, 0), (0, SIDE), (SIDE, SIDE)]
    points = [
        GroundControlPoint(row, column, *(affine @ [column, row, 1])[:2]) for column, row in corners
    ]
    heights = placed("EPSG:32633", affine)
    check(read_elevation(write(tmp_path / "a.tif", heights, gcps=points, crs="EPSG:32633")))
    points[0] = GroundControlPoint(0, 0, points[0].x + 500, points[0].y)
    path = write(tmp_path / "b.tif", heights, gcps=points, crs="EPSG:32633")
    with pytest.warns(ArtWarning, match="no even grid meets: it is off by"):
        read_elevation(path)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_file_without_a_system_has_proportions_but_no_meters(tmp_path):
    heights = HILL[:, :30]
    plain = read_elevation(write(tmp_path / "a.tif", heights))
    assert (plain.cell, plain.metric) == (None, False)
    np.testing.assert_array_equal(plain.heights, heights)
    cells = np.array([[30.0, 0, 7], [0, 20, 9]])
    found = read_elevation(write(tmp_path / "b.tif", heights, affine=cells))
    assert (found.cell, found.metric) == ((30, 20), False)
    np.testing.assert_array_equal(found.heights, heights[::-1])
    turned = np.array([[0, -50.0, 0], [-50, 0, 0]])  # rows go west, columns south
    found = read_elevation(write(tmp_path / "c.tif", HILL, affine=turned))
    np.testing.assert_allclose(found.heights, HILL.T[:, ::-1], atol=1e-6)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_map_of_the_world_and_one_of_another_globe(tmp_path):
    """No plane is true to a whole globe: its degrees stay cells, in meters at its middle."""
    heights = np.random.default_rng(0).normal(size=(18, 36))
    world = {"crs": "EPSG:4326", "affine": [[10, 0, -180], [0, -10, 90]]}
    found = read_elevation(write(tmp_path / "a.tif", heights, **world))
    np.testing.assert_array_equal(found.heights, heights)
    assert found.cell == pytest.approx((1_113_195, 1_105_800), rel=1e-3)
    mars = {"crs": "IAU_2015:49900", "affine": [[0.1, 0, 20], [0, -0.1, 0.9]]}
    found = read_elevation(write(tmp_path / "b.tif", heights, **mars))
    assert found.cell == pytest.approx([np.radians(0.1) * 3_396_190] * 2, rel=1e-3)


def test_a_map_that_is_a_picture_or_has_several_bands(tmp_path):
    colors = np.zeros((3, 8, 8), np.uint8)
    with pytest.raises(ArtError, match=r"picture in color: give one channel .*photograph\(\)"):
        read_elevation(write(tmp_path / "a.tif", colors, photometric="RGB", **UTM))
    bands = np.stack([HILL, HILL * 2])
    with pytest.warns(ArtWarning, match="b.tif has 2 bands: its heights are taken from the first"):
        found = read_elevation(write(tmp_path / "b.tif", bands, **UTM))
    np.testing.assert_array_equal(found.heights, HILL)
    with pytest.raises(ArtError, match=r"not of plain real numbers \(it is complex64\)"):
        read_elevation(write(tmp_path / "c.tif", HILL.astype(np.complex64), **UTM))


FORMATS = {"asc": "AAIGrid", "bt": "BT", "dem": "USGSDEM", "dt0": "DTED"}


@pytest.mark.parametrize("ending", FORMATS)
def test_other_formats_of_a_single_file(tmp_path, ending):
    """A cell of one degree, as the last two want it, of the hills of Burgundy."""
    j, i = np.mgrid[:121, :121]
    heights = (300 + 2 * i - j).astype("i2")
    degree = [[1 / 120, 0, 4 - 1 / 240], [0, -1 / 120, 47 + 1 / 240]]
    source = write(tmp_path / "a.tif", heights, crs="EPSG:4326", affine=degree)
    try:
        copy(source, tmp_path / f"b.{ending}", driver=FORMATS[ending])
    except CPLE_NotSupportedError:
        pytest.skip(f"this GDAL only reads {FORMATS[ending]}")
    found = read_elevation(tmp_path / f"b.{ending}")
    np.testing.assert_array_equal(found.heights, heights)
    assert found.cell == pytest.approx((639.7, 926.3), abs=0.1)


def test_a_device_beside_a_file_is_not_read(tmp_path):
    (tmp_path / "a.asc").write_text("ncols 2\nnrows 2\ncellsize 1\n1 2\n3 4\n")
    (tmp_path / "a.prj").symlink_to("/dev/zero")
    with pytest.raises(ArtError, match=r"a\.prj is no file"):
        read_elevation(tmp_path / "a.asc")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_a_file_claims_is_weighed_before_it_is_read(tmp_path, monkeypatch):
    """SPARSE_OK: the file has a few hundred bytes."""
    huge = {"width": 20_000, "height": 20_000, "count": 1, "dtype": "float32", "tiled": True}
    with rasterio.open(tmp_path / "a.tif", "w", driver="GTiff", sparse_ok=True, **huge):
        pass
    assert (tmp_path / "a.tif").stat().st_size < 100_000
    with pytest.raises(ArtError, match="claims 20,000 x 20,000 samples, over the budget"):
        read_elevation(tmp_path / "a.tif")
    monkeypatch.setattr(file_checks, "BUDGET", 3 * SIDE * SIDE)
    heights = np.zeros((3, 1600), "f4")
    turned = grid("EPSG:32633", 15, 60, 50, 30)
    with pytest.raises(ArtError, match="samples, over the budget of"):  # as large as it gets
        read_elevation(write(tmp_path / "b.tif", heights, crs="EPSG:32633", affine=turned))


@pytest.mark.parametrize("cell", [(1e-12, 1), (1, 1e130), (np.inf, 1), (np.nan, 1)])
def test_cells_that_cannot_be(tmp_path, cell):
    path = write(tmp_path / "a.tif", HILL, crs="EPSG:32633", affine=np.diag([*cell, 1]))
    with pytest.raises(ArtError, match=r"a\.tif says that its cells are .*, which cannot be"):
        read_elevation(path)


def test_a_map_outside_of_its_coordinate_system(tmp_path):
    path = write(tmp_path / "a.tif", HILL, crs="EPSG:4326", affine=[[1, 0, 0], [0, -1, 400]])
    with pytest.raises(ArtError, match=r"a\.tif lies where its coordinate system has no ground"):
        read_elevation(path)


def test_broken_files_are_one_line_and_nothing_is_said_besides(tmp_path, capfd):
    good = write(tmp_path / "a.tif", HILL, compress="deflate", **UTM).read_bytes()
    spoiled = bytes(byte ^ 0x5A for byte in good[-300:])
    for data in (b"", b"hello", good[:100], good[: len(good) // 2], good[:-300] + spoiled):
        (tmp_path / "b.tif").write_bytes(data)
        with pytest.raises(ArtError, match=r"b\.tif (is broken|cannot be read)") as caught:
            read_elevation(tmp_path / "b.tif")
        assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_no_other_format_hides_behind_an_ending(tmp_path):
    """A VRT is a text that points to other files, or over the network."""
    source = write(tmp_path / "a.tif", HILL, **UTM)
    (tmp_path / "b.tif").write_text(
        f'<VRTDataset rasterXSize="{SIDE}" rasterYSize="{SIDE}"><VRTRasterBand dataType="Float64"'
        f' band="1"><SimpleSource><SourceFilename>{source}</SourceFilename></SimpleSource>'
        "</VRTRasterBand></VRTDataset>"
    )
    with rasterio.open(tmp_path / "b.tif") as data:
        assert data.driver == "VRT"
    with pytest.raises(ArtError, match=r"b\.tif"):
        read_elevation(tmp_path / "b.tif")


def test_without_rasterio_the_line_says_how_to_get_it(tmp_path, monkeypatch):
    path = write(tmp_path / "a.tif", HILL, **UTM)
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(ArtError, match=r"pip install 'gradart\[geotiff\]'"):
        read_elevation(path)
