"""Laws of Householder's methods: the named ones, their orders of convergence, König's limit."""

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.complex_functions import householder
from gradart.calculus.derivatives import value
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

PLACES = np.array([[0.3, 0.2], [-1.1, 0.7], [1.7, -0.4], [-0.6, 0.9]])
Z = PLACES @ [1, 1j]


def cubic(z):
    return z**3 - 1


def wave(z):
    return jnp.exp(z) - 2 * jnp.cos(z)


def step(f, order, places=PLACES):
    return np.asarray(value(householder(f, order), places)) @ [1, 1j]


def test_the_first_two_are_newtons_and_halleys():
    f, slope, bend = Z**3 - 1, 3 * Z**2, 6 * Z
    np.testing.assert_allclose(step(cubic, 1), Z - f / slope, rtol=1e-12)
    halley = Z - 2 * f * slope / (2 * slope**2 - f * bend)
    np.testing.assert_allclose(step(cubic, 2), halley, rtol=1e-12)
    f, slope = np.exp(Z) - 2 * np.cos(Z), np.exp(Z) + 2 * np.sin(Z)
    np.testing.assert_allclose(step(wave, 1), Z - f / slope, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_an_error_is_raised_to_the_power_of_the_order_and_one(order):
    root = 1.3247179572447460  # the plastic number
    off = np.array([0.04, 0.02])
    near = np.stack([root + off, 0 * off], -1)
    left = np.abs(step(lambda z: z**3 - z - 1, order, near) - root)
    slope = np.diff(np.log(left)) / np.diff(np.log(off))
    np.testing.assert_allclose(slope, order + 1, atol=0.1)


def test_at_a_root_it_stays():
    roots = np.stack([np.cos([0, 2 * np.pi / 3]), np.sin([0, 2 * np.pi / 3])], -1)
    for order in (1, 4):
        np.testing.assert_allclose(value(householder(cubic, order), roots), roots, atol=1e-15)


def test_a_step_of_high_order_goes_as_far_as_the_nearest_root():
    """König's theorem: 1 / f has its nearest pole there."""
    roots = np.exp(2j * np.pi * np.arange(3) / 3)
    nearest = roots[np.abs(Z[:, None] - roots).argmin(1)]
    off = [np.abs(step(cubic, n) - nearest).max() for n in (4, 12, 24)]
    assert off[0] > 10 * off[1] > 100 * off[2]


def test_what_is_no_function_and_no_order_is_refused():
    with pytest.raises(ArtError, match="f is 3"):
        householder(3)
    with pytest.raises(ArtError, match="order is 0"):
        householder(cubic, 0)
    with pytest.raises(ArtError, match=r"f returns shape \(2,\): it takes one complex number"):
        value(householder(lambda z: jnp.stack([z, z])), [0.1, 0.2])
