"""Vectors (..., d) and their products: turned left, at length 1, as a dot or a cross product."""

from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.safe_roots import safe_norm

Array = TypeVar("Array", jax.Array, np.ndarray)


def cross(u: Array, v: Array) -> Array:
    """The area that two plane vectors (..., 2) span, positive if v is left of u: (...).

    Of arrays of NumPy an array of NumPy.
    """
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


@jax.jit
def left(v: jax.Array) -> jax.Array:
    """Plane vectors v (..., 2) turned left by a quarter: (..., 2)."""
    return jnp.stack([-v[..., 1], v[..., 0]], axis=-1)


@jax.jit
def dot(u: jax.Array, v: jax.Array) -> jax.Array:
    """The scalar product of u and v (..., d): (...)."""
    return jnp.sum(u * v, axis=-1)


@jax.jit
def unit(v: jax.Array, fine: jax.Array) -> jax.Array:
    """v (..., d) at length 1 where `fine` (...) is true, NaN elsewhere.

    Nothing is NaN in the branch that is not taken, so that derivatives are finite too.
    """
    length = jnp.where(fine, safe_norm(v), 1)
    return jnp.where(fine[..., None], v / length[..., None], jnp.nan)


def divided(a: ArrayLike, b: jax.Array) -> jax.Array:
    """a / b, NaN where b is 0, with nothing infinite in the branch that is not taken."""
    fine = b != 0
    return jnp.where(fine, a / jnp.where(fine, b, 1), jnp.nan)
