"""Random fields: factories of fields, as in `gradart.library.fields`, that take a key.

The same key gives the same field. The factories can be traced, so a key may be split in a frame.
"""

import functools
import math
from collections.abc import Sequence
from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_key, as_number, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT, Box, BoxedField, boxed, listed, planar, wanted
from gradart.library.noise.lattice_noise import (
    DIMENSIONS,
    KINDS,
    as_lengths,
    circled,
    fitted,
    located,
)
from gradart.types import Field, Key

_PERIOD = 64  # cells before an octave of the plane repeats, in its own directions


def bumps(key: Key, n: int = 24, width: float = 0.2, box: Box = UNIT) -> BoxedField:
    """Gaussian hills and hollows at random places of a box, with heights from -1 to 1.

    `key` is a random key, which a sketch is given as its argument `key`: another one, another land.
    `n` is their number; one more of them moves none of the others. Their widths are from half to
    once and a half `width`. `box`, ((x0, y0), (x1, y1)), is where they lie.

    >>> land = ga.bumps(jax.random.key(1))
    >>> ga.raster(0.5 + ga.value(land, ga.grid(80, 80, land.box)) / 4, land.box)
    """
    n = as_count(n, least=1)
    as_number(width, "width", "length", above=0)
    flat = planar(box)
    x, y, w, h = _draws(as_key(key), n, 4).T
    (x0, y0), (x1, y1) = box
    x, y, w, h = x0 + x * (x1 - x0), y0 + y * (y1 - y0), width * (0.5 + w), 2 * h - 1

    @flat
    def field(p: jax.Array) -> jax.Array:
        return h @ jnp.exp(-((p[0] - x) ** 2 + (p[1] - y) ** 2) / (2 * w * w))

    return field


def noise(
    key: Key,
    size: float = 0.5,
    octaves: int = 4,
    roughness: float = 0.5,
    box: Box = UNIT,
    *,
    tile: float | Sequence[float] | None = None,
    kind: Literal["perlin", "simplex", "value"] = "perlin",
) -> BoxedField:
    """Gradient noise (Perlin, 2002) within about -1 to 1: land, clouds, marble.

    `key` is a random key, which a sketch is given as its argument `key`, and elsewhere
    `jax.random.key(1)` makes: another key, another noise. `size` is that of its largest features,
    in the artist's units. It is a sum of `octaves` noises: each has half the size of the one before
    and `roughness` times its height, so that more of them add finer detail, and more roughness
    makes that stronger. They are turned and shifted against each other, so that no lattice shows.
    `box`, ((x0, y0), (x1, y1)), is only where the field is meant to be looked at.

    `kind` is "perlin" (slopes on a lattice of cubes, C2: the third derivative jumps at the edges of
    the cells), "simplex" (slopes on a lattice of simplices, C3, more alike in all directions, and
    slower in the plane; Perlin, 2001, and Gustavson, 2005) or "value" (heights on a lattice of
    cubes, C2: blots, and the lattice shows). The mean of each is 0.

    A field of points of the plane, of space, of as many coordinates as its point has, up to 8: with
    a film's playhead for the third, `noise(key)(jnp.array([x, y, u]))`, it moves; see `looped`.

    With `tile` it repeats exactly after that length, in each coordinate, or after one for each,
    where math.inf does not repeat: `tile=(math.inf, math.inf, 1)` loops with the playhead. The
    octaves are not turned then, and each size is the nearest that goes into the tile a whole number
    of times; but simplex noise keeps its sizes and turns, as it goes around a circle in two
    coordinates of its own for each that repeats, and the point has 4 of these at most.

    >>> clouds = ga.noise(jax.random.key(1), size=0.8)
    >>> ga.raster(0.5 + ga.value(clouds, ga.grid(120, 120, clouds.box)) / 2, clouds.box)
    """
    key, octaves = as_key(key), as_count(octaves, "octaves", 1)
    as_number(size, "size", "length", above=0)
    as_number(roughness, "roughness", least=0)
    if kind not in KINDS:
        raise ArtError(f'kind is {short(kind)}: give "perlin", "simplex" or "value"')
    periods = as_lengths(tile)
    height = jnp.array([roughness**i for i in range(octaves)])
    scales = jnp.array([2.0**i / size for i in range(octaves)])
    flat = _of_plane(key, height, scales) if periods is None and kind == "perlin" else None

    @boxed(box, periods)
    def field(p: jax.Array) -> jax.Array:
        p = listed(p)
        if flat is not None and np.shape(p) == (2,):
            return flat(p)
        p, lengths = located(p, periods, "noise")
        return _of_space(kind, key, height, scales, p, lengths)

    return field


def _of_plane(key: jax.Array, height: jax.Array, scales: jax.Array) -> Field:
    """Noise of the plane, its slopes drawn for a lattice of 64 x 64 that repeats in each octave."""
    octaves = len(scales)
    gradients, shifts = _slopes(key, octaves)
    height = height * math.sqrt(2) / height.sum()
    turns = np.array([[math.cos(i), math.sin(i)] for i in range(octaves)])

    def at(p: jax.Array) -> jax.Array:
        x = turns[:, 0] * p[0] - turns[:, 1] * p[1]
        y = turns[:, 1] * p[0] + turns[:, 0] * p[1]
        at = jnp.stack([x, y], axis=-1) * scales[:, None] + shifts
        return height @ jax.vmap(_lattice)(gradients, at)

    return at


@functools.partial(jax.jit, static_argnums=1)
def _slopes(key: jax.Array, octaves: int) -> tuple[jax.Array, jax.Array]:
    """The slopes at the nodes of a lattice (octaves, 64, 64, 2), and where it lies (octaves, 2)."""
    draws = _draws(key, octaves, _PERIOD**2 + 2)
    angles = math.tau * draws[:, 2:].reshape(octaves, _PERIOD, _PERIOD)
    return jnp.stack([jnp.cos(angles), jnp.sin(angles)], axis=-1), _PERIOD * draws[:, :2]


def _of_space(
    kind: str,
    key: jax.Array,
    height: jax.Array,
    scales: jax.Array,
    p: jax.Array,
    lengths: np.ndarray,
) -> jax.Array:
    """Noise at a point (d,) that repeats after lengths (d,), hashed from the numbers of nodes."""
    octave, peak = KINDS[kind]
    if kind == "simplex":  # whose lattice repeats along no coordinate
        p = circled(p, lengths)
        lengths = np.full(len(p), math.inf)
        if len(p) > DIMENSIONS:
            raise ArtError(
                f"simplex noise has {DIMENSIONS} coordinates at most, two for each that repeats:"
                ' tile fewer, or give kind="perlin"'
            )
    d, octaves = len(p), len(scales)
    with jax.ensure_compile_time_eval():  # once, and not in each program that looks at the field
        seeds, shifts, turns = _octaves(key, octaves, d)
    counts, cells = fitted(lengths, scales[:, None])
    if np.isfinite(lengths).any():
        at = p * cells
    else:
        at = jnp.einsum("oij,oj->oi", turns, jnp.broadcast_to(p, (octaves, d)) * cells)
    rows = jax.vmap(octave)(at + shifts, counts, seeds)
    return peak(d) * (height @ rows) / height.sum()


@functools.partial(jax.jit, static_argnums=(1, 2))
def _octaves(key: jax.Array, octaves: int, d: int) -> tuple[jax.Array, jax.Array, jax.Array]:
    """A seed, a shift (d,) and a turn (d, d) for each octave."""
    keys = jax.vmap(functools.partial(jax.random.fold_in, key))(jnp.arange(octaves))
    seeds = jax.vmap(lambda key: jax.random.bits(key, (d + 1,), jnp.uint32))(keys)
    turns = jax.vmap(lambda key: jax.random.orthogonal(key, d))(keys)
    return seeds[:, 0], seeds[:, 1:] * (_PERIOD / 2.0**32), turns


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


@functools.partial(jax.jit, static_argnums=1)
def _wave_vectors(key: jax.Array, n: int, size: jax.Array) -> tuple[jax.Array, ...]:
    """The coordinates of n wave vectors (n,), Gaussian, and the shares of a turn they start at."""
    u, v, w = _draws(key, n, 3).T
    length = jnp.sqrt(-2 * jnp.log1p(-u)) / size
    return length * jnp.cos(math.tau * v), length * jnp.sin(math.tau * v), w


def waves(key: Key, size: float = 0.25, n: int = 64, box: Box = UNIT) -> BoxedField:
    """A sum of plane waves of random direction, length and phase: noise with all derivatives.

    `key` is a random key, which a sketch is given as its argument `key`. `size` is about that of
    the features, and `n` is the number of waves; one more of them turns none of the others. `box`,
    ((x0, y0), (x1, y1)), is only where the field is meant to be looked at.

    Tends with n to the Gaussian field of mean 0, variance 1 and correlation exp(-(r / size)^2 / 2)
    (Rahimi and Recht, 2007), in the plane, in space, in as many coordinates as its point has.

    >>> sea = ga.waves(jax.random.key(1))
    >>> ga.raster(0.5 + ga.value(sea, ga.grid(80, 80, sea.box)) / 8, sea.box)
    """
    key, n = as_key(key), as_count(n, least=1)
    as_number(size, "size", "length", above=0)
    kx, ky, w = _wave_vectors(key, n, size)

    @boxed(box)
    def field(p: jax.Array) -> jax.Array:
        p = listed(p)
        shape = np.shape(p)
        if len(shape) != 1 or not 1 <= shape[0] <= DIMENSIONS:
            raise ArtError(wanted("waves", shape, f"a point of 1 to {DIMENSIONS} coordinates"))
        phase = kx * p[0] + math.tau * w if len(p) == 1 else kx * p[0] + ky * p[1] + math.tau * w
        if len(p) > 2:  # the first two are those of the plane
            phase = phase + _normals(key, n)[:, : len(p) - 2] @ jnp.asarray(p[2:]) / size
        return math.sqrt(2 / n) * jnp.cos(phase).sum()

    return field


@functools.partial(jax.jit, static_argnums=(1, 2))
def _draws(key: Key, n: int, size: int) -> jax.Array:
    """n rows of `size` numbers in [0, 1), each from a key of its own: more leave others alone."""
    keys = jax.vmap(functools.partial(jax.random.fold_in, key))(jnp.arange(n))
    return jax.vmap(lambda key: jax.random.uniform(key, (size,)))(keys)


def _normals(key: Key, n: int) -> jax.Array:
    """n rows of normal numbers, for coordinates beyond the second, apart from those of `_draws`."""
    keys = jax.vmap(functools.partial(jax.random.fold_in, key))(jnp.arange(n))
    return jax.vmap(lambda key: jax.random.normal(jax.random.fold_in(key, 1), (DIMENSIONS - 2,)))(
        keys
    )
