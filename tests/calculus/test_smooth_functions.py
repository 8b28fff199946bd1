"""Derivatives that JAX itself loses at special points, against mpmath."""

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from jax import lax
from jax.scipy import special

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")


def mp_length(*sides):
    return mpmath.sqrt(sum(x * x for x in sides))


OF_RANK_2 = np.array([[1.0, 2, 3, 4], [2, 4, 6, 8], [1, 1, 0, 2], [0, 1, 3, 2]])

# With JAX, and with mpmath; all of them are smooth at 0.
LOST = {
    "hypot of like sides": (
        lambda t: jnp.hypot(1 + t, 1 + 2 * t),
        lambda t: mp_length(1 + t, 1 + 2 * t),
    ),
    "sinc at 0": (jnp.sinc, mpmath.sincpi),
    "sinc near 0": (lambda t: jnp.sinc(t + 1e-9), lambda t: mpmath.sincpi(t + mpmath.mpf(1e-9))),
    "sinc farther": (lambda t: jnp.sinc(t + 0.4), lambda t: mpmath.sincpi(t + mpmath.mpf(0.4))),
    "powers": (lambda t: jnp.sum(t ** jnp.arange(5.0)), lambda t: 1 + t + t**2 + t**3 + t**4),
    "power 1": (lambda t: jnp.power(t, 1.0), lambda t: t),
    "power that moves": (lambda t: (2 + t) ** t, lambda t: (2 + t) ** t),
    "square of abs": (lambda t: jnp.abs(t) ** 2, lambda t: t**2),
    "abs times abs": (lambda t: jnp.square(jnp.abs(t)), lambda t: t**2),
    "square of a modulus": (lambda t: jnp.abs(lax.complex(t, 2 * t)) ** 2, lambda t: 5 * t**2),
    "norm of order 4": (
        lambda t: jnp.linalg.norm(jnp.stack([t, 1 + 2 * t, 1.0]), 4),
        lambda t: mpmath.root(t**4 + (1 + 2 * t) ** 4 + 1, 4),
    ),
    "i0": (special.i0, lambda t: mpmath.besseli(0, t)),
    "i1": (special.i1, lambda t: mpmath.besseli(1, t)),
    "i0 of numpy": (jnp.i0, lambda t: mpmath.besseli(0, t)),
    "i1 far out": (lambda t: special.i1(t - 5), lambda t: mpmath.besseli(1, t - 5)),
    "beta of like sides": (lambda t: special.beta(1 + t, 1.0), lambda t: 1 / (1 + t)),
    "spence at 1": (lambda t: special.spence(1 + t), lambda t: mpmath.polylog(2, -t)),
    "fresnel's C at 1": (lambda t: special.fresnel(1 + t)[1], lambda t: mpmath.fresnelc(1 + t)),
    "J_2": (lambda t: special.bessel_jn(t, v=2)[2], lambda t: mpmath.besselj(2, t)),
    "hyp2f1 at -1": (
        lambda t: special.hyp2f1(0.5, 1.25, 2.5, t - 1),
        lambda t: mpmath.hyp2f1(0.5, 1.25, 2.5, t - 1),
    ),
    "determinant of rank 2": (
        lambda t: jnp.linalg.det(OF_RANK_2 + t * jnp.eye(4)[::-1]),
        lambda t: mpmath.det(mpmath.matrix(OF_RANK_2) + t * mpmath.matrix(np.eye(4)[::-1])),
    ),
    "determinant of rank 0": (
        lambda t: jnp.linalg.det(t * jnp.array([[1.0, 2.0], [3.0, 4.0]])),
        lambda t: -2 * t**2,
    ),
}


def all_of(t):
    return jnp.stack([f(t) for f, _ in LOST.values()])


@pytest.mark.exhaustive
def test_derivatives_that_jax_loses_are_those_of_mpmath():
    with mpmath.workdps(60):
        wanted = np.array(
            [[float(mpmath.diff(f, 0, k)) for _, f in LOST.values()] for k in range(5)]
        )
    towers = ga.jet(all_of, 0.0, 4)
    places = np.stack([np.zeros(len(LOST)), np.arange(len(LOST))], -1)
    bends = ga.hessian(lambda p: all_of(p[0])[p[1].astype(int)], places)[:, 0, 0]
    for k in range(5):
        np.testing.assert_allclose(towers[k], wanted[k], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bends, wanted[2], rtol=1e-9, atol=1e-9)


def test_what_jax_names_keeps_the_rule_of_its_name():
    """Fresnel's integrals are of powers inside, which are left as they are: at 1, C'' is -pi."""
    found = ga.jet(lambda t: jnp.stack(special.fresnel(t)), jnp.array([0.0, 1.0]), 3)
    np.testing.assert_allclose(found[2:, 0], [[0, 0], [np.pi, 0]], atol=1e-12)
    np.testing.assert_allclose(found[2:, 1], [[0, -np.pi], [-(np.pi**2), -np.pi]], atol=1e-12)


def test_numbers_meet_their_rows_under_a_map_of_the_artist():
    """There the axis of the map is the first of either, which NumPy would take for the last."""

    def lengths(t):
        return jax.vmap(jnp.hypot)(t * jnp.arange(1.0, 10).reshape(3, 3), jnp.arange(3.0))

    np.testing.assert_allclose(ga.jet(lengths, 0.3, 0)[0], lengths(0.3), rtol=1e-15)
    slope = ga.jet(lengths, 0.3, 1)[1]
    np.testing.assert_allclose(slope, jax.jacfwd(lengths)(0.3), rtol=1e-12)
