"""Exact area coverage of strokes and disks, compiled: what `gradart.rendering.ink` adds up.

Pixel (i, j) is the square [i, i + 1] x [j, j + 1]. Its coverage is the area of the shape inside it
(a box filter), and it gains coverage times ink in fixed point: integers add to the same sum in any
order, so neither the order of strokes nor the number of threads changes a bit. For the same reason
coverage is computed from the stroke and the pixel alone, never by stepping from a neighbor.

The body of a stroke's segment is the strip around it, cut at both ends along the pixel axis that
is more across it. Bodies that meet in a curve therefore join without gap or overlap, and the area
of each is exactly its length times its width. What is missing at an end or at a corner, or where a
curve turns from flat to steep, is one signed polygon; at a corner its area is zero in all.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math

import numpy as np

from gradart.native import compiled

# Numba's cache follows the text of this file alone; that of those below is 8d08a7f7.
from gradart.rendering import outlines
from gradart.rendering.strokes import BLOT, CLOSES, OPENS, STEEP, piece

QUANTUM = 2.0**-32  # of ink; a pixel holds up to 2^31
MAGIC = 1.5 * 2.0**52  # added to a number up to 2^51, it leaves that as an integer in the last bits
BITS = int(np.float64(MAGIC).view(np.int64))
SIDE = math.sqrt(math.pi)  # of the square of a disk's area, to its radius: within a pixel all alike
LANES, TALL = 64, 32  # columns drawn at a time, if they touch no more pixels each
LEAST = 1e-9  # px: the least tilt, so that none divides by zero


@compiled
def _ramp(x, reach, share):
    """Return the mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = min(max(x, -reach), reach) + reach
    return inside * inside * share + max(x - reach, 0.0)


@compiled
def _lay(canvas, at, cover, ink, row):
    canvas[at] += np.int64(np.rint(cover * ink[row, 0]))
    if ink.shape[1] == 3:  # not a loop: the compiler would make vectors of its one or three steps
        canvas[at + 1] += np.int64(np.rint(cover * ink[row, 1]))
        canvas[at + 2] += np.int64(np.rint(cover * ink[row, 2]))


@compiled
def _below(rise, tall, tilt, share):
    """Return the area of a column's strip below a boundary that is `rise` above its lower edge."""
    return _ramp(rise, tilt, share) - _ramp(rise - tall, tilt, share)


@compiled
def _column(canvas, at, step, j0, j1, bottom, tall, tilt, run, ink, row):
    """Lay what lies in one column, `run` of it wide, on pixels j0:j1, the first of them at `at`."""
    share = 0.25 / tilt
    j = max(math.floor(bottom - tilt), j0)
    before = _below(j - bottom, tall, tilt, share)
    for upper in range(j + 1, min(math.ceil(bottom + tall + tilt), j1) + 1):
        below = _below(upper - bottom, tall, tilt, share)
        _lay(canvas, at + (upper - 1 - j0) * step, run * (below - before), ink, row)
        before = below


@compiled
def _body(
    canvas, step_i, step_j, i0, i1, j0, j1, start, y, end, slope, half, ink, row,
    places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """Lay the strip around y + slope (x - start), start <= x <= end, on pixels i0:i1, j0:j1.

    Written for a flat strip, |slope| <= 1; a steep one comes with its axes and steps exchanged.
    """
    lean, tall = abs(slope), 2 * half * math.sqrt(1 + slope * slope)  # measured across the axis
    first, last = max(math.floor(start), i0), min(math.ceil(end), i1)
    if lean > 1e-6:  # only where the strip meets the rows
        reach = (tall + 2) / lean
        a, b = start + (j0 - y) / slope, start + (j1 - y) / slope
        first = max(first, math.floor(min(a, b) - reach))
        last = min(last, math.ceil(max(a, b) + reach))
    count = math.ceil(tall + lean) + 1  # of the pixels that a column can touch
    whole, stop = max(first, math.ceil(start)), min(last, math.floor(end))
    if count > TALL or whole >= stop:
        whole = stop = last
    for begin, until in ((first, whole), (stop, last)):
        for i in range(begin, until):  # the columns that the strip ends in; all of a thick strip
            left, right = max(float(i), start), min(i + 1.0, end)
            run = right - left
            bottom = y + slope * ((left + right) / 2 - start) - tall / 2
            at, tilt = i * step_i + j0 * step_j, max(lean * run / 2, LEAST)
            _column(canvas, at, step_j, j0, j1, bottom, tall, tilt, run, ink, row)
    tilt = max(lean / 2, LEAST)
    share = 0.25 / tilt
    for near in range(whole, stop, LANES):
        n = min(LANES, stop - near)
        lanes = (n + 15) & ~15  # the compiler makes vectors of sixteen: none of them is left over
        for q in range(lanes):
            bottom = y + slope * (near + q + 0.5 - start) - tall / 2
            low = math.floor(bottom - tilt)
            lows[q], rises[q], covers[q] = low, low - bottom, 0.0
        least, most = lows[0], lows[0]
        for q in range(n):
            least, most = min(least, lows[q]), max(most, lows[q])
            places[q] = (near + q) * step_i + int(lows[q]) * step_j
        for p in range(count):
            for q in range(lanes):
                below = _below(rises[q] + (p + 1), tall, tilt, share)
                area, covers[q] = below - covers[q], below
                areas[p * LANES + q] = area
                shades[p * LANES + q] = area * ink[row, 0] + MAGIC
        for channel in range(ink.shape[1]):
            if channel > 0:
                for k in range(count * LANES):
                    shades[k] = areas[k] * ink[row, channel] + MAGIC
            for p in range(count):
                step = p * step_j + channel
                if j0 <= least + p and most + p < j1:
                    for q in range(n):
                        canvas[places[q] + step] += bits[p * LANES + q] - BITS
                else:
                    for q in range(n):
                        if j0 <= lows[q] + p < j1:
                            canvas[places[q] + step] += bits[p * LANES + q] - BITS


@compiled
def _fill(canvas, columns, low, high, xs, ys, n, scratch, ink, row):
    """Lay a polygon on rows low to high: area counterclockwise positive, clockwise negative.

    `scratch` (rows, columns + 1) is zero before and after: differences of coverage along rows.
    """
    left, right, bottom, top = columns, -1, high, low
    x0, y0 = xs[n - 1], ys[n - 1]
    for k in range(n):
        x1, y1 = xs[k], ys[k]
        under, over = min(y0, y1), max(y0, y1)
        slope = (x1 - x0) / (y1 - y0) if under < over else 0.0
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
            before, area = 0.0, _ramp(start - middle, tilt, share)
            for i in range(start, stop):
                further = _ramp(i + 1 - middle, tilt, share)
                cover = further - area
                scratch[j - low, i] += run * (cover - before)
                before, area = cover, further
            scratch[j - low, stop] += run * (1 - before)
            left, right = min(left, start), max(right, stop)
            bottom, top = min(bottom, j), max(top, j + 1)
        x0, y0 = x1, y1
    for j in range(bottom, top):
        cover = 0.0
        at = (j * columns + left) * ink.shape[1]
        for i in range(left, min(right + 1, columns)):
            cover += scratch[j - low, i]
            scratch[j - low, i] = 0.0
            _lay(canvas, at, cover, ink, row)
            at += ink.shape[1]
        scratch[j - low, columns] = 0.0


def room(width: int, shift: int) -> tuple[np.ndarray, ...]:
    """Return the arrays that drawing in bands of 2^shift rows works in, its last arguments."""
    xs, ys = np.empty((2, outlines.ROOM))
    lows, rises, covers = np.empty((3, LANES))
    areas, shades = np.empty((2, TALL * LANES))
    scratch, places = np.zeros((1 << shift, width + 1)), np.empty(LANES, np.int64)
    return xs, ys, scratch, places, lows, rises, covers, areas, shades, shades.view(np.int64)


@compiled
def _warm(canvas, start, stop, marks):
    """Read a band in order, if for many marks: that brings it near faster than they would."""
    seen = 0
    if marks * 50 > stop - start:
        for at in range(start, stop, 8):
            seen |= canvas[at]
    return seen  # so that the compiler does not leave it out


@compiled
def draw_strokes(
    canvas, width, height, shift, share, shares, plan, starts, half, ink,
    xs, ys, scratch, places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """Draw the pieces, sorted by bands, of every band b with b % shares == share.

    half (1,) or (n,), ink (1, c) or (n, c); the rest comes from `room`.
    """
    step = ink.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        low, high = b << shift, min((b + 1) << shift, height)
        marks = starts[b + 1] - starts[b]
        seen |= _warm(canvas, low * width * step, high * width * step, marks)
        for k in range(starts[b], starts[b + 1]):
            x0, y0, x1, y1, ux, uy, vx, vy, kind, stroke = piece(plan, k)
            h, row = half[min(stroke, half.size - 1)], min(stroke, ink.shape[0] - 1)
            if kind & BLOT:
                n = outlines.circle(xs, ys, x0, y0, x1)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                continue
            if kind & STEEP:
                step_i, step_j, i0, i1, j0, j1 = width * step, step, low, high, 0, width
                lean, start, y, end = ux / uy, y0, x0, y1
                if uy < 0:
                    start, y, end = y1, x1, y0
            else:
                step_i, step_j, i0, i1, j0, j1 = step, width * step, 0, width, low, high
                lean, start, y, end = uy / ux, x0, y0, x1
                if ux < 0:
                    start, y, end = x1, y1, x0
            _body(
                canvas, step_i, step_j, i0, i1, j0, j1, start, y, end, lean, h, ink, row,
                places, lows, rises, covers, areas, shades, bits,
            )  # fmt: skip
            reach = 1.5 * h
            if kind & OPENS and y0 + reach > low and y0 - reach < high:
                n = outlines.cap(xs, ys, x0, y0, -ux, -uy, h)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
            if y1 + reach > low and y1 - reach < high:
                if kind & CLOSES:
                    n = outlines.cap(xs, ys, x1, y1, ux, uy, h)
                    _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                elif vx != 0 or vy != 0:
                    n = outlines.corner(xs, ys, x1, y1, ux, uy, vx, vy, h)
                    _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
    return seen


@compiled
def draw_disks(
    canvas, width, height, shift, share, shares, disks, starts, radius, ink,
    xs, ys, scratch, places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """The same for disks (n, 2) of one radius (1,) and ink (1, c), or (n, 3) with their numbers."""
    step = ink.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        low, high = b << shift, min((b + 1) << shift, height)
        marks = starts[b + 1] - starts[b]
        seen |= _warm(canvas, low * width * step, high * width * step, marks)
        if disks.shape[1] == 2 and step == 1 and radius[0] * SIDE <= 1:
            for k in range(starts[b], starts[b + 1], LANES):
                n = min(LANES, starts[b + 1] - k)
                _points(
                    canvas, width, low, high, disks, k, n, radius[0] * SIDE, ink[0, 0],
                    places, lows, rises, shades, bits,
                )  # fmt: skip
            continue
        for k in range(starts[b], starts[b + 1]):
            disk = int(disks[k, 2]) if disks.shape[1] > 2 else 0
            r, row = radius[min(disk, radius.size - 1)], min(disk, ink.shape[0] - 1)
            side = r * SIDE
            if side > 1:
                n = outlines.circle(xs, ys, disks[k, 0], disks[k, 1], r)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                continue
            x, y = disks[k, 0] - side / 2, disks[k, 1] - side / 2
            i, j = math.floor(x), math.floor(y)
            right, upper = max(x + side - (i + 1), 0.0), max(y + side - (j + 1), 0.0)
            for dj in range(2):
                tall = upper if dj else side - upper
                if low <= j + dj < high:
                    at = ((j + dj) * width + i) * step
                    if 0 <= i < width:
                        _lay(canvas, at, tall * (side - right), ink, row)
                    if 0 <= i + 1 < width:
                        _lay(canvas, at + step, tall * right, ink, row)
    return seen


@compiled
def _points(canvas, width, low, high, disks, k, n, side, ink, places, lefts, lowers, shades, bits):
    """Lay n disks from the kth on, each within two by two pixels, in a canvas of one channel."""
    for q in range(n):
        x, y = disks[k + q, 0] - side / 2, disks[k + q, 1] - side / 2
        i, j = math.floor(x), math.floor(y)
        right, upper = max(x + side - (i + 1), 0.0), max(y + side - (j + 1), 0.0)
        lefts[q], lowers[q] = i, j
        shades[q] = (side - upper) * (side - right) * ink + MAGIC
        shades[LANES + q] = (side - upper) * right * ink + MAGIC
        shades[2 * LANES + q] = upper * (side - right) * ink + MAGIC
        shades[3 * LANES + q] = upper * right * ink + MAGIC
    for q in range(n):
        i, j = int(lefts[q]), int(lowers[q])
        at = j * width + i
        if low <= j and j + 1 < high and i >= 0 and i + 1 < width:
            canvas[at] += bits[q] - BITS
            canvas[at + 1] += bits[LANES + q] - BITS
            canvas[at + width] += bits[2 * LANES + q] - BITS
            canvas[at + width + 1] += bits[3 * LANES + q] - BITS
            continue
        for p in range(4):
            column, line = i + (p & 1), j + (p >> 1)
            if low <= line < high and 0 <= column < width:
                canvas[line * width + column] += bits[p * LANES + q] - BITS


@compiled
def finish(canvas, total, begin, end):
    """Write what begin to end of the canvas hold as float32."""
    for at in range(begin, end):
        total[at] = max(canvas[at] * QUANTUM, 0.0)  # a corner is taken off to within some quanta
