"""A scene on a page: every number checked, in millimeters, cut to what the paper shows."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

import numpy as np

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Lines, Many, Mark, Raster
from gradart.drawing.style import Gradient, Style
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.layout.clipping import Window, cut_curves, cut_lines
from gradart.rendering.layout.page import Page, Placement, bounds, ink, name_of
from gradart.rendering.layout.path_commands import both, hulls
from gradart.rendering.layout.pixel_grid import View

_PAD = 1.0  # mm beyond a stroke's width, so that what a cut leaves behind stays off the paper
_PAGES = 4  # nothing inked in mm is wider than this many pages: cairo counts in fixed point
_SEEN = 1e-6  # mm; a picture less wide cannot be seen, nor its matrix be inverted
_OVERSHOOT = 0.01  # of a color, by rounding or a spline; no eye can tell
_HUGE = 1e307  # a sum of a few of these is still finite


def place(
    scene: Scene,
    placement: Placement,
    page: Page,
    view: View | None = None,
    *,
    letters: bool = False,
) -> list[Mark]:
    """Return the scene's marks in millimeters from the page's top left corner, y down.

    They hold float64 arrays: Beziers without an anchor, Raster with its first row on top. What
    lies off the page is cut away; with a view, what lies off that. With `letters`, type that lies
    on the page wholly is still known as such, and has its anchor. Raises ArtError for an infinite
    point, and for a width, radius or color that is NaN, infinite or negative, naming the mark;
    warns of marks without a point.
    """
    paper(scene)
    if not scene.marks:
        warnings.warn("the scene has no marks: the paper is blank", ArtWarning, stacklevel=2)
    left, top, width, height = view or (0.0, 0.0, page.width, page.height)
    shift = np.array([placement.dx, placement.dy])
    seen = np.array([(left, top), (left + width, top + height)])
    widest = _PAGES * max(page.width, page.height)
    return [
        placed
        for index, mark in enumerate(scene.marks)
        for placed in _place(
            mark if letters else _outline(mark),
            *(name_of(index, mark), placement.scale, shift, seen, widest),
        )
    ]


def touching(marks: list[Mark], view: View) -> list[Mark]:
    """Return placed marks without those rows that lie off a view, and with all others uncut.

    All of ink and light is kept: how finely a curve is drawn of it depends on its other rows.
    """
    left, top, width, height = view
    seen = np.array([(left, top), (left + width, top + height)])
    return [part for mark in marks for part in _touching(mark, seen)]


def _touching(mark: Mark, seen: Window) -> Iterator[Mark]:
    shape, style = mark.shape, mark.style
    if isinstance(shape, Raster | Many) or style.blend.kind != "over":
        yield mark
        return
    pad = np.array([[-_PAD], [_PAD]])
    if style.stroke is not None:
        pad = pad * (1 + float(np.max(style.width, initial=0.0)) / _PAD)
    if isinstance(shape, Dots):
        places, radius = np.asarray(shape.centers), np.asarray(shape.radius)
        yield from _dots(places, radius, style, seen + pad, np.zeros(2))
        return
    points = np.asarray(shape.points)
    low, high = hulls(points)
    rows = np.flatnonzero(both((high >= seen[0] + pad[0]) & (low <= seen[1] + pad[1])))
    if len(rows):
        yield Mark(_like(shape, points[rows], shape.closed), _pick(style, rows))


def paper(scene: Scene) -> np.ndarray:
    """Return the color of a scene's paper, (4,) in [0, 1]; ArtError if it is none."""
    return _colors(scene.paper, "paper")


def _place(
    mark: Mark, what: str, scale: float, shift: np.ndarray, seen: Window, widest: float
) -> Iterator[Mark]:
    style = _checked(mark.style, what, widest)
    flip = np.array([scale, -scale])
    if style.gradient is not None:
        style = replace(style, gradient=_on_page(style.gradient, flip, shift, what))
    pen = 0.0 if style.stroke is None else float(np.max(style.width, initial=0.0))
    pad = pen + _PAD
    # Cut before the shift: a line through the origin from 1e300 to -1e300 has no digits left
    # for it afterwards.
    window = seen + np.array([[-pad], [pad]]) - shift
    shape = mark.shape
    match shape:
        case Many(block, count):

            def marks(index: int) -> tuple[Mark, ...]:
                return tuple(
                    placed
                    for part in block(index)
                    for placed in _place(part, what, scale, shift, seen, widest)
                )

            yield Mark(Many(marks, count), style)
            return
        case Raster(pixels, box):
            corners = np.asarray(box, float)
            if not np.isfinite(corners).all():
                raise ArtError(f"{what}: its box must be finite, not {corners.tolist()}")
            cells = _raster(_colors(pixels, what), _product(corners, flip), what, window, shift)
            yield from (replace(m, style=replace(m.style, layer=style.layer)) for m in cells)
            return
        case Dots(at, radius):
            blank = bounds(at, what) is None
            sizes = _limited(ink(radius, f"{what}: radius"), f"{what}: radius", widest)
            if not blank:
                yield from _dots(_product(at, flip), sizes, style, window, shift)
        case Beziers(points, _, anchor) if anchor is not None:
            blank = bounds(anchor, f"{what}: at") is None
            if not blank and bounds(points, what) is not None:  # spaces have no outline
                rows = _product(anchor, flip) + np.asarray(points, float) * (1, -1)
                parts = _paths(shape, rows, style, window, shift)
                foot = _product(anchor, flip) + shift
                yield from (_lettered(part, shape, foot) for part in parts)
        case Lines(points) | Beziers(points):
            blank = bounds(points, what) is None
            if not blank:
                yield from _paths(shape, _product(points, flip), style, window, shift)
        case _:
            assert_never(shape)
    if blank:
        warnings.warn(f"{what} has no point: nothing is drawn", ArtWarning, stacklevel=2)


def _outline(mark: Mark) -> Mark:
    """A mark that no longer knows that it is type."""
    if isinstance(mark.shape, Beziers) and mark.shape.letters is not None:
        return replace(mark, shape=replace(mark.shape, letters=None))
    return mark


def _lettered(placed: Mark, shape: Beziers, foot: np.ndarray) -> Mark:
    """A placed mark that knows what its outlines say, if all of them are there."""
    outline = placed.shape
    if shape.letters is None or not isinstance(outline, Beziers):
        return placed
    if np.shape(outline.points) != np.shape(shape.points):
        return placed
    return replace(placed, shape=replace(outline, anchor=foot, letters=shape.letters))


def _product(points: object, flip: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.clip(np.asarray(points, float) * flip, -_HUGE, _HUGE)


def _checked(style: Style, what: str, widest: float) -> Style:
    width = _limited(ink(style.width, f"{what}: width"), f"{what}: width", widest)
    stroke = None if style.stroke is None else _colors(style.stroke, f"{what}: stroke")
    fill = None if style.fill is None else _colors(style.fill, f"{what}: fill")
    return replace(style, stroke=stroke, width=width, fill=fill)


def _on_page(gradient: Gradient, flip: np.ndarray, shift: np.ndarray, what: str) -> Gradient:
    """A gradient in millimeters on the page, its numbers checked."""
    ends = _product(gradient.ends, flip) + shift
    if not (np.isfinite(ends).all() and (ends[0] != ends[1]).any()):
        raise ArtError(f"{what}: its gradient must run from one finite point to another")
    return replace(gradient, ends=ends, stops=_colors(gradient.stops, f"{what}: fill"))


def _limited(sizes: np.ndarray, what: str, widest: float) -> np.ndarray:
    if (top := np.max(sizes, initial=0.0)) > widest:
        raise ArtError(f"{what} of {top:g} mm is wider than {_PAGES} pages; it is in millimeters")
    return sizes


def _colors(values: object, what: str) -> np.ndarray:
    rgba = np.asarray(values, float)
    wrong = ~((rgba >= -_OVERSHOOT) & (rgba <= 1 + _OVERSHOOT))
    if wrong.any():
        first, remedy = rgba[wrong][0], ""
        if np.isfinite(first):
            bytes_ = 2 <= np.nanmax(rgba) <= 255 and np.nanmin(rgba) >= 0
            remedy = "; divide by 255" if bytes_ else "; write jnp.clip(x, 0, 1)"
        raise ArtError(f"{what}: a color's numbers lie in [0, 1], this one is {first:g}{remedy}")
    return np.clip(rgba, 0.0, 1.0)


def _pick(style: Style, rows: np.ndarray) -> Style:
    """Return a mark's style for only some of its rows, by their numbers."""

    def pick(values: np.ndarray, axes: int) -> np.ndarray:
        return values[rows] if values.ndim > axes else values

    stroke = None if style.stroke is None else pick(np.asarray(style.stroke), 1)
    fill = None if style.fill is None else pick(np.asarray(style.fill), 1)
    return replace(style, stroke=stroke, width=pick(np.asarray(style.width), 0), fill=fill)


def _paths(
    shape: Lines | Beziers, rows: np.ndarray, style: Style, window: Window, shift: np.ndarray
) -> Iterator[Mark]:
    low, high = hulls(rows)
    within = both((low >= window[0]) & (high <= window[1]))
    if within.all():
        yield Mark(_like(shape, rows + shift, shape.closed), style)
        return
    index = np.flatnonzero(both((high >= window[0]) & (low <= window[1])))  # not where all is NaN
    groups, outer = [index], index
    if style.fill is not None and style.stroke is not None:
        # Row for row the fill and then the stroke, so that those which are cut come one by one.
        alone = ~within[index]
        groups = np.split(index, np.flatnonzero(alone[1:] | alone[:-1]) + 1)
        outer = index[alone]
    cuts = []
    for fill, part in (True, replace(style, stroke=None)), (False, replace(style, fill=None)):
        if len(outer) and (part.fill if fill else part.stroke) is not None:
            cut = cut_lines if isinstance(shape, Lines) else cut_curves
            points, came = cut(rows[outer], shape.closed, window, fill=fill)
            cuts.append((fill, part, points, outer[came]))
    for group in filter(len, groups):
        if within[group].all():
            whole = _like(shape, rows[group] + shift, shape.closed)
            yield Mark(whole, _pick(style, group))
            continue
        for fill, part, points, came in cuts:
            some = slice(*np.searchsorted(came, [group[0], group[-1] + 1]))
            if len(came[some]):
                yield Mark(_like(shape, points[some] + shift, fill), _pick(part, came[some]))


def _like(shape: Lines | Beziers, rows: np.ndarray, closed: bool) -> Lines | Beziers:
    return Lines(rows, closed) if isinstance(shape, Lines) else Beziers(rows, closed)


def _dots(
    places: np.ndarray, radius: np.ndarray, style: Style, window: Window, shift: np.ndarray
) -> Iterator[Mark]:
    reach = radius[..., None]
    seen = both((places + reach >= window[0]) & (places - reach <= window[1]))
    index = np.flatnonzero(seen)
    if not len(index):
        return
    sizes = radius[index] if radius.ndim else radius
    yield Mark(Dots(places[index] + shift, sizes), _pick(style, index))


def _raster(
    pixels: np.ndarray, box: np.ndarray, what: str, window: Window, shift: np.ndarray
) -> Iterator[Mark]:
    """Yield the cells of a picture that the page shows, upright."""
    for axis in (0, 1):
        if box[0, axis] > box[1, axis]:
            pixels, box = np.flip(pixels, 1 - axis), box.copy()
            box[:, axis] = box[::-1, axis]
    count = np.array(pixels.shape[1::-1])
    cell = (box[1] - box[0]) / count
    if not (cell > 0).all():
        raise ArtError(f"{what}: its box has no area; write ((x0, y0), (x1, y1))")
    # Two cells more on every side: smoothing looks at the neighbors.
    with np.errstate(over="ignore"):
        first = np.clip(np.floor((window[0] - box[0]) / cell) - 2, 0, count).astype(int)
        last = np.clip(np.ceil((window[1] - box[0]) / cell) + 2, 0, count).astype(int)
    if (first >= last).any():
        return
    shown = pixels[first[1] : last[1], first[0] : last[0]]
    if (cell <= _PAGES * (window[1] - window[0])).all():
        corners = np.stack([box[0] + first * cell, box[0] + last * cell]) + shift
        if (corners[1] - corners[0] > _SEEN).all():
            yield Mark(Raster(shown, corners), Style(None, np.array(0.0), None))
        return
    # Cells larger than the page, each as the rectangle that is seen of it.
    for row, column in np.ndindex(shown.shape[:2]):
        corner = box[0] + np.add(first, (column, row)) * cell
        (x0, y0), (x1, y1) = np.clip([corner, corner + cell], *window) + shift
        outline = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])
        yield Mark(Lines(outline, True), Style(None, np.array(0.0), shown[row, column]))
