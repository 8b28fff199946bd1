"""Strips, compiled: the bodies of strokes, with the square ends of thin ones.

The body of a stroke's segment is the strip around it, cut at both ends along the pixel axis that
is more across it. Bodies that meet in a curve therefore join without gap or overlap, and the area
of each is exactly its length times its width.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink.coverage import BITS, FEW, LANES, LEAST, MAGIC, TALL, lay, ramp

# Where `_ended` notes of FEW columns: their first pixel's edge, and the top; how much of a column
# has each line, and how high it is there; and what is below each pixel's edge.
RISE, PEAK, LOWER, UPPER, START, END, LOWER_Y, UPPER_Y, START_Y, END_Y, BELOW = range(
    0, 11 * FEW, FEW
)
SLIGHT = 1e-6  # the least slope, so that its inverse is a number


class Frame(NamedTuple):
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


class Strip(NamedTuple):
    """What is near the line y + slope (x - start), start <= x <= end; |slope| <= 1.

    It is `tall` along y. An end is cut along y, or square: then its lower corner is `opening` or
    `closing` beyond `start` or `end`, its upper one as far before, and both `drop` from the line's
    end along y.
    """

    start: float
    y: float
    end: float
    slope: float
    tall: float
    opening: float
    closing: float
    drop: float


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
def _part(x, run, tilt, share):
    """Return `run` times the mean of max(0, t) over t around x, by run * tilt to either side.

    share is 1 / (4 tilt): where run is small there is no quotient of small numbers.
    """
    reach = abs(run) * tilt
    inside = min(max(x, -reach), reach) + reach
    return math.copysign(share, run) * inside * inside + run * max(x - reach, np.float32(0))


@inlined
def _split(x):
    """Return the whole part of a number and the rest, which loses no digit so."""
    whole = math.floor(x)
    return np.float32(whole), np.float32(x - whole)


@inlined
def _within(place, at):
    """Return how far into column `at` a place is, 0 before it and 1 behind it."""
    whole, rest = place
    return min(max((whole - at) + rest, np.float32(0)), np.float32(1))


@inlined
def _ended(frame, strip, begin, n, ink, lanes):
    """Lay columns begin to begin + n, FEW at most, of a strip that may end in them.

    Below a level a column has what is below it of the strip's lower side, less that of its upper
    side, and the same of its two ends: each the mean of a ramp, over what it has of that line.
    """
    sums, base, step_i, step_j, i0, i1, j0, j1 = frame
    start, y, end, slope, tall, opening, closing, drop = strip
    amounts, row = ink
    places, lows, _, _, _, shades, bits, edges = lanes
    a, b = start - begin, end - begin
    cut_a, cut_b = _split(a), _split(b)
    under_a, under_b = _split(a + opening), _split(b + closing)
    over_a, over_b = _split(a - opening), _split(b - closing)
    stop = y + slope * (b - a)
    before, after = drop if opening != 0 else tall / 2, drop if closing != 0 else tall / 2
    lowest, highest = math.floor(min(y - before, stop - after)), max(y + before, stop + after)
    origin, dip, peak = y - slope * a - tall / 2, min(slope, 0.0), tall + max(slope, 0.0)
    for q in range(FEW):
        bottom = origin + slope * q
        low = max(math.floor(bottom + dip), lowest)
        lows[q] = low
        edges[RISE + q] = np.float32(low - bottom)
        # Above this nothing may be left of it, so that every band draws the same.
        edges[PEAK + q] = np.float32(min(highest - bottom, peak))
    lean = max(abs(slope), SLIGHT)
    half, grade, high = np.float32(0.5), np.float32(slope), np.float32(tall)
    over = 1 / lean
    back = np.float32(math.copysign(over, slope) if opening != 0 or closing != 0 else 0.0)
    for q in range(FEW):
        at = np.float32(q)
        lower_a, lower_b = _within(under_a, at), _within(under_b, at)
        upper_a, upper_b = _within(over_a, at), _within(over_b, at)
        edges[LOWER + q], edges[UPPER + q] = lower_b - lower_a, upper_b - upper_a
        edges[START + q], edges[END + q] = lower_a - upper_a, lower_b - upper_b
        # Along y, from where the lower side enters the column.
        edges[LOWER_Y + q] = grade * (lower_a + lower_b) * half
        edges[UPPER_Y + q] = grade * (upper_a + upper_b) * half + high
        to_a, to_b = (cut_a[0] - at) + cut_a[1], (cut_b[0] - at) + cut_b[1]
        middle_a, middle_b = (lower_a + upper_a) * half, (lower_b + upper_b) * half
        edges[START_Y + q] = high * half + grade * to_a + (to_a - middle_a) * back
        edges[END_Y + q] = high * half + grade * to_b + (to_b - middle_b) * back
    tilt, share = np.float32(lean / 2), np.float32(over / 2)
    tilt_end, share_end = np.float32(over / 2), np.float32(lean / 2)
    count = math.ceil(tall + lean) + 1  # of the pixels that a column can touch
    for p in range(count):
        for q in range(FEW):
            level = min(edges[RISE + q] + np.float32(p + 1), edges[PEAK + q])
            below = _part(level - edges[LOWER_Y + q], edges[LOWER + q], tilt, share)
            below -= _part(level - edges[UPPER_Y + q], edges[UPPER + q], tilt, share)
            below += _part(level - edges[START_Y + q], edges[START + q], tilt_end, share_end)
            below -= _part(level - edges[END_Y + q], edges[END + q], tilt_end, share_end)
            edges[BELOW + FEW + p * FEW + q] = below
    left, right = max(i0 - begin, 0), min(i1 - begin, n)
    if left >= right:
        return
    corner, across, along = float(begin * step_i - base), float(step_i), float(step_j)
    for q in range(FEW):
        places[q] = np.int64(corner + across * q + along * lows[q])
    least, most = min(lows[left], lows[right - 1]), max(lows[left], lows[right - 1])
    inside = j0 <= least and most + count <= j1
    for channel in range(amounts.shape[1]):
        for k in range(count * FEW):
            area = edges[BELOW + FEW + k] - edges[BELOW + k]
            shades[k] = area * amounts[row, channel] + MAGIC
        if inside and 3 <= count <= 4:  # most strokes: of so few a loop would be foreseen wrong
            for q in range(np.uintp(left), np.uintp(right)):
                place = places[q] + channel
                sums[np.uintp(place)] += bits[q] - BITS
                sums[np.uintp(place + step_j)] += bits[q + np.uintp(FEW)] - BITS
                sums[np.uintp(place + 2 * step_j)] += bits[q + np.uintp(2 * FEW)] - BITS
                if count == 4:
                    sums[np.uintp(place + 3 * step_j)] += bits[q + np.uintp(3 * FEW)] - BITS
            continue
        for p in range(count):
            step = p * step_j + channel
            for q in range(left, right):
                if inside or j0 <= lows[q] + p < j1:
                    sums[places[q] + step] += bits[p * FEW + q] - BITS


@inlined
def lay_strip(frame, strip, ink, lanes):
    """Lay a strip."""
    sums, base, step_i, step_j, i0, i1, j0, j1 = frame
    start, y, end, slope, tall, opening, closing, _ = strip
    amounts, row = ink
    places, lows, rises, covers, areas, shades, bits, _ = lanes
    lean = abs(slope)
    count = math.ceil(tall + lean) + 1  # of the pixels that a column can touch
    before, after = abs(opening), abs(closing)
    near = math.floor(min(start - before, end - after))
    far = math.ceil(max(start + before, end + after))
    whole, stop = math.ceil(start + before), math.floor(end - after)
    first, last = max(near, i0), min(far, i1)
    short = far - near <= FEW
    if lean > 1e-6 and not short:  # only where the strip meets the rows
        reach = tall / (2 * lean) + 1  # half a column more than needed
        a, b = start + (j0 - y) / slope, start + (j1 - y) / slope
        first = max(first, math.floor(min(a, b) - reach))
        last = min(last, math.ceil(max(a, b) + reach))
    if count > TALL:
        for i in range(first, last):
            left, right = max(float(i), start), min(i + 1.0, end)
            run = right - left
            bottom = y + slope * ((left + right) / 2 - start) - tall / 2
            _column(frame, i, bottom, tall, max(lean * run / 2, LEAST), run, ink)
        return
    if short:
        whole = stop = far
    for begin, until in ((near, whole), (stop, far)):
        if begin < until and begin < last and until > first:
            _ended(frame, strip, begin, until - begin, ink, lanes)
    first, last = max(first, whole), min(last, stop)
    # As in `_below`, but of half the bytes: twice as many at a time.
    tilt, high = np.float32(max(lean / 2, LEAST)), np.float32(tall)
    share, none = np.float32(0.25) / tilt, np.float32(0)
    for near in range(first, last, LANES):
        n = min(LANES, last - near)
        size = (n + 15) & ~15  # the compiler makes vectors of sixteen: none of them is left over
        for q in range(size):
            bottom = y + slope * (near + q + 0.5 - start) - tall / 2
            low = math.floor(bottom - lean / 2)
            lows[q], rises[q], covers[q] = low, low - bottom, 0.0
        least, most = min(lows[0], lows[n - 1]), max(lows[0], lows[n - 1])
        for q in range(n):
            places[q] = (near + q) * step_i + int(lows[q]) * step_j - base
        for p in range(count):
            for q in range(size):
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


@inlined
def strip_of(ends, way, squares, half):
    """Return the strip between ends (x, y, x, y), drawn `way` from the first to the last one.

    squares: whether these are square.
    """
    (x0, y0, x1, y1), (along, across), (first, last) = ends, way, squares
    slope = across / along
    turn = half * across if abs(slope) > 1e-3 else 0.0
    opening, closing = turn if first else 0.0, turn if last else 0.0
    back = along < 0
    return Strip(
        x1 if back else x0,
        y1 if back else y0,
        x0 if back else x1,
        slope,
        2 * half / abs(along),
        -closing if back else opening,
        -opening if back else closing,
        half * abs(along),
    )
