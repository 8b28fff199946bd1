"""Straight strokes and dots painted by the area that they cover of each pixel, without cairo.

A film's many strokes are so painted several times as fast, and no pixel is off by a sample. What is
laid on what, and how colors are rounded, is as cairo has it.
"""

from collections.abc import Iterable

import numpy as np

from gradart.drawing.shapes import Dots, Lines, Mark
from gradart.rendering.layout.path_commands import either
from gradart.rendering.layout.pixel_grid import PixelGrid
from gradart.types import Array

_BGRA, _RGBA = [2, 1, 0, 3], [0, 1, 2, 3]  # which channel a pixel's bytes are of


def is_straight(mark: Mark) -> bool:
    """Whether a mark is no more than straight strokes, one a row, or disks, in plain colors."""
    shape, style = mark.shape, mark.style
    if style.blend.kind != "over" or style.gradient is not None:
        return False
    if isinstance(shape, Dots):
        return style.stroke is None
    if not isinstance(shape, Lines) or shape.closed or style.fill is not None:
        return False
    # Of three points, one may be left of what a cut has taken off.
    drawn = ~either(np.isnan(shape.points))
    joined = (drawn[:, 1:] & drawn[:, :-1]).sum(1)
    return bool(((joined <= 1) & (drawn.sum(1) - joined <= 1)).all())


def count(marks: Iterable[Mark]) -> int:
    """How many strokes and disks there are in those of some marks that are straight."""
    found = 0
    for mark in filter(is_straight, marks):
        assert isinstance(mark.shape, Dots | Lines), "nothing else is straight"
        found += len(mark.shape.centers if isinstance(mark.shape, Dots) else mark.shape.points)
    return found


def painted(
    marks: list[Mark], grid: PixelGrid, paper: np.ndarray | None, under: np.ndarray | None
) -> np.ndarray:
    """Paint straight marks over what is painted already, or on paper: as `cairo.painted` does."""
    if under is None:
        return _on_paper(marks, grid, np.zeros(4) if paper is None else paper, _BGRA)
    picture = under.copy()
    lay_strokes(picture, marks, grid.unit, np.asarray(grid.corner))
    return picture


def pixels(marks: list[Mark], grid: PixelGrid, paper: np.ndarray) -> np.ndarray:
    """Paint straight marks on opaque paper: (h, w, 4) uint8, straight RGBA."""
    return _on_paper(marks, grid, paper, _RGBA)


def _on_paper(
    marks: list[Mark], grid: PixelGrid, paper: np.ndarray, order: list[int]
) -> np.ndarray:
    picture = np.empty((*grid.size, 4), np.uint8)
    picture.view("<u4")[:] = words(paper[None], order)
    lay_strokes(picture, marks, grid.unit, np.asarray(grid.corner), order)
    return picture


def lay_strokes(
    picture: np.ndarray,
    marks: list[Mark],
    unit: float,
    corner: np.ndarray,
    order: list[int] = _BGRA,
) -> None:
    """Lay straight marks over premultiplied pixels (h, w, 4), the page's corner at `corner`."""
    from gradart.rendering.painting import strokes_by_area_kernel as kernel

    words_of = picture.reshape(-1).view("<u4")
    for mark in marks:
        shape, style = mark.shape, mark.style
        if isinstance(shape, Dots):
            ends = np.repeat(np.asarray(shape.centers, float)[:, None], 2, 1)
            sizes, ink = np.asarray(shape.radius, float), style.fill
        else:
            assert isinstance(shape, Lines), "nothing else is straight"
            ends = _ends(np.asarray(shape.points, float))
            sizes, ink = np.asarray(style.width, float) / 2, style.stroke
        if ink is None or not len(ends):
            continue
        halves = np.ascontiguousarray(np.atleast_1d(sizes) * unit)
        colors = words(np.reshape(ink, (-1, 4)), order)
        places = np.ascontiguousarray(ends * unit + corner)
        room = kernel.room(float(halves.max()))
        kernel.paint_strokes(words_of, picture.shape[1], places, halves, colors, room)


def _ends(rows: np.ndarray) -> np.ndarray:
    """Both ends (k, 2, 2) of the strokes of rows (n, m, 2), whose other points are NaN."""
    if rows.shape[1] == 2 and not np.isnan(rows).any():
        return rows
    drawn = ~either(np.isnan(rows))
    first, last = drawn.argmax(1), drawn.shape[1] - 1 - drawn[:, ::-1].argmax(1)
    each = np.arange(len(rows))
    return np.stack([rows[each, first], rows[each, last]], 1)


def words(rgba: Array, order: list[int]) -> np.ndarray:
    """Colors (n, 4) in [0, 1] as uint32 (n,) of premultiplied bytes, rounded as cairo does."""
    colors = np.clip(np.asarray(rgba, float), 0, 1)
    colors[:, :3] *= colors[:, 3:]
    channels = (colors[:, order] * 65535 + 0.5).astype("<u4") >> 8
    return np.bitwise_or.reduce(channels << np.array([0, 8, 16, 24], "<u4"), -1)
