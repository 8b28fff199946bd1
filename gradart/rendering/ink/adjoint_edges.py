"""Edges of what is drawn, walked through the pixels: how coverage changes as its border moves.

A pixel's coverage is an area. So the sum over all pixels of weight times coverage changes by the
integral, along the border, of weight times the speed at which the border moves outwards; and by the
divergence theorem it is itself an integral along the border, of the weights summed up from the left
edge of the canvas. Both are exact for the polygons that are drawn. Along an edge the speed is
linear, given by those of its two ends.

One walk serves both ways: it gathers the weights of the pixels (the vector-Jacobian product), or
scatters what they change by (the Jacobian-vector product). Each is the other's transpose.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink.coverage import FLAT


class Walk(NamedTuple):
    """What edges are walked through: rows low to high of a canvas of c channels.

    Gathering reads weights (h, w, c), float32, and `left` (h, w + 1, c), the sums of those to the
    left of each; scattering adds to sums (h, w, c), and to `left` what all pixels to the left gain.
    `left` is empty if the ink stays what it is.
    """

    scatters: bool
    weights: np.ndarray
    sums: np.ndarray
    left: np.ndarray
    low: int
    high: int


class Inks(NamedTuple):
    """Densities (1, c) or (n, c) of strokes, of which this is number `row`, and rates (n, c).

    The rates, at which they change, are read to scatter; to gather, they are added to.
    """

    amounts: np.ndarray
    rates: np.ndarray
    row: int


@compiled
def _limits(start, step, low, high, begin, until):
    """Return the part of begin to until in which low <= start + t * step <= high."""
    if abs(step) <= FLAT:
        return (begin, until) if low <= start <= high else (1.0, 0.0)
    a, b = (low - start) / step, (high - start) / step
    return max(begin, min(a, b)), min(until, max(a, b))


@compiled
def _pixel(walk, inks, i, j, speeds, part):
    """Gather or scatter in one pixel, what is between two places of an edge.

    speeds: of the whole edge's ends, how fast they move outwards, times its length; part: the
    share of the edge in this pixel, the middle of it from 0 to 1, how far it rises, and how far
    its middle is from the pixel's left side. Returns the pixel's weight times the share.
    """
    share, middle, rise, inside = part
    amounts, rates = inks.amounts, inks.rates
    row, own, channels = inks.row, min(inks.row, amounts.shape[0] - 1), amounts.shape[1]
    if not walk.scatters:
        weight = 0.0
        for channel in range(channels):
            weight += walk.weights[j, i, channel] * amounts[own, channel]
        if walk.left.size:
            for channel in range(channels):
                under = walk.left[j, i, channel] + inside * walk.weights[j, i, channel]
                rates[row, channel] += rise * under
        return weight * share
    gain = share * (speeds[0] + middle * (speeds[1] - speeds[0]))
    for channel in range(channels):
        walk.sums[j, i, channel] += amounts[own, channel] * gain
        if walk.left.size:
            more = rise * rates[row, channel]
            walk.left[j, i, channel] += more
            walk.sums[j, i, channel] += inside * more
    return 0.0


@compiled
def _beyond(walk, inks, y, rise, begin, until):
    """The same for an edge to the right of the canvas: all of the rows beside it lie to its left.

    The edge is at y + t * rise for begin < t < until.
    """
    last = walk.left.shape[1] - 1
    under, over = y + begin * rise, y + until * rise
    under, over = min(under, over), max(under, over)
    for j in range(max(math.floor(under), walk.low), min(math.ceil(over), walk.high)):
        part = math.copysign(max(min(over, j + 1.0) - max(under, float(j)), 0.0), rise)
        for channel in range(inks.amounts.shape[1]):
            if walk.scatters:
                walk.left[j, last, channel] += part * inks.rates[inks.row, channel]
            else:
                inks.rates[inks.row, channel] += part * walk.left[j, last, channel]


@compiled
def edge(walk, inks, a, b, speeds):
    """Walk the edge from a to b, each (x, y), with the inside to its left as y points up.

    speeds: how fast a and b move outwards, each times the edge's length. Returns, if it gathers,
    what the sum gains by a unit of each.
    """
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    width = walk.weights.shape[1] if not walk.scatters else walk.sums.shape[1]
    begin, until = _limits(ay, dy, walk.low, walk.high, 0.0, 1.0)
    if not begin < until:  # nor is NaN
        return 0.0, 0.0
    if walk.left.size and max(ax, bx) > width and abs(dy) > FLAT:
        outside = _limits(ax, dx, width, math.inf, begin, until)
        if outside[0] < outside[1]:
            _beyond(walk, inks, ay, dy, outside[0], outside[1])
    begin, until = _limits(ax, dx, 0.0, width, begin, until)
    if not begin < until:
        return 0.0, 0.0
    i = min(max(math.floor(ax + begin * dx), 0), width - 1)
    j = min(max(math.floor(ay + begin * dy), walk.low), walk.high - 1)
    right, up = 1 if dx > 0 else 0, 1 if dy > 0 else 0
    per_x = 1 / dx if abs(dx) > FLAT else math.inf
    per_y = 1 / dy if abs(dy) > FLAT else math.inf
    whole = later = 0.0
    t = begin
    while True:
        next_x = (i + right - ax) * per_x if abs(dx) > FLAT else math.inf
        next_y = (j + up - ay) * per_y if abs(dy) > FLAT else math.inf
        end = min(next_x, next_y, until)
        if end > t:
            share, middle = end - t, (end + t) / 2
            part = share, middle, share * dy, ax + middle * dx - i
            weight = _pixel(walk, inks, i, j, speeds, part)
            whole += weight
            later += weight * middle
            t = end
        if end >= until:
            break
        if next_x <= next_y:
            i += 2 * right - 1
            if not 0 <= i < width:
                break
        else:
            j += 2 * up - 1
            if not walk.low <= j < walk.high:
                break
    return whole - later, later
