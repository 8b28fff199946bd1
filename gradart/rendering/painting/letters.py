"""Type in a PDF as letters of an embedded font, each where its outline would stand."""

import ctypes
import ctypes.util
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gradart.drawing.lettering.fonts import face
from gradart.drawing.lettering.text import letter_places
from gradart.drawing.shapes import Letters
from gradart.errors import RenderFault
from gradart.rendering.painting.libcairo import Context, libcairo

_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}  # of a line that lies left of its anchor


def show(context: Context, letters: Letters, anchor: np.ndarray, unit: float) -> None:
    """Show letters in the context's color, `unit` device units to the mm, from their anchor."""
    file = face(letters.font).file
    size = float(letters.size) * unit
    context.save()
    context.translate(*map(float, anchor))
    context.rotate(-np.deg2rad(float(letters.rotate)))
    context.set_font_face(_font_face(file))
    context.set_font_size(size)
    for number, line in enumerate(letters.lines):
        *starts, end = letter_places(line, letters.font, letters.tracking)
        left, down = -_SHARES[letters.align] * end, number * letters.leading + letters.drop
        glyphs = [
            (index, size * (left + start), size * down)
            for index, start in zip(_indices(file, line), starts, strict=True)
        ]
        context.show_text_glyphs(line, glyphs, [(len(c.encode()), 1) for c in line])
    context.restore()


def _indices(file: Path, line: str) -> list[int]:
    from matplotlib.font_manager import get_font

    font = get_font(file)
    return [font.get_char_index(ord(letter)) for letter in line]


@cache
def _font_face(file: Path) -> Any:
    """The face of a font file, by fontconfig, which cairo asks for its fonts.

    cairocffi has no words for this: the two libraries are called by their own.
    """
    cairo = libcairo()
    try:
        fontconfig, library = _library("fontconfig", 1), _library("cairo", 2)
        make, add = fontconfig.FcPatternCreate, fontconfig.FcPatternAddString
        face_of = library.cairo_ft_font_face_create_for_pattern
    except (OSError, AttributeError, TypeError):
        raise RenderFault(
            "letters in a PDF need a cairo with the libraries freetype and fontconfig; leave out"
            " selectable_text, or write .svg"
        ) from None
    make.restype = face_of.restype = ctypes.c_void_p
    add.argtypes = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p
    fontconfig.FcPatternAddInteger.argtypes = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    fontconfig.FcPatternDestroy.argtypes = face_of.argtypes = (ctypes.c_void_p,)
    pattern = make()
    add(pattern, b"file", os.fsencode(file))
    fontconfig.FcPatternAddInteger(pattern, b"index", 0)
    pointer = cairo.ffi.cast("cairo_font_face_t *", face_of(pattern))
    fontconfig.FcPatternDestroy(pattern)
    return cairo.FontFace._from_pointer(pointer, incref=False)


def _library(name: str, version: int) -> ctypes.CDLL:
    """A library that is loaded already."""
    if name == "cairo" and (chosen := os.environ.get("GRADART_CAIRO")):
        return ctypes.CDLL(chosen)
    linux = sys.platform == "linux"
    return ctypes.CDLL(f"lib{name}.so.{version}" if linux else ctypes.util.find_library(name))
