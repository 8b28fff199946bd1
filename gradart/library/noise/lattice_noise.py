"""Noise on a lattice: one octave at a point, from numbers hashed of the nodes; how it repeats.

Each takes a point (d,) in sizes, the number of cells after which it repeats in each coordinate (0
where it does not), and a seed, a whole number of 32 bits, and is within -1 to 1 once it is
multiplied by its peak.
"""

import functools
import math
from collections.abc import Callable
from statistics import NormalDist

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short, unmasked
from gradart.errors import ArtError
from gradart.library.boxed_fields import listed, wanted
from gradart.types import Numbers

Octave = Callable[[jax.Array, jax.Array, jax.Array], jax.Array]

ROOTS = np.sqrt([2, 3, 5, 7, 11, 13, 17, 19])  # whose multiples no lattice has
_DIRECTIONS = 256  # in a table
_STEPS = 40  # until its mean square is alike on all axes to the last digits


def perlin(u: jax.Array, counts: jax.Array, seed: jax.Array) -> jax.Array:
    """Slopes at the 2^d corners of a cell, faded into each other by a quintic: C2."""
    cell = jnp.floor(jax.lax.stop_gradient(u))
    f = u - cell
    corners = _corners(len(u))
    slopes = directions(hashed(cell.astype(int) + corners, counts, seed), len(u))
    planes = (slopes * (f - corners)).sum(axis=-1)
    return planes @ _faded(f, corners)


def value(u: jax.Array, counts: jax.Array, seed: jax.Array) -> jax.Array:
    """Heights at the 2^d corners of a cell, faded into each other by a quintic: C2."""
    cell = jnp.floor(jax.lax.stop_gradient(u))
    f = u - cell
    corners = _corners(len(u))
    heights = 2 * share(hashed(cell.astype(int) + corners, counts, seed)) - 1
    return heights @ _faded(f, corners)


def simplex(u: jax.Array, counts: jax.Array, seed: jax.Array) -> jax.Array:
    """Slopes at the d + 1 corners of a simplex, each fading to 0 where its simplices end: C3.

    After K. Perlin, "Noise hardware" (2001), and S. Gustavson, "Simplex noise demystified" (2005).
    The lattice is that of cubes squeezed along their diagonal, until its nodes are as far apart as
    they can be, here by 1 in all d + 1 directions of its edges; a node's slope fades as (1/2 -
    r^2)^4, r its distance in the squeezed cubes of side 1, which is 0 on the far face. `counts` are
    0: the lattice does not repeat along the coordinates.
    """
    d = len(u)
    skew, unskew = (math.sqrt(d + 1) - 1) / d, (1 - 1 / math.sqrt(d + 1)) / d
    u = math.sqrt(d / (d + 1)) * u
    still = jax.lax.stop_gradient(u)
    skewed = still + skew * still.sum()
    cell = jnp.floor(skewed)
    f, order = skewed - cell, np.arange(d)
    first = (f > f[:, None]) | ((f == f[:, None]) & (order < order[:, None]))
    corners = first.sum(axis=1) < np.arange(d + 1)[:, None]  # (d + 1, d): the largest part first
    nodes = cell + corners
    away = u - (nodes - unskew * nodes.sum(axis=1, keepdims=True))
    slopes = directions(hashed(nodes.astype(int), counts, seed), d)
    near = jnp.maximum(0.5 - (away**2).sum(axis=1), 0)
    return near**4 @ (slopes * away).sum(axis=1)


# For each, its octave and what this is multiplied by in d dimensions. For simplex noise that is one
# over the largest sum of (1/2 - r^2)^4 r over the corners of a simplex, found numerically.
_SIMPLEX = (71.513811, 99.204334, 107.653485, 108.567826, 108.709495, 108.731608, 108.734143)
KINDS: dict[str, tuple[Octave, Callable[[int], float]]] = {
    "perlin": (perlin, lambda d: 2 / math.sqrt(d)),
    "simplex": (simplex, lambda d: _SIMPLEX[min(d, 7) - 1]),
    "value": (value, lambda d: 1.0),
}


def _corners(d: int) -> jax.Array:
    """The corners (2^d, d) of a cell."""
    return jnp.asarray(np.indices((2,) * d).reshape(d, -1).T)


def _faded(f: jax.Array, corners: jax.Array) -> jax.Array:
    """How much each corner (2^d, d) of a cell counts (2^d,) at a place f (d,) in it."""
    fade = f**3 * (f * (6 * f - 15) + 10)
    return jnp.where(corners, fade, 1 - fade).prod(axis=-1)


def hashed(nodes: jax.Array, counts: jax.Array, seed: jax.Array) -> jax.Array:
    """A whole number of 32 bits for each node (..., d) of a lattice that repeats after `counts`."""
    nodes = jnp.where(counts > 0, nodes % jnp.maximum(counts, 1), nodes).astype(jnp.uint32)
    found = seed
    for k in range(nodes.shape[-1]):
        found = mixed(found ^ nodes[..., k])
    return found


def mixed(x: jax.Array) -> jax.Array:
    """A whole number of 32 bits, well mixed: the finalizer of MurmurHash3 (A. Appleby)."""
    x = (x ^ (x >> 16)) * jnp.uint32(0x85EBCA6B)
    x = (x ^ (x >> 13)) * jnp.uint32(0xC2B2AE35)
    return x ^ (x >> 16)


def share(x: jax.Array) -> jax.Array:
    """A number between 0 and 1, never one of them, of each of whole numbers."""
    return ((mixed(x * jnp.uint32(0x9E3779B9)) >> 9).astype(float) + 0.5) / 2.0**23


def directions(x: jax.Array, d: int) -> jax.Array:
    """A vector of length 1, of d coordinates, of each of whole numbers; no direction is preferred.

    Out of a table, which is several times as fast as to draw each anew.
    """
    return jnp.asarray(_spread(d), float)[x % jnp.uint32(_DIRECTIONS)]


@functools.cache
def _spread(d: int) -> np.ndarray:
    """Vectors (256, d) of length 1 whose mean is 0, and whose mean square is alike on any axis.

    Those of normal numbers, from a sequence that fills space evenly (the multiples of the roots of
    primes; R. D. Richtmyer, 1951), and their opposites; stretched until they are a tight frame,
    by Newton's steps to the inverse root of their mean square.
    """
    even = np.arange(1, _DIRECTIONS // 2 + 1)[:, None] * ROOTS[:d] % 1
    half = np.vectorize(NormalDist().inv_cdf)(even)
    for _ in range(_STEPS):
        half /= np.linalg.norm(half, axis=1, keepdims=True)
        half = half @ (1.5 * np.eye(d) - 0.5 * d * (half.T @ half) / len(half))
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    return np.round(np.concatenate([half, -half]), 12)  # products of matrices round by machine


DIMENSIONS = 8  # at most: a cell has 2^8 corners
_LENGTHS = int, float, list, tuple, np.ndarray, jax.Array


def as_lengths(tile: object) -> np.ndarray | None:
    """The lengths () or (d,) after which a field repeats, infinite where it does not; or None."""
    if tile is None:
        return None
    try:
        lengths = np.array(unmasked(tile), dtype=float) if isinstance(tile, _LENGTHS) else None
    except (TypeError, ValueError, OverflowError):
        lengths = None
    if lengths is None or lengths.ndim > 1 or not (lengths > 0).all() or not lengths.size:
        raise ArtError(
            f"tile is {short(tile)}: give a length above 0, or one for each coordinate,"
            " math.inf where it does not repeat"
        )
    return lengths


def located(
    p: Numbers, tile: np.ndarray | None, name: str, most: int = DIMENSIONS
) -> tuple[jax.Array, np.ndarray]:
    """A point (d,), of `most` coordinates at most, and the lengths (d,) after which it repeats."""
    p = listed(p)
    shape = np.shape(p)
    if len(shape) != 1 or not 1 <= shape[0] <= most:
        raise ArtError(wanted(name, shape, f"a point of 1 to {most} coordinates"))
    if tile is not None and tile.shape not in ((), shape):
        raise ArtError(f"tile has {tile.size} lengths, and the point {shape[0]} coordinates")
    lengths = np.broadcast_to(math.inf if tile is None else tile, shape)
    return jnp.asarray(p, dtype=float), lengths


def fitted(lengths: np.ndarray, scale: jax.Array) -> tuple[jax.Array, jax.Array]:
    """How many cells (..., d) repeat, 0 for all, and how many there are to a unit of length.

    `scale` (..., 1) is how many there should be; to repeat they are made the nearest size of which
    a whole number goes into the lengths (d,).
    """
    repeats = np.isfinite(lengths)
    tiles = jnp.asarray(np.where(repeats, lengths, 1), scale.dtype)
    counts = jnp.maximum(jnp.round(tiles * scale), 1)
    return jnp.where(repeats, counts, 0).astype(int), jnp.where(repeats, counts / tiles, scale)


def circled(p: jax.Array, lengths: np.ndarray) -> jax.Array:
    """A point (d,) with each coordinate that repeats laid around a circle as long as its tile."""
    around: list[jax.Array] = []
    for x, length in zip(p, lengths, strict=True):
        if np.isfinite(length):
            radius = length / math.tau
            around += [radius * jnp.cos(x / radius), radius * jnp.sin(x / radius)]
        else:
            around.append(x)
    return jnp.stack(around)
