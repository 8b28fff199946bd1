"""Quasirandom points: even in any number, each in its place for good."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import qmc

import gradart as ga

UNIT = ((0, 0), (1, 1))
KEY = jax.random.key(5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("n", [50, 1000])
def test_they_are_evener_than_random_points_and_keep_apart(n):
    points = np.asarray(ga.quasirandom(KEY, n, UNIT), float)
    assert points.min() >= 0
    assert points.max() < 1
    assert 3 * qmc.discrepancy(points) < qmc.discrepancy(
        np.asarray(ga.scatter(KEY, n, UNIT), float)
    )
    apart = np.abs(points[:, None] - points)
    apart = np.hypot(*np.moveaxis(np.minimum(apart, 1 - apart), -1, 0)) + 9 * np.eye(n)
    assert apart.min() * np.sqrt(n) > 0.54  # as its author says; of random points near 0
    assert apart.min(1).max() * np.sqrt(n) < 1.2


@pytest.mark.exhaustive
def test_more_of_them_leave_the_first_where_they_are():
    few, many = (np.asarray(ga.quasirandom(KEY, n, ((-1, 0), (3, 2)))) for n in (10, 500))
    np.testing.assert_array_equal(many[:10], few)
    assert ga.quasirandom(KEY, 0, UNIT).shape == (0, 2)


@pytest.mark.exhaustive
def test_they_are_the_sequence_by_the_plastic_number_shifted_by_the_key():
    g = np.roots([1, 0, -1, -1])[0].real
    with jax.enable_x64(True):
        points = np.asarray(ga.quasirandom(KEY, 100_000, UNIT))
        others = np.asarray(ga.quasirandom(jax.random.key(6), 100_000, UNIT))
    steps = (points - points[0] - np.arange(100_000)[:, None] / [g, g**2] + 0.5) % 1 - 0.5
    assert np.abs(steps).max() < 2e-5
    shifts = (others - points + 1) % 1
    np.testing.assert_allclose(shifts, shifts[:1] + 0 * shifts, atol=2e-7)
    assert np.abs(shifts[0]).min() > 1e-3


@pytest.mark.exhaustive
def test_a_box_of_jax_moves_them():
    moved = jax.jacfwd(lambda x: ga.quasirandom(KEY, 3, ((0.0, 0.0), (x, 1.0))))(2.0)
    np.testing.assert_allclose(moved[:, 0], ga.quasirandom(KEY, 3, UNIT)[:, 0], atol=1e-6)
    assert float(jnp.abs(moved[:, 1]).max()) == 0


def test_what_is_no_count_and_no_box_is_refused():
    with pytest.raises(ga.ArtError, match="n is -1"):
        ga.quasirandom(KEY, -1, UNIT)
    with pytest.raises(ga.ArtError, match="a box is"):
        ga.quasirandom(KEY, 3, (0, 1))
