"""The hypergeometric functions 1F1 and 2F1, and their Taylor rule."""

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import JaxprEqn
from jax.scipy import special

from gradart.calculus.jaxprs import bind
from gradart.calculus.taylor.series import Series, compose

TERMS = 100_000  # of the series of 2F1: enough for arguments of 0.9996


def gauss(a: jax.Array, b: jax.Array, c: jax.Array, x: jax.Array) -> jax.Array:
    """2F1(a, b, c, x), x < 1, where JAX adds 250 terms at most, also of series that diverge.

    Left of 0 it is (1 - x)^-a 2F1(a, c - b, c, x / (x - 1)), whose series converges everywhere.
    From 1 on it is JAX's. (Digital Library of Mathematical Functions, 15.8.1.)
    """
    a, b, c, x = jnp.broadcast_arrays(a, b, c, x)
    at = jnp.minimum(x, 0.9999)
    left = at < 0
    z = jnp.where(left, at / (at - 1), at)
    second = jnp.where(left, c - b, b)
    least = jnp.finfo(x.dtype).eps * (1 - z)  # what follows a term is about 1 / (1 - z) of it

    def go_on(state: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        k, term, total = state
        return (k < TERMS) & jnp.any(jnp.abs(term) > least * jnp.abs(total))

    def add(
        state: tuple[jax.Array, jax.Array, jax.Array],
    ) -> tuple[jax.Array, jax.Array, jax.Array]:
        k, term, total = state
        term = term * ((a + k) * (second + k) / ((c + k) * (k + 1)) * z)
        return k + 1, term, total + term

    one = jnp.ones_like(x)
    total = lax.while_loop(go_on, add, (jnp.zeros((), x.dtype), one, one))[2]
    scale = jnp.where(left, (1 - at) ** -a, 1)
    return jnp.where(x < 0.9999, scale * total, special.hyp2f1(a, b, c, jnp.maximum(x, 0.9999)))


def hypergeometric(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """hyp1f1 and hyp2f1 in x: each derivative is one with all other arguments raised by 1.

    1F1(a, b, x) = exp(x) 1F1(b - a, b, -x), whose terms have one sign where those on the left do
    not. (Digital Library of Mathematical Functions, 13.2.39, 13.3.15 and 15.5.1.)
    """
    *given, x = [v[0] for v in inputs]
    (y,) = bind(eqn, (*given, x))
    if y.shape != x.shape or any(a.shape not in ((), x.shape) for a in given):
        raise NotImplementedError("one x meets many other arguments")
    *above, below = given
    k = jnp.arange(n + 1, dtype=x.dtype).reshape(-1, *[1] * x.ndim)
    if len(above) > 1:
        a, b, c = (number + k for number in given)
        values = gauss(a, b, c, x)
    else:
        turned = (x < 0) & (below > above[0]) & (below > 0)
        first = jnp.where(turned, below - above[0], above[0] + k)
        values = special.hyp1f1(first, below + k, jnp.where(turned, -x, x))
        values = values * jnp.where(turned, jnp.exp(x), 1)
    outer, factor = [y], jnp.ones_like(x)
    for i in range(1, n + 1):
        for a in above:
            factor = factor * (a + (i - 1))
        factor = factor / ((below + (i - 1)) * i)
        outer.append(factor * values[i])
    return [compose(outer, inputs[-1], n)]
