"""Taylor mode: truncated power series carried through a JAX function."""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp


def taylor(f: Callable[[jax.Array], jax.Array], path: Sequence[jax.Array], order: int) -> jax.Array:
    """The Taylor coefficients of f(path[0] + path[1] s + path[2] s^2 + ...), mapped over axis 0.

    Each of path has shape (n, *in); the result (order + 1, n, *out).
    """

    def one(*coefficients: jax.Array) -> jax.Array:
        def along(s: jax.Array) -> jax.Array:
            x = coefficients[-1]
            for c in coefficients[-2::-1]:
                x = x * s + c
            return f(x)

        derivatives = [along]
        for _ in range(order):
            derivatives.append(jax.jacfwd(derivatives[-1]))
        zero = jnp.zeros((), path[0].dtype)
        return jnp.stack([d(zero) / math.factorial(k) for k, d in enumerate(derivatives)])

    return jax.vmap(one, out_axes=1)(*path)
