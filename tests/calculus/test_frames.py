"""Frames against circles, helices and rigid motions."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.curves.frames import curvature, normal, point, speed, tangent
from gradart.calculus.vectors import safe_norm, safe_sqrt
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")

T = np.linspace(0.1, 6, 7)


def circle(t):
    return 3 * jnp.array([jnp.cos(t), jnp.sin(t)])


def helix(t):
    return jnp.array([2 * jnp.cos(t), 2 * jnp.sin(t), t])


def wave(t):
    return jnp.array([t, jnp.sin(2 * t) + 0.2 * t**2])


def test_a_circle():
    np.testing.assert_allclose(curvature(circle, T), 1 / 3, rtol=1e-13)
    np.testing.assert_allclose(curvature(lambda t: circle(-t), T), -1 / 3, rtol=1e-13)
    np.testing.assert_allclose(speed(circle, T), 3, rtol=1e-13)
    np.testing.assert_allclose(normal(circle, T), -point(circle, T) / 3, atol=1e-14)
    turned = np.stack([-np.sin(T), np.cos(T)], -1)
    np.testing.assert_allclose(tangent(circle, T), turned, atol=1e-14)


def test_a_helix():
    np.testing.assert_allclose(curvature(helix, T), 2 / 5, rtol=1e-13)
    np.testing.assert_allclose(speed(helix, T), math.sqrt(5), rtol=1e-13)
    inward = np.stack([-np.cos(T), -np.sin(T), 0 * T], -1)
    np.testing.assert_allclose(normal(helix, T), inward, atol=1e-14)


def test_curvature_does_not_depend_on_motion_or_parameter():
    turn = jnp.array([[0.6, -0.8], [0.8, 0.6]])
    moved = curvature(lambda t: turn @ wave(t) + 5, T)
    np.testing.assert_allclose(moved, curvature(wave, T), rtol=1e-11)
    hurried = curvature(lambda s: wave(s**3 + s), jnp.asarray(T) / 4)
    np.testing.assert_allclose(hurried, curvature(wave, (T / 4) ** 3 + T / 4), rtol=1e-11)


def test_no_speed_lifts_the_pen_and_is_counted():
    def cusp(t):
        return jnp.array([t**2, t**3])

    t = jnp.array([-0.5, 0.0, 0.5, 0.0])
    for measure in (tangent, normal, curvature):
        with pytest.warns(ArtWarning, match=r"cusp has no speed at t = 0 and at 1 more"):
            lifted = np.isnan(measure(cusp, t)).reshape(4, -1).any(-1)
        assert lifted.tolist() == [False, True, False, True]
    assert speed(cusp, 0.0) == 0


def test_a_curve_returns_two_or_three_numbers():
    def four(t):
        return t * jnp.ones(4)

    for measure in (point, speed, tangent, normal, curvature):
        with pytest.raises(ArtError, match=r"curve four returns shape \(4,\), a curve returns"):
            measure(four, T)


def test_frames_can_be_differentiated():
    slope = jax.grad(lambda t: curvature(wave, t))(0.4)
    h = 1e-5
    estimate = (curvature(wave, 0.4 + h) - curvature(wave, 0.4 - h)) / (2 * h)
    assert abs(slope - estimate) < 1e-7 * abs(estimate)
    assert jax.jit(lambda t: normal(helix, t))(T).shape == (7, 3)


def test_safe_roots_and_lengths():
    assert safe_sqrt(0.0) == 0
    assert jax.grad(safe_sqrt)(0.0) == 0
    assert jax.grad(jax.grad(safe_sqrt))(0.0) == 0
    np.testing.assert_allclose(jax.grad(safe_sqrt)(4.0), 0.25)
    v = jnp.array([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(safe_norm(v), [0, 5])
    slopes = jax.jacfwd(lambda v: safe_norm(v).sum())(v)
    np.testing.assert_allclose(slopes, [[0, 0], [0.6, 0.8]])


def test_a_lifted_pen_has_no_length():
    assert jnp.isnan(safe_norm(jnp.array([jnp.nan, 0.0])))
    assert safe_norm(jnp.zeros(2)) == 0
