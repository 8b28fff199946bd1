"""Strokes cut where they meet the outlines of shapes, and kept by what lies inside of these.

Every stroke is made of cubic pieces, straight ones too, and a place on it is the number of a piece
plus a parameter in [0, 1] of it. Strokes and outlines cross near where chords of them do; there
Newton's method finds the crossing of the curves. Between two crossings a stroke is inside as a
whole or not at all, as one point of it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely

from gradart.geometry.polygons import insides

COARSE, FINE = 2e-3, 1e-4  # of a shape's size: chords that look for crossings, and for what is in
LONG = 1.0  # times the mean length of such chords: what is longer is parted
BATCH = 64  # shapes that are laid over all others at once, first; then twice as many, ...
AT_ONCE = 20_000  # chords
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


def strokes(
    blocks: Sequence[np.ndarray], *, cubic: Sequence[bool], closed: Sequence[bool]
) -> Strokes:
    """Rows of points (n, m, 2) as strokes: polylines, or paths of cubic pieces (n, 3k + 1, 2)."""
    found = [Strokes(np.empty((0, 4, 2)), *(np.empty(0, int),) * 2, np.empty(0, bool))]
    rows = runs = 0
    for block, bent, whole in zip(blocks, cubic, closed, strict=True):
        some = _stroked(_cubics(block) if bent else _straight(block), whole)
        found.append(replace(some, row=some.row + rows, run=some.run + runs))
        rows, runs = rows + len(block), runs + some.run.max(initial=-1) + 1
    return Strokes(*map(np.concatenate, zip(*(vars(part).values() for part in found), strict=True)))


def _stroked(pieces: np.ndarray, closed: bool) -> Strokes:
    """Rows of cubic pieces (n, k, 4, 2), those with NaN left out, with those that close runs."""
    inked = ~np.isnan(pieces).any((2, 3))
    begins = inked.copy()
    begins[:, 1:] &= ~inked[:, :-1]
    row, found = np.nonzero(inked)[0], pieces[inked]
    start = np.flatnonzero(begins[inked])
    stop = np.append(start[1:], len(found))[: len(start)]
    gap = (found[stop - 1, 3] != found[start, 0]).any(-1)
    lines = _line(found[stop - 1, 3][gap], found[start, 0][gap])
    run, at = np.cumsum(begins[inked]) - 1, stop[gap]
    return Strokes(
        np.insert(found, at, lines, axis=0),
        np.insert(row, at, row[at - 1]),
        np.insert(run, at, run[at - 1]),
        np.insert(np.zeros(len(found), bool), at, not closed),
    )


def _line(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Straight cubic pieces (..., 4, 2) from points a to b (..., 2)."""
    pieces = a[..., None, :] + THIRDS * (b - a)[..., None, :]
    pieces[..., 3, :] = b
    return pieces


def _straight(paths: np.ndarray) -> np.ndarray:
    """Polylines (n, m, 2) as straight cubic pieces (n, m - 1, 4, 2)."""
    return _line(paths[:, :-1], paths[:, 1:])


def _cubics(paths: np.ndarray) -> np.ndarray:
    """The pieces (n, k, 4, 2) of paths (n, 3k + 1, 2)."""
    return np.lib.stride_tricks.sliding_window_view(paths, 4, axis=1)[:, ::3].swapaxes(2, 3)


def _at(pieces: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and derivatives (n, 2) of cubic pieces (n, 4, 2) at t (n,)."""
    t, s = t[:, None], 1 - t[:, None]
    a, b, c, d = pieces.transpose(1, 0, 2)
    point = s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d
    return point, 3 * (s * s * (b - a) + 2 * s * t * (c - b) + t * t * (d - c))


def _bend(pieces: np.ndarray) -> np.ndarray:
    """By how much at most the second differences of pieces (k, 4, 2) are other than 0: (k,)."""
    bend = np.abs(np.diff(pieces, 2, axis=1)).sum(-1).max(-1, initial=0.0)
    return np.where(bend <= 1e-12 * np.abs(pieces).max((1, 2), initial=0.0), 0, bend)


def _parted(
    pieces: np.ndarray, size: np.ndarray, part: float, least: np.ndarray | float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Chords of pieces (k, 4, 2) that leave them by no more than a part of a size (k,).

    The number of the piece and the parameters (2,) of the ends, of each; of a piece there are at
    `least` so many.
    """
    # A chord over 1 / n of the piece is within |B''| / (8 n^2) of it, and |B''| <= 6 bend.
    n = np.sqrt(0.75 * _bend(pieces) / np.where(size > 0, part * size, 1)).clip(1, 64)
    n = np.ceil(np.maximum(n, least)).astype(int)
    owner = np.repeat(np.arange(len(pieces)), n)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    return owner, np.stack([step, step + 1], -1) / n[owner, None]


@dataclass(frozen=True)
class Cover:
    """The insides (k,) of rows (k,) that hide what is behind them, and how near is in.

    `kernels` (k,) are insides of which every point is one of the shape itself, whose curves its
    inside has as chords.
    """

    insides: np.ndarray
    kernels: np.ndarray
    row: np.ndarray
    near: float

    @staticmethod
    def of(outlines: Strokes, size: float) -> "Cover":
        """Of closed runs, each row by the nonzero winding rule, in a drawing of a size."""
        sizes = outlines.sizes()
        owner, t = _parted(outlines.pieces, sizes, FINE)
        start = _at(outlines.pieces[owner], t[:, 0])[0]
        first = np.flatnonzero(np.diff(outlines.run[owner], prepend=-1))
        rows = np.unique(outlines.row)
        by_row: dict[int, list[np.ndarray]] = {n: [] for n in rows}
        for n, loop in zip(outlines.row[owner][first], np.split(start, first[1:]), strict=False):
            if len(loop) >= 3:
                by_row[n].append(loop)
        shapes = insides(list(by_row.values()))
        kernels = shapes.copy()
        bent = np.isin(rows, outlines.row[_bend(outlines.pieces) > 0])
        hulls = shapely.area(shapely.convex_hull(shapes[bent]))
        # Chords of what bulges lie within it; others may lie without.
        bent[bent] = hulls > (1 + 1e-12) * shapely.area(shapes[bent])
        size_of = dict(zip(outlines.row, sizes, strict=True))
        deep = np.array([2 * FINE * size_of[n] for n in rows[bent]])
        kernels[bent] = shapely.buffer(shapes[bent], -deep, quad_segs=1)
        return Cover(shapes, kernels, rows, SAME * size)

    def hides(self, points: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of points (n, 2), of these rows (n,), lies inside of a later row."""
        hidden = np.zeros(len(points), bool)
        seen = np.flatnonzero(np.isfinite(points).all(-1))
        places = shapely.points(points[seen])
        hidden[seen] = self._later(self.insides, places, rows[seen], "dwithin", self.near)
        return hidden

    def swallows(self, hulls: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of shapes (n,), of these rows (n,), lies within one later row."""
        return self._later(self.kernels, hulls, rows, "contains_properly")

    def _later(
        self, covers: np.ndarray, shapes: np.ndarray, rows: np.ndarray, relation: str, *far: float
    ) -> np.ndarray:
        """Whether one of the covers of later rows has a relation to each of shapes (n,).

        From the front on, for what is hidden need not be looked at any more.
        """
        hidden = np.zeros(len(shapes), bool)
        order = np.argsort(-self.row)
        left, tree, begin, count = np.arange(len(shapes)), shapely.STRtree(shapes), 0, BATCH
        while begin < len(order):
            some = order[begin : begin + count]
            begin, count = begin + count, 2 * count
            behind = left[~hidden[left] & (rows[left] < self.row[some[0]])]
            if 2 * len(behind) < len(left):
                left, tree = behind, shapely.STRtree(shapes[behind])
            cover, shape = tree.query(covers[some], relation, *far)
            shape = left[shape]
            hidden[shape[self.row[some][cover] > rows[shape]]] = True
        return hidden


@dataclass(frozen=True)
class _Chords:
    """Chords (n,) of pieces: whose they are, of which row, from where to where, and how far off.

    `t` (n, 2) are parameters of `ends` (n, 2, 2), `hulls` (n, 4, 2) the cubics between these.
    """

    piece: np.ndarray
    row: np.ndarray
    t: np.ndarray
    hulls: np.ndarray
    off: np.ndarray

    @staticmethod
    def of(lines: Strokes) -> "_Chords":
        sizes = lines.sizes()
        plain = len(_parted(lines.pieces, sizes, COARSE)[0])
        way = np.linalg.norm(np.diff(lines.pieces, axis=1), axis=-1).sum(-1)
        piece, t = _parted(lines.pieces, sizes, COARSE, way / (LONG * way.sum() / plain or 1))
        bend = np.linalg.norm(np.diff(lines.pieces, 2, axis=1), axis=-1).max(-1, initial=0.0)
        off = 0.75 * bend[piece] * (t[:, 1] - t[:, 0]) ** 2
        (a, u), (b, v) = (_at(lines.pieces[piece], t[:, side]) for side in (0, 1))
        third = (t[:, 1] - t[:, 0])[:, None] / 3
        hulls = np.stack([a, a + third * u, b - third * v, b], 1)
        return _Chords(piece, lines.row[piece], t, hulls, off)

    @property
    def ends(self) -> np.ndarray:
        return self.hulls[:, ::3]

    def chosen(self, some: np.ndarray) -> "_Chords":
        return _Chords(*(values[some] for values in vars(self).values()))

    def shapes(self) -> np.ndarray:
        """Lines, and polygons around what is bent."""
        found = shapely.linestrings(self.ends)
        bent = self.off > 0
        found[bent] = shapely.polygons(self.hulls[bent])
        return found

    def boxes(self, near: float) -> np.ndarray:
        low, high = self.ends.min(1), self.ends.max(1)
        far = (self.off + near)[:, None]
        return shapely.box(*(low - far).T, *(high + far).T)


def _crossings(
    pieces: np.ndarray, drawn: _Chords, edges: _Chords, near: float
) -> tuple[np.ndarray, np.ndarray]:
    """Where chords meet those of outlines of later rows: numbers of pieces, and parameters."""
    found = [(np.empty(0, int), np.empty(0))]
    powers = _powers(pieces)
    tree, boxes = shapely.STRtree(edges.boxes(near)), drawn.boxes(near)
    for begin in range(0, len(boxes), AT_ONCE):
        chord, edge = tree.query(boxes[begin : begin + AT_ONCE])
        chord += begin
        behind = drawn.row[chord] < edges.row[edge]
        a, b = drawn.chosen(chord[behind]), edges.chosen(edge[behind])
        close = _close(a, b, near)
        a, b = a.chosen(close), b.chosen(close)
        found += [(a.piece, _foot(a.ends, a.t, b.ends[:, side])) for side in (0, 1)]
        one, other = powers[:, a.piece], powers[:, b.piece]
        for side in (0, 1):  # two starts, for curves may cross twice near two chords
            x, y = _met(one, other, a.t[:, side], b.t.mean(-1))
            gap = np.abs(_looked(one, x)[0] - _looked(other, y)[0])
            found.append((a.piece, np.where(gap <= near, x, np.nan)))
    piece, place = (np.concatenate(parts) for parts in zip(*found, strict=True))
    kept = np.isfinite(place)
    return piece[kept], place[kept]


def _close(a: _Chords, b: _Chords, near: float) -> np.ndarray:
    """Whether the curves of chords a and b may meet: none is on one side of the other."""
    reach = a.off + b.off + near
    meet = np.ones(len(reach), bool)
    for one, other in ((a.ends, b.ends), (b.ends, a.ends)):
        x, y = (one[:, 1] - one[:, 0]).T
        to = other - one[:, :1]
        side = x[:, None] * to[..., 1] - y[:, None] * to[..., 0]
        far = reach * np.hypot(x, y)
        meet &= (side.min(1) <= far) & (side.max(1) >= -far)
    return meet


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


def _powers(pieces: np.ndarray) -> np.ndarray:
    """The coefficients (4, n) of t^3 to 1 of pieces (n, 4, 2), as complex numbers."""
    a, b, c, d = (pieces @ (1, 1j)).T
    return np.stack([d - a + 3 * (b - c), 3 * (a - 2 * b + c), 3 * (b - a), a])


def _met(
    a: np.ndarray, b: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters at which cubics a and b (4, n) cross, by Newton's method from x and y (n,)."""
    x, y = x.copy(), y.copy()
    on = np.arange(len(x))
    for _ in range(NEWTON):
        s, t = x[on], y[on]
        (p, u), (q, v) = _looked(a, s), _looked(b, t)
        w, area = q - p, (u.conj() * v).imag
        area = np.where(area == 0, np.inf, area)
        x[on] = (s + (w.conj() * v).imag / area).clip(0, 1)
        y[on] = (t + (w.conj() * u).imag / area).clip(0, 1)
        moved = np.maximum(np.abs(x[on] - s), np.abs(y[on] - t)) > SAME
        on, a, b = on[moved], a[:, moved], b[:, moved]
    return x, y


def _looked(powers: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and derivatives (n,) of cubics (4, n) at t (n,)."""
    a, b, c, d = powers
    return ((a * t + b) * t + c) * t + d, (3 * a * t + 2 * b) * t + c


def cut(
    lines: Strokes, cover: Cover, *, drawn: np.ndarray, edges: np.ndarray, inside: bool
) -> list[list[np.ndarray]]:
    """Of each drawn row the parts inside of later rows, or else outside: joined pieces (k, 4, 2).

    `drawn` (n,) and `edges` (n,) tell of each row whether it is drawn, and whether it is an outline
    of the cover.
    """
    shown: list[list[np.ndarray]] = [[] for _ in drawn]
    pieces = lines.pieces
    if not len(pieces):
        return shown
    chords = _Chords.of(lines)
    # A crossing with what lies behind something is behind that too.
    hidden = cover.swallows(chords.shapes(), chords.row)
    open_, of_drawn = chords.chosen(~hidden), drawn[chords.row]
    piece, place = _crossings(
        pieces, open_.chosen(drawn[open_.row]), open_.chosen(edges[open_.row]), cover.near
    )
    where = chords.piece + chords.t[:, 0]
    fresh = np.diff(chords.piece, prepend=-1) > 0
    flips = np.diff(hidden, prepend=False) != 0
    starts = np.flatnonzero(np.diff(lines.run, prepend=-1))
    ends = np.append(starts[1:], len(pieces))
    breaks = [starts, ends, np.flatnonzero(lines.undrawn), where[flips], piece + place]
    breaks = np.unique(np.concatenate(breaks))
    apart = np.diff(breaks) > SAME
    first, last = breaks[:-1][apart], breaks[1:][apart]
    middle = (first + last) / 2
    owner = middle.astype(int)
    row = lines.row[owner]
    out = hidden[np.searchsorted(where, middle, "right") - 1]
    shut = lines.undrawn[owner] | ~drawn[row]
    asked = np.flatnonzero(~out & ~shut)
    points = _at(pieces[owner[asked]], middle[asked] - owner[asked])[0]
    out[asked] = cover.hides(points, row[asked])
    seen = (out == inside) & ~shut
    first, last, run = first[seen], last[seen], lines.run[owner[seen]]
    apart = (np.diff(run) != 0) | (first[1:] - last[:-1] > 2 * SAME)
    begins = np.concatenate([first[:1], first[1:][apart]])
    stops = np.concatenate([last[:-1][apart], last[-1:]])
    of = np.concatenate([run[:1], run[1:][apart]])
    parts = _between(pieces, begins, stops)
    bounds = np.flatnonzero(np.diff(of, prepend=-1, append=len(starts)))
    for i, j in pairwise(bounds):
        some, n = parts[i:j], of[i]
        if j - i > 1 and begins[i] == starts[n] and stops[j - 1] == ends[n]:
            # A ring that is seen where it begins and ends.
            some = [*some[1:-1], np.concatenate([some[-1], some[0]])]
        shown[lines.row[starts[n]]] += some
    return shown


def _between(pieces: np.ndarray, begin: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
    """The pieces from places to others, the first and last cut by de Casteljau's rule."""
    k, last = begin.astype(int), np.ceil(end).astype(int) - 1
    count = last - k + 1
    stop = np.cumsum(count)
    start = stop - count
    found = pieces[np.repeat(k - start, count) + np.arange(count.sum())]
    short = np.flatnonzero(end - last < 1)
    found[stop[short] - 1] = _split(found[stop[short] - 1], (end - last)[short])[0]
    late = np.flatnonzero(begin > k)
    share = ((begin - k) / (np.minimum(end, k + 1) - k))[late]
    found[start[late]] = _split(found[start[late]], share)[1]
    return [found[i:j] for i, j in zip(start, stop, strict=True)]


def _split(pieces: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pieces (n, 4, 2) up to their parameters t (n,), and from there."""
    rows = [pieces]
    while rows[-1].shape[1] > 1:
        rows.append(rows[-1][:, :-1] + t[:, None, None] * np.diff(rows[-1], axis=1))
    return np.stack([row[:, 0] for row in rows], 1), np.stack([row[:, -1] for row in rows[::-1]], 1)


def joined(parts: list[np.ndarray], cubic: bool) -> np.ndarray:
    """Parts of a row as one path with lifted pens, cubic (3k + 1, 2) or a polyline (m, 2)."""
    step = slice(0, 3) if cubic else slice(0, 1)
    lift = np.full((2 if cubic else 1, 2), np.nan)
    found = [x for p in parts for x in (lift, p[:, step].reshape(-1, 2), p[-1, 3:])]
    return np.concatenate(found[1:]) if found else np.empty((0, 2))
