"""Summed density by JAX: strips, ends, corners and disks, laid on the pixels that they touch.

The coverage is that of the kernels (`gradart.rendering.ink.coverage`), and so is the fixed point in
which it is summed, so that the order does not matter here, too. Not one bit after another is the
same: a card may round otherwise, and what is a vector there is a number here.
"""

import math
from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from gradart.rendering.ink.coverage import FLAT, LEAST, QUANTUM, SIDE
from gradart.rendering.ink.density import Disks, Part, Strokes, parts
from gradart.rendering.ink.gpu.outlines import caps, circles, most_steps, turns
from gradart.rendering.ink.gpu.stroke_pieces import Blots, Pieces, Size, plan

_PLANNED = 1 << 27  # bytes of strokes planned at a time
_LAID = 1 << 22  # pixels that what is laid at a time may touch

Rows = TypeVar("Rows", Pieces, Blots)
Outlines = tuple[jax.Array, jax.Array]  # vertices (k, v, 2), and the stroke of each (k,)


def accumulate_on_device(
    size: Size, blocks: Iterable[Strokes | Disks], channels: int = 3
) -> np.ndarray:
    """The same as `gradart.rendering.ink.density.accumulate`, to within rounding, by JAX."""
    height, width = size
    with jax.enable_x64(True):
        sums = jnp.zeros(height * width * channels, jnp.int64)
        for block in blocks:
            for part in parts(block, channels, _PLANNED):
                for half, some in _alike(part):
                    sums = _added(sums, size, some, half)
        total = jnp.maximum(sums * QUANTUM, 0.0).astype(jnp.float32)
        return np.asarray(total).reshape(height, width, channels)


def _alike(part: Part) -> Iterator[tuple[float, Part]]:
    """Marks of about one size, and the largest of them: what they touch is as many pixels."""
    n = len(part.points)
    # Powers of two of the square that stands for a disk: within a pixel, or not.
    classes = np.ceil(np.log2(np.maximum(part.sizes * SIDE, 2.0**-4))).astype(int)
    for one in np.unique(classes):
        if len(classes) == 1:
            yield float(part.sizes[0]), part
            return
        chosen = np.flatnonzero(classes == one)
        inks = np.broadcast_to(part.inks, (n, part.inks.shape[1]))[chosen]
        some = Part(part.closed, part.points[chosen], part.sizes[chosen], inks)
        yield float(part.sizes[chosen].max()), some


def _added(sums: jax.Array, size: Size, part: Part, largest: float) -> jax.Array:
    """The sums with marks, the largest of this width or radius."""
    amounts = jnp.asarray(part.inks / QUANTUM)
    sizes = jnp.asarray(part.sizes)
    points = jnp.asarray(part.points)
    if largest == 0:
        return sums
    if part.closed is None:
        stroke = jnp.arange(len(points))
        if largest * SIDE <= 1:
            return _specks(sums, points, jnp.broadcast_to(sizes, len(points)), amounts, size=size)
        there = jnp.isfinite(points).all(-1)
        radius = jnp.where(there, sizes, 0.0)
        return _blots(sums, size, Blots(points, radius, stroke), amounts, largest)
    pieces, blots = plan(points, sizes / 2, closed=part.closed, size=size)
    half = largest / 2
    sums = _bodies(sums, size, pieces, amounts, half)
    sums = _ends(sums, size, pieces, amounts, half)
    sums = _corners(sums, size, pieces, amounts, half)
    # A stroke that is a blot is shorter than its ends: no longer than pi/2 of its half width.
    return _blots(sums, size, blots, amounts, half)


# What is laid: how many pixels that is, is found first, and is then all that takes its time.


def _rounded(count: int) -> int:
    """A count that is as large and one of few, for each of which all is compiled anew."""
    return max(256, 1 << (count - 1).bit_length())


def _bodies(
    sums: jax.Array, size: Size, pieces: Pieces, amounts: jax.Array, half: float
) -> jax.Array:
    """The sums with the strips around segments, each column of each laid as one."""
    strips = _strips(pieces, size=size)
    total = int(strips.columns[-1])
    rows = 1 << max(2, math.ceil(math.log2(2 * half * math.sqrt(2) + 3)))
    count = min(_rounded(total), max(1, _LAID // rows))
    for first in range(0, total, count):
        columns = {"size": size, "count": count, "rows": rows}
        sums = _columns(sums, strips, amounts, jnp.asarray(first), **columns)
    return sums


class _Strips(NamedTuple):
    """What is within `half` of the line y + slope (x - start), start <= x <= end; |slope| <= 1.

    Where it is steep, columns and rows are exchanged. Its columns begin with the `first`; `columns`
    says how many all strips so far have.
    """

    first: jax.Array
    start: jax.Array
    y: jax.Array
    end: jax.Array
    slope: jax.Array
    half: jax.Array
    steep: jax.Array
    stroke: jax.Array
    columns: jax.Array


@partial(jax.jit, static_argnames="size")
def _strips(pieces: Pieces, *, size: Size) -> _Strips:
    (x0, y0), (x1, y1) = jnp.moveaxis(pieces.start, -1, 0), jnp.moveaxis(pieces.end, -1, 0)
    ux, uy = jnp.moveaxis(pieces.way, -1, 0)
    steep = jnp.abs(uy) > jnp.abs(ux)
    a0, b0, a1, b1 = (jnp.where(steep, *pair) for pair in ((y0, x0), (x0, y0), (y1, x1), (x1, y1)))
    along = jnp.where(steep, uy, ux)
    slope = jnp.where(steep, ux, uy) / jnp.where(along == 0, 1.0, along)
    back = along < 0
    start, y, end = jnp.where(back, a1, a0), jnp.where(back, b1, b0), jnp.where(back, a0, a1)
    height, width = size
    longest, widest = jnp.where(steep, height, width), jnp.where(steep, width, height)
    first = jnp.maximum(jnp.floor(start), 0)
    last = jnp.minimum(jnp.ceil(end), longest)
    lean, tall = jnp.abs(slope), 2 * pieces.half * jnp.sqrt(1 + slope**2)
    leans = lean > 1e-6
    safe = jnp.where(leans, slope, 1.0)
    reach = tall / (2 * jnp.abs(safe)) + 1  # half a column more than needed
    low, high = start - y / safe, start + (widest - y) / safe
    first = jnp.where(leans, jnp.maximum(first, jnp.floor(jnp.minimum(low, high) - reach)), first)
    last = jnp.where(leans, jnp.minimum(last, jnp.ceil(jnp.maximum(low, high) + reach)), last)
    counts = jnp.where(pieces.seen, jnp.maximum(last - first, 0), 0).astype(jnp.int64)
    columns = jnp.cumsum(counts)
    return _Strips(first, start, y, end, slope, pieces.half, steep, pieces.stroke, columns)


@partial(jax.jit, static_argnames=("size", "count", "rows"), donate_argnums=0)
def _columns(
    sums: jax.Array,
    strips: _Strips,
    amounts: jax.Array,
    begin: jax.Array,
    *,
    size: Size,
    count: int,
    rows: int,
) -> jax.Array:
    """The sums with so many columns of strips from `begin` on, each of at most so many rows."""
    ends = strips.columns
    number = begin + jnp.arange(count)
    which = jnp.minimum(jnp.searchsorted(ends, number, side="right"), len(ends) - 1)
    first, start, y, end, slope, half, steep, stroke, _ = (values[which] for values in strips)
    before = jnp.where(which > 0, ends[which - 1], 0)
    i = first + (number - before)
    left, right = jnp.maximum(i, start), jnp.minimum(i + 1, end)
    run = jnp.where(number < ends[-1], jnp.maximum(right - left, 0.0), 0.0)
    tall = 2 * half * jnp.sqrt(1 + slope**2)
    bottom = y + slope * ((left + right) / 2 - start) - tall / 2
    tilt = jnp.maximum(jnp.abs(slope) * run / 2, LEAST)
    low = jnp.floor(bottom - tilt)
    upper = (low - bottom)[:, None] + jnp.arange(rows + 1)
    share, tilt, tall = (values[:, None] for values in (0.25 / tilt, tilt, tall))
    below = _ramp(upper, tilt, share) - _ramp(upper - tall, tilt, share)
    cover = run[:, None] * jnp.diff(below, axis=1)
    j = low[:, None] + jnp.arange(rows)
    i = jnp.broadcast_to(i[:, None], j.shape)
    across = steep[:, None]
    return _laid(
        sums, size, jnp.where(across, j, i), jnp.where(across, i, j), cover, amounts, stroke
    )


def _ends(
    sums: jax.Array, size: Size, pieces: Pieces, amounts: jax.Array, half: float
) -> jax.Array:
    """The sums with what is missing at the ends of strokes."""
    for there, at, sign in (pieces.opens, pieces.start, -1.0), (pieces.closes, pieces.end, 1.0):
        for chosen in _chosen(there & pieces.seen, pieces, at):
            (_, _, way, _, _, _, _, halves, stroke), place = chosen
            outline = caps(place, sign * way, halves, steps=most_steps(half))
            sums = _filled(sums, size, (outline, stroke), amounts, 2 * math.sqrt(2) * half)
    return sums


def _corners(
    sums: jax.Array, size: Size, pieces: Pieces, amounts: jax.Array, half: float
) -> jax.Array:
    """The sums with what is open between strips."""
    there = (pieces.turn != 0).any(-1) & ~pieces.closes & pieces.seen
    for (_, _, way, turn, _, _, _, halves, stroke), place in _chosen(there, pieces, pieces.end):
        outline = turns(place, way, turn, halves, steps=most_steps(half))
        sums = _filled(sums, size, (outline, stroke), amounts, 2 * math.sqrt(2) * half)
    return sums


def _blots(
    sums: jax.Array, size: Size, blots: Blots, amounts: jax.Array, radius: float
) -> jax.Array:
    """The sums with disks, the largest of this radius."""
    (x, y), r = jnp.moveaxis(blots.center, -1, 0), 1.2 * blots.radius
    seen = (blots.radius > 0) & (-r < x) & (x < size[1] + r) & (-r < y) & (y < size[0] + r)
    for (center, own, stroke), _ in _chosen(seen, blots, blots.center):
        outline = circles(center, own, steps=most_steps(radius))
        sums = _filled(sums, size, (outline, stroke), amounts, 2.4 * radius)
    return sums


def _chosen(there: jax.Array, rows: Rows, at: jax.Array) -> Iterator[tuple[Rows, jax.Array]]:
    """What is there, with a place for each; nothing comes more often than it is there.

    Rows that only fill up have a stroke -1, which leaves no ink.
    """
    count = int(there.sum())
    if count:
        index = jnp.nonzero(there, size=_rounded(count), fill_value=-1)[0]
        taken = jax.tree.map(lambda values: values[index], rows)
        yield taken._replace(stroke=jnp.where(index < 0, -1, taken.stroke)), at[index]


def _filled(
    sums: jax.Array, size: Size, outlines: Outlines, amounts: jax.Array, extent: float
) -> jax.Array:
    """The sums with polygons that are up to `extent` pixels wide and high."""
    vertices, stroke = outlines
    side = math.ceil(extent) + 1
    count = min(len(stroke), 1 << max(0, (_LAID // side**2).bit_length() - 1))
    for first in range(0, len(stroke), count):
        cut = slice(first, first + count)
        sums = _polygons(sums, vertices[cut], stroke[cut], amounts, size=size, side=side)
    return sums


@partial(jax.jit, static_argnames=("size", "side"), donate_argnums=0)
def _polygons(
    sums: jax.Array,
    vertices: jax.Array,
    stroke: jax.Array,
    amounts: jax.Array,
    *,
    size: Size,
    side: int,
) -> jax.Array:
    """The sums with polygons (k, v, 2): area counterclockwise positive, clockwise negative."""
    corner = jnp.floor(vertices.min(1))
    left, low = corner[:, :1], corner[:, 1:]
    row = low + jnp.arange(side)
    column = (left + jnp.arange(side))[:, None]

    def edge(cover: jax.Array, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        (x0, y0), (x1, y1) = (jnp.moveaxis(p, -1, 0)[..., None] for p in ends)
        under, over = jnp.minimum(y0, y1), jnp.maximum(y0, y1)
        rises = over - under > FLAT
        slope = jnp.where(rises, (x1 - x0) / jnp.where(rises, y1 - y0, 1.0), 0.0)
        enter, leave = jnp.maximum(under, row), jnp.minimum(over, row + 1)
        tall = jnp.where(rises, jnp.maximum(leave - enter, 0.0), 0.0)
        run = jnp.where(y1 < y0, tall, -tall)  # the inside is right of a way down
        middle = (x0 + slope * ((enter + leave) / 2 - y0))[..., None]
        tilt = jnp.maximum(jnp.abs(slope) * tall / 2, LEAST)[..., None]
        share = 0.25 / tilt
        right = _ramp(column + 1 - middle, tilt, share) - _ramp(column - middle, tilt, share)
        return cover + run[..., None] * right, None

    cover = jnp.zeros((len(stroke), side, side))
    ends = jnp.moveaxis(jnp.roll(vertices, 1, 1), 1, 0), jnp.moveaxis(vertices, 1, 0)
    cover, _ = jax.lax.scan(edge, cover, ends, unroll=min(4, vertices.shape[1]))
    cover = jnp.where((stroke >= 0)[:, None, None], cover, 0.0)
    i, j = jnp.broadcast_arrays(column, row[..., None])
    flat = (len(stroke), side * side)
    return _laid(sums, size, i.reshape(flat), j.reshape(flat), cover.reshape(flat), amounts, stroke)


@partial(jax.jit, static_argnames="size", donate_argnums=0)
def _specks(
    sums: jax.Array, centers: jax.Array, radius: jax.Array, amounts: jax.Array, *, size: Size
) -> jax.Array:
    """The sums with disks within a pixel, as squares of the same area."""
    edge = (radius * SIDE)[:, None]
    low = centers - edge / 2
    at = jnp.floor(low)
    after = jnp.maximum(low + edge - (at + 1), 0.0)
    tall, wide = (jnp.stack([edge[:, 0] - after[:, k], after[:, k]], -1) for k in (1, 0))
    cover = (tall[:, :, None] * wide[:, None, :]).reshape(-1, 4)
    i = (at[:, :1] + jnp.array([0.0, 1, 0, 1])).reshape(-1, 4)
    j = (at[:, 1:] + jnp.array([0.0, 0, 1, 1])).reshape(-1, 4)
    return _laid(sums, size, i, j, cover, amounts, jnp.arange(len(centers)))


def _ramp(x: jax.Array, reach: jax.Array, share: jax.Array) -> jax.Array:
    """The mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = jnp.clip(x, -reach, reach) + reach
    return inside * inside * share + jnp.maximum(x - reach, 0.0)


def _laid(
    sums: jax.Array,
    size: Size,
    i: jax.Array,
    j: jax.Array,
    cover: jax.Array,
    amounts: jax.Array,
    stroke: jax.Array,
) -> jax.Array:
    """The sums with what pixels (k, p), columns i and rows j, gain of coverage by strokes (k,)."""
    height, width = size
    there = (i >= 0) & (i < width) & (j >= 0) & (j < height)
    cover = jnp.where(there & jnp.isfinite(cover), cover, 0.0)
    place = jnp.where(there, j * width + i, 0.0).astype(jnp.int64)[..., None]
    channels = amounts.shape[1]
    ink = amounts[jnp.minimum(stroke, len(amounts) - 1)][:, None]
    gains = jnp.rint(cover[..., None] * ink).astype(jnp.int64)
    return sums.at[place * channels + jnp.arange(channels)].add(gains)
