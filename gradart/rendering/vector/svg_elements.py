"""SVG as a plotter and an editor want it: millimeters, a layer for each pen, true curves."""

import base64
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import assert_never
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from gradart.drawing.groups import leaves
from gradart.drawing.lettering.fonts import face
from gradart.drawing.shapes import Beziers, Dots, Group, Letters, Lines, Many, Mark, Raster
from gradart.drawing.style import OVER, Gradient, Style, hex_code
from gradart.errors import warn
from gradart.rendering.ink.blending import as_vectors
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.path_commands import trace
from gradart.rendering.painting.rasters import is_crisp
from gradart.rendering.vector.path_data import digits, path_data
from gradart.rendering.vector.pens import Element, Pen, layers, numbered, within
from gradart.rendering.vector.strokes import plotted
from gradart.types import Array

_CRISP = 8  # pixels to the side of a cell that must not be smoothed
# Of the strokes in a layer, not of the layer: each of them meets those below.
_BLENDING = "<style>.ink>*{mix-blend-mode:multiply}.light>*{mix-blend-mode:screen}</style>\n"
# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Layering:
    """How elements become layers: in the order of drawing alone, and sorted for a plotter."""

    keep_order: bool = False
    optimize: bool = False


def svg(
    marks: list[Mark],
    page: Page,
    paper: np.ndarray | None,
    layering: Layering = Layering(),
    *,
    title: str = "",
    metadata: str = "",
) -> str:
    """Return marks placed on the page as an SVG document, the same for the same marks.

    Each pen is a layer, in Inkscape's sense too, numbered from the back, and so are marks that are
    told to be one: there are several of these only where order forbids less. Numbers are rounded to
    a micrometer. `paper` is an RGBA color, or None
    for no background.
    """
    width, height = _number(page.width), _number(page.height)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
        f' width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">\n'
    ]
    for tag, text in (("title", title), ("metadata", metadata)):
        if text:
            parts.append(f"<{tag}>{escape(_FORBIDDEN.sub('', text))}</{tag}>\n")
    if paper is not None:
        parts.append(_paper(page, paper))
    if any(mark.style.blend != OVER for mark in leaves(marks)):
        parts.append(_BLENDING)
    parts += _windows(marks, layering.optimize)
    gradients = [mark.style.gradient for mark in leaves(marks, masks=True)]
    if names := dict.fromkeys(
        _gradient(gradient) for gradient in gradients if gradient is not None
    ):
        parts += ["<defs>\n", *names, "</defs>\n"]
    drawn = as_vectors(marks, page)
    elements = [e for mark in drawn for e in _elements(mark, page, layering.optimize)]
    found = layers(elements, page, layering.keep_order)
    for layer, name, identity in zip(found, *numbered(found), strict=True):
        runs = _by_pen(layer, layering.optimize)
        only = runs[0][0] if len(runs) == 1 else ""
        parts.append(
            f'<g id="{identity}" inkscape:groupmode="layer" inkscape:label={quoteattr(name)}'
            f"{only}>\n"
        )
        parts += runs[0][1] if len(runs) == 1 else _apart(runs)
        parts.append("</g>\n")
    return "".join([*parts, "</svg>\n"])


def _by_pen(elements: list[Element], optimize: bool) -> list[tuple[str, list[str]]]:
    """Runs of elements of one pen: its attributes, and their texts."""
    found = []
    for (_, attributes), some in groupby(elements, key=lambda element: element.pen):
        run = list(some)
        found.append((attributes, plotted(run) if optimize else [e.body for e in run]))
    return found


def _apart(runs: list[tuple[str, list[str]]]) -> Iterator[str]:
    for attributes, bodies in runs:
        yield from (f"<g{attributes}>\n", *bodies, "</g>\n")


def _windows(marks: list[Mark], optimize: bool) -> Iterator[str]:
    """What clips elements of a clipped scene, each by itself, so that they blend one by one."""
    for mark in marks:
        if isinstance(mark.shape, Group) and mark.shape.mode == "clip":
            path = "".join(path_data(trace(_window(mark.shape))))
            yield f'<defs><clipPath id="box"><path d="{path}"/></clipPath></defs>\n'
            if optimize:
                yield "<style>.clipped>*{clip-path:url(#box)}</style>\n"


def _window(group: Group) -> Lines:
    """The rectangle that a clipped scene is seen in."""
    assert group.mask is not None, "what is clipped is clipped to something"
    window = group.mask[0].shape
    assert isinstance(window, Lines), "a window is a polygon"
    return window


def _clipped(group: Group, page: Page, optimize: bool) -> Iterator[Element]:
    """The elements of a clipped scene, of which those are clipped that leave its box.

    All are where they are sorted for a plotter: then they are written anew, by their pens.
    """
    points = np.asarray(_window(group).points)[0]
    low, high = points.min(0), points.max(0)
    for mark in group.marks:
        inside = within(mark, low, high)
        for element in _elements(mark, page, optimize):
            if optimize:
                name, attributes = element.pen
                if 'class="' in attributes:
                    attributes = attributes.replace('class="', 'class="clipped ')
                else:
                    attributes += ' class="clipped"'
                yield replace(element, pen=(name, attributes))
            elif inside[element.row]:
                yield element
            else:
                # A group's own element comes after its mask, whose elements have no style.
                start = "<g style" if isinstance(mark.shape, Group) else element.body.split(" ")[0]
                tag = start.split(" ")[0]
                clip = start.replace(tag, f'{tag} clip-path="url(#box)"')
                yield replace(element, body=element.body.replace(start, clip, 1))


def _paper(page: Page, color: np.ndarray) -> str:
    """The paper as a picture of one pixel: what a plotter reads as geometry it would draw."""
    opacity = f' opacity="{color[3]:.4g}"' if color[3] < 1 else ""
    pixel = np.append(np.asarray(color)[:3], 1.0)[None, None]
    box = np.array([(0.0, 0.0), (page.width, page.height)])
    return _image(pixel, box, f' id="paper"{opacity}')


def _elements(mark: Mark, page: Page, optimize: bool) -> Iterator[Element]:
    """Yield a mark's elements from back to front, each with the pen that draws it."""
    match mark.shape:
        case Group(mode="clip"):
            yield from _clipped(mark.shape, page, optimize)
        case Group() as group:
            yield Element((f"group {group.mode}", ""), _group(group, page, optimize), mark, 0)
        case Beziers(_, _, anchor, Letters() as letters):
            yield from _inked([_text(letters, np.asarray(anchor))], mark)
        case Lines() | Beziers():
            bodies = [data and f'<path d="{data}"/>\n' for data in path_data(trace(mark.shape))]
            yield from _inked(bodies, mark)
        case Dots(centers, radius):
            sizes = np.broadcast_to(radius, len(centers))
            text, at = digits(np.column_stack([centers, sizes]).ravel())
            numbers = [text[start:stop] for start, stop in pairwise(at.tolist())]
            circles = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
            bodies = [f'<circle cx="{x}" cy="{y}" r="{r}"/>\n' for x, y, r in circles]
            yield from _inked(bodies, mark)
        case Raster(cells, box):
            body = _image(np.asarray(cells), np.asarray(box))
            yield Element(("picture", _class(mark.style)), body, mark, 0)
        case Many():
            pass  # it has become a picture
        case _:
            assert_never(mark.shape)


def _group(group: Group, page: Page, optimize: bool) -> str:
    """A group's element, and its mask before it: white that is as opaque as the group is seen."""
    inside = [_by_pen(list(_elements(part, page, optimize)), optimize) for part in group.marks]
    bodies = "".join(text for runs in inside for text in _apart(runs))
    mask = defined = ""
    if optimize and (group.mask is not None or group.mode != "normal"):
        message = "a plotter draws all of a group, without its mask or blend: cut it with ga.clip"
        warn(message)
    if group.mask is not None:
        parts = [_by_pen(list(_elements(part, page, False)), False) for part in group.mask]
        white = "".join(text for runs in parts for text in _apart(runs))
        name = f"mask{zlib.crc32(white.encode()):08x}"
        width, height = _number(page.width), _number(page.height)
        defined = (
            f'<defs><mask id="{name}" maskUnits="userSpaceOnUse" x="0" y="0" width="{width}"'
            f' height="{height}">\n{white}</mask></defs>\n'
        )
        mask = f' mask="url(#{name})"'
    faded = f' opacity="{float(group.alpha):.4g}"' if group.alpha < 1 else ""
    blended = f"mix-blend-mode:{group.mode};" if group.mode != "normal" else ""
    return f'{defined}<g style="{blended}isolation:isolate"{faded}{mask}>\n{bodies}</g>\n'


def _text(letters: Letters, anchor: np.ndarray) -> str:
    """Lines of text in their font, or in what a viewer takes for it."""
    font, size, turn = face(letters.font), float(letters.size), -float(letters.rotate)
    x, y = map(_number, anchor.tolist())
    anchors = {"left": "start", "center": "middle", "right": "end"}
    families = ", ".join(filter(None, (f"'{font.family}'", font.generic)))
    told = {
        "transform": f"translate({x} {y})" + (f" rotate({turn:.6g})" if turn else ""),
        "font-family": families,
        "font-size": f"{size:.6g}",
        "font-weight": "bold" if font.is_bold else "",
        "font-style": "italic" if font.is_italic else "",
        "text-anchor": anchors[letters.align],
        "letter-spacing": f"{size * letters.tracking:.6g}" if letters.tracking else "",
        "xml:space": "preserve",
    }
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in told.items() if value)
    lines = []
    for number, line in enumerate(letters.lines):
        down = _number(size * (number * letters.leading + letters.drop))
        said = escape(_FORBIDDEN.sub("", line))
        lines.append(f'<tspan x="0" y="{down}">{said}</tspan>')
    return f"<text{attributes}>{''.join(lines)}</text>\n"


def _image(cells: np.ndarray, box: np.ndarray, said: str = "") -> str:
    from PIL import Image

    style = ""
    if is_crisp(cells, box):
        # Where a viewer smooths all the same, as librsvg 2.54 does, it blurs an eighth of a cell.
        cells = cells.repeat(_CRISP, 0).repeat(_CRISP, 1)
        style = ' style="image-rendering:pixelated"'
    file = io.BytesIO()
    Image.fromarray(np.round(cells * 255).astype(np.uint8)).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    (x, y), (width, height) = (map(_number, corner) for corner in (box[0], box[1] - box[0]))
    return (
        f'<image{said} x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none"'
        f'{style} xlink:href="data:image/png;base64,{data}"/>\n'
    )


def _inked(bodies: list[str], mark: Mark) -> Iterator[Element]:
    """Yield each row's element; none for a row without data or ink."""
    n, style = len(bodies), mark.style

    def column(values: Array | None, size: int) -> np.ndarray:
        # A missing color is one of no opacity.
        return np.broadcast_to(0.0 if values is None else values, (n, size))

    width = np.broadcast_to(style.width, n)[:, None]
    inks = np.concatenate([column(style.fill, 4), column(style.stroke, 4), width], 1)
    fresh = np.concatenate([[True], (inks[1:] != inks[:-1]).any(1)])
    pen: Pen | None = None
    for row, body in enumerate(bodies):
        if fresh[row]:
            pen = _pen(inks[row, :4], inks[row, 4:8], float(inks[row, 8]), style)
        if pen and body:
            yield Element(pen, body, mark, row)


def _class(style: Style) -> str:
    return "" if style.blend == OVER else f' class="{style.blend.kind}"'


def _pen(fill: np.ndarray, stroke: np.ndarray, width: float, style: Style) -> Pen | None:
    names, attributes = [], [' fill="none"', _class(style)]
    if stroke[3] > 0 and width > 0:
        names.append(f"{hex_code(stroke[:3])} {width:.4g} mm")
        attributes.append(
            f'{_painted("stroke", stroke)} stroke-width="{width:.4g}"'
            ' stroke-linecap="round" stroke-linejoin="round"'
        )
    if fill[3] > 0 and style.gradient is not None:
        first, last = map(hex_code, np.asarray(style.gradient.stops)[[0, -1], :3])
        names.append(f"{first} to {last} fill")
        attributes[0] = f' fill="url(#{_name(style.gradient)})"'
    elif fill[3] > 0:
        names.append(f"{hex_code(fill[:3])} fill")
        attributes[0] = _painted("fill", fill)
    return (", ".join(names), "".join(attributes)) if names else None


def _gradient(gradient: Gradient) -> str:
    """The element of a gradient, for all that it fills."""
    (x0, y0), (x1, y1) = np.asarray(gradient.ends).tolist()
    if gradient.kind == "linear":
        where = {"x1": x0, "y1": y0, "x2": x1, "y2": y1}
    else:
        where = {"cx": x0, "cy": y0, "r": float(np.hypot(x1 - x0, y1 - y0))}
    places = "".join(f' {name}="{_number(value)}"' for name, value in where.items())
    tag, stops = f"{gradient.kind}Gradient", np.asarray(gradient.stops)
    lines = "".join(
        f'<stop offset="{number / (len(stops) - 1):.6g}"{_painted("stop-color", stop)}/>\n'
        for number, stop in enumerate(stops)
    ).replace("stop-color-opacity", "stop-opacity")
    name = _name(gradient)
    return f'<{tag} id="{name}" gradientUnits="userSpaceOnUse"{places}>\n{lines}</{tag}>\n'


def _name(gradient: Gradient) -> str:
    """What a gradient is called: the same for the same one, in any file."""
    said = np.round([*np.ravel(gradient.ends), *np.ravel(gradient.stops)], 6) + 0.0
    return f"{gradient.kind}{zlib.crc32(said.tobytes()):08x}"


def _painted(what: str, rgba: np.ndarray) -> str:
    alpha = float(rgba[3])
    opacity = f' {what}-opacity="{alpha:.4g}"' if alpha < 1 else ""
    return f' {what}="{hex_code(rgba[:3])}"{opacity}'


def _number(value: float) -> str:
    text, _ = digits(np.array([value]))
    return text
