"""Pixels as cairo keeps them, and back: what it paints on."""

from typing import Any

import numpy as np

from gradart.rendering.painting.cairo_library import libcairo as libcairo

Surface = Any  # cairocffi's, which declares no types and is imported when it is needed,
Context = Any  # and what paints on it,
Pattern = Any  # with a color, or with one that changes

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
