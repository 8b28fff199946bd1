"""Random fields: factories of fields, as in `gradart.fields`, that take a key.

The same key gives the same field. The factories can be traced, so a key may be split in a frame.
"""

import functools
import math

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from gradart.fields import UNIT, Box, Field, boxed

_PERIOD = 64  # cells before the noise repeats


def bumps(key: ArrayLike, n: int = 24, width: float = 0.2, box: Box = UNIT) -> Field:
    """n Gaussian hills and hollows at random places of the box, with heights from -1 to 1.

    Their widths are from half to once and a half `width`. One more of them moves none of the
    others.
    """
    x, y, w, h = _draws(key, n, 4).T
    (x0, y0), (x1, y1) = box
    x, y, w, h = x0 + x * (x1 - x0), y0 + y * (y1 - y0), width * (0.5 + w), 2 * h - 1

    @boxed(box)
    def field(p: jax.Array) -> jax.Array:
        return h @ jnp.exp(-((p[0] - x) ** 2 + (p[1] - y) ** 2) / (2 * w * w))

    return field


def noise(
    key: ArrayLike, size: float = 0.5, octaves: int = 4, roughness: float = 0.5, box: Box = UNIT
) -> Field:
    """Gradient noise (Perlin, 2002) within about -1 to 1, its largest features of about `size`.

    Each octave has half the size of the one before and `roughness` times its height, and is turned
    and shifted against it, so that no lattice shows. C2: the third derivative jumps at the edges
    of the cells. Repeats after 64 sizes.
    """

    draws = _draws(key, octaves, _PERIOD**2 + 2)
    angles = math.tau * draws[:, 2:].reshape(octaves, _PERIOD, _PERIOD)
    gradients = jnp.stack([jnp.cos(angles), jnp.sin(angles)], axis=-1)
    shifts = _PERIOD * draws[:, :2]
    height = jnp.array([roughness**i for i in range(octaves)])
    height = height * math.sqrt(2) / height.sum()
    turns = jnp.array([[math.cos(i), math.sin(i)] for i in range(octaves)])
    scales = jnp.array([2.0**i / size for i in range(octaves)])

    @boxed(box)
    def field(p: jax.Array) -> jax.Array:
        x = turns[:, 0] * p[0] - turns[:, 1] * p[1]
        y = turns[:, 1] * p[0] + turns[:, 0] * p[1]
        at = jnp.stack([x, y], axis=-1) * scales[:, None] + shifts
        return height @ jax.vmap(_lattice)(gradients, at)

    return field


def _lattice(gradients: jax.Array, u: jax.Array) -> jax.Array:
    """One octave: the slopes at the four corners of a cell, faded into each other."""
    cell = jnp.floor(jax.lax.stop_gradient(u))
    f = u - cell
    columns, rows = (cell.astype(int)[:, None] + jnp.arange(2)) % _PERIOD
    g = gradients[rows[:, None], columns]
    planes = g[..., 0] * (f[0] - jnp.arange(2)) + g[..., 1] * (f[1] - jnp.arange(2))[:, None]
    fade = f**3 * (f * (6 * f - 15) + 10)
    across, up = jnp.stack([1 - fade, fade], axis=-1)
    return up @ planes @ across


def waves(key: ArrayLike, size: float = 0.25, n: int = 64, box: Box = UNIT) -> Field:
    """A sum of n plane waves of random direction, length and phase: noise with all derivatives.

    Tends with n to the Gaussian field of mean 0, variance 1 and correlation exp(-(r / size)^2 / 2)
    (Rahimi and Recht, 2007). One more wave turns none of the others.
    """
    u, v, w = _draws(key, n, 3).T
    length = jnp.sqrt(-2 * jnp.log1p(-u)) / size  # of a wave vector with Gaussian coordinates
    kx, ky = length * jnp.cos(math.tau * v), length * jnp.sin(math.tau * v)

    @boxed(box)
    def field(p: jax.Array) -> jax.Array:
        return math.sqrt(2 / n) * jnp.cos(kx * p[0] + ky * p[1] + math.tau * w).sum()

    return field


@functools.partial(jax.jit, static_argnums=(1, 2))
def _draws(key: ArrayLike, n: int, size: int) -> jax.Array:
    """n rows of `size` numbers in [0, 1), each from a key of its own: more leave others alone."""
    keys = jax.vmap(functools.partial(jax.random.fold_in, key))(jnp.arange(n))
    return jax.vmap(lambda key: jax.random.uniform(key, (size,)))(keys)
