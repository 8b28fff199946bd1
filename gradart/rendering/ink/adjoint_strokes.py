"""Strokes and disks as their borders are walked: each in its turn, whole or in some rows alone.

Of a stroke the pieces count that were planned for drawing it (`gradart.rendering.ink.binning`).
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink import outlines
from gradart.rendering.ink.adjoint_borders import (
    Pen,
    add_growing,
    cap,
    corner,
    cut,
    growing,
    offset,
    ring,
    segment_of,
    side,
)
from gradart.rendering.ink.adjoint_edges import Inks
from gradart.rendering.ink.adjoint_inks import flat_pixels, under_piece, under_polygon
from gradart.rendering.ink.binning import (
    BLOT,
    CLOSES,
    KIND,
    LARGEST,
    OPENS,
    VX,
    VY,
    X0,
    X1,
    Y0,
    Y1,
    Plan,
    Polylines,
    lifted,
)
from gradart.rendering.ink.coverage import LEAST, SIDE


class Drawn(NamedTuple):
    """Polylines as they were planned, and densities (1, c) or (n, c)."""

    polylines: Polylines
    plan: Plan
    amounts: np.ndarray


class _Run(NamedTuple):
    """Points start to stop of a row of polylines, which the pen draws unlifted."""

    row: int
    start: int
    stop: int
    ring: bool
    half: float


@compiled
def _blot(pen, points, run):
    """Walk the disk that a run is drawn as which is shorter than its round ends."""
    walk, inks, rates, outline = pen
    row, half, first, last = run.row, run.half, run.start, run.stop - 1
    total = growth = 0.0
    for k in range(first, last):
        segment = segment_of(points, row, k, k + 1)
        total += segment.length
        growth += growing(rates, segment)
    x = (points[row, first, 0] + points[row, last, 0]) / 2
    y = (points[row, first, 1] + points[row, last, 1]) / 2
    radius = math.sqrt(2 * half * total / math.pi)
    mx = (rates.points[row, first, 0] + rates.points[row, last, 0]) / 2
    my = (rates.points[row, first, 1] + rates.points[row, last, 1]) / 2
    mr = (half * growth + rates.half[row] * total) / (math.pi * radius)
    n = outlines.circle(outline, (x, y), radius)
    gx, gy, gr = ring(walk, inks, outline, n, (x, y), radius, (mx, my, mr))
    if walk.scatters:
        return
    for at in (first, last):
        rates.points[row, at, 0] += gx / 2
        rates.points[row, at, 1] += gy / 2
    gr /= math.pi * radius
    rates.half[row] += gr * total
    for k in range(first, last):
        add_growing(rates, segment_of(points, row, k, k + 1), gr * half)


@compiled
def _following(points, run, k):
    """Return the first segment from number k of a run on that has a length, round and round."""
    count = run.stop - run.start
    while True:
        if k >= count:
            k -= count
        after = k + 1 if k + 1 < count else 0
        segment = segment_of(points, run.row, run.start + k, run.start + after)
        if segment.length > 0:
            return segment
        k += 1


@compiled
def _bends(plan, slot):
    """Whether a corner is drawn where the segment of this slot ends."""
    return plan.pieces[slot, VX] != 0 or plan.pieces[slot, VY] != 0


@compiled
def _piece(pen, points, run, segment, planned, came):
    """Walk what is drawn of a segment, with its end or the corner after it.

    planned: its piece, and whether a corner is drawn where it ends; came: whether at its start.
    """
    row, a, b, ux, uy, _ = segment
    (x0, y0, x1, y1, kind), bends = planned
    half = run.half
    # Where a piece was clipped, off the canvas, neither an end nor a corner is drawn.
    came = came and x0 == points[row, a, 0] and y0 == points[row, a, 1]
    bends = bends and x1 == points[row, b, 0] and y1 == points[row, b, 1]
    opens, closes = (kind & OPENS) != 0, (kind & CLOSES) != 0
    sx, sy = offset(kind, (ux, uy), half, not (opens or came))
    ex, ey = offset(kind, (ux, uy), half, not (closes or bends))
    right, left = (x0 - sx, y0 - sy), (x0 + sx, y0 + sy)
    side(pen, points, segment, right, (x1 - ex, y1 - ey), -1)
    side(pen, points, segment, (x1 + ex, y1 + ey), left, 1)
    if opens:
        cap(pen, points, segment, (x0, y0), half, -1, (run.start, a))
    elif not came:
        cut(pen, row, a, left, right)
    if closes:
        cap(pen, points, segment, (x1, y1), half, 1, (b, run.stop - 1))
    elif bends:
        corner(pen, points, segment, _following(points, run, b - run.start), half)
    else:
        cut(pen, row, b, (x1 - ex, y1 - ey), (x1 + ex, y1 + ey))


@compiled
def _run(pen, drawn, run, base):
    """Walk a run of points, whose first piece has the number `base` in the plan."""
    points, plan = drawn.polylines.points, drawn.plan
    pieces, bands = plan.pieces, plan.bands
    row, start, stop, is_ring, half = run
    if bands[base, 0] <= bands[base, 1] and int(pieces[base, KIND]) & BLOT:
        _blot(pen, points, run)
        return
    count = stop - start
    segments = count if is_ring else count - 1
    came = False
    k = segments - 1
    while is_ring and k >= 0 and not came:
        came = _bends(plan, base + k)
        after = start + (k + 1 if k + 1 < count else 0)
        k = -1 if segment_of(points, row, start + k, after).length > 0 else k - 1
    reach = 1.5 * half
    for k in range(segments):
        slot = base + k
        after = start + (k + 1 if k + 1 < count else 0)
        segment = segment_of(points, row, start + k, after)
        if segment.length == 0:
            continue
        bends = _bends(plan, slot)
        if bands[slot, 0] <= bands[slot, 1]:
            x0, y0, x1, y1 = pieces[slot, X0], pieces[slot, Y0], pieces[slot, X1], pieces[slot, Y1]
            low, high = min(y0, y1) - reach, max(y0, y1) + reach
            if high > pen.walk.low and low < pen.walk.high:
                planned = (x0, y0, x1, y1, int(pieces[slot, KIND])), bends
                _piece(pen, points, run, segment, planned, came)
        came = bends


@compiled
def walk_strokes(walk, drawn, rates, rows, room):
    """Walk the borders of strokes, of which `rows` are the numbers; to gather, what is in them."""
    points, half, closed = drawn.polylines
    plan = drawn.plan
    m = points.shape[1]
    slots = m if closed else m - 1
    for row in rows:
        inks = Inks(drawn.amounts, rates.inks, row)
        pen = Pen(walk, inks, rates, room.outline)
        own = half[min(row, half.size - 1)]
        start = 0
        while start < m:
            stop = lifted(points, row, start)
            if stop - start > 1:
                is_ring = closed and stop - start > 2
                run = _Run(row, start, stop, is_ring, own)
                _run(pen, drawn, run, row * slots + start)
            start = stop + 1
        if walk.inked and not walk.scatters and own > LEAST:
            for slot in range(row * slots, (row + 1) * slots):
                if plan.bands[slot, 0] <= plan.bands[slot, 1]:
                    under_piece(walk, inks, plan.pieces, slot, own, room)


@compiled
def walk_disks(walk, disks, rates, rows, room):
    """Walk the borders of disks, of which `rows` are the numbers; to gather, what is in them.

    Of centers (n, 2), radii (n,), and densities. Their rates are those of points (n, 1, 2), of half
    widths and of inks.
    """
    centers, radii, amounts = disks
    outline, differences = room.outline, room.differences
    xs, ys = outline
    for row in rows:
        x, y, radius = centers[row, 0], centers[row, 1], radii[min(row, radii.size - 1)]
        if not (abs(x) <= LARGEST and abs(y) <= LARGEST and radius > 0):
            continue
        if not (y + 1.2 * radius > walk.low and y - 1.2 * radius < walk.high):
            continue
        inks = Inks(amounts, rates.inks, row)
        moves = rates.points[row, 0, 0], rates.points[row, 0, 1], rates.half[row]
        if radius * SIDE <= 1:
            n, reach = 4, radius * SIDE / 2
            xs[0], ys[0], xs[1], ys[1] = x - reach, y - reach, x + reach, y - reach
            xs[2], ys[2], xs[3], ys[3] = x + reach, y + reach, x - reach, y + reach
        else:
            n = outlines.circle(outline, (x, y), radius)
        gx, gy, gr = ring(walk, inks, outline, n, (x, y), radius, moves)
        if not walk.scatters:
            rates.points[row, 0, 0] += gx
            rates.points[row, 0, 1] += gy
            rates.half[row] += gr
            if walk.inked:
                under_polygon(flat_pixels(walk), inks, outline, n, differences)
