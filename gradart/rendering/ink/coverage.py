"""Exact area coverage, compiled: what the drawing of strokes and of disks shares.

Pixel (i, j) is the square [i, i + 1] x [j, j + 1]. Its coverage is the area of the shape inside it
(a box filter), and it gains coverage times ink in fixed point: integers add to the same sum in any
order, so neither the order of strokes nor the number of threads changes a bit. For the same reason
coverage is computed from the stroke and the pixel alone, never by stepping from a neighbor.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink.binning import Raster
from gradart.rendering.ink.outlines import ROOM, Outline

QUANTUM = 2.0**-32  # of ink; a pixel holds up to 2^31
MAGIC = 1.5 * 2.0**52  # added to a number up to 2^51, it leaves that as an integer in the last bits
BITS = int(np.float64(MAGIC).view(np.int64))
LANES, TALL = 64, 32  # columns drawn at a time, if they touch no more pixels each
FEW = 16  # columns drawn at a time where a stroke ends in them
SIDE = math.sqrt(math.pi)  # of the square of a disk's area, to its radius: within a pixel all alike
LEAST = 1e-9  # px: the least tilt, so that none divides by zero
FLAT = 1e-200  # px: an edge that rises less bounds no area, and its slope might be infinite


class Canvas(NamedTuple):
    """The sums of all bands; or of one, zero, if each is written to `total` when it is drawn.

    sums: (h * w * c,) int64; total: float32, the same or empty.
    """

    sums: np.ndarray
    total: np.ndarray
    raster: Raster


class Band(NamedTuple):
    """Rows low to high of a canvas `width` wide.

    Its sums begin at `base`, counted from where those of all rows do.
    """

    sums: np.ndarray
    base: int
    width: int
    low: int
    high: int


class Ink(NamedTuple):
    """The row of `amounts` (n, c), in quanta, that a fully covered pixel gains."""

    amounts: np.ndarray
    row: int


class Lanes(NamedTuple):
    """Room for what is known of LANES columns, or TALL pixels in each. Bits are those of shades.

    edges: of FEW columns, ten numbers and what is below each pixel's edge.
    """

    places: np.ndarray
    lows: np.ndarray
    rises: np.ndarray
    covers: np.ndarray
    areas: np.ndarray
    shades: np.ndarray
    bits: np.ndarray
    edges: np.ndarray


class Room(NamedTuple):
    """The arrays that drawing works in.

    scratch: (rows of a band, columns + 1), zero before and after: differences of coverage.
    """

    outline: Outline
    scratch: np.ndarray
    lanes: Lanes


@compiled
def ramp(x, reach, share):
    """Return the mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = min(max(x, -reach), reach) + reach
    return inside * inside * share + max(x - reach, 0.0)


@compiled
def lay(sums, at, cover, ink):
    """Add what a pixel gains whose sums begin at `at`."""
    amounts, row = ink
    sums[at] += np.int64(np.rint(cover * amounts[row, 0]))
    if amounts.shape[1] == 3:  # no loop: the compiler would make vectors of its one or three steps
        sums[at + 1] += np.int64(np.rint(cover * amounts[row, 1]))
        sums[at + 2] += np.int64(np.rint(cover * amounts[row, 2]))


@inlined
def swept(differences, row, columns, middle, tilt, run):
    """Note, as differences of coverage, what lies right of an edge within a row of pixels.

    Its middle is at x, `tilt` from both its ends along x; it rises by `run`. Returns the first
    and the last column of which something was noted.
    """
    share = 0.25 / tilt
    # Held to the row as numbers: of what is far out no whole number can be made.
    start = math.floor(min(max(middle - tilt, 0.0), float(columns)))
    stop = max(math.floor(min(max(middle + tilt + 1, 0.0), float(columns))), start)
    before, area = 0.0, ramp(start - middle, tilt, share)
    for i in range(start, stop):
        further = ramp(i + 1 - middle, tilt, share)
        cover = further - area
        differences[row, i] += run * (cover - before)
        before, area = cover, further
    differences[row, stop] += run * (1 - before)
    return start, stop


@compiled
def fill(band, outline, n, scratch, ink):
    """Lay a polygon of n vertices on a band: area counterclockwise positive, clockwise negative.

    `scratch` is that of `Room`.
    """
    sums, base, columns, low, high = band
    xs, ys = outline
    step = ink.amounts.shape[1]
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
            start, stop = swept(scratch, j - low, columns, middle, tilt, run)
            left, right = min(left, start), max(right, stop)
            bottom, top = min(bottom, j), max(top, j + 1)
        x0, y0 = x1, y1
    for j in range(bottom, top):
        cover = 0.0
        at = (j * columns + left) * step - base
        for i in range(left, min(right + 1, columns)):
            cover += scratch[j - low, i]
            scratch[j - low, i] = 0.0
            lay(sums, at, cover, ink)
            at += step
        scratch[j - low, columns] = 0.0


def room(raster: Raster) -> Room:
    """Return the arrays that drawing works in."""
    xs, ys = np.empty((2, ROOM))
    lows, shades = np.empty(LANES), np.empty(TALL * LANES)
    rises, covers = np.empty((2, LANES), np.float32)
    areas = np.empty(TALL * LANES, np.float32)
    scratch = np.zeros((1 << raster.shift, raster.width + 1))
    places = np.empty(LANES, np.int64)
    edges = np.zeros((11 + TALL) * FEW, np.float32)
    lanes = Lanes(places, lows, rises, covers, areas, shades, shades.view(np.int64), edges)
    return Room(Outline(xs, ys), scratch, lanes)


@compiled
def warm(sums, start, stop, marks):
    """Read a band in order, if for many marks: that brings it near faster than they would."""
    seen = 0
    if marks * 50 > stop - start:
        for at in range(start, stop, 8):
            seen |= sums[at]
    return seen  # so that the compiler does not leave it out


@compiled
def finish(sums, total, begin, end):
    """Write what begin to end of the sums hold as float32."""
    for at in range(begin, end):
        total[at] = max(sums[at] * QUANTUM, 0.0)  # a corner is taken off to within some quanta


@compiled
def begin_band(canvas, b, step, marks):
    """Return where the sums begin of band b, of `step` channels, and its rows, low to high.

    So many marks will be drawn on it. The last number only keeps the compiler from leaving out what
    is read.
    """
    width, height, shift = canvas.raster
    low, high = b << shift, min((b + 1) << shift, height)
    if canvas.total.size:
        return low * width * step, low, high, 0
    return 0, low, high, warm(canvas.sums, low * width * step, high * width * step, marks)


@compiled
def finish_band(canvas, band, step):
    """Write a band to the total, if there is one, and make its sums zero again."""
    sums, base, total = canvas.sums, band.base, canvas.total
    for at in range(base, min(band.high * band.width * step, total.size)):
        total[at] = max(sums[at - base] * QUANTUM, 0.0)
        sums[at - base] = 0
