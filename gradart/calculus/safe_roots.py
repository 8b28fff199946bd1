"""Roots and lengths whose derivatives stay finite at zero."""

import functools

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from gradart.calculus.checks import as_floats, as_points


def safe_sqrt(x: ArrayLike) -> jax.Array:
    """The square root, with every derivative 0 where x <= 0 (and the value 0 there).

    The plain root's slope at 0 is infinite, and 0 * inf is the NaN that spoils a picture. The
    inner `where` keeps the root away from 0 on the branch not taken. NaN, a lifted pen, stays NaN.

    >>> safe_sqrt(jnp.array([0.0, 4.0]))
    Array([0., 2.], dtype=float64)
    """
    return _root(as_floats(x, "x"))


@jax.jit
def _root(x: jax.Array) -> jax.Array:
    """safe_sqrt of an array of floats."""
    flat = x <= 0
    return jnp.where(flat, 0, jnp.sqrt(jnp.where(flat, 1, x)))


def safe_norm(v: ArrayLike, axis: int = -1, keepdims: bool = False) -> jax.Array:
    """The Euclidean length of v along an axis, with every derivative 0 where v is 0.

    >>> safe_norm(jnp.array([3.0, 4.0]))
    Array(5., dtype=float64)
    """
    return _length(as_points(v, "v"), axis, keepdims)


@functools.partial(jax.jit, static_argnums=(1, 2))
def _length(v: jax.Array, axis: int, keepdims: bool) -> jax.Array:
    """safe_norm of an array of floats."""
    return _root(jnp.sum(v * v, axis=axis, keepdims=keepdims))
