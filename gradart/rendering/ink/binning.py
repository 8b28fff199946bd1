"""Polylines and disks before they are drawn: cut into pieces, sorted into bands.

A piece is one segment of a stroke with what happens at its ends. All of it is settled here, clipped
to the neighborhood of the canvas, so that whoever draws it in whichever band draws the same.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined

FINE = 0.15  # px: up to this half width ends and corners are less than a fiftieth of a pixel
THIN = 0.5  # px: up to this half width a round end looks like a square one of the same ink
GENTLE = 0.02  # px: what a corner leaves open on its outside, and does not matter
LARGEST = 1e300  # differences of coordinates up to this do not overflow; beyond, the pen is lifted

# A piece: the ends of its segment, its direction, the direction of the next one if there is a
# corner to fill between them (else 0), its kind, the number of its stroke.
X0, Y0, X1, Y1, UX, UY, VX, VY, KIND, STROKE = range(10)
FIELDS = 10
# Kinds: cut across y, not x; a stroke's own end at the start, at the end; a disk (x, y, radius);
# nothing that is on the canvas.
STEEP, OPENS, CLOSES, BLOT, AWAY = 1, 2, 4, 8, 16
SLACK = 1e-3  # px: more than coverage is rounded by, so that no band is left out for that


class Raster(NamedTuple):
    """The size of a canvas in pixels, and the logarithm to base 2 of the rows of its bands."""

    width: int
    height: int
    shift: int


class Polylines(NamedTuple):
    """Polylines (n, m, 2), half their width (1,) or (n,), and whether each one closes."""

    points: np.ndarray
    half: np.ndarray
    closed: bool


class Plan(NamedTuple):
    """Pieces (n, fields), straight strokes or disks; the first and last band of each, (n, 2) int32.

    Straight strokes are (n, 4), their ends, or with their numbers (n, 5).

    counts: (bands,) int64, to which the pieces of each band are added.
    """

    pieces: np.ndarray
    bands: np.ndarray
    counts: np.ndarray


class BandedPieces(NamedTuple):
    """Those of a plan sorted by bands, and where those of each begin, (bands + 1,)."""

    pieces: np.ndarray
    starts: np.ndarray


class _Run(NamedTuple):
    """The `size` points from `start` on, in a row of polylines, that the pen draws unlifted.

    Its first segment has the number `slot` in the plan.
    """

    points: np.ndarray
    row: int
    start: int
    size: int
    ring: bool
    half: float
    slot: int


@inlined
def norm(x, y):
    """Return the length of a vector, as math.hypot does, which is slower."""
    square = x * x + y * y
    return math.sqrt(square) if 1e-280 < square < 1e280 else math.hypot(x, y)


@compiled
def _length(run, k):
    """Return the length of segment k of a run, as if it were a ring."""
    points, row = run.points, run.row
    a, b = run.start + k, run.start + (k + 1 if k + 1 < run.size else 0)
    return norm(points[row, b, 0] - points[row, a, 0], points[row, b, 1] - points[row, a, 1])


@compiled
def _within(x0, y0, x1, y1, low, high):
    """Return the segment, its ends moved along it to where low <= x <= high. It reaches there."""
    if x0 != x1:
        slope = (y1 - y0) / (x1 - x0)
        x, y = (x0, y0) if abs(x0) < abs(x1) else (x1, y1)  # the end that rounds less
        if x0 < low or x0 > high:
            x0 = min(max(x0, low), high)
            y0 = y + slope * (x0 - x)
        if x1 < low or x1 > high:
            x1 = min(max(x1, low), high)
            y1 = y + slope * (x1 - x)
    return x0, y0, x1, y1


@inlined
def clipped(ends, kind, half, raster):
    """Return the ends of a piece, cut to the neighborhood of the canvas, and its kind."""
    x0, y0, x1, y1 = ends
    margin = 2 * half + 2  # no end and no corner reaches over it
    left, right, above, below = -margin, raster.width + margin, -margin, raster.height + margin
    if min(x0, x1) > right or max(x0, x1) < left or min(y0, y1) > below or max(y0, y1) < above:
        return ends, AWAY
    if (
        left <= min(x0, x1)
        and max(x0, x1) <= right
        and above <= min(y0, y1)
        and max(y0, y1) <= below
    ):
        return ends, kind
    ax, ay, bx, by = _within(x0, y0, x1, y1, left, right)
    if min(ay, by) > below or max(ay, by) < above:
        return ends, AWAY
    ay, ax, by, bx = _within(ay, ax, by, bx, above, below)
    # All are near now; but the slope of a segment 1e300 long and hardly wide is infinite.
    if not abs(ax) + abs(ay) + abs(bx) + abs(by) <= 4 * (right + below):
        return ends, AWAY
    if ax != x0 or ay != y0:
        kind &= ~OPENS
    if bx != x1 or by != y1:
        kind &= ~CLOSES
    return (ax, ay, bx, by), kind


@compiled
def _meet(half, pieces, one, two, length):
    """Plan a corner between pieces of this or greater length, unless their bodies meet unseen."""
    ux, uy, vx, vy = pieces[one, UX], pieces[one, UY], pieces[two, UX], pieces[two, UY]
    exchanged = (abs(uy) > abs(ux)) != (abs(vy) > abs(vx))
    back = ux * vx + uy * vy < 0
    # The gap on the outer side; or, of a dense curve, how far the cuts shift its edges.
    gap = abs(ux * vy - uy * vx) * half * max(min(half, 1.0), half / length)
    if half > FINE and (exchanged or back or gap > GENTLE):
        pieces[one, VX], pieces[one, VY] = vx, vy


@compiled
def _spread(low, high, raster, plan, k):
    """Note and count the bands that rows low to high, those of piece k, lie in."""
    height, shift, counts = raster.height, raster.shift, plan.counts
    if high > 0 and low < height:
        first, last = int(max(low, 0.0)) >> shift, int(min(high, height - 1.0)) >> shift
        plan.bands[k, 0], plan.bands[k, 1] = first, last
        counts[first] += 1
        for b in range(first + 1, last + 1):
            counts[b] += 1


@compiled
def _blot(run, raster, plan):
    """Plan a run that is shorter than its round ends as a disk of the same ink."""
    points, row, pieces, slot = run.points, run.row, plan.pieces, run.slot
    total = 0.0
    for k in range(run.size - 1):
        total += _length(run, k)
    a, b = run.start, run.start + run.size - 1
    x, y = (points[row, a, 0] + points[row, b, 0]) / 2, (points[row, a, 1] + points[row, b, 1]) / 2
    radius = math.sqrt(2 * run.half * total / math.pi)
    if radius > 0 and -1.2 * radius < x < raster.width + 1.2 * radius:
        pieces[slot, X0], pieces[slot, Y0], pieces[slot, X1] = x, y, radius
        pieces[slot, KIND], pieces[slot, STROKE] = BLOT, row
        _spread(y - 1.2 * radius, y + 1.2 * radius, raster, plan, slot)


@compiled
def _plan_run(run, raster, plan):
    """Plan the segments of a run, their ends and corners."""
    points, row, start, count, ring, half, base = run
    pieces = plan.pieces
    segments = count if ring else count - 1
    # A half circle holds as much ink as a square end that is pi/4 of its radius long: its center is
    # that much before the end of the stroke, so that the ink remains length times width.
    first, last = 0, segments - 1
    skip = cut = math.pi / 4 * half if half > THIN and not ring else 0.0
    while first <= last and _length(run, first) <= skip:
        skip -= _length(run, first)
        first += 1
    while first <= last and _length(run, last) <= cut:
        cut -= _length(run, last)
        last -= 1
    if first > last or (first == last and skip + cut >= _length(run, first)):
        _blot(run, raster, plan)
        return
    ends = half > FINE and not ring
    opening = previous = -1
    previous_length = first_length = 0.0
    for k in range(first, last + 1):
        length = _length(run, k)
        if length == 0:
            continue
        slot, a, b = base + k, start + k, start + (k + 1 if k + 1 < count else 0)
        x0, y0, x1, y1 = points[row, a, 0], points[row, a, 1], points[row, b, 0], points[row, b, 1]
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        kind = STEEP if abs(uy) > abs(ux) else 0
        if ends and k == first:
            x0, y0, kind = x0 + skip * ux, y0 + skip * uy, kind | OPENS
        if ends and k == last:
            x1, y1, kind = x1 - cut * ux, y1 - cut * uy, kind | CLOSES
        pieces[slot, UX], pieces[slot, UY] = ux, uy
        if previous < 0:
            opening, first_length = slot, length
        else:
            _meet(half, pieces, previous, slot, min(length, previous_length))
        previous, previous_length = slot, length
        (x0, y0, x1, y1), kind = clipped((x0, y0, x1, y1), kind, half, raster)
        if kind & AWAY:
            continue
        pieces[slot, X0], pieces[slot, Y0], pieces[slot, X1], pieces[slot, Y1] = x0, y0, x1, y1
        pieces[slot, KIND], pieces[slot, STROKE] = kind, row
        reach = 1.5 * half + SLACK
        _spread(min(y0, y1) - reach, max(y0, y1) + reach, raster, plan, slot)
    if ring and previous >= 0:
        _meet(half, pieces, previous, opening, min(previous_length, first_length))


@compiled
def lifted(points, row, start):
    """Return the first point of a row, from `start` on, at which the pen lifts, or its length."""
    stop, m = start, points.shape[1]
    # Not the larger of the two: of a number and a NaN, that may be the number.
    while (
        stop < m and abs(points[row, stop, 0]) <= LARGEST and abs(points[row, stop, 1]) <= LARGEST
    ):
        stop += 1
    return stop


@compiled
def plan_strokes(polylines, begin, end, raster, plan):
    """Plan polylines begin to end, of m points, as m pieces each, m - 1 unless closed."""
    points, half, closed = polylines
    pieces, band = plan.pieces, plan.bands
    m = points.shape[1]
    slots = m if closed else m - 1
    for slot in range(begin * slots, end * slots):
        band[slot, 0], band[slot, 1] = 1, 0
        pieces[slot, VX], pieces[slot, VY] = 0.0, 0.0
    for row in range(begin, end):
        h = half[min(row, half.size - 1)]
        start = 0
        while start < m and h > 0:
            stop = lifted(points, row, start)
            count = stop - start
            if count > 1:
                ring = closed and count > 2
                run = _Run(points, row, start, count, ring, h, row * slots + start)
                _plan_run(run, raster, plan)
            start = stop + 1


@compiled
def plan_disks(disks, radius, begin, end, raster, plan):
    """Note and count the bands that disks begin to end of (n, 2 or more) touch."""
    width, height, shift = raster
    band, counts = plan.bands, plan.counts
    # Two loops without branches: the first one becomes vector instructions.
    one = radius.size == 1
    for k in range(begin, end):
        reach = 1.2 * radius[0 if one else k]
        x, y = disks[k, 0], disks[k, 1]
        seen = (-reach < x) & (x < width + reach) & (-reach < y) & (y < height + reach)
        seen &= reach > 0
        low = min(max(y - reach, 0.0), height - 1.0)
        high = min(max(y + reach, 0.0), height - 1.0)
        band[k, 0] = np.int32(low) >> shift if seen else 1
        band[k, 1] = np.int32(high) >> shift if seen else 0
    for k in range(begin, end):
        for b in range(band[k, 0], band[k, 1] + 1):
            counts[b] += 1


@compiled
def sort_bands(plan, begin, end, free, ordered):
    """Copy pieces begin to end of a plan to where each of their bands has room; free is used up.

    Copied, not pointed to: who draws a band then reads on and on, and does not wait for memory.
    """
    pieces, band = plan.pieces, plan.bands
    for k in range(begin, end):
        for b in range(band[k, 0], band[k, 1] + 1):
            at = free[b]
            free[b] = at + 1
            ordered[at, 0], ordered[at, 1] = pieces[k, 0], pieces[k, 1]
            for field in range(2, pieces.shape[1]):
                ordered[at, field] = pieces[k, field]
