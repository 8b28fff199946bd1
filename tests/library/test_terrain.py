"""Terrain and tables of numbers as fields: where they lie, which way up, and what is missing."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, scattered

from gradart.calculus.derivatives import value
from gradart.errors import ArtError, ArtWarning
from gradart.library.sampled import tabulated, terrain

pytestmark = pytest.mark.usefixtures("double")


@pytest.mark.parametrize(
    ("values", "smooth", "message"),
    [
        (np.zeros(5), 0, "2 x 2"),
        (np.array([[0, np.nan], [1, 2]]), 0, "NaN"),
        (np.eye(3), -1, "smooth"),
        (np.eye(3), np.nan, "smooth"),
        (np.eye(3), "soft", "smooth"),
        (np.zeros((1, 5)), 0, r"2 x 2 values, not \(1, 5\)"),
        (np.zeros((2, 3, 4)), 0, r"2 x 2 values, not \(2, 3, 4\)"),
        ([[1, 2], [3]], 0, "rows of equal length"),
        (1j * np.eye(3), 0, "complex"),
        ([["a", "b"], ["c", "d"]], 0, "no array of numbers"),
        ([[None, 1], [2, 3]], 0, "no array of numbers"),
        (np.ma.masked_equal(np.eye(3), 1), 0, "3 values that are NaN, masked or infinite"),
        ([[0, np.inf], [1, 2]], 0, "1 values"),
    ],
)
def test_a_table_that_is_none_is_refused(values, smooth, message):
    with pytest.raises(ArtError, match=message):
        tabulated(values, smooth=smooth)


def test_the_sample_terrain_lies_as_on_the_map():
    land = terrain(smooth=0)
    assert (land.low, land.high) == (236, 1076)
    (x0, y0), (x1, y1) = land.box
    # 403 x 344 samples of 3 arc seconds at a latitude of 36.6 degrees, in meters
    width, height = 402 * 92.66 * np.cos(np.radians(36.59)), 343 * 92.66
    assert (x1 - x0) / (y1 - y0) == pytest.approx(width / height, rel=1e-3)
    assert land.meters * (y1 - y0) == pytest.approx(height, rel=1e-3)
    from matplotlib import cbook

    heights = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"]
    corners = [(x0, y1), (x1, y1), (x0, y0), (x1, y0)]  # north-west, north-east, south-west ...
    found = [float(land(jnp.array(p))) * (land.high - land.low) + land.low for p in corners]
    np.testing.assert_allclose(found, heights[[0, 0, -1, -1], [0, -1, 0, -1]], atol=1e-6)
    smoother = terrain(smooth=3)
    steep = [
        float(jnp.abs(mapped(jax.grad(f))(scattered(f.box, 500))).mean()) for f in (land, smoother)
    ]
    assert steep[1] < 0.8 * steep[0]


def test_a_flat_terrain_is_0_everywhere(tmp_path):
    np.savez(tmp_path / "flat.npz", z=np.full((5, 9), 7.0))
    land = terrain(tmp_path / "flat.npz")
    assert (land.low, land.high, land.meters) == (7, 7, None)
    np.testing.assert_array_equal(mapped(jax.grad(land))(scattered(land.box, 20)), 0)


def test_a_table_may_be_lists_integers_or_of_another_library():
    wanted = np.asarray(tabulated(np.eye(3)).coefficients)
    for same in (np.eye(3).tolist(), np.eye(3, dtype=int), np.eye(3) > 0, jnp.eye(3)):
        np.testing.assert_array_equal(tabulated(same).coefficients, wanted)

    @jax.jit
    def inside(z):
        return tabulated(z)(jnp.zeros(2))

    with pytest.raises(ArtError, match="traced"):
        inside(jnp.eye(3))


def test_what_is_masked_is_a_void_that_is_filled_when_asked():
    y, x = np.mgrid[:20, :30] / 10.0
    plane = 3 + x - 2 * y
    hidden = np.zeros(plane.shape, bool)
    hidden[5:8, 5:9] = True
    holed = np.where(hidden, np.nan, plane)
    for values in (holed, np.ma.masked_array(np.where(hidden, 1e6, plane), hidden)):
        with pytest.warns(ArtWarning, match=r"2\.00% of the table \(12 samples\) has no elevation"):
            field = tabulated(values, fill_voids=True)
        places = np.stack(np.meshgrid(np.linspace(-1, 1, 30), np.linspace(-2, 2, 20) / 3), -1)
        np.testing.assert_allclose(value(field, places), plane, atol=0.1)
        with pytest.warns(ArtWarning, match="12 samples"):
            land = terrain(values[::-1], smooth=0)
        np.testing.assert_allclose(
            land.coefficients * (land.high - land.low) + land.low,
            np.asarray(field.coefficients),
            atol=1e-9,
        )


def test_an_array_or_npz_may_have_its_own_box_and_its_first_row_in_the_south(tmp_path):
    """80 x 300 heights over a box of equal sides, row 0 in the south, one of them NaN."""
    y, x = np.mgrid[:80, :300]
    heights = 100 + 3.0 * y + 0.5 * x
    heights[40, 100] = np.nan
    np.savez(tmp_path / "land.npz", elevation=heights)
    square = ((0.0, 0.0), (10.0, 10.0))
    for source, name in ((tmp_path / "land.npz", "land.npz"), (heights, "the table")):
        with pytest.warns(ArtWarning, match=rf"1 sample of 24,000 in {name} has no elevation"):
            land = terrain(source, smooth=0, box=square, south_first=True)
        assert (land.box, land.meters) == (square, None)
        corners = value(land, np.array([(0.0, 0), (10, 0), (0, 10), (10, 10)]))
        found = corners * (land.high - land.low) + land.low
        np.testing.assert_allclose(found, heights[[0, 0, -1, -1], [0, -1, 0, -1]])
    with pytest.warns(ArtWarning, match="1 sample"):
        north = terrain(heights, smooth=0)
    assert north.box == ((-1.0, -79 / 299), (1.0, 79 / 299))
    assert north(jnp.array([-1.0, 79 / 299])) == pytest.approx(0)  # row 0 is at the top


def test_a_box_of_ones_own_keeps_the_meters_where_it_keeps_the_proportions():
    land = terrain(smooth=0)
    (x0, y0), (x1, y1) = land.box
    twice = terrain(smooth=0, box=((0, 0), (2 * (x1 - x0), 2 * (y1 - y0))))
    assert twice.meters == pytest.approx(land.meters / 2)
    assert terrain(smooth=0, box=((0, 0), (1, 1))).meters is None


@pytest.mark.parametrize(
    "box", [((0, 0), (0, 1)), ((0, 1), (1, 0)), ((0, 0), (1, np.nan)), (0, 1), "box", ((0, 0, 0),)]
)
def test_a_box_that_is_none_is_refused(box):
    for make in (tabulated, terrain):
        with pytest.raises(ArtError, match="x0, y0"):
            make(np.arange(12.0).reshape(3, 4), box=box)


def test_a_file_that_knows_its_south_is_not_told_another(tmp_path):
    for name in ("N46E007.hgt", "a.tif"):
        with pytest.raises(ArtError, match=f"{name} says by itself where its south is"):
            terrain(tmp_path / name, south_first=True)


def test_a_mountain_of_the_shipped_terrain_lies_where_maps_have_it():
    """Cross Mountain, Tennessee: 36 11 54 N, 84 13 50 W, 1077 m."""
    land = terrain(smooth=0)
    found = np.asarray(land.place(-84.23056, 36.19833))
    heights = land.on_lattice(*(found[i] + np.linspace(-0.015, 0.015, 31) for i in (0, 1)), order=0)
    assert 1040 < land.low + (land.high - land.low) * float(heights.max()) < 1077
    np.testing.assert_allclose(land.place(-84.23056 + 360, 36.19833), found)
    with pytest.raises(ArtError, match="does not say where"):
        terrain(np.eye(4)).place(7, 46)
