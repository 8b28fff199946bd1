"""Strokes that are cut by outlines, as all of these move: what is cut off stays so, its ends move.

An end moves along its stroke to where this crosses the outline, by one step of Newton's method.
Where a stroke only grazes an outline, its end stays at its place along the stroke.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.batching import numbered
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import length, rows_again
from gradart.calculus.programs.present_values import present, stepped, with_derivatives_of
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import cross
from gradart.geometry.paths.cubic_strokes import THIRDS, Strokes, looked, pieces
from gradart.geometry.paths.cutting import SAME, Kept
from gradart.geometry.paths.paths import moved_rows

GRAZED = 1e-6  # sines of angles at which strokes do not cross but touch


class MovingParts(NamedTuple):
    """The points (p, 4, 2) of all cubic pieces of what is kept, and in rows the numbers of these.

    The last piece is there again and again.
    """

    points: jax.Array
    rows: list[list[np.ndarray]]

    def of(self, found: np.ndarray, numbers: np.ndarray) -> jax.Array:
        """Padded rows (n, m, 2) that are found, whose points have these numbers (n, m, 2)."""
        there = np.isfinite(found).all(-1)
        again = rows_again(int(there.sum()))
        whence = numbers[there][:, 0].astype(int)
        return moved_rows(found, _followed(found[there][again], self.points, whence[again]))


@jax.jit
def _followed(found: jax.Array, points: jax.Array, numbers: jax.Array) -> jax.Array:
    return with_derivatives_of(points.reshape(-1, 2)[numbers], found)


def moving_parts(
    blocks: Sequence[np.ndarray],
    moving: Sequence[jax.Array | np.ndarray],
    cubic: Sequence[bool],
    kept: Kept,
) -> MovingParts:
    """What is kept of strokes, of rows (n, m, 2) that move; `blocks` are these as they are now."""
    controls = _controls(blocks, moving, cubic, kept.strokes)
    first, last = kept.begins.astype(int), np.ceil(kept.stops).astype(int) - 1
    count = last - first + 1
    step = numbered(count)
    of = np.repeat(np.arange(len(count)), count)
    enter = _moved(controls, kept, first, kept.begins - first)
    leave = _moved(controls, kept, last, kept.stops - last)
    again = rows_again(len(of))
    pieces_kept = (x[again] for x in (first[of] + step, of, step == 0, step == count[of] - 1))
    points = _between(controls, *pieces_kept, enter, leave)
    numbers = np.arange(4 * len(of), dtype=float).reshape(-1, 4)[..., None].repeat(2, 2)
    split = np.split(numbers, np.cumsum(count)[:-1])
    return MovingParts(points, kept.in_rows(split))


def _controls(
    blocks: Sequence[np.ndarray],
    moving: Sequence[jax.Array | np.ndarray],
    cubic: Sequence[bool],
    lines: Strokes,
) -> jax.Array:
    """The cubic pieces (k, 4, 2) of strokes that move: each point is between two of the given.

    The last of them again and again.
    """
    whence, where, begins, before = [], [], [], 0
    for block, bent in zip(blocks, cubic, strict=True):
        number = np.arange(block.shape[0] * block.shape[1]).reshape(block.shape[:2])
        if bent:
            start = end = pieces(number)
        else:
            start, end = (x[..., None].repeat(4, 2) for x in (number[:, :-1], number[:, 1:]))
        there = np.isfinite(block).all(-1).ravel()
        inked = (there[start] & there[end]).all(-1)
        fresh = inked.copy()
        fresh[:, 1:] &= ~inked[:, :-1]
        whence.append(before + start[inked])
        where.append(before + end[inked])
        begins.append(fresh[inked])
        before += length(number.size)
    start, end, fresh = map(np.concatenate, (whence, where, begins))
    # Runs that are closed by a line have one piece more.
    first = np.flatnonzero(fresh)
    stop = np.append(first[1:], len(fresh))[: len(first)]
    shut = np.bincount(lines.run, minlength=len(first)) > stop - first
    first, stop = first[shut], stop[shut]
    back = end[stop - 1, 3], start[first, 0]
    start = np.insert(start, stop, back[0][:, None], axis=0)
    end = np.insert(end, stop, back[1][:, None], axis=0)
    again = rows_again(len(start))
    points = [taken_rows(floats(x), rows_again(math.prod(x.shape[:-1]))) for x in moving]
    return _joined(points, start[again], end[again])


@jax.jit  # as one program, whatever the rows are
def _joined(rows: Sequence[jax.Array], start: jax.Array, end: jax.Array) -> jax.Array:
    flat = jnp.concatenate([jnp.asarray(x, float) for x in rows])
    # JAX takes a constant of NumPy as it has met it first, in double precision or not.
    thirds = THIRDS.astype(flat.dtype)
    return flat[start] + thirds * (flat[end] - flat[start])


def _moved(controls: jax.Array, kept: Kept, piece: np.ndarray, part: np.ndarray) -> jax.Array:
    """The places on pieces (k,), parts (k,) of them, as they move where these are cut.

    The last of them again and again.
    """
    met, again = kept.crossings, rows_again(len(part))
    if not len(met.piece):
        return jnp.asarray(part[again])
    tangents = [looked(kept.strokes.powers[:, n], t)[1] for n, t in (met[:2], met[2:])]
    size = np.abs(tangents[0]) * np.abs(tangents[1])
    sine = np.abs((tangents[0].conj() * tangents[1]).imag) / np.where(size > 0, size, 1)
    # Of crossings at one place that which is least a touch; outlines meet at their corners.
    key = met.piece + met.place
    order = np.argsort(key)
    group = np.zeros(len(key), int)
    group[order] = np.cumsum(np.diff(key[order], prepend=-1) > 2 * SAME)
    order = np.lexsort([-sine, group])
    best = order[np.flatnonzero(np.diff(group[order], prepend=0))]
    best = best[np.argsort(key[best])]
    place, keys = piece + part, np.array([-np.inf, *key[best], np.inf])
    after = np.searchsorted(keys, place)
    near = after - (place - keys[after - 1] < keys[after] - place)
    at = best[(near - 1).clip(0, len(best) - 1)]
    cut = (part > 0) & (part < 1) & (np.abs(keys[near] - place) <= 4 * SAME) & (sine[at] > GRAZED)
    places = (x[again] for x in (piece, met.other[at], part, met.there[at], cut))
    return _crossed(controls, *places)


@jax.jit
def _crossed(
    cubics: jax.Array,
    one: jax.Array,
    other: jax.Array,
    here: jax.Array,
    there: jax.Array,
    cut: jax.Array,
) -> jax.Array:
    """The parameters (k,) at which some of cubics (n, 4, 2) cross others, if cut (k,)."""
    p, q = (_at(cubics[c], t, t, t) for c, t in ((one, here), (other, there)))
    u, v = (present(_rate(cubics[c], t)) for c, t in ((one, here), (other, there)))
    area = jnp.where(cut, cross(u, v), 1)
    return stepped(here, jnp.where(cut, -cross(q - p, v) / area, 0))


def _at(cubics: jax.Array, *t: jax.Array) -> jax.Array:
    """Blossoms (k, 2) of cubics (k, 4, 2) at three parameters (k,) each; a point if they agree."""
    rows = cubics
    for each in t:
        rows = rows[:, :-1] + each[:, None, None] * (rows[:, 1:] - rows[:, :-1])
    return rows[:, 0]


def _rate(cubics: jax.Array, t: jax.Array) -> jax.Array:
    rows = 3 * (cubics[:, 1:] - cubics[:, :-1])
    return _at(rows, t, t)


@jax.jit
def _between(
    cubics: jax.Array,
    piece: jax.Array,
    of: jax.Array,
    first: jax.Array,
    last: jax.Array,
    enter: jax.Array,
    leave: jax.Array,
) -> jax.Array:
    """The parts (k, 4, 2) of pieces (k,) of cubics that lie between parameters (m,).

    Each is `of` a stroke (m,), which begins within its first piece, and ends within its last.
    """
    low, high = jnp.where(first, enter[of], 0), jnp.where(last, leave[of], 1)
    ways = (low, low, low), (low, low, high), (low, high, high), (high, high, high)
    return jnp.stack([_at(cubics[piece], *way) for way in ways], 1)
