"""Strokes as JAX plans and draws them where a graphics card sums ink: segments, ends, corners.

The geometry is that of `gradart.rendering.ink.binning`, for all segments of all strokes at once.
Coordinates are pixels. Half a width is of all strokes (1,), or of each (n,).
"""

import math
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp

from gradart.rendering.ink.binning import FINE, GENTLE, LARGEST, THIN

Size = tuple[int, int]  # rows and columns of a canvas


class Pieces(NamedTuple):
    """Segments (k, 2) with what is at their ends; all arrays have k rows.

    turn is the direction of the next segment, if there is a corner to fill between them, else 0.
    """

    start: jax.Array
    end: jax.Array
    way: jax.Array
    turn: jax.Array
    opens: jax.Array
    closes: jax.Array
    seen: jax.Array
    half: jax.Array
    stroke: jax.Array


class Blots(NamedTuple):
    """Disks around (n, 2) in place of strokes that are shorter than their ends; radius 0: none."""

    center: jax.Array
    radius: jax.Array
    stroke: jax.Array


class _Runs(NamedTuple):
    """For each point (n, m) the first and last point of its run, which the pen draws unlifted."""

    first: jax.Array
    last: jax.Array
    drawn: jax.Array
    ring: jax.Array


def _runs(points: jax.Array, closed: bool) -> _Runs:
    drawn = (jnp.abs(points) <= LARGEST).all(-1)
    at = jnp.broadcast_to(jnp.arange(points.shape[1]), drawn.shape)
    before = jnp.pad(drawn, ((0, 0), (1, 0)))[:, :-1]
    after = jnp.pad(drawn, ((0, 0), (0, 1)))[:, 1:]
    first = jax.lax.cummax(jnp.where(drawn & ~before, at, 0), 1)
    last = jax.lax.cummin(jnp.where(drawn & ~after, at, points.shape[1] - 1), 1, reverse=True)
    return _Runs(first, last, drawn, closed & (last - first > 1))


def _at(values: jax.Array, index: jax.Array) -> jax.Array:
    """Values (n, m) or (n, m, 2) at an index (n, m) along their second axis."""
    if values.ndim == 3:
        index = index[..., None]
    return jnp.take_along_axis(values, index, 1)


def _flat(values: jax.Array) -> jax.Array:
    """Values (n, m, ...) as (n * m, ...)."""
    return values.reshape(-1, *values.shape[2:])


@partial(jax.jit, static_argnames=("closed", "size"))
def plan(points: jax.Array, half: jax.Array, *, closed: bool, size: Size) -> tuple[Pieces, Blots]:
    """The pieces (n * m) and blots (n * m) of polylines (n, m, 2), most of which are not there."""
    n, m = points.shape[:2]
    h = jnp.broadcast_to(half, (n,))[:, None]
    runs = _runs(points, closed)
    at = jnp.arange(m)
    points = jnp.where(runs.drawn[..., None], points, 0.0)
    ends = at == runs.last
    following = jnp.where(ends, runs.first, at + 1)
    goal = _at(points, following)
    apart = goal - points
    length = jnp.hypot(apart[..., 0], apart[..., 1])
    length = jnp.where(runs.drawn & (runs.ring | ~ends) & (h > 0), length, 0.0)
    way = apart / jnp.where(length > 0, length, 1.0)[..., None]

    # A half circle holds as much ink as a square end that is pi/4 of its radius long. What is
    # longer than all that may be cut off is cut off nowhere else: so no sum of lengths overflows.
    reach = jnp.where((h > THIN) & ~runs.ring, math.pi / 4 * h, 0.0)
    short = jnp.minimum(length, 4 * h + 1)
    along = jnp.cumsum(short, 1)
    before = along - short - _at(along - short, runs.first)
    after = _at(along, runs.last) - along
    whole = before + short + after
    blot = (whole <= 2 * reach) & runs.drawn
    kept = (length > 0) & (before + short > reach) & (after + short > reach) & ~blot
    opening, closing = kept & (before <= reach), kept & (after <= reach)
    start = points + jnp.where(opening, reach - before, 0.0)[..., None] * way
    end = goal - jnp.where(closing, reach - after, 0.0)[..., None] * way

    # The next piece of the same run; of a ring the first one follows the last.
    later = jax.lax.cummin(jnp.where(kept, at, m), 1, reverse=True)
    following = jnp.pad(later, ((0, 0), (0, 1)), constant_values=m)[:, 1:]
    again = _at(later, runs.first)
    following = jnp.where(following > runs.last, jnp.where(runs.ring, again, m), following)
    there = kept & (following < m) & (following != at)
    following = jnp.minimum(following, m - 1)
    turn = jnp.where(there[..., None], _at(way, following), 0.0)
    open_ = _is_open(way, turn, jnp.minimum(length, _at(length, following)), h)
    turn = jnp.where((there & open_)[..., None], turn, 0.0)

    ended = (h > FINE) & ~runs.ring
    halves, strokes = jnp.broadcast_to(h, (n, m)), jnp.broadcast_to(jnp.arange(n)[:, None], (n, m))
    margin = 2 * h + 2  # no end and no corner reaches over it
    inner, outer, seen = _clipped(start, end, margin, size)
    pieces = Pieces(
        start=_flat(inner),
        end=_flat(outer),
        way=_flat(way),
        turn=_flat(turn),
        opens=_flat(ended & opening & (inner == start).all(-1)),
        closes=_flat(ended & closing & (outer == end).all(-1)),
        seen=_flat(kept & seen),
        half=_flat(halves),
        stroke=_flat(strokes),
    )
    radius = jnp.where(blot & (at == runs.first), jnp.sqrt(2 * h * whole / math.pi), 0.0)
    blots = Blots(
        center=_flat((points + _at(points, runs.last)) / 2),
        radius=_flat(radius),
        stroke=_flat(strokes),
    )
    return pieces, blots


def _is_open(way: jax.Array, turn: jax.Array, length: jax.Array, half: jax.Array) -> jax.Array:
    """Whether bodies leave a corner open that can be seen; the shorter one has this length."""
    (ux, uy), (vx, vy) = jnp.moveaxis(way, -1, 0), jnp.moveaxis(turn, -1, 0)
    exchanged = (jnp.abs(uy) > jnp.abs(ux)) != (jnp.abs(vy) > jnp.abs(vx))
    back = ux * vx + uy * vy < 0
    relative = half / jnp.where(length > 0, length, 1.0)
    gap = jnp.abs(ux * vy - uy * vx) * half * jnp.maximum(jnp.minimum(half, 1.0), relative)
    return (half > FINE) & (exchanged | back | (gap > GENTLE))


def _clipped(
    start: jax.Array, end: jax.Array, margin: jax.Array, size: Size
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Segments within a margin around the canvas, and whether they reach there."""
    height, width = size
    x0, y0, x1, y1 = start[..., 0], start[..., 1], end[..., 0], end[..., 1]
    left, right, above, below = -margin, width + margin, -margin, height + margin
    seen = (jnp.minimum(x0, x1) <= right) & (jnp.maximum(x0, x1) >= left)
    x0, y0, x1, y1 = _within(x0, y0, x1, y1, left, right)
    seen &= (jnp.minimum(y0, y1) <= below) & (jnp.maximum(y0, y1) >= above)
    y0, x0, y1, x1 = _within(y0, x0, y1, x1, above, below)
    # The slope of a segment 1e300 long and hardly wide is infinite.
    seen &= sum(map(jnp.abs, (x0, y0, x1, y1))) <= 4 * (right + below)
    return jnp.stack([x0, y0], -1), jnp.stack([x1, y1], -1), seen


def _within(
    x0: jax.Array, y0: jax.Array, x1: jax.Array, y1: jax.Array, low: jax.Array, high: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """The ends moved along their segments to where low <= x <= high."""
    slope = (y1 - y0) / jnp.where(x0 == x1, 1.0, x1 - x0)
    nearer = jnp.abs(x0) < jnp.abs(x1)  # the end that rounds less
    x, y = jnp.where(nearer, x0, x1), jnp.where(nearer, y0, y1)

    def moved(own: jax.Array, other: jax.Array) -> tuple[jax.Array, jax.Array]:
        there = jnp.clip(own, low, high)
        stays = (there == own) | (x0 == x1)
        return jnp.where(stays, own, there), jnp.where(stays, other, y + slope * (there - x))

    return *moved(x0, y0), *moved(x1, y1)
