"""Strokes cut where they meet the outlines of shapes, and kept by what lies inside of these.

Strokes and outlines cross near where chords of them do; there Newton's method finds the crossing of
the curves. Between two crossings a stroke is inside as a whole or not at all, as one point of it
says. What lies within one shape as a whole crosses no outline that can be seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from gradart.geometry.paths.covers import Cover
from gradart.geometry.paths.cubic_strokes import (
    Strokes,
    as_points,
    bend,
    between,
    joined,
    looked,
    parted,
)
from gradart.geometry.paths.paths import padded

COARSE = 2e-3  # of a shape's size: how near the chords are that look for crossings
LONG = 1.0  # times the mean length of such chords: what is longer is parted
AT_ONCE = 5_000  # chords
NEWTON = 16  # steps; each doubles the digits, or halves the way to what is grazed
SAME = 1e-9  # parts that are one place
# Times what counts as in from without: for so long at most a stroke does where it only touches, a
# circle of 1.25 times the drawing's size, say. What runs along an edge does so for longer.
TOUCH = 1e5


@dataclass(frozen=True)
class _Chords:
    """Chords (n,) of pieces: whose they are, of which row, and from where to where.

    `t` (n, 2) are the parameters of their ends, `cubics` (n, 4) the curves between these, and
    `off` (n,) how far these are from the chords at most.
    """

    piece: np.ndarray
    row: np.ndarray
    t: np.ndarray
    cubics: np.ndarray
    off: np.ndarray

    @staticmethod
    def of(lines: Strokes) -> "_Chords":
        pieces, sizes = lines.pieces, lines.sizes()
        plain = len(parted(pieces, sizes, COARSE)[0])
        way = np.abs(np.diff(pieces @ (1, 1j))).sum(-1)
        piece, t = parted(pieces, sizes, COARSE, way / (LONG * way.sum() / plain or 1))
        part = t[:, 1] - t[:, 0]
        (a, u), (b, v) = (looked(lines.powers[:, piece], t[:, side]) for side in (0, 1))
        cubics = np.stack([a, a + part / 3 * u, b - part / 3 * v, b], 1)
        return _Chords(piece, lines.row[piece], t, cubics, 0.75 * bend(pieces)[piece] * part**2)

    def chosen(self, some: np.ndarray) -> "_Chords":
        return _Chords(*(values[some] for values in vars(self).values()))

    def shapes(self, *, solid: bool) -> np.ndarray:
        """Lines through the points of the curves and back, or polygons of them if `solid`."""
        found = np.empty(len(self.off), object)
        bent = self.off > 0
        found[~bent] = shapely.linestrings(as_points(self.cubics[~bent][:, ::3]))
        around = as_points(self.cubics[bent][:, [0, 1, 2, 3, 0]])
        found[bent] = (shapely.polygons if solid else shapely.linestrings)(around)
        return found

    def boxes(self, near: float) -> np.ndarray:
        """Boxes around the curves, and what is near."""
        (x, u), (y, v) = ((z[:, 0], z[:, 3]) for z in (self.cubics.real, self.cubics.imag))
        far = self.off + near
        low, high = (np.minimum(x, u), np.minimum(y, v)), (np.maximum(x, u), np.maximum(y, v))
        return shapely.box(*(side - far for side in low), *(side + far for side in high))


class Crossings(NamedTuple):
    """Where pieces (c,) meet others at their parameters (c,): which, at which of their own."""

    piece: np.ndarray
    place: np.ndarray
    other: np.ndarray
    there: np.ndarray


class Kept(NamedTuple):
    """Parts of runs (k,) of strokes that are kept, from places to others; and what strokes cross.

    `rows` is how many rows the strokes are of.
    """

    strokes: Strokes
    rows: int
    run: np.ndarray
    begins: np.ndarray
    stops: np.ndarray
    crossings: Crossings

    def pieces(self) -> list[list[np.ndarray]]:
        """The parts as cubic pieces (k_i, 4, 2), in the rows that they are of."""
        return self.in_rows(between(self.strokes.pieces, self.begins, self.stops))

    def in_rows(self, parts: list[np.ndarray]) -> list[list[np.ndarray]]:
        """Values of the parts, (k_i, ...), in the rows that these are of; a ring's two are one."""
        shown: list[list[np.ndarray]] = [[] for _ in range(self.rows)]
        run, row = self.strokes.run, self.strokes.row
        starts = np.flatnonzero(np.diff(run, prepend=-1))
        ends = np.append(starts[1:], len(run))
        bounds = np.flatnonzero(np.diff(self.run, prepend=-1, append=len(starts)))
        for i, j in pairwise(bounds):
            some, n = parts[i:j], self.run[i]
            if j - i > 1 and self.begins[i] == starts[n] and self.stops[j - 1] == ends[n]:
                # A ring that is seen where it begins and ends.
                some = [*some[1:-1], np.concatenate([some[-1], some[0]])]
            shown[row[starts[n]]] += some
        return shown


def as_paths(
    rows: list[list[np.ndarray]], lead: tuple[int, ...], *, cubic: bool = False
) -> np.ndarray:
    """The parts of each row joined to one path, with lifted pens: paths (*lead, m, 2)."""
    return padded([joined(parts, cubic) for parts in rows], lead)


def _crossings(
    powers: np.ndarray, drawn: _Chords, edges: _Chords, tree: shapely.STRtree, near: float
) -> Crossings:
    """Where chords meet those of outlines of later rows; the tree has the shapes of the latter."""
    found = [(np.empty(0, int), np.empty(0)) * 2]
    boxes = drawn.boxes(near)
    ends, corners = (np.ascontiguousarray(some.cubics[:, ::3].T) for some in (drawn, edges))
    for begin in range(0, len(boxes), AT_ONCE):
        chord, edge = tree.query(boxes[begin : begin + AT_ONCE])
        chord += begin
        behind = drawn.row[chord] < edges.row[edge]
        chord, edge = chord[behind], edge[behind]
        a, b = ends[:, chord], corners[:, edge]
        close = _close(a, b, drawn.off[chord] + edges.off[edge] + near)
        chord, edge, a, b = chord[close], edge[close], a[:, close], b[:, close]
        piece, t = drawn.piece[chord], drawn.t[chord]
        hit, s = edges.piece[edge], edges.t[edge]
        found += [(piece, _foot(a, t, corner), hit, u) for corner, u in zip(b, s.T, strict=True)]
        one, other = powers[:, piece], powers[:, hit]
        # Two starts, for curves may cross twice near two chords: from either end of what these
        # have beside one another, where a curve that grazes the other is on its way to it.
        for on_chord, on_edge in _beside(a, b):
            x, y = (u[:, 0] + part * np.ptp(u, 1) for u, part in ((t, on_chord), (s, on_edge)))
            x, y = _met(one, other, x, y)
            gap = np.abs(looked(one, x)[0] - looked(other, y)[0])
            found.append((piece, np.where(gap <= near, x, np.nan), hit, y))
    every = Crossings(*map(np.concatenate, zip(*found, strict=True)))
    kept = np.isfinite(every.place)
    return Crossings(*(values[kept] for values in every))


def _close(a: np.ndarray, b: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Whether chords a and b (2, n) may be in reach (n,): none is on one side of the other."""
    meet = np.ones(len(reach), bool)
    for (start, end), other in ((a, b), (b, a)):
        way = end - start
        x, y = (way.conj() * (other - start)).imag
        far = reach * np.abs(way)
        meet &= (np.minimum(x, y) <= far) & (np.maximum(x, y) >= -far)
    return meet


def _beside(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Both ends of what chords a and b (2, n) have side by side, as shares (n,) of a and of b."""
    feet = _share(a, b).clip(0, 1)
    for part in (feet.min(0), feet.max(0)):
        yield part, _share(b, a[0] + part * (a[1] - a[0])).clip(0, 1)


def _share(chord: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Where points (..., n) have their feet on chords (2, n): from 0 at their beginning to 1."""
    way = chord[1] - chord[0]
    square = np.abs(way) ** 2
    return (way.conj() * (p - chord[0])).real / np.where(square > 0, square, 1)


def _foot(chord: np.ndarray, t: np.ndarray, p: np.ndarray) -> np.ndarray:
    """The parameters on chords (2, n) nearest to points (n,) that lie on them; else NaN.

    Where outlines run along one another, they begin and end to do so at corners.
    """
    way, share = chord[1] - chord[0], _share(chord, p)
    off = np.abs(chord[0] + share * way - p)
    on = (off <= SAME * np.abs(way)) & (share >= 0) & (share <= 1)
    return np.where(on, t[:, 0] + share * (t[:, 1] - t[:, 0]), np.nan)


def _met(
    a: np.ndarray, b: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters at which cubics a and b (4, n) cross, by Newton's method from x and y (n,)."""
    x, y = x.copy(), y.copy()
    on = np.arange(len(x))
    for _ in range(NEWTON):
        s, t = x[on], y[on]
        (p, u), (q, v) = looked(a, s), looked(b, t)
        w, area = q - p, (u.conj() * v).imag
        area = np.where(area == 0, np.inf, area)
        x[on] = (s + (w.conj() * v).imag / area).clip(0, 1)
        y[on] = (t + (w.conj() * u).imag / area).clip(0, 1)
        moved = np.maximum(np.abs(x[on] - s), np.abs(y[on] - t)) > SAME
        on, a, b = on[moved], a[:, moved], b[:, moved]
    return x, y


def kept_parts(
    lines: Strokes, cover: Cover, *, drawn: np.ndarray, edges: np.ndarray, inside: bool
) -> Kept:
    """The parts of drawn rows inside of later rows, or else outside.

    `drawn` (n,) and `edges` (n,) tell of each row whether it is drawn, and whether it is an outline
    of the cover.
    """
    pieces = lines.pieces
    none = np.empty(0, int), np.empty(0)
    if not len(pieces):
        return Kept(lines, len(drawn), *none, none[1], Crossings(*none, *none))
    chords = _Chords.of(lines)
    # A crossing with what lies behind something is behind that too.
    shapes = chords.shapes(solid=cover.holed)
    hidden = cover.holds(shapes, chords.row)
    some, others = (~hidden & which[chords.row] for which in (drawn, edges))
    tree = shapely.STRtree(shapes[others])
    met = _crossings(lines.powers, chords.chosen(some), chords.chosen(others), tree, cover.near)
    starts = np.flatnonzero(np.diff(lines.run, prepend=-1))
    ends = np.append(starts[1:], len(pieces))
    shut = np.flatnonzero(lines.undrawn)
    breaks = np.unique(np.concatenate([starts, ends, shut, met.piece + met.place]))
    out = np.zeros(len(breaks), bool)
    out[np.searchsorted(breaks, (chords.piece + chords.t.mean(-1))[hidden]) - 1] = True
    apart = np.diff(breaks) > SAME
    first, last, out = breaks[:-1][apart], breaks[1:][apart], out[:-1][apart]
    middle = (first + last) / 2
    owner = middle.astype(int)
    row = lines.row[owner]
    idle = lines.undrawn[owner] | ~drawn[row]
    asked = np.flatnonzero(~out & ~idle)
    points = looked(lines.powers[:, owner[asked]], middle[asked] - owner[asked])[0]
    out[asked] = cover.hides(as_points(points), row[asked])
    out[~idle] ^= _touch(lines, cover, first[~idle], last[~idle], out[~idle])
    seen = (out == inside) & ~idle
    first, last, run = first[seen], last[seen], lines.run[owner[seen]]
    apart = (np.diff(run) != 0) | (first[1:] - last[:-1] > 2 * SAME)
    begins = np.concatenate([first[:1], first[1:][apart]])
    stops = np.concatenate([last[:-1][apart], last[-1:]])
    of = np.concatenate([run[:1], run[1:][apart]])
    return Kept(lines, len(drawn), of, begins, stops, met)


def _touch(
    lines: Strokes, cover: Cover, first: np.ndarray, last: np.ndarray, out: np.ndarray
) -> np.ndarray:
    """Which of the intervals of rows that are drawn, from `first` to `last` (n,), are only touches.

    With their neighbors that are out as they are, or in, they are short, and a step aside leads to
    the other: they are no deeper than what counts as in from without.
    """
    run = lines.run[first.astype(int)]
    begins = np.ones(len(first), bool)
    begins[1:] = (np.diff(run) != 0) | (np.diff(out) != 0) | (first[1:] - last[:-1] > 2 * SAME)
    begin, end = first[begins], last[np.roll(begins, -1)]
    speed = 3 * np.abs(np.diff(lines.pieces @ (1, 1j))).max(-1)  # at most
    way, pieces = np.append(0, np.cumsum(speed)), np.arange(len(speed) + 1)
    length = np.interp(end, pieces, way) - np.interp(begin, pieces, way)
    short = np.flatnonzero(length <= TOUCH * cover.near)
    middle = (begin + end)[short] / 2
    piece = middle.astype(int)
    p, v = looked(lines.powers[:, piece], middle - piece)
    aside = 2j * cover.near * v / np.where(v == 0, 1, np.abs(v))
    beside = np.stack([p - aside, p + aside])
    there = cover.hides(as_points(beside.ravel()), np.tile(lines.row[piece], 2)).reshape(2, -1)
    found = np.zeros(len(length), bool)
    found[short] = (there != out[begins][short]).any(0)
    return found[np.cumsum(begins) - 1]
