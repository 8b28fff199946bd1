"""Names beside points, placed so that none covers another."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Unpack

import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.programs.present_values import known, present
from gradart.drawing.lettering.text import Setting, set_lines, text
from gradart.drawing.lettering.typesetting import check_string
from gradart.drawing.marks import points_in_rows
from gradart.drawing.shapes import Mark
from gradart.drawing.style import TypeKeywords
from gradart.errors import ArtError, Untraceable
from gradart.geometry.points import corners_now
from gradart.types import Corners, Numbers

# Sides of a point on which a label may stand, the best first: to the right, to the left, above,
# below, and obliquely.
SIDES = np.array([(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)])
ALIGN: dict[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
AROUND = 0.1  # of a size: what is kept free around a text


class Labels(NamedTuple):
    """Names that have found a place: their texts, what these cover, and whose they are."""

    texts: list[Mark]
    """k of them, those of the first points first"""
    boxes: np.ndarray
    """(k, 4, 2), the corners of the rectangles in which they stand, ready for `polygons`"""
    placed: np.ndarray
    """(n,), which of the points have one"""


def labels(
    strings: Sequence[str],
    points: Numbers,
    *,
    gap: float = 1.2,
    unit: float = 1.0,
    box: Corners | None = None,
    avoid: Numbers | None = None,
    **style: Unpack[TypeKeywords],
) -> Labels:
    """Set a name beside each of many points, where it covers no other name and no point.

    The first of the `strings` stands by the first of the `points` (n, 2), and has the first choice
    among eight sides of it, `gap` mm away; the next takes what is left, and one without a place is
    left out: so begin with what matters. Type has a size in mm whatever the scale of a drawing, so
    say how many mm on paper one `unit` of the drawing is, if not one. Labels stay in the `box`,
    ((x0, y0), (x1, y1)), if there is one, and cover as few as they can of the points that they
    shall `avoid`, (..., 2), as those of a line. `size`, `font`, `fill` and `alpha` are those of
    `text`; `align` is not, for the side decides it. Differentiated, each moves with its point.

    >>> web = ga.morse_smale(ga.peaks())
    >>> names = ga.labels([f"{x:.1f}" for x in web.prominences], web.maxima, unit=30, size=3)
    >>> ga.scene(ga.dots(web.maxima[names.placed], 1), names.texts)
    """
    setting = Setting(**style)
    if "align" in style:
        raise ArtError("labels are aligned by the side on which they stand: leave out align")
    moving = points_in_rows(points, "points", 2)
    if not known(moving):
        raise Untraceable("labels are placed outside of jit: place them before the frame")
    at = np.asarray(present(moving), float)
    if isinstance(strings, str) or len(strings) != len(at):
        count = 1 if isinstance(strings, str) else len(strings)
        raise ArtError(f"give a string for each point: points {len(at)}, strings {count}")
    scale = as_number(unit, "unit", "length", above=0)
    away = as_number(gap, "gap", "length", least=0)
    blots = np.asarray(present(points_in_rows([] if avoid is None else avoid, "avoid", 2)), float)
    bounds = np.array([[-np.inf] * 2, [np.inf] * 2]) if box is None else corners_now(box)
    taken, placed = np.empty((0, 2, 2)), np.zeros(len(at), bool)
    texts: list[Mark] = []
    finite = np.isfinite(at).all(1)
    for i in map(int, np.flatnonzero(finite)):
        check_string(strings[i])
        corners, anchors = _places(strings[i], setting, float(away))
        corners = at[i] + corners / scale
        free = (corners >= bounds[0]).all((1, 2)) & (corners <= bounds[1]).all((1, 2))
        low, high = corners[:, :1], corners[:, 1:]
        free &= ~((low < taken[:, 1]) & (high > taken[:, 0])).all(2).any(1)
        free &= ~((low < at[finite]) & (high > at[finite])).all(2).any(1)
        covered = ((low < blots) & (high > blots)).all(2).sum(1)
        if not free.any():
            continue
        side = int(np.argmin(np.where(free, covered, np.inf)))
        style["align"] = ALIGN[int(SIDES[side, 0])]
        texts.append(text(strings[i], moving[i] + anchors[side] / scale, **style))
        taken, placed[i] = np.concatenate([taken, corners[side : side + 1]]), True
    (x0, y0), (x1, y1) = taken[:, 0].T, taken[:, 1].T
    boxes = np.stack([np.stack(each, -1) for each in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], 1)
    return Labels(texts, boxes, placed)


def _places(string: str, setting: Setting, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """Where a text may stand beside the origin, in mm: rectangles (8, 2, 2), and anchors (8, 2)."""
    corners, anchors = [], []
    for side in SIDES:
        outline, _ = set_lines(string, ALIGN[int(side[0])], str(setting.font))
        outline = outline * setting.size
        margin = AROUND * setting.size
        if np.isfinite(outline).any():
            low, high = np.nanmin(outline, 0) - margin, np.nanmax(outline, 0) + margin
        else:
            low, high = np.full(2, -margin), np.full(2, margin)
        reach = gap / np.linalg.norm(side)
        near = np.where(side > 0, low, np.where(side < 0, high, (low + high) / 2))
        shift = reach * side - near
        corners.append([low + shift, high + shift])
        anchors.append(shift)
    return np.array(corners), np.array(anchors)
