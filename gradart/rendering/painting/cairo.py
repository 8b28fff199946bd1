"""Pixels and PDF, painted by cairo: one match over the marks of a page."""

import io
from collections.abc import Callable, Iterable
from typing import BinaryIO, assert_never

import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Group, Letters, Lines, Many, Mark, Raster
from gradart.drawing.style import Gradient, Style
from gradart.rendering.ink.blending import as_vectors, cell_of, summed, weight
from gradart.rendering.ink.tone import exposure_of, tone
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.path_commands import Path, trace
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.rendering.painting import strokes_by_area
from gradart.rendering.painting.cairo_groups import lay_group, paint_group
from gradart.rendering.painting.cairo_library import libcairo
from gradart.rendering.painting.cairo_pdf import show_letters, with_boxes
from gradart.rendering.painting.cairo_surfaces import (
    Context,
    Surface,
    pattern_of,
    premultiplied,
    straight,
    surface_on,
)
from gradart.rendering.painting.paint_order import steps_of
from gradart.rendering.painting.rasters import paint_raster
from gradart.types import Array

Color = list[float]  # RGBA

_POINT = 72 / 25.4  # PDF points in a millimeter
_RECORDS = np.array([2, 2, 4, 1])  # of 16 bytes: a header, then the points each command takes
_NOTED = 1 << 18  # numbers


def pixels(
    marks: list[Mark],
    grid: PixelGrid,
    paper: np.ndarray | None,
    under: np.ndarray | None = None,
    over: np.ndarray | None = None,
    *,
    by_area: bool = False,
) -> np.ndarray:
    """Paint marks placed on the page: (h, w, 4) uint8, straight RGBA.

    `paper` is an RGBA color, or None for a transparent background. What is `under` and `over` is
    painted already, as `painted` does. With `by_area` straight strokes and disks are not painted by
    cairo.
    """
    bare = under is None and over is None and paper is not None and paper[3] >= 1
    if by_area and bare and all(map(strokes_by_area.is_straight, marks)):
        return strokes_by_area.pixels(marks, grid, np.asarray(paper))
    return straight(painted(marks, grid, paper, under, over, by_area=by_area))


def painted(
    marks: list[Mark],
    grid: PixelGrid,
    paper: np.ndarray | None,
    under: np.ndarray | None = None,
    over: np.ndarray | None = None,
    *,
    by_area: bool = False,
) -> np.ndarray:
    """Paint marks over what is painted already, or on paper: cairo's own pixels.

    These are (h, w, 4) uint8, premultiplied BGRA; `under` and `over`, pictures of that kind which
    lie below and above, are left as they are. With `by_area`, see `pixels`.
    """
    if by_area and over is None and all(map(strokes_by_area.is_straight, marks)):
        return strokes_by_area.painted(marks, grid, paper, under)
    cairo = libcairo()

    def inside(marks: tuple[Mark, ...], under: np.ndarray | None) -> np.ndarray:
        return painted(list(marks), grid, None, under, by_area=by_area)

    (before, after), above = grid.beside, grid.above
    height, width = grid.size
    data = np.zeros((above + height + above, before + width + after, 4), np.uint8)
    seen = data[above : above + height, before : before + width]
    unit, corner = grid.unit, np.add(grid.corner, (before, above))
    surface = surface_on(data)
    steps = list(steps_of(marks, by_area))
    lowest = steps.pop(0)[1] if steps and steps[0][0] == "over" else []
    _lay(surface, lowest, (unit, corner), paper, under, (before, above))
    for kind, run in steps:
        if kind == "group":
            for mark in run:
                assert isinstance(mark.shape, Group)
                lay_group(surface, seen, (before, above), mark.shape, inside)
            continue
        if kind == "over":
            _paint(cairo.Context(surface), run, unit, corner, None)
            continue
        surface.flush()
        if kind == "straight":
            strokes_by_area.lay_strokes(data, run, unit, corner)
            surface.mark_dirty()
            continue
        total = summed(run, kind, grid)
        exposure = run[0].style.blend.exposure or exposure_of(total, cell_of(grid))
        below = straight(np.ascontiguousarray(seen))
        seen[:] = premultiplied(tone(total, below, kind, exposure, grid.start))
        surface.mark_dirty()
    if over is not None:
        context = cairo.Context(surface)
        context.set_source_surface(surface_on(over))
        context.paint()
    surface.flush()
    return np.ascontiguousarray(seen)


def _lay(
    surface: Surface,
    marks: list[Mark],
    where: tuple[float, np.ndarray],
    paper: np.ndarray | None,
    under: np.ndarray | None,
    start: tuple[int, int],
) -> None:
    """Paint on a clear surface: paper, or what is painted already, from `start` on, and marks.

    Where these are few, cairo notes them first and then paints them in one call, outside Python's
    lock: painters side by side would otherwise wait for each other at every stroke.
    """
    cairo = libcairo()
    size = surface.get_width(), surface.get_height()
    # On a clear ground the first mark would be rounded otherwise.
    few = _few(marks) and not (paper is None and under is None)
    noted = cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, (0, 0, *size)) if few else surface
    context = cairo.Context(noted)
    if under is not None:
        context.set_source_surface(surface_on(under), *start)
        context.paint()
    _paint(context, marks, *where, paper)
    if few:
        context = cairo.Context(surface)
        # A copy is painted straight on the surface, and not on another that is laid over it.
        context.set_operator(cairo.OPERATOR_SOURCE)
        context.set_source_surface(noted)
        context.paint()


def _few(marks: list[Mark]) -> bool:
    """Whether cairo's notes of marks are small: not of millions of points, nor of pictures."""
    pictures = any(isinstance(mark.shape, Raster) for mark in marks)
    return weight(marks) < _NOTED and not pictures


def pdf(
    marks: list[Mark],
    page: Page,
    paper: np.ndarray | None,
    file: BinaryIO,
    *,
    title: str = "",
    subject: str = "",
    day: str = "",
) -> None:
    """Write marks placed on the page to a binary file as a PDF of one page.

    Its creation date is `day`, or else in 1970, so that two runs write the same bytes.
    """
    cairo = libcairo()
    buffer = io.BytesIO()
    surface = cairo.PDFSurface(buffer, page.width * _POINT, page.height * _POINT)
    if page.cut is not None:  # newer versions hide the page in a stream
        surface.restrict_to_version(cairo.PDF_VERSION_1_4)
    surface.set_metadata(cairo.PDF_METADATA_CREATE_DATE, day or "1970-01-01T00:00:00Z")
    for field, value in (
        (cairo.PDF_METADATA_TITLE, title),
        (cairo.PDF_METADATA_SUBJECT, subject),
        (cairo.PDF_METADATA_CREATOR, "gradart"),
    ):
        if value:
            surface.set_metadata(field, value)
    _paint(cairo.Context(surface), as_vectors(marks, page), _POINT, np.zeros(2), paper)
    surface.finish()
    file.write(with_boxes(buffer.getvalue(), page, _POINT))


def _paint(
    context: Context,
    marks: Iterable[Mark],
    unit: float,
    corner: np.ndarray,
    paper: np.ndarray | None,
) -> None:
    """Paint marks, `unit` device units to the millimeter, the page's corner at `corner`.

    Points are scaled here and not by cairo, whose matrix would make every pen an ellipse to it.
    """
    cairo = libcairo()
    if paper is not None:
        context.set_source_rgba(*map(float, paper))
        context.paint()
    context.set_line_cap(cairo.LINE_CAP_ROUND)
    context.set_line_join(cairo.LINE_JOIN_ROUND)
    operators = {
        "over": cairo.OPERATOR_OVER,
        "ink": cairo.OPERATOR_MULTIPLY,
        "light": cairo.OPERATOR_SCREEN,
    }
    for mark in marks:
        context.set_operator(operators[mark.style.blend.kind])
        match mark.shape:
            case Beziers(_, _, anchor, Letters() as words):
                [(fill, _, _)] = _inks(mark.style, 1, unit)
                if fill is not None:
                    context.set_source_rgba(*fill)
                    show_letters(context, words, np.asarray(anchor) * unit + corner, unit)
            case Lines() | Beziers():
                path = trace(mark.shape)
                records, starts = pack(path, unit, corner)
                append = appender(context, records)
                apply = _applier(context, mark.style.gradient, unit, corner)
                for row, ink in enumerate(_inks(mark.style, len(starts) - 1, unit)):
                    append(starts[row], starts[row + 1])
                    apply(*ink)
            case Dots(centers, radius):
                places = (centers * unit + corner).tolist()
                sizes = np.broadcast_to(radius * unit, len(places)).tolist()
                inks = _inks(mark.style, len(places), unit)
                apply = _applier(context, mark.style.gradient, unit, corner)
                for (x, y), size, ink in zip(places, sizes, inks, strict=True):
                    if size > 0:
                        context.new_sub_path()
                        context.arc(x, y, size, 0, 2 * np.pi)
                        context.close_path()
                        apply(*ink)
            case Raster(cells, box):
                paint_raster(context, np.asarray(cells), np.asarray(box) * unit + corner, unit)
            case Group() as group:
                paint_group(
                    context,
                    group,
                    lambda marks: _paint(context, marks, unit, corner, None),
                    lambda mark: _trace(context, mark, unit, corner),
                )
            case Many():
                pass  # it adds up as ink or light, which are pixels before they come here
            case _:
                assert_never(mark.shape)
    context.new_path()  # which raises what cairo has noted of the calls before


def _trace(context: Context, mark: Mark, unit: float, corner: np.ndarray) -> None:
    """Append all rows of a mark to the context's path."""
    assert isinstance(mark.shape, Lines | Beziers), "a window is a polygon"
    records, starts = pack(trace(mark.shape), unit, corner)
    appender(context, records)(starts[0], starts[-1])


def pack(path: Path, unit: float, corner: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Return a path as cairo's records (r, 2), and where each row's begin and the last's end."""
    lengths = _RECORDS[path.commands]
    heads = np.concatenate([[0], np.cumsum(lengths)])
    records = np.zeros((heads[-1], 2))
    headers = records.view(np.int32)[:, :2]  # the type and the length
    headers[heads[:-1], 0], headers[heads[:-1], 1] = path.commands, lengths
    body = np.ones(len(records), bool)
    body[heads[:-1]] = False
    records[body] = path.points * unit + corner
    return records, heads[path.command_at].tolist()


def appender(context: Context, records: np.ndarray) -> Callable[[int, int], None]:
    """Return a function that appends the records from `start` to `stop` to the context's path.

    cairocffi's own append_path is a loop over points; this hands cairo the array's memory.
    """
    ffi, lib = libcairo().ffi, libcairo().cairo
    data = ffi.from_buffer("cairo_path_data_t[]", records)
    path, pointer = ffi.new("cairo_path_t *"), context._pointer

    def append(start: int, stop: int) -> None:
        path.data, path.num_data = data + start, stop - start
        lib.cairo_append_path(pointer, path)

    return append


def _inks(style: Style, n: int, unit: float) -> list[tuple[Color | None, Color | None, float]]:
    """Return fill, stroke and width in device units for each of n rows; None where it is unseen."""

    def colors(rgba: Array | None) -> list[Color | None]:
        if rgba is None:
            return [None] * n
        found = [c if c[3] > 0 else None for c in np.reshape(rgba, (-1, 4)).tolist()]
        return found * n if np.ndim(rgba) == 1 else found

    widths = np.broadcast_to(style.width * unit, n).tolist()
    # A width of 0 is a hairline to a PDF, and nothing here.
    strokes = [c if w > 0 else None for c, w in zip(colors(style.stroke), widths, strict=True)]
    return list(zip(colors(style.fill), strokes, widths, strict=True))


def _applier(
    context: Context, gradient: Gradient | None, unit: float, corner: np.ndarray
) -> Callable[[Color | None, Color | None, float], None]:
    """Return a function that fills and strokes the context's path, and leaves none.

    It fills with the gradient where there is one. It calls cairo itself, and sets only what has
    changed: each call takes Python's lock anew, for which the painters of a film would wait.
    """
    lib, pointer = libcairo().cairo, context._pointer
    source = pen = None
    pattern = None if gradient is None else pattern_of(gradient, unit, corner)

    def ink(color: Color) -> None:
        nonlocal source
        if color is not source:
            lib.cairo_set_source_rgba(pointer, *color)
            source = color

    def apply(fill: Color | None, stroke: Color | None, width: float) -> None:
        nonlocal pen, source
        if fill is not None:
            if pattern is None:
                ink(fill)
            else:
                context.set_source(pattern)
                source = None
            (lib.cairo_fill if stroke is None else lib.cairo_fill_preserve)(pointer)
        if stroke is not None:
            ink(stroke)
            if width != pen:
                lib.cairo_set_line_width(pointer, width)
                pen = width
            lib.cairo_stroke(pointer)
        elif fill is None:
            lib.cairo_new_path(pointer)

    return apply
