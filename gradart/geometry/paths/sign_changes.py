"""Where segments of paths change to another side of a field and back between their two ends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax
import numpy as np

from gradart.calculus.programs.batching import Arrays, chunked, numbered
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.types import Field

_COARSE = 64  # parts of the drawing's extent: no segment is looked at in longer pieces
_ROUNDS = 4  # in which a piece is halved that might touch the level
_STEEPER = 2.0  # how many times as steep as at its ends a field may be in a piece
_HALVINGS = 52  # until the two halves are one number
_CHUNK = 1024  # points for which all is compiled


@dataclass(frozen=True)
class Refined:
    """Paths (n, m, 2) with points between theirs where they change sides, as many as needed.

    Each begins a part of segment number `segment` (n, m) of the path, `share` (n, m) of its way
    along that; it is one of the path's own where `own` (n, m) is true.
    """

    points: np.ndarray
    segment: np.ndarray
    share: np.ndarray
    own: np.ndarray


class _Pieces(NamedTuple):
    """Pieces of segments: which, from where to where on it; values and slopes at both ends."""

    which: np.ndarray
    start: np.ndarray
    end: np.ndarray
    before: np.ndarray  # (k, 2): the value, and how it changes by the way
    after: np.ndarray

    def chosen(self, some: np.ndarray) -> "_Pieces":
        return _Pieces(*(column[some] for column in self))


def refined(points: np.ndarray, field: TracedFunction) -> Refined:
    """Paths with a point before and behind each change of sides that their own do not show.

    Segments are looked at in pieces of a 64th of the drawing's extent, or less; those whose values
    and slopes let a field reach 0 on the way are halved up to four times. Where one then comes
    nearer to 0 and leaves again, the nearest place is found by halving with the slope's sign, so
    that however short a part is on the other side, it is there.
    """
    inked = np.isfinite(points).all(-1)
    values = np.full(inked.shape, np.nan)
    values[inked] = chunked(jit_with(values_of, field), _CHUNK)(points[inked])
    pairs = np.stack(np.nonzero(inked[:, :-1] & inked[:, 1:]), -1)

    def ends(of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        row, segment = pairs.T
        return of[row, segment], of[row, segment + 1]

    counts = _counts(*ends(points))
    unclear = (counts > 1) | _near(np.stack(ends(values)), counts)
    pairs, counts = pairs[unclear], counts[unclear]
    begin, stop = ends(points)
    look = _Look(chunked(jit_with(_seen, field), _CHUNK), begin, stop - begin)
    pieces = _halved(_first(np.ceil(counts).astype(int), look), look)
    pieces = _turned(pieces, look)
    # Of all pieces those count that begin and end on different sides.
    change = (pieces.before[:, 0] < 0) != (pieces.after[:, 0] < 0)
    index = np.concatenate([pieces.which[change]] * 2)
    share = np.concatenate([pieces.start[change], pieces.end[change]])
    inner = (share > 0) & (share < 1)
    index, share = np.unique(np.stack([index[inner], share[inner]], -1), axis=0).T
    return _inserted(points, pairs[index.astype(int)], share)


@dataclass(frozen=True)
class _Look:
    """What a field is on segments: at shares (k,) of those of an index (k,), (k, 2)."""

    run: Callable[..., Arrays]
    begin: np.ndarray
    way: np.ndarray

    def __call__(self, index: np.ndarray, share: np.ndarray) -> np.ndarray:
        if not len(index):
            return np.empty((0, 2))
        way = self.way[index]
        return np.stack(self.run(self.begin[index] + share[:, None] * way, way), -1)


def _seen(field: Field, points: jax.Array, ways: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Values and slopes by the share of the way, at points (k, 2)."""
    return jax.vmap(lambda p, v: jax.jvp(field, (p,), (v,)))(points, ways)


def _counts(begin: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """How many pieces segments (k, 2) take by their lengths: fractions, at most 64."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        extent = np.hypot(*np.ptp(np.concatenate([begin, stop]), axis=0)) if len(begin) else 1.0
        parts = np.hypot(*(stop - begin).T) * (_COARSE / extent)
    return np.clip(np.nan_to_num(parts, nan=1.0), 1e-9, _COARSE)


def _near(values: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Which segments, of values (2, k), a field might cross that is as steep as it is anywhere."""
    with np.errstate(invalid="ignore", over="ignore"):
        steep = np.nanmax(np.abs(values[1] - values[0]) / lengths, initial=0.0)
        near = np.abs(values).sum(0) <= _STEEPER * steep * lengths
    return near & ((values[0] < 0) == (values[1] < 0))


def values_of(field: Field, points: jax.Array) -> jax.Array:
    """A field at points (k, 2)."""
    return jax.vmap(field)(points)


def _first(counts: np.ndarray, look: _Look) -> _Pieces:
    """The pieces of segments that are looked at first, so many of each."""
    # Each segment's knots: one more than it has pieces.
    first = np.cumsum(counts + 1) - (counts + 1)
    index = np.repeat(np.arange(len(counts)), counts + 1)
    share = (np.arange(len(index)) - first[index]) / counts[index]
    seen = look(index, share)
    begins = np.setdiff1d(np.arange(len(index)), first + counts)
    return _Pieces(index[begins], share[begins], share[begins + 1], seen[begins], seen[begins + 1])


def _halved(pieces: _Pieces, look: _Look) -> _Pieces:
    """Pieces, those halved that might hold a change of sides which their ends do not show."""
    done = []
    for _ in range(_ROUNDS):
        some = _may_touch(pieces)
        done.append(pieces.chosen(~some))
        pieces = _split(pieces.chosen(some), look)
    return _Pieces(*(np.concatenate(column) for column in zip(*done, pieces, strict=True)))


def _may_touch(pieces: _Pieces) -> np.ndarray:
    """Whether a field that is nowhere much steeper than at the ends reaches 0 between them."""
    reach = pieces.end - pieces.start
    (f, g), (h, k) = pieces.before.T, pieces.after.T
    with np.errstate(invalid="ignore", over="ignore"):
        rise = h - f
        steep = np.maximum(np.maximum(np.abs(g), np.abs(k)) * reach, np.abs(rise))
        same = ((f < 0) == (h < 0)) & (np.abs(f) + np.abs(h) <= _STEEPER * steep)
        # Between different sides there is a way there and back only if it is not all up or down.
        wild = ((f < 0) != (h < 0)) & ((g * rise < 0) | (k * rise < 0))
    return same | wild


def _split(pieces: _Pieces, look: _Look) -> _Pieces:
    middle = (pieces.start + pieces.end) / 2
    return _parted(pieces, middle, look(pieces.which, middle))


def _parted(pieces: _Pieces, at: np.ndarray, seen: np.ndarray) -> _Pieces:
    """Each piece as two that meet at a place."""
    one = _Pieces(pieces.which, pieces.start, at, pieces.before, seen)
    two = _Pieces(pieces.which, at, pieces.end, seen, pieces.after)
    return _Pieces(*(np.concatenate(pair) for pair in zip(one, two, strict=True)))


def _turned(pieces: _Pieces, look: _Look) -> _Pieces:
    """Pieces, those parted at their lowest place in which a field comes near to 0 and leaves."""
    side = np.where(pieces.before[:, 0] < 0, -1.0, 1.0)
    with np.errstate(invalid="ignore"):
        same = (pieces.before[:, 0] < 0) == (pieces.after[:, 0] < 0)
        dips = same & (side * pieces.before[:, 1] < 0) & (side * pieces.after[:, 1] > 0)
    dips &= _may_touch(pieces)
    some, side = pieces.chosen(dips), side[dips]
    low, high = some.start.copy(), some.end.copy()
    for _ in range(_HALVINGS if len(low) else 0):
        middle = (low + high) / 2
        down = side * look(some.which, middle)[:, 1] < 0
        low, high = np.where(down, middle, low), np.where(down, high, middle)
    parted = _parted(some, low, look(some.which, low))
    rest = pieces.chosen(~dips)
    return _Pieces(*(np.concatenate(pair) for pair in zip(rest, parted, strict=True)))


def _inserted(points: np.ndarray, pairs: np.ndarray, share: np.ndarray) -> Refined:
    """Paths with points at shares (k,) of their segments, of a row and a number each (k, 2)."""
    n, m = points.shape[:2]
    row, segment = np.divmod(np.arange(n * m), max(m, 1))
    rows, segments = np.concatenate([row, pairs[:, 0]]), np.concatenate([segment, pairs[:, 1]])
    shares = np.concatenate([np.zeros(n * m), share])
    order = np.lexsort((shares, segments, rows))
    rows, segments, shares = rows[order], segments[order], shares[order]
    counts = np.bincount(rows, minlength=n)
    column = numbered(counts)
    size = n, int(counts.max(initial=0))
    found = np.full((*size, 2), np.nan)
    begin = points[rows, segments]
    way = points[rows, np.minimum(segments + 1, m - 1)] - begin
    between = (shares > 0)[:, None]
    found[rows, column] = np.where(between, begin + shares[:, None] * way, begin)
    numbers, places = np.zeros(size, int), np.zeros(size)
    numbers[rows, column], places[rows, column] = segments, shares
    own = np.ones(size, bool)
    own[rows, column] = shares == 0
    return Refined(found, numbers, places, own)
