"""Cairo, the system's library that paints: found when first needed; and pixels as it keeps them."""

import ctypes
import ctypes.util
import os
import sys
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from gradart.errors import RenderFault
from gradart.rendering.painting.cairo_declarations import cairocffi

Surface = Any  # cairocffi's, which declares no types and is imported when it is needed,
Context = Any  # and what paints on it,
Pattern = Any  # with a color, or with one that changes

_ROWS = 64  # of pixels at a time: what is small stays in the processor's cache
_HELP = (
    "install it with 'apt install libcairo2' on Debian and Ubuntu, 'brew install cairo' on macOS,"
    " the GTK runtime on Windows, or set the environment variable GRADART_CAIRO=/path/to/libcairo"
)


@cache
def libcairo() -> ModuleType:
    """Return the module cairocffi, bound to the file in GRADART_CAIRO if that is set."""
    chosen = os.environ.get("GRADART_CAIRO")
    find = ctypes.util.find_library
    try:
        if chosen:
            ctypes.CDLL(chosen)  # cairocffi would silently take another where this one fails
            ctypes.util.find_library = lambda name: chosen
        elif sys.platform == "linux":
            # The loader finds it by its name; find_library would run ldconfig and gcc six times.
            ctypes.util.find_library = lambda name: None
        return cairocffi()
    except OSError:
        where = f"in GRADART_CAIRO={chosen}" if chosen else "on this machine"
        raise RenderFault(f"the library cairo is not found {where}: {_HELP}") from None
    finally:
        ctypes.util.find_library = find


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
