"""Palettes made of one color, in OKLCH: by turning its hue, or by changing its lightness.

What sRGB does not have keeps its lightness and hue, and its chroma is made as small as it must be.
"""

import jax
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.drawing.color import oklab
from gradart.drawing.color.palettes import Palette, palette
from gradart.drawing.style import ColorLike, color
from gradart.errors import ArtError

_DARKEST, _LIGHTEST = 0.25, 0.92  # lightness of the outer tones
_PAPER = 0.97, 0.015  # lightness, and chroma at most


def analogous(color: ColorLike, n: int = 5, *, spread: float = 60.0) -> Palette:
    """A palette of neighboring hues, as light and as colorful as one color, which is in the middle.

    `n` hues, evenly over `spread` degrees of the circle of hues of OKLCH, with that of `color` in
    the middle; the paper is almost white, with its hue. What sRGB does not have keeps lightness and
    hue, with less chroma. ArtError for no single color.

    >>> leaves = ga.analogous("#4f8c41", 5, spread=90)
    >>> ga.scene(ga.dots([(i, 0) for i in range(5)], 6, fill=leaves.colors), paper=leaves.paper)
    """
    count = as_count(n, "n", 1)
    reach = float(as_number(spread, "spread")) / 2
    return _turned(color, np.linspace(-reach, reach, count) if count > 1 else np.zeros(1))


def complementary(color: ColorLike, n: int = 2) -> Palette:
    """A palette of hues that are as far from each other as can be, beginning with one color.

    `n` hues, evenly over the whole circle of OKLCH from that of `color` on: 2 are complementary, 3
    a triad, 4 a square. All are as light and as colorful as it, but what sRGB does not have keeps
    lightness and hue, with less chroma. The paper is almost white. ArtError for no single color.

    >>> three = ga.complementary("#1c7abb", 3)
    >>> ga.scene(ga.dots([(i, 0) for i in range(3)], 6, fill=three.colors), paper=three.paper)
    """
    count = as_count(n, "n", 1)
    return _turned(color, 360 / count * np.arange(count))


def tonal(color: ColorLike, n: int = 5) -> Palette:
    """A palette of one hue, from dark to light in even steps.

    `n` tones of the hue and chroma of `color`, of a lightness from 0.25 to 0.92 in OKLCH; the
    chroma is less where sRGB has no such color, as it is at both ends. The paper is almost white.
    ArtError for no single color.

    >>> blues = ga.tonal("#1c7abb", 6)
    >>> rings = ga.circles((0, 0), range(6, 0, -1), fill=blues.colors, stroke=None)
    >>> ga.scene(rings, paper=blues.paper)
    """
    count = as_count(n, "n", 1)
    _, chroma, hue = _lch(color)
    tones = np.linspace(_DARKEST, _LIGHTEST, count)
    lch = np.stack(np.broadcast_arrays(tones, chroma, hue), -1)
    return palette(oklab.from_oklch(lch), tint(chroma, hue))


def tint(chroma: float, hue: float) -> np.ndarray:
    """The almost white paper (3,) that goes with colors of a chroma and a hue."""
    return oklab.from_oklch(np.array([_PAPER[0], min(chroma, _PAPER[1]), hue]))


def _turned(of: ColorLike, degrees: np.ndarray) -> Palette:
    """The color with its hue turned by each of the degrees (n,)."""
    lightness, chroma, hue = _lch(of)
    lch = np.stack(np.broadcast_arrays(lightness, chroma, hue + degrees), -1)
    return palette(oklab.from_oklch(lch), tint(chroma, hue))


def _lch(value: ColorLike) -> np.ndarray:
    """Lightness, chroma and hue of one color."""
    rgba = color(value)
    if rgba.shape != (4,):
        raise ArtError(f"give one color, like '#1c7abb', not {short(value)}")
    if isinstance(rgba, jax.core.Tracer):
        raise ArtError("a palette holds colors that are known; make it outside of a film's frame")
    return oklab.oklch(np.asarray(rgba, float)[:3])
