"""Poincaré sections: oscillators in closed form, what is conserved, convergence, return maps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.equations.flow_maps import lyapunov
from gradart.calculus.equations.sections import poincare
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")


def henon_heiles(p):
    x, y, u, v = p
    return jnp.array([u, v, -x - 2 * x * y, -y - x**2 + y**2])


def energy(p):
    x, y, u, v = np.moveaxis(np.asarray(p), -1, 0)
    return (x**2 + y**2 + u**2 + v**2) / 2 + x**2 * y - y**3 / 3


def test_two_oscillators_cross_where_they_are_known_to():
    rate, phases = np.sqrt(2), np.array([0.0, 0.4, 2.0])

    def oscillators(p):
        x, u, y, v = p
        return jnp.array([u, -x, v, -(rate**2) * y])

    starts = np.stack([np.ones(3), np.zeros(3), np.cos(phases), -rate * np.sin(phases)], -1)
    up = poincare(oscillators, starts, lambda p: p[0], n=4, step=0.005)
    angles = rate * (3 * np.pi / 2 + 2 * np.pi * np.arange(4)) + phases[:, None]
    zero, one = np.zeros((3, 4)), np.ones((3, 4))
    np.testing.assert_allclose(
        up, np.stack([zero, one, np.cos(angles), -rate * np.sin(angles)], -1), atol=2e-10
    )
    # The other way, half a turn later or earlier.
    down = poincare(oscillators, starts, lambda p: -p[0], n=4, step=0.005)
    angles = rate * (np.pi / 2 + 2 * np.pi * np.arange(4)) + phases[:, None]
    np.testing.assert_allclose(
        down, np.stack([zero, -one, np.cos(angles), -rate * np.sin(angles)], -1), atol=2e-10
    )


def test_on_a_curved_section_in_space_too():
    starts = np.array([[[0.1, 0.2, 0.2]], [[-0.3, 0.1, 0.0]]])
    found = poincare(lambda p: p, starts, lambda p: p @ p - 1, n=1, step=0.02)
    assert found.shape == (2, 1, 1, 3)
    direction = starts / np.linalg.norm(starts, axis=-1, keepdims=True)
    np.testing.assert_allclose(found[:, :, 0], direction, rtol=1e-12)


def test_energy_is_kept_and_the_error_falls_as_the_fourth_power_of_the_step():
    """M. Hénon and C. Heiles, Astronomical Journal 69 (1964), at the energy 1/12."""
    y = np.array([-0.2, 0.1, 0.3])
    u = np.sqrt(2 / 12 - y**2 + 2 / 3 * y**3)
    starts = np.stack([0 * y, y, u, 0 * y], -1)

    def crossings(step):
        return poincare(henon_heiles, starts, lambda p: p[0], n=8, step=step)

    fine, steps = crossings(0.0025), np.array([0.16, 0.08, 0.04])
    assert np.abs(fine[..., 0]).max() < 1e-14
    assert (np.asarray(fine)[..., 2] > 0).all()
    np.testing.assert_allclose(energy(fine), 1 / 12, atol=1e-11)
    errors = [np.abs(crossings(step) - fine).max() for step in steps]
    slopes = np.diff(np.log(errors)) / np.diff(np.log(steps))
    assert (slopes > 3.9).all()  # what energy is lost falls faster, and is seen first
    # A start goes its way whatever starts beside it.
    alone = poincare(henon_heiles, starts[1], lambda p: p[0], n=8, step=0.04)
    np.testing.assert_allclose(alone, crossings(0.04)[1], atol=1e-13)


@pytest.mark.exhaustive
def test_once_it_is_the_return_map_and_has_its_derivative():
    """Of an outward spiral, whose distance grows by the same factor each turn."""
    growth = np.exp(2 * np.pi * 0.1)

    def turns(x, rate):
        def spiral(p):
            return rate * p + jnp.array([-p[1], p[0]])

        start = jnp.stack([x[0], jnp.zeros(())])
        return poincare(spiral, start, lambda p: p[1], n=1, step=0.02)[0, :1]

    found = jax.jit(jax.jacfwd(turns, (0, 1)))(jnp.array([2.0]), 0.1)
    np.testing.assert_allclose(found[0], growth, rtol=1e-7)
    np.testing.assert_allclose(found[1], 2 * 2 * np.pi * growth, rtol=1e-7)
    back = jax.jit(jax.jacrev(turns, (0, 1)))(jnp.array([2.0]), 0.1)
    for one, other in zip(back, found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    exponent = lyapunov(lambda x: turns(x, 0.1), jnp.array([1.0]), steps=3)
    np.testing.assert_allclose(exponent, 2 * np.pi * 0.1, rtol=1e-7)


def test_crossings_that_do_not_come_are_missing_and_told():
    starts = np.array([[-1.0, 0.0], [1.0, 0.0]])
    with pytest.warns(ArtWarning, match="2 of 2 trajectories have not crossed the section 2 times"):
        found = poincare(lambda p: jnp.array([1.0, 0.5]), starts, lambda p: p[0], n=2, steps=200)
    np.testing.assert_allclose(found[0, 0], [0, 0.5], atol=1e-14)
    assert np.isnan(found[0, 1]).all()
    assert np.isnan(found[1]).all()


@pytest.mark.exhaustive
def test_backward_a_crossing_that_is_missing_moves_nothing():
    def height(starts, rate):
        flow = poincare(lambda p: jnp.array([1.0, rate]), starts, lambda p: p[0], n=2, steps=200)
        return flow[0, 0, 1]

    slope, pace = jax.grad(height, (0, 1))(jnp.array([[-1.0, 0.0], [1.0, 0.0]]), 0.5)
    np.testing.assert_allclose(slope, [[-0.5, 1], [0, 0]], atol=1e-12)
    np.testing.assert_allclose(pace, 1, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda v, s: poincare(v, s, 0.0), "0.0 is given for the field"),
        (lambda v, s: poincare(v, s, lambda p: p), r"returns shape \(2,\)"),
        (lambda v, s: poincare(lambda p: p[0], s, lambda p: p[0]), r"returns shape \(\)"),
        (lambda v, s: poincare(v, s, lambda p: p[0], n=0), "n is 0"),
        (lambda v, s: poincare(v, 1.0, lambda p: p[0]), "starts is a single number"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(ArtError, match=said):
        call(lambda p: p, np.ones(2))
