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
    pieces = np.stack([points[:, k : k + 3 * count - 2 : 3] for k in range(4)], 2)
    bulge = _bernstein(np.linspace(0, 1, _CHORDS + 1))
    chords = np.einsum("sj,nkjd->nksd", bulge, pieces).reshape(-1, _CHORDS + 1, 2)
    row, chord, share, gap = _chord(chords, point)
    path, piece = divmod(row, count)
    weights = tuple(map(float, _bernstein((chord + share) / _CHORDS)))
    first = 3 * piece
    return gap, Grip(index, path, (first, first + 1, first + 2, first + 3), weights)


def _bernstein(t: np.ndarray | float) -> np.ndarray:
    s = 1 - np.asarray(t)
    t = np.asarray(t)
    return np.stack([s**3, 3 * s**2 * t, 3 * s * t**2, t**3], -1)


def _chord(paths: np.ndarray, point: np.ndarray) -> tuple[int, int, float, float]:
    """Of polylines (n, m, 2): which and which chord is nearest, where on it, and how far."""
    start, way = paths[:, :-1], np.diff(paths, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = ((point - start) * way).sum(-1) / (way**2).sum(-1)
        share = np.clip(np.where(np.isfinite(way).all(-1), np.nan_to_num(share), np.nan), 0, 1)
        gap = np.linalg.norm(start + share[..., None] * way - point, axis=-1)
    gap = np.where(np.isnan(gap), np.inf, gap)
    path, chord = np.unravel_index(int(np.argmin(gap)), gap.shape)
    return int(path), int(chord), float(share[path, chord]), float(gap[path, chord])
