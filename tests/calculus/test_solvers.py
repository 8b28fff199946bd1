"""Streams by diffrax's solvers: closed forms, orders of convergence, stiff fields."""

import sys

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from gradart.calculus.equations.adaptive_steps import Start, first_memory, step_of
from gradart.calculus.equations.flow import stream
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")

STARTS = np.array([[0.2, 0.4], [0.6, 0.8]])


def slowing(p):
    return jnp.array([p[0] * (1 - p[0]), -(p[1] ** 2)])


def right(times):
    """Where `slowing` takes the starts in these times (m,): (2, m, 2)."""
    x, y = STARTS.T[..., None]
    return np.stack([1 / (1 + (1 / x - 1) * np.exp(-times)), 1 / (1 / y + times)], -1)


@pytest.mark.parametrize(
    ("method", "order"),
    [
        ("Tsit5", 5),
        pytest.param("euler", 1, marks=pytest.mark.exhaustive),
        pytest.param("Heun", 2, marks=pytest.mark.exhaustive),
        pytest.param("LeapfrogMidpoint", 2, marks=pytest.mark.exhaustive),
        pytest.param("Bosh3", 3, marks=pytest.mark.exhaustive),
        pytest.param("Dopri5", 5, marks=pytest.mark.exhaustive),
        pytest.param("ImplicitEuler", 1, marks=pytest.mark.exhaustive),
        pytest.param("kvaerno3", 3, marks=pytest.mark.exhaustive),
        pytest.param(diffrax.Kvaerno5(), 5, marks=pytest.mark.exhaustive),
    ],
)
def test_errors_fall_by_the_order_of_the_method(method, order):
    counts, errors = np.array([16, 32]), []
    for n in counts:
        paths = stream(slowing, STARTS, step=2 / n, steps=int(n), method=method)
        assert paths.shape == (2, n + 1, 2)
        errors.append(np.abs(paths - right(np.linspace(0, 2, n + 1))).max())
    assert order - 0.4 < np.log2(errors[0] / errors[1]) < order + 1


@pytest.mark.exhaustive
def test_with_a_tolerance_the_steps_are_the_solvers_own():
    def path(step, tolerance):
        return stream(slowing, STARTS, step=step, steps=10, method="tsit5", tolerance=tolerance)

    errors = []
    for tolerance in (1e-4, 1e-7, 1e-10):
        errors.append(np.abs(path(0.3, tolerance) - right(0.3 * np.arange(11))).max())
        assert errors[-1] < 100 * tolerance
    assert errors[0] > 100 * errors[1] > 10_000 * errors[2]
    # What is drawn of a path does not change it.
    np.testing.assert_allclose(path(0.3, 1e-10)[:, :5], path(0.15, 1e-10)[:, :10:2], atol=1e-9)
    back = stream(
        slowing, path(0.3, 1e-10)[:, -1], step=-0.3, steps=10, method="tsit5", tolerance=1e-10
    )
    np.testing.assert_allclose(back[:, -1], STARTS, atol=1e-8)


def test_a_step_of_the_implicit_method_is_its_equation():
    """By the closed form of Euler's backward method, at a step at which the forward one is lost."""
    rates, h = np.array([1000.0, 1.0]), 0.1
    paths = stream(lambda p: -rates * p, STARTS, step=h, steps=5, method="ImplicitEuler")
    expected = STARTS[:, None] / (1 + h * rates) ** np.arange(6)[:, None]
    np.testing.assert_allclose(paths, expected, rtol=1e-7)


@pytest.mark.exhaustive
def test_a_stiff_oscillator_is_that_of_scipys_implicit_method():
    def van_der_pol(p):
        return jnp.array([p[1], 1000 * (1 - p[0] ** 2) * p[1] - p[0]])

    start = np.array([2.0, 0.0])
    path = stream(van_der_pol, start, step=25.0, steps=80, method="Kvaerno5", tolerance=1e-8)
    field = jax.jit(van_der_pol)
    times = 25.0 * np.arange(81)
    oracle = solve_ivp(
        lambda t, p: np.asarray(field(p)), (0, 2000), start, "Radau", times, rtol=1e-8, atol=1e-10
    )
    np.testing.assert_allclose(path[:, 0], oracle.y[0], atol=1e-4)
    with pytest.warns(ArtWarning, match="1 of 1 paths"):  # where stages are explicit
        lost = stream(van_der_pol, start, step=25.0, steps=80)
    assert np.isnan(lost[-1]).all()


@pytest.mark.parametrize("tolerance", [None, pytest.param(1e-9, marks=pytest.mark.exhaustive)])
def test_paths_are_differentiated_by_what_the_field_depends_on(tolerance):
    def end(rate):
        path = stream(
            lambda p: rate * p, [1.0, 2.0], step=0.1, steps=10, method="tsit5", tolerance=tolerance
        )
        return path[-1, 1]

    np.testing.assert_allclose(jax.jit(jax.jacfwd(end))(0.5), 2 * np.exp(0.5), rtol=1e-6)
    np.testing.assert_allclose(jax.jit(jax.grad(end))(0.5), 2 * np.exp(0.5), rtol=1e-6)


def draining(rate, starts):
    """Paths whose speed is a root of how far they have to go, and that end there: NaN."""
    return stream(
        lambda p: -rate * jnp.sqrt(p), starts, step=0.15, steps=12, method="tsit5", tolerance=1e-9
    )


@pytest.mark.exhaustive
def test_backward_is_forward_where_steps_are_the_solvers_own():
    """By the closed form (sqrt(p) - rate t / 2)^2, with a path beyond whose end steps are NaN."""
    key = jax.random.split(jax.random.key(0), 3)
    starts, moved = jnp.array([[0.9, 1.4], [0.5, 0.7]]), jax.random.normal(key[0], (2, 2))
    weights = jax.random.normal(key[1], (2, 10, 2))

    @jax.jit
    def both(rate, starts):
        def early(rate, starts):
            return draining(rate, starts)[:, :10]

        paths, change = jax.jvp(early, (rate, starts), (1.0, moved))
        slopes = jax.vjp(early, rate, starts)[1](weights)
        return paths, change, slopes, draining(rate, starts)

    paths, change, (by_rate, by_start), plain = both(1.0, starts)
    times = 0.15 * np.arange(10)[:, None]
    left = np.sqrt(starts)[:, None] - times / 2
    np.testing.assert_allclose(paths, left**2, atol=1e-7)
    np.testing.assert_allclose(paths, plain[:, :10], atol=1e-12)
    assert np.isnan(plain[1, -1]).all()
    right = 2 * left * (moved[:, None] / 2 / np.sqrt(starts)[:, None] - times / 2)
    np.testing.assert_allclose(change, right, atol=1e-6)
    # A dot product is the same from both sides.
    back = by_rate + np.sum(by_start * moved)
    np.testing.assert_allclose(back, np.sum(weights * change), rtol=1e-11)


@pytest.mark.exhaustive
@pytest.mark.parametrize("method", ["Tsit5", "Dopri8", "Kvaerno5"])
def test_every_derivative_is_that_of_the_steps(method):
    def end(numbers):
        rate, step = numbers
        path = stream(
            lambda p: jnp.array([p[1], rate * (1 - p[0] ** 2) * p[1] - p[0]]),
            STARTS,
            step=step,
            steps=8,
            method=method,
            tolerance=1e-10,
        )
        return jnp.sin(path).sum()

    at = jnp.array([1.5, -0.3])  # upstream
    slope = jax.jit(jax.grad(end))
    forward = jax.jit(jax.jacfwd(end))(at)
    np.testing.assert_allclose(slope(at), forward, rtol=1e-9)
    many = jax.vmap(slope)(jnp.stack([at, at * 2]))
    np.testing.assert_allclose(many, [slope(at), slope(at * 2)], rtol=1e-9)
    hessian = jax.jit(jax.hessian(end))(at)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-8)
    run, e = jax.jit(end), 1e-4
    for i, way in enumerate(e * np.eye(2)):
        np.testing.assert_allclose((run(at + way) - run(at - way)) / (2 * e), forward[i], rtol=1e-4)
        between = (slope(at + way) - slope(at - way)) / (2 * e)
        np.testing.assert_allclose(between, hessian[i], rtol=1e-4, atol=1e-4)


def test_a_path_to_infinity_ends_there():
    with pytest.warns(ArtWarning, match="1 of 2 paths"):
        paths = stream(lambda p: p**9, [[9.0, 0.0], [0.0, 0.5]], step=0.3, steps=5, method="Euler")
    assert np.isnan(paths[0, -1]).all()
    assert np.isfinite(paths[1]).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "tsit"}, "no method 'tsit' in diffrax for a vector field: .*Tsit5"),
        ({"method": "kencarp4"}, "there are rk4, "),
        ({"method": 3}, "method is 3: give a name"),
        ({"method": diffrax.KenCarp3()}, "several terms"),
        ({"method": "euler", "tolerance": 1e-3}, "Euler does not know the error of its steps"),
        ({"tolerance": 1e-3}, "rk4' has no tolerance"),
        ({"method": "tsit5", "tolerance": 0.0}, "tolerance is 0.0"),
    ],
)
def test_what_cannot_be_done_is_said(options, said):
    with pytest.raises(ArtError, match=said):
        stream(slowing, STARTS, **options)


def test_without_diffrax_the_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffrax", None)
    with pytest.raises(ArtError, match=r"pip install 'gradart\[solvers\]'"):
        stream(slowing, STARTS, method="tsit5")


@pytest.mark.parametrize("name", ["Heun", "Tsit5", "Dopri8"])
def test_a_step_whose_stages_are_written_out_is_diffraxs_own(name):
    solver, place = getattr(diffrax, name)(), jnp.array([0.7, -0.4])
    term = diffrax.ODETerm(lambda t, p, rate: jnp.array([p[1], rate * jnp.sin(p[0])]))
    step, args = (jnp.array(0.0), jnp.array(0.1)), (place, jnp.array(2.0))
    own, written = solver.init(term, *step, *args), first_memory(solver, term, Start(*step, *args))
    for _ in range(2):
        *right, own, _ = solver.step(term, *step, *args, own, False)
        *found, written, _ = step_of(solver, term, Start(*step, *args), written)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-15), found, right)
        args = (found[0], args[1])
