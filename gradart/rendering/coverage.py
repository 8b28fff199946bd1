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

# Layout 1. Numba's cache follows the text of this file alone: count up when the imported change.
from gradart.rendering.strokes import BLOT, CLOSES, OPENS, STEEP, THIN, compiled, piece

QUANTUM = 2.0**-32  # of ink; a pixel holds up to 2^31
LEAST = 1e-9  # px: the least tilt, so that none divides by zero
OUTLINE = 1100  # vertices that the outline of any joint or disk fits in


@compiled
def _ramp(x, reach, share):
    """Return the mean of max(0, t) over t in [x - reach, x + reach]; share is 1 / (4 reach)."""
    inside = min(max(x, -reach), reach) + reach
    return inside * inside * share + max(x - reach, 0.0)


@compiled
def _lay(canvas, at, cover, ink, row):
    canvas[at] += np.int64(cover * ink[row, 0])
    if ink.shape[1] == 3:  # not a loop: the compiler would make vectors of its one or three steps
        canvas[at + 1] += np.int64(cover * ink[row, 1])
        canvas[at + 2] += np.int64(cover * ink[row, 2])


@compiled
def _body(canvas, step_i, step_j, i0, i1, j0, j1, start, y, end, slope, half, ink, row):
    """Lay the strip around y + slope (x - start), start <= x <= end, on pixels i0:i1, j0:j1.

    Written for a flat strip, |slope| <= 1; a steep one comes with its axes and steps exchanged.
    """
    tall = 2 * half * math.sqrt(1 + slope * slope)  # its height, measured across the axis
    first, last = max(math.floor(start), i0), min(math.ceil(end), i1)
    lean = abs(slope)
    if lean > 1e-6:  # only where the strip meets the rows
        reach = (tall + 2) / lean
        a, b = start + (j0 - y) / slope, start + (j1 - y) / slope
        first = max(first, math.floor(min(a, b) - reach))
        last = min(last, math.ceil(max(a, b) + reach))
    whole = max(lean / 2, LEAST)
    part = 0.25 / whole
    for i in range(first, last):
        left, right = max(float(i), start), min(i + 1.0, end)
        run, tilt, share = right - left, whole, part
        if run < 1:
            tilt = max(lean * run / 2, LEAST)
            share = 0.25 / tilt
        bottom = y + slope * ((left + right) / 2 - start) - tall / 2
        lowest, highest = math.floor(bottom - tilt), math.ceil(bottom + tall + tilt)
        j, stop = max(lowest, j0), min(highest, j1)
        if j >= stop:
            continue
        # The column's area below each pixel boundary; pixels are the differences.
        before = 0.0
        if j > lowest:
            before = _ramp(j - bottom, tilt, share) - _ramp(j - bottom - tall, tilt, share)
        at = i * step_i + j * step_j
        for upper in range(j + 1, stop):
            rise = upper - bottom
            below = _ramp(rise, tilt, share) - _ramp(rise - tall, tilt, share)
            _lay(canvas, at, run * (below - before), ink, row)
            before = below
            at += step_j
        below = tall
        if stop < highest:
            below = _ramp(stop - bottom, tilt, share) - _ramp(stop - bottom - tall, tilt, share)
        _lay(canvas, at, run * (below - before), ink, row)


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


# Outlines: vertices put into xs and ys. Each returns how many there are.


@compiled
def _steps(radius):
    """Return how many chords of a half circle stay within 0.04 px of it, half of that on a side."""
    return max(4.0, min(math.ceil(5.55 * math.sqrt(radius)), 256.0))


@compiled
def _arc(xs, ys, n, px, py, dx, dy, turn, half):
    """Append the arc around p from p + d through `turn` radians; a chain of the same area."""
    steps = max(1, math.ceil(_steps(half) * abs(turn) / math.pi))
    angle = turn / steps
    swell = 1.0
    if steps > 1:
        bend = angle / math.sin(angle)
        swell = (
            bend if steps == 2 else (math.sqrt(1 + (steps - 2) * steps * bend) - 1) / (steps - 2)
        )
    c, s = math.cos(angle), math.sin(angle)
    for k in range(steps + 1):
        scale = swell if 0 < k < steps else 1.0
        xs[n], ys[n] = px + scale * dx, py + scale * dy
        dx, dy = c * dx - s * dy, s * dx + c * dy
        n += 1
    return n


@compiled
def _cut(xs, ys, n, px, py, ux, uy, side):
    """Append where a body around p with direction u is cut: its left (1) or right (-1) corner."""
    xs[n], ys[n] = px, py
    if abs(uy) > abs(ux):
        xs[n] -= side / uy
    else:
        ys[n] += side / ux
    return n + 1


@compiled
def _end(xs, ys, px, py, ux, uy, half):
    """From the cut at p to the half circle, or in a thin stroke the line, across the way u."""
    n = _cut(xs, ys, 0, px, py, ux, uy, -half)
    if half > THIN:
        n = _arc(xs, ys, n, px, py, half * uy, -half * ux, math.pi, half)
    else:
        xs[n], ys[n] = px + half * uy, py - half * ux
        xs[n + 1], ys[n + 1] = px - half * uy, py + half * ux
        n += 2
    return _cut(xs, ys, n, px, py, ux, uy, half)


@compiled
def _corner(xs, ys, px, py, ux, uy, vx, vy, half):
    """Between the cuts of the body that comes along u and the body that leaves along v.

    On the outer side a round join; on the inner side, clockwise, what both bodies cover.
    """
    turn = math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
    xs[0], ys[0] = px, py
    n = _cut(xs, ys, 1, px, py, vx, vy, half)
    n = _arc(xs, ys, n, px, py, -half * vy, half * vx, -turn, half)
    n = _cut(xs, ys, n, px, py, ux, uy, half)
    xs[n], ys[n] = px, py
    n = _cut(xs, ys, n + 1, px, py, ux, uy, -half)
    n = _arc(xs, ys, n, px, py, half * uy, -half * ux, turn, half)
    return _cut(xs, ys, n, px, py, vx, vy, -half)


@compiled
def _disk(xs, ys, px, py, radius):
    """A regular polygon of the area of the disk around p, alike in all axes."""
    n = 8 * math.ceil(_steps(radius) / 4)
    angle = 2 * math.pi / n
    radius *= math.sqrt(angle / math.sin(angle))
    for k in range(n):
        xs[k], ys[k] = px + radius * math.cos(k * angle), py + radius * math.sin(k * angle)
    return n


# Bands.


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
    canvas, width, height, shift, share, shares, plan, starts, half, ink, xs, ys, scratch
):
    """Draw the pieces, sorted by bands, of every band b with b % shares == share.

    half (1,) or (n,), ink (1, c) or (n, c); xs, ys (OUTLINE,); scratch (2^shift, width + 1) is 0.
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
                n = _disk(xs, ys, x0, y0, x1)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                continue
            if kind & STEEP:
                x, y, end = (x0, y0, y1) if uy > 0 else (x1, y1, y0)
                lean, down = ux / uy, width * step
                _body(canvas, down, step, low, high, 0, width, y, x, end, lean, h, ink, row)
            else:
                x, y, end = (x0, y0, x1) if ux > 0 else (x1, y1, x0)
                lean, down = uy / ux, width * step
                _body(canvas, step, down, 0, width, low, high, x, y, end, lean, h, ink, row)
            reach = 1.5 * h
            if kind & OPENS and y0 + reach > low and y0 - reach < high:
                n = _end(xs, ys, x0, y0, -ux, -uy, h)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
            if y1 + reach > low and y1 - reach < high:
                if kind & CLOSES:
                    n = _end(xs, ys, x1, y1, ux, uy, h)
                    _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                elif vx != 0 or vy != 0:
                    n = _corner(xs, ys, x1, y1, ux, uy, vx, vy, h)
                    _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
    return seen


@compiled
def draw_disks(
    canvas, width, height, shift, share, shares, disks, starts, radius, ink, xs, ys, scratch
):
    """The same for disks (n, 2) of one radius (1,) and ink (1, c), or (n, 3) with their numbers."""
    step = ink.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        low, high = b << shift, min((b + 1) << shift, height)
        marks = starts[b + 1] - starts[b]
        seen |= _warm(canvas, low * width * step, high * width * step, marks)
        for k in range(starts[b], starts[b + 1]):
            disk = int(disks[k, 2]) if disks.shape[1] > 2 else 0
            r, row = radius[min(disk, radius.size - 1)], min(disk, ink.shape[0] - 1)
            side = r * math.sqrt(math.pi)
            if side > 1:
                n = _disk(xs, ys, disks[k, 0], disks[k, 1], r)
                _fill(canvas, width, low, high, xs, ys, n, scratch, ink, row)
                continue
            # Within a pixel a disk looks like the square of its area, which is separable.
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
