"""Every curve against its formula written another way, its period, and its derivatives."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, some

from gradart.errors import ArtError
from gradart.library import curves

pytestmark = pytest.mark.usefixtures("double")

TAU = math.tau


def trace(curve, start, end, n=501):
    return np.asarray(mapped(curve)(jnp.linspace(start, end, n)))


CLOSED = {
    "circle": (curves.circle(), TAU),
    "ellipse": (curves.ellipse(), TAU),
    "lissajous": (curves.lissajous(), TAU),
    "rose": (curves.rose(), math.pi),
    "rose of even petals": (curves.rose(4, 3), 3 * TAU),
    "hypotrochoid": (curves.hypotrochoid(), 5 * TAU),
    "epitrochoid": (curves.epitrochoid(), 3 * TAU),
    "lemniscate": (curves.lemniscate(), TAU),
    "heart": (curves.heart(), TAU),
    "butterfly": (curves.butterfly(), 12 * TAU),
    "superformula": (curves.superformula(), TAU),
    "superformula of odd m": (curves.superformula(7, 3, 4, 17), 2 * TAU),
    "fourier": (curves.fourier([0.1, 1, 0.3j, 0.2]), TAU),
    "torus_knot": (curves.torus_knot(), TAU),
}
OPEN = {
    "line": (curves.line(), -2, 2),
    "spiral": (curves.spiral(), -10, 10),
    "archimedes": (curves.archimedes(), -10, 10),
    "fermat": (curves.fermat(), -4, 4),
    "clothoid": (curves.clothoid(), -4, 4),
    "harmonograph": (curves.harmonograph(), 0, 60),
    "cycloid": (curves.cycloid(), 0, 2 * TAU),
    "bezier": (curves.bezier([[0, 0], [0, 2], [3, -1], [2, 2]]), 0, 1),
}
ALL = {name: (c, 0, period) for name, (c, period) in CLOSED.items()} | OPEN


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_curve_repeats_after_its_period_and_not_after_half_of_it(name):
    curve, period = CLOSED[name]
    once = trace(curve, 0, period)
    np.testing.assert_allclose(trace(curve, period, 2 * period), once, atol=1e-10)
    assert np.abs(trace(curve, period / 2, 1.5 * period) - once).max() > 1e-2


@pytest.mark.parametrize("name", some(ALL))
def test_derivatives_are_finite_and_agree_with_differences(name):
    curve, start, end = ALL[name]
    t = jnp.concatenate([jnp.linspace(start, end, 33), jnp.zeros(1)])
    h, first = 1e-5, jax.jacfwd(curve)
    third = jax.jacfwd(jax.jacfwd(first))
    exact, highest, difference = mapped(
        lambda t: (first(t), third(t), (curve(t + h) - curve(t - h)) / (2 * h))
    )(t)
    np.testing.assert_allclose(exact, difference, rtol=1e-6, atol=1e-6)
    assert jnp.isfinite(highest).all()


def test_cartesian_equations():
    def equation(curve, f, end=TAU, atol=1e-12):
        x, y = trace(curve, 0.01, end).T
        np.testing.assert_allclose(f(x, y), 0, atol=atol)

    equation(curves.circle(2, (1, -1)), lambda x, y: (x - 1) ** 2 + (y + 1) ** 2 - 4)
    equation(curves.ellipse(3, 2), lambda x, y: (x / 3) ** 2 + (y / 2) ** 2 - 1)
    equation(curves.lemniscate(2), lambda x, y: (x**2 + y**2) ** 2 - 4 * (x**2 - y**2), atol=1e-11)
    equation(curves.rose(2), lambda x, y: (x**2 + y**2) ** 3 - (x**2 - y**2) ** 2)
    # the deltoid, the astroid, the cardioid
    astroid = curves.hypotrochoid(4, 1, 1)
    equation(astroid, lambda x, y: np.abs(x / 4) ** (2 / 3) + np.abs(y / 4) ** (2 / 3) - 1)
    cardioid = curves.epitrochoid(1, 1, 1)
    equation(
        cardioid,
        lambda x, y: ((x - 1) ** 2 + y**2 + 2 * (x - 1)) ** 2 - 4 * ((x - 1) ** 2 + y**2),
        atol=1e-11,
    )
    # superformula of m = 4 and exponents 2 is the circle; of 4, 1, 1, 1 the square |x| + |y| = 1
    equation(curves.superformula(4, 2, 2, 2), lambda x, y: x**2 + y**2 - 1, atol=1e-5)
    equation(curves.superformula(4, 1, 1, 1), lambda x, y: abs(x) + abs(y) - 1, atol=2e-3)


def test_the_spirals_grow_as_they_say():
    radius = lambda curve, t: float(jnp.linalg.norm(curve(t)))  # noqa: E731
    assert radius(curves.spiral(0.1, 2), 3.0) == pytest.approx(2 * math.exp(0.3))
    arch = curves.archimedes(0.5)
    assert radius(arch, 3.0 + TAU) - radius(arch, 3.0) == pytest.approx(0.5)
    fermat = curves.fermat()
    turn = [radius(fermat, math.sqrt(TAU * k)) ** 2 for k in (1, 2, 3)]
    assert turn[2] - turn[1] == pytest.approx(turn[1] - turn[0])


def test_the_clothoid_is_the_fresnel_integrals_with_curvature_proportional_to_length():
    from scipy.special import fresnel

    t = np.linspace(-8, 8, 101)
    sine, cosine = fresnel(t)
    np.testing.assert_allclose(
        mapped(curves.clothoid())(t), np.stack([cosine, sine], axis=1), atol=1e-12
    )
    velocity = jax.jacfwd(curves.clothoid(2.0))
    v, a = mapped(velocity)(t), mapped(jax.jacfwd(velocity))(t)
    np.testing.assert_allclose(jnp.linalg.norm(v, axis=1), 2, atol=1e-9)
    bend = (v[:, 0] * a[:, 1] - v[:, 1] * a[:, 0]) / 8
    np.testing.assert_allclose(bend, np.pi * t / 2, atol=1e-7)


@pytest.mark.exhaustive
@pytest.mark.parametrize("degree", [1, 3, 12])
def test_bezier_is_the_bernstein_sum_and_its_hodograph(degree):
    points = np.random.default_rng(degree).normal(size=(degree + 1, 2))
    bernstein = lambda p, t: sum(  # noqa: E731
        math.comb(len(p) - 1, k) * t**k * (1 - t) ** (len(p) - 1 - k) * q for k, q in enumerate(p)
    )
    curve = curves.bezier(points)
    for t in (0.0, 0.3, 1.0, 1.4):
        np.testing.assert_allclose(curve(t), bernstein(points, t), rtol=1e-9, atol=1e-12)
        velocity = bernstein(degree * np.diff(points, axis=0), t)
        np.testing.assert_allclose(jax.jacfwd(curve)(t), velocity, rtol=1e-9, atol=1e-10)


def test_fourier_turns_each_coefficient_at_its_frequency():
    c = np.array([0.2 + 1j, 1, 0.5j, -0.3, 0.1 + 0.1j])
    t = np.linspace(0, TAU, 50)
    z = sum(ck * np.exp(1j * k * t) for ck, k in zip(c, [0, 1, -1, 2, -2], strict=True))
    np.testing.assert_allclose(
        mapped(curves.fourier(c))(t), np.stack([z.real, z.imag], axis=1), atol=1e-12
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("n", [7, 8])
def test_epicycles_of_all_terms_pass_through_every_point(n):
    points = np.random.default_rng(0).normal(size=(n, 2))
    through = trace(curves.epicycles(points, terms=n), 0, TAU, n + 1)
    np.testing.assert_allclose(through[:-1], points, atol=1e-12)
    center = trace(curves.epicycles(points, terms=1), 0, TAU, 5)
    np.testing.assert_allclose(center, np.broadcast_to(points.mean(axis=0), (5, 2)), atol=1e-12)


def test_the_torus_knot_lies_on_its_torus():
    x, y, z = trace(curves.torus_knot(3, 5, 4, 1.5), 0, TAU).T
    np.testing.assert_allclose((np.hypot(x, y) - 4) ** 2 + z**2, 1.5**2, atol=1e-12)


def test_a_curve_follows_the_precision_of_t_and_takes_traced_parameters():
    single = jnp.linspace(0, 1, 5, dtype=jnp.float32)
    for curve in (curves.spiral(), curves.lissajous(), curves.heart(), curves.superformula()):
        assert mapped(curve)(single).dtype == jnp.float32
    drawn = jax.jit(lambda a: curves.hypotrochoid(8.0, a, 4.0)(1.0))
    np.testing.assert_allclose(drawn(5.0), curves.hypotrochoid(8.0, 5.0, 4.0)(1.0), rtol=1e-12)


def test_points_of_another_shape_are_refused():
    with pytest.raises(ArtError, match=r"\(degree \+ 1, 2\)"):
        curves.bezier([1.0, 2.0])
    with pytest.raises(ArtError, match=r"\(n, 2\)"):
        curves.epicycles(np.zeros((4, 3)))
