"""What cairo has no words for in a PDF: letters of an embedded font, and boxes where it is cut."""

import ctypes
import ctypes.util
import os
import re
import sys
from functools import cache
from pathlib import Path

import numpy as np

from gradart.drawing.lettering.fonts import face
from gradart.drawing.lettering.text import letter_places
from gradart.drawing.shapes import Letters
from gradart.errors import RenderFault
from gradart.rendering.layout.page import Page
from gradart.rendering.painting.cairo_library import libcairo
from gradart.rendering.painting.cairo_surfaces import Context, FontFace

_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}  # of a line that lies left of its anchor
_PAGE = re.compile(rb"(\d+) 0 obj\n(<< /Type /Page\b.*?\nendobj\n)", re.DOTALL)
_MEDIA = re.compile(rb"/MediaBox \[[^\]]*\]")
_TRAILER = re.compile(rb"trailer\n<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL)


def show_letters(context: Context, letters: Letters, anchor: np.ndarray, unit: float) -> None:
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
def _font_face(file: Path) -> FontFace:
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


def with_boxes(data: bytes, page: Page, unit: float) -> bytes:
    """A PDF of cairo's, of one page, that says where the sheet is cut and how far it bleeds.

    `unit` points are a millimeter. It is said in what PDF calls an incremental update (ISO 32000-1,
    7.5.6 and 14.11.2): the page's object once more, after the end, and where it is.
    """
    if page.cut is None:
        return data
    boxes = b""
    for name, inset in ("Trim", page.cut.around), ("Bleed", page.cut.around - page.cut.bleed):
        corners = inset, inset, page.width - inset, page.height - inset
        numbers = " ".join(f"{unit * corner:.6f}" for corner in corners)
        boxes += f"\n   /{name}Box [ {numbers} ]".encode()
    found, trailer = _PAGE.search(data), _TRAILER.search(data)
    assert found is not None, "cairo writes the page in the open where it is told to be PDF 1.4"
    assert trailer is not None, "cairo ends a PDF by a trailer"
    (number, body), (said, before) = found.groups(), trailer.groups()
    again = number + b" 0 obj\n" + _MEDIA.sub(lambda media: media[0] + boxes, body, count=1)
    table = b"xref\n%s 1\n%010d 00000 n \n" % (number, len(data))
    pointers = b"trailer\n<<%s/Prev %s\n>>\nstartxref\n" % (said, before)
    return data + again + table + pointers + b"%d\n%%%%EOF\n" % len(data + again)
