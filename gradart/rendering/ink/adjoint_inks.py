"""The derivative by how dense strokes and disks are: the weights of the pixels that they cover.

Coverage is that of what is drawn: the same bodies, ends and corners of the same planned pieces.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink import outlines
from gradart.rendering.ink.binning import (
    BLOT,
    CLOSES,
    FINE,
    KIND,
    OPENS,
    STEEP,
    THIN,
    UX,
    UY,
    VX,
    VY,
    X0,
    X1,
    Y0,
    Y1,
)
from gradart.rendering.ink.coverage import FLAT, LANES, LEAST, ramp, swept
from gradart.rendering.ink.strips import strip_of

# Where `_under_body` notes of LANES columns: the first pixel that the strip touches, how far above
# the strip's lower side that begins; how far that side leans, how much of the column the strip has;
# and what is covered of a column up to a pixel, and of that pixel.
LOW, RISE, TILT, RUN, COVER, AREA = range(0, 6 * LANES, LANES)


class Pixels(NamedTuple):
    """Weights (w * h * c,), float32, that follow each other along x; or as what is steep sees them.

    Those of pixel (i, j) are at i * channels + j * step. i < width, j < height: exchanged if steep.
    """

    weights: np.ndarray
    channels: int
    step: int
    width: int
    height: int


class Room(NamedTuple):
    """The arrays that polygons are walked in.

    differences: of coverage, (1, length) of a row or column of pixels and one more; zero before and
    after.
    """

    outline: outlines.Outline
    differences: np.ndarray


def room(height: int, width: int) -> Room:
    """Return the arrays that polygons are walked in."""
    xs, ys = np.empty((2, outlines.ROOM))
    return Room(outlines.Outline(xs, ys), np.zeros((1, max(height, width) + 1)))


@inlined
def flat_pixels(walk):
    """Return the weights along the rows."""
    height, width, channels = walk.weights.shape
    return Pixels(walk.flat, channels, width * channels, width, height)


@inlined
def _steep_pixels(walk):
    """Return the weights along the columns."""
    height, width, channels = walk.weights.shape
    return Pixels(walk.turned, channels, height * channels, height, width)


@inlined
def _gained(inks, one, two, three):
    """Note the sums of a shape's weights in each channel."""
    inks.rates[inks.row, 0] += one
    if inks.rates.shape[1] == 3:
        inks.rates[inks.row, 1] += two
        inks.rates[inks.row, 2] += three


@compiled
def under_polygon(seen, inks, outline, n, differences):
    """Gather under a polygon of n vertices, counterclockwise positive: as `coverage.fill` lays."""
    weights, channels, step, width, height = seen
    xs, ys = outline
    lowest, highest = ys[0], ys[0]
    for k in range(1, n):
        lowest, highest = min(lowest, ys[k]), max(highest, ys[k])
    one = two = three = 0.0
    # Compared as they are: of what is far out no whole number can be made.
    bottom = math.floor(lowest) if lowest > 0 else 0
    top = math.ceil(highest) if highest < height else height
    for j in range(bottom, top):
        left, right = width, -1
        x0, y0 = xs[n - 1], ys[n - 1]
        for k in range(n):
            x1, y1 = xs[k], ys[k]
            under, over = min(y0, y1), max(y0, y1)
            enter, leave = max(under, float(j)), min(over, j + 1.0)
            if over - under > FLAT and enter < leave:
                slope = (x1 - x0) / (y1 - y0)
                run = leave - enter if y1 < y0 else enter - leave
                middle = x0 + slope * ((enter + leave) / 2 - y0)
                tilt = max(abs(slope) * (leave - enter) / 2, LEAST)
                start, stop = swept(differences, 0, width, middle, tilt, run)
                left, right = min(left, start), max(right, stop)
            x0, y0 = x1, y1
        cover = 0.0
        at = j * step + left * channels
        for i in range(left, min(right + 1, width)):
            cover += differences[0, i]
            differences[0, i] = 0.0
            one += cover * weights[at]
            if channels == 3:
                two += cover * weights[at + 1]
                three += cover * weights[at + 2]
            at += channels
        differences[0, width] = 0.0
    _gained(inks, one, two, three)


@compiled
def _under_body(seen, inks, strip, lanes):
    """Gather under a strip that is cut along y at both ends."""
    weights, channels, step, width, height = seen
    start, y, end, slope, tall = strip.start, strip.y, strip.end, strip.slope, strip.tall
    lean = abs(slope)
    count = math.ceil(tall + lean) + 1  # of the pixels that a column can touch
    first, last = max(math.floor(start), 0), min(math.ceil(end), width)
    one = two = three = 0.0
    for near in range(first, last, LANES):
        n = min(LANES, last - near)
        size = (n + 7) & ~7  # the compiler makes vectors of eight: none of them is left over
        for q in range(size):
            left, right = max(float(near + q), start), min(near + q + 1.0, end)
            bottom = y + slope * ((left + right) / 2 - start) - tall / 2
            tilt = max(lean * (right - left) / 2, LEAST)
            low = math.floor(bottom - tilt)
            lanes[LOW + q], lanes[RISE + q] = low, low - bottom
            lanes[TILT + q], lanes[RUN + q] = tilt, right - left
        least, most = min(lanes[LOW], lanes[LOW + n - 1]), max(lanes[LOW], lanes[LOW + n - 1])
        begin, until = max(int(-most), 0), min(count, height - int(least))
        for q in range(size):
            tilt, level = lanes[TILT + q], lanes[RISE + q] + begin
            share = 0.25 / tilt
            lanes[COVER + q] = ramp(level, tilt, share) - ramp(level - tall, tilt, share)
        for p in range(begin, until):
            for q in range(size):
                tilt, level = lanes[TILT + q], lanes[RISE + q] + (p + 1)
                share = 0.25 / tilt
                below = ramp(level, tilt, share) - ramp(level - tall, tilt, share)
                lanes[AREA + q] = lanes[RUN + q] * (below - lanes[COVER + q])
                lanes[COVER + q] = below
            inside = least + p >= 0 and most + p < height
            for q in range(n):
                j = int(lanes[LOW + q]) + p
                if inside or 0 <= j < height:
                    at, area = np.uintp((near + q) * channels + j * step), lanes[AREA + q]
                    one += area * weights[at]
                    if channels == 3:
                        two += area * weights[at + np.uintp(1)]
                        three += area * weights[at + np.uintp(2)]
    _gained(inks, one, two, three)


@compiled
def _under_end(seen, inks, strip, way, here):
    """Gather under what a square end has beyond where the body is cut: less than it there, above.

    way: -1 at the strip's start, 1 at its end.
    """
    xs, ys = here.outline
    if way < 0:
        x, y, beyond = strip.start, strip.y, strip.opening
    else:
        x, y = strip.end, strip.y + strip.slope * (strip.end - strip.start)
        beyond = strip.closing
    if beyond == 0:
        return
    half = way * strip.tall / 2
    xs[0], ys[0] = x, y - half
    xs[1], ys[1] = x + way * beyond, y - way * strip.drop
    xs[2], ys[2] = x - way * beyond, y + way * strip.drop
    xs[3], ys[3] = x, y + half
    under_polygon(seen, inks, here.outline, 4, here.differences)


@compiled
def under_piece(walk, inks, pieces, slot, half, here):
    """Gather under a planned piece of a stroke; as `stroke_kernel.draw_strokes` draws it."""
    kind = int(pieces[slot, KIND])
    outline, differences = here.outline, here.differences
    x0, y0, x1, y1 = pieces[slot, X0], pieces[slot, Y0], pieces[slot, X1], pieces[slot, Y1]
    level = flat_pixels(walk)
    if kind & BLOT:
        n = outlines.circle(outline, (x0, y0), x1)
        under_polygon(level, inks, outline, n, differences)
        return
    ux, uy, vx, vy = pieces[slot, UX], pieces[slot, UY], pieces[slot, VX], pieces[slot, VY]
    thin = half <= THIN
    opens, closes = kind & OPENS != 0, kind & CLOSES != 0
    steep = kind & STEEP != 0
    ends = (y0, x0, y1, x1) if steep else (x0, y0, x1, y1)
    strip = strip_of(ends, (uy, ux) if steep else (ux, uy), (thin and opens, thin and closes), half)
    seen = _steep_pixels(walk) if steep else level
    _under_body(seen, inks, strip, walk.lanes)
    if thin:
        _under_end(seen, inks, strip, -1, here)
        _under_end(seen, inks, strip, 1, here)
    if half <= FINE:
        return
    if not thin and opens:
        n = outlines.cap(outline, (x0, y0), (-ux, -uy), half)
        under_polygon(level, inks, outline, n, differences)
    if not thin and closes:
        n = outlines.cap(outline, (x1, y1), (ux, uy), half)
        under_polygon(level, inks, outline, n, differences)
    elif not closes and (vx != 0 or vy != 0):
        n = outlines.corner(outline, (x1, y1), (ux, uy), (vx, vy), half)
        under_polygon(level, inks, outline, n, differences)
