"""Type as single lines, which a pen draws in one go each: as a mark in mm, and as paths."""

from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Literal, TypedDict, Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.lettering.pen_fonts import EM, check_font, pen_letter
from gradart.drawing.lettering.typesetting import (
    LEADING,
    anchor_of,
    beginning,
    check_string,
    check_words,
    in_units,
    scaled,
)
from gradart.drawing.marks import beziers
from gradart.drawing.shapes import Beziers, Mark
from gradart.drawing.style import INK, OVER, PEN, Blend, BlendKind, ColorLike
from gradart.errors import warn
from gradart.geometry.paths.paths import padded
from gradart.types import Array, Number, Numbers

_APART = 1 / 40  # of points that are bent, in type sizes, as those of `outlines`


class PenTypeKeywords(TypedDict, total=False):
    """Keywords of `pen_text`: the type's `size` in mm, its font, and the pen that draws it.

    `align` says which part of the line stands at the given point; `width` of the pen in mm.
    """

    size: Number
    align: Literal["left", "center", "right"]
    font: str
    stroke: ColorLike
    width: Numbers
    alpha: Numbers
    blend: BlendKind | Blend


@dataclass(frozen=True)
class _Setting:
    """The keywords of `pen_text` with their defaults."""

    size: Number = 4.0
    align: Literal["left", "center", "right"] = "left"
    font: str = "sans"
    stroke: ColorLike = INK
    width: Numbers = PEN
    alpha: Numbers = 1.0
    blend: BlendKind | Blend = OVER


def pen_text(
    string: str,
    at: Numbers,
    *,
    valign: Literal["baseline", "middle", "top"] = "baseline",
    rotate: Number = 0.0,
    tracking: float = 0.0,
    **style: Unpack[PenTypeKeywords],
) -> Mark:
    r"""Set a text at a point of the drawing in single lines, as a plotter's pen writes it.

    The `string`, of one line or more, stands at `at` (2,); `size` (4 mm), `align`, `valign`,
    `rotate` and `tracking` are those of `text`. `font` is sans, bold, serif, italic, script or
    gothic: Dr. Hershey's Roman simplex, duplex and complex, Italic complex, Script simplex and
    Gothic English, of which the first and the script draw each stem once. To the letters of ASCII
    come those with accents, Greek, quotes and dashes; a warning names what there is not, which is
    drawn as a box. `stroke`, `width` (0.3 mm), `alpha` and `blend` are those of `lines`. There is
    no mathtext. ArtError for what cannot be set. The letters are those of A. V. Hershey, U. S.
    National Bureau of Standards (1967), in the format of James Hurt, Cognition, Inc.

    >>> ga.pen_text("Grüße\nfrom the pen", (0, 0), size=12, font="script", width=0.5)
    """
    setting = _Setting(**style)
    size, align = setting.size, setting.align
    anchor = anchor_of(at, size=size, rotate=rotate, tracking=tracking)
    check_words(align, valign)
    outline = _straight(_strokes(string, setting.font, align, valign, float(tracking)))
    traced = any(isinstance(x, jax.core.Tracer) for x in (size, rotate))
    xp: ModuleType = jnp if traced else np
    points = scaled(outline, size, rotate, xp)
    stroke, width, alpha, blend = setting.stroke, setting.width, setting.alpha, setting.blend
    mark = beziers(points[None], stroke=stroke, width=width, alpha=alpha, blend=blend)
    return Mark(Beziers(points[None], False, anchor), mark.style)


def pen_lines(
    string: str,
    size: float = 1.0,
    at: Numbers = (0.0, 0.0),
    *,
    align: Literal["left", "center", "right"] = "left",
    font: str = "sans",
) -> Array:
    """A text as strokes of a pen, in the artist's units: (n, m, 2), a row for each stroke.

    The `string`, in the `font` of `pen_text`, begins with its first baseline at the point `at`
    (2,), or by `align` ends there, or has its center there. `size` is that of the type, of which a
    capital is two thirds high. Rows are filled with NaN; no two points are farther apart than a
    40th of the size, so that what is bent stays smooth. ArtError for what cannot be set.

    >>> word = ga.pen_lines("along a wave", 0.9)
    >>> ga.lines(ga.on_path(word, lambda t: jnp.stack([t, jnp.sin(t)]), 0.0, 7.0))
    """
    place = beginning(at, "pen_lines", align=align, size=size)
    strokes = [_fine(s) for s in _strokes(string, font, align, "baseline", 0.0)]
    return in_units(padded(strokes, (len(strokes),)), size, place)


def _strokes(
    string: str, font: str, align: str, valign: str, tracking: float
) -> tuple[np.ndarray, ...]:
    """The strokes (m, 2) of lines at size 1, the first where it is to stand."""
    check_string(string)
    check_font(font)
    found, lost = _set(string, font, align, valign, tracking)
    if lost:
        warn(f"the font {font} of single lines lacks {lost}, drawn as boxes")
    return found


@lru_cache(maxsize=256)
def _set(
    string: str, font: str, align: str, valign: str, tracking: float
) -> tuple[tuple[np.ndarray, ...], str]:
    """The strokes of lines at size 1, and which letters the font lacks."""
    found: list[np.ndarray] = []
    missing: dict[str, None] = {}
    top = 0.0
    lines = string.split("\n")
    for number, line in enumerate(lines):
        row, x = [], 0.0
        for place, letter in enumerate(line):
            glyph = pen_letter(letter, font)
            if glyph is None:
                missing[repr(letter)] = None
                glyph = pen_letter("\N{WHITE SQUARE}", font)
                assert glyph is not None, "what stands for a letter that is lacking is there"
            x += tracking * (place > 0)
            row += [stroke / EM + (x - glyph.left / EM, 0.0) for stroke in glyph.strokes]
            x += (glyph.right - glyph.left) / EM
        back = {"left": 0.0, "center": x / 2, "right": x}[align]
        if number == 0:
            top = max([0.0, *(float(stroke[:, 1].max()) for stroke in row)])
        found += [stroke - (back, number * LEADING) for stroke in row]
    bottom = (len(lines) - 1) * LEADING
    drop = {"baseline": 0.0, "middle": (top - bottom) / 2, "top": top}[valign]
    return tuple(stroke - (0.0, drop) for stroke in found), ", ".join(missing)


def _straight(strokes: tuple[np.ndarray, ...]) -> np.ndarray:
    """Strokes as one path (3k + 1, 2) of straight pieces, two NaN points between them."""
    parts = [np.full((1, 2), np.nan)]
    for stroke in strokes:
        step = np.diff(stroke, axis=0)[:, None] * np.array([1 / 3, 2 / 3, 1])[:, None]
        rest = (stroke[:-1, None] + step).reshape(-1, 2)
        parts += [np.full((2, 2), np.nan), stroke[:1], rest]
    return np.concatenate(parts[2:] if strokes else parts)


def _fine(stroke: np.ndarray) -> np.ndarray:
    """A stroke with points on it, no two of them farther apart than what stays smooth."""
    counts = np.maximum(np.ceil(np.hypot(*np.diff(stroke, axis=0).T) / _APART), 1).astype(int)
    at = np.concatenate([i + np.arange(n) / n for i, n in enumerate(counts)] + [[len(counts)]])
    knots = np.arange(len(stroke))
    return np.stack([np.interp(at, knots, stroke[:, axis]) for axis in (0, 1)], -1)
