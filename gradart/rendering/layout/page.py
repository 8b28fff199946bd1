"""Paper: its size, its margin, its pixels, and how a drawing is fitted to it."""

import math
import operator
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import assert_never

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.errors import ArtError
from gradart.geometry.paths.cubic_strokes import pieces
from gradart.rendering.layout.path_commands import either, extremes, hulls
from gradart.rendering.layout.sheet_sizes import NAMES, SIZES
from gradart.types import Array

_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4}  # in mm
_SHORTEST, _LONGEST = 1.0, 5000.0  # mm; a PDF page ends at 5080
_MARGIN = 0.075  # of the short side
SIDE_LIMIT = 32_767  # px, of a cairo surface
_BUDGET = 200_000_000  # px: B0 at 300 ppi has 197 million


@dataclass(frozen=True)
class Cut:
    """Where a printed sheet is cut: `around` mm within its edges, of which `bleed` mm are drawn on.

    With `marked` the rest is white, and marks on it say where to cut.
    """

    around: float
    bleed: float
    marked: bool


@dataclass(frozen=True)
class Page:
    """A sheet of paper, `width` by `height`, and its margin, all in millimeters.

    `page` makes one by its name; it has a `cut` if it becomes smaller after print. A sketch whose
    function has an argument `page` is given the one that it is rendered on. ArtError for a side
    below 1 or above 5000 mm, and for a `margin` that leaves no room.

    >>> sheet = ga.Page(200, 120, 10)
    >>> sheet.box, sheet.landscape
    (((10, 10), (190, 110)), True)
    >>> ga.scene(ga.dots(ga.grid(11, 19, sheet.box), 2), box=sheet.box)
    """

    width: float
    height: float
    margin: float
    cut: Cut | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, mm in (("width", self.width), ("height", self.height), ("margin", self.margin)):
            if not isinstance(mm, int | float | np.number) or mm > 1e9:
                raise ArtError(f"a page's {name} is {short(mm)}: give millimeters, like 120")
        for side in (self.width, self.height):
            if not _SHORTEST <= side <= _LONGEST:
                raise ArtError(
                    f"a page's sides run from {_SHORTEST:g} to {_LONGEST:g} mm, not {side:g};"
                    " write '120x200mm'"
                )
        room = min(self.width, self.height) / 2
        if not 0 <= self.margin < room:
            raise ArtError(
                f"a margin of {self.margin:g} mm leaves no drawing on a page of {self.width:g} by"
                f" {self.height:g} mm; write one from 0 to less than {room:g}"
            )

    @property
    def box(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What lies inside the margin, ((x0, y0), (x1, y1)), from the sheet's lower left corner.

        In a scene with this box a unit is a millimeter.
        """
        return (self.margin, self.margin), (self.width - self.margin, self.height - self.margin)

    @property
    def landscape(self) -> bool:
        """Whether the sheet lies on its long side."""
        return self.width > self.height


def page(name: str = "a4", *, landscape: bool = False, margin: float | None = None) -> Page:
    """The page called `name`: 'a4', 'letter', or a size like '120x200mm' or '8x10in'.

    Its names are those of ISO 216, a0 to a6 and b0 to b6, letter, legal, tabloid, and square
    (200 mm); width and height are in mm, cm or in. `landscape` lays it on its long side. `margin`
    is in mm, 7.5 % of the short side by default.

    >>> ga.page("a4")
    Page(width=210.0, height=297.0, margin=15.75)
    """
    width, height = _size(name)
    if landscape:
        width, height = max(width, height), min(width, height)
    return Page(width, height, _MARGIN * min(width, height) if margin is None else margin)


def _size(name: str) -> tuple[float, float]:
    if not isinstance(name, str):
        raise ArtError(f"a page is named by a text, like 'a4' or '120x200mm', not {short(name)}")
    key = name.strip().lower()
    if key in SIZES:
        return SIZES[key]
    if sides := re.fullmatch(r"(\S+?)\s*x\s*(\S+?)\s*(mm|cm|in)", key):
        unit = _UNITS[sides[3]]
        try:
            return float(sides[1]) * unit, float(sides[2]) * unit
        except ValueError:
            pass
    near = get_close_matches(key, SIZES, 1)
    names = repr(near[0]) if near else f"one of {NAMES}"
    raise ArtError(f"no page {name!r}; write {names}, or a size like '120x200mm' or '8x10in'")


def pixel_size(page: Page, px: int) -> tuple[int, int]:
    """Return (width, height) in pixels of a page whose long side has `px`.

    Raises ArtError above what cairo can hold, and above a budget of 200 million pixels that the
    environment variable GRADART_MAX_PIXELS raises.
    """
    try:
        long = operator.index(px)
    except TypeError:
        raise ArtError(f"px must be a whole number of pixels, like 2048, not {short(px)}") from None
    if long < 1:
        raise ArtError(f"px must be 1 or more, not {px}")
    if long > SIDE_LIMIT:
        raise ArtError(f"{px} px is more than the {SIDE_LIMIT} that a picture's side can have")
    width, height = sides(page, long)
    if width * height > (budget := _budget()):
        raise ArtError(
            f"{long} x {min(width, height)} px is more than {budget:,} pixels; ask for fewer, or"
            f" set the environment variable GRADART_MAX_PIXELS={width * height}"
        )
    return width, height


def sides(page: Page, long: int) -> tuple[int, int]:
    """Return (width, height) in pixels of a page whose long side has `long`, however many."""
    short = max(1, round(long * min(page.width, page.height) / max(page.width, page.height)))
    return (long, short) if page.width > page.height else (short, long)


def _budget() -> int:
    text = os.environ.get("GRADART_MAX_PIXELS", str(_BUDGET))
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        raise ArtError(
            f"GRADART_MAX_PIXELS must be a number of pixels, like {_BUDGET}, not {text!r}"
        ) from None


@dataclass(frozen=True)
class Placement:
    """The artist's (x, y) lies at (x * scale + dx, dy - y * scale) mm from the page's top left."""

    scale: float
    dx: float
    dy: float


def bounds(points: Array, what: str) -> np.ndarray | None:
    """Return the lowest and highest coordinates (2, 2) of points (..., 2), NaN left out.

    None where there is no finite point; ArtError, naming one, where a point is infinite.
    """
    p = np.asarray(points)
    flat = p.reshape(-1, 2)
    if not len(flat):
        return None
    box = np.stack(hulls(flat)).astype(float)
    if np.isinf(box).any():
        index = np.argwhere(np.isinf(p))[0][:-1]
        where = f"[{', '.join(map(str, index))}]"
        raise ArtError(f"{what}: point {where} is infinite; write NaN where the pen lifts")
    lifted = either(np.isnan(flat))
    if lifted.all():
        return None
    if lifted.any():  # of a point with one NaN, the other number does not count either
        box = np.stack(hulls(flat[~lifted])).astype(float)
    return box


def _curve_bounds(points: Array, what: str) -> np.ndarray | None:
    """Return the same of rows of cubic pieces (n, 3k + 1, 2): where they run, not the controls."""
    if bounds(points, what) is None:
        return None
    found = pieces(np.asarray(points, float)).reshape(-1, 4, 2)
    found = found[~np.isnan(found).any((1, 2))]
    if not len(found):
        return None
    ends = np.stack(hulls(found[:, ::3].reshape(-1, 2)))
    beyond = ((found < ends[0]) | (found > ends[1])).any((1, 2))
    return np.stack(hulls(np.concatenate([ends, extremes(found[beyond]).reshape(-1, 2)])))


def ink(values: Array, what: str) -> np.ndarray:
    """Return widths or radii in mm as float64; ArtError if one is NaN, infinite or negative."""
    sizes = np.asarray(values, float)
    wrong = ~(np.isfinite(sizes) & (sizes >= 0))
    if wrong.any():
        first = sizes[wrong].flat[0]
        raise ArtError(f"{what} must be 0 mm or more and finite, not {first:g}")
    return sizes


def name_of(index: int, mark: Mark) -> str:
    """Return what messages call the mark that stands at `index` in its scene."""
    kind = type(mark.shape).__name__.lower()
    if isinstance(mark.shape, Beziers) and mark.shape.anchor is not None:
        kind = "text"
    return f"mark {index} ({kind})"


def fit(scenes: Iterable[Scene], page: Page) -> Placement:
    """Return the placement that centers all `scenes`, one or a film's, within the page's margin.

    A scene's box counts where it has one; else all its ink does: points, and the millimeters
    around them of strokes, dots and type.
    """
    none = np.empty((0, 2))
    parts: list[_Extent] = [
        (none, none, none),
        *(part for scene in scenes for part in _extents(scene)),
    ]
    at, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not len(at):
        return Placement(1.0, page.width / 2, page.height / 2)
    room = np.array([page.width, page.height]) - 2 * page.margin
    scale = _scale(at, low, high, room)
    if scale is None:  # the ink alone fills the page: fit the points and let it overlap
        scale = _scale(at, 0 * low, 0 * high, room) or 1.0
    scale = min(scale, 1e300 / max(1.0, float(np.abs(at).max())))  # no point at infinity
    start, end = np.min(scale * at + low, axis=0), np.max(scale * at + high, axis=0)
    middle = start / 2 + end / 2
    return Placement(scale, float(page.width / 2 - middle[0]), float(page.height / 2 + middle[1]))


_Extent = tuple[np.ndarray, np.ndarray, np.ndarray]


def _extents(scene: Scene) -> Iterator[_Extent]:
    """Yield points (n, 2) with the ink around each, mm from it: lowest and highest, (n, 2)."""
    if scene.box is not None:
        corners = np.asarray(scene.box, float)
        if not np.isfinite(corners).all():
            raise ArtError(f"the scene's box must be finite, not {corners.tolist()}")
        yield corners, np.zeros((2, 2)), np.zeros((2, 2))
        return
    for index, mark in enumerate(scene.marks):
        yield from _extent(mark, name_of(index, mark))


def _extent(mark: Mark, what: str) -> Iterator[_Extent]:
    pen = 0.0
    if mark.style.stroke is not None:
        pen = float(np.max(ink(mark.style.width, f"{what}: width"), initial=0.0)) / 2
    match mark.shape:
        case Many(block, count):
            for number in range(count):
                for part in block(number):
                    for at, low, high in _extent(part, what):
                        if len(at):  # a box of it, to hold no more
                            reach = np.max([-low, high], initial=0.0)
                            pads = np.full((2, 2), reach)
                            yield np.stack(hulls(at)), -pads, pads
        case Group(marks, mask):
            for index, part in enumerate(marks if mask is None else mask):
                yield from _extent(part, f"{what}, {name_of(index, part)}")
        case Dots(centers, radius) if np.ndim(radius) == 1:
            at = np.asarray(centers, float)
            bounds(at, what)
            reach = ink(radius, f"{what}: radius") + pen
            drawn = ~either(np.isnan(at))
            pads = np.repeat(reach[drawn, None], 2, 1)
            yield at[drawn], -pads, pads
        case Beziers(points, _, anchor) if anchor is not None:
            outline = _curve_bounds(points, what)
            foot = bounds(anchor, what)
            if outline is not None and foot is not None:
                yield foot[:1], outline[:1] - pen, outline[1:] + pen
        case Lines(points) | Beziers(points) | Raster(_, points) | Dots(points):
            if isinstance(mark.shape, Dots):
                pen += float(ink(mark.shape.radius, f"{what}: radius"))
            of = _curve_bounds if isinstance(mark.shape, Beziers) else bounds
            box = of(points, what)
            if box is not None:
                pads = np.full((2, 2), pen)
                yield box, -pads, pads
        case _:
            assert_never(mark.shape)


def _scale(at: np.ndarray, low: np.ndarray, high: np.ndarray, room: np.ndarray) -> float | None:
    """Return the largest scale at which all ink fits into `room`; None if it never does.

    The ink's extent is convex and piecewise linear in the scale, so Newton's steps from above
    reach the solution after finitely many.
    """
    best = math.inf
    for axis in (0, 1):
        x, a, b = at[:, axis], low[:, axis], high[:, axis]
        # Halves, because the whole may be more than a float holds.
        half = np.max(x) / 2 - np.min(x) / 2
        if half <= 1e-12 * np.max(np.abs(x)) or half < 1e-290:
            continue  # a straight line along the other axis, or a point: any scale does
        scale = room[axis] / 2 / half
        for _ in range(100):
            last, first = np.argmax(scale * x + b), np.argmin(scale * x + a)
            excess = (scale * x[last] + b[last]) - (scale * x[first] + a[first]) - room[axis]
            if excess <= 1e-9 * room[axis]:
                break
            slope = x[last] / 2 - x[first] / 2
            if slope <= 0 or (scale := scale - excess / 2 / slope) <= 0:
                return None
        best = min(best, float(scale))
    if math.isfinite(best):
        return best
    # A point: a unit is a millimeter, unless it lies too far out to be placed to a micrometer.
    return 1.0 / max(1.0, 1e-6 * float(np.max(np.abs(at))))
