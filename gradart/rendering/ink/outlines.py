"""The outlines of ends, corners and disks, as `gradart.rendering.ink.coverage` fills them.

Each function puts vertices into xs and ys, counterclockwise around what they add, and returns how
many these are. p is a point of the stroke's center line, u a direction of length 1.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64.

import math

from gradart.numba_jit import compiled
from gradart.rendering.ink.binning import THIN

ROOM = 1100  # vertices: more than any of these has


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
        swell = bend  # of the vertices between the ends, (steps - 2) swell^2 + 2 swell = steps bend
        if steps > 2:
            swell = (math.sqrt(1 + (steps - 2) * steps * bend) - 1) / (steps - 2)
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
def cap(xs, ys, px, py, ux, uy, half):
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
def corner(xs, ys, px, py, ux, uy, vx, vy, half):
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
def circle(xs, ys, px, py, radius):
    """A regular polygon of the area of the disk around p, alike in all axes."""
    n = 8 * math.ceil(_steps(radius) / 4)
    angle = 2 * math.pi / n
    radius *= math.sqrt(angle / math.sin(angle))
    for k in range(n):
        xs[k], ys[k] = px + radius * math.cos(k * angle), py + radius * math.sin(k * angle)
    return n
