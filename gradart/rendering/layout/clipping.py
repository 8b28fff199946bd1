"""Geometry cut to a window in float64, so that no painter meets what lies far outside the page.

A stroke loses what lies outside. A filled outline keeps its inside: what lies outside is pushed
onto the window's border, which changes the winding number of no point within.
"""

from collections.abc import Iterator

import numpy as np

from gradart.calculus.programs.batching import numbered
from gradart.drawing.shapes import Lines, Mark, Raster
from gradart.drawing.style import Style
from gradart.errors import ArtError
from gradart.geometry.paths.cubic_strokes import pieces
from gradart.rendering.layout.path_commands import both, either, hulls, runs

# (2, 2): the lowest and the highest corner.
Window = np.ndarray
# Rows of points, and the index of each among the rows that came in.
Cut = tuple[np.ndarray, np.ndarray]

_NEAR = 1e9  # mm; from farther, a float64 cannot be placed to a micrometer
SLACK = 0.5  # mm around the window: curves that end this near to it are left whole
PAGES = 4  # nothing inked in mm is wider than this many pages: cairo counts in fixed point
_SEEN = 1e-6  # mm; a picture less wide cannot be seen, nor its matrix be inverted


def cut_lines(rows: np.ndarray, closed: bool, window: Window, *, fill: bool) -> Cut:
    """Cut polylines (n, m, 2) to the window: as open strokes, or as outlines of a fill."""
    rows = np.where(either(np.isnan(rows))[..., None], np.nan, rows)
    points, row = rows.reshape(-1, 2), np.repeat(np.arange(len(rows)), rows.shape[1])
    if closed or fill:
        first, last = (np.flatnonzero(mask) for mask in runs(~np.isnan(rows[..., 0])))
        points = np.insert(points, last + 1, points[first], axis=0)
        row = np.insert(row, last + 1, row[first])
    points, row = _insert_crossings(points, row, window)
    joined = np.concatenate([[False], row[1:] == row[:-1]])
    if fill:
        points = np.clip(points, *window)
        keep = np.concatenate([[True], either(points[1:] != points[:-1])]) | ~joined
    else:
        inside = both((points >= window[0]) & (points <= window[1]))
        points = np.where(inside[:, None], points, np.nan)
        keep = inside | (np.roll(inside, 1) & joined)  # one NaN after each visible run
    return _ragged(points[keep], row[keep])


def _insert_crossings(
    points: np.ndarray, row: np.ndarray, window: Window
) -> tuple[np.ndarray, np.ndarray]:
    """Add to polylines the points where they cross one of the window's four lines.

    Afterwards every segment lies in one of the nine regions into which these cut the plane.
    """
    region = (points > window[1]).astype(np.int8) - (points < window[0])
    known = ~np.isnan(points[:, 0])
    leaves = either(region[1:] != region[:-1]) & known[1:] & known[:-1] & (row[1:] == row[:-1])
    start = np.flatnonzero(leaves)
    crossings = _crossings(points[start], points[start + 1], window)
    found = ~np.isnan(crossings[..., 0])
    at = np.repeat(start, found.sum(1))
    return np.insert(points, at + 1, crossings[found], axis=0), np.insert(row, at + 1, row[at])


def _crossings(a: np.ndarray, b: np.ndarray, window: Window) -> np.ndarray:
    """Return where segments a to b (k, 2) cross the window's lines: (k, 4, 2), ordered, NaN last.

    The line is cross(d, p - r) = c. Where an end is near, it is r, and c is 0. Where both are far
    away r is the origin: what an artist draws through it from 1e300 to -1e300 still goes there,
    which a + t (b - a) would have rounded away.
    """
    size = np.maximum(np.abs(a), np.abs(b)).max(1, keepdims=True)
    u, v = a / size, b / size
    d = v - u
    near_a, near_b = (np.abs(end).max(1, keepdims=True) < _NEAR for end in (a, b))
    r = np.where(near_a, a, np.where(near_b, b, 0.0))
    cross = size * (v[:, :1] * u[:, 1:] - v[:, 1:] * u[:, :1])
    c = np.where(near_a | near_b, 0.0, cross)
    crossings = np.empty((len(a), 4, 2))
    found = np.empty((len(a), 4), bool)
    for side in (0, 1):
        beyond = np.less if side == 0 else np.greater
        for axis in (0, 1):
            line, other, slot = window[side, axis], 1 - axis, 2 * side + axis
            sign = 1 if axis == 0 else -1
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                run = (sign * c[:, 0] + d[:, other] * (line - r[:, axis])) / d[:, axis]
            crossings[:, slot, axis] = line
            crossings[:, slot, other] = r[:, other] + run
            found[:, slot] = beyond(a[:, axis], line) != beyond(b[:, axis], line)
    low, high = np.minimum(a, b)[:, None], np.maximum(a, b)[:, None]
    crossings = np.where(found[..., None], np.clip(crossings, low, high), np.nan)
    along = ((crossings - r[:, None]) * d[:, None]).sum(-1)
    order = np.argsort(along, axis=1)  # NaN sorts last
    return np.take_along_axis(crossings, order[..., None], 1)


def cut_curves(
    rows: np.ndarray, closed: bool, window: Window, *, fill: bool, slack: float = SLACK
) -> Cut:
    """Cut paths of cubic pieces (n, 3k + 1, 2): as open strokes, or as outlines of a fill.

    Pieces are halved until each lies outside the window, or within one that is larger by `slack`,
    so that what is drawn stays a curve.
    """
    every = pieces(rows)
    drawn = ~np.any(either(np.isnan(every)), axis=-1)
    parts, row = every[drawn], np.nonzero(drawn)[0]
    if closed or fill:
        first, last = (mask[drawn] for mask in runs(drawn))
        end, start = parts[last, 3], parts[first, 0]
        gap = either(np.abs(end - start) > 1e-6)
        at = np.flatnonzero(last)[gap] + 1
        parts = np.insert(parts, at, _straight(end[gap], start[gap]), axis=0)
        row = np.insert(row, at, row[at - 1])
    far = window + np.array([[-slack], [slack]])
    rounds: list[tuple[np.ndarray, ...]] = []
    while len(parts):
        low, high = hulls(parts)
        outside = either((high < window[0]) | (low > window[1]))
        gone = outside
        # Where a float64 has no more digits, a piece has no middle.
        whole = both(high - low <= 1e-15 * np.maximum(np.abs(low), np.abs(high)))
        split = ~(outside | whole | both((low >= far[0]) & (high <= far[1])))
        halves = _halves(parts[split])
        if fill:
            start, end = np.moveaxis(np.clip(parts[outside][:, ::3], *far), 1, 0)
            parts[outside] = _straight(start, end)
            gone = np.zeros_like(outside)
            gone[outside] = both(start == end)  # both ends at one corner
        rounds.append((parts, row, split, gone))
        parts, row = halves, np.repeat(row[split], 2)
    return _joined(*_in_order(rounds))


def _in_order(rounds: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, np.ndarray]:
    """The pieces that are left and their rows, of rounds that each split some of the last one's.

    Counted from the last round to the first, and put in their places from the first to the last:
    a curve from far away takes a thousand rounds, of which each sees only what is still to split.
    """
    counts = [np.empty(0, int)]
    for _, _, split, gone in reversed(rounds):
        count = np.where(gone, 0, 1)
        count[split] = counts[-1].reshape(-1, 2).sum(1)
        counts.append(count)
    total = counts[-1].sum()
    every, of_row = np.empty((total, 4, 2)), np.empty(total, int)
    start = np.cumsum(counts[-1]) - counts[-1]
    for (parts, row, split, gone), below in zip(rounds, counts[-2::-1], strict=True):
        left = ~(split | gone)
        every[start[left]], of_row[start[left]] = parts[left], row[left]
        start = np.stack([start[split], start[split] + below[::2]], -1).ravel()
    return every, of_row


def _straight(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return straight pieces (k, 4, 2)."""
    weights = np.array([0, 1 / 3, 2 / 3, 1])[:, None]
    return start[:, None] * (1 - weights) + end[:, None] * weights


def _halves(parts: np.ndarray) -> np.ndarray:
    """Return the two halves of every piece, one after the other (de Casteljau): (2k, 4, 2)."""
    a, b, c, d = np.moveaxis(parts, 1, 0)
    ab, bc, cd = (a + b) / 2, (b + c) / 2, (c + d) / 2
    abc, bcd = (ab + bc) / 2, (bc + cd) / 2
    middle = (abc + bcd) / 2
    halves = np.stack([a, ab, abc, middle, middle, bcd, cd, d], 1)
    return halves.reshape(-1, 4, 2)


def _joined(parts: np.ndarray, row: np.ndarray) -> Cut:
    """Return pieces (k, 4, 2) as rows; two NaN points lift the pen where one does not go on."""
    same = np.concatenate([[False], row[1:] == row[:-1]])
    goes_on = same & np.concatenate([[False], both(parts[1:, 0] == parts[:-1, 3])])
    lifted = same & ~goes_on
    every = np.concatenate([np.full((len(parts), 2, 2), np.nan), parts], 1)
    keep = np.ones(every.shape[:2], bool)
    keep[:, :2] = lifted[:, None]
    keep[:, 2] = ~goes_on
    return _ragged(every[keep], np.repeat(row, keep.sum(1)))


def _ragged(points: np.ndarray, row: np.ndarray) -> Cut:
    """Return points as rows of equal length that end in NaN, and which rows came through."""
    came, index = np.unique(row, return_inverse=True)
    counts = np.bincount(index, minlength=len(came))
    column = numbered(counts)
    rows = np.full((len(came), counts.max(initial=0), 2), np.nan)
    rows[index, column] = points
    return rows, came


def cut_cells(
    pixels: np.ndarray, box: np.ndarray, what: str, window: Window, shift: np.ndarray
) -> Iterator[Mark]:
    """Yield the cells of a picture that the page shows, upright."""
    for axis in (0, 1):
        if box[0, axis] > box[1, axis]:
            pixels, box = np.flip(pixels, 1 - axis), box.copy()
            box[:, axis] = box[::-1, axis]
    count = np.array(pixels.shape[1::-1])
    cell = (box[1] - box[0]) / count
    if not (cell > 0).all():
        raise ArtError(f"{what}: its box has no area; write ((x0, y0), (x1, y1))")
    # Two cells more on every side: smoothing looks at the neighbors.
    with np.errstate(over="ignore"):
        first = np.clip(np.floor((window[0] - box[0]) / cell) - 2, 0, count).astype(int)
        last = np.clip(np.ceil((window[1] - box[0]) / cell) + 2, 0, count).astype(int)
    if (first >= last).any():
        return
    shown = pixels[first[1] : last[1], first[0] : last[0]]
    if (cell <= PAGES * (window[1] - window[0])).all():
        corners = np.stack([box[0] + first * cell, box[0] + last * cell]) + shift
        if (corners[1] - corners[0] > _SEEN).all():
            yield Mark(Raster(shown, corners), Style(None, np.array(0.0), None))
        return
    # Cells larger than the page, each as the rectangle that is seen of it.
    for row, column in np.ndindex(shown.shape[:2]):
        corner = box[0] + np.add(first, (column, row)) * cell
        (x0, y0), (x1, y1) = np.clip([corner, corner + cell], *window) + shift
        outline = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])
        yield Mark(Lines(outline, True), Style(None, np.array(0.0), shown[row, column]))
