"""Places on a drawing that a hand holds: each is a sum of points, and so moves as these do."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

import numpy as np

from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Mark, Raster
from gradart.optimizing.placed_marks.page_points import Drawn

_CHORDS = 16  # in a Bezier piece, to find the nearest
_BACKGROUND = 8.0  # mm; farther from all else, a picture that lies below is held


class Grip(NamedTuple):
    """A place on a mark: the sum of four of the points of one of its paths, by `weights`."""

    mark: int
    path: int
    points: tuple[int, ...]
    weights: tuple[float, ...]

    def at(self, drawn: Drawn) -> np.ndarray:
        """Where it is in a drawing, (2,) in mm."""
        path = np.asarray(drawn.points[self.mark])[self.path]
        return np.asarray(np.array(self.weights) @ path[list(self.points)])


def nearest(
    marks: Sequence[Mark], drawn: Drawn, point: np.ndarray, *, only: int | None = None
) -> Grip | None:
    """The place on a drawing that is nearest to a point (2,) of the page; None on a blank one.

    Lines, outlines and dots come before pictures, which are held anywhere inside. `only` is the
    number of the mark that is meant, if no other is.
    """
    found: list[tuple[float, Grip]] = []
    below: list[tuple[float, Grip]] = []
    for index, mark in enumerate(marks):
        points = np.asarray(drawn.points[index], float)
        if points.size and only in (None, index):
            pictured = isinstance(mark.shape, Raster)
            (below if pictured else found).extend(_on(mark, index, points, point))
    best = min(found, key=lambda pair: pair[0], default=None)
    if below and (best is None or best[0] > _BACKGROUND):
        best = min(below, key=lambda pair: pair[0])
    return None if best is None or not np.isfinite(best[0]) else best[1]


def _on(
    mark: Mark, index: int, points: np.ndarray, point: np.ndarray
) -> Iterator[tuple[float, Grip]]:
    """The nearest place on one mark, and how far it is in mm."""
    match mark.shape:
        case Raster():
            low, _, high, _ = points[0]
            a, b = np.clip((point - low) / (high - low), 0, 1)
            weights = (1 - a) * (1 - b), a * (1 - b), a * b, (1 - a) * b
            grip = Grip(index, 0, (0, 1, 2, 3), tuple(map(float, weights)))
            yield float(np.linalg.norm(np.array(weights) @ points[0] - point)), grip
        case Dots(_, radius):
            gap = np.linalg.norm(points[:, 0] - point, axis=-1)
            gap = np.where(np.isnan(gap), np.inf, np.clip(gap - np.asarray(radius), 0, None))
            path = int(np.argmin(gap))
            yield float(gap[path]), Grip(index, path, (0, 0, 0, 0), (1.0, 0.0, 0.0, 0.0))
        case Beziers():
            yield _on_beziers(index, points, point)
        case Lines(_, closed):
            yield _on_lines(index, points, closed, point)
        case Many() | Group():
            pass  # whose marks are drawn in their place
        case _:
            assert_never(mark.shape)


def line_of(grip: Grip, marks: Sequence[Mark], drawn: Drawn) -> np.ndarray:
    """The polyline (m, 2) on which a place lies; of a dot or a picture that place alone."""
    path = np.asarray(drawn.points[grip.mark], float)[grip.path]
    shape = marks[grip.mark].shape
    if isinstance(shape, Beziers):
        return _chords(path[None]).reshape(-1, 2)
    if isinstance(shape, Lines) and len(path) > 1:
        return np.concatenate([path, path[:1]]) if shape.closed else path
    return np.tile(grip.at(drawn), (2, 1))


def nearest_on(line: np.ndarray, point: np.ndarray) -> tuple[np.ndarray, bool]:
    """The place (2,) of a polyline (m, 2) nearest to a point, and whether that is no end of it."""
    _, chord, share, gap = _chord(line[None], point)
    if not np.isfinite(gap):
        return np.full(2, np.inf), False
    place = (1 - share) * line[chord] + share * line[chord + 1]
    after = chord + 2 < len(line) and bool(np.isfinite(line[chord + 2]).all())
    before = chord > 0 and bool(np.isfinite(line[chord - 1]).all())
    return place, (share > 0 or before) and (share < 1 or after)


def _on_lines(
    index: int, points: np.ndarray, closed: bool, point: np.ndarray
) -> tuple[float, Grip]:
    count = points.shape[1]
    paths = np.concatenate([points, points[:, :1]], 1) if closed else points
    if count == 1:
        paths = np.concatenate([points, points], 1)
    path, chord, share, gap = _chord(paths, point)
    after = (chord + 1) % count
    return gap, Grip(index, path, (chord, after, after, after), (1 - share, share, 0.0, 0.0))


def _on_beziers(index: int, points: np.ndarray, point: np.ndarray) -> tuple[float, Grip]:
    count = (points.shape[1] - 1) // 3
    row, chord, share, gap = _chord(_chords(points), point)
    path, piece = divmod(row, count)
    weights = tuple(map(float, _bernstein((chord + share) / _CHORDS)))
    first = 3 * piece
    return gap, Grip(index, path, (first, first + 1, first + 2, first + 3), weights)


def _chords(points: np.ndarray) -> np.ndarray:
    """Rows of Bezier pieces (n, 3 k + 1, 2) as a polyline for each piece, (n k, chords + 1, 2)."""
    last = points.shape[1] - 1
    pieces = np.stack([points[:, k : k + last - 2 : 3] for k in range(4)], 2)
    bulge = _bernstein(np.linspace(0, 1, _CHORDS + 1))
    return np.einsum("sj,nkjd->nksd", bulge, pieces).reshape(-1, _CHORDS + 1, 2)


def _bernstein(t: np.ndarray | float) -> np.ndarray:
    s = 1 - np.asarray(t)
    t = np.asarray(t)
    return np.stack([s**3, 3 * s**2 * t, 3 * s * t**2, t**3], -1)


def _chord(paths: np.ndarray, point: np.ndarray) -> tuple[int, int, float, float]:
    """Of polylines (n, m, 2): which and which chord is nearest, where on it, and how far."""
    x, y = (np.ascontiguousarray(paths[..., k] - point[k]) for k in (0, 1))
    square = x * x + y * y
    inked = np.isfinite(square[:, :-1]) & np.isfinite(square[:, 1:])
    if not inked.any():
        return 0, 0, 0.0, np.inf
    # No chord that is nearer than the nearest of the ends lies beside the square around that.
    reach = np.sqrt(square[:, :-1][inked].min()) * (1 + 1e-9)
    for ends in (x, y):
        inked &= np.minimum(ends[:, :-1], ends[:, 1:]) <= reach
        inked &= np.maximum(ends[:, :-1], ends[:, 1:]) >= -reach
    rows, chords = np.nonzero(inked)
    start = np.stack([x[rows, chords], y[rows, chords]], -1)
    way = np.stack([x[rows, chords + 1], y[rows, chords + 1]], -1) - start
    length = (way**2).sum(-1)
    share = np.clip(-(start * way).sum(-1) / np.where(length > 0, length, 1), 0, 1)
    gap = np.linalg.norm(start + share[:, None] * way, axis=-1)
    one = int(np.argmin(gap))
    return int(rows[one]), int(chords[one]), float(share[one]), float(gap[one])
