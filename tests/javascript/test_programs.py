"""Loops, branches, keys and factors give in JavaScript what JAX computes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from gradart.javascript.translation import translate
from gradart.library.sampled import tabulated
from tests.javascript.node import checked, needs_node

pytestmark = needs_node
RNG = np.random.default_rng(5)
A = RNG.normal(size=(3, 4, 5))
M = RNG.normal(size=(2, 4, 4))
SYMMETRIC = M @ M.transpose(0, 2, 1) + np.eye(4)


@pytest.mark.exhaustive
def test_branches_and_loops():
    def spiral(x):
        def step(c, row):
            c = c + 0.1 * jnp.stack([-c[1], c[0]]) * row.sum()
            return c, (c, c.sum())

        return [lax.scan(step, x[0, 0, :2], x[0]), lax.scan(step, x[0, 0, :2], x[0], reverse=True)]

    def swapped(x):  # what is carried changes places
        return lax.fori_loop(
            0, 5, lambda k, c: (c[1], c[0] + k, c[2] + c[0][0, 0]), (x[0], x[1], 0.0)
        )

    def nested(x):
        def inner(k, c):
            return lax.fori_loop(0, 3, lambda j, d: d * 0.5 + j + k, c)

        return lax.fori_loop(0, 4, inner, x)

    cases: dict = {
        "scan": (spiral, A),
        "swapped": (swapped, A),
        "nested": (nested, A),
        "while": (
            lambda x: lax.while_loop(lambda c: c[1] < 20, lambda c: (c[0] * 1.5, c[1] + 3), (x, 0)),
            A,
        ),
        "each as long as it takes": (
            lambda x: jax.vmap(
                lambda y: lax.while_loop(
                    lambda c: c[0] < 10, lambda c: (c[0] + 1.5, c[1] + 1), (y, 0)
                )
            )(x[0, 0]),
            A,
        ),
        "none at all": (lambda x: lax.while_loop(lambda c: c.sum() > 1e9, lambda c: c * 2, x), A),
        "no rows": (lambda x: lax.scan(lambda c, r: (c + r, c), x[0], x[:0]), A),
        "cond": (
            lambda x: [
                lax.cond(x[0, 0, 0] > 0, lambda v: (v * 2, v.sum()), lambda v: (v - 1, 3.0), x)
            ],
            A,
        ),
        "switch": (
            lambda x, k: [
                lax.switch(k, [lambda v: v, lambda v: v * 2, lambda v: v.at[0].set(0.0)], x)
            ],
            A,
            2,
        ),
        "derivative of a loop": (
            lambda x: [jax.jvp(nested, (x,), (x,))[1], jax.grad(lambda v: nested(v).sum())(x)],
            A,
        ),
        "scalars": (
            lambda x: lax.fori_loop(
                0, 9, lambda k, c: (c[1], c[0] + c[1]), (x[0, 0, 0], x[0, 0, 1])
            ),
            A,
        ),
        "in place": (lambda x: lax.fori_loop(0, 3, lambda k, c: c.at[k].set(c[k - 1] * 2), x), A),
    }
    assert not checked(cases)


@pytest.mark.exhaustive
def test_keys_and_bits_to_the_last():
    key = jax.random.key(7)
    cases: dict = {
        "bits": (
            lambda k: [
                jax.random.bits(k, (5,), t) for t in ("uint64", "uint32", "uint16", "uint8")
            ],
            key,
        ),
        "numbers": (
            lambda k: [
                jax.random.uniform(k, (9,)),
                jax.random.uniform(k, (4,), "float32"),
                jax.random.randint(k, (9,), -5, 1000),
            ],
            key,
        ),
        "keys": (
            lambda k: [
                jax.random.split(k, 3),
                jax.random.split(k, (2, 2)),
                jax.random.fold_in(k, 99),
                jax.vmap(lambda n: jax.random.fold_in(k, n))(jnp.arange(5)),
                jax.vmap(lambda one: jax.random.fold_in(one, 3))(jax.random.split(k, 4)),
                jax.vmap(jax.random.fold_in)(jax.random.split(k, 4), jnp.arange(4)),
                jax.random.split(jax.random.split(k)[1]),
            ],
            key,
        ),
        "of a seed": (
            lambda s: [
                jax.random.key_data(jax.random.key(s)),
                jax.random.uniform(jax.random.key(s)),
            ],
            np.uint32(4000000000),
        ),
        "many keys": (
            lambda k: jax.vmap(lambda q: jax.random.uniform(q, (3,)))(jax.random.split(k, 4)),
            key,
        ),
        "orders": (
            lambda k: [jax.random.permutation(k, 9), jax.random.choice(k, 20, (5,), replace=False)],
            key,
        ),
        "a walk": (
            lambda k: lax.scan(
                lambda q, _: ((p := jax.random.split(q))[0], jax.random.uniform(p[1])), k, None, 6
            ),
            key,
        ),
    }
    assert not checked(cases, 0)


def test_distributions():
    key = jax.random.key(3)
    cases: dict = {
        "normal": (lambda k: jax.random.normal(k, (500,)), key),
        "others": (
            lambda k: [
                jax.random.exponential(k, (50,)),
                jax.random.gumbel(k, (50,)),
                jax.random.cauchy(k, (50,)),
                jax.random.bernoulli(k, 0.3, (50,)),
            ],
            key,
        ),
    }
    assert not checked(cases, 1e-13)


def test_linear_algebra():
    cases: dict = {
        "solve": (
            lambda m: [jnp.linalg.solve(m, m[:, :, :1]), jnp.linalg.inv(m), jnp.linalg.det(m)],
            M,
        ),
        "cholesky": (jnp.linalg.cholesky, SYMMETRIC),
        "eigenvalues": (
            lambda m: [jnp.linalg.eigvalsh(m), jnp.abs(jnp.linalg.eigh(m)[1])],
            SYMMETRIC,
        ),
        "triangles": (
            lambda m: [
                lax.linalg.triangular_solve(
                    m, m + 1, left_side=left, lower=lower, transpose_a=turned, unit_diagonal=unit
                )
                for left in (True, False)
                for lower in (True, False)
                for turned in (True, False)
                for unit in (True, False)
            ],
            M + 4 * np.eye(4),
        ),
    }
    assert not checked(cases, 1e-9)


@pytest.mark.exhaustive
def test_derivatives_of_a_curve():
    def curve(t):
        return jnp.stack([jnp.exp(-t) * jnp.cos(5 * t), jnp.sin(t**2)])

    t = np.linspace(0, 2, 9)
    land = tabulated(RNG.normal(size=(6, 7)), degree=5)
    cases: dict = {
        "table": (
            lambda t: jax.vmap(jax.jacfwd(jax.hessian(land)))(jnp.stack([t - 1, t / 3], -1)),
            t,
        ),
        "forward": (lambda t: jax.vmap(jax.jacfwd(jax.jacfwd(curve)))(t), t),
        "field": (
            lambda t: jax.vmap(jax.hessian(lambda p: jnp.sin(p[0]) * p[1] ** 2))(
                jnp.stack([t, t], -1)
            ),
            t,
        ),
    }
    assert not checked(cases)


def test_what_would_be_heavy_is_computed_but_for_loops_in_which_a_rounding_grows():
    def waves(u, steps):
        x = lax.scan(lambda x, _: (jnp.sin(3 * x), None), jnp.arange(3e5), None, length=steps)[0]
        return x * u

    def held(steps):
        with jax.enable_x64(True):
            found = translate(jax.make_jaxpr(lambda u: waves(u, steps))(1.0), [0])
        return sum(array.nbytes for array in found.constants)

    assert held(30) < 1000
    assert held(100) == 300_000 * 8


def test_what_is_the_same_is_computed_once():
    wave = jax.jit(lambda x, n: jnp.exp(jnp.sin(n * x)))
    x = np.linspace(0, 1, 50)
    with jax.enable_x64(True):
        same = jax.make_jaxpr(lambda u: wave(u * x, 3.0) + wave(u * x, 3.0)[::-1])(1.0)
        other = jax.make_jaxpr(lambda u: wave(u * x, 3.0) + wave(u * x, -3.0)[::-1])(1.0)
        found = [translate(closed, [0]).code.count("exp(") for closed in (same, other)]
    assert found == [1, 2]


def test_rows_each_for_itself_and_complex_constants_are_computed_rather_than_held():
    terms = np.array([1 + 2j, -0.5j, 0.25])

    def waves(u):
        x = jnp.arange(300.0)
        rows = lax.map(lambda y: jnp.abs(jnp.polyval(terms, x + 1j * y)), jnp.arange(200.0))
        return rows * u

    with jax.enable_x64(True):
        found = translate(jax.make_jaxpr(waves)(1.0), [0])
    assert sum(array.nbytes for array in found.constants) < 1000
    assert not checked({"rows": (waves, 2.0)})
