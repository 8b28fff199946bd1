"""OKLab and OKLCH: colors as lightness, chroma and hue, even to the eye."""

from types import ModuleType
from typing import TypeVar

import jax
import numpy as np

A = TypeVar("A", jax.Array, np.ndarray)

_HALVINGS = 30  # of the chroma, to find where sRGB ends
_ROOM = 1e-6  # of light, since the colors at its corners are that exact

# OKLab: Bjorn Ottosson, "A perceptual color space for image processing" (2020).
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(rgb: A, xp: ModuleType = np) -> A:
    """The light (..., 3) of sRGB (..., 3) in [0, 1]; `xp` is its library."""
    found: A = xp.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return found


def oklab(rgb: A, xp: ModuleType = np) -> A:
    """Lightness and two chroma axes (..., 3), even to the eye, of sRGB (..., 3) in [0, 1]."""
    found: A = xp.cbrt(linear(rgb, xp) @ _TO_LMS.T) @ _TO_LAB.T
    return found


def light_of(lab: A) -> A:
    """The light (..., 3) of OKLab (..., 3); outside of [0, 1] it is no color of sRGB."""
    return ((lab @ np.linalg.inv(_TO_LAB).T) ** 3) @ np.linalg.inv(_TO_LMS).T


def srgb(light: A, xp: ModuleType = np) -> A:
    """The sRGB (..., 3) of light (..., 3), each channel held within [0, 1]; `xp` is its library."""
    held = xp.clip(light, 0, 1)
    # The second where keeps the power away from 0, where its derivative is infinite.
    curved = 1.055 * xp.where(held > 0.0031308, held, 1.0) ** (1 / 2.4) - 0.055
    found: A = xp.where(held > 0.0031308, curved, 12.92 * held)
    return found


def oklch(rgb: np.ndarray) -> np.ndarray:
    """Lightness, chroma and hue in degrees (..., 3) of sRGB (..., 3) in [0, 1]."""
    lightness, a, b = np.moveaxis(oklab(rgb), -1, 0)
    return np.stack([lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360], -1)


def from_oklch(lch: np.ndarray) -> np.ndarray:
    """The sRGB (..., 3) of lightness, chroma and hue in degrees (..., 3).

    What sRGB does not have keeps its lightness and hue, and its chroma is made as small as it must
    be: Bjorn Ottosson, "sRGB gamut clipping" (2021). Lightness is held within [0, 1].
    """
    lightness, chroma, hue = np.moveaxis(np.asarray(lch, float), -1, 0)
    lightness, angle = np.clip(lightness, 0, 1), np.radians(hue)

    def light(share: np.ndarray) -> np.ndarray:
        reach = share * chroma
        return light_of(np.stack([lightness, reach * np.cos(angle), reach * np.sin(angle)], -1))

    def fits(share: np.ndarray) -> np.ndarray:
        seen = light(share)
        return np.asarray(((seen > -_ROOM) & (seen < 1 + _ROOM)).all(-1))

    low, high = np.zeros_like(chroma), np.ones_like(chroma)
    whole = fits(high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        inside = fits(middle)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return srgb(light(np.where(whole, 1.0, low)))
