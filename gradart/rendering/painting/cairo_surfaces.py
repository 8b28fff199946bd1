"""Cairo's surfaces and patterns: pixels as it keeps them, gradients as it takes them.

Apart from the library, whose version is told where neither NumPy nor JAX is imported.
"""

from typing import Any

import numpy as np

from gradart.drawing.style import Gradient
from gradart.rendering.painting.cairo_library import libcairo

Surface = Any  # cairocffi's, which declares no types and is imported when it is needed,
Context = Any  # and what paints on it,
Pattern = Any  # with a color, or with one that changes,
FontFace = Any  # and letters

_ROWS = 64  # of pixels at a time: what is small stays in the processor's cache


def surface_on(bgra: np.ndarray) -> Surface:
    """Return premultiplied BGRA (h, w, 4) uint8 as one of cairo's surfaces, which paints on it."""
    cairo = libcairo()
    height, width = bgra.shape[:2]
    return cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height, bgra.ravel().data)


def premultiplied(rgba: np.ndarray) -> np.ndarray:
    """Return straight RGBA (h, w, 4) uint8 as cairo's premultiplied BGRA."""
    bgra = rgba[..., [2, 1, 0, 3]]
    if rgba[..., 3].min(initial=255) < 255:
        alpha = rgba[..., 3:].astype(np.uint16)
        bgra[..., :3] = (bgra[..., :3] * alpha + 127) // 255
    return bgra


def straight(bgra: np.ndarray) -> np.ndarray:
    """Turn cairo's premultiplied BGRA (h, w, 4), in place, into straight RGBA."""
    words = bgra.view("<u4")[..., 0]
    clear = words.min(initial=0xFF000000) < 0xFF000000
    for i in range(0, len(words), _ROWS):
        swapped = words[i : i + _ROWS].byteswap()  # to RGBA in the order of the other end
        words[i : i + _ROWS] = swapped >> np.uint32(8) | swapped << np.uint32(24)
    if clear:
        alpha = bgra[..., 3]
        sheer = (alpha > 0) & (alpha < 255)
        opacity = alpha[sheer][:, None].astype(np.uint16)
        bgra[sheer, :3] = (bgra[sheer, :3] * np.uint16(255) + opacity // 2) // opacity
    return bgra


def pattern_of(gradient: Gradient, unit: float, corner: np.ndarray) -> Pattern:
    """The pattern of a gradient in mm, `unit` device units each, the page's corner at `corner`."""
    cairo = libcairo()
    (x0, y0), (x1, y1) = (np.asarray(gradient.ends) * unit + corner).tolist()
    if gradient.kind == "linear":
        pattern = cairo.LinearGradient(x0, y0, x1, y1)
    else:
        pattern = cairo.RadialGradient(x0, y0, 0, x0, y0, float(np.hypot(x1 - x0, y1 - y0)))
    stops = np.asarray(gradient.stops).tolist()
    for number, stop in enumerate(stops):
        pattern.add_color_stop_rgba(number / (len(stops) - 1), *stop)
    return pattern
