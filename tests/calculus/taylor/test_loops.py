"""Series through loops and branches whose turns differ from point to point, against nested jvp."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.experimental.ode import odeint

from gradart.calculus.curves.arc_length import arc_length
from gradart.calculus.curves.curves_of_curves import offset
from gradart.calculus.derivatives import along, jet
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

AT = np.array([1.5, 2.0, 3.25, 7.9])
ORDER = 2


def newton(t):
    """The root of t, by Newton's method."""
    return lax.while_loop(
        lambda x: jnp.abs(x * x - t) > 1e-12, lambda x: (x + t / x) / 2, jnp.ones_like(t)
    )


def turns(step, start, t):
    """step, as often as t says."""
    return lax.while_loop(lambda s: s[1] < t, lambda s: (step(s[0]), s[1] + 1), (start, 0))[0]


def loops_in_loops(t):
    def outer(c, _):
        def body(state):
            i, y = state
            return i + 1, lax.scan(lambda a, b: (a * jnp.sin(t) + b, None), y, jnp.arange(3.0))[0]

        i, y = lax.while_loop(lambda s: (jnp.abs(s[1]) < 10 * t) & (s[0] < 9), body, (0, c))
        return jnp.cos(y), i

    last, counts = lax.scan(outer, t, None, length=2)
    return last + counts.sum()


def bound(t):
    return lax.fori_loop(0, jnp.floor(2 * t).astype(int), lambda i, c: c * jnp.sin(t) + i, t)


def start(t):
    return lax.fori_loop(jnp.floor(-t).astype(int), 3, lambda i, c: c * jnp.sin(t) + i, 1.0)


def ends_in_roots_of_less_than_0(t):
    """Where it ended, a further turn gives NaN."""
    return lax.while_loop(lambda x: x > 1.2, lambda x: 0.9 * jnp.sqrt(x - 1) + 0.01 * t, t)


def holes(t):
    return lax.fori_loop(0, 3, lambda i, c: jnp.where(c < 9, c * t, jnp.nan), t)


@jax.custom_jvp
def own(x):
    return jnp.exp(-x)


own.defjvp(lambda x, dx: (own(*x), -own(*x) * dx[0]))


def cube_root(t):
    def solve(f, x):
        return lax.while_loop(lambda x: jnp.abs(f(x)) > 1e-12, lambda x: x - f(x) / (3 * x * x), x)

    return lax.custom_root(lambda x: x**3 - t, jnp.ones_like(t), solve, lambda g, y: y / g(1.0))


def divided(t):
    def step(x):
        return lax.custom_linear_solve(
            lambda y: y * (t + x), jnp.sin(x), lambda f, b: b / f(jnp.ones_like(b)), symmetric=True
        )

    return turns(step, t, t)


def nearest(t):
    return turns(
        lambda x: jnp.cumsum(jnp.sort(jnp.sin(3 * x))) * t, jnp.stack([t, t * t, 1 + t]), t
    )


def escape(t):
    """The smooth count of turns of the Mandelbrot set."""

    def step(state):
        (x, y), i = state
        return jnp.stack([x * x - y * y + 0.3 * t, 2 * x * y + 0.6]), i + 1

    z, i = lax.while_loop(lambda s: (s[0] @ s[0] < 16) & (s[1] < 30), step, (jnp.zeros(2), 0))
    return i - jnp.log(jnp.log(z @ z + 9))


def chance(t):
    def step(state):
        key, x = state
        key, now = jax.random.split(key)
        return key, 1.1 * x + t * jax.random.uniform(now)

    return lax.while_loop(lambda s: s[1] < 5 * t, step, (jax.random.key(0), t))[1]


def empty(t):
    kept, ys = lax.scan(lambda c, x: (c * t + x[0], c * x), 1.0, jnp.zeros((0, 2)) * t)
    return kept * t + ys.sum() + lax.while_loop(lambda c: c < 0, lambda c: c * t, t * t)


def running(t):
    def combine(a, b):
        return a * b + jnp.sin(b)

    return lax.associative_scan(combine, jnp.stack([t, t * t, jnp.cos(t)]))


LOOPS = {
    "a while loop": newton,
    "of vectors": lambda t: jnp.stack([newton(t), newton(t + 1)]),
    "in a jitted function": lambda t: jax.jit(newton)(t),
    "mapped inside": lambda t: jax.vmap(lambda a: newton(a * t))(jnp.array([1.0, 30.0])),
    "under lax.map": lambda t: lax.map(lambda a: newton(a * t), jnp.array([1.0, 30.0])),
    "scan in while in scan": loops_in_loops,
    "a traced bound": bound,
    "a traced start": start,
    "a carry that starts constant": lambda t: turns(lambda x: x * t, 1.0, t),
    "NaN after the end": ends_in_roots_of_less_than_0,
    "NaN inside": holes,
    "a derivative of its own": lambda t: turns(lambda x: jnp.sin(own(x) * t) + x, t, 2 * t),
    "a checkpoint": lambda t: turns(lambda x: jax.checkpoint(jnp.sin)(3 * x) * t, t, 2 * t),
    "custom_root": lambda t: turns(lambda x: cube_root(x + t), t, t),
    "custom_linear_solve": divided,
    "sort and cumsum": nearest,
    "integers": escape,
    "keys": chance,
    "complex numbers": lambda t: jnp.abs(
        lax.while_loop(
            lambda z: jnp.abs(z) < 4 * t, lambda z: z * z + (0.4 + 0.6j) * t, (1 + 1j) * t
        )
    ),
    "no turns": empty,
    "a branch": lambda t: lax.cond(t > 2, newton, lambda t: t**2, t),
    "a branch inside": lambda t: turns(
        lambda x: lax.cond(x > 1, lambda x: x / 2 * t, lambda x: x + jnp.sin(t), x), t, t
    ),
    "a switch": lambda t: lax.switch(jnp.floor(t).astype(int), [jnp.sin, jnp.cos, jnp.exp], t),
    "interp": lambda t: turns(
        lambda x: jnp.interp(x, jnp.arange(5.0), t**2 / jnp.arange(1, 6)), t, t
    ),
    "associative_scan": running,
}


def nested(f, order):
    fs = [f]
    for _ in range(order):
        fs.append(lambda t, f=fs[-1]: jax.jvp(f, (t,), (jnp.ones_like(t),))[1])
    return jax.jit(lambda t: jnp.stack([jax.vmap(f)(t) for f in fs]))(AT)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LOOPS)
def test_turns_that_differ(name):
    f = LOOPS[name]
    truth = nested(f, ORDER)
    np.testing.assert_allclose(jet(f, AT, ORDER), truth, rtol=1e-10, atol=1e-11)


def test_the_derivatives_of_a_root_by_iteration():
    order = 8
    np.testing.assert_allclose(jet(newton, AT, order), jet(jnp.sqrt, AT, order), rtol=1e-6)
    plane = jnp.stack([AT, AT + 1], -1)
    slope = along(lambda p: newton(p[0] * p[1]), plane, jnp.array([1.0, 0.0]))
    np.testing.assert_allclose(slope, np.sqrt((AT + 1) / AT) / 2, rtol=1e-9)


def test_curves_whose_loops_differ_are_measured_and_drawn():
    def slow(t):
        return jnp.stack([t, newton(t)])

    def fast(t):
        return jnp.stack([t, jnp.sqrt(t)])

    assert abs(arc_length(slow, 1.5, 9.0) - arc_length(fast, 1.5, 9.0)) < 1e-6
    aside = [jax.vmap(offset(f, 0.3))(AT) for f in (slow, fast)]
    np.testing.assert_allclose(*aside, rtol=1e-9)


def test_a_point_that_has_ended_keeps_its_series_to_the_last_bit():
    alike, longer = jnp.full(4, 2.0), jnp.array([2.0, 2.0, 2.0, 500.0])
    np.testing.assert_array_equal(jet(newton, alike, 3)[:, :3], jet(newton, longer, 3)[:, :3])


@pytest.mark.exhaustive
def test_a_differential_equation_that_is_solved_along_the_way():
    """y' = -a y: of where it ends, and of a."""

    def ends(t):
        end = odeint(lambda y, s: -y, 1.0, jnp.stack([0.0, t]))[-1]
        return jnp.stack([end, odeint(lambda y, s: -t * y, 1.0, jnp.array([0.0, 1.0]))[-1]])

    truth = np.exp(-AT) * np.array([[1], [-1]])
    np.testing.assert_allclose(jet(ends, AT, 1), np.stack([truth, truth], -1), rtol=1e-4)


kept = []


def keeps(t):
    kept.append(2 * t)
    return t


WRONG = {
    "in keeps is used after it has ended": lambda t: jax.jit(keeps)(t) + kept[-1],
    "a loop carries": lambda t: lax.fori_loop(0, 3, lambda i, c: jnp.stack([c, t]), t)[0],
    "branches of a condition": lambda t: lax.cond(t > 0, jnp.sin, lambda t: jnp.stack([t, t]), t),
    "jnp.zeros": lambda t: lax.switch(0, [jnp.sin, lambda t: 1], t),
    "a loop whose length": lambda t: jax.grad(newton)(t),
    "one truth": lambda t: lax.while_loop(lambda c: c, lambda c: c / 2, t),
    "integer bounds": lambda t: lax.fori_loop(0, t, lambda i, c: c / 2, t),
}


@pytest.mark.parametrize("says", WRONG)
def test_loops_that_cannot_be_are_one_line(says):
    with pytest.raises(ArtError, match=says) as caught:
        jet(WRONG[says], AT, 1)
    assert "\n" not in str(caught.value)


def test_a_rule_that_holds_a_traced_number_is_named():
    """As that of JAX's expn did: JAX itself cannot derive it twice."""

    @partial(jax.custom_jvp, nondiff_argnums=(0,))
    def power(n, t):
        return t**n

    @power.defjvp
    @jax.jit
    def rule(n, t, dt):
        return power(n, *t), n * power(n - 1, *t) * dt[0]

    with pytest.raises(ArtError, match=r"traced in rule .* ask for a lower order"):
        jet(lambda t: power(3.0, t), AT, 2)
