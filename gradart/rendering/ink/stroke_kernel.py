"""The bodies of strokes, compiled: what `gradart.rendering.ink.density` adds up of lines.

The body of a stroke's segment is the strip around it, cut at both ends along the pixel axis that
is more across it. Bodies that meet in a curve therefore join without gap or overlap, and the area
of each is exactly its length times its width. What is missing at an end or at a corner, or where a
curve turns from flat to steep, is one signed polygon; at a corner its area is zero in all.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink import outlines
from gradart.rendering.ink.binning import BLOT, CLOSES, OPENS, STEEP, THIN, piece
from gradart.rendering.ink.coverage import (
    BITS,
    LANES,
    LEAST,
    MAGIC,
    TALL,
    Band,
    Ink,
    begin_band,
    fill,
    finish_band,
    lay,
    ramp,
)


class _Frame(NamedTuple):
    """Pixels i0:i1, j0:j1 as a flat strip sees them: those of a steep one are exchanged.

    The sums of pixel (i, j) are at i * step_i + j * step_j - base.
    """

    sums: np.ndarray
    base: int
    step_i: int
    step_j: int
    i0: int
    i1: int
    j0: int
    j1: int


class _Strip(NamedTuple):
    """What is within `half` of the line y + slope (x - start), start <= x <= end; |slope| <= 1."""

    start: float
    y: float
    end: float
    slope: float
    half: float


@compiled
def _below(rise, tall, tilt, share):
    """Return the area of a column's strip below a boundary that is `rise` above its lower edge."""
    return ramp(rise, tilt, share) - ramp(rise - tall, tilt, share)


@compiled
def _column(frame, i, bottom, tall, tilt, run, ink):
    """Lay what lies in column i, `run` of it wide."""
    sums, base, step_i, step, _, _, j0, j1 = frame
    at, share = i * step_i + j0 * step - base, 0.25 / tilt
    j = max(math.floor(bottom - tilt), j0)
    before = _below(j - bottom, tall, tilt, share)
    for upper in range(j + 1, min(math.ceil(bottom + tall + tilt), j1) + 1):
        below = _below(upper - bottom, tall, tilt, share)
        lay(sums, at + (upper - 1 - j0) * step, run * (below - before), ink)
        before = below


@inlined
def _body(frame, strip, ink, lanes):
    """Lay a strip."""
    sums, base, step_i, step_j, i0, i1, j0, j1 = frame
    start, y, end, slope, half = strip
    amounts, row = ink
    places, lows, rises, covers, areas, shades, bits = lanes
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
            _column(frame, i, bottom, tall, max(lean * run / 2, LEAST), run, ink)
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
                shades[p * LANES + q] = area * amounts[row, 0] + MAGIC
        for channel in range(amounts.shape[1]):
            if channel > 0:
                for k in range(count * LANES):
                    shades[k] = areas[k] * amounts[row, channel] + MAGIC
            for p in range(count):
                step = p * step_j + channel
                if j0 <= least + p and most + p < j1:
                    for q in range(n):
                        sums[places[q] + step] += bits[p * LANES + q] - BITS
                else:
                    for q in range(n):
                        if j0 <= lows[q] + p < j1:
                            sums[places[q] + step] += bits[p * LANES + q] - BITS


@compiled
def _square(frame, strip, p, way, ink):
    """Turn the cut of a thin strip at p, (x, y), into a square end; it goes on to `way`, 1 or -1.

    Beyond the cut a triangle is added, before it one taken off: both between the strip's edge and
    the line across it, one point of which is (x, y).
    """
    sums, base, step_i, step_j, i0, i1, j0, j1 = frame
    (x, y), slope, half = p, strip.slope, strip.half
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
                lay(sums, at, weight * (below - before), ink)
                before = below


@compiled
def draw_strokes(canvas, share, shares, banded, half, amounts, room):
    """Draw what is in every band b with b % shares == share.

    half (1,) or (n,), amounts of ink (1, c) or (n, c). If the canvas writes to a total, these
    pieces are all there are.
    """
    sums, width = canvas.sums, canvas.raster.width
    pieces, starts = banded
    outline, scratch, lanes = room
    step = amounts.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        base, low, high, read = begin_band(canvas, b, step, starts[b + 1] - starts[b])
        band = Band(sums, base, width, low, high)
        seen |= read
        for k in range(starts[b], starts[b + 1]):
            x0, y0, x1, y1, ux, uy, vx, vy, kind, stroke = piece(pieces, k)
            h = half[min(stroke, half.size - 1)]
            ink = Ink(amounts, min(stroke, amounts.shape[0] - 1))
            if kind & BLOT:
                n = outlines.circle(outline, (x0, y0), x1)
                fill(band, outline, n, scratch, ink)
                continue
            if kind & STEEP:
                frame = _Frame(sums, base, width * step, step, low, high, 0, width)
                strip = _Strip(y0, x0, y1, ux / uy, h)
                if uy < 0:
                    strip = _Strip(y1, x1, y0, ux / uy, h)
            else:
                frame = _Frame(sums, base, step, width * step, 0, width, low, high)
                strip = _Strip(x0, y0, x1, uy / ux, h)
                if ux < 0:
                    strip = _Strip(x1, y1, x0, uy / ux, h)
            _body(frame, strip, ink, lanes)
            reach = 1.5 * h
            if y0 + reach <= low or y0 - reach >= high:  # this end is in another band
                kind &= ~OPENS
            ends_here = y1 + reach > low and y1 - reach < high
            if not ends_here:
                kind &= ~CLOSES
            if h <= THIN and kind & (OPENS | CLOSES):
                way = 1 if (uy if kind & STEEP else ux) > 0 else -1
                if kind & OPENS:
                    _square(frame, strip, (y0, x0) if kind & STEEP else (x0, y0), -way, ink)
                if kind & CLOSES:
                    _square(frame, strip, (y1, x1) if kind & STEEP else (x1, y1), way, ink)
                    kind &= ~CLOSES
                kind &= ~OPENS
            if kind & OPENS:
                n = outlines.cap(outline, (x0, y0), (-ux, -uy), h)
                fill(band, outline, n, scratch, ink)
            if ends_here:
                if kind & CLOSES:
                    n = outlines.cap(outline, (x1, y1), (ux, uy), h)
                    fill(band, outline, n, scratch, ink)
                elif vx != 0 or vy != 0:
                    n = outlines.corner(outline, (x1, y1), (ux, uy), (vx, vy), h)
                    fill(band, outline, n, scratch, ink)
        finish_band(canvas, band, step)
    return seen
