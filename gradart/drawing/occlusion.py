"""Hidden lines: strokes cut away where they lie behind filled shapes, as a pen plotter needs it."""

from dataclasses import replace
from itertools import accumulate

import numpy as np

from gradart.calculus.checks import outside
from gradart.calculus.present_values import present
from gradart.drawing.scene import Drawable, flat
from gradart.drawing.shapes import Beziers, Dots, Lines, Many, Mark
from gradart.errors import ArtError
from gradart.geometry.covers import Cover
from gradart.geometry.cubic_strokes import joined, strokes
from gradart.geometry.cutting import cut
from gradart.geometry.paths import padded


def occlude(*marks: Drawable) -> list[Mark]:
    """Marks as a pen draws them: what lies behind filled shapes is cut away, and no fill is left.

    `marks` come from back to front, as in `scene`, nested lists and scenes too; of the rows of a
    mark the later lie in front. A row hides by the inside of its `fill`, whatever its color,
    unless that is None or its alpha is 0. What is given back are the strokes in the same order,
    with their colors and widths; a shape that has no stroke hides, and is gone itself. So
    `fill="white"` for shapes that are seen as outlines, and `ga.polygons` for what only hides.

    Polylines stay polylines, and cubic curves cubic, both cut at the crossing itself, to 1e-9 of
    the drawing. Where two outlines are the same, the front one stays. Dots are left out if their
    centers are hidden; else they, texts, pictures, groups and `ga.many` stay as they are and hide
    nothing, since how large they will be in the artist's units is not known here. ArtError for
    infinite points. Ten thousand shapes take some seconds.

    >>> rings = ga.circles(ga.scatter(jax.random.key(1), 40, box=((0, 0), (3, 2))), 0.4, fill="w")
    >>> ga.scene(ga.occlude(rings))
    """
    given = list(flat(list(marks)))
    outside("occlude", [mark.shape for mark in given if not isinstance(mark.shape, Many)])
    blocks = [_rows(mark) for mark in given]
    first = list(accumulate(map(len, blocks), initial=0))
    filled, drawn = np.zeros((2, first[-1]), bool)
    for mark, begin, end in zip(given, first, first[1:], strict=False):
        drawn[begin:end] = mark.style.stroke is not None
        if mark.style.fill is not None and begin < end:
            filled[begin:end] = np.asarray(present(mark.style.fill))[..., 3] > 0
    cubic = [isinstance(mark.shape, Beziers) for mark in given]
    closed = [isinstance(mark.shape, Lines | Beziers) and mark.shape.closed for mark in given]
    lines = strokes(blocks, cubic=cubic, closed=closed)
    front = Cover.of(lines.chosen(filled[lines.row]), lines.extent)
    shown = cut(lines, front, drawn=drawn, edges=filled, inside=False)
    found: list[Mark] = []
    for mark, bent, begin, end in zip(given, cubic, first, first[1:], strict=False):
        match mark.shape:
            case Dots(centers):
                places = np.asarray(present(centers), float)
                hidden = front.hides(places, np.full(len(places), begin - 1))
                dots = replace(mark.shape, centers=np.where(hidden[:, None], np.nan, places))
                found.append(replace(mark, shape=dots) if hidden.any() else mark)
            case Lines() | Beziers() if begin < end:
                left = [joined(shown[n], bent) for n in range(begin, end)]
                if mark.style.stroke is not None and any(map(len, left)):
                    shape = replace(mark.shape, points=padded(left, (len(left),)), closed=False)
                    found.append(Mark(shape, replace(mark.style, fill=None)))
            case _:
                found.append(mark)
    return found


def _rows(mark: Mark) -> np.ndarray:
    """The rows (n, m, 2) of a mark whose points are in the artist's units, as they are now."""
    match mark.shape:
        case Lines(points) | Beziers(points, anchor=None):
            rows = np.asarray(present(points), float)
            if np.isinf(rows).any():
                raise ArtError("occlude has an infinite point: write NaN where the pen lifts")
            return rows
        case _:
            return np.empty((0, 4, 2))
