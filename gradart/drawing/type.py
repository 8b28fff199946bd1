"""Type: a string, plain or in TeX's notation between dollars, as filled Bezier outlines."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gradart.drawing.marks import Beziers, Mark
from gradart.drawing.style import INK, ColorLike, Style, color, numbers
from gradart.errors import ArtError

# The faces that travel with matplotlib, so that a sheet looks the same on every machine.
_FACES = {
    "serif": ("STIXGeneral.ttf", "stix"),
    "italic": ("STIXGeneralItalic.ttf", "stix"),
    "bold": ("STIXGeneralBol.ttf", "stix"),
    "sans": ("DejaVuSans.ttf", "dejavusans"),
    "mono": ("DejaVuSansMono.ttf", "dejavusans"),
}
_LEADING = 1.35  # from baseline to baseline, in type sizes


def text(
    string: str,
    at: Any,
    *,
    size: float = 4.0,
    align: Literal["left", "center", "right"] = "left",
    valign: Literal["baseline", "middle", "top"] = "baseline",
    rotate: float = 0.0,
    tracking: float = 0.0,
    font: str = "serif",
    fill: ColorLike = INK,
    alpha: float = 1.0,
) -> Mark:
    """Set `string` at the point `at` (2,) of the drawing, in type of `size` mm.

    The type keeps its size whatever the scale of the drawing. What stands between dollars is read
    as matplotlib's mathtext: `"$f'(2) = 3.999$"`. `font` is serif, italic, bold, sans, mono or the
    path of a font file; `rotate` in degrees counterclockwise; `tracking` adds space between
    letters, in type sizes (not in mathtext).
    """
    anchor = numbers(at, "at")
    if anchor.shape != (2,):
        raise ArtError(f"text stands at one point (x, y), not at an array of shape {anchor.shape}")
    for name, value in (("size", size), ("rotate", rotate), ("tracking", tracking)):
        if not np.isfinite(value):
            raise ArtError(f"the text's {name} must be a finite number, not {value}")
    if size <= 0:
        raise ArtError(f"the text's size is in mm and must be positive, not {size}")
    _check(string)
    rows, top = [], 0.0
    for number, line in enumerate(string.split("\n")):
        outline, advance = _outline(line, font, tracking)
        shift = {"left": 0.0, "center": advance / 2, "right": advance}[align]
        rows.append(outline - (shift, number * _LEADING))
        top = max(top, float(np.nanmax(outline[:, 1], initial=0.0))) if number == 0 else top
    bottom = (len(rows) - 1) * _LEADING
    drop = {"baseline": 0.0, "middle": (top - bottom) / 2, "top": top}[valign]
    turn = np.deg2rad(rotate)
    spin = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    points = size * (_joined(rows) - (0.0, drop)) @ spin
    return Mark(Beziers(points[None], True, anchor), Style(None, np.array(0.0), color(fill, alpha)))


def _check(string: str) -> None:
    if "Tracer" in string:  # what Python prints of a number that is being traced
        raise ArtError(
            "text is made of a Tracer, a number that is known only when a frame is drawn"
        )
    for place, letter in enumerate(string):
        if letter == "\0" or unicodedata.category(letter) == "Cs":
            raise ArtError(f"letter {place} of the text is {letter!r}, which no font can draw")


def _joined(rows: list[np.ndarray]) -> np.ndarray:
    """Return paths (3k + 1, 2) as one: two NaN points make the piece between two ends a lift."""
    lift = np.full((2, 2), np.nan)
    parts = [part for row in rows if len(row) for part in (lift, row)]
    return np.concatenate(parts[1:]) if parts else np.full((1, 2), np.nan)


@lru_cache(maxsize=512)
def _outline(line: str, font: str, tracking: float) -> tuple[np.ndarray, float]:
    """Return a line's outline at size 1, (3k + 1, 2), and how far it reaches to the right."""
    if not tracking or "$" in line:
        return _joined(_contours(line, font)), _width(line, font)
    spaced = []
    for place, letter in enumerate(line):
        # Where the letter stands in the line, so that kerning is kept.
        start = _width(line[: place + 1], font) - _width(letter, font) + place * tracking
        spaced += [contour + np.array([start, 0.0]) for contour in _contours(letter, font)]
    return _joined(spaced), _width(line, font) + max(len(line) - 1, 0) * tracking


def _properties(font: str) -> Any:
    import matplotlib
    from matplotlib.font_manager import FontProperties

    if font in _FACES:
        name, math = _FACES[font]
        file = Path(matplotlib.get_data_path(), "fonts", "ttf", name)
        return FontProperties(fname=file, math_fontfamily=math)
    if Path(font).is_file():
        return FontProperties(fname=font)
    raise ArtError(f"no font {font!r}; write one of {', '.join(_FACES)} or a font file's path")


@lru_cache(maxsize=2048)
def _width(line: str, font: str) -> float:
    from matplotlib.textpath import text_to_path

    # Measured large: hinting and rounding to 1/64 unit vanish.
    properties = _properties(font)
    properties.set_size(1000)
    width, _, _ = text_to_path.get_text_width_height_descent(line, properties, "$" in line)
    return float(width) / 1000


def _contours(line: str, font: str) -> list[np.ndarray]:
    """Return the outline's contours, each as the cubic pieces of a closed path."""
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import TextPath

    if not line.strip():  # TextPath fails on what has no outline
        return []
    try:
        path = TextPath((0, 0), line, size=1.0, prop=_properties(font))
    except ValueError as exc:  # mathtext's own message shows the place
        raise ArtError(f"the text {line!r} is not valid mathtext: {exc}") from exc
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
