"""How noise repeats: its tile, one length or one for each coordinate, and how a lattice fits it."""

import math

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import short, unmasked
from gradart.errors import ArtError
from gradart.library.boxed_fields import listed, wanted
from gradart.types import Numbers

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
