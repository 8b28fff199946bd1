import jax
import numpy as np
import pytest
from scipy.spatial import KDTree

from gradart.errors import ArtError
from gradart.geometry.points import corners, domain, grid, poisson, scatter

BOX = ((-1.0, 2.0), (3.0, 5.0))


def test_grid_starts_at_the_lower_left_and_rows_have_constant_y():
    points = np.asarray(grid(4, 5, BOX))
    assert points.shape == (4, 5, 2)
    np.testing.assert_array_equal(points[0, 0], BOX[0])
    np.testing.assert_array_equal(points[-1, -1], BOX[1])
    assert (points[:, :, 1] == points[:, :1, 1]).all()
    np.testing.assert_allclose(np.diff(points[:, :, 0]), 1.0)
    np.testing.assert_allclose(np.diff(points[:, :, 1], axis=0), 1.0)


def test_grid_can_be_traced_with_a_moving_box():
    moving = jax.jit(lambda u: grid(3, 4, ((-u, -u), (u, u))))
    np.testing.assert_allclose(moving(2.0), grid(3, 4, ((-2.0, -2.0), (2.0, 2.0))), rtol=1e-6)


def test_scatter_is_uniform_and_more_points_leave_the_first_ones_alone():
    points = np.asarray(scatter(jax.random.key(1), 40_000, BOX))
    unit = (points - BOX[0]) / (np.subtract(*BOX[::-1]))
    assert unit.min() >= 0
    assert unit.max() <= 1
    counts, _, _ = np.histogram2d(*unit.T, bins=8, range=((0, 1), (0, 1)))
    expected = 40_000 / 64
    chi2 = ((counts - expected) ** 2 / expected).sum()
    assert 30 < chi2 < 110  # 63 degrees of freedom
    np.testing.assert_array_equal(points[:100], scatter(jax.random.key(1), 100, BOX))


@pytest.mark.parametrize("distance", [0.9, 0.2, 0.05])
def test_poisson_points_keep_their_distance_and_leave_no_room(distance):
    with jax.enable_x64(True):
        points = np.asarray(poisson(jax.random.key(3), distance, BOX))
        everywhere = np.asarray(grid(301, 401, BOX)).reshape(-1, 2)
    tree = KDTree(points)
    assert tree.query(points, k=2)[0][:, 1].min() >= distance
    assert tree.query(everywhere)[0].max() < distance
    assert (points >= BOX[0]).all()
    assert (points <= BOX[1]).all()


def test_poisson_follows_its_key():
    first, again, other = (poisson(jax.random.key(k), 0.3, BOX) for k in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, poisson(jax.random.PRNGKey(5), 0.3, BOX))
    assert not np.isin(first, other).any()


def test_poisson_is_blue_noise():
    # Well below 1 / distance the power spectrum of blue noise vanishes; a scatter's is flat, 1.
    side, distance = 1.0, 0.02
    waves = 2 * np.pi * np.array([(i, j) for i in range(-6, 7) for j in range(-6, 7) if i or j])

    def power(points):
        return (np.abs(np.exp(1j * np.asarray(points) @ waves.T).sum(0)) ** 2).mean() / len(points)

    box = ((0.0, 0.0), (side, side))
    blue = poisson(jax.random.key(0), distance, box)
    assert power(blue) < 0.15
    assert power(scatter(jax.random.key(0), len(blue), box)) > 0.7


def test_poisson_fills_boxes_of_no_area():
    line = np.asarray(poisson(jax.random.key(0), 0.1, ((0.0, 1.0), (2.0, 1.0))))
    gaps = np.diff(np.sort(line[:, 0]))
    assert (line[:, 1] == 1).all()
    assert gaps.min() >= 0.1 - 1e-6
    assert gaps.max() < 0.2
    assert poisson(jax.random.key(0), 0.1, ((1.0, 1.0), (1.0, 1.0))).shape == (1, 2)


def test_a_field_brings_its_box():
    def field(p):
        return p[0]

    with pytest.raises(ArtError, match="give box="):
        domain(field)
    field.box = BOX  # type: ignore[attr-defined]
    np.testing.assert_array_equal(domain(field), BOX)
    np.testing.assert_array_equal(domain(field, ((0, 0), (1, 1))), [[0, 0], [1, 1]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda key: corners((0, 1)), r"a box is \(\(x0, y0\), \(x1, y1\)\)"),
        (lambda key: corners(((0, 0), (1, np.inf))), "finite corners"),
        (lambda key: grid(0, 3, BOX), "rows is 0"),
        (lambda key: grid(3, 2.5, BOX), "columns is 2.5"),
        (lambda key: scatter(key, -1, BOX), "n is -1"),
        (lambda key: poisson(key, 0, BOX), "distance is 0"),
        (lambda key: poisson(key, float("nan"), BOX), "distance is nan"),
        (lambda key: poisson(key, 1e-9, BOX), "raise the distance"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call(jax.random.key(0))
