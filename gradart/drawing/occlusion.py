"""Hidden lines: strokes cut away where they lie behind filled shapes, as a pen plotter needs it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import assert_never

import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import outside
from gradart.calculus.programs.present_values import moves, present
from gradart.drawing.scene import Drawable, flat
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.errors import ArtError
from gradart.geometry.paths.covers import Cover
from gradart.geometry.paths.cubic_strokes import strokes
from gradart.geometry.paths.cut_derivatives import moving_parts
from gradart.geometry.paths.cutting import as_paths, kept_parts
from gradart.types import Array


def occlude(*marks: Drawable) -> list[Mark]:
    """Marks as a pen draws them: what lies behind filled shapes is cut away, and no fill is left.

    `marks` come from back to front, as in `scene`, nested lists and scenes too; of the rows of a
    mark the later lie in front. A row hides by the inside of its `fill`, whatever its color,
    unless that is None or its alpha is 0. What is given back are the strokes in the same order,
    with their colors, widths and layers; a shape that has no stroke hides, and is gone itself. So
    `fill="white"` for shapes that are seen as outlines, and `ga.polygons` for what only hides.

    Polylines stay polylines, and cubic curves cubic, both cut at the crossing itself, to 1e-9 of
    the drawing, also where they graze one another; what is no farther in than that is a touch.
    Where two outlines are the same, the front one stays. Dots are left out if their centers are
    hidden; else they, texts, pictures and `ga.many` stay as they are and hide nothing, since how
    large they will be in the artist's units is not known here. Differentiated, the ends go with the
    outlines that cut them.

    The marks of a group hide and are hidden in their place, and stay in their group. Its mask cuts
    them, and what they hide, by the insides of its polygons and curves, and is gone. A group that
    is blended is refused, for what it hides depends on colors; so is a mask that is not opaque, and
    text or a picture behind one. ArtError for these, and for infinite points. Ten thousand shapes
    take some seconds.

    >>> rings = ga.circles(ga.scatter(jax.random.key(1), 40, box=((0, 0), (3, 2))), 0.4, fill="w")
    >>> ga.scene(ga.occlude(rings))
    """
    given = list(flat(list(marks)))
    found = _Leaves()
    found.add(given)
    leaves = found.marks
    outside("occlude", [mark.shape for mark in leaves if not isinstance(mark.shape, Many)])
    blocks = [_rows(mark) for mark in leaves]
    first = list(accumulate(map(len, blocks), initial=0))
    edges, drawn = np.zeros((2, first[-1]), bool)
    for mark, hides, (begin, end) in zip(leaves, found.hides, pairwise(first), strict=True):
        if isinstance(mark.shape, Lines | Beziers) and begin < end:
            drawn[begin:end] = mark.style.stroke is not None
            if mark.style.fill is not None and hides:
                edges[begin:end] = np.asarray(present(mark.style.fill))[..., 3] > 0
    cubic = [isinstance(mark.shape, Beziers) for mark in leaves]
    closed = [isinstance(mark.shape, Lines | Beziers) and mark.shape.closed for mark in leaves]
    lines = strokes(blocks, cubic=cubic, closed=closed)
    front = Cover.of(lines.chosen(edges[lines.row]), lines.extent)
    front = front.masked([(first[i], first[j], first[k]) for i, j, k in found.masks])
    kept = kept_parts(lines, front, drawn=drawn, edges=edges, inside=False)
    shown = kept.pieces()
    given_rows = [_given(mark, block) for mark, block in zip(leaves, blocks, strict=True)]
    moving = moving_parts(blocks, given_rows, cubic, kept) if moves(given_rows) else None
    left: list[Mark | None] = []
    for mark, block, (begin, end) in zip(leaves, blocks, pairwise(first), strict=True):
        match mark.shape:
            case Dots() if begin < end:
                hidden = front.hides(block[:, 0], np.arange(begin, end))
                away, at = hidden[:, None], mark.shape.centers
                seen_at = jnp.where(away, np.nan, at) if moves(at) else np.where(away, np.nan, at)
                dots = replace(mark.shape, centers=seen_at)
                left.append(replace(mark, shape=dots) if hidden.any() else mark)
            case Lines() | Beziers() if begin < end:
                bent = isinstance(mark.shape, Beziers)
                rows = as_paths(shown[begin:end], (end - begin,), cubic=bent)
                seen = mark.style.stroke is not None and rows.size > 0
                points: Array = rows
                if seen and moving is not None:
                    numbers = as_paths(moving.rows[begin:end], (end - begin,), cubic=bent)
                    points = moving.of(rows, numbers)
                shape = replace(mark.shape, points=points, closed=False)
                left.append(Mark(shape, replace(mark.style, fill=None)) if seen else None)
            case Lines() | Beziers() | Dots() | Raster() | Many() | Group():
                left.append(mark)
            case _:
                assert_never(mark.shape)
    return list(_regrouped(given, iter(left)))


def _given(mark: Mark, block: np.ndarray) -> Array:
    """The rows of a mark as they are given, be they differentiated; now they are `block`."""
    return mark.shape.points if isinstance(mark.shape, Lines | Beziers) and len(block) else block


@dataclass
class _Leaves:
    """Marks that are no groups, in order, those of a mask behind those that it is of.

    Of each, whether it hides; and of each mask where its group begins, where the mask does, and
    where it ends.
    """

    marks: list[Mark] = field(default_factory=list)
    hides: list[bool] = field(default_factory=list)
    masks: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, marks: Iterable[Mark], *, hides: bool = True, masked: bool = False) -> None:
        for mark in marks:
            group = mark.shape
            if not isinstance(group, Group):
                if masked and not (isinstance(group, Dots) or _in_units(mark)):
                    raise ArtError(
                        "occlude cuts lines, curves and dots by a group's mask, not text, pictures"
                        " or ga.many: take those out of the group"
                    )
                self.marks.append(mark)
                self.hides.append(hides)
                continue
            if group.mode != "normal":
                raise ArtError(
                    f"occlude cannot tell what a group with blend={group.mode!r} hides, for what is"
                    " below shows through: leave out the blend, or give the group to the scene"
                    " beside what occlude gives"
                )
            outside("occlude", group.alpha)
            begin = len(self.marks)
            shown = hides and float(present(group.alpha)) > 0
            self.add(group.marks, hides=shown, masked=masked or group.mask is not None)
            if group.mask is not None:
                end = len(self.marks)
                self.marks += [_opaque(mask) for mask in group.mask]
                self.hides += [True] * len(group.mask)
                self.masks.append((begin, end, len(self.marks)))


def _in_units(mark: Mark) -> bool:
    """Whether a mark is of lines or curves whose points are in the artist's units."""
    shape = mark.shape
    return isinstance(shape, Lines) or (isinstance(shape, Beziers) and shape.anchor is None)


def _opaque(mask: Mark) -> Mark:
    """A mark of a mask without its stroke; ArtError if one cannot cut by it."""
    fill = mask.style.fill if mask.style.gradient is None else mask.style.gradient.stops
    outside("occlude", fill)
    if fill is None or not _in_units(mask) or (np.asarray(present(fill))[..., 3] < 1).any():
        raise ArtError(
            "occlude cuts by a mask of polygons or of curves with a fill, of alpha 1:"
            " ga.group(marks, mask=polygons)"
        )
    return replace(mask, style=replace(mask.style, stroke=None))


def _regrouped(marks: Iterable[Mark], left: Iterator[Mark | None]) -> Iterator[Mark]:
    """What is left of marks, in the groups that they were in, without masks."""
    for mark in marks:
        if isinstance(mark.shape, Group):
            inner = tuple(_regrouped(mark.shape.marks, left))
            for _ in mark.shape.mask or ():
                next(left)
            if inner:
                yield replace(mark, shape=replace(mark.shape, marks=inner, mask=None))
        elif (found := next(left)) is not None:
            yield found


def _rows(mark: Mark) -> np.ndarray:
    """The rows (n, m, 2) of a mark whose points are in the artist's units, as they are now."""
    match mark.shape:
        case Lines(points) | Beziers(points, anchor=None):
            rows = np.asarray(present(points), float)
            if np.isinf(rows).any():
                raise ArtError("occlude has an infinite point: write NaN where the pen lifts")
            return rows
        case Dots(centers):
            return np.asarray(present(centers), float)[:, None]
        case Beziers() | Raster() | Many() | Group():
            return np.empty((0, 4, 2))
        case _:
            assert_never(mark.shape)
