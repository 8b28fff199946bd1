"""One scene through every painter, watched: what reaches cairo, and what stands in the files."""

import io
import re
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PIL import Image

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.rendering.formats.png import without_alpha, write_png
from gradart.rendering.layout.page import Page, fit, pixel_size
from gradart.rendering.layout.pixel_grid import pixel_grid
from gradart.rendering.layout.transform import paper as ground
from gradart.rendering.layout.transform import place
from gradart.rendering.painting import cairo
from gradart.rendering.painting.cairo_library import libcairo
from gradart.rendering.vector.svg_elements import svg

FARTHEST = 1.6e5  # device units; from there on cairo's fixed point goes wrong
_CALLS = ("set_source_rgba", "arc", "set_line_width", "translate", "scale", "rectangle")
_CALLS += ("set_source_surface",)
# What no file may hold: NaN, infinity, a number of a million or more, with an exponent or without.
_WRONG = re.compile(rb"(?i)(?<![a-z])(?:nan|inf(?:inity)?)(?![a-z])|\de\+?\d|(?<![.\d])\d{7}")


# Streams of a PDF without numbers of ink; from cairo 1.18 on dates and offsets have their own.
_NO_DRAWING = b"/Image", b"/Length1", b"/ObjStm", b"/XRef"
_COLOR = re.compile("none|#[0-9a-f]{6}")


class Wrong(AssertionError):
    """A number that should not have come so far."""


def check(
    scene: Scene, page: Page, px: int, transparent: bool, starts: Callable[[], Any] = bool
) -> bool:
    """Draw a scene as PNG, SVG and PDF; raise Wrong for a number that is not finite or too far.

    Returns whether there was anything to draw. `starts` is called before each file.
    """
    marks = place(scene, fit([scene], page), page)
    for mark in marks:
        _check_mark(mark, page)
    paper = None if transparent else ground(scene)
    with watched():
        picture = cairo.pixels(marks, pixel_grid(page, px), paper)
        _check_png(picture, pixel_size(page, px))
        starts()
        file = io.BytesIO()
        cairo.pdf(marks, page, paper, file, title="fuzz", subject='{"seed":1}')
    _check_pdf(file.getvalue())
    starts()
    _check_svg(svg(marks, page, paper, title="fuzz", metadata='{"seed":1}'))
    return bool(marks)


def _finite(values: Any, what: str, most: float, lifted: bool = False) -> None:
    numbers = np.asarray(values)
    if numbers.dtype != np.float64:
        raise Wrong(f"{what} is {numbers.dtype}")
    if lifted:  # a NaN, or half of one, lifts the pen
        numbers = numbers[~np.isnan(numbers).any(-1)]
    if not (np.abs(numbers) <= most).all():
        raise Wrong(f"{what} is {numbers[~(np.abs(numbers) <= most)][0]}, more than {most:g}")


def _check_mark(mark: Mark, page: Page) -> None:
    side = max(page.width, page.height)
    width = np.asarray(mark.style.width)
    _finite(width, "width", 4 * side)
    reach = 5 * side + 4  # the page, and the widest stroke around it
    match mark.shape:
        case Lines(points):
            _finite(points, "point", reach, lifted=True)
        case Beziers(points):
            _finite(points, "point", reach, lifted=not np.isnan(points).all())
        case Dots(centers, radius):
            _finite(radius, "radius", 4 * side)
            _finite(centers, "center", reach + float(np.max(radius, initial=0.0)))
        case Many(block, count):
            for index in range(count):
                for part in block(index):
                    _check_mark(part, page)
        case Group(marks, mask):
            for part in (*marks, *(mask or ())):
                _check_mark(part, page)
        case Raster(pixels, box):
            _finite(pixels, "pixels", 1.0)
            _finite(box, "box", 5 * 4 * (side + 6))
    for color in (mark.style.stroke, mark.style.fill):
        if color is not None:
            _finite(color, "color", 1.0)


@contextmanager
def watched() -> Iterator[None]:
    """While it lasts, every number that is handed to cairo is looked at first."""
    module: Any = libcairo()
    pack = cairo.pack
    plain = module.Context

    def guard(name: str) -> Callable[..., Any]:
        call = getattr(plain, name)

        def guarded(self: Any, *args: Any) -> Any:
            numbers = [x for x in args if isinstance(x, int | float | np.number)]
            if not all(abs(x) <= FARTHEST for x in numbers):
                raise Wrong(f"cairo's {name} gets {numbers}")
            if name == "scale" and not all(abs(x) > 0 for x in numbers):
                raise Wrong(f"cairo's scale gets {numbers}")
            return call(self, *args)

        return guarded

    def packed(*args: Any) -> Any:
        records, starts = pack(*args)
        body = np.ones(len(records), bool)
        heads = np.concatenate([[0], np.cumsum(cairo._RECORDS[args[0].commands])])[:-1]
        body[heads.astype(int)] = False
        if not (np.abs(records[body]) <= FARTHEST).all():
            raise Wrong(f"a path goes to {np.abs(records[body]).max()}")
        return records, starts

    module.Context = type("Context", (plain,), {name: guard(name) for name in _CALLS})
    cairo.pack = packed
    try:
        yield
    finally:
        module.Context, cairo.pack = plain, pack


def _check_png(picture: np.ndarray, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    write_png(file, without_alpha(picture))
    with Image.open(io.BytesIO(file.getvalue())) as image:
        if image.size != size or not np.array_equal(image.convert("RGBA"), picture):
            raise Wrong("the PNG is another picture")


def check_numbers(data: bytes, what: str) -> None:
    if found := _WRONG.search(data):
        raise Wrong(f"{what}: {data[max(0, found.start() - 40) : found.end() + 20]!r}")


def _check_svg(text: str) -> None:
    for element in ET.fromstring(text.encode()).iter():
        for name, value in element.attrib.items():
            if name in ("d", "cx", "cy", "r", "x", "y", "width", "height", "stroke-width"):
                check_numbers(value.encode(), f"SVG {name}")
            if name in ("fill", "stroke") and not _COLOR.fullmatch(value):
                raise Wrong(f"SVG {name} is {value}")
            if name.endswith("opacity") and not 0 <= float(value) <= 1:
                raise Wrong(f"SVG {name} is {value}")


def _check_pdf(data: bytes) -> None:
    if not (data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF")):
        raise Wrong("the PDF is cut off")
    streams = re.finditer(rb"<<([^>]*)>>\s*stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    for head, body in (match.groups() for match in streams):
        if b"FlateDecode" in head and not any(kind in head for kind in _NO_DRAWING):
            # Not zlib.decompress: the last byte of the data may look like the line's end.
            check_numbers(zlib.decompressobj().decompress(body), "PDF")
