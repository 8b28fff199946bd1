"""Steps along a direction, where lengths and not times are counted."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from gradart.calculus.safe_roots import safe_norm


def heading(v: jax.Array) -> jax.Array:
    """v (..., d) at length 1; NaN where it is 0 and points nowhere."""
    length = safe_norm(v, keepdims=True)
    return v / jnp.where(length > 0, length, jnp.nan)


def stride(
    course: Callable[[jax.Array], jax.Array], p: jax.Array, length: ArrayLike, first: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """That length on from p (d,) along lines of the unit vectors `course`: where, the course there.

    `first` is the course at p. The classic Runge-Kutta method of order 4. Its stages, and the look
    ahead from where they lead, are one scan, so that the course is compiled once.
    """

    def stage(
        state: tuple[jax.Array, jax.Array, jax.Array], weights: jax.Array
    ) -> tuple[tuple[jax.Array, jax.Array, jax.Array], None]:
        k, total, _ = state
        reach, kept, share = weights
        total = total + share * k
        q = p + length * (reach * k + kept * total)
        return (course(q), total, q), None

    # How far along the last slope, whether to their sum instead, and its share in that.
    weights = [[1 / 2, 0, 1 / 6], [1 / 2, 0, 1 / 3], [1, 0, 1 / 3], [0, 1, 1 / 6]]
    start = (first, jnp.zeros_like(p), p)
    (turned, _, q), _ = jax.lax.scan(stage, start, jnp.array(weights, p.dtype))
    return q, turned
