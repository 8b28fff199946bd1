"""From summed density to 8 bits: paper * exp(-sum) as ink, 1 - (1 - paper) * exp(-sum) as light.

Both are computed on sRGB values, as a browser multiplies and screens.
"""

from types import ModuleType
from typing import overload

import jax
import numpy as np
from numpy.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError
from gradart.types import ArrayT

Colors = np.ndarray | jax.Array

DARKEST = 1 / 255  # what full coverage by black lets through: log 0 is not a density
PERCENTILE = 95.0  # of the pixels that were touched: these get
TOUCHED = 1e-6  # of the greatest: below lies what is left of what was added and taken off again
FULL = 1.8  # this density, 17 % of the paper; chosen by eye on whiskers and an attractor
CELL = 0.25  # mm: the density that counts is the mean over so much, whatever the pixels
SAMPLES = 1 << 20  # of these are enough to find a percentile
MOST = 1e25  # exposure: all that was touched is full, and no product is infinite in float32
SLAB = 1 << 16  # pixels toned at a time: their temporaries stay in the cache


def lost(rgba: Colors, blend: str, xp: ModuleType = np) -> Colors:
    """Return how much (..., 3) colors (..., 4) take from the paper, or from the dark, at most.

    `xp` is NumPy, or JAX's where colors are traced.
    """
    rgba = xp.asarray(rgba, float)
    color, alpha = rgba[..., :3], rgba[..., 3:]
    return xp.minimum(alpha * (1 - color) if blend == "ink" else alpha * color, 1 - DARKEST)


@overload
def density(rgba: Colors, blend: str) -> np.ndarray: ...
@overload
def density(rgba: Colors, blend: str, xp: ModuleType) -> Colors: ...
def density(rgba: Colors, blend: str, xp: ModuleType = np) -> Colors:
    """Return the density (..., 3) of full coverage by colors (..., 4): multiply's, or screen's.

    Alphas of 1e-4 count. Opaque black, or white light, has that of one step of 8 bits.
    """
    return -xp.log1p(-lost(rgba, blend, xp))


def exposure_of(total: np.ndarray, cell: int = 1) -> float:
    """Return the factor that brings density (h, w, c) to what the eye expects of a full picture.

    Means over `cell` x `cell` pixels count.

    >>> tone(total, paper, "ink", exposure=0.5 * exposure_of(total))
    """
    amounts = cell_amounts(total, cell)
    return exposure_for(amounts[:: sample_step(amounts.size)])


def cell_amounts(total: np.ndarray, cell: int) -> np.ndarray:
    """Return the greatest of each cell's mean densities (c,), row by row, of density (h, w, c)."""
    height, width = (max(1, side // cell) for side in total.shape[:2])
    if cell > 1:
        total = total[: height * cell, : width * cell]
        rows = total.reshape(height, -1, width, total.shape[1] // width, total.shape[2])
        total = rows.mean((1, 3))
    return np.asarray(total.max(-1)).ravel()


def sample_step(cells: int) -> int:
    """Return which of so many cells are looked at: every how manieth."""
    return max(1, cells // SAMPLES)


def exposure_for(amounts: np.ndarray) -> float:
    """Return the exposure of a picture in which some cells have these amounts."""
    amounts = amounts[amounts > TOUCHED * amounts.max(initial=0)]
    return FULL / float(np.percentile(amounts, PERCENTILE)) if amounts.size else 1.0


def tone(
    total: np.ndarray,
    paper: ArrayLike,
    blend: str,
    exposure: float | None = None,
    start: tuple[int, int] = (0, 0),
) -> np.ndarray:
    """Return paper under summed density (h, w, 3) or (h, w, 1) as 8 bit colors.

    `paper`, in [0, 1] or bytes, is one color, RGB or RGBA, or a picture (h, w, 3 or 4) of what
    lies below; the result has its channels, alpha not premultiplied. Densities are multiplied by
    `exposure`, without it by `exposure_of(total)`; exposure 1 is plain multiply or screen.
    `start` is the column and the row where these pixels begin in the picture that they are of.
    """
    if blend not in ("ink", "light"):
        raise ArtError(f"blend is 'ink' or 'light', not {short(blend)}")
    below = np.asarray(paper)
    full = np.float32(255 if below.dtype == np.uint8 else 1)
    height, width = total.shape[:2]
    if below.shape[-1:] not in ((3,), (4,)) or below.shape[:-1] not in ((), (height, width)):
        raise ArtError(f"paper is a color or a picture {height} x {width}, not {below.shape}")
    factor = np.float32(-min(exposure_of(total) if exposure is None else exposure, MOST))
    picture = np.empty((height, width, below.shape[-1]), np.uint8)
    rows = max(1, SLAB // width)
    for top in range(0, height, rows):
        cut = slice(top, top + rows)
        under = (below[cut] if below.ndim == 3 else below).astype(np.float32) / full
        mixed = laid(total[cut] * factor, under, blend)
        mixed *= 255
        mixed += _dither((start[0], start[1] + top), len(mixed), width)
        picture[cut] = mixed
    return picture


def laid(exponent: ArrayT, below: ArrayT, blend: str, xp: ModuleType = np) -> ArrayT:
    """Return what is seen in [0, 1] where of each channel exp(exponent) gets through.

    `xp` is NumPy, or JAX's where they are traced.
    """
    passed: ArrayT = xp.exp(exponent)
    color: ArrayT = below[..., :3]
    seen: ArrayT = color * passed if blend == "ink" else 1 - (1 - color) * passed
    if below.shape[-1] == 3:
        return seen
    # Where there is no paper, the layer itself: black or colored as far as it is opaque.
    alpha = below[..., 3:]
    if (alpha == 1).all():
        return xp.concatenate([seen, xp.ones((*seen.shape[:2], 1), np.float32)], -1)
    opaque = 1 - passed.min(-1, keepdims=True)
    alone = passed - (1 - opaque) if blend == "ink" else 1 - passed
    covered = alpha + opaque * (1 - alpha)
    seen = (alpha * seen + (1 - alpha) * alone) / xp.maximum(covered, 1e-6)
    return xp.concatenate([seen, xp.broadcast_to(covered, (*seen.shape[:2], 1))], -1)


def _dither(start: tuple[int, int], rows: int, width: int) -> np.ndarray:
    """Return thresholds in (0, 1) that round neighbors differently, so that nothing bands.

    Interleaved gradient noise: Jorge Jimenez, "Next generation post processing in Call of Duty:
    Advanced Warfare" (2014). A whole value stays what it is: plain paper remains plain.
    """
    left, top = (max(0, first) for first in start)
    y = np.arange(top, top + rows, dtype=np.float64)[:, None]
    x = np.arange(left, left + width)
    noise = np.modf(52.9829189 * np.modf(0.06711056 * x + 0.00583715 * y)[0])[0]
    return (0.001 + 0.998 * noise).astype(np.float32)[..., None]  # a margin for its rounding
