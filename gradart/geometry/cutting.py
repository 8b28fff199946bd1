"""Strokes cut where they meet the outlines of shapes, and kept by what lies inside of these.

Every stroke is made of cubic pieces, straight ones too, and a place on it is the number of a piece
plus a parameter in [0, 1] of it. Strokes and outlines cross near where chords of them do; there
Newton's method finds the crossing of the curves. Between two crossings a stroke is inside as a
whole or not at all, as one point of it says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gradart.geometry.paths import runs
from gradart.geometry.polygons import split, wound

COARSE, FINE = 2e-3, 1e-4  # of a shape's size: chords that look for crossings, and for what is in
NEWTON = 12  # steps; each doubles the digits
SAME = 1e-9  # of all strokes: what lies no farther from a shape is in it; parts that are one place
THIRDS = np.arange(4)[:, None] / 3


@dataclass(frozen=True)
class Strokes:
    """Cubic pieces (k, 4, 2), of each its row and its run: the pieces of a run are joined.

    Every run is closed; `undrawn` (k,) are the pieces that only close the outline of an open one.
    """

    pieces: np.ndarray
    row: np.ndarray
    run: np.ndarray
    undrawn: np.ndarray

    def chosen(self, some: np.ndarray) -> "Strokes":
        return Strokes(self.pieces[some], self.row[some], self.run[some], self.undrawn[some])

    @property
    def extent(self) -> float:
        """The larger side of the box of all pieces."""
        return float(np.ptp(self.pieces, axis=(0, 1)).max()) if len(self.pieces) else 0.0

    def sizes(self) -> np.ndarray:
        """The larger side of the box of each piece's row (k,)."""
        rows, inverse = np.unique(self.row, return_inverse=True)
        low, high = (np.full((len(rows), 2), sign * np.inf) for sign in (1, -1))
        np.minimum.at(low, inverse, self.pieces.min(1))
        np.maximum.at(high, inverse, self.pieces.max(1))
        return (high - low).max(-1, initial=0.0)[inverse]


def strokes(paths: Sequence[np.ndarray], *, cubic: np.ndarray, closed: np.ndarray) -> Strokes:
    """Rows of points (m, 2) as strokes: polylines, or paths of cubic pieces (3k + 1, 2)."""
    pieces = [np.empty((0, 4, 2))]
    rows: list[int] = []
    undrawn: list[bool] = []
    for row, path in enumerate(paths):
        for run in _cubics(path) if cubic[row] else _lines(path):
            gap = bool((run[-1, 3] != run[0, 0]).any())
            if gap:
                line = run[-1, 3] + THIRDS * (run[0, 0] - run[-1, 3])
                line[3] = run[0, 0]
                run = np.concatenate([run, line[None]])
            pieces.append(run)
            rows.append(row)
            undrawn.append(gap and not closed[row])
    sizes = np.array([len(run) for run in pieces[1:]], int)
    last = np.zeros(sizes.sum(), bool)
    last[np.cumsum(sizes) - 1] = undrawn
    return Strokes(
        np.concatenate(pieces),
        np.repeat(np.array(rows, int), sizes),
        np.repeat(np.arange(len(sizes)), sizes),
        last,
    )


def _lines(path: np.ndarray) -> Iterator[np.ndarray]:
    """The runs of a polyline (m, 2), each as straight cubic pieces (k, 4, 2)."""
    for run in split(path):
        a, b = run[:-1, None], run[1:, None]
        if len(run) > 1:
            pieces = a + THIRDS * (b - a)
            pieces[:, 3] = b[:, 0]
            yield pieces


def _cubics(path: np.ndarray) -> Iterator[np.ndarray]:
    """The runs of a path of cubic pieces (3k + 1, 2), each (k, 4, 2)."""
    every = np.lib.stride_tricks.sliding_window_view(path, 4, axis=0)[::3].swapaxes(1, 2)
    inked = ~np.isnan(every).any((1, 2))
    for begin, end in runs(inked):
        yield every[begin:end].copy()


def _at(pieces: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and derivatives (n, 2) of cubic pieces (n, 4, 2) at t (n,)."""
    t, s = t[:, None], 1 - t[:, None]
    a, b, c, d = pieces.transpose(1, 0, 2)
    point = s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d
    return point, 3 * (s * s * (b - a) + 2 * s * t * (c - b) + t * t * (d - c))


def _chords(pieces: np.ndarray, size: np.ndarray, part: float) -> tuple[np.ndarray, np.ndarray]:
    """Chords of pieces (k, 4, 2) that leave them by no more than a part of a size (k,).

    The number of the piece and the parameters (2,) of the ends, of each.
    """
    bend = np.abs(np.diff(pieces, 2, axis=1)).sum(-1).max(-1, initial=0.0)
    # A chord over 1 / n of the piece is within |B''| / (8 n^2) of it, and |B''| <= 6 bend.
    straight = bend <= 1e-12 * np.abs(pieces).max((1, 2), initial=0.0)
    n = np.ceil(np.sqrt(0.75 * bend / np.where(size > 0, part * size, 1))).clip(1, 64).astype(int)
    n[straight] = 1
    owner = np.repeat(np.arange(len(pieces)), n)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    return owner, np.stack([step, step + 1], -1) / n[owner, None]


@dataclass(frozen=True)
class Cover:
    """The insides of some rows, with their outlines, and how near is in."""

    shapes: shapely.STRtree
    row: np.ndarray
    outlines: Strokes
    near: float

    @staticmethod
    def of(outlines: Strokes, size: float) -> "Cover":
        """Of closed runs, each row by the nonzero winding rule, in a drawing of a size."""
        owner, t = _chords(outlines.pieces, outlines.sizes(), FINE)
        start = _at(outlines.pieces[owner], t[:, 0])[0]
        first = np.flatnonzero(np.diff(outlines.run[owner], prepend=-1))
        rows = np.unique(outlines.row)
        by_row: dict[int, list[np.ndarray]] = {n: [] for n in rows}
        for n, loop in zip(outlines.row[owner][first], np.split(start, first[1:]), strict=False):
            if len(loop) >= 3:
                by_row[n].append(loop)
        shapes = [_inside(loops) for loops in by_row.values()]
        return Cover(shapely.STRtree(shapes), rows, outlines, SAME * size)

    def hides(self, points: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of points (n, 2), of these rows (n,), lies inside of a later row."""
        hidden = np.zeros(len(points), bool)
        seen = np.flatnonzero(np.isfinite(points).all(-1))
        places = shapely.points(points[seen])
        point, shape = self.shapes.query(places, predicate="dwithin", distance=self.near)
        point = seen[point]
        hidden[point[self.row[shape] > rows[point]]] = True
        return hidden


def _inside(loops: list[np.ndarray]) -> shapely.Geometry:
    if len(loops) == 1:
        shape = shapely.Polygon(loops[0])
        if shape.is_valid:
            return shape
    return wound(loops)


def _crossings(drawn: Strokes, cover: Cover) -> tuple[np.ndarray, np.ndarray]:
    """Where strokes meet outlines of later rows: numbers of pieces, and their parameters."""
    owner, t, ends, loose = _traced(drawn)
    of, s, corners, slack = _traced(cover.outlines)
    reach = slack + loose.max(initial=0.0) + cover.near
    chords = shapely.STRtree(shapely.linestrings(ends))
    edge, chord = chords.query(shapely.linestrings(corners), "dwithin", distance=reach)
    behind = drawn.row[owner[chord]] < cover.outlines.row[of[edge]]
    chord, edge = chord[behind], edge[behind]
    piece = owner[chord]
    a, b = drawn.pieces[piece], cover.outlines.pieces[of[edge]]
    found = [(piece, _foot(ends[chord], t[chord], corners[edge, side])) for side in (0, 1)]
    for side in (0, 1):  # two starts, for curves may cross twice near two chords
        x, y = _met(a, b, t[chord, side], s[edge].mean(-1))
        gap = np.abs(_at(a, x)[0] - _at(b, y)[0]).max(-1, initial=0.0)
        found.append((piece, np.where(gap <= cover.near, x, np.nan)))
    pieces, places = (np.concatenate(parts) for parts in zip(*found, strict=True))
    kept = np.isfinite(places)
    return pieces[kept], places[kept]


def _traced(drawn: Strokes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Chords of strokes: pieces, parameters (n, 2), ends (n, 2, 2), and how far off they are."""
    owner, t = _chords(drawn.pieces, drawn.sizes(), COARSE)
    ends = np.stack([_at(drawn.pieces[owner], t[:, side])[0] for side in (0, 1)], 1)
    bend = np.linalg.norm(np.diff(drawn.pieces, 2, axis=1), axis=-1).max(-1, initial=0.0)
    return owner, t, ends, 0.75 * bend[owner] * (t[:, 1] - t[:, 0]) ** 2


def _foot(chord: np.ndarray, t: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The parameters on chords (n, 2, 2) nearest to points (n, 2) that lie on them; else NaN.

    Where outlines run along one another, they begin and end to do so at corners.
    """
    run = chord[:, 1] - chord[:, 0]
    square = (run**2).sum(-1)
    share = ((p - chord[:, 0]) * run).sum(-1) / np.where(square > 0, square, 1)
    off = np.abs(chord[:, 0] + share[:, None] * run - p).max(-1, initial=0.0)
    on = (off <= SAME * np.sqrt(square)) & (share >= 0) & (share <= 1)
    return np.where(on, t[:, 0] + share * (t[:, 1] - t[:, 0]), np.nan)


def _met(
    a: np.ndarray, b: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters at which pieces a and b (n, 4, 2) cross, by Newton's method from x and y (n,)."""
    for _ in range(NEWTON):
        (p, u), (q, v) = _at(a, x), _at(b, y)
        w = q - p
        area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        area = np.where(area == 0, np.inf, area)
        x = (x + (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / area).clip(0, 1)
        y = (y + (w[:, 0] * u[:, 1] - w[:, 1] * u[:, 0]) / area).clip(0, 1)
    return x, y


def cut(drawn: Strokes, cover: Cover, rows: int, *, inside: bool) -> list[list[np.ndarray]]:
    """Of each row the parts inside of later rows, or else outside: joined pieces (k, 4, 2)."""
    shown: list[list[np.ndarray]] = [[] for _ in range(rows)]
    pieces, count = drawn.pieces, len(drawn.pieces)
    if not count:
        return shown
    piece, place = _crossings(drawn, cover)
    starts = np.flatnonzero(np.diff(drawn.run, prepend=-1))
    ends = np.append(starts[1:], count)
    breaks = np.unique(np.concatenate([starts, ends, np.flatnonzero(drawn.undrawn), piece + place]))
    apart = np.diff(breaks) > SAME
    first, last = breaks[:-1][apart], breaks[1:][apart]
    middle = (first + last) / 2
    owner = middle.astype(int)
    points = _at(pieces[owner], middle - owner)[0]
    seen = (cover.hides(points, drawn.row[owner]) == inside) & ~drawn.undrawn[owner]
    first, last, run = first[seen], last[seen], drawn.run[owner[seen]]
    apart = (np.diff(run) != 0) | (first[1:] - last[:-1] > 2 * SAME)
    begins = np.concatenate([first[:1], first[1:][apart]])
    stops = np.concatenate([last[:-1][apart], last[-1:]])
    of = np.concatenate([run[:1], run[1:][apart]])
    for n in np.unique(of):
        group = slice(*np.searchsorted(of, [n, n + 1]))
        parts = [_between(pieces, *ends) for ends in zip(begins[group], stops[group], strict=True)]
        around = begins[group][0] == starts[n] and stops[group][-1] == ends[n]
        if around and len(parts) > 1:  # a ring that is seen where it begins and ends
            parts = [*parts[1:-1], np.concatenate([parts[-1], parts[0]])]
        shown[drawn.row[starts[n]]] += parts
    return shown


def _between(pieces: np.ndarray, begin: float, end: float) -> np.ndarray:
    """The pieces from one place to another, the first and last cut by de Casteljau's rule."""
    k, last = int(begin), int(np.ceil(end)) - 1
    found = pieces[k : last + 1].copy()
    if end - last < 1:
        found[-1] = _split(found[-1], end - last)[0]
    if begin > k:
        found[0] = _split(found[0], (begin - k) / (min(end, k + 1) - k))[1]
    return found


def _split(piece: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
    rows = [piece]
    while len(rows[-1]) > 1:
        rows.append(rows[-1][:-1] + t * np.diff(rows[-1], axis=0))
    return np.array([row[0] for row in rows]), np.array([row[-1] for row in rows[::-1]])


def joined(parts: list[np.ndarray], cubic: bool) -> np.ndarray:
    """Parts of a row as one path with lifted pens, cubic (3k + 1, 2) or a polyline (m, 2)."""
    step = slice(0, 3) if cubic else slice(0, 1)
    lift = np.full((2 if cubic else 1, 2), np.nan)
    found = [x for p in parts for x in (lift, p[:, step].reshape(-1, 2), p[-1, 3:])]
    return np.concatenate(found[1:]) if found else np.empty((0, 2))
