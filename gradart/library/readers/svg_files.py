"""SVG files of others as paths: cubic Bezier pieces in mm, y up, with their layers and pens.

What refers to elsewhere (`use`, `symbol`, nested `svg`, opacity of groups, layers) is resolved
here; svgelements then reads styles, transforms, shapes and path data.
"""

import io
import math
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from gradart.errors import ArtError, warn
from gradart.library.readers.file_checks import opened, read_elements

if TYPE_CHECKING:
    import svgelements

_BYTES = 20_000_000  # of which svgelements makes some hundred times as many in memory
_ELEMENTS = 300_000  # of a drawing, with what `use` repeats
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_GROUPS = {"g", "a", "switch"}
_SAID = {"text": "text", "image": "pictures", "foreignObject": "HTML"}
_REFERRING = ("clip-path", "mask", "filter")  # attributes whose effect is not drawn
_MM = {
    "": 25.4 / 96,
    "px": 25.4 / 96,
    "mm": 1,
    "cm": 10,
    "in": 25.4,
    "pt": 25.4 / 72,
    "pc": 25.4 / 6,
}


@dataclass(frozen=True)
class SvgPath:
    """One element: its pieces (3k + 1, 2) in mm, y up, its layer or group, id and pen.

    A piece with NaN controls joins what is apart. Colors are RGBA (4,) or None, `width` in mm;
    `straight` is whether all pieces are lines, `closed` whether all parts are, and `even_odd`
    whether it is filled by the rule of that name and not by the nonzero one.
    """

    points: np.ndarray
    straight: bool
    closed: bool
    layer: str
    id: str
    stroke: tuple[float, ...] | None
    width: float
    fill: tuple[float, ...] | None
    even_odd: bool = False


def svg_paths(file: str | os.PathLike[str], *, layer: str | None = None) -> np.ndarray:
    """The paths of an SVG file as cubic Bezier pieces in mm, y up: (n, 3k + 1, 2).

    Each element of `file` is a row, padded with NaN at its end, as `beziers` takes it; the page's
    lower left corner is (0, 0). Pixels are 1/96 inch. Transforms, `use`, `viewBox`, rectangles,
    circles and arcs are resolved; text and pictures are left out, with a warning. Of a `layer`, a
    group or an id alone what is in it is wanted: see `from_svg`.

    ArtError for a file that is broken, declares entities or holds nothing to draw.

    >>> drawn = ga.render(ga.scene(ga.circles((0, 0), [1, 2])), "rings.svg", page="square")
    >>> ga.svg_paths(drawn).shape[0]
    2
    """
    rows = [path.points for path in read_svg(file, layer)]
    found = np.full((len(rows), max(map(len, rows)), 2), np.nan)
    for row, points in zip(found, rows, strict=True):
        row[: len(points)] = points
    return found


def read_svg(file: str | os.PathLike[str], layer: str | None = None) -> list[SvgPath]:
    """The elements of an SVG file that draw something, in order; of one layer, group or id."""
    with opened(file) as (path, stream):
        if os.fstat(stream.fileno()).st_size > _BYTES:
            raise ArtError(f"{path.name} has more than {_BYTES:,} bytes: save a part of it")
        root = _tree(path, stream)
        flat = _Flat(path.name)
        for element in root.iter():
            flat.ids.setdefault(element.get("id", ""), element)
        top = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg"})
        top.extend(style for style in root.iter("style"))
        for child in root:
            flat.add(child, top, "", 1.0, ())
        paths = _drawn(top, _to_page(root), path.name)
    if flat.skipped:
        what = ", ".join(f"{kind} ({n})" for kind, n in flat.skipped.items())
        warn(f"{path.name}: left out {what}")
    if not paths:
        raise ArtError(f"{path.name} holds no path that draws anything")
    chosen = [one for one in paths if layer in (None, one.layer, one.id)]
    if not chosen:
        names = list(dict.fromkeys(one.layer for one in paths if one.layer))
        words = set(str(layer).split() or names)
        near = [name for name in names if words <= set(name.replace(",", " ").split())]
        chosen = [one for one in paths if [one.layer] == near]
    if not chosen:
        there = f"has {', '.join(names[:12])}" if names else "names none"
        raise ArtError(f"{path.name} has no layer {layer!r}; it {there}")
    return chosen


def _tree(path: Path, stream: BinaryIO) -> ET.Element:
    builder = ET.TreeBuilder()
    read_elements(path, stream, builder.start, builder.end, builder.data)
    root = builder.close()
    if root.tag != "svg":
        raise ArtError(f"{path.name} is no SVG, but {root.tag[:40]}")
    return root


@dataclass
class _Flat:
    """Puts elements into one tree of groups and shapes, each with its layer and its opacity."""

    name: str
    ids: dict[str, ET.Element] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    count: int = 0

    def add(
        self, source: ET.Element, to: ET.Element, layer: str, alpha: float, trail: tuple[str, ...]
    ) -> None:
        tag = source.tag
        if tag in _SAID and source.get("id") != "paper":  # of gradart
            self.skipped[_SAID[tag]] += 1
        self.count += 1
        if self.count > _ELEMENTS:
            raise ArtError(f"{self.name} draws more than {_ELEMENTS:,} elements: simplify it")
        given = dict(source.attrib)
        if given.get("id") == "paper":
            return
        style = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+)", given.get("style", "")))
        if "none" in (given.get("display"), style.get("display", "").strip()):
            return
        alpha *= _fraction(style.get("opacity", given.get("opacity", "1")))
        for kind in _REFERRING:
            if "url" in style.get(kind, given.get(kind, "")):
                self.skipped[f"the effect of {kind}"] += 1
        for kind in ("fill", "stroke"):
            if "url" in style.get(kind, given.get(kind, "")):
                self.skipped["gradients and patterns"] += 1
        given.pop("opacity", None)
        if tag in _SHAPES:
            to.append(ET.Element(tag, given | {"data-layer": layer, "data-alpha": repr(alpha)}))
        elif tag in _GROUPS or tag == "svg":
            name = given.get("label") or given.get("id") or layer
            if tag == "svg":
                given["transform"] = _viewport(given, given)
            group = ET.SubElement(to, "g", given)
            for child in source:
                self.add(child, group, name, alpha, trail)
        elif tag == "use":
            self._use(given, to, layer, alpha, trail)

    def _use(
        self,
        given: dict[str, str],
        to: ET.Element,
        layer: str,
        alpha: float,
        trail: tuple[str, ...],
    ) -> None:
        wanted = given.pop("href", "")[1:]
        target = self.ids.get(wanted)
        if target is None or not wanted:
            self.skipped["uses of what is not there"] += 1
            return
        if wanted in trail or len(trail) > 50:
            raise ArtError(f"{self.name} uses {wanted[:40]!r} within itself")
        shift = f"translate({given.get('x', '0')} {given.get('y', '0')})"
        size = {name: given[name] for name in ("width", "height") if name in given}
        given = {n: v for n, v in given.items() if n not in ("x", "y", "width", "height")}
        given["transform"] = f"{given.get('transform', '')} {shift}"
        group = ET.SubElement(to, "g", given)
        if target.tag in ("symbol", "svg"):
            how = dict(target.attrib)
            inner = ET.SubElement(group, "g", how | {"transform": _viewport(how | size, how)})
            for child in target:
                self.add(child, inner, layer, alpha, (*trail, wanted))
        else:
            self.add(target, group, layer, alpha, (*trail, wanted))


def _fraction(text: str) -> float:
    try:
        value = float(text.strip().rstrip("%")) / (100 if "%" in text else 1)
    except ValueError:
        return 1.0
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 1.0


def _length(text: str | None) -> tuple[float, str] | None:
    """A length's number and unit; None where there is none, or it is relative."""
    found = re.fullmatch(r"\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*([a-z]*)\s*", text or "")
    if not found or found[2] not in _MM:
        return None
    return float(found[1]), found[2]


def _view_box(text: str | None) -> tuple[float, float, float, float] | None:
    numbers = [float(n) for n in re.split(r"[\s,]+", (text or "").strip()) if n]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or min(numbers[2:]) <= 0:
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _pixels(text: str | None) -> float | None:
    length = _length(text)
    return None if length is None else length[0] * _MM[length[1]] / _MM["px"]


def _viewport(size: Mapping[str, str], told: Mapping[str, str]) -> str:
    """The transform of a nested `svg` or a `symbol` of some size, which its viewBox fills."""
    x, y = _pixels(told.get("x")) or 0.0, _pixels(told.get("y")) or 0.0
    view = _view_box(told.get("viewBox"))
    if view is None:
        return f"{told.get('transform', '')} translate({x!r} {y!r})"
    width = _pixels(size.get("width")) or view[2]
    height = _pixels(size.get("height")) or view[3]
    across, down, left, top = _fitted(view, (width, height), told.get("preserveAspectRatio", ""))
    matrix = f"matrix({across!r} 0 0 {down!r} {x + left!r} {y + top!r})"
    return f"{told.get('transform', '')} {matrix}"


def _fitted(
    view: tuple[float, float, float, float], size: tuple[float, float], how: str
) -> tuple[float, float, float, float]:
    """The scales across and down, and the shifts, that bring a viewBox into a size."""
    scales = np.array(size) / view[2:]
    if "none" not in how:
        scales[:] = scales.max() if "slice" in how else scales.min()
    part = [
        next((p for word, p in (("Min", 0.0), ("Max", 1.0)) if f"{axis}{word}" in how), 0.5)
        for axis in "xY"
    ]
    rest = (np.array(size) - scales * view[2:]) * part - scales * view[:2]
    return float(scales[0]), float(scales[1]), float(rest[0]), float(rest[1])


def _to_page(root: ET.Element) -> np.ndarray:
    """The matrix (2, 3) from the file's user units to mm, y up, from the page's lower left."""
    view = _view_box(root.get("viewBox"))
    width, height = _length(root.get("width")), _length(root.get("height"))
    across = width[0] * _MM[width[1]] if width else None
    down = height[0] * _MM[height[1]] if height else None
    if view is None:
        unit = _MM["px"]
        return np.array([[unit, 0, 0], [0, -unit, down or 0.0]])
    if across is None and down is None:
        across = view[2] * _MM["px"]
    if across is None:
        across = (down or 0.0) * view[2] / view[3]
    if down is None:
        down = across * view[3] / view[2]
    how = root.get("preserveAspectRatio", "")
    sx, sy, left, top = _fitted(view, (across, down), how)
    return np.array([[sx, 0, left], [0, -sy, down - top]])


def _drawn(top: ET.Element, to_page: np.ndarray, name: str) -> list[SvgPath]:
    import svgelements

    text = io.StringIO(ET.tostring(top, encoding="unicode"))
    found = []
    scale = math.sqrt(abs(to_page[0, 0] * to_page[1, 1]))
    for shape in svgelements.SVG.parse(text, reify=False, ppi=96).elements():
        if not isinstance(shape, svgelements.Shape):
            continue
        told = shape.values
        if told.get("visibility") in ("hidden", "collapse"):
            continue
        alpha = float(told.get("data-alpha", 1))
        stroke, fill = (_rgba(paint, alpha) for paint in (shape.stroke, shape.fill))
        width = float(shape.implicit_stroke_width or 0) * scale
        if told.get("tag") == "line":
            fill = None
        if stroke is None and fill is None:
            continue
        points, straight, closed = _pieces(shape)
        if not len(points):
            continue
        points = points @ to_page[:, :2].T + to_page[:, 2]
        known = np.isfinite(points) | np.isnan(points)
        if not known.all() or np.isnan(points[::3]).any() or not math.isfinite(width):
            raise ArtError(f"{name} has a {told.get('tag')} whose numbers are none: {shape.id}")
        layer, label = str(told.get("data-layer") or ""), str(shape.id or "")
        pen, rule = (stroke, width, fill), str(told.get("fill-rule", "")).strip() == "evenodd"
        found.append(SvgPath(points, straight, closed, layer, label, *pen, rule))
    return found


def _rgba(paint: "svgelements.Color", alpha: float) -> tuple[float, ...] | None:
    if paint is None or paint.value is None:
        return None
    return (*(c / 255 for c in (paint.red, paint.green, paint.blue)), paint.opacity * alpha)


def _pieces(shape: "svgelements.Shape") -> tuple[np.ndarray, bool, bool]:
    """A shape's cubic pieces, whether all are straight, and whether all its parts are closed."""
    import svgelements

    path = svgelements.Path(*shape.segments(transformed=False))
    path.approximate_arcs_with_cubics()  # before they are turned, which is wrong for skewed ones
    points: list[complex] = []
    straight, parts, closes = True, 0, 0
    start = here = 0j
    apart = complex("nan")
    begun = False
    for piece in path:
        end = complex(*piece.end) if piece.end is not None else start
        if isinstance(piece, svgelements.Move):
            start, begun = end, False
        else:
            if not begun:
                points += [apart, apart, here] if points else [here]
                parts, begun = parts + 1, True
            if isinstance(piece, svgelements.CubicBezier):
                one, two, straight = complex(*piece.control1), complex(*piece.control2), False
            elif isinstance(piece, svgelements.QuadraticBezier):
                control, straight = complex(*piece.control), False
                one, two = (here + 2 * control) / 3, (end + 2 * control) / 3
            else:
                one, two = here + (end - here) / 3, end + (here - end) / 3
            if isinstance(piece, svgelements.Close):
                closes, begun = closes + 1, False
            if end != here or not isinstance(piece, svgelements.Close):
                points += [one, two, end]
        here = end
    if len(points) < 4:
        points = []
    flat = np.array(points, complex)
    turn = shape.transform
    matrix = np.array([[turn.a, turn.b], [turn.c, turn.d]], float)
    pieces = np.stack([flat.real, flat.imag], -1) @ matrix + np.array([turn.e, turn.f], float)
    return pieces, straight, parts == closes
