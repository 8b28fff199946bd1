"""The classic Runge-Kutta method of order 4: a step of a time, or one of a length.

Both are the method of W. Kutta, Beitrag zur näherungsweisen Integration totaler
Differentialgleichungen, Zeitschrift für Mathematik und Physik 46 (1901), 435-453. That of a time is
written out; that of a length is a loop over the stages, where the course is a long program.
"""

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from gradart.types import Map


def runge_kutta(velocity: Map, p: jax.Array, h: jax.Array) -> jax.Array:
    """Where a point p (d,) that moves at `velocity`, (d,) -> (d,), is after a time h."""
    a = velocity(p)
    b = velocity(p + h / 2 * a)
    c = velocity(p + h / 2 * b)
    d = velocity(p + h * c)
    return (p + h / 6 * (a + 2 * b + 2 * c + d)).astype(p.dtype)


def stride(
    course: Map, p: jax.Array, length: ArrayLike, first: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The point that length on from p (d,), along the unit vectors `course`; and the course there.

    `first` is the course at p. The stages, and the look ahead from where they lead, are one scan,
    so that the course, which may be the gradient of a long program, is compiled once.
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
