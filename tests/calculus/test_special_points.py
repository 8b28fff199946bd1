"""Laws of cusps, inflections and vertices."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.curves.curves_of_curves import evolute, offset
from gradart.calculus.curves.frames import curvature
from gradart.calculus.curves.special_points import (
    cusps,
    inflections,
    offset_cusps,
    sign_changes,
    vertices,
)

pytestmark = pytest.mark.usefixtures("double")

TAU = math.tau


def ellipse(t):
    return jnp.array([2 * jnp.cos(t), jnp.sin(t)])


def circle(t):
    return jnp.array([3 * jnp.cos(t), 3 * jnp.sin(t)])


def line(t):
    return (1 + t + t**2) * jnp.array([1.0, 2.0])


def cycloid(t):
    return jnp.array([t - jnp.sin(t), 1 - jnp.cos(t)])


def eight(t):
    return jnp.array([jnp.sin(t), jnp.sin(2 * t)])


def close(found, known, tolerance=1e-12):
    np.testing.assert_allclose(found, known, rtol=0, atol=tolerance)


def test_cusps():
    close(cusps(cycloid, -1, 7), [0, TAU])
    close(cusps(cycloid, 0, TAU), [0, TAU])  # the ends belong to the interval
    assert len(cusps(ellipse, 0, TAU)) == 0
    assert len(cusps(circle, 0, TAU)) == 0


@pytest.mark.exhaustive
def test_cusps_of_the_evolute_are_the_vertices():
    known = np.arange(5) * math.pi / 2
    close(vertices(ellipse, 0, TAU), known)
    close(cusps(evolute(ellipse), 0, TAU), known, 1e-10)


@pytest.mark.exhaustive
def test_inflections():
    close(inflections(eight, 0, TAU), [0, math.pi, TAU])
    # A flat point where the curvature keeps its sign, and a cusp, are not inflections.
    assert len(inflections(lambda t: jnp.array([t, t**4]), -1, 1)) == 0
    assert len(inflections(lambda t: jnp.array([t**2, t**5]), -1, 1)) == 0


def test_what_is_zero_throughout_has_no_roots():
    assert len(vertices(circle, 0, TAU)) == 0
    assert len(inflections(line, 0, 1)) == 0
    assert len(vertices(line, 0, 1)) == 0


@pytest.mark.exhaustive
def test_offset_cusps():
    distance = -0.8
    found = offset_cusps(ellipse, distance, 0, TAU)
    assert len(found) == 4
    close(1 + distance * curvature(ellipse, found), 0)
    close(cusps(offset(ellipse, distance), 0, TAU), found, 1e-10)
    assert len(offset_cusps(ellipse, -distance, 0, TAU)) == 0


def test_two_roots_in_one_cell_are_both_found():
    close(sign_changes(lambda t: (t - 0.3) ** 2 - 1e-8, 0, 1), [0.2999, 0.3001])
    assert len(sign_changes(lambda t: (t - 0.3) ** 2 + 1e-8, 0, 1)) == 0


def test_a_pole_is_no_root():
    assert len(sign_changes(lambda t: 1 / (t - 0.3), 0, 1)) == 0
    close(sign_changes(jnp.tan, 1, 7), [math.pi, TAU])


@pytest.mark.exhaustive
def test_single_precision():
    with jax.enable_x64(False):
        close(vertices(ellipse, 0, TAU), np.arange(5) * math.pi / 2, 1e-5)
        assert len(vertices(circle, 0, TAU)) == 0
