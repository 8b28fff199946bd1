"""Elevation files: written by numpy, read by gradart; hostile ones refused."""

import zipfile
from contextlib import nullcontext

import numpy as np
import pytest
from hostile import npy

from gradart.errors import ArtError, ArtWarning
from gradart.library.readers.elevation import fill, read_elevation

NORTH = np.add.outer(np.arange(6, 0, -1) * 10.0, np.arange(8.0))  # falls to the south


def test_npz_takes_the_array_named_elevation_or_the_first_table(tmp_path):
    np.savez(tmp_path / "a.npz", other=np.zeros((3, 3)), elevation=NORTH)
    np.savez_compressed(tmp_path / "b.npz", line=np.zeros(3), z=NORTH.astype(">i2"), w=NORTH.T)
    np.savez(tmp_path / "c.npz", z=np.asfortranarray(NORTH))
    for name in "abc":
        told = (
            pytest.warns(ArtWarning, match="z is read, and not w") if name == "b" else nullcontext()
        )
        with told:
            elevation = read_elevation(tmp_path / f"{name}.npz")
        np.testing.assert_array_equal(elevation.heights, NORTH)
        assert elevation.cell is None


def test_npz_with_degrees_gives_cells_in_meters(tmp_path):
    np.savez(tmp_path / "a.npz", elevation=NORTH, dx=0.001, dy=0.001, ymin=59.5, ymax=60.5)
    np.savez(tmp_path / "m.npz", elevation=NORTH, dx=30.0, dy=30.0, ymin=4e6, ymax=4.1e6)
    assert read_elevation(tmp_path / "a.npz").cell == pytest.approx((55.6, 111.2), rel=1e-3)
    assert read_elevation(tmp_path / "m.npz").cell is None


def zipped(path, data, name="elevation.npy"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy((2, 2), "|O"), "plain real numbers"),
        (npy((2, 2), "<c16"), "plain real numbers"),
        (npy((2, 2), "<U9"), "plain real numbers"),
        (npy((10**6, 10**6)), "budget of 100,000,000"),
        (npy((2, 2), version=(2, 0)), "plain array"),
        (npy((40, 40)), "broken"),
        (npy((40,)), "no two-dimensional"),
        (npy((4, 4))[:20], "broken"),
        (b"", "broken"),
        (b"\x80\x04.", "broken"),
    ],
    ids=[
        "objects",
        "complex",
        "text",
        "enormous",
        "version 2",
        "cut off",
        "line",
        "header",
        "empty",
        "pickle",
    ],
)
def test_a_hostile_npz_is_refused_from_its_header(tmp_path, data, message):
    zipped(tmp_path / "bad.npz", data)
    with pytest.raises(ArtError, match=message) as caught:
        read_elevation(tmp_path / "bad.npz")
    assert "pickle" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pickle_in_an_npz_is_never_loaded(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    np.savez(tmp_path / "bomb.npz", elevation=np.array([[Bomb()]], dtype=object))
    with pytest.raises(ArtError, match="plain real numbers"):
        read_elevation(tmp_path / "bomb.npz")


def test_a_small_file_that_would_inflate_is_not_read(tmp_path):
    zipped(tmp_path / "bomb.npz", npy((20_000, 20_000), "|i1") + bytes(30_000_000))
    with pytest.raises(ArtError, match="budget"):
        read_elevation(tmp_path / "bomb.npz")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04"])
def test_what_is_not_a_zip_is_broken(tmp_path, data):
    (tmp_path / "bad.npz").write_bytes(data)
    with pytest.raises(ArtError, match="broken"):
        read_elevation(tmp_path / "bad.npz")


def test_an_unknown_ending_names_the_known_ones(tmp_path):
    with pytest.raises(ArtError, match=r"\.hgt, \.npz or \.tif"):
        read_elevation(tmp_path / "map.png")


@pytest.mark.parametrize(
    ("name", "latitude"), [("N46E007.hgt", 46.5), ("s13w072.hgt", -12.5), ("tile.hgt", None)]
)
def test_an_hgt_tile_is_big_endian_with_its_latitude_in_the_name(tmp_path, name, latitude):
    heights = np.add.outer(np.arange(1201)[::-1], np.arange(1201)).astype(">i2")
    heights.tofile(tmp_path / name)
    elevation = read_elevation(tmp_path / name)
    np.testing.assert_array_equal(elevation.heights, heights)
    if latitude is None:
        assert elevation.cell is None
    else:
        east, north = elevation.cell
        assert north == pytest.approx(92.66, rel=1e-3)
        assert east / north == pytest.approx(np.cos(np.radians(latitude)))
        west = 7 if name[3] in "Ee" else -72
        column, row = elevation.where.samples(np.array(west + 0.25), np.array(latitude + 0.5))
        assert (column, row) == pytest.approx((300, 0))


def test_an_hgt_tile_of_another_length_names_the_two_lengths(tmp_path):
    (tmp_path / "N00E000.hgt").write_bytes(bytes(1000))
    with pytest.raises(ArtError, match=r"1,000 bytes.*2,884,802.*25,934,402"):
        read_elevation(tmp_path / "N00E000.hgt")


@pytest.mark.parametrize("void", [-32768.0, -9999.0, np.nan, np.inf])
def test_voids_are_filled_and_their_share_is_reported(tmp_path, void):
    heights = NORTH.copy()
    heights[1:3, 2:5] = void
    np.savez(tmp_path / "v.npz", heights)
    with pytest.warns(ArtWarning, match="12.50% of v.npz"):
        filled = read_elevation(tmp_path / "v.npz").heights
    np.testing.assert_allclose(filled, NORTH, atol=0.5)
    np.savez(tmp_path / "all.npz", np.full((4, 4), void))
    with pytest.raises(ArtError, match="only voids"):
        read_elevation(tmp_path / "all.npz")


def test_a_filled_gap_is_a_membrane_over_what_is_known():
    y, x = np.mgrid[:101, :120] / 100
    saddle = x**2 - y**2 + 3 * x  # harmonic, so its own membrane
    rng = np.random.default_rng(0)
    hole = np.hypot(x - 0.5, y - 0.4) < 0.3
    for known in (~hole, rng.random(hole.shape) < 0.05, x < 1):
        filled = fill(saddle, known)
        np.testing.assert_array_equal(filled[known], saddle[known])
        assert saddle[known].min() <= filled.min() <= filled.max() <= saddle[known].max()
        steepest = np.abs(np.diff(filled, axis=0)).max(), np.abs(np.diff(filled, axis=1)).max()
        assert max(steepest) < 0.2
    np.testing.assert_allclose(fill(saddle, ~hole), saddle, atol=0.03)  # of a range of 5


LAT, LON = np.linspace(46, 47, 80), np.linspace(7, 9, 300)
SLOPE = np.add.outer(LAT, 10 * LON)  # the southern row first, rising to the north and the east


@pytest.mark.parametrize("names", [("latitude", "longitude"), ("lat", "lon")])
@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_latitudes_and_longitudes_say_where_rows_and_columns_lie(
    tmp_path, names, table, rows, columns
):
    lat, lon = LAT[::rows], LON[::columns]
    if table:
        lat, lon = np.meshgrid(lat, lon, indexing="ij")
    arrays = dict(zip(names, (lat, lon), strict=True))
    np.savez(tmp_path / "a.npz", **arrays, heights=SLOPE[::rows, ::columns])
    found = read_elevation(tmp_path / "a.npz")
    np.testing.assert_array_equal(found.heights, SLOPE[::-1])
    east, north = found.cell
    assert east / north == pytest.approx(2 / 299 * 79 * np.cos(np.radians(46.5)))
    with pytest.raises(ArtError, match="says by itself where its south is"):
        read_elevation(tmp_path / "a.npz", south_first=True)


@pytest.mark.parametrize(
    "lat",
    [LAT**2 / 46, LAT[:5], LAT * 0, np.where(LAT > 46.5, np.nan, LAT), LAT * 1e5, LAT.astype(str)],
    ids=["uneven", "too few", "all alike", "NaN", "meters", "texts"],
)
def test_latitudes_that_are_none_are_told_and_not_used(tmp_path, lat):
    np.savez(tmp_path / "a.npz", elevation=SLOPE, lat=lat, lon=LON)
    with pytest.warns(ArtWarning, match="lat and lon are not those of evenly spaced rows"):
        found = read_elevation(tmp_path / "a.npz")
    np.testing.assert_array_equal(found.heights, SLOPE)
