"""Vectors (..., d): lengths and roots with finite derivatives at zero, unit vectors, products."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats, as_points
from gradart.calculus.programs.padded_lengths import at_padded_lengths, for_padded_lengths
from gradart.errors import ArtError
from gradart.types import ArrayT


def safe_sqrt(x: ArrayLike) -> jax.Array:
    """The square root, with the value and every derivative 0 where the number is not above 0.

    Of `x`, of any shape. The plain root's slope at 0 is infinite, and 0 * inf is the NaN that
    spoils a picture. NaN, a lifted pen, stays NaN.

    >>> ga.safe_sqrt(jnp.array([0.0, 4.0]))
    Array([0., 2.], dtype=float32)
    >>> jax.grad(ga.safe_sqrt)(0.0)
    Array(0., dtype=float32...)
    """
    numbers = as_floats(x, "x")
    return at_padded_lengths(_root, [numbers], numbers.ndim)


@jax.jit
def _root(x: jax.Array) -> jax.Array:
    """safe_sqrt of an array of floats."""
    flat = x <= 0
    # The inner `where` keeps the root away from 0 on the branch not taken.
    return jnp.where(flat, 0, jnp.sqrt(jnp.where(flat, 1, x)))


def safe_norm(v: ArrayLike, axis: int = -1, keepdims: bool = False) -> jax.Array:
    """The Euclidean length of vectors, whose every derivative is 0 where the vector is 0.

    Of `v` along `axis`, which is left out of the result, or kept with length 1 by `keepdims`. The
    plain norm's derivative at 0 is NaN, and spoils a picture.

    >>> ga.safe_norm(jnp.array([3.0, 4.0]))
    Array(5., dtype=float32)
    >>> jax.grad(ga.safe_norm)(jnp.array([0.0, 0.0]))
    Array([0., 0.], dtype=float32)
    """
    vectors = as_points(v, "v")
    whole = isinstance(axis, int | np.integer) and not isinstance(axis, bool)
    if not whole or not -vectors.ndim <= axis < vectors.ndim:
        raise ArtError(
            f"axis is {short(axis)}: give a whole number, one of v's {vectors.ndim} axes from 0"
        )
    if axis not in (-1, vectors.ndim - 1):
        return _length(vectors, axis, keepdims)
    return at_padded_lengths(lambda rows: _length(rows, -1, keepdims), [vectors], vectors.ndim - 1)


@functools.partial(jax.jit, static_argnums=(1, 2))
def _length(v: jax.Array, axis: int, keepdims: bool) -> jax.Array:
    """safe_norm of an array of floats."""
    return _root(jnp.sum(v * v, axis=axis, keepdims=keepdims))


def cross(u: ArrayT, v: ArrayT) -> ArrayT:
    """The area that two plane vectors (..., 2) span, positive if v is left of u: (...).

    Of arrays of NumPy an array of NumPy.
    """
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


@for_padded_lengths(1)
@jax.jit
def left(v: jax.Array) -> jax.Array:
    """Plane vectors v (..., 2) turned left by a quarter: (..., 2)."""
    return jnp.stack([-v[..., 1], v[..., 0]], axis=-1)


@for_padded_lengths(1, 1)
@jax.jit
def dot(u: jax.Array, v: jax.Array) -> jax.Array:
    """The scalar product of u and v (..., d): (...)."""
    return jnp.sum(u * v, axis=-1)


@for_padded_lengths(1, 0)
@jax.jit
def unit(v: jax.Array, fine: jax.Array) -> jax.Array:
    """v (..., d) at length 1 where `fine` (...) is true, NaN elsewhere.

    Nothing is NaN in the branch that is not taken, so that derivatives are finite too.
    """
    length = jnp.where(fine, safe_norm(v), 1)
    return jnp.where(fine[..., None], v / length[..., None], jnp.nan)


def normalized(v: jax.Array) -> jax.Array:
    """v (..., d) at length 1, NaN where it is 0.

    Times one over the length: what `unit` divides by it may differ in the last digit, and with it
    each picture that has such a curve.
    """
    return v * divided(1.0, safe_norm(v))


def divided(a: ArrayLike, b: jax.Array) -> jax.Array:
    """a / b, NaN where b is 0, with nothing infinite in the branch that is not taken."""
    fine = b != 0
    return jnp.where(fine, a / jnp.where(fine, b, 1), jnp.nan)
