"""The outlines of ends, corners and disks, as `gradart.rendering.ink.coverage` fills them.

Each function puts vertices into an outline, counterclockwise around what they add, and returns how
many these are. p is a point (x, y) of the stroke's center line, u and v directions of length 1.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and pairs of them.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink.binning import THIN

ROOM = 1100  # vertices: more than any of these has


class Outline(NamedTuple):
    """Room (ROOM,) for the coordinates of vertices."""

    xs: np.ndarray
    ys: np.ndarray


@compiled
def _steps(radius):
    """Return how many chords of a half circle stay within 0.04 px of it, half of that on a side."""
    return max(4.0, min(math.ceil(5.55 * math.sqrt(radius)), 256.0))


@compiled
def arc(outline, n, p, d, turn, half):
    """Append the arc around p from p + d through `turn` radians; a chain of the same area."""
    (px, py), (dx, dy) = p, d
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
        outline.xs[n], outline.ys[n] = px + scale * dx, py + scale * dy
        dx, dy = c * dx - s * dy, s * dx + c * dy
        n += 1
    return n


@compiled
def _cut(outline, n, p, u, side):
    """Append where a body around p along u is cut, `side` to its left: minus, to its right."""
    ux, uy = u
    outline.xs[n], outline.ys[n] = p
    if abs(uy) > abs(ux):
        outline.xs[n] -= side / uy
    else:
        outline.ys[n] += side / ux
    return n + 1


@compiled
def cap(outline, p, u, half):
    """From the cut at p to the half circle, or in a thin stroke the line, across the way u."""
    (px, py), (ux, uy) = p, u
    n = _cut(outline, 0, p, u, -half)
    if half > THIN:
        n = arc(outline, n, p, (half * uy, -half * ux), math.pi, half)
    else:
        outline.xs[n], outline.ys[n] = px + half * uy, py - half * ux
        outline.xs[n + 1], outline.ys[n + 1] = px - half * uy, py + half * ux
        n += 2
    return _cut(outline, n, p, u, half)


@compiled
def corner(outline, p, u, v, half):
    """Between the cuts of the body that comes along u and the body that leaves along v.

    On the outer side a round join; on the inner side, clockwise, what both bodies cover.
    """
    (ux, uy), (vx, vy) = u, v
    turn = math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)
    outline.xs[0], outline.ys[0] = p
    n = _cut(outline, 1, p, v, half)
    n = arc(outline, n, p, (-half * vy, half * vx), -turn, half)
    n = _cut(outline, n, p, u, half)
    outline.xs[n], outline.ys[n] = p
    n = _cut(outline, n + 1, p, u, -half)
    n = arc(outline, n, p, (half * uy, -half * ux), turn, half)
    return _cut(outline, n, p, v, -half)


@compiled
def circle(outline, p, radius):
    """A regular polygon of the area of the disk around p, alike in all axes."""
    px, py = p
    n = 8 * math.ceil(_steps(radius) / 4)
    angle = 2 * math.pi / n
    radius *= math.sqrt(angle / math.sin(angle))
    for k in range(n):
        outline.xs[k] = px + radius * math.cos(k * angle)
        outline.ys[k] = py + radius * math.sin(k * angle)
    return n
