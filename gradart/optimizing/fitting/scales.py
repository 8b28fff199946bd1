"""A picture blurred to several scales, each kept in as few pixels as it still needs."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np


def blurred(picture: jax.Array, radii: Sequence[float]) -> list[jax.Array]:
    """A picture (h, w, c) under Gaussians of the standard deviations `radii`, in pixels, rising.

    Each is halved as often as its blur allows, so that (h / 2^k, w / 2^k, c) are left: to sum up
    over them costs less the more they are blurred. What lies outside of the picture is as its edge.
    The blur that k halvings make, of (4^k - 1) / 4 pixels squared, is part of the radius: Peter
    Burt, Edward Adelson, "The Laplacian pyramid as a compact image code" (1983).
    """
    found, halvings = [], 0
    for radius in radii:
        while 2 ** (halvings + 1) <= radius and min(picture.shape[:2]) >= 4:
            picture, halvings = (
                _halved(_halved(picture).swapaxes(0, 1)).swapaxes(0, 1),
                halvings + 1,
            )
        rest = math.sqrt(max(0.0, radius**2 - (4**halvings - 1) / 4)) / 2**halvings
        found.append(_smoothed(picture, rest) if rest > 0.25 else picture)
    return found


def _halved(x: jax.Array) -> jax.Array:
    """Rows, each the sum of two neighbors and of the two around them, weighted 1 3 3 1.

    As pairs: slices with a stride of 2 take as long, but three times as long to compile.
    """
    if len(x) % 2:
        x = jnp.concatenate([x, x[-1:]])
    pairs = x.reshape(-1, 2, *x.shape[1:])
    first, second = pairs[:, 0], pairs[:, 1]
    before = jnp.concatenate([first[:1], second[:-1]])
    after = jnp.concatenate([first[1:], second[-1:]])
    return 0.375 * (first + second) + 0.125 * (before + after)


def _smoothed(x: jax.Array, radius: float) -> jax.Array:
    """x under a Gaussian of some cells, along columns and rows.

    As products with matrices: sums of shifted copies take as long, and seconds to compile.
    """
    down, across = (jnp.asarray(_gaussian(n, radius), x.dtype) for n in x.shape[:2])
    return jnp.einsum("ai,ijc,bj->abc", down, x, across)


def _gaussian(n: int, radius: float) -> np.ndarray:
    """The matrix (n, n) that blurs n cells, those outside being as the first and the last."""
    reach = math.ceil(3 * radius)
    k = np.arange(-reach, reach + 1)
    weights = np.exp(-((k / radius) ** 2) / 2)
    matrix = np.zeros((n, n))
    rows = np.arange(n)[:, None]
    np.add.at(matrix, (rows, np.clip(rows + k, 0, n - 1)), weights / weights.sum())
    return matrix
