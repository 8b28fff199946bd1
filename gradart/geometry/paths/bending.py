"""Points bent along a curve, as letters are that follow a line."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import PLANE, as_points, checked, concrete
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.types import Curve, Number, Numbers, Points

PIECES = 512  # of the curve, on each of which its length is found
NEWTON = 4  # steps to a length, from a straight line between two of them
NODES, WEIGHTS = np.polynomial.legendre.leggauss(8)


def on_path(points: Numbers, curve: Curve, a: Number, b: Number) -> Points:
    """Points bent along a curve: x becomes the way along it, and y the distance to its left.

    Each of `points` (..., 2), as those of `outlines`, comes to the place x along `curve`, () ->
    (2,), from its parameter `a` on towards `b`, in the artist's units, and from there y along the
    exact normal, to the left; NaN stays. Before `a` and beyond `b` it goes on straight. The length
    is found on 512 pieces by Gauss' rule of 8 points, and the place by Newton's method. ArtError
    for points of another shape. Traceable.

    >>> word = ga.outlines("a word on a wave", 0.9)
    >>> ga.polygons(ga.on_path(word, lambda t: jnp.stack([t, jnp.sin(t)]), 0.0, 7.0))
    """
    given = as_points(points, "points")
    if given.shape[-1] != 2:
        raise ArtError(f"on_path takes points of shape (..., 2), not {given.shape}")
    f = checked(curve, PLANE)
    first, last = (jnp.asarray(as_number(t, n), float) for t, n in ((a, "a"), (b, "b")))
    if concrete(first, last) and first == last:
        raise ArtError(f"the curve has no length from a = {a} to b = {b}: give two parameters")
    return _bent(f, given, first, last)


def _bent(f: Curve, points: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
    sense = jnp.sign(b - a)

    def course(t: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Where the curve is, and its velocity on the way from a to b."""
        place, velocity = jax.jvp(f, (t,), (jnp.ones_like(t),))
        return place, sense * velocity

    def speed(t: jax.Array) -> jax.Array:
        return safe_norm(course(t)[1])

    def length(start: jax.Array, end: jax.Array) -> jax.Array:
        half = (end - start) / 2
        speeds = jax.vmap(speed)(start + half * (1 + jnp.asarray(NODES, half.dtype)))
        return jnp.abs(half) * (jnp.asarray(WEIGHTS, half.dtype) * speeds).sum()

    t = a + (b - a) * jnp.linspace(0, 1, PIECES + 1, dtype=a.dtype)
    ways = jnp.concatenate([jnp.zeros(1, a.dtype), jnp.cumsum(jax.vmap(length)(t[:-1], t[1:]))])

    def bend(p: jax.Array) -> jax.Array:
        x = jnp.clip(p[0], 0, ways[-1])
        k = jnp.clip(jnp.searchsorted(ways, x, side="right") - 1, 0, PIECES - 1)
        at = t[k] + (t[k + 1] - t[k]) * (x - ways[k]) / (ways[k + 1] - ways[k])
        for _ in range(NEWTON):
            off = x - ways[k] - length(t[k], at)
            at = jnp.clip(at + sense * off / speed(at), jnp.minimum(a, b), jnp.maximum(a, b))
        place, velocity = course(at)
        ahead = velocity / safe_norm(velocity)
        left = jnp.stack([-ahead[1], ahead[0]])
        return place + (p[0] - x) * ahead + p[1] * left

    inked = ~jnp.isnan(points).any(-1, keepdims=True)
    bent = jax.jit(jax.vmap(bend))(jnp.where(inked, points, 0).reshape(-1, 2))
    return jnp.where(inked, bent.reshape(points.shape), jnp.nan)
