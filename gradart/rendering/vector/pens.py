"""Which elements of a vector file share a layer: those of one pen, unless order forbids it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import assert_never

import numpy as np

from gradart.drawing.groups import leaves
from gradart.drawing.shapes import Beziers, Dots, Group, Letters, Lines, Many, Mark, Raster
from gradart.drawing.style import OVER
from gradart.errors import ArtError, warn
from gradart.rendering.ink.blending import chords
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.path_commands import both, hulls
from gradart.rendering.vector import overlaps

_CELL = 0.1  # mm, of a grid that tells which elements lie over each other, or as near as that
_NEAR = 0.5**0.5  # cells: whatever point two elements share, the center of one is as near to it
_MOST = 4096  # cells to a side
_WORK = 1e8  # cells looked at, above which the grid is coarser: a second at most

Pen = tuple[str, str]  # a layer's label and its attributes


@dataclass(frozen=True)
class Element:
    """One row of a placed mark, as a vector file holds it, with the pen that draws it."""

    pen: Pen
    body: str
    mark: Mark
    row: int

    @property
    def layer(self) -> "Pen | int":
        """What it shares a layer by: the number that it was told, or else its pen."""
        told = self.mark.style.layer
        return self.pen if told is None else told.number


def layers(elements: list[Element], page: Page, keep_order: bool = False) -> list[list[Element]]:
    """Return elements, given from back to front, as layers of one pen each, from back to front.

    What is told to be in a numbered layer is in that, and in no pen's. A pen has one layer, unless
    elements of others lie between its own and over them: then it has several, the order is kept,
    and a warning says so. With `keep_order` each run of a pen is a layer.
    """
    if keep_order:
        return [list(run) for _, run in groupby(elements, key=lambda element: element.layer)]
    ordered = [
        element
        for blend, run in groupby(elements, key=lambda element: element.mark.style.blend.kind)
        for element in (run if blend == OVER.kind else _by_pen(run))
    ]
    found = [list(group) for _, group in groupby(ordered, key=lambda element: element.layer)]
    pens = {element.layer for element in elements}
    if len(found) > len(pens):
        found = _sunk(ordered, page)
    if len(found) > len(pens):
        message = (
            f"{len(pens)} pens lie over each other by turns, so the file has {len(found)} layers:"
            " order would be lost in fewer; draw all that is of one color, then the next"
        )
        warn(message)
    return found


def numbered(found: list[list[Element]]) -> tuple[list[str], list[str]]:
    """The labels of layers and their ids: "2 gold #b8860b 0.3 mm" and "layer2".

    Numbers are those that were told; the other layers have those that are left, in order. A layer
    of several pens tells none of them. ArtError for a number that has two names.
    """
    told = [layer[0].mark.style.layer for layer in found]
    names: dict[int, str] = {}
    for one in (element.mark.style.layer for layer in found for element in layer):
        if one is None or not one.name:
            continue
        if (name := names.setdefault(one.number, one.name)) != one.name:
            raise ArtError(
                f"layer {one.number} is called both {name!r} and {one.name!r}; give it one name,"
                " or two numbers"
            )
    taken = {one.number for one in told if one is not None}
    numbers = all_numbers([one.number if one else None for one in told])
    labels, ids, seen = [], [], Counter[int]()
    for layer, number in zip(found, numbers, strict=True):
        pens = {element.pen[0] for element in layer}
        words = [str(number), names.get(number, "") if number in taken else "", *pens]
        labels.append(" ".join(filter(None, words if len(pens) == 1 else words[:2])))
        seen[number] += 1
        ids.append(f"layer{number}" + (f"-{seen[number]}" if seen[number] > 1 else ""))
    return labels, ids


def all_numbers(told: Sequence[int | None]) -> list[int]:
    """Numbers of layers: those that were told, and for the others those that are left, in order."""
    left = (number for number in count(1) if number not in told)
    return [next(left) if number is None else number for number in told]


def _by_pen(run: Iterable[Element]) -> list[Element]:
    """Elements whose order cannot be seen, because they multiply or screen, pen by pen."""
    pens: dict[Pen | int, list[Element]] = {}
    for element in run:
        pens.setdefault(element.layer, []).append(element)
    return [element for group in pens.values() for element in group]


def _sunk(elements: list[Element], page: Page) -> list[list[Element]]:
    """Layers, each element in the lowest one of its pen that lies over all that is below it."""
    cell = max(_CELL, max(page.width, page.height) / _MOST)
    outlines = [_outline(element) for element in elements]
    shape = int(page.height / cell) + 2, int(page.width / cell) + 2
    looked_at = sum(
        overlaps.looked_at(path / cell, reach / cell + _NEAR, filled, *shape)
        for path, reach, filled in outlines
    )
    cell *= max(1.0, (looked_at / _WORK) ** 0.5)
    top = np.full((int(page.height / cell) + 2, int(page.width / cell) + 2), -1, np.int32)
    lows, highs = np.empty((2, len(top)))
    found: list[list[Element]] = []
    of_pen: dict[Pen | int, list[int]] = {}
    for element, (path, reach, filled) in zip(elements, outlines, strict=True):
        covered = path / cell - 0.5, reach / cell + _NEAR, filled, lows, highs
        below = overlaps.highest(top, *covered)
        mine = of_pen.setdefault(element.layer, [])
        place = bisect_left(mine, below)
        if place == len(mine):
            mine.append(len(found))
            found.append([])
        at = mine[place]
        found[at].append(element)
        overlaps.cover(top, *covered, at)
    return found


def _rectangle(corners: np.ndarray) -> np.ndarray:
    (left, low), (right, high) = corners
    return np.array([[left, low], [right, low], [right, high], [left, high], [left, low]])


def _reach(marks: Iterable[Mark]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest corner of what marks cover."""
    lows, highs = [], []
    for mark in leaves(marks):
        match mark.shape:
            case Raster(_, points) | Lines(points) | Beziers(points) | Dots(points):
                pad = float(np.max(mark.style.width, initial=0.0)) / 2
                if isinstance(mark.shape, Dots):
                    pad += float(np.max(mark.shape.radius, initial=0.0))
                low, high = hulls(np.asarray(points, float).reshape(-1, 2))
                lows.append(low - pad)
                highs.append(high + pad)
            case Many() | Group():
                pass  # in a mask there are none
            case _:
                assert_never(mark.shape)
    return np.fmin.reduce(lows), np.fmax.reduce(highs)


def within(mark: Mark, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Which rows of a placed mark lie with their ink between two corners (2,): those of its shape.

    A picture and a group are one row; of a group, and of type, it is not known.
    """
    width = np.asarray(mark.style.width if mark.style.stroke is not None else 0.0)
    match mark.shape:
        case Group() | Many() | Beziers(letters=Letters()):
            return np.zeros(1, bool)
        case Raster(_, box):
            least, most = hulls(np.asarray(box)[None])
        case Dots(centers, radius):
            least = most = np.asarray(centers)
            width = width + 2 * np.asarray(radius)
        case Lines(points) | Beziers(points):
            least, most = hulls(np.asarray(points))
        case _:
            assert_never(mark.shape)
    pad = np.broadcast_to(width / 2, len(least))[:, None]
    return both((least - pad >= low) & (most + pad <= high))


def _outline(element: Element) -> tuple[np.ndarray, float, bool]:
    """An element's path (m, 2), how far it reaches around it, both in mm, and if it is filled."""
    mark, row = element.mark, element.row
    style, width = mark.style, 0.0
    if style.stroke is not None:
        width = float(style.width if np.ndim(style.width) == 0 else style.width[row])
    match mark.shape:
        case Raster(_, box):
            return _rectangle(np.asarray(box, float)), 0.0, True
        case Group(marks):
            return _rectangle(np.stack(_reach(marks))), 0.0, True
        case Dots(centers, radius):
            center = np.asarray(centers[row], float)
            reach = float(np.broadcast_to(radius, len(centers))[row]) + width / 2
            return np.stack([center, center]), reach, False
        case Lines(points, closed):
            path = np.asarray(points[row], float)
        case Beziers(points, closed):
            path = chords(np.asarray(points[row : row + 1], float))[0]
        case Many():
            raise AssertionError("a file holds a picture of these, not their elements")
        case _:
            assert_never(mark.shape)
    filled = style.fill is not None
    if not (closed or filled):
        return path, width / 2, False
    lifts = np.flatnonzero(np.isnan(path).any(axis=1))
    starts, ends = np.append(0, lifts + 1), np.append(lifts, len(path))
    rings = starts < ends  # two lifts in a row have nothing between them
    return np.insert(path, ends[rings], path[starts[rings]], axis=0), width / 2, filled
