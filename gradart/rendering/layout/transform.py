"""A scene on a page: every number checked, in millimeters, cut to what the paper shows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from gradart.drawing.marks import circles
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import Gradient, Style
from gradart.errors import ArtError, warn
from gradart.rendering.layout.clipping import PAGES, SLACK, Window, cut_cells, cut_curves, cut_lines
from gradart.rendering.layout.page import Page, Placement, bounds, ink, name_of
from gradart.rendering.layout.path_commands import both, hulls
from gradart.rendering.layout.pixel_grid import View

_PAD = 1.0  # mm beyond a stroke's width, so that what a cut leaves behind stays off the paper
_EXACT = 0.01  # mm beyond an exact cut in which curves may end: no plotter steps as finely
_OVERSHOOT = 0.01  # of a color, by rounding or a spline; no eye can tell
_HUGE = 1e307  # a sum of a few of these is still finite


def place(
    scene: Scene,
    placement: Placement,
    page: Page,
    view: View | None = None,
    *,
    letters: bool = False,
    exact: bool = False,
) -> list[Mark]:
    """Return the scene's marks in millimeters from the page's top left corner, y down.

    They hold float64 arrays: Beziers without an anchor, Raster with its first row on top. What
    lies off the page is cut away; with a view, what lies off that. With `letters`, type of which
    some lies on the page is still known as such, whole, and has its anchor. Of a clipped scene all
    that is left is in one group of the mode "clip"; if that is to be `exact`, what is in it is cut
    at the scene's box, as pens need it, and not just beyond.
    Raises ArtError for an infinite point, and for a width, radius or color that is NaN, infinite or
    negative, naming the mark; warns of marks without a point.
    """
    paper(scene)
    if not scene.marks:
        warn("the scene has no marks: the paper is blank")
    left, top, width, height = view or (0.0, 0.0, page.width, page.height)
    shift = np.array([placement.dx, placement.dy])
    seen = np.array([(left, top), (left + width, top + height)])
    if scene.clip:
        corners = np.asarray(scene.box, float) * (placement.scale, -placement.scale) + shift
        corners = np.stack([corners.min(0), corners.max(0)])
        if (corners[0] == corners[1]).any():
            message = "the scene is clipped to a box of no area: nothing is drawn"
            warn(message)
        seen = np.stack([np.maximum(seen[0], corners[0]), np.minimum(seen[1], corners[1])])
        if not (seen[0] < seen[1]).all():
            return []
    widest = PAGES * max(page.width, page.height)
    lay = _Laying(placement.scale, shift, seen, widest, exact and scene.clip)
    found = [
        placed
        for index, mark in enumerate(scene.marks)
        for placed in _place(mark if letters else _outline(mark), name_of(index, mark), lay)
    ]
    return [_clipped(found, corners)] if scene.clip and found else found


def _clipped(marks: list[Mark], box: Window) -> Mark:
    """Placed marks that are seen in a box (2, 2) alone."""
    (x0, y0), (x1, y1) = box
    outline = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])
    window = Mark(Lines(outline, True), Style(None, np.array(0.0), np.ones(4)))
    group = Group(tuple(marks), (window,), np.array(1.0), "clip")
    return Mark(group, Style(None, np.array(0.0), None))


@dataclass(frozen=True)
class _Laying:
    """How marks are laid on the page: scaled, shifted in mm, cut to what is seen of it, in mm too.

    What is inked in mm may be as wide as `widest`. Where the cut is `exact` no stroke leaves what
    is seen; else it ends beyond, so that its own end is not.
    """

    scale: float
    shift: np.ndarray
    seen: Window
    widest: float
    exact: bool

    def window(self, pen: float) -> Window:
        """What a pen of some width is cut to, before the shift."""
        pad = 0.0 if self.exact else pen + _PAD
        return self.seen + np.array([[-pad], [pad]]) - self.shift


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
    if isinstance(shape, Group):
        inside = tuple(part for one in shape.marks for part in _touching(one, seen))
        if inside:
            yield replace(mark, shape=replace(shape, marks=inside))
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


def _place(mark: Mark, what: str, lay: _Laying) -> Iterator[Mark]:
    style = _checked(mark.style, what, lay.widest)
    flip, shift = np.array([lay.scale, -lay.scale]), lay.shift
    if style.gradient is not None:
        style = replace(style, gradient=_on_page(style.gradient, flip, shift, what))
    pen = 0.0 if style.stroke is None else float(np.max(style.width, initial=0.0))
    # Cut before the shift: a line through the origin from 1e300 to -1e300 has no digits left
    # for it afterwards.
    window = lay.window(pen)
    shape = mark.shape
    match shape:
        case Group():
            if (group := _grouped(shape, what, lay)) is not None:
                yield Mark(group, style)
            return
        case Many(block, count):

            def marks(index: int) -> tuple[Mark, ...]:
                return tuple(placed for part in block(index) for placed in _place(part, what, lay))

            yield Mark(Many(marks, count), style)
            return
        case Raster(pixels, box):
            corners = np.asarray(box, float)
            if not np.isfinite(corners).all():
                raise ArtError(f"{what}: its box must be finite, not {corners.tolist()}")
            cells = cut_cells(_colors(pixels, what), _product(corners, flip), what, window, shift)
            yield from (replace(m, style=replace(m.style, layer=style.layer)) for m in cells)
            return
        case Dots(at, radius):
            blank = bounds(at, what) is None
            sizes = _limited(ink(radius, f"{what}: radius"), f"{what}: radius", lay.widest)
            if not blank and lay.exact:
                yield from _cut_dots(_product(at, flip), sizes, style, window, lay)
            elif not blank:
                yield from _dots(_product(at, flip), sizes, style, window, shift)
        case Beziers(points, _, anchor) if anchor is not None:
            blank = bounds(anchor, f"{what}: at") is None
            if not blank and bounds(points, what) is not None:  # spaces have no outline
                rows = _product(anchor, flip) + np.asarray(points, float) * (1, -1)
                parts = tuple(_paths(shape, rows, style, window, lay))
                if parts and shape.letters is not None:  # the page's edge cuts what is off it
                    foot = _product(anchor, flip) + shift
                    yield replace(parts[0], shape=replace(shape, points=rows + shift, anchor=foot))
                else:
                    yield from parts
        case Lines(points) | Beziers(points):
            blank = bounds(points, what) is None
            if not blank:
                yield from _paths(shape, _product(points, flip), style, window, lay)
        case _:
            assert_never(shape)
    if blank:
        warn(f"{what} has no point: nothing is drawn")


def _grouped(group: Group, what: str, lay: _Laying) -> Group | None:
    """A group on the page; None where nothing of it is seen."""
    opacity = np.asarray(group.alpha, float)
    if not 0 <= opacity <= 1:
        raise ArtError(f"{what}: alpha lies in [0, 1], this one is {opacity:g}")

    if not group.marks or group.mask == ():
        message = (
            f"{what}: {'its mask is empty' if group.marks else 'it is empty'}, nothing is drawn"
        )
        warn(message)

    def placed(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        named = [(mark, f"{what}, {name_of(index, mark)}") for index, mark in enumerate(marks)]
        return tuple(part for mark, name in named for part in _place(mark, name, lay))

    marks = placed(group.marks)
    mask = None if group.mask is None else placed(group.mask)
    return None if not marks or mask == () else Group(marks, mask, opacity, group.mode)


def _outline(mark: Mark) -> Mark:
    """A mark that no longer knows that it is type."""
    if isinstance(mark.shape, Group):
        inside = tuple(map(_outline, mark.shape.marks))
        cover = mark.shape.mask and tuple(map(_outline, mark.shape.mask))
        return replace(mark, shape=replace(mark.shape, marks=inside, mask=cover))
    if isinstance(mark.shape, Beziers) and mark.shape.letters is not None:
        return replace(mark, shape=replace(mark.shape, letters=None))
    return mark


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
        raise ArtError(f"{what} of {top:g} mm is wider than {PAGES} pages; it is in millimeters")
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
    shape: Lines | Beziers, rows: np.ndarray, style: Style, window: Window, lay: _Laying
) -> Iterator[Mark]:
    shift = lay.shift
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
            if isinstance(shape, Lines):
                points, came = cut_lines(rows[outer], shape.closed, window, fill=fill)
            else:
                slack = _EXACT if lay.exact else SLACK
                points, came = cut_curves(rows[outer], shape.closed, window, fill=fill, slack=slack)
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


def _cut_dots(
    places: np.ndarray, radius: np.ndarray, style: Style, window: Window, lay: _Laying
) -> Iterator[Mark]:
    """Dots in a window, and as outlines those that its border cuts; all, row for row."""
    reach = np.broadcast_to(radius, len(places))[:, None]
    whole = both((places - reach >= window[0]) & (places + reach <= window[1]))
    rings = circles(np.nan_to_num(places), reach[:, 0]).shape
    assert isinstance(rings, Beziers), "circles are pieces of curves"
    for group in np.split(np.arange(len(places)), np.flatnonzero(np.diff(whole)) + 1):
        some = _pick(style, group)
        if whole[group].all():
            yield Mark(Dots(places[group] + lay.shift, reach[group, 0]), some)
        else:
            lost = np.isnan(places[group]).any(-1)[:, None, None]
            rows = np.where(lost, np.nan, np.asarray(rings.points)[group])
            yield from _paths(rings, rows, some, window, lay)
