"""Exact area coverage, compiled: what the drawing of strokes and of disks shares.

Pixel (i, j) is the square [i, i + 1] x [j, j + 1]. Its coverage is the area of the shape inside it
(a box filter), and it gains coverage times ink in fixed point: integers add to the same sum in any
order, so neither the order of strokes nor the number of threads changes a bit. For the same reason
coverage is computed from the stroke and the pixel alone, never by stepping from a neighbor.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink.outlines import ROOM

QUANTUM = 2.0**-32  # of ink; a pixel holds up to 2^31
MAGIC = 1.5 * 2.0**52  # added to a number up to 2^51, it leaves that as an integer in the last bits
BITS = int(np.float64(MAGIC).view(np.int64))
LANES, TALL = 64, 32  # columns drawn at a time, if they touch no more pixels each
SIDE = math.sqrt(math.pi)  # of the square of a disk's area, to its radius: within a pixel all alike
LEAST = 1e-9  # px: the least tilt, so that none divides by zero
FLAT = 1e-200  # px: an edge that rises less bounds no area, and its slope might be infinite


@compiled
def ramp(x, reach, share):
    """Return the mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = min(max(x, -reach), reach) + reach
    return inside * inside * share + max(x - reach, 0.0)


@compiled
def lay(canvas, at, cover, ink, row):
    canvas[at] += np.int64(np.rint(cover * ink[row, 0]))
    if ink.shape[1] == 3:  # not a loop: the compiler would make vectors of its one or three steps
        canvas[at + 1] += np.int64(np.rint(cover * ink[row, 1]))
        canvas[at + 2] += np.int64(np.rint(cover * ink[row, 2]))


@compiled
def fill(canvas, base, columns, low, high, xs, ys, n, scratch, ink, row):
    """Lay a polygon on rows low to high: area counterclockwise positive, clockwise negative.

    The canvas begins at `base`, counted from where a canvas of all rows does.
    `scratch` (rows, columns + 1) is zero before and after: differences of coverage along rows.
    """
    left, right, bottom, top = columns, -1, high, low
    x0, y0 = xs[n - 1], ys[n - 1]
    for k in range(n):
        x1, y1 = xs[k], ys[k]
        under, over = min(y0, y1), max(y0, y1)
        if not over - under > FLAT:
            x0, y0 = x1, y1
            continue
        slope = (x1 - x0) / (y1 - y0)
        for j in range(max(math.floor(under), low), min(math.ceil(over), high)):
            enter, leave = max(under, float(j)), min(over, j + 1.0)
            run = leave - enter if y1 < y0 else enter - leave  # the inside is right of a way down
            middle = x0 + slope * ((enter + leave) / 2 - y0)
            tilt = max(abs(slope) * (leave - enter) / 2, LEAST)
            share = 0.25 / tilt
            start = max(math.floor(middle - tilt), 0)
            stop = max(min(math.floor(middle + tilt) + 1, columns), start)
            if start >= columns:  # what it would end reaches the edge
                right = columns
                continue
            before, area = 0.0, ramp(start - middle, tilt, share)
            for i in range(start, stop):
                further = ramp(i + 1 - middle, tilt, share)
                cover = further - area
                scratch[j - low, i] += run * (cover - before)
                before, area = cover, further
            scratch[j - low, stop] += run * (1 - before)
            left, right = min(left, start), max(right, stop)
            bottom, top = min(bottom, j), max(top, j + 1)
        x0, y0 = x1, y1
    for j in range(bottom, top):
        cover = 0.0
        at = (j * columns + left) * ink.shape[1] - base
        for i in range(left, min(right + 1, columns)):
            cover += scratch[j - low, i]
            scratch[j - low, i] = 0.0
            lay(canvas, at, cover, ink, row)
            at += ink.shape[1]
        scratch[j - low, columns] = 0.0


def room(width: int, shift: int) -> tuple[np.ndarray, ...]:
    """Return the arrays that drawing in bands of 2^shift rows works in, its last arguments."""
    xs, ys = np.empty((2, ROOM))
    lows, shades = np.empty(LANES), np.empty(TALL * LANES)
    rises, covers = np.empty((2, LANES), np.float32)
    areas = np.empty(TALL * LANES, np.float32)
    scratch, places = np.zeros((1 << shift, width + 1)), np.empty(LANES, np.int64)
    return xs, ys, scratch, places, lows, rises, covers, areas, shades, shades.view(np.int64)


@compiled
def warm(canvas, start, stop, marks):
    """Read a band in order, if for many marks: that brings it near faster than they would."""
    seen = 0
    if marks * 50 > stop - start:
        for at in range(start, stop, 8):
            seen |= canvas[at]
    return seen  # so that the compiler does not leave it out


@compiled
def finish(canvas, total, begin, end):
    """Write what begin to end of the canvas hold as float32."""
    for at in range(begin, end):
        total[at] = max(canvas[at] * QUANTUM, 0.0)  # a corner is taken off to within some quanta


@compiled
def begin_band(canvas, total, b, width, height, shift, step, marks):
    """Return a band's rows, low to high, and where the canvas begins that they are drawn on.

    If total is not empty that canvas holds this band alone, else it holds all and begins at 0.
    The last number only keeps the compiler from leaving out what is read.
    """
    low, high = b << shift, min((b + 1) << shift, height)
    if total.size:
        return low, high, low * width * step, 0
    return low, high, 0, warm(canvas, low * width * step, high * width * step, marks)


@compiled
def finish_band(canvas, base, total, end):
    """Write a band from `base` on, of a canvas of its own that is zero again afterwards, if any."""
    for at in range(base, min(end, total.size)):
        total[at] = max(canvas[at - base] * QUANTUM, 0.0)
        canvas[at - base] = 0
