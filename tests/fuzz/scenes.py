"""Random scenes from a seed: every mark, and numbers of every kind that an artist may hand over.

Most can be drawn. Some cannot, and must be refused in words: NaN, infinite and negative numbers,
arrays of a wrong shape or of no numbers at all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np

import gradart as ga
from gradart.drawing.groups import MODES
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Dots, Mark
from gradart.rendering.layout.page import Page

Rng = np.random.Generator

_ENDS = [0.0, -0.0, 5e-324, 1e-300, 1e300, -1e300, 1.7e308, -1.7e308]
_WRONG = [float("nan"), float("inf"), -float("inf"), -1.0, -1e300]
_NO_ARRAY = [
    lambda points: None,
    lambda points: "points",
    lambda points: [[0, 1], [2]],
    lambda points: np.array([object(), None]),
    lambda points: points + 1j,
    lambda points: [[10**400, 0], [1, 1]],
    lambda points: {"x": 1},
    lambda points: points[..., :1],
    lambda points: np.concatenate([points, points], -1)[..., :3],
    lambda points: points.ravel(),
    lambda points: 7.0,
    lambda points: np.empty(0),
    lambda points: np.empty((0, 2)),
    lambda points: [],
    lambda points: [np.array(["a", "b"])],
]
_STRINGS = [
    *(
        "",
        " ",
        "a",
        "The quick brown fox",
        "two\nlines",
        "\n",
        "\t\r",
        "$x^2$",
        "$",
        "$$",
        "$\\frac",
    ),
    *(
        "$\\frac{1}{0}$",
        "a\0b",
        "\ud800",
        "\uffff",
        "\x1b[31m",
        "\U0001d504\U0001d54f",
        "\u05e9\u05dc",
        "e\u0301",
        "<&>\"'",
    ),
    *("a" * 60, "\\", "%s{}", "$\\int_0^\\infty e^{-x^2}\\,dx$", "\u202e", "$x" * 3),
]
_PAGES = [
    "a4",
    "square",
    "a6",
    "1x1mm",
    "5000x1mm",
    "1x5000mm",
    "5000x5000mm",
    "100x100mm",
    "3x700mm",
]


def drawing(seed: int, index: int) -> tuple[Callable[[], Scene], Page, int, bool]:
    """Scene `index` of a seed: a function that makes it, its page, its pixels, and whether it is
    transparent. The function may raise ArtError, and nothing else.
    """
    rng = np.random.default_rng([seed, index])
    name = _PAGES[rng.integers(len(_PAGES))]
    margin = None if rng.random() < 0.5 else 0.0
    px = int(rng.integers(1, 65))
    spirit = _Spirit(rng)
    return spirit.scene, ga.page(name, margin=margin), px, rng.random() < 0.3


class _Spirit:
    """What the numbers of one scene are like, and the numbers themselves."""

    def __init__(self, rng: Rng) -> None:
        self.rng = rng
        spans = [(-1, 2), (-1, 2), (-9, 9), (2, 6), (6, 300), (-300, -6)]
        self.low, self.high = spans[rng.integers(len(spans))]
        self.lifts = rng.choice([0.0, 0.0, 0.1, 0.9])
        self.wrong = rng.choice([0.0, 0.0, 0.0, 0.03])  # of the values, those that are refused

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def pick(self, items: list[Any]) -> Any:
        return items[self.rng.integers(len(items))]

    def scene(self) -> Scene:
        kinds = [self.lines, self.beziers, self.circles, self.dots, self.raster, self.polygons]
        kinds += [self.segments, self.dashes, self.text, self.many]
        marks = [self.pick(kinds)() for _ in range(self.pick([0, 1, 1, 2, 2, 3, 4]))]
        nested = [marks[:1], None, tuple(marks[1:])] if self.chance(0.2) else marks
        box = self.box() if self.chance(0.3) else None
        options = (
            {}
            if self.chance(0.7)
            else {"paper": self.pick(["white", "#0D0D0D", self.color(), (1.009, -0.009, 0.5)])}
        )
        drawn = ga.scene(*nested, box=box, **options)
        drawn = drawn + drawn if self.chance(0.03) else drawn
        if self.chance(0.15):
            drawn = replace(drawn, marks=(self.group(drawn), *drawn.marks[:1]))
        return replace(drawn, clip=True) if box is not None and self.chance(0.4) else drawn

    # Numbers

    def points(self, *shape: int) -> Any:
        """Points (*shape, 2), most of them; in one of the ways in which they are written."""
        rng = self.rng
        size = 10.0 ** rng.uniform(self.low, self.high, (*shape, 1))
        with np.errstate(over="ignore"):
            points = size * rng.normal(size=(*shape, 2))
        points = np.nan_to_num(points)
        if self.chance(0.2):  # a pattern: on a grid, a straight line, one point many times
            pattern = rng.integers(4)
            points = [np.round(points), points * (1, 0), points * 0 + size.flat[:1].sum(), -points]
            points = points[pattern]
        if self.chance(0.1):
            points[rng.random(points.shape) < 0.2] = self.pick(_ENDS)
        points = np.where(rng.random(points.shape) < self.lifts, np.nan, points)
        if self.chance(self.wrong):
            points[rng.random(points.shape) < 0.2] = self.pick([np.inf, -np.inf])
        if self.chance(self.wrong):
            return self.pick(_NO_ARRAY)(points)
        return self.traced(points)

    def traced(self, points: np.ndarray) -> Any:
        """The same in another type, or with its memory in another order."""
        with np.errstate(all="ignore"):
            match self.rng.integers(40):
                case 0:
                    return points.tolist()
                case 1:
                    return points.astype(np.float32)
                case 2:
                    return np.asfortranarray(points)
                case 3:
                    return np.nan_to_num(np.clip(points, -1e18, 1e18)).astype(np.int64)
                case 4 if self.chance(0.1):  # each of its shapes is compiled for
                    return jnp.asarray(points)
                case 5:
                    return points[..., ::-1]
                case 6:
                    return points.astype(">f8")
                case 7:
                    return points.astype(np.longdouble)
                case 8:
                    return points[None]
        return points

    def shape(self, *least: int) -> tuple[int, ...]:
        most = self.pick([3, 12, 60])
        return tuple(int(self.rng.integers(low, low + most + 1)) for low in least)

    def size(self, n: int) -> Any:
        """A width or a radius in mm, one or n; now and then as large as it may be, or larger."""
        if self.chance(self.wrong):
            return self.pick([*_WRONG, "wide", None, [1.0] * (n + 2), np.full((n, 2), 1.0), 1e9])
        reach = self.pick([1.0, 1.0, 1.0, 4.0, 1e-9, 1e-300, 400.0])
        if self.chance(0.5):
            return reach * self.rng.random()
        sizes = reach * self.rng.random(n)
        sizes[self.rng.random(n) < 0.1] = 0.0
        return sizes

    def color(self, n: int = 1) -> Any:
        rng = self.rng
        if self.chance(self.wrong):
            return self.pick(
                [
                    (0, 0, 2),
                    (np.nan, 0, 0),
                    "#12",
                    "nocolor",
                    "",
                    (1, 2),
                    [],
                    7,
                    (-1, 0, 0),
                    (0, 1, np.inf),
                ]
            )
        match rng.integers(6):
            case 0:
                return self.pick(["teal", "#c2410c", "#abc", "#c2410c80", "none"])
            case 1:
                return rng.random(3)
            case 2:
                return rng.random(4).tolist()
            case 3:
                return rng.random((n, 3))
            case 4:
                return rng.integers(0, 2, (n, 4))
        return "black"

    def alpha(self, n: int) -> Any:
        if self.chance(self.wrong):
            return self.pick([*_WRONG, 2.0, "half", [0.5] * (n + 1)])
        return self.pick([1, 1.0, 0.0, 0.3, self.rng.random(n), 1e-300])

    def box(self) -> Any:
        rng = self.rng
        if self.chance(self.wrong):
            return self.pick(
                [((0, 0), (np.nan, 1)), ((0, 0), (np.inf, 1)), (0, 1), "box", np.eye(3)]
            )
        low = np.nan_to_num(rng.normal(size=2) * 10.0 ** rng.uniform(self.low, self.high))
        match rng.integers(12):
            case 0:
                return (low, low)  # no area
            case 1:
                return (low, low * (1, 0))
            case 2:
                return np.stack([low, -low])
        # At 1e300, the last digit of a float is 1e284.
        least = max(self.low, self.high - 12)
        return np.stack([low, low + 10.0 ** rng.uniform(least, self.high, 2)])

    # Marks

    def style(self, n: int, adds: str = "") -> dict[str, Any]:
        """The style of n strokes; `adds` is what may add up as ink or light."""
        style: dict[str, Any] = {}
        for name, value in (
            ("stroke", lambda: None if self.chance(0.2) else self.color(n)),
            ("fill", lambda: None if self.chance(0.3) else self.color(n)),
            ("width", lambda: self.size(n)),
            ("alpha", lambda: self.alpha(n)),
        ):
            if self.chance(0.4):
                style[name] = value()
        if adds and self.chance(0.3):
            style["blend"] = self.blend()
            if self.chance(0.9):
                style.pop({"stroke": "fill", "fill": "stroke"}[adds], None)
        return style

    def blend(self) -> Any:
        if self.chance(self.wrong):
            return self.pick(["multiply", None, 7, ""])
        exposure = self.pick([None, None, 1, 0.01, 30.0, 1e-300, 1e300, 5e-324])
        if self.chance(self.wrong):
            exposure = self.pick([*_WRONG, 0, "bright"])
        kind = self.pick([ga.ink, ga.light])
        return kind(exposure, embed=self.chance(0.2))

    def closing(self) -> dict[str, Any]:
        return {"closed": True} if self.chance(0.4) else {}

    def lines(self) -> Any:
        n, m = self.shape(0, 0)
        return ga.lines(self.points(n, m), **self.style(n, "stroke"), **self.closing())

    def polygons(self) -> Any:
        n, m = self.shape(0, 0)
        return ga.polygons(self.points(n, m), **self.style(n))

    def segments(self) -> Any:
        (n,) = self.shape(0)
        return ga.segments(
            self.points(n), self.points(self.pick([n, 1])), **self.style(n, "stroke")
        )

    def beziers(self) -> Any:
        n, k = self.shape(0, 0)
        m = 3 * k + 1 if self.chance(0.97) else k
        return ga.beziers(self.points(n, m), **self.style(n, "stroke"), **self.closing())

    def circles(self) -> Any:
        (n,) = self.shape(0)
        radius = 10.0 ** self.rng.uniform(self.low, self.high)
        if self.chance(0.1):
            radius = self.pick([*_ENDS, *_WRONG])
        return ga.circles(self.points(n), radius, **self.style(n))

    def dots(self) -> Any:
        (n,) = self.shape(0)
        return ga.dots(self.points(n), self.size(n), **self.style(n, "fill"))

    def dashes(self) -> Any:
        n, m = self.rng.integers(0, 4), self.rng.integers(1, 13)
        lengths = self.rng.random(self.rng.integers(1, 5)) * 10.0 ** (
            self.high - self.pick([0, 0, 0, 2])
        )
        if self.chance(0.1):
            lengths = self.pick(
                [[0, 0], [-1, 1], [], [np.nan], [np.inf, 1], "dash", [1e-300], None]
            )
        paths = ga.dash(self.points(n, m), lengths)
        if self.chance(0.3):
            paths = ga.simplify(paths, 10.0 ** self.rng.uniform(self.low, self.high))
        if self.chance(0.3):
            paths = ga.clip(paths, self.box())
        return ga.lines(paths, **self.style(n))

    def many(self) -> Any:
        count, kinds = self.pick([0, 1, 3]), [self.lines, self.dots, self.beziers]
        blocks = [self.pick(kinds)() for _ in range(count)]
        if self.chance(0.9):  # neither fills of lines nor strokes of dots
            blocks = [_of_one_ink(block) for block in blocks]
        return ga.many(count, lambda index: blocks[index], self.pick(["ink", "light"]))

    def group(self, drawn: Scene) -> Any:
        options: dict[str, Any] = {"blend": self.pick([*MODES])}
        if self.chance(0.4):
            options["alpha"] = self.pick([0.0, 0.5, 1e-300, 1])
        if self.chance(0.5):
            masks = [self.dots, self.raster, self.polygons, self.text, self.lines, self.circles]
            options["mask"] = [self.pick(masks)() for _ in range(self.pick([0, 1, 1, 2]))]
        if self.chance(self.wrong):
            options[self.pick(["blend", "alpha", "mask"])] = self.pick([np.nan, "ink", 2.0, bool])
        within = [self.group(drawn)] if self.chance(0.2) else []
        return ga.group(drawn, within, **options)

    def raster(self) -> Any:
        h, w = self.shape(1, 1)
        pixels = self.rng.random((h, w, self.pick([1, 3, 3, 4])))
        if self.chance(self.wrong):
            pixels = self.pick([pixels * 255, pixels * np.nan, pixels[:0], "picture", pixels[0, 0]])
        elif pixels.shape[-1] == 1:
            pixels = pixels[..., 0]
        return ga.raster(pixels, self.box())

    def text(self) -> Any:
        options: dict[str, Any] = {}
        if self.chance(0.5):
            options["size"] = self.pick([4.0, 0.01, 300.0, 1e-300])
        if self.chance(0.3):
            options["rotate"] = self.rng.normal() * 1e3
        if self.chance(0.2):
            options["tracking"] = self.pick([0.1, -0.3, 1e-9])
        if self.chance(0.2):
            options["font"] = self.pick(["serif", "sans", "mono", "italic", "bold"])
        if self.chance(0.2):
            options["align"] = self.pick(["left", "center", "right"])
        if self.chance(self.wrong):
            name = self.pick(["size", "rotate", "tracking", "alpha", "font", "fill"])
            options[name] = self.pick([np.nan, np.inf, -1.0, 1e300, "wide", None])
        return ga.text(self.pick(_STRINGS), self.points(), **options)


def _of_one_ink(mark: Mark) -> Mark:
    other = "stroke" if isinstance(mark.shape, Dots) else "fill"
    return replace(mark, style=replace(mark.style, **{other: None}))
