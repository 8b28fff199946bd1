"""Rows that are taken in NumPy are those that JAX takes, with each of its derivatives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.programs.taken_rows import taken_rows

RNG = np.random.default_rng(0)
X = jnp.asarray(RNG.normal(size=(3, 4, 2)))
NUMBERS = RNG.integers(-1, 12, (5, 6))
NUMBERS[0, 0], NUMBERS[1, 1] = -1, 3
WEIGHTS = jnp.asarray(RNG.normal(size=(5, 6, 2)))
WAYS = {
    "now": lambda f: f(X),
    "traced": lambda f: jax.jit(f)(X),
    "pushed": lambda f: jax.jvp(f, (X,), (X + 1,))[1],
    "pulled": lambda f: jax.vjp(f, X)[1](WEIGHTS)[0],
    "pulled, traced": lambda f: jax.jit(lambda x: jax.vjp(f, x)[1](WEIGHTS)[0])(X),
    "all pushed": lambda f: jax.jacfwd(f)(X),
    "all pulled": lambda f: jax.jacrev(f)(X),
    "linear": lambda f: jax.linearize(f, X)[1](X),
    "second": lambda f: jax.hessian(lambda x: jnp.nansum(f(x) ** 3))(X),
    "along another axis": lambda f: jax.vmap(f, 1)(jnp.stack([X, 2 * X], 1)),
    "of many, pulled": lambda f: jax.vmap(lambda x: jax.vjp(f, x)[1](WEIGHTS)[0])(X[None]),
}


def by_jax(x):
    rows = x.reshape(-1, 2)[np.maximum(NUMBERS, 0)]
    return jnp.where((NUMBERS < 0)[..., None], jnp.nan, rows)


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_rows_are_those_that_jax_takes(way):
    found, expected = way(lambda x: taken_rows(x, NUMBERS)), way(by_jax)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found.dtype == expected.dtype


def test_of_no_rows_there_are_blanks_alone():
    def blank(x):
        return taken_rows(x, np.full(3, -1))

    for found in (blank(np.empty((0, 2), np.float32)), jax.jit(blank)(jnp.empty((0, 2)))):
        np.testing.assert_array_equal(found, np.full((3, 2), np.nan))
    assert jax.vjp(blank, jnp.empty((0, 2)))[1](jnp.ones((3, 2)))[0].shape == (0, 2)
