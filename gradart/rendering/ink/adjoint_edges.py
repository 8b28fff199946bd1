"""Edges of what is drawn, walked through the pixels: how coverage changes as its border moves.

A pixel's coverage is an area. So the sum over all pixels of weight times coverage changes by the
integral, along the border, of weight times the speed at which the border moves outwards; and by the
divergence theorem a change of density, which adds to all pixels within, is noted along the border
too, for all pixels to the right of it. Both are exact for the polygons that are drawn. Along an
edge the speed is linear, given by those of its two ends.

An edge gathers the weights of the pixels (the vector-Jacobian product), or scatters what they
change by (the Jacobian-vector product). Each is the other's transpose; what is gained by density is
gathered within the border (`gradart.rendering.ink.adjoint_inks`).
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink.coverage import FLAT, LANES, LEAST

# Where `_gathered` notes of LANES columns: the lower of the two pixels that the edge touches; how
# much of the edge is in each; and that times how far along the edge it is.
LOW, UNDER, OVER, UNDER_ALONG, OVER_ALONG = range(0, 5 * LANES, LANES)


class Walk(NamedTuple):
    """What edges are walked through: rows low to high of a canvas of c channels.

    Gathering reads weights (h, w, c), float32, of which `flat` is a view in one axis and `turned` a
    copy of (w, h, c), so that steep edges too read on along memory. Scattering adds to sums
    (h, w, c), and to `left` (h, w + 1, c) what all pixels to the right of a place gain, which is
    empty where densities stay what they are. `inked` is whether they do not. lanes: room for six
    numbers each of LANES columns.
    """

    scatters: bool
    inked: bool
    weights: np.ndarray
    flat: np.ndarray
    turned: np.ndarray
    sums: np.ndarray
    left: np.ndarray
    low: int
    high: int
    lanes: np.ndarray


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


@inlined
def _pixel(walk, inks, pixel, speeds, part):
    """Scatter in one pixel, what is between two places of an edge.

    speeds: of the whole edge's ends, how fast they move outwards, times its length; part: the
    share of the edge in this pixel, the middle of it from 0 to 1, how far it rises, and how far
    its middle is from the pixel's left side.
    """
    (i, j), (share, middle, rise, inside) = pixel, part
    amounts, rates = inks.amounts, inks.rates
    row, own, channels = inks.row, min(inks.row, amounts.shape[0] - 1), amounts.shape[1]
    gain = share * (speeds[0] + middle * (speeds[1] - speeds[0]))
    for channel in range(channels):
        walk.sums[j, i, channel] += amounts[own, channel] * gain
        if walk.inked:
            more = rise * rates[row, channel]
            walk.left[j, i, channel] += more
            walk.sums[j, i, channel] += inside * more


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
            walk.left[j, last, channel] += part * inks.rates[inks.row, channel]


@inlined
def _split(low, lean, per_lean, bounds):
    """Return the lower of the two pixels at most that an edge touches in a column; their shares.

    It runs from `low` up by `lean`, within the pixels of `bounds`.
    """
    j = min(max(math.floor(low), bounds[0]), bounds[1])
    upper = min(max(low + lean - (j + 1), 0.0) * per_lean, 1.0)
    return j, 1 - upper, upper


@compiled
def _gathered(walk, inks, line, ends):
    """Gather along an edge, in columns, or in rows if it is steep: most of the work.

    line: where it starts, along the axis that it follows and across, its steps along both axes,
    whether it is steep; ends: between which places along the axis. Returns the sums of weights, and
    of weights times how far along the edge they are, from 0 to 1. Both pixels of a column are read,
    also where all of the edge is in one: no branch waits.
    """
    x, y, dx, dy, steep = line
    weights = walk.turned if steep else walk.flat
    amounts, row, lanes = inks.amounts, min(inks.row, inks.amounts.shape[0] - 1), walk.lanes
    height, width, channels = walk.weights.shape
    bounds = (0, width - 1) if steep else (0, height - 1)
    step, further = channels, channels * (height if steep else width)
    colored = channels == 3
    slope = dy / dx
    tilt, falling = abs(slope), max(-slope, 0.0)
    # Where both parts are in a column, by the share of the upper one: the lower one comes first
    # where the edge rises with the columns.
    turn, last = (-0.5, 1.0) if slope > 0 else (0.5, 0.0)
    whole = later = 0.0
    begin, until = math.floor(ends[0]), math.ceil(ends[1])
    for near in range(begin, until, LANES):
        n = min(LANES, until - near)
        for q in range((n + 7) & ~7):  # vectors of eight: none of them is left over
            left, right = max(float(near + q), ends[0]), min(near + q + 1.0, ends[1])
            run = right - left
            high = max(tilt * run, LEAST)
            low = y + slope * (left - x) - falling * run
            j, lower, upper = _split(low, high, 1 / high, bounds)
            lanes[LOW + q] = j
            lanes[UNDER + q], lanes[OVER + q] = lower * run, upper * run
            from_start = left - x
            lanes[UNDER_ALONG + q] = lower * run * (from_start + run * (0.5 + turn * upper))
            lanes[OVER_ALONG + q] = upper * run * (from_start + run * (last + turn * upper))
        for q in range(n):
            j = int(lanes[LOW + q])
            at = np.uint64((near + q) * step + j * further)
            above = at + np.uint64(further if j < bounds[1] else 0)
            under, over = float(weights[at]), float(weights[above])
            if colored:
                one, two = np.uint64(1), np.uint64(2)
                under, over = under * amounts[row, 0], over * amounts[row, 0]
                under += weights[at + one] * amounts[row, 1] + weights[at + two] * amounts[row, 2]
                over += weights[above + one] * amounts[row, 1]
                over += weights[above + two] * amounts[row, 2]
            whole += under * lanes[UNDER + q] + over * lanes[OVER + q]
            later += under * lanes[UNDER_ALONG + q] + over * lanes[OVER_ALONG + q]
    if not colored:
        whole, later = whole * amounts[row, 0], later * amounts[row, 0]
    return whole / abs(dx), later / (abs(dx) * dx)


@compiled
def _scattered(walk, inks, line, ends, speeds):
    """Scatter along an edge, in columns, or in rows if it is steep; line and ends as `_gathered`'s.

    In pixel after pixel, one of two in a column only if some of the edge is in it.
    """
    x, y, dx, dy, steep = line
    slope, per = dy / dx, 1 / dx
    rising = slope > 0
    bounds = (0, walk.sums.shape[1] - 1) if steep else (walk.low, walk.high - 1)
    for i in range(math.floor(ends[0]), math.ceil(ends[1])):
        left, right = max(float(i), ends[0]), min(i + 1.0, ends[1])
        run = right - left
        lean = max(abs(slope) * run, LEAST)
        low = y + slope * ((left if rising else right) - x)
        j, lower, upper = _split(low, lean, 1 / lean, bounds)
        for k in range(2):
            share = upper if k else lower
            if share > 0:
                q = min(j + k, bounds[1])
                place = left + run * (share / 2 if (k == 0) == rising else 1 - share / 2)
                middle, part = (place - x) * per, share * run * abs(per)
                if steep:
                    pixel, rise, inside = (q, i), part * dx, y + middle * dy - q
                else:
                    pixel, rise, inside = (i, q), part * dy, place - i
                _pixel(walk, inks, pixel, speeds, (part, middle, rise, inside))


@compiled
def edge(walk, inks, a, b, speeds):
    """Walk the edge from a to b, each (x, y), with the inside to its left as y points up.

    speeds: how fast a and b move outwards, each times the edge's length. Returns, if it gathers,
    what the sum gains by a unit of each.
    """
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    width = walk.weights.shape[1] + walk.sums.shape[1]  # one of these is empty
    begin, until = _limits(ay, dy, walk.low, walk.high, 0.0, 1.0)
    if not begin < until:  # nor is NaN
        return 0.0, 0.0
    if walk.scatters and walk.inked and max(ax, bx) > width and abs(dy) > FLAT:
        outside = _limits(ax, dx, width, math.inf, begin, until)
        if outside[0] < outside[1]:
            _beyond(walk, inks, ay, dy, outside[0], outside[1])
    begin, until = _limits(ax, dx, 0.0, width, begin, until)
    steep = abs(dy) > abs(dx)
    line = (ay, ax, dy, dx, steep) if steep else (ax, ay, dx, dy, steep)
    if not begin < until or abs(line[2]) <= FLAT:
        return 0.0, 0.0
    least, most = (walk.low, walk.high) if steep else (0, width)
    one, two = line[0] + begin * line[2], line[0] + until * line[2]
    ends = max(min(one, two), float(least)), min(max(one, two), float(most))
    if walk.scatters:
        _scattered(walk, inks, line, ends, speeds)
        return 0.0, 0.0
    whole, later = _gathered(walk, inks, line, ends)
    return whole - later, later
