"""What pens draw of a page: polylines in mm from its lower left corner, y up, pen by pen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.drawing.style import hex_code
from gradart.errors import ArtError, warn
from gradart.geometry.paths.plot_order import ordered
from gradart.rendering.ink.blending import as_vectors
from gradart.rendering.layout.clipping import cut_lines
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.path_commands import CLOSE, CURVE, MOVE, trace
from gradart.rendering.vector.pens import all_numbers
from gradart.rendering.vector.strokes import TOUCHING

_TOLERANCE = 0.01  # mm: how far a polyline is from its curve at most; a plotter steps by 0.025


@dataclass(frozen=True)
class PenPaths:
    """All that one pen draws, in order: color as #rrggbb, width in mm, and polylines (m, 2).

    Its `number` is that of the layer that it was told to be, if it was, and `title` what that is
    called.
    """

    number: int | None
    title: str
    color: str
    width: float
    paths: list[np.ndarray]

    @property
    def name(self) -> str:
        words = str(self.number), self.title, self.color, f"{self.width:.4g} mm"
        return " ".join(filter(None, words))


def pen_paths(marks: list[Mark], page: Page, optimize: bool = False) -> list[PenPaths]:
    """The polylines of marks placed on a page, for each pen in the order of first use.

    A pen is a numbered layer, or else a color and a width. Strokes are drawn, and the rims of dots;
    fills and pictures are left out, with a warning, for no pen draws them. Where the scene is
    clipped, no path leaves its box. With `optimize` those of a pen are joined and sorted, as
    `plot_order` does it. ArtError for a group with a mask or a blend.
    """
    pens: dict[object, PenPaths] = {}
    filled = pictures = 0
    for mark, window in _shown(as_vectors(marks, page)):
        if isinstance(mark.shape, Raster | Many | Group):
            pictures += 1
            continue
        dots = isinstance(mark.shape, Dots)
        rows = list(_rows(mark.shape))
        inks = mark.style.fill if dots else mark.style.stroke
        filled += mark.style.fill is not None and not dots and inks is None
        if inks is None:
            continue
        colors = np.broadcast_to(np.asarray(inks), (len(rows), 4))
        widths = np.broadcast_to(np.asarray(mark.style.width), len(rows))
        for paths, rgba, width in zip(rows, colors, widths, strict=True):
            if paths and rgba[3] > 0 and width > 0:
                told = mark.style.layer
                pen = hex_code(rgba[:3]), round(float(width), 4)
                number, title = (None, "") if told is None else (told.number, told.name)
                drawn = paths if window is None else _cut(paths, window)
                of = pens.setdefault(number or pen, PenPaths(number, title, *pen, []))
                of.paths.extend(_upright(path, page) for path in drawn)
    for count, what, instead in (
        (filled, "filled marks without a stroke", "hatch them, or give them one"),
        (pictures, "pictures", "draw lines instead"),
    ):
        if count:
            message = f"no pen draws {what}, of which there are {count} here: {instead}"
            warn(message)
    numbers = all_numbers([pen.number for pen in pens.values()])
    return [
        replace(pen, number=n, paths=ordered(pen.paths, TOUCHING) if optimize else pen.paths)
        for n, pen in zip(numbers, pens.values(), strict=True)
    ]


def _shown(
    marks: Iterable[Mark], window: np.ndarray | None = None
) -> Iterator[tuple[Mark, np.ndarray | None]]:
    """The marks in groups too, each with the box (2, 2) that it is clipped to, or None."""
    for mark in marks:
        if not isinstance(mark.shape, Group):
            yield mark, window
            continue
        group = mark.shape
        if group.mode == "clip" and group.mask is not None:
            edge = group.mask[0].shape
            assert isinstance(edge, Lines)  # a box, as a page has it
            corners = np.asarray(next(_rows(edge))[0])
            yield from _shown(group.marks, np.stack([corners.min(0), corners.max(0)]))
        elif group.mask is not None or group.mode != "normal":
            raise ArtError(
                "no pen draws a group with a mask or a blend: cut its paths with ga.clip, or write"
                " .svg or .pdf"
            )
        else:
            yield from _shown(group.marks, window)


def _cut(paths: list[np.ndarray], window: np.ndarray) -> Iterator[np.ndarray]:
    """The parts of polylines that lie in a window."""
    for path in paths:
        rows, _ = cut_lines(path[None], False, window, fill=False)
        for row in rows:
            lifts = np.flatnonzero(np.isnan(row[:, 0]))
            parts = np.split(row, lifts)
            yield from (part for part in (p[~np.isnan(p[:, 0])] for p in parts) if len(part) > 1)


def _upright(path: np.ndarray, page: Page) -> np.ndarray:
    return np.stack([path[:, 0], page.height - path[:, 1]], -1)


def _rows(shape: Lines | Beziers | Dots) -> Iterator[list[np.ndarray]]:
    """Yield the polylines of each row."""
    match shape:
        case Dots(centers, radius):
            sizes = np.broadcast_to(np.asarray(radius), len(centers))
            for center, size in zip(np.asarray(centers), sizes, strict=True):
                sides = max(8, int(np.ceil(np.pi / np.sqrt(2 * _TOLERANCE / max(size, 0.02)))))
                turn = np.linspace(0, 2 * np.pi, sides + 1)
                yield [center + size * np.stack([np.cos(turn), np.sin(turn)], -1)]
        case Lines() | Beziers():
            path = trace(shape)
            takes = np.array([1, 1, 3, 0])
            for i in range(len(path.command_at) - 1):
                commands = path.commands[path.command_at[i] : path.command_at[i + 1]]
                points = path.points[path.point_at[i] : path.point_at[i + 1]]
                at, parts = 0, []
                for command in commands.tolist():
                    given = points[at : at + takes[command]]
                    at += takes[command]
                    if command == MOVE:
                        parts.append([given])
                    elif command == CURVE:
                        parts[-1].append(_flat(parts[-1][-1][-1], given))
                    else:
                        parts[-1].append(parts[-1][0] if command == CLOSE else given)
                yield [np.concatenate(part) for part in parts]
        case _:
            assert_never(shape)


def _flat(start: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """A cubic piece as the points (k, 2) after its start, near enough to it.

    Wang, Parthasarathy & Schaback, "Recursion depths of curves" (1984), by second differences.
    """
    four = np.concatenate([start[None], rest])
    bend = np.hypot(*np.diff(four, 2, axis=0).T).max()
    t = np.linspace(0, 1, max(1, int(np.ceil(np.sqrt(0.75 * bend / _TOLERANCE)))) + 1)[1:, None]
    s = 1 - t
    found: np.ndarray = s**3 * four[0] + 3 * s * t * (s * four[1] + t * four[2]) + t**3 * four[3]
    return found
