"""Strokes as cubic pieces, straight ones too: places on them, points, chords and parts.

A place on a stroke is the number of a piece plus a parameter in [0, 1] of it. Where much is
computed, a point (x, y) is the complex number x + iy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import jax
import numpy as np

from gradart.calculus.programs.batching import numbered

Rows = TypeVar("Rows", np.ndarray, jax.Array)
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

    @cached_property
    def powers(self) -> np.ndarray:
        """Coefficients of t^3 to 1 of the pieces (4, k), complex."""
        a, b, c, d = (self.pieces @ (1, 1j)).T
        return np.stack([d - a + 3 * (b - c), 3 * (a - 2 * b + c), 3 * (b - a), a])

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
        some = _stroked(pieces(block) if bent else _straight(block), whole)
        found.append(replace(some, row=some.row + rows, run=some.run + runs))
        rows, runs = rows + len(block), runs + some.run.max(initial=-1) + 1
    return Strokes(
        *map(
            np.concatenate,
            zip(*((part.pieces, part.row, part.run, part.undrawn) for part in found), strict=True),
        )
    )


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


def pieces(paths: Rows) -> Rows:
    """The cubic pieces (n, k, 4, 2) of paths (n, 3k + 1, 2)."""
    k = paths.shape[1] // 3
    return paths[:, 3 * np.arange(k)[:, None] + np.arange(4)]


def bend(pieces: np.ndarray) -> np.ndarray:
    """By how much at most the second differences of pieces (k, 4, 2) are other than 0: (k,)."""
    most = np.abs(np.diff(pieces, 2, axis=1)).sum(-1).max(-1, initial=0.0)
    return np.where(most <= 1e-12 * np.abs(pieces).max((1, 2), initial=0.0), 0, most)


def parted(
    pieces: np.ndarray, size: np.ndarray, part: float, least: np.ndarray | float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Chords of pieces (k, 4, 2) that leave them by no more than a part of a size (k,).

    The number of the piece and the parameters (2,) of the ends, of each; of a piece there are at
    `least` so many.
    """
    # A chord over 1 / n of the piece is within |B''| / (8 n^2) of it, and |B''| <= 6 bend.
    n = np.sqrt(0.75 * bend(pieces) / np.where(size > 0, part * size, 1)).clip(1, 64)
    n = np.ceil(np.maximum(n, least)).astype(int)
    owner = np.repeat(np.arange(len(pieces)), n)
    step = numbered(n)
    return owner, np.stack([step, step + 1], -1) / n[owner, None]


def looked(powers: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and derivatives (n,) of cubics, by their coefficients (4, n), at t (n,)."""
    a, b, c, d = powers
    return ((a * t + b) * t + c) * t + d, (3 * a * t + 2 * b) * t + c


def as_points(z: np.ndarray) -> np.ndarray:
    """Complex numbers (...) as points (..., 2)."""
    return np.ascontiguousarray(z)[..., None].view(float)


def between(pieces: np.ndarray, begin: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
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
