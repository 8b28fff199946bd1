"""How colors are seen: the contrast of two, and what a color-blind eye makes of them."""

from typing import Literal

import jax
import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.color.oklab import linear, srgb
from gradart.drawing.style import ColorLike, color
from gradart.errors import ArtError

ColorBlindness = Literal["protan", "deutan", "tritan"]

# Of light, at full severity: Machado, Oliveira & Fernandes, "A physiologically-based model for
# simulation of color vision deficiency" (2009).
_SEEN = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # how bright red, green and blue are: Rec. 709


def contrast(a: ColorLike, b: ColorLike) -> np.ndarray:
    """The contrast ratio of two colors, from 1, none, to 21, that of black on white: (...).

    Of `a` and `b`, colors as `color` reads them, or arrays of them that broadcast; their alpha
    counts for nothing. Text wants 4.5, large text and lines that matter 3. Source: WCAG 2.1,
    "contrast ratio" (W3C 2018).

    >>> float(ga.contrast("black", "white"))
    21.0
    >>> desert = ga.palette("desert")
    >>> np.round(ga.contrast(desert.colors, desert.paper), 1)
    array([11.1,  5.7,  3.1,  1.8,  1.5])
    """
    bright, dark = (linear(_concrete(c)[..., :3]) @ LUMINANCE + 0.05 for c in (a, b))
    ratio: np.ndarray = np.maximum(bright / dark, dark / bright)
    return ratio


def color_blind(colors: ColorLike, kind: ColorBlindness) -> np.ndarray:
    """Colors as a color-blind eye sees them: RGBA (..., 4).

    `colors` are what `color` reads; a whole picture (h, w, 3) is welcome. `kind` is "protan" or
    "deutan", which have no red or green cones and mix up red and green, or "tritan", without blue
    ones. Source: Machado, Oliveira & Fernandes (2009), at full severity.

    >>> seen = ga.color_blind(["#d53830", "#4f8c41"], "deutan")
    >>> ga.dots([(0, 0), (1, 0)], 8, fill=seen)
    """
    if kind not in _SEEN:
        raise ArtError(f"kind is 'protan', 'deutan' or 'tritan', not {short(kind)}")
    rgba = _concrete(colors)
    light = linear(rgba[..., :3]) @ np.array(_SEEN[kind]).T
    return np.concatenate([srgb(light), rgba[..., 3:]], -1)


def _concrete(colors: ColorLike) -> np.ndarray:
    rgba = color(colors)
    if isinstance(rgba, jax.core.Tracer):
        raise ArtError("this looks at colors that are known; call it outside of a film's frame")
    return np.asarray(rgba, float)
