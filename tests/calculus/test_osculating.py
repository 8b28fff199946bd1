"""Laws of osculating circles and Taylor arcs, of curvature and torsion."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.curves.frames import curvature, normal, point, speed, tangent
from gradart.calculus.curves.osculating import (
    curvature_slope,
    monotone_arcs,
    osculating_circles,
    taylor_arcs,
    taylor_beziers,
    torsion,
)
from gradart.calculus.derivatives import jet
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

T = np.linspace(-1.3, 1.4, 28)


def spiral(t):
    return jnp.exp(0.15 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def ellipse(t):
    return jnp.array([2 * jnp.cos(t), jnp.sin(t)])


def twisted(t):
    return jnp.array([t, t**2, t**3])


def clothoid(t):  # Fresnel's integrals by a fixed rule, exact to rounding for small t
    nodes, weights = np.polynomial.legendre.leggauss(24)
    s = t * (nodes + 1) / 2
    return t / 2 * jnp.array([weights @ jnp.cos(s**2), weights @ jnp.sin(s**2)])


def test_osculating_circles_of_a_spiral_nest():
    centers, radii = map(np.asarray, osculating_circles(spiral, np.linspace(0, 20, 60)))
    apart = np.linalg.norm(centers[:, None] - centers, axis=-1)
    larger = radii[:, None] - radii
    assert np.all(np.where(np.tri(60, k=-1, dtype=bool), larger - apart, 1) > 0)


def test_osculating_circles_touch_to_second_order():
    centers, radii = osculating_circles(ellipse, T)
    gaps = []
    for step in (1e-2, 5e-3):
        p = point(ellipse, T + step)
        gaps.append(np.abs(np.linalg.norm(p - centers, axis=1) - radii))
    assert np.median(gaps[0] / gaps[1]) == pytest.approx(8, rel=0.02)


def test_arcs_between_vertices_have_monotone_curvature():
    arcs = monotone_arcs(ellipse, 0.3, 0.3 + math.tau, 50)
    assert arcs.shape == (5, 50)
    np.testing.assert_allclose(arcs[1:, 0], arcs[:-1, -1], rtol=0, atol=1e-12)
    np.testing.assert_allclose(arcs[1:, 0], np.arange(1, 5) * math.pi / 2, rtol=0, atol=1e-12)
    steps = np.diff(curvature(ellipse, arcs), axis=1)
    assert np.all((steps > 0).all(1) | (steps < 0).all(1))


@pytest.mark.parametrize("order", [1, 2, 5])
def test_taylor_arcs_converge_with_their_order(order):
    errors = []
    for reach in (0.2, 0.1):
        arcs = taylor_arcs(ellipse, T, reach, order, n=9)
        t = T[:, None] + reach * np.linspace(-1, 1, 9)
        errors.append(np.abs(arcs - point(ellipse, t)).max())
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order + 1, abs=0.35)


def test_orders_beyond_13_in_single_precision():
    """13! is more than 32 bits of an integer hold."""
    with jax.enable_x64(False):
        circle = lambda t: jnp.stack([jnp.cos(t), jnp.sin(t)])  # noqa: E731
        arcs = taylor_arcs(circle, jnp.linspace(0, 6, 5), 0.5, order=16)
        np.testing.assert_allclose(jnp.linalg.norm(arcs, axis=-1), 1, atol=1e-6)
        ways = tuple(jnp.ones(1) for _ in range(14))
        assert np.isfinite(jet(lambda p: jnp.sin(p[0]), jnp.ones(1), ways, order=14)).all()


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_taylor_arcs_are_beziers(order):
    corners = np.asarray(taylor_beziers(ellipse, T, 0.7, order))
    u = np.linspace(0, 1, 9)[:, None]
    basis = np.stack([(1 - u) ** 3, 3 * u * (1 - u) ** 2, 3 * u**2 * (1 - u), u**3])[..., 0]
    curves = np.einsum("kn,tkd->tnd", basis, corners)
    np.testing.assert_allclose(curves, taylor_arcs(ellipse, T, 0.7, order, 9), rtol=0, atol=1e-14)


def test_curvature_of_a_clothoid_is_linear():
    np.testing.assert_allclose(curvature(clothoid, T), 2 * T, rtol=0, atol=1e-11)
    np.testing.assert_allclose(curvature_slope(clothoid, T), 2, rtol=0, atol=1e-9)


def test_motion_and_another_parameter_change_nothing():
    c, s = math.cos(0.7), math.sin(0.7)

    def moved(t):
        return jnp.array([[c, -s], [s, c]]) @ ellipse(jnp.sinh(t)) + jnp.array([3.0, -1.0])

    for invariant in (curvature, curvature_slope):
        np.testing.assert_allclose(
            invariant(moved, T), invariant(ellipse, np.sinh(T)), rtol=1e-9, atol=1e-10
        )

    def mirrored(t):
        return jnp.array([-1.0, 1.0, 1.0]) * twisted(jnp.sinh(t))

    np.testing.assert_allclose(torsion(mirrored, T), -torsion(twisted, np.sinh(T)), rtol=1e-10)


def test_torsion_known():
    helix = lambda t: jnp.array([3 * jnp.cos(t), 3 * jnp.sin(t), 4 * t])  # noqa: E731
    np.testing.assert_allclose(torsion(helix, T), 4 / 25, rtol=1e-13)
    np.testing.assert_allclose(curvature_slope(helix, T), 0, atol=1e-13)
    flat = lambda t: jnp.array([t, t**2, 1.0 + t])  # noqa: E731
    np.testing.assert_allclose(torsion(flat, T), 0, atol=1e-13)


def test_the_formulas_of_frenet_and_serret():
    """The frame turns by curvature and torsion: T' = k N, N' = -k T + tau B, per unit of length."""

    def frame(t):
        return jnp.stack([tangent(twisted, t), normal(twisted, t)])

    (t, n), (dt, dn) = np.moveaxis(jet(frame, T, 1), 2, 1)  # (order, tangent or normal, place, 3)
    pace = np.asarray(speed(twisted, T))[:, None]
    k, tau = (np.asarray(f(twisted, T))[:, None] for f in (curvature, torsion))
    b = np.cross(t, n)
    np.testing.assert_allclose(dt / pace, k * n, rtol=0, atol=1e-10)
    np.testing.assert_allclose(dn / pace, -k * t + tau * b, rtol=0, atol=1e-10)
    np.testing.assert_allclose(np.sum(t * n, -1), 0, atol=1e-13)


def test_what_has_no_circle_or_torsion():
    line = lambda t: jnp.array([t, 2 * t])  # noqa: E731
    centers, radii = osculating_circles(line, T)
    assert np.isnan(centers).all()
    assert np.isnan(radii).all()
    with pytest.raises(ArtError, match="curve in space"):
        torsion(ellipse, T)
    with pytest.raises(ArtError, match="holds 3"):
        taylor_beziers(ellipse, T, 1.0, 4)
