"""What the page draws by itself while a slider moves: polynomials, and the marks they belong to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Lines, Mark
from gradart.optimizing.placed_marks.page_points import inked
from gradart.optimizing.sensitivity.slider_polynomial import Series, polynomial
from gradart.optimizing.sensitivity.slider_travel import Sliding
from gradart.rendering.layout.page import Page
from gradart.studio import protocol
from gradart.types import Array

_MOST = 20_000  # points; of more, lines are thinned
_ACROSS = 15  # cells along the page's long side; in each an arrow at most


@dataclass(frozen=True)
class Preview:
    """The fields of an answer, the coefficients (order + 1, n, 2), and which points are drawn."""

    head: protocol.Touched
    coefficients: np.ndarray
    kept: np.ndarray


def preview(sliding: Sliding, known: Series, u: float) -> Preview | None:
    """What the page draws while a slider moves.

    None where no polynomial is right, where the slider also changes colors or widths, and of more
    points than the page can draw in a frame.
    """
    coordinate, drawing = sliding.coordinate, sliding.drawing
    assert sliding.motion is not None
    assert sliding.marks is not None
    vector = drawing.vector
    along = np.eye(len(vector))[sliding.index]
    here, change = sliding.motion(vector, along, u)
    if any(np.any(np.asarray(leaf)) for leaf in change.ink):
        return None
    kept = _kept(
        [(mark, np.asarray(p)) for mark, p in zip(sliding.marks, here.points, strict=True)]
    )
    if kept is None:
        return None
    ends = coordinate.low, coordinate.high
    found = polynomial(known, vector, sliding.index, ends, u, drawing.page)
    if found is None:
        return None
    marks = [
        _stroked(mark, chosen.shape)
        for mark, chosen in zip(inked(sliding.marks, here.ink), kept, strict=True)
    ]
    head: protocol.Touched = {
        "parameter": coordinate.name,
        "at": found.at,
        "unit": found.unit,
        "low": found.low,
        "high": found.high,
        "places": 0,
        "paper": _css(here.ink[0])[0],
        "marks": marks,
    }
    rows = np.concatenate([chosen.ravel() for chosen in kept] or [np.empty(0, int)])
    return Preview(head, found.coefficients, rows)


def _kept(drawn: list[tuple[Mark, np.ndarray]]) -> list[np.ndarray] | None:
    """Which points are drawn of each mark, (paths, points); None if they are too many."""
    lines = sum(p.shape[0] * p.shape[1] for mark, p in drawn if isinstance(mark.shape, Lines))
    rest = sum(p.shape[0] * p.shape[1] for _, p in drawn) - lines
    stride = -(-lines // max(_MOST - rest, 1))
    found, start = [], 0
    for mark, points in drawn:
        count, long = points.shape[:2]
        chosen = np.arange(long)
        if isinstance(mark.shape, Lines) and stride > 1 and long > 2:
            if np.isnan(points).any():  # thinned, a line would go on where its pen lifts
                return None
            chosen = np.unique(np.append(chosen[::stride], long - 1))
        found.append(start + long * np.arange(count)[:, None] + chosen)
        start += count * long
    return found if sum(map(np.size, found)) <= 1.2 * _MOST else None


def _stroked(mark: Mark, size: tuple[int, ...]) -> protocol.Stroked:
    shape, style = mark.shape, mark.style
    closed = isinstance(shape, Lines | Beziers) and shape.closed
    kind: Literal["lines", "beziers", "dots"] = "beziers"
    kind = "dots" if isinstance(shape, Dots) else "lines" if isinstance(shape, Lines) else kind
    return {
        "shape": kind,
        "paths": size[0],
        "points": size[1],
        "closed": closed,
        "stroke": None if style.stroke is None else _css(style.stroke),
        "width": _mm(style.width),
        "fill": None if style.fill is None else _css(style.fill),
        "radius": _mm(shape.radius) if isinstance(shape, Dots) else [],
        "blend": style.blend.kind,
    }


def _mm(sizes: Array) -> list[float]:
    return [round(float(size), 4) for size in np.ravel(np.asarray(sizes))]


def _css(colors: Array) -> list[str]:
    rows = np.clip(np.atleast_2d(np.asarray(colors)), 0, 1)
    return [f"rgb({r:.4g} {g:.4g} {b:.4g} / {a:.4g})" for r, g, b, a in rows * [255, 255, 255, 1]]


def spread(points: np.ndarray, page: Page) -> np.ndarray:
    """Which of points (n, 2) in mm lie on a page, and apart from one another."""
    corner = np.array([page.width, page.height])
    with np.errstate(invalid="ignore"):
        seen = np.flatnonzero(((points >= 0) & (points <= corner)).all(-1))
    scaled = points[seen] / (corner.max() / _ACROSS)
    cells = np.floor(scaled)
    central = np.argsort(np.abs(scaled - cells - 0.5).max(-1), kind="stable")
    _, first = np.unique(cells[central], axis=0, return_index=True)
    return np.asarray(seen[central[first]])
