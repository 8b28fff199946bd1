"""Shapes and marks: the values that a scene is made of. A closed set of six shapes.

Points are in the artist's coordinates, y up; widths, radii and type sizes are in millimeters.
Rows are strokes: each has its own width and color if these are given one for each. A NaN point
lifts the pen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

import jax
import numpy as np

from gradart.drawing.style import Style
from gradart.scene_display import handed
from gradart.types import Array


@dataclass(frozen=True)
class Lines:
    """n polylines of m points, (n, m, 2)."""

    points: Array
    closed: bool = False


@dataclass(frozen=True)
class Letters:
    """What the outlines of a text say, and how it is set, for files that can hold text.

    The lines stand `leading` apart, the first baseline `drop` below the anchor; these, and
    `tracking` between letters, are in type sizes, `size` in mm, `rotate` in degrees.
    """

    lines: tuple[str, ...]
    font: str
    align: Literal["left", "center", "right"]
    tracking: float
    leading: float
    drop: float
    size: Array
    rotate: Array


@dataclass(frozen=True)
class Beziers:
    """n paths of k cubic pieces that share their ends, (n, 3k + 1, 2).

    A piece with a NaN among its four points is not drawn, so that one row can hold the contours
    of a letter. With an `anchor` (2,), the points are millimeters from that point of the drawing;
    `letters` are what such outlines say.
    """

    points: Array
    closed: bool = False
    anchor: Array | None = None
    letters: Letters | None = None


@dataclass(frozen=True)
class Dots:
    """n disks around (n, 2), radius () or (n,) in millimeters."""

    centers: Array
    radius: Array


@dataclass(frozen=True)
class Raster:
    """Pixels (h, w, 4) stretched over `box` (2, 2); row 0 is at the bottom."""

    pixels: Array
    box: Array


@dataclass(frozen=True)
class Many:
    """The marks of `block(0)` to `block(count - 1)`, of which only one block is held at a time."""

    block: "Callable[[int], tuple[Mark, ...]]"
    count: int


# How a group is laid on what is below: by the names and formulas of CSS and PDF.
Mode = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "color-dodge",
    "color-burn",
    "hard-light",
    "soft-light",
    "difference",
    "exclusion",
    "clip",
]


@dataclass(frozen=True)
class Group:
    """Marks that are painted by themselves, and laid on what is below as one picture.

    That is seen by `alpha` (), and, with a `mask`, where its marks are, as far as these are opaque.
    Under the mode "clip", which a clipped scene has on its page, each of the marks is laid on what
    is below by itself, and all of them are seen only in the polygon that is the mask.
    """

    marks: "tuple[Mark, ...]"
    mask: "tuple[Mark, ...] | None"
    alpha: Array
    mode: Mode = "normal"


Shape = Lines | Beziers | Dots | Raster | Many | Group


@dataclass(frozen=True)
class Mark:
    """A shape and its style: what a scene is made of. A notebook shows it on a square page.

    Marks are made by `lines`, `dots` and the others; `shape` holds the points, `style` the width
    and the colors. A frozen value and a pytree.

    >>> mark = ga.lines([(0, 0), (1, 1)], width=0.5)
    >>> mark.shape.points.shape, float(mark.style.width)
    ((1, 2, 2), 0.5)
    """

    shape: Shape
    style: Style

    def __repr__(self) -> str:
        """What it is and how much of it: its numbers would fill a page."""
        return f"Mark({type(self.shape).__name__} {_extent(self.shape)})"

    def _repr_png_(self) -> bytes:
        return handed().png(self)

    def _repr_svg_(self) -> str | None:
        """None for a mark that is heavy as SVG."""
        return handed().svg(self)


def _extent(shape: Shape) -> str:
    """How much there is of a shape, in its words: the length of its axes."""
    match shape:
        case Many(_, count):
            return str(count)
        case Group(marks):
            return str(len(marks))
        case Dots(values, _) | Raster(values, _) | Lines(values) | Beziers(values):
            return " x ".join(map(str, np.shape(values)[: 1 if isinstance(shape, Dots) else 2]))
        case _:
            assert_never(shape)


for _type, _data, _meta in (
    (Lines, ["points"], ["closed"]),
    (Letters, ["size", "rotate"], ["lines", "font", "align", "tracking", "leading", "drop"]),
    (Beziers, ["points", "anchor", "letters"], ["closed"]),
    (Dots, ["centers", "radius"], []),
    (Raster, ["pixels", "box"], []),
    (Many, [], ["block", "count"]),
    (Group, ["marks", "mask", "alpha"], ["mode"]),
    (Mark, ["shape", "style"], []),
):
    jax.tree_util.register_dataclass(_type, _data, _meta)
