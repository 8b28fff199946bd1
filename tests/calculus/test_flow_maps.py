"""Laws of flow maps and of stretching: closed forms, scipy's integrator, convergence, reversal."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from gradart.calculus.derivatives import gradient, value
from gradart.calculus.equations.flow_maps import flow_map, lyapunov, lyapunov_vectors, stretching
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

PLACES = np.array([[0.3, 0.2], [1.1, 0.7], [1.7, 0.4], [0.6, 0.9]])


def gyres(p, t):
    """The double gyre of Shadden, Lekien and Marsden (2005)."""
    x, y = p
    e = 0.25 * jnp.sin(2 * jnp.pi * t / 10)
    f, slope = e * x**2 + (1 - 2 * e) * x, 2 * e * x + 1 - 2 * e
    u = -jnp.sin(jnp.pi * f) * jnp.cos(jnp.pi * y)
    v = jnp.cos(jnp.pi * f) * jnp.sin(jnp.pi * y) * slope
    return 0.1 * jnp.pi * jnp.array([u, v])


def lorenz(p):
    x, y, z = p
    return jnp.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])


LORENZ_STEP = flow_map(lorenz, 0.1, steps=10)


@pytest.mark.parametrize("time", [1.5, -1.5])
def test_a_saddle_moves_and_stretches_by_the_exponential_function(time):
    saddle = lambda p: 0.8 * jnp.array([p[0], -p[1]])  # noqa: E731
    grown = np.exp(0.8 * time)
    ends = value(flow_map(saddle, time), PLACES)
    np.testing.assert_allclose(ends, PLACES * [grown, 1 / grown], rtol=1e-9)
    np.testing.assert_allclose(value(stretching(saddle, time), PLACES), 0.8, rtol=1e-9)
    np.testing.assert_allclose(gradient(stretching(saddle, time), PLACES), 0, atol=1e-12)


def test_stretching_is_told_where_its_square_is_no_finite_number():
    rate = stretching(lambda p: p * jnp.array([1, -1]), 400.0, steps=4000)
    np.testing.assert_allclose(value(rate, np.array([0.3, 0.2])), 1, rtol=1e-4)


def test_turning_and_drifting_stretch_nothing():
    drift = lambda p, t: jnp.array([-p[1], p[0]]) + jnp.array([jnp.cos(t), 0.0])  # noqa: E731
    np.testing.assert_allclose(value(stretching(drift, 2.0), PLACES), 0, atol=1e-8)
    away = value(flow_map(lambda p, t: jnp.array([jnp.cos(t), 2 * t]), 2.0, start=1.0), PLACES)
    np.testing.assert_allclose(away - PLACES, [[np.sin(3) - np.sin(1), 8]] * 4, atol=1e-9)


@pytest.mark.exhaustive
def test_the_derivative_is_that_of_the_variational_equations():
    """By scipy's method of order 8, on the place and its derivative as six numbers."""

    @jax.jit
    def together(t, q):
        turned = jax.jacfwd(gyres)(q[:2], t) @ q[2:].reshape(2, 2)
        return jnp.concatenate([gyres(q[:2], t), turned.ravel()])

    flow, rate = flow_map(gyres, 8.0, start=3.0, steps=400), stretching(gyres, 8.0, start=3.0)
    begin = np.concatenate([PLACES[0], np.eye(2).ravel()])
    right = solve_ivp(together, (3, 11), begin, "DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
    np.testing.assert_allclose(flow(PLACES[0]), right[:2], rtol=1e-8)
    np.testing.assert_allclose(jax.jacfwd(flow)(PLACES[0]), right[2:].reshape(2, 2), rtol=1e-6)
    most = np.linalg.norm(right[2:].reshape(2, 2), 2)
    np.testing.assert_allclose(rate(PLACES[0]), np.log(most) / 8, rtol=1e-5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("made", [flow_map, stretching])
def test_errors_fall_as_the_fourth_power_of_a_step(made):
    right = value(made(gyres, 6.0, steps=640), PLACES)
    counts = np.array([20, 40, 80])
    errors = [np.abs(value(made(gyres, 6.0, steps=n), PLACES) - right).max() for n in counts]
    slopes = np.diff(np.log(errors)) / np.diff(np.log(counts))
    np.testing.assert_allclose(slopes, -4, atol=0.4)


def test_flows_compose_and_come_back():
    there = value(flow_map(gyres, 2.5, start=1.0), PLACES)
    on = value(flow_map(gyres, 4.0, start=3.5), there)
    np.testing.assert_allclose(on, value(flow_map(gyres, 6.5, start=1.0), PLACES), atol=1e-6)
    back = value(flow_map(gyres, -6.5, start=7.5), on)
    np.testing.assert_allclose(back, PLACES, atol=1e-5)


@pytest.mark.exhaustive
def test_what_keeps_areas_stretches_as_much_on_the_way_back():
    jacobians = jax.vmap(jax.jacfwd(flow_map(gyres, 5.0)))(PLACES)
    np.testing.assert_allclose(np.linalg.det(jacobians), 1, rtol=1e-6)
    ends = value(flow_map(gyres, 5.0), PLACES)
    back = value(stretching(gyres, -5.0, start=5.0), ends)
    np.testing.assert_allclose(back, value(stretching(gyres, 5.0), PLACES), rtol=1e-5)


def test_in_space_it_is_the_largest_singular_value_too():
    shear = jnp.array([[0.1, 0.9, 0.2], [0.0, -0.3, 0.7], [0.4, 0.0, 0.2]])
    field = stretching(lambda p: shear @ p, 1.0)
    most = np.linalg.norm(jax.scipy.linalg.expm(shear), 2)
    np.testing.assert_allclose(field(jnp.ones(3)), np.log(most), rtol=1e-8)


def test_time_may_move():
    def reach(time):
        return flow_map(lambda p: p, time)(jnp.ones(2))[0]

    np.testing.assert_allclose(jax.jit(jax.grad(reach))(0.5), np.exp(0.5), rtol=1e-8)


def test_exponents_of_what_is_known():
    logistic = lyapunov(lambda x: 4 * x * (1 - x), jnp.array([0.3]), steps=20_000)
    np.testing.assert_allclose(logistic, np.log(2), atol=2e-3)
    cat = jnp.array([[2.0, 1.0], [1.0, 1.0]])  # Arnold's
    golden = 2 * np.log((1 + np.sqrt(5)) / 2)
    found = lyapunov(lambda p: (cat @ p) % 1.0, jnp.array([0.1, 0.2]), steps=500)
    np.testing.assert_allclose(found, [golden, -golden], rtol=2e-3)


def test_exponents_of_the_lorenz_flow():
    """0.9056, 0 and -14.5723: J. C. Sprott, "Chaos and Time-Series Analysis" (2003)."""

    found = lyapunov(LORENZ_STEP, jnp.array([-5.8, -9.0, 18.0]), steps=10_000) / 0.1
    np.testing.assert_allclose(found, [0.9056, 0, -14.5723], atol=0.02)
    np.testing.assert_allclose(found.sum(), -(10 + 1 + 8 / 3), rtol=1e-4)  # the divergence


def test_vectors_of_a_linear_map_are_its_eigenvectors():
    turned = np.array([[1.0, 1.0, 0.2], [0.0, 1.0, -0.7], [0.0, 0.0, 1.0]])
    turned /= np.linalg.norm(turned, axis=0)
    map_ = turned @ np.diag([2.0, -1.1, 0.4]) @ np.linalg.inv(turned)
    points, vectors = lyapunov_vectors(lambda p: jnp.asarray(map_) @ p, np.ones(3), steps=4)
    assert points.shape == (4, 3)
    assert vectors.shape == (4, 3, 3)
    cosines = np.abs(np.einsum("nkd,dk->nk", vectors, turned))
    np.testing.assert_allclose(cosines, 1, rtol=1e-12)


@pytest.mark.exhaustive
def test_vectors_are_carried_along_and_grow_by_the_exponents():
    def henon(p):
        return jnp.array([1 - 1.4 * p[0] ** 2 + p[1], 0.3 * p[0]])

    points, vectors = lyapunov_vectors(henon, np.zeros(2), steps=4000)
    np.testing.assert_array_equal(jax.vmap(henon)(points)[:-1], points[1:])
    slopes = jax.vmap(jax.jacfwd(henon))(points)
    carried = np.einsum("nij,nkj->nki", slopes, vectors)
    grown = np.linalg.norm(carried, axis=-1)
    np.testing.assert_allclose((carried / grown[..., None])[:-1], vectors[1:], atol=1e-9)
    exponents = lyapunov(henon, points[0], steps=4000)
    np.testing.assert_allclose(np.log(grown).mean(0), exponents, atol=1e-3)


def test_one_of_the_vectors_of_a_flow_is_its_velocity():
    points, vectors = lyapunov_vectors(LORENZ_STEP, [-5.8, -9.0, 18.0], steps=100, settle=400)
    along = jax.vmap(lorenz)(points)
    along /= np.linalg.norm(along, axis=-1, keepdims=True)
    np.testing.assert_allclose(np.abs((vectors[:, 1] * along).sum(-1)), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: stretching(gyres, 0.0), "time is 0"),
        (lambda: flow_map(3, 1.0), "velocity is 3"),
        (lambda: flow_map(gyres, 1.0)(PLACES), "flow, points"),
        (lambda: flow_map(lambda p: p[0], 1.0)(PLACES[0]), r"returns shape \(\)"),
        (lambda: flow_map(gyres, 1.0, steps=0), "steps"),
        (lambda: lyapunov_vectors(lambda p: p, PLACES), "give one point"),
        (lambda: lyapunov_vectors(lambda p: p, PLACES[0], settle=-1), "settle is -1"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(ArtError, match=said):
        call()


def test_what_knows_its_derivative_backward_stretches_as_the_same_function_does():
    @jax.custom_vjp
    def sine(x):
        return jnp.sin(x)

    sine.defvjp(lambda x: (jnp.sin(x), x), lambda x, g: (g * jnp.cos(x),))
    mine, same = (lambda p, f=f: f(2 * p[::-1]) for f in (sine, jnp.sin))
    for of in (
        lambda v: stretching(v, 0.7, steps=3)(PLACES[0]),
        lambda v: lyapunov_vectors(v, PLACES[0], steps=2, settle=2)[1],
    ):
        np.testing.assert_allclose(of(mine), of(same), rtol=1e-12)
