"""Laws of evolutes, involutes, offsets, pedals, envelopes and caustics."""

import math

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.curves.curves_of_curves import (
    caustic,
    envelope,
    evolute,
    involute,
    offset,
    pedal,
    rays,
)
from gradart.calculus.curves.frames import curvature, normal, point, tangent
from gradart.calculus.curves.trimmed_offset import trimmed_offset
from gradart.calculus.derivatives import jet
from gradart.errors import ArtError
from gradart.library.curves import line

pytestmark = pytest.mark.usefixtures("double")

T = np.linspace(0.1, 6.1, 41)


def circle(radius=1.0, center=(0.0, 0.0)):
    return lambda t: jnp.array(center) + radius * jnp.array([jnp.cos(t), jnp.sin(t)])


def ellipse(t):
    return jnp.array([2 * jnp.cos(t), jnp.sin(t)])


def parabola(t):
    return jnp.array([t, t**2])


def close(a, b, tolerance=1e-11):
    np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=0, atol=tolerance)


def test_evolutes_known_and_of_evolutes():
    close(point(evolute(circle(3.0, (1.0, 2.0))), T), np.broadcast_to([1.0, 2.0], (41, 2)))
    c, s = np.cos(T), np.sin(T)
    close(point(evolute(ellipse), T), np.stack([1.5 * c**3, -3 * s**3], 1))
    # The evolute of a logarithmic spiral is that spiral, turned and scaled; so twice is twice.
    growth = 0.2
    spiral = lambda t: jnp.exp(growth * t) * jnp.array([jnp.cos(t), jnp.sin(t)])  # noqa: E731
    quarter = lambda t: growth * jnp.array([[0.0, -1.0], [1.0, 0.0]]) @ spiral(t)  # noqa: E731
    close(point(evolute(spiral), T), point(quarter, T))
    close(point(evolute(evolute(spiral)), T), -(growth**2) * point(spiral, T))


def test_jets_of_an_evolute():
    _, velocity, acceleration = jet(evolute(ellipse), T, 2)
    c, s = np.cos(T), np.sin(T)
    close(velocity, np.stack([-4.5 * c**2 * s, -9 * s**2 * c], 1), 1e-10)
    close(
        acceleration,
        np.stack([9 * c * s**2 - 4.5 * c**3, -18 * s * c**2 + 9 * s**3], 1),
        1e-9,
    )


def test_an_inflection_lifts_the_pen_of_the_evolute():
    cubic = lambda t: jnp.array([t, t**3])  # noqa: E731
    inked = np.isfinite(point(evolute(cubic), np.array([-1.0, 0.0, 1.0]))).all(-1)
    assert inked.tolist() == [True, False, True]


@pytest.mark.exhaustive
def test_the_involute_of_the_evolute_is_the_curve():
    t = np.linspace(0.2, 1.4, 30)  # between two vertices
    start = 0.2
    radius = 1 / float(curvature(ellipse, start))
    # Where the radius grows, the string leaves the evolute; here it does, from 1/2 to 4.
    close(point(involute(evolute(ellipse), start, radius), t), point(ellipse, t))
    unwound = involute(circle(2.0))  # r (cos t + t sin t, sin t - t cos t)
    known = 2 * np.stack([np.cos(T) + T * np.sin(T), np.sin(T) - T * np.cos(T)], 1)
    close(point(unwound, T), known)
    close(point(evolute(unwound), T), point(circle(2.0), T), 1e-10)


def test_an_offset_is_parallel_and_comes_back():
    shifted = offset(ellipse, 0.4)
    close(point(shifted, T) - point(ellipse, T), -0.4 * normal(ellipse, T))
    close(tangent(shifted, T), tangent(ellipse, T))
    close(point(offset(shifted, -0.4), T), point(ellipse, T))
    radius = 1 / np.asarray(curvature(ellipse, T))
    close(1 / np.asarray(curvature(shifted, T)), radius + 0.4)
    close(point(offset(circle(2.0), 1.0), T), point(circle(3.0), T))


def test_pedals_known():
    # Of a circle about a point on it, a cardioid; of a parabola about its focus, its tangent.
    feet = point(pedal(circle(1.0, (1.0, 0.0))), T)
    close(np.linalg.norm(feet, axis=1), 1 + np.cos(T))
    close(feet, (1 + np.cos(T))[:, None] * np.stack([np.cos(T), np.sin(T)], 1))
    close(point(pedal(parabola, (0.0, 0.25)), T)[:, 1], 0.0)


def test_envelopes_known():
    def ladder(u):
        return lambda t: jnp.array([(1 - t) * jnp.cos(u), t * jnp.sin(u)])

    close(point(envelope(ladder), T), np.stack([np.cos(T) ** 3, np.sin(T) ** 3], 1))

    def discs(u):  # of radius 1 along a line: two lines, and the start picks one
        return lambda t: jnp.array([u + jnp.cos(t), jnp.sin(t)])

    for start, height in ((1.3, 1.0), (-1.3, -1.0)):
        _, velocity = jet(envelope(discs, start), T, 1)
        close(point(envelope(discs, start), T), np.stack([T, 0 * T + height], 1))
        close(velocity, np.broadcast_to([1.0, 0.0], (41, 2)))

    def normals(u):
        return lambda t: jet(ellipse, u, 0)[0] + t * normal(ellipse, u)

    close(point(envelope(normals), T), point(evolute(ellipse), T), 1e-10)


def test_an_envelope_of_lines_of_the_library():
    family = lambda u: line((jnp.cos(u), 0.0), (0.0, jnp.sin(u)))  # noqa: E731
    u = jnp.array([0.3, 0.5])
    astroid = jnp.stack([jnp.cos(u) ** 3, jnp.sin(u) ** 3], -1)
    np.testing.assert_allclose(point(envelope(family), u), astroid, atol=1e-12)


def test_members_that_do_not_touch_are_nan():
    rings = lambda u: lambda t: u * jnp.array([jnp.cos(t), jnp.sin(t)])  # noqa: E731
    assert np.isnan(point(envelope(rings, 0.3), T)).all()


def test_caustics_of_a_circle():
    u = T
    nephroid = np.stack([3 * np.cos(u) - np.cos(3 * u), 3 * np.sin(u) - np.sin(3 * u)], 1) / 4
    close(point(caustic(circle(), direction=(1.0, 0.0)), u), nephroid)
    # The chords from e^iu to e^2iu envelop a cardioid, its cusp a third beyond the center.
    z = np.exp(1j * u)
    cardioid = (2 * z + z**2) / 3
    found = point(caustic(circle(), source=(1.0, 0.0)), u)
    close(found, np.stack([cardioid.real, cardioid.imag], 1))


@pytest.mark.exhaustive
def test_refraction_keeps_fermats_path_and_snells_law():
    flat = lambda t: jnp.array([t, 0.0 * t])  # noqa: E731
    for angle in (0.2, 0.7, 1.1):
        light = (math.sin(angle), -math.cos(angle))
        path = rays(flat, direction=light, index=1.33)(0.3)
        step = np.asarray(path(1.0) - path(0.0))
        close(step[0], math.sin(angle) / 1.33)
        close(np.linalg.norm(step), 1.0)
        assert step[1] < 0
    assert np.isnan(rays(flat, direction=(0.9, -0.1), index=0.7)(0.0)(1.0)).all()
    # A source of light at depth 1 seems to be at depth 1 / index, seen from above.
    image = point(caustic(flat, source=(0.0, -1.0), index=1 / 1.33), np.array([1e-9]))
    close(image, [[0.0, -1 / 1.33]], 1e-8)


def test_light_comes_from_one_place():
    with pytest.raises(ArtError, match="give one"):
        rays(ellipse)
    with pytest.raises(ArtError, match="index is -1"):
        caustic(ellipse, direction=(1.0, 0.0), index=-1)
    with pytest.raises(ArtError, match=r"returns shape \(3,\)"):
        evolute(lambda t: jnp.array([t, t, t]))(0.0)


@pytest.mark.parametrize("place", [3, (1, 2, 3), [[0, 1]], [1]])
def test_a_place_that_is_no_point_of_the_plane_is_refused(place):
    for make in (
        lambda: pedal(circle(), place),
        lambda: rays(circle(), source=place),
        lambda: rays(circle(), direction=place),
    ):
        with pytest.raises(ArtError, match=r"give a point \(x, y\)"):
            make()


@pytest.mark.parametrize("number", ["a", None, math.nan, [1.0, 2.0]])
def test_a_length_that_is_no_number_is_refused_where_it_is_given(number):
    for make in (
        lambda: involute(circle(), number),
        lambda: involute(circle(), 0.0, number),
        lambda: rays(circle(), source=(0, 0), index=number or "b"),
        lambda: trimmed_offset(circle(), number, 0, 1),
    ):
        with pytest.raises(ArtError, match=r"give one (number|length|ratio)"):
            make()
