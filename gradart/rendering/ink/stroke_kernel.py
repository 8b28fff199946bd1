"""The bodies of strokes, compiled: what `gradart.rendering.ink.density` adds up of lines.

The body of a stroke's segment is the strip around it, cut at both ends along the pixel axis that
is more across it. Bodies that meet in a curve therefore join without gap or overlap, and the area
of each is exactly its length times its width. What is missing at an end or at a corner, or where a
curve turns from flat to steep, is one signed polygon; at a corner its area is zero in all.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math

import numpy as np

from gradart.numba_jit import compiled, inlined

# Numba's cache follows the text of this file alone; that of those below is 8e4260b9.
from gradart.rendering.ink import outlines
from gradart.rendering.ink.binning import BLOT, CLOSES, OPENS, STEEP, THIN, piece
from gradart.rendering.ink.coverage import (
    BITS,
    LANES,
    LEAST,
    MAGIC,
    TALL,
    begin_band,
    fill,
    finish_band,
    lay,
    ramp,
)


@compiled
def _below(rise, tall, tilt, share):
    """Return the area of a column's strip below a boundary that is `rise` above its lower edge."""
    return ramp(rise, tilt, share) - ramp(rise - tall, tilt, share)


@compiled
def _column(canvas, at, step, j0, j1, bottom, tall, tilt, run, ink, row):
    """Lay what lies in one column, `run` of it wide, on pixels j0:j1, the first of them at `at`."""
    share = 0.25 / tilt
    j = max(math.floor(bottom - tilt), j0)
    before = _below(j - bottom, tall, tilt, share)
    for upper in range(j + 1, min(math.ceil(bottom + tall + tilt), j1) + 1):
        below = _below(upper - bottom, tall, tilt, share)
        lay(canvas, at + (upper - 1 - j0) * step, run * (below - before), ink, row)
        before = below


@inlined
def _body(
    canvas, base, step_i, step_j, i0, i1, j0, j1, start, y, end, slope, half, ink, row,
    places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """Lay the strip around y + slope (x - start), start <= x <= end, on pixels i0:i1, j0:j1.

    Written for a flat strip, |slope| <= 1; a steep one comes with its axes and steps exchanged.
    """
    lean, tall = abs(slope), 2 * half * math.sqrt(1 + slope * slope)  # measured across the axis
    first, last = max(math.floor(start), i0), min(math.ceil(end), i1)
    if lean > 1e-6:  # only where the strip meets the rows
        reach = tall / (2 * lean) + 1  # half a column more than needed
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
            at, tilt = i * step_i + j0 * step_j - base, max(lean * run / 2, LEAST)
            _column(canvas, at, step_j, j0, j1, bottom, tall, tilt, run, ink, row)
    # As in `_below`, but of half the bytes: twice as many at a time.
    tilt, high = np.float32(max(lean / 2, LEAST)), np.float32(tall)
    share, none = np.float32(0.25) / tilt, np.float32(0)
    for near in range(whole, stop, LANES):
        n = min(LANES, stop - near)
        lanes = (n + 15) & ~15  # the compiler makes vectors of sixteen: none of them is left over
        for q in range(lanes):
            bottom = y + slope * (near + q + 0.5 - start) - tall / 2
            low = math.floor(bottom - lean / 2)
            lows[q], rises[q], covers[q] = low, low - bottom, 0.0
        least, most = min(lows[0], lows[n - 1]), max(lows[0], lows[n - 1])
        for q in range(n):
            places[q] = (near + q) * step_i + int(lows[q]) * step_j - base
        for p in range(count):
            for q in range(lanes):
                # Above the strip nothing may be left of it, so that every band draws the same.
                lower = min(rises[q] + np.float32(p + 1), high + tilt)
                upper = lower - high
                in_lower = min(max(lower, -tilt), tilt) + tilt
                in_upper = min(max(upper, -tilt), tilt) + tilt
                below = (in_lower * in_lower - in_upper * in_upper) * share
                below += max(lower - tilt, none) - max(upper - tilt, none)
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
def _square(canvas, base, step_i, step_j, i0, i1, j0, j1, x, y, slope, half, way, ink, row):
    """Turn the cut of a flat thin strip at (x, y) into a square end; it goes on to `way`, 1 or -1.

    Beyond the cut a triangle is added, before it one taken off: both between the strip's edge and
    the line across it, one point of which is (x, y).
    """
    if abs(slope) < 1e-3:
        return
    long = math.sqrt(1 + slope * slope)
    wide, rise = half * abs(slope) / long, math.copysign(half * long, slope)
    for side in (1, -1):
        begin, until = min(x, x + side * wide), max(x, x + side * wide)
        for i in range(max(math.floor(begin), i0), min(math.ceil(until), i1)):
            left, right = max(float(i), begin), min(i + 1.0, until)
            run, off = right - left, (left + right) / 2 - x
            edge, across = y + slope * off - side * rise, y - off / slope
            tilt, tilt_across = max(abs(slope) * run / 2, LEAST), run / abs(slope) / 2 + LEAST
            share, share_across = 0.25 / tilt, 0.25 / tilt_across
            weight = run * way * math.copysign(1.0, slope)
            low = max(math.floor(min(edge - tilt, across - tilt_across)), j0)
            high = min(math.ceil(max(edge + tilt, across + tilt_across)), j1)
            before = ramp(low - edge, tilt, share) - ramp(low - across, tilt_across, share_across)
            for j in range(low, high):
                below = ramp(j + 1 - edge, tilt, share)
                below -= ramp(j + 1 - across, tilt_across, share_across)
                at = i * step_i + j * step_j - base
                lay(canvas, at, weight * (below - before), ink, row)
                before = below


@compiled
def draw_strokes(
    canvas, total, width, height, shift, share, shares, plan, starts, half, ink,
    xs, ys, scratch, places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """Draw the pieces, sorted by bands, of every band b with b % shares == share.

    If total is not empty, these pieces are all there are: the canvas holds one band, is zero, and
    each band is finished. half (1,) or (n,), ink (1, c) or (n, c); the rest comes from `room`.
    """
    step = ink.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        marks = starts[b + 1] - starts[b]
        low, high, base, read = begin_band(canvas, total, b, width, height, shift, step, marks)
        seen |= read
        for k in range(starts[b], starts[b + 1]):
            x0, y0, x1, y1, ux, uy, vx, vy, kind, stroke = piece(plan, k)
            h, row = half[min(stroke, half.size - 1)], min(stroke, ink.shape[0] - 1)
            if kind & BLOT:
                n = outlines.circle(xs, ys, x0, y0, x1)
                fill(canvas, base, width, low, high, xs, ys, n, scratch, ink, row)
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
                canvas, base, step_i, step_j, i0, i1, j0, j1, start, y, end, lean, h, ink, row,
                places, lows, rises, covers, areas, shades, bits,
            )  # fmt: skip
            reach = 1.5 * h
            if y0 + reach <= low or y0 - reach >= high:  # this end is in another band
                kind &= ~OPENS
            ends_here = y1 + reach > low and y1 - reach < high
            if not ends_here:
                kind &= ~CLOSES
            if h <= THIN and kind & (OPENS | CLOSES):
                way = 1 if (uy if kind & STEEP else ux) > 0 else -1
                frame = step_i, step_j, i0, i1, j0, j1
                if kind & OPENS:
                    px, py = (y0, x0) if kind & STEEP else (x0, y0)
                    _square(canvas, base, *frame, px, py, lean, h, -way, ink, row)
                if kind & CLOSES:
                    px, py = (y1, x1) if kind & STEEP else (x1, y1)
                    _square(canvas, base, *frame, px, py, lean, h, way, ink, row)
                    kind &= ~CLOSES
                kind &= ~OPENS
            if kind & OPENS:
                n = outlines.cap(xs, ys, x0, y0, -ux, -uy, h)
                fill(canvas, base, width, low, high, xs, ys, n, scratch, ink, row)
            if ends_here:
                if kind & CLOSES:
                    n = outlines.cap(xs, ys, x1, y1, ux, uy, h)
                    fill(canvas, base, width, low, high, xs, ys, n, scratch, ink, row)
                elif vx != 0 or vy != 0:
                    n = outlines.corner(xs, ys, x1, y1, ux, uy, vx, vy, h)
                    fill(canvas, base, width, low, high, xs, ys, n, scratch, ink, row)
        finish_band(canvas, base, total, high * width * step)
    return seen
