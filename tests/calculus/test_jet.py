"""jet against closed forms and mpmath, at kinks, through JAX's own transformations; its errors."""

import math
import warnings

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import mpmath
import numpy as np
import pytest

from gradart.calculus.checks.misuse import explain
from gradart.calculus.derivatives import (
    along,
    derivative,
    gradient,
    hessian,
    jet,
    secant,
    value,
)
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")


def spiral(t):
    return jnp.exp(0.08 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def field(p):
    x, y = p
    return jnp.sin(x) * y**3 + x * x * y


def test_order_30_of_closed_forms():
    t = jnp.array([-0.7, 0.3, 0.6])
    k = np.arange(31)[:, None]
    factorial = np.array([math.factorial(i) for i in range(31)], float)[:, None]
    x = np.asarray(t)
    np.testing.assert_allclose(jet(jnp.exp, t, 30), np.exp(x) * np.ones_like(k), rtol=1e-10)
    np.testing.assert_allclose(jet(jnp.sin, t, 30), np.sin(x + k * np.pi / 2), rtol=1e-10)
    np.testing.assert_allclose(
        jet(lambda t: 1 / (1 - t), t, 30), factorial / (1 - x) ** (k + 1), rtol=1e-10
    )


ANALYTIC = {
    "tanh(sin 3t)": (lambda t: jnp.tanh(jnp.sin(3 * t)), lambda t: mpmath.tanh(mpmath.sin(3 * t))),
    "tan / cos": (
        lambda t: jnp.tan(t**2) / (2 + jnp.cos(t)),
        lambda t: mpmath.tan(t**2) / (2 + mpmath.cos(t)),
    ),
    "real power": (lambda t: (2 + jnp.sin(t)) ** 2.7, lambda t: (2 + mpmath.sin(t)) ** 2.7),
    "log": (lambda t: jnp.log(2 + jnp.cos(t)), lambda t: mpmath.log(2 + mpmath.cos(t))),
    "atan": (lambda t: jnp.arctan(2 * t), lambda t: mpmath.atan(2 * t)),
    "erf": (lambda t: special.erf(t + t * t), lambda t: mpmath.erf(t + t * t)),
    "erf_inv": (lambda t: special.erfinv(t / 2), lambda t: mpmath.erfinv(t / 2)),
    "lgamma": (
        lambda t: special.gammaln(t + 2),
        lambda k, t: mpmath.psi(k - 1, t + 2) if k else mpmath.loggamma(t + 2),
    ),
    "digamma": (
        lambda t: special.digamma(3 + jnp.sin(t)),
        lambda t: mpmath.psi(0, 3 + mpmath.sin(t)),
    ),
    "zeta": (
        lambda t: special.zeta(2.5, t + 2),
        lambda k, t: (-1) ** k * mpmath.rf(2.5, k) * mpmath.zeta(2.5 + k, t + 2),
    ),
    "softplus": (jax.nn.softplus, lambda t: mpmath.log(1 + mpmath.exp(t))),
}


@pytest.mark.exhaustive
def test_order_16_against_mpmath():
    order, at = 16, 0.4
    names = list(ANALYTIC)
    mine = jet(lambda t: jnp.stack([ANALYTIC[name][0](t) for name in names]), at, order)
    with mpmath.workdps(25):
        for i, name in enumerate(names):
            known, place = ANALYTIC[name][1], mpmath.mpf(at)
            if name in ("lgamma", "zeta"):  # derivative k is known, and the differences are slow
                truth = [float(known(k, place)) for k in range(order + 1)]
            else:
                terms = mpmath.taylor(known, place, order)
                truth = [float(c * mpmath.factorial(k)) for k, c in enumerate(terms)]
            np.testing.assert_allclose(mine[:, i], truth, rtol=1e-8, err_msg=name)


def test_single_precision_is_as_right_as_it_is_said_to_be():
    def f(t):
        return jnp.stack([jnp.exp(0.08 * t) * jnp.cos(t), jnp.tanh(jnp.sin(3 * t)), 1 / (1 - t)])

    t = np.linspace(0, 0.5, 9, dtype=np.float32)
    single, double = jet(f, t, 16), jet(f, t.astype(float), 16)
    assert single.dtype == jnp.float32
    error = np.abs(single - double).max(1) / np.abs(double).max(1)
    assert error[2].max() < 3e-7
    assert error[8].max() < 8e-7
    assert error[16].max() < 2e-6


def test_a_reverse_rule_is_looked_behind():
    @jax.custom_vjp
    def doubled(t):
        return 2 * jnp.sin(t)

    doubled.defvjp(lambda t: (doubled(t), t), lambda t, g: (2 * g * jnp.cos(t),))
    known = 2 * np.sin(0.4 + np.arange(5) * np.pi / 2)
    np.testing.assert_allclose(jet(doubled, 0.4, 4), known, rtol=1e-14)


@pytest.mark.exhaustive
def test_looped_and_unrolled_series_agree(monkeypatch):
    def f(t):
        s = jnp.sin(3 * t)
        y = jnp.tanh(s) / (2 + s) + jnp.sqrt(2 + s) * jnp.exp(s) + (3 + s) ** 1.3 + jnp.log(3 + s)
        y = y + (t ** np.arange(5.0)) @ np.ones(5) + (2 + t) ** np.array([1.5, 2.0]) @ np.ones(2)
        return y + jnp.arctan(s) * jnp.stack([s, s * s]) @ jnp.stack([s, jnp.cos(s)])

    t = jnp.array([0.1, 0.7])
    unrolled = jet(f, t, 7)
    for module in ("series", "interpreter", "rules.elementwise"):
        monkeypatch.setattr(f"gradart.calculus.taylor.{module}.UNROLLED", 3)
    np.testing.assert_allclose(jet(f, t, 7), unrolled, rtol=1e-11, atol=1e-9)


@pytest.mark.exhaustive
@pytest.mark.parametrize("n", [9, 25])
def test_many_points_by_parts_are_as_those_alone(monkeypatch, n):
    def f(t):
        return jnp.exp(0.3 * t) * jnp.array([jnp.cos(t), jnp.tanh(t)])

    def weighed(t):
        return (jet(f, t, 2) ** 2).sum()

    t = jnp.linspace(0.1, 2, n)
    whole, slope = jet(f, t, 2), jax.grad(weighed)(t)
    for name in ("ROUND", "TOGETHER"):
        monkeypatch.setattr(f"gradart.calculus.programs.cache_blocking.{name}", 8)
    assert "scan" in str(jax.make_jaxpr(lambda t: jet(f, t, 2))(t))
    np.testing.assert_allclose(jet(f, t, 2), whole, rtol=1e-13)
    np.testing.assert_allclose(jax.grad(weighed)(t), slope, rtol=1e-13)


def test_at_kinks_and_removable_singularities():
    sinc = jet(jnp.sinc, 0.0, 8)
    truth = [(-1) ** (k // 2) * math.pi**k / (k + 1) * (k % 2 == 0) for k in range(9)]
    np.testing.assert_allclose(sinc, truth, rtol=1e-12, atol=1e-12)
    softplus = jet(jax.nn.softplus, 0.0, 4)
    np.testing.assert_allclose(softplus, [math.log(2), 0.5, 0.25, 0, -0.125], atol=1e-15)
    np.testing.assert_array_equal(jet(jax.nn.relu, 0.0, 3), [0, 0, 0, 0])
    np.testing.assert_array_equal(jet(jnp.abs, 0.0, 2), [0, 0, 0])
    np.testing.assert_array_equal(jet(lambda t: t**2.0, 0.0, 4), [0, 0, 2, 0, 0])
    np.testing.assert_array_equal(jet(lambda t: t ** jnp.arange(3), 0.0, 3).T[2], [0, 0, 2, 0])
    np.testing.assert_array_equal(jet(lambda t: jnp.sin(t) ** 1.5, 0.0, 1), [0, 0])


@pytest.mark.exhaustive
def test_shapes_orders_and_integers():
    t = jnp.linspace(0, 1, 6).reshape(2, 3)
    assert jet(spiral, t, order=3).shape == (4, 2, 3, 2)
    assert jet(spiral, 1, 0).shape == (1, 2)
    assert jet(lambda t: jnp.eye(3) * t, t, 1).shape == (2, 2, 3, 3, 3)
    assert jet(lambda t: 2.0, t, 2).tolist()[1:] == np.zeros((2, 2, 3)).tolist()
    assert derivative(spiral, t, 2).shape == (2, 3, 2)
    np.testing.assert_allclose(jet(spiral, 2, 1), jet(spiral, 2.0, 1))
    assert jet(spiral, jnp.float32(0.5), 4).dtype == jnp.float32
    assert jet(lambda t: jnp.tanh(jnp.sin(3 * t)) ** 0.7, jnp.float32(0.5), 20).dtype == jnp.float32


def test_directions_and_paths():
    p = jnp.array([[0.3, 0.4], [1.0, -0.2]])
    v = jnp.array([0.5, -1.0])
    series = jet(field, p, v, 3)
    for i in range(2):
        line = jet(lambda s, i=i: field(p[i] + s * v), 0.0, 3)
        np.testing.assert_allclose(series[:, i], line, rtol=1e-12)
    bend = jnp.array([0.2, 0.7])
    bent = jet(field, p[0], (v, bend), 3)
    truth = jet(lambda s: field(p[0] + s * v + s * s * bend / 2), 0.0, 3)
    np.testing.assert_allclose(bent, truth, rtol=1e-12)
    np.testing.assert_allclose(along(field, p, v), gradient(field, p) @ v, rtol=1e-12)
    np.testing.assert_allclose(series[2], v @ hessian(field, p) @ v, rtol=1e-12)
    np.testing.assert_allclose(value(field, p), series[0])


def test_secant_tends_to_the_derivative():
    errors = [abs(secant(jnp.sin, 0.3, h) - math.cos(0.3)) for h in (1e-2, 1e-3)]
    assert 9 < errors[0] / errors[1] < 11


@pytest.mark.exhaustive
def test_through_jit_vmap_grad_and_itself():
    t = jnp.linspace(0.1, 1, 4)
    plain = jet(spiral, t, 3)
    np.testing.assert_allclose(jax.jit(lambda t: jet(spiral, t, 3))(t), plain, rtol=1e-12)
    np.testing.assert_allclose(
        jax.vmap(lambda t: jet(spiral, t, 3), out_axes=1)(t), plain, rtol=1e-12
    )
    forward = jax.jacfwd(lambda t: jet(spiral, t, 2))(0.4)
    backward = jax.jacrev(lambda t: jet(spiral, t, 2))(0.4)
    np.testing.assert_allclose(forward, jet(spiral, 0.4, 3)[1:], rtol=1e-12)
    np.testing.assert_allclose(backward, forward, rtol=1e-12)
    twice = jet(lambda t: jet(spiral, t, 2)[2], t, 2)
    np.testing.assert_allclose(twice, jet(spiral, t, 4)[2:], rtol=1e-12)
    growing = jax.grad(lambda a: jet(lambda t: jnp.exp(a * t), 0.5, 2)[2])(1.5)
    assert abs(growing - (2 * 1.5 + 1.5**2 * 0.5) * math.exp(0.75)) < 1e-12


def test_a_function_may_print(capfd):
    def loud(t):
        jax.debug.print("t is {}", t)
        return t**2

    assert jet(loud, 3.0, 2).tolist() == [9, 6, 2]
    jax.effects_barrier()
    assert "t is 3.0" in capfd.readouterr().out


def test_what_has_no_derivative_is_named():
    def f(t):
        return special.gammainc(t + 1, 2.0)

    assert np.isfinite(jet(f, 0.5, 1)).all()
    with pytest.raises(ArtError, match="igamma_grad_a"):
        jet(f, 0.5, 2)


def test_a_derivative_that_is_not_finite_is_warned_of():
    with pytest.warns(ArtWarning, match=r"not finite at t = 0: .*safe_sqrt") as caught:
        jet(jnp.sqrt, jnp.array([0.0, 1.0]), 2)
    assert caught[0].filename == __file__
    with pytest.warns(ArtWarning, match=r"at the point \(0, 0\) and at 1 more"):
        gradient(jnp.linalg.norm, jnp.zeros((2, 2)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        jet(lambda t: jnp.where(t > 0.5, t, jnp.nan), jnp.array([0.0, 1.0]), 1)  # a lifted pen
        jax.jit(lambda t: jet(jnp.sqrt, t, 1))(0.0)


WRONG = {
    "a str": lambda t: "point",
    "None": lambda t: None,
    "a tuple": lambda t: (t, t),
    "integers": lambda t: jnp.array([1, 2]),
    "z.real, z.imag": lambda t: jnp.exp(1j * t),
    "jnp.sin": lambda t: math.sin(t),
    "a NumPy function": lambda t: np.sin(t),
    "jnp.where": lambda t: t if t > 0 else -t,
    "jnp.minimum": lambda t: max(t, 0.0),
    "fori_loop": lambda t: sum(t for _ in range(t.astype(int))),
    "math module": lambda t: float(t) + t,
    "jnp.nan": lambda t: jnp.stack([t, t])[jnp.stack([t, t]) > 0],
}


@pytest.mark.parametrize("says", WRONG)
def test_wrong_functions(says):
    with pytest.raises(ArtError, match=says):
        jet(WRONG[says], 0.5, 1)


@pytest.mark.parametrize("order", [-1, 1.5, True, "two", None, 200])
def test_wrong_orders(order):
    with pytest.raises(ArtError, match="order is"):
        jet(jnp.sin, 0.5, order)


def test_wrong_places_and_shapes():
    with pytest.raises(ArtError, match="t is None"):
        jet(jnp.sin, None, 1)
    with pytest.raises(ArtError, match=r"p is a single number"):
        gradient(field, 1.0)
    with pytest.raises(ArtError, match=r"directions \(3,\) do not fit"):
        jet(field, jnp.ones((4, 2)), jnp.ones(3), 1)
    with pytest.raises(ArtError, match=r"returns shape \(2,\), a field returns \(\)"):
        hessian(lambda p: p, jnp.ones((4, 2)))
    assert explain(TypeError("something else")) is None
