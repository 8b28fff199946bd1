"""The borders of strokes and disks as they are drawn, and how fast they move with their numbers.

A stroke is drawn as signed polygons (`gradart.rendering.ink.stroke_kernel`); where two of them
meet, their common edges cancel, and these are left: a line on each side of every segment, the
chords of arcs around corners and ends, and cuts where nothing is filled in. All moves are those of
the polygons that are drawn, not of the shapes that these stand for; what is decided in whole steps,
how many chords an arc has or whether a corner is filled, is held.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink import outlines
from gradart.rendering.ink.adjoint_edges import Inks, Walk, edge
from gradart.rendering.ink.binning import STEEP, THIN


class Rates(NamedTuple):
    """How fast points (n, m, 2), half widths (n,) and densities (n, c) change.

    They are read to scatter; to gather, what the sum gains by a unit of each is added to them.
    """

    points: np.ndarray
    half: np.ndarray
    inks: np.ndarray


class Pen(NamedTuple):
    """What walks the border of a stroke: with its ink, its rates, and room for vertices."""

    walk: Walk
    inks: Inks
    rates: Rates
    outline: outlines.Outline


class Segment(NamedTuple):
    """The segment from point a to point b of a polyline: its direction and its length."""

    row: int
    a: int
    b: int
    ux: float
    uy: float
    length: float


@compiled
def segment_of(points, row, a, b):
    """Return the segment between two points of a row; of no length, it has no direction."""
    x, y = points[row, b, 0] - points[row, a, 0], points[row, b, 1] - points[row, a, 1]
    length = math.hypot(x, y)
    if length == 0:
        return Segment(row, a, b, 0.0, 0.0, 0.0)
    return Segment(row, a, b, x / length, y / length, length)


@compiled
def _turning(rates, segment):
    """Return how fast a segment turns, in radians."""
    row, a, b, ux, uy, length = segment
    x = rates.points[row, b, 0] - rates.points[row, a, 0]
    y = rates.points[row, b, 1] - rates.points[row, a, 1]
    return (ux * y - uy * x) / length


@compiled
def _add_turning(rates, segment, gain):
    """The transpose of `_turning`."""
    row, a, b, ux, uy, length = segment
    x, y = -uy * gain / length, ux * gain / length
    rates.points[row, b, 0] += x
    rates.points[row, b, 1] += y
    rates.points[row, a, 0] -= x
    rates.points[row, a, 1] -= y


@compiled
def _swelling(turn, chords):
    """Return the relative rate, to that of the turn, of how far an arc's inner vertices lie out."""
    if chords < 2:
        return 0.0
    angle = turn / chords
    s, c = math.sin(angle), math.cos(angle)
    if abs(angle) < 1e-3:
        bend, growth = 1.0, angle / 3
    else:
        bend, growth = angle / s, (s - angle * c) / (s * s)
    inner = chords - 2
    swell = bend
    if inner > 0:
        swell = (math.sqrt(1 + inner * chords * bend) - 1) / inner
    return growth / (2 * (inner * swell + 1) * swell)


@compiled
def growing(rates, segment):
    """Return how fast a segment gets longer."""
    row, a, b, ux, uy, _ = segment
    moves = rates.points
    x, y = moves[row, b, 0] - moves[row, a, 0], moves[row, b, 1] - moves[row, a, 1]
    return ux * x + uy * y


@compiled
def add_growing(rates, segment, gain):
    """Add to what points gain: the transpose of `growing`."""
    row, a, b, ux, uy, _ = segment
    rates.points[row, b, 0] += ux * gain
    rates.points[row, b, 1] += uy * gain
    rates.points[row, a, 0] -= ux * gain
    rates.points[row, a, 1] -= uy * gain


@compiled
def _chain(pen, n, swelling, center, half, moves):
    """Walk a chain of n vertices, on an arc around a point (x, y) or a line across it.

    swelling: as `_swelling` returns it. moves: how fast the center, half the width, and the
    directions of the first and the last vertex change (x, y, half, first, last). Returns what is
    gained by a unit of each of these.
    """
    xs, ys = pen.outline
    px, py = center
    mx, my, mh, m0, m1 = moves
    gx, gy, gh, g0, g1 = 0.0, 0.0, 0.0, 0.0, 0.0
    chords = n - 1
    for k in range(chords):
        ax, ay, bx, by = xs[k], ys[k], xs[k + 1], ys[k + 1]
        out_x, out_y = by - ay, ax - bx
        # How far outwards both ends move: as the arc grows, and as it turns.
        ra, rb = out_x * (ax - px) + out_y * (ay - py), out_x * (bx - px) + out_y * (by - py)
        ta, tb = out_y * (ax - px) - out_x * (ay - py), out_y * (bx - px) - out_x * (by - py)
        sa, sb = k / chords, (k + 1) / chords
        wa = ra * swelling if k > 0 else 0.0
        wb = rb * swelling if k + 1 < chords else 0.0
        a0, a1, b0, b1 = (1 - sa) * ta - wa, sa * ta + wa, (1 - sb) * tb - wb, sb * tb + wb
        ra, rb = ra / half, rb / half
        shift = out_x * mx + out_y * my
        speeds = shift + ra * mh + a0 * m0 + a1 * m1, shift + rb * mh + b0 * m0 + b1 * m1
        one, two = edge(pen.walk, pen.inks, (ax, ay), (bx, by), speeds)
        gx, gy = gx + out_x * (one + two), gy + out_y * (one + two)
        gh += ra * one + rb * two
        g0 += a0 * one + b0 * two
        g1 += a1 * one + b1 * two
    return gx, gy, gh, g0, g1


@compiled
def cap(pen, points, segment, center, half, way, used):
    """Walk the end of a stroke at a center (x, y): of its start, way -1, or its end, way 1.

    Thick ones end before their last point, and more so the wider they are: `used` are the first
    and the last of the points whose segments are shorter than that and not drawn.
    """
    walk, _, rates, outline = pen
    row, a, b, ux, uy, _ = segment
    (x, y), (dx, dy) = center, (way * half * uy, -way * half * ux)
    thick = half > THIN
    if thick:
        n = outlines.arc(outline, 0, center, (dx, dy), math.pi, half)
    else:
        outline.xs[0], outline.ys[0], outline.xs[1], outline.ys[1] = x + dx, y + dy, x - dx, y - dy
        n = 2
    at = a if way < 0 else b
    shift = (x - points[row, at, 0]) * ux + (y - points[row, at, 1]) * uy
    turning = _turning(rates, segment)
    slide = 0.0
    if thick:
        slide = math.pi / 4 * rates.half[row]
        for k in range(used[0], used[1]):
            slide -= growing(rates, segment_of(points, row, k, k + 1))
    mx = rates.points[row, at, 0] - way * slide * ux - shift * turning * uy
    my = rates.points[row, at, 1] - way * slide * uy + shift * turning * ux
    gains = _chain(pen, n, 0.0, center, half, (mx, my, rates.half[row], turning, turning))
    if walk.scatters:
        return
    gx, gy, gh, g0, g1 = gains
    rates.points[row, at, 0] += gx
    rates.points[row, at, 1] += gy
    rates.half[row] += gh
    _add_turning(rates, segment, g0 + g1 + shift * (ux * gy - uy * gx))
    if thick:
        slide = -way * (gx * ux + gy * uy)
        rates.half[row] += math.pi / 4 * slide
        for k in range(used[0], used[1]):
            add_growing(rates, segment_of(points, row, k, k + 1), -slide)


@compiled
def corner(pen, points, one, two, half):
    """Walk the arcs on both sides of where segment two follows segment one."""
    walk, _, rates, outline = pen
    row, at = one.row, one.b
    ux, uy, vx, vy = one.ux, one.uy, two.ux, two.uy
    center = points[row, at, 0], points[row, at, 1]
    turn = math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
    before, after = _turning(rates, one), _turning(rates, two)
    mx, my, mh = rates.points[row, at, 0], rates.points[row, at, 1], rates.half[row]
    n = outlines.arc(outline, 0, center, (half * uy, -half * ux), turn, half)
    swelling = _swelling(turn, n - 1)
    right = _chain(pen, n, swelling, center, half, (mx, my, mh, before, after))
    n = outlines.arc(outline, 0, center, (-half * vy, half * vx), -turn, half)
    left = _chain(pen, n, -swelling, center, half, (mx, my, mh, after, before))
    if walk.scatters:
        return
    rates.points[row, at, 0] += right[0] + left[0]
    rates.points[row, at, 1] += right[1] + left[1]
    rates.half[row] += right[2] + left[2]
    _add_turning(rates, one, right[3] + left[4])
    _add_turning(rates, two, right[4] + left[3])


@compiled
def cut(pen, row, at, p, q):
    """Walk a cut from p to q, across the border of a stroke; it moves as point `at` does."""
    points = pen.rates.points
    out_x, out_y = q[1] - p[1], p[0] - q[0]
    speed = out_x * points[row, at, 0] + out_y * points[row, at, 1]
    one, two = edge(pen.walk, pen.inks, p, q, (speed, speed))
    if not pen.walk.scatters:
        points[row, at, 0] += out_x * (one + two)
        points[row, at, 1] += out_y * (one + two)


@compiled
def side(pen, points, segment, p, q, side):
    """Walk a line beside a segment, from p to q.

    side: 1 to the left, from the segment's end to its start; -1 to the right, the other way.
    """
    walk, inks, rates, _ = pen
    row, a, b, ux, uy, length = segment
    x, y = points[row, a, 0], points[row, a, 1]
    sp = ((p[0] - x) * ux + (p[1] - y) * uy) / length
    sq = ((q[0] - x) * ux + (q[1] - y) * uy) / length
    long = side * ((p[0] - q[0]) * ux + (p[1] - q[1]) * uy)
    moves = rates.points
    at_a = side * (ux * moves[row, a, 1] - uy * moves[row, a, 0])
    at_b = side * (ux * moves[row, b, 1] - uy * moves[row, b, 0])
    first = long * ((1 - sp) * at_a + sp * at_b + rates.half[row])
    last = long * ((1 - sq) * at_a + sq * at_b + rates.half[row])
    one, two = edge(walk, inks, p, q, (first, last))
    if walk.scatters:
        return
    one, two = long * one, long * two
    rates.half[row] += one + two
    to_a, to_b = side * (one * (1 - sp) + two * (1 - sq)), side * (one * sp + two * sq)
    moves[row, a, 0] -= uy * to_a
    moves[row, a, 1] += ux * to_a
    moves[row, b, 0] -= uy * to_b
    moves[row, b, 1] += ux * to_b


@compiled
def offset(kind, direction, half, is_cut):
    """Return how far the border's left side is from a piece's end (x, y): where it is cut."""
    ux, uy = direction
    if not is_cut:
        return -half * uy, half * ux
    if kind & STEEP:
        return -half / uy, 0.0
    return 0.0, half / ux


@compiled
def ring(walk, inks, outline, n, center, radius, moves):
    """Walk a polygon of n vertices around the center of a disk; moves: of (x, y, radius).

    Returns what is gained by a unit of each.
    """
    xs, ys = outline
    px, py = center
    mx, my, mr = moves
    gx, gy, gr = 0.0, 0.0, 0.0
    for k in range(n):
        q = k + 1 if k + 1 < n else 0
        out_x, out_y = ys[q] - ys[k], xs[k] - xs[q]
        growth = (out_x * (xs[k] - px) + out_y * (ys[k] - py)) / radius
        speed = out_x * mx + out_y * my + growth * mr
        one, two = edge(walk, inks, (xs[k], ys[k]), (xs[q], ys[q]), (speed, speed))
        gx += out_x * (one + two)
        gy += out_y * (one + two)
        gr += growth * (one + two)
    return gx, gy, gr
