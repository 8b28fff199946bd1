"""The shore of a terrain whose file has the sea as a level 0, against that of the true land."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from matplotlib import cbook

from gradart.calculus.derivatives import gradient, value
from gradart.errors import ArtError, ArtWarning, Untraceable
from gradart.geometry.contours.contours import contours, even_levels
from gradart.library.coasts import with_sea_floor
from gradart.library.sampled import tabulated, terrain

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-1.0, -1.0), (1.0, 1.0))


def island(p):
    """Of three and of seven capes, its flanks steeper inland: negative off the shore."""
    around = jnp.arctan2(p[1], p[0])
    rise = 0.62 + 0.1 * jnp.sin(3 * around + 0.4) + 0.05 * jnp.cos(7 * around) - jnp.hypot(*p)
    return 300 * (rise + 0.8 * rise**2)


def nodes(n):
    return np.stack(np.meshgrid(*[np.linspace(-1, 1, n)] * 2), -1)


def runs(line):
    """How many pieces a row of a contour has, and its points."""
    there = np.isfinite(np.asarray(line)).all(-1)
    return int((np.diff(np.append(False, there).astype(int)) == 1).sum()), np.asarray(line)[there]


def test_the_shore_of_an_island_is_one_line_whose_error_falls_by_the_square_of_the_cell():
    errors = []
    for n in (33, 65, 129):
        heights = np.maximum(value(island, nodes(n)), 0)
        (line,) = contours(tabulated(heights, box=BOX, sea=0), [0.0], resolution=300)
        count, shore = runs(line)
        assert count == 1
        slopes = np.linalg.norm(gradient(island, shore), axis=-1)
        errors.append(np.sqrt(np.mean((value(island, shore) / slopes) ** 2)))
        assert errors[-1] < 0.09 * 2 / (n - 1)
    assert np.polyfit(np.log([1, 2, 4]), np.log(errors), 1)[0] < -1.7


def test_of_means_over_cells_the_shore_is_where_the_sea_is_an_eighth_of_the_rise_higher():
    def off(sea):
        coast = tabulated(means, box=((-0.9875,) * 2, (0.9875,) * 2), sea=sea)
        shore = np.concatenate([runs(line)[1] for line in contours(coast, [sea], resolution=200)])
        slopes = np.linalg.norm(gradient(island, shore), axis=-1)
        return np.median(value(island, shore) / slopes) / 0.025

    fine = (np.arange(800) + 0.5) / 400 - 1
    heights = np.maximum(value(island, np.stack(np.meshgrid(fine, fine), -1)), 0)
    means = np.asarray(heights).reshape(80, 10, 80, 10).mean((1, 3))
    assert off(0) < -0.25  # cells: out in the sea
    assert abs(off(300 * 0.025 / 8)) < 0.1


def test_a_shore_of_even_slope_is_straight_whichever_way_it_runs():
    for turn in np.radians([0, 20, 45, 130, 250]):
        x, y = np.moveaxis(nodes(60), -1, 0)
        plane = 50 * (np.cos(turn) * x + np.sin(turn) * y) + 3
        floor = with_sea_floor(np.maximum(plane, 0), 0, 0)
        near = np.abs(plane) < 3 * 50 * 2 / 59
        inside = np.abs(nodes(60)).max(-1) < 0.8
        np.testing.assert_allclose(floor[near & inside], plane[near & inside], atol=1e-9)
        np.testing.assert_array_equal(floor > 0, plane > 0)


def test_real_mountains_that_are_drowned_have_the_shore_that_they_had_and_few_islets():
    heights = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(float)[
        :200, :200
    ]
    sea = np.median(heights) + 0.5
    (line,) = contours(tabulated(heights, box=BOX), [sea], resolution=600)
    true_count, _ = runs(line)
    flat, coast = np.maximum(heights, sea), tabulated(heights, box=BOX, sea=sea)
    off, counts = [], []
    for field, level in ((tabulated(flat, box=BOX), sea + 0.5), (coast, sea)):
        (line,) = contours(field, [level], resolution=600)
        count, shore = runs(line)
        land = tabulated(heights, box=BOX)
        slopes = np.linalg.norm(gradient(land, shore), axis=-1)
        off.append(np.median(np.abs(value(land, shore) - sea) / slopes) * 199 / 2)
        counts.append(count)
    assert counts[0] > 20 * true_count
    assert counts[1] < 3 * true_count
    assert off[1] < 0.15
    assert off[0] > 2 * off[1]


def test_nothing_but_the_sea_is_changed_and_its_floor_falls_and_stays_shallow():
    heights = np.maximum(value(island, nodes(65)), 0)
    floor = with_sea_floor(heights, 0, 1.0)
    np.testing.assert_array_equal(floor[heights > 0], heights[heights > 0])
    assert (floor[heights <= 0] < 0).all()
    assert floor.min() > -heights.max()
    np.testing.assert_allclose(with_sea_floor(heights + 7, 7, 1.0), floor + 7, atol=1e-9)
    np.testing.assert_allclose(with_sea_floor(heights.T, 0, 1.0), floor.T, atol=1e-9)


def test_voids_off_the_shore_are_sea_and_those_on_land_are_filled(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    heights = np.maximum(value(island, nodes(65)), 0)
    flat = terrain(heights, sea=0, smooth=0)
    assert (flat.low, flat.high, flat.shore) == (0, heights.max(), 0)
    assert flat(jnp.array([0.9, 0.9])) < 0
    holed = np.where(heights > 0, heights, np.nan)
    for heights_of_file, warned in ((holed, False), (np.where(heights > 1e9, 0, holed), True)):
        if warned:
            heights_of_file[30:33, 30:33] = np.nan  # in the middle of the island
        path = tmp_path / "coast.tif"
        options = {"height": 65, "width": 65, "count": 1, "dtype": "float64", "nodata": -9999}
        affine = rasterio.Affine(30, 0, 5e5, 0, -30, 5e6)
        with rasterio.open(path, "w", "GTiff", crs="EPSG:32633", transform=affine, **options) as f:
            f.write(np.where(np.isnan(heights_of_file), -9999, heights_of_file), 1)
        if warned:
            with pytest.warns(ArtWarning, match=r"\(9 samples\)"):
                land = terrain(path, sea=0, smooth=0)
            assert land(jnp.zeros(2)) > 0.8
        else:
            land = terrain(path, sea=0, smooth=0)
            np.testing.assert_allclose(land.coefficients, flat.coefficients, atol=1e-12)


def test_levels_by_their_number_are_all_above_the_sea():
    coast = terrain(np.maximum(value(island, nodes(65)), 0), sea=0)
    lowest = [np.nanmin(value(coast, line)) for line in contours(coast, 9, resolution=200)]
    np.testing.assert_allclose(lowest, np.arange(1, 10) / 10, atol=0.01)  # the top lies off a node
    assert np.all(even_levels(coast, 9) > 0)


def test_a_sea_that_cannot_be_is_an_error():
    with pytest.raises(
        ArtError, match=r"the sea, at 9, lies over all of the land: its highest is 1"
    ):
        terrain(np.eye(5), sea=9)
    for wrong in ("deep", np.nan, (1, 2)):
        with pytest.raises(ArtError, match="sea"):
            tabulated(np.eye(5), sea=wrong)
    with pytest.raises(Untraceable, match="sea is traced"):
        jax.jit(lambda sea: tabulated(np.eye(5), sea=sea)(jnp.zeros(2)))(0.5)
