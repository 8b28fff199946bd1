"""Straight strokes with round ends, and disks, laid over pixels one after the other: compiled.

Pixel (i, j) is the square [i, i + 1] x [j, j + 1], and what a shape covers of it is an area, not a
number of samples. A stroke has three parts that share no pixel: its body, in those lines of pixels
along its longer axis where both of its edges are straight; and its two ends. All is computed in the
axes of the stroke: s along the longer one, t across, counted from a pixel that it starts in. So a
stroke that is moved by whole pixels, or seen in part, has the same bits.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined

FINE = 65536.0  # parts of a pixel that places are rounded to, so that moving loses no digit
LANES, TALL = 64, 16  # lines computed at a time, if no more pixels of each are touched
# As in `gradart.rendering.ink.coverage`: compiled code is kept with what its own folder holds.
LEAST = 1e-9  # px: the least tilt, so that none divides by zero
SAGITTA = 0.004  # px that a chord is within its arc, half of that on a side
FEWEST, MOST = 6, 512  # chords of a half circle
ROOM = 2 * MOST + 8  # vertices: more than any outline has

_LOW = np.uint64(0x00FF00FF)
_BYTES = np.uint64(0x00FF00FF00FF00FF)  # the four channels of a color, 16 bits for each
_HALF = np.uint64(0x0080008000800080)
_8, _24, _48 = np.uint64(8), np.uint64(24), np.uint64(48)
_128, _255 = np.uint64(128), np.uint64(255)


class Room(NamedTuple):
    """The arrays that painting works in.

    outline: (2, ROOM), vertices in s and t; scratch: (4 half widths and 16,), zero before and
    after, differences of coverage along t; tints and rests: (256,) uint64, of a color and each
    share of it. What is known of LANES lines of a body: lows, their first pixels, and places, where
    these are, int64; rises and covers, float32; shades (TALL * LANES,), uint8.
    """

    outline: np.ndarray
    scratch: np.ndarray
    tints: np.ndarray
    rests: np.ndarray
    lows: np.ndarray
    places: np.ndarray
    rises: np.ndarray
    covers: np.ndarray
    shades: np.ndarray


class _Frame(NamedTuple):
    """Pixels as a stroke sees them: (s, t) is pixels[s * step_s + t * step_t + base].

    pixels: (h * w,) uint32; seen are those of s0 <= s < s1 and t0 <= t < t1.
    """

    pixels: np.ndarray
    base: int
    step_s: int
    step_t: int
    s0: int
    s1: int
    t0: int
    t1: int


def room(widest: float) -> Room:
    """Return the arrays that painting works in, for half widths in px up to the widest."""
    rises, covers = np.empty((2, LANES), np.float32)
    return Room(
        np.empty((2, ROOM)),
        np.zeros(math.ceil(4 * widest) + 16),
        np.empty(256, np.uint64),
        np.empty(256, np.uint64),
        np.empty(LANES, np.int64),
        np.empty(LANES, np.int64),
        rises,
        covers,
        np.empty(TALL * LANES, np.uint8),
    )


@compiled
def _prepare(word, room):
    """Note what a color adds to a pixel for each share of it, in 255ths, and what it leaves."""
    color = (word & _LOW) | ((word & (_LOW << _8)) << _24)
    for share in range(256):
        mine = (color >> _48) * np.uint64(share) + _128
        room.rests[share] = _255 - ((mine + (mine >> _8)) >> _8)
        room.tints[share] = color * np.uint64(share) + _HALF


@inlined
def _over(pixels, at, room, share):
    """Lay `share` 255ths of a color over a pixel, rounded; all of it as cairo does."""
    word = np.uint64(pixels[at])
    below = (word & _LOW) | ((word & (_LOW << _8)) << _24)
    sums = room.tints[share] + below * room.rests[share]
    mixed = ((sums + ((sums >> _8) & _BYTES)) >> _8) & _BYTES
    pixels[at] = np.uint32((mixed & _LOW) | ((mixed >> _24) & (_LOW << _8)))


@compiled
def _ramp(x, reach, share):
    """Return the mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = min(max(x, -reach), reach) + reach
    return inside * inside * share + max(x - reach, 0.0)


@compiled
def _fill(frame, n, room):
    """Lay the inside of a convex outline of n vertices, counterclockwise from s to t."""
    pixels, base, step_s, step_t, s0, s1, t0, t1 = frame
    outline, scratch = room.outline, room.scratch
    low, high, bottom = outline[0, 0], outline[0, 0], outline[1, 0]
    for k in range(1, n):
        low, high = min(low, outline[0, k]), max(high, outline[0, k])
        bottom = min(bottom, outline[1, k])
    edge = math.floor(bottom)
    for i in range(max(math.floor(low), s0), min(math.ceil(high), s1)):
        first, last = scratch.size, -1
        a, b = outline[0, n - 1], outline[1, n - 1]
        for k in range(n):
            c, d = outline[0, k], outline[1, k]
            enter, leave = max(min(a, c), float(i)), min(max(a, c), i + 1.0)
            if enter < leave:
                slope = (d - b) / (c - a)
                run = leave - enter if c > a else enter - leave  # the inside is above a way up
                middle = b + slope * ((enter + leave) / 2 - a) - edge
                tilt = max(abs(slope) * (leave - enter) / 2, LEAST)
                start, stop = max(math.floor(middle - tilt), 0), math.floor(middle + tilt)
                share = 0.25 / tilt
                before, area = 0.0, _ramp(start - middle, tilt, share)
                for j in range(start, stop + 1):
                    further = _ramp(j + 1 - middle, tilt, share)
                    cover = further - area
                    scratch[j] += run * (cover - before)
                    before, area = cover, further
                scratch[stop + 1] += run * (1 - before)
                first, last = min(first, start), max(last, stop + 1)
            a, b = c, d
        cover = 0.0
        at = i * step_s + (first + edge) * step_t + base
        for j in range(first, last + 1):
            cover += scratch[j]
            scratch[j] = 0.0
            share = int(min(max(cover, 0.0), 1.0) * 255 + 0.5)
            if share > 0 and t0 <= j + edge < t1:
                _over(pixels, at, room, share)
            at += step_t


@compiled
def _arc(outline, n, p, d, half, turn):
    """Append the vertices around p, from p + d on through half a turn: a chain of its area."""
    s, t = p
    ds, dt = d
    steps, swell, c, c_ = turn
    ds, dt = ds * half * swell, dt * half * swell
    for k in range(steps + 1):
        outline[0, n + k], outline[1, n + k] = s + ds, t + dt
        ds, dt = c * ds - c_ * dt, c_ * ds + c * dt
    return n + steps + 1


@compiled
def _turn(half):
    """Return the chords of a half circle, how much wider they lie than it, and their turn."""
    steps = int(min(max(math.ceil(math.pi / math.sqrt(8 * SAGITTA / half)), FEWEST), MOST))
    angle = math.pi / steps
    return steps, math.sqrt(angle / math.sin(angle)), math.cos(angle), math.sin(angle)


@compiled
def _body(frame, strip, begin, end, room):
    """Lay lines begin to end of a strip of pixels: start, t, slope and how tall it is along t."""
    pixels, base, step_s, step_t, s0, s1, t0, t1 = frame
    s, t, slope, tall = strip
    lows, places, rises, covers, shades = (
        room.lows, room.places, room.rises, room.covers, room.shades
    )  # fmt: skip
    lean = abs(slope)
    begin, end = max(begin, s0), min(end, s1)
    count = math.ceil(tall + lean) + 1  # of the pixels that a line can touch
    if count > TALL:
        tilt = max(lean / 2, LEAST)
        share = 0.25 / tilt
        for i in range(begin, end):
            low = t + slope * (i + 0.5 - s) - tall / 2
            first = max(math.floor(low - tilt), t0)
            before = _ramp(first - low, tilt, share) - _ramp(first - low - tall, tilt, share)
            at = i * step_s + first * step_t + base
            for j in range(first, min(math.ceil(low + tall + tilt), t1)):
                below = _ramp(j + 1 - low, tilt, share) - _ramp(j + 1 - low - tall, tilt, share)
                _over(pixels, at, room, int((below - before) * 255 + 0.5))
                before = below
                at += step_t
        return
    tilt, high = np.float32(max(lean / 2, LEAST)), np.float32(tall)
    share, none = np.float32(0.25) / tilt, np.float32(0)
    full, half = np.float32(255), np.float32(0.5)
    for near in range(begin, end, LANES):
        n = min(LANES, end - near)
        for q in range(LANES):
            low = t + slope * (near + q + 0.5 - s) - tall / 2
            floor = math.floor(low - lean / 2)
            lows[q], rises[q], covers[q] = floor, floor - low, 0.0
            places[q] = (near + q) * step_s + floor * step_t + base
        for p in range(count):
            for q in range(LANES):
                lower = min(rises[q] + np.float32(p + 1), high + tilt)
                upper = lower - high
                in_lower = min(max(lower, -tilt), tilt) + tilt
                in_upper = min(max(upper, -tilt), tilt) + tilt
                below = (in_lower * in_lower - in_upper * in_upper) * share
                below += max(lower - tilt, none) - max(upper - tilt, none)
                shades[p * LANES + q] = np.uint8(max(below - covers[q], none) * full + half)
                covers[q] = below
        least, most = min(lows[0], lows[n - 1]), max(lows[0], lows[n - 1])
        for p in range(count):
            inside = t0 <= least + p and most + p < t1
            for q in range(n):
                shade = shades[p * LANES + q]
                if shade > 0 and (inside or t0 <= lows[q] + p < t1):
                    _over(pixels, places[q] + p * step_t, room, shade)


@compiled
def _place(x):
    """Return a place in px, rounded to what moves by whole pixels without loss."""
    return math.floor(x * FINE + 0.5) / FINE


@compiled
def paint_strokes(pixels, width, ends, halves, colors, room):
    """Lay strokes with round ends over pixels, uint32 (h * w,), of four premultiplied channels.

    The last byte is alpha. ends: (n, 2, 2) in px, alike for a dot; halves: half their widths, (1,)
    or (n,); colors: (1,) or (n,) uint32 like the pixels. Nothing is laid without a half width above
    0, or from NaN on.
    """
    height = pixels.size // width
    outline = room.outline
    noted = np.uint64(1) << np.uint64(32)  # no color
    for k in range(ends.shape[0]):
        half = halves[min(k, halves.size - 1)]
        word = np.uint64(colors[min(k, colors.size - 1)])
        if not half > 0 or math.isnan(ends[k, 0, 0]):
            continue
        if word != noted:
            _prepare(word, room)
            noted = word
        x, y = math.floor(ends[k, 0, 0]), math.floor(ends[k, 0, 1])
        sa, ta = _place(ends[k, 0, 0]) - x, _place(ends[k, 0, 1]) - y
        sb, tb = _place(ends[k, 1, 0]) - x, _place(ends[k, 1, 1]) - y
        base = y * width + x
        frame = _Frame(pixels, base, 1, width, -x, width - x, -y, height - y)
        if abs(tb - ta) > abs(sb - sa):
            sa, ta, sb, tb = ta, sa, tb, sb
            frame = _Frame(pixels, base, width, 1, -y, height - y, -x, width - x)
        if sb < sa:
            sa, ta, sb, tb = sb, tb, sa, ta
        length = math.hypot(sb - sa, tb - ta)
        us, ut = ((sb - sa) / length, (tb - ta) / length) if length > 0 else (1.0, 0.0)
        slope = ut / us
        tall = 2 * half / us
        turn = _turn(half)
        begin, end = math.ceil(sa + half * abs(ut)), math.floor(sb - half * abs(ut))
        if begin >= end:  # its ends meet, or nearly so
            n = _arc(outline, 0, (sa, ta), (-ut, us), half, turn)
            n = _arc(outline, n, (sb, tb), (ut, -us), half, turn)
            _fill(frame, n, room)
            continue
        _body(frame, (sa, ta, slope, tall), begin, end, room)
        middle = ta + slope * (begin - sa)
        outline[0, 0], outline[1, 0] = begin, middle + tall / 2
        n = _arc(outline, 1, (sa, ta), (-ut, us), half, turn)
        outline[0, n], outline[1, n] = begin, middle - tall / 2
        _fill(frame, n + 1, room)
        middle = ta + slope * (end - sa)
        outline[0, 0], outline[1, 0] = end, middle - tall / 2
        n = _arc(outline, 1, (sb, tb), (ut, -us), half, turn)
        outline[0, n], outline[1, n] = end, middle + tall / 2
        _fill(frame, n + 1, room)
