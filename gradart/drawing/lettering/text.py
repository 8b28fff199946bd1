"""Type as filled Bezier outlines: a string, plain or in TeX's notation between dollars."""

import functools
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Literal, Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.lettering.fonts import face
from gradart.drawing.lettering.typesetting import (
    LEADING,
    anchor_of,
    beginning,
    check_string,
    check_words,
    in_units,
    scaled,
)
from gradart.drawing.shapes import Beziers, Letters, Mark
from gradart.drawing.style import INK, ColorLike, Style, TypeKeywords, color
from gradart.errors import ArtError, warn
from gradart.types import Array, Numbers

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FLAT, APART = 1 / 2000, 1 / 40  # of polygons from outlines, in type sizes


@dataclass(frozen=True)
class Setting:
    """The keywords of `text` and `digits`, with their defaults."""

    size: float = 4.0
    align: Literal["left", "center", "right"] = "left"
    font: str = "serif"
    fill: ColorLike = INK
    alpha: Numbers = 1.0

    @property
    def style(self) -> Style:
        return Style(None, np.array(0.0), color(self.fill, self.alpha))


def text(
    string: str,
    at: Numbers,
    *,
    valign: Literal["baseline", "middle", "top"] = "baseline",
    rotate: float = 0.0,
    tracking: float = 0.0,
    **style: Unpack[TypeKeywords],
) -> Mark:
    r"""Set a text at a point of the drawing, in type of a size in mm.

    The `string`, of one line or more, stands at `at` (2,). Its `size` (4 mm) stays whatever the
    scale of the drawing. What stands between dollars in a line is read as matplotlib's mathtext:
    `"$f'(2) = 3.999$"`. A dollar itself is written `\$`, as in `r"from \$5 to \$6"`, unless it is
    alone in its line. `align` is left, center or right, `valign` baseline, middle or top; `font` is
    serif, italic, bold, sans, mono, the path of a font file, or a family that this machine has, as
    "Georgia" or "Georgia bold italic"; `rotate` in degrees counterclockwise; `tracking` adds space
    between letters, in type sizes (not in mathtext); `fill` and `alpha` are the color.

    >>> ga.text("one\ntwo", (0, 0), size=30, align="center", font="italic")
    """
    setting = Setting(**style)
    size, align, font = setting.size, setting.align, setting.font
    check_string(string)
    anchor = anchor_of(at, size=size, rotate=rotate, tracking=tracking)
    check_words(align, valign)
    face(str(font))  # which warns here, and not where the warnings of matplotlib are read
    lines = string.split("\n")
    typeset = functools.partial(_typeset, lines, align, valign, str(font))
    parting = isinstance(tracking, jax.core.Tracer)
    if parting:
        # Any two say how letters part; at 0 those of a ligature do not.
        (still, drop), (two, _) = typeset(1.0), typeset(2.0)
        outline = still + (tracking - 1) * np.nan_to_num(two - still)
    else:
        outline, drop = typeset(float(tracking))
        still = outline
    traced = parting or any(isinstance(x, jax.core.Tracer) for x in (size, rotate))
    xp: ModuleType = jnp if traced else np
    letters = None
    if all(map(_is_plain, lines)) and not parting:
        told, apart = tuple(map(_shown, lines)), float(tracking)
        now = xp.asarray(size, float), xp.asarray(rotate, float)
        letters = Letters(told, str(font), align, apart, LEADING, drop, *now)
    points = scaled(outline, size, rotate, xp)
    return Mark(Beziers(points[None], True, anchor, letters), setting.style)


def outlines(
    string: str,
    size: float = 1.0,
    at: Numbers = (0.0, 0.0),
    *,
    align: Literal["left", "center", "right"] = "left",
    font: str = "serif",
) -> Array:
    """A text as polygons with holes, in the artist's units: (n, m, 2), a row for each piece.

    The `string`, read as in `text`, begins with its first baseline at the point `at` (2,), or by
    `align` ends there, or has its center there. `size` is that of the type, from baseline to
    baseline of lines set solid; capitals are about two thirds of it high. `font` is that of `text`.
    Pieces come from the left to the right, outlines counterclockwise and holes clockwise, parted
    by NaN. Curves are right to a 2000th of the size, and no two points farther apart than a 40th,
    so that what is bent stays smooth. ArtError for what cannot be set.

    >>> word = ga.outlines("flow", size=2)
    >>> ga.scene(ga.lines(ga.hatch(word, 0.04)), ga.lines(word, closed=True))
    """
    # Here, for a text on a page needs none of it, and shapely takes long to import.
    from gradart.geometry.paths.beziers import flattened
    from gradart.geometry.paths.polygons import as_polygons, split, wound

    place = beginning(at, "outlines", align=align, size=size)
    check_string(string)
    face(str(font))
    outline, _ = set_lines(string, align, str(font))
    contours = [flattened(run, FLAT, APART) for run in split(outline) if len(run) > 3]
    found = as_polygons(wound(contours))
    order = np.argsort(np.nanmin(found[..., 0], axis=1, initial=np.inf), kind="stable")
    return in_units(found[order], size, place)


def set_lines(string: str, align: str, font: str) -> tuple[np.ndarray, float]:
    """The outline (3k + 1, 2) of a text at size 1, and how far below its place its first line."""
    return _typeset(string.split("\n"), align, "baseline", font, 0.0)


def _typeset(
    lines: Sequence[str], align: str, valign: str, font: str, tracking: float
) -> tuple[np.ndarray, float]:
    """The outline (3k + 1, 2) of lines at size 1, and how far below its place the first is set."""
    rows, top = [], 0.0
    for number, line in enumerate(lines):
        if _prices(line):
            warn(f"{line!r} is set as mathematics between its dollars; write \\$ for a dollar")
        outline, advance, missing = outlined(line, font, tracking)
        if missing:
            warn(f"the font {font} lacks {missing}, drawn as boxes: take another font")
        shift = {"left": 0.0, "center": advance / 2, "right": advance}[align]
        rows.append(outline - (shift, number * LEADING))
        top = max(top, float(np.nanmax(outline[:, 1], initial=0.0))) if number == 0 else top
    bottom = (len(rows) - 1) * LEADING
    drop = {"baseline": 0.0, "middle": (top - bottom) / 2, "top": top}[valign]
    return _joined(rows) - (0.0, drop), drop


def _is_plain(line: str) -> bool:
    """Return whether a line is its letters one after another, from left to right."""
    if _is_math(line):
        return False
    return not any(
        unicodedata.combining(letter) or unicodedata.bidirectional(letter) in ("R", "AL")
        for letter in line
    )


def _shown(line: str) -> str:
    """Return a line as it is read, in which \\$ is a dollar."""
    return line.replace("\\$", "$")


def letter_places(line: str, font: str, tracking: float) -> list[float]:
    """Return where each letter of a line stands, and the line's end, at size 1."""
    # Each dollar with its backslash: two of them would make mathtext of the letters before.
    letters = list(map(_escaped, line))
    # Where the letter stands in the line, so that kerning is kept.
    starts = [
        _width("".join(letters[: n + 1]), font) - _width(letter, font) + n * tracking
        for n, letter in enumerate(letters)
    ]
    end = _width("".join(letters), font) + max(len(letters) - 1, 0) * tracking
    return [*starts, end]


def _escaped(letter: str) -> str:
    return "\\$" if letter == "$" else letter


def _joined(rows: list[np.ndarray]) -> np.ndarray:
    """Return several paths (3k + 1, 2) as one, with two NaN points between them to lift the pen."""
    lift = np.full((2, 2), np.nan)
    parts = [part for row in rows if len(row) for part in (lift, row)]
    return np.concatenate(parts[1:]) if parts else np.full((1, 2), np.nan)


@lru_cache(maxsize=512)
def outlined(line: str, font: str, tracking: float) -> tuple[np.ndarray, float, str]:
    """Return a line's outline (3k + 1, 2) at size 1, its width, and what letters the font lacks."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            points, reach = _set(line, font, tracking)
    except ArtError:
        raise
    except (ValueError, RuntimeError) as exc:  # its last line says what, those above show where
        reason = (str(exc).strip().splitlines() or [type(exc).__name__])[-1]
        math = "is not valid mathtext, which stands between dollars (\\$ is a dollar)"
        what = math if _is_math(line) else f"cannot be set in {font}"
        raise ArtError(f"the text {line!r} {what}: {reason}") from exc
    lost = [re.match(r"Glyph (\d+) ", str(warning.message)) for warning in caught]
    return points, reach, ", ".join(sorted({repr(chr(int(m[1]))) for m in lost if m}))


def _set(line: str, font: str, tracking: float) -> tuple[np.ndarray, float]:
    if not tracking or _is_math(line):
        return _joined(_contours(line, font)), _width(line, font)
    shown = _shown(line)
    *starts, end = letter_places(shown, font, tracking)
    spaced = [
        contour + np.array([start, 0.0])
        for letter, start in zip(shown, starts, strict=True)
        for contour in _contours(_escaped(letter), font)
    ]
    return _joined(spaced), end


def _properties(font: str) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    found = face(font)
    return FontProperties(fname=found.file, math_fontfamily=found.math)


def _is_math(line: str) -> bool:
    """Return whether a line holds mathtext; a lone dollar is a dollar."""
    from matplotlib.cbook import is_math_text

    return bool(is_math_text(line))


def _prices(line: str) -> bool:
    """Return whether a line of mathtext reads like prose, as from $5 to $6: it ends at a number."""
    after = re.split(r"(?<!\\)\$", line)[2::2]
    return _is_math(line) and any(part[:1].isdigit() for part in after)


def _plain(line: str) -> str:
    """Return a line as matplotlib is to read it: outside of mathtext, \\$ is a dollar too."""
    return line if _is_math(line) else line.replace("\\$", "$")


@lru_cache(maxsize=2048)
def _width(line: str, font: str) -> float:
    from matplotlib.textpath import text_to_path

    # Measured large: hinting and rounding to 1/64 unit vanish.
    properties = _properties(font)
    properties.set_size(1000)
    string, math = _plain(line), _is_math(line)
    width, _, _ = text_to_path.get_text_width_height_descent(string, properties, math)
    return float(width) / 1000


def _contours(line: str, font: str) -> list[np.ndarray]:
    """Return the contours of a line's letters, each a closed path of cubic pieces (3k + 1, 2)."""
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import text_to_path

    if not line.strip():
        return []
    math = _is_math(line)
    corners, codes = text_to_path.get_text_path(_properties(font), _plain(line), math)
    path = Outline(np.multiply(corners, 1 / text_to_path.FONT_SCALE), codes or None)
    contours: list[list[np.ndarray]] = []
    for corners, code in path.iter_segments(simplify=False, curves=True):
        p = corners.reshape(-1, 2)
        if code == Outline.MOVETO:
            contours.append([p[0]])
            continue
        trace = contours[-1]
        last = trace[-1]
        if code == Outline.CURVE4:
            trace += [p[0], p[1], p[2]]
        elif code == Outline.CURVE3:  # a quadratic, raised to a cubic
            trace += [last + 2 / 3 * (p[0] - last), p[1] + 2 / 3 * (p[0] - p[1]), p[1]]
        else:
            end = trace[0] if code == Outline.CLOSEPOLY else p[0]
            trace += [last + (end - last) / 3, last + 2 * (end - last) / 3, end]
    return [np.array(trace) for trace in contours if len(trace) > 1]
