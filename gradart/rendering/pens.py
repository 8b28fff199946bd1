"""Which elements of a vector file share a layer: those of one pen, unless order forbids it."""

import warnings
from bisect import bisect_left
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from gradart.drawing.marks import Beziers, Dots, Lines, Mark, Raster
from gradart.drawing.style import OVER
from gradart.errors import ArtWarning
from gradart.rendering.layers import chords
from gradart.rendering.page import Page

_CELL = 0.1  # mm, of a grid that tells which elements lie over each other by more than that
_MOST = 4096  # cells to a side
_WORK = 1e8  # cells looked at, above which the grid is coarser

Pen = tuple[str, str]  # a layer's label and its attributes


@dataclass(frozen=True)
class Element:
    """One row of a placed mark, as a vector file holds it, with the pen that draws it."""

    pen: Pen
    body: str
    mark: Mark
    row: int


def layers(elements: list[Element], page: Page) -> list[list[Element]]:
    """Return elements, given from back to front, as layers of one pen each, from back to front.

    A pen has one layer, unless elements of others lie between its own and over them: then it has
    several, the order is kept, and a warning says so.
    """
    ordered = [
        element
        for blend, run in groupby(elements, key=lambda element: element.mark.style.blend.kind)
        for element in (run if blend == OVER.kind else _by_pen(run))
    ]
    found = [list(group) for _, group in groupby(ordered, key=lambda element: element.pen)]
    pens = {element.pen for element in elements}
    if len(found) > len(pens):
        found = _sunk(ordered, page)
    if len(found) > len(pens):
        message = (
            f"{len(pens)} pens lie over each other by turns, so the file has {len(found)} layers:"
            " order would be lost in fewer; draw all that is of one color, then the next"
        )
        warnings.warn(message, ArtWarning, stacklevel=2)
    return found


def _by_pen(run: Any) -> list[Element]:
    """Elements whose order cannot be seen, because they multiply or screen, pen by pen."""
    pens: dict[Pen, list[Element]] = {}
    for element in run:
        pens.setdefault(element.pen, []).append(element)
    return [element for group in pens.values() for element in group]


def _sunk(elements: list[Element], page: Page) -> list[list[Element]]:
    """Layers, each element in the lowest one of its pen that lies over all that is below it."""
    cell = max(_CELL, max(page.width, page.height) / _MOST)
    paths = [_path(element) for element in elements]
    work = sum(
        _length(path) * (_width(e) / cell + 2) for e, path in zip(elements, paths, strict=True)
    )
    cell *= max(1.0, (work / cell / _WORK) ** 0.5)
    top = np.full((int(page.height / cell) + 2, int(page.width / cell) + 2), -1, np.int32)
    found: list[list[Element]] = []
    of_pen: dict[Pen, list[int]] = {}
    for element, path in zip(elements, paths, strict=True):
        cells = _cells(element, path, cell, top.shape)
        below = int(top[cells].max(initial=-1))
        mine = of_pen.setdefault(element.pen, [])
        place = bisect_left(mine, below)
        if place == len(mine):
            mine.append(len(found))
            found.append([])
        at = mine[place]
        found[at].append(element)
        top[cells] = at
    return found


def _path(element: Element) -> np.ndarray:
    """The points (m, 2) that an element joins by straight strokes; the corners of what is filled.

    Of a filled shape these are the corners of its box, which may be more than it covers.
    """
    mark, row = element.mark, element.row
    match mark.shape:
        case Raster(_, box):
            return np.asarray(box)
        case Dots(centers, radius):
            reach = np.broadcast_to(radius, len(centers))[row]
            return np.stack([centers[row] - reach, centers[row] + reach])
        case Lines(points, closed):
            path = np.asarray(points[row])
        case Beziers(points, closed):
            path = chords(np.asarray(points[row : row + 1]))[0]
    if mark.style.fill is not None:
        return np.stack([np.nanmin(path, 0), np.nanmax(path, 0)])
    return np.concatenate([path, path[:1]]) if closed else path


def _width(element: Element) -> float:
    style = element.mark.style
    if style.stroke is None:
        return 0.0
    return float(style.width if np.ndim(style.width) == 0 else style.width[element.row])


def _length(path: np.ndarray) -> float:
    return float(np.nansum(np.hypot(*np.diff(path, axis=0).T)))


def _cells(element: Element, path: np.ndarray, cell: float, shape: tuple[int, ...]) -> Any:
    """An index of the cells of a grid that an element covers."""
    width = _width(element)
    if element.mark.style.fill is not None or isinstance(element.mark.shape, Raster):
        reach = np.array([[-width / 2], [width / 2]])
        low, high = np.clip(np.floor((path + reach) / cell), -1, _MOST + 1)
        (left, upper), (right, lower) = np.maximum(low, 0).astype(int), high.astype(int) + 1
        return slice(upper, lower), slice(left, right)
    steps = np.diff(path, axis=0)
    length = np.hypot(*steps.T)
    drawn = np.isfinite(length)
    path, steps = path[:-1][drawn], steps[drawn]
    counts = np.ceil(length[drawn] / max(cell, width / 4)).astype(int) + 1
    part = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    share = part / np.repeat(np.maximum(counts - 1, 1), counts)
    points = np.repeat(path, counts, 0) + share[:, None] * np.repeat(steps, counts, 0)
    places = np.floor(points / cell).astype(int)
    places = places[np.append(True, (places[1:] != places[:-1]).any(1))] if len(places) else places
    k = int(width / 2 / cell + 0.5)
    around = np.indices((2 * k + 1, 2 * k + 1)).reshape(2, -1).T - k
    around = around[np.hypot(*around.T) * cell <= width / 2 + cell / 2]
    covered = (places[:, None] + around).reshape(-1, 2)
    column, line = np.clip(covered, 0, (shape[1] - 1, shape[0] - 1)).T
    return line, column
