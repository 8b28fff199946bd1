"""A sheet of small multiples: how a sketch's picture moves with each of its numbers."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gradart.calculus.programs.batching import numbered
from gradart.drawing.lettering.text import text
from gradart.drawing.marks import dots, lines, polygons
from gradart.drawing.scene import Drawable, Scene, scene
from gradart.drawing.shapes import Mark
from gradart.errors import ArtError
from gradart.geometry.paths.clipping import clip
from gradart.optimizing.sensitivity.sensitivity import Flow, Movement, Sensitivity
from gradart.rendering.layout.page import Page
from gradart.rendering.options import Options

_EDGE, _TOP, _GAP, _LABEL = 22.0, 44.0, 12.0, 17.0  # mm; the label stands below its picture
_PANEL = 120.0  # mm, the long side of a picture
_ASPECT = math.sqrt(2)  # of the sheet, if it can be had
_REACH = 0.09  # of the picture's shorter side: as long as the longest arrow may be
_NEAR = 1.9  # mm between two arrows
_MOST = 100_000  # points of a pale picture
_PALE, _SOFT, _INK, _ACCENT, _PAPER = "#cfc8ba", "#8d867a", "#1b1b1e", "#c2410c", "#f7f4ed"
_ToSheet = Callable[[np.ndarray], np.ndarray]  # from mm of the page
_FRACTIONS = [m * 10.0**e for e in range(-6, 1) for m in (1, 2, 5)]


def sheet(found: Sensitivity) -> Scene:
    """Draw a sensitivity on a sheet of its own, a unit a millimeter.

    For each number a picture in pale ink, and on it where the ink goes while the number moves by
    the fraction of its range that is written below. Arrows are as long as the way, in the scale of
    their picture. A film is seen at the playhead in the middle of those that were looked at. The
    bars compare the numbers: the mean way over the whole range, on a logarithmic scale. Raises
    ArtError for a sketch without float parameters.
    """
    if not found.movements:
        raise ArtError(f"{found.sketch} has no float parameter that could move its picture")
    order = sorted(range(len(found.movements)), key=lambda i: -_strength(found.movements[i]))
    scale = _PANEL / max(found.page.width, found.page.height)
    wide, high = found.page.width * scale, found.page.height * scale + _LABEL
    columns, width, height = _layout(len(order), wide, high)
    left = (width - columns * wide - (columns - 1) * _GAP) / 2
    flow = found.flows[len(found.flows) // 2]
    most = max(_strength(m) for m in found.movements)
    parts: list[Drawable] = [_title(found, np.array([left, height]))]
    for place, i in enumerate(order):
        row, column = divmod(place, columns)
        corner = np.array([left + column * (wide + _GAP), height - _TOP - row * (high + _GAP)])
        parts.append(_panel(found.movements[i], i, flow, found.page, scale, corner))
        foot = corner - np.array([0.0, found.page.height * scale])
        parts.append(_label(found.movements[i], found.page, scale, foot, most))
    drawn = scene(parts, paper=_PAPER, box=((0, 0), (width, height)))
    return replace(drawn, options=Options(page=f"{width:g}x{height:g}mm", margin=0.0))


def _strength(movement: Movement) -> float:
    return movement.range_rms if movement.effect == "moves" else 0.0


def _layout(count: int, wide: float, high: float) -> tuple[int, float, float]:
    """How many columns a sheet has, and its size in mm: as near to A3's shape as can be."""
    sheets = []
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        width = max(170.0, columns * wide + (columns - 1) * _GAP + 2 * _EDGE)
        height = _TOP + rows * high + (rows - 1) * _GAP + _EDGE - 6
        sheets.append((abs(math.log(width / height / _ASPECT)), columns, width, height))
    _, columns, width, height = min(sheets)
    return columns, width, height


def _title(found: Sensitivity, corner: np.ndarray) -> list[Mark]:
    name = found.sketch.replace("_", " ")
    words = "Where the ink goes when a parameter moves by a part of its range"
    return [
        text(name, corner - (0, 25), size=9, font="serif", fill=_INK),
        text(words, corner - (0, 33), size=3.4, font="italic", fill=_SOFT),
    ]


def _panel(
    movement: Movement, i: int, flow: Flow, page: Page, scale: float, corner: np.ndarray
) -> list[Drawable]:
    def to_sheet(points: np.ndarray) -> np.ndarray:
        return corner + np.asarray(points) * (scale, -scale)

    size = np.array([page.width, page.height])
    frame = to_sheet(np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * size)
    moves = movement.effect == "moves" and movement.range_largest > 0
    parts: list[Drawable] = [
        polygons(frame, fill="#fffdf8" if moves else _PAPER, stroke="#e2dccf", width=0.15)
    ]
    box = frame[3], frame[1]
    stride = max(1, sum(path.shape[0] * path.shape[1] for path in flow.paths) // _MOST)
    for path, weight in zip(flow.paths, flow.weights, strict=True):
        if weight is None:
            parts.append(lines(clip(to_sheet(_fewer(path, stride)), box), width=0.13, stroke=_PALE))
        else:
            radius = np.clip(weight / (2 * np.pi) * scale, 0.1, None)[::stride]
            centers = path[::stride, 0]
            with np.errstate(invalid="ignore"):
                seen = ((centers >= 0) & (centers <= size)).all(-1)
            parts.append(dots(to_sheet(centers[seen]), radius[seen], fill=_PALE))
    if moves:
        parts.append(_arrows(_spaced(flow, i, page, scale), _fraction(movement, page), to_sheet))
    return parts


def _fewer(path: np.ndarray, stride: int) -> np.ndarray:
    """One in `stride` of the points of polylines that have many, or else of the polylines."""
    count = path.shape[1]
    if count < 8 * stride:
        return path[::stride]
    return path[:, np.unique([*range(0, count, stride), count - 1])]


def _fraction(movement: Movement, page: Page) -> float:
    """The largest of 1, 2, 5, 10 % ... of the range that keeps arrows within their length."""
    reach = _REACH * min(page.width, page.height)
    fits = [f for f in _FRACTIONS if f * movement.range_largest <= reach]
    return fits[-1] if fits else _FRACTIONS[0]


def _spaced(flow: Flow, i: int, page: Page, scale: float) -> np.ndarray:
    """Points of the ink, evenly apart, and how they move: (n, 2, 2)."""
    found = []
    for path, moves, weight in zip(flow.paths, flow.moves, flow.weights, strict=True):
        pairs = np.stack([path, moves[i]], -2)  # (rows, m, 2, 2)
        if weight is not None or path.shape[1] < 2:
            found.append(pairs.reshape(-1, 2, 2))
            continue
        length = np.linalg.norm(np.diff(path, axis=1), axis=-1)
        count = np.ceil(np.nan_to_num(length) * scale / _NEAR).astype(int).ravel()
        total = int(count.sum())
        if not total:
            continue
        starts = np.repeat(np.arange(len(count)), count)
        share = numbered(count) / count[starts]
        a = pairs[:, :-1].reshape(-1, 2, 2)[starts]
        b = pairs[:, 1:].reshape(-1, 2, 2)[starts]
        found.append(a + share[:, None, None] * (b - a))
    points = np.concatenate([np.empty((0, 2, 2)), *found])
    at = points[:, 0]
    with np.errstate(invalid="ignore"):
        seen = ((at >= 0) & (at <= (page.width, page.height))).all(-1)
    points = points[seen]
    # Of those in a cell the one that moves most speaks: where lines cross, arrows would pile up.
    points = points[np.argsort(-np.linalg.norm(points[:, 1], axis=-1), kind="stable")]
    cells = np.floor(points[:, 0] * scale / _NEAR).astype(int)
    _, first = np.unique(cells, axis=0, return_index=True)
    return points[np.sort(first)]


def _arrows(points: np.ndarray, fraction: float, to_sheet: _ToSheet) -> Drawable:
    """Wedges that end in a point where the ink goes to."""
    start = to_sheet(points[:, 0])
    end = to_sheet(points[:, 0] + fraction * points[:, 1])
    way = end - start
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    seen = length[:, 0] > 0.12
    start, end, way, length = start[seen], end[seen], way[seen], length[seen]
    if not len(start):
        return None
    across = np.stack([-way[:, 1], way[:, 0]], -1) / length * np.clip(0.16 * length, 0.13, 0.42)
    wedge = np.stack([start - across, end, start + across], 1)
    return polygons(wedge, fill=_ACCENT, alpha=0.85)


def _label(m: Movement, page: Page, scale: float, foot: np.ndarray, most: float) -> list[Drawable]:
    width = page.width * scale
    name = text(m.name, foot - (0, 6.2), size=4.4, font="serif", fill=_INK)
    if m.effect != "moves" or not m.range_largest:
        words = {
            "ink": "moves nothing; changes color, width or radius",
            "jumps": "draws other points instead of moving them",
            "nothing": "does nothing",
            "moves": "stands still here, moves elsewhere",
        }[m.effect]
        said = text(words, foot - (0, 11.2), size=2.9, font="italic", fill=_SOFT)
        return [name, said]
    fraction = _fraction(m, page)
    step = f"{100 * fraction:g} % of its range: up to {_mm(fraction * m.range_largest)}"
    whole = f"{_mm(m.range_rms)} over all of it"
    bar = max(0.02, 1 + math.log10(m.range_rms / most) / 3) if m.range_rms > 0 else 0.02
    line = np.array([foot - (0, 14.2), foot - (-width, 14.2)])
    return [
        name,
        text(step, foot - (0, 11.2), size=2.9, fill=_SOFT),
        text(whole, foot - (-width, 6.2), size=2.9, align="right", fill=_SOFT),
        lines(line, width=0.2, stroke="#e2dccf"),
        lines([line[0], line[0] + bar * (line[1] - line[0])], width=0.9, stroke=_ACCENT),
    ]


def _mm(length: float) -> str:
    """A length as one says it: 0.42 mm, 8.3 mm, 24 mm, 1.2 m."""
    if length >= 1000:
        return f"{length / 1000:.2g} m"
    return f"{length:.0f} mm" if length >= 9.95 else f"{length:.2g} mm"
