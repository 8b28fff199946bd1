"""The outlines of ends, corners and disks, as `gradart.rendering.ink.outlines` makes them, in JAX.

All of a kind at once, (k, v, 2), each of as many vertices as the largest needs: those that one has
no use for lie at its last one. p are points (k, 2), u and v directions, half the half widths (k,).
"""

import math
from functools import partial

import jax
import jax.numpy as jnp

from gradart.calculus.vectors import left
from gradart.rendering.ink.binning import THIN


def most_steps(radius: float) -> int:
    """How many chords a half circle of this radius has."""
    return int(max(4.0, min(math.ceil(5.55 * math.sqrt(radius)), 256.0)))


def _steps(radius: jax.Array) -> jax.Array:
    return jnp.clip(jnp.ceil(5.55 * jnp.sqrt(radius)), 4.0, 256.0)


def _arc(p: jax.Array, d: jax.Array, turn: jax.Array, half: jax.Array, most: int) -> jax.Array:
    """Vertices (k, most + 1, 2) of arcs around p from p + d through `turn` radians."""
    share = jnp.abs(turn) / math.pi * (1 - 1e-12)  # a half turn takes no chord more by rounding
    steps = jnp.maximum(1, jnp.ceil(_steps(half) * share))
    angle = turn / steps
    bend = jnp.where(angle == 0, 1.0, angle / jnp.where(angle == 0, 1.0, jnp.sin(angle)))
    many = jnp.maximum(steps - 2, 1)
    swell = jnp.where(steps > 2, (jnp.sqrt(1 + many * steps * bend) - 1) / many, bend)
    k = jnp.minimum(jnp.arange(most + 1.0), steps[:, None])
    inner = (k > 0) & (k < steps[:, None])
    scale = jnp.where(inner, swell[:, None], 1.0)
    c, s = jnp.cos(k * angle[:, None]), jnp.sin(k * angle[:, None])
    dx, dy = d[:, :1], d[:, 1:]
    return p[:, None] + scale[..., None] * jnp.stack([c * dx - s * dy, s * dx + c * dy], -1)


def _cut(p: jax.Array, u: jax.Array, side: jax.Array) -> jax.Array:
    """Where bodies around p along u are cut, `side` to their left: minus, to their right."""
    ux, uy = u[:, 0], u[:, 1]
    steep = jnp.abs(uy) > jnp.abs(ux)
    x = jnp.where(steep, -side / jnp.where(uy == 0, 1.0, uy), 0.0)
    y = jnp.where(steep, 0.0, side / jnp.where(ux == 0, 1.0, ux))
    return (p + jnp.stack([x, y], -1))[:, None]


@partial(jax.jit, static_argnames="steps")
def caps(p: jax.Array, u: jax.Array, half: jax.Array, *, steps: int) -> jax.Array:
    """From the cuts at p to the half circles, of thin strokes the lines, across the ways u."""
    side = half[:, None] * left(u)
    arc = _arc(p, -side, jnp.full(len(p), math.pi), half, steps)
    square = jnp.where(jnp.arange(steps + 1)[:, None] > 0, (p + side)[:, None], (p - side)[:, None])
    middle = jnp.where((half > THIN)[:, None, None], arc, square)
    return jnp.concatenate([_cut(p, u, -half), middle, _cut(p, u, half)], 1)


@partial(jax.jit, static_argnames="steps")
def turns(p: jax.Array, u: jax.Array, v: jax.Array, half: jax.Array, *, steps: int) -> jax.Array:
    """Between the cuts of bodies that come along u and of those that leave along v."""
    cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    turn = jnp.arctan2(cross, (u * v).sum(-1))
    h = half[:, None]
    here = p[:, None]
    return jnp.concatenate(
        [
            here,
            _cut(p, v, half),
            _arc(p, h * left(v), -turn, half, steps),
            _cut(p, u, half),
            here,
            _cut(p, u, -half),
            _arc(p, -h * left(u), turn, half, steps),
            _cut(p, v, -half),
        ],
        1,
    )


@partial(jax.jit, static_argnames="steps")
def circles(p: jax.Array, radius: jax.Array, *, steps: int) -> jax.Array:
    """Regular polygons of the areas of disks around p."""
    count = 8 * jnp.ceil(_steps(radius) / 4)
    angle = 2 * math.pi / count
    swollen = radius * jnp.sqrt(angle / jnp.sin(angle))
    k = jnp.minimum(jnp.arange(8.0 * math.ceil(steps / 4)), count[:, None]) * angle[:, None]
    return p[:, None] + swollen[:, None, None] * jnp.stack([jnp.cos(k), jnp.sin(k)], -1)
