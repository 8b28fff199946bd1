"""The compiled packing of circles: how much room a place has, and darts that become circles.

Circles lie in lists by size and place: those of level l have a radius of at most largest / 2^l, and
their centers lie in square cells as wide as such a circle, or wider where cells would be too many;
a cell's circles are a list, whose newest comes first.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

# Of the tally: circles, darts thrown since the last one that became a circle.
COUNT, MISSED = range(2)


class Placed(NamedTuple):
    """The circles that have found their places, as lists in the cells of each level.

    heads: (levels, m, m), each cell's newest circle, or -1; following: (n,), the one before it;
    circles: (n, 3), x, y and the radius, grown by the gap that is kept; plan: (levels, 2), the
    largest of these radii on each level, and the width of its cells.
    """

    heads: np.ndarray
    following: np.ndarray
    circles: np.ndarray
    plan: np.ndarray


@compiled
def room(x, y, most, least, placed):
    """The largest radius, `most` at most, of a circle at (x, y) that keeps off all others.

    Of no interest once it is below `least`.
    """
    heads, following, circles, plan = placed
    for level in range(len(heads)):
        reach, width = most + plan[level, 0], plan[level, 1]
        last = heads.shape[1] - 1
        left, right = max(int((x - reach) / width), 0), min(int((x + reach) / width), last)
        low, high = max(int((y - reach) / width), 0), min(int((y + reach) / width), last)
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                k = heads[level, row, column]
                while k >= 0:
                    dx, dy = circles[k, 0] - x, circles[k, 1] - y
                    far = most + circles[k, 2]
                    if dx * dx + dy * dy < far * far:
                        most = math.sqrt(dx * dx + dy * dy) - circles[k, 2]
                        if most < least:
                            return most
                    k = following[k]
    return most


@compiled
def rooms(places, off, most, least, placed, found):
    """The room, `most` at most, at places (k, 2) where the shape itself leaves `off` (k,).

    least: (k,), below which it is of no interest.
    """
    for i in range(len(places)):
        found[i] = min(off[i], most)
        if found[i] >= least[i]:
            x, y = places[i]
            found[i] = room(x, y, found[i], least[i], placed)


@compiled
def throw(darts, off, radii, gap, placed, tally):
    """Make circles of darts (k, 2), in turn, where there is room for the next that is wanted.

    radii: (n, 2), the least and largest radius of each circle that is wanted. The circle is as
    large as it can be. What is stored in `circles` has a radius that is grown by the gap, and so
    the room that is left for others is without it.
    """
    heads, following, circles, plan = placed
    n = len(radii)
    for i in range(len(darts)):
        k = tally[COUNT]
        if k == n:
            return
        x, y, least = darts[i, 0], darts[i, 1], radii[k, 0]
        most = min(off[i], radii[k, 1])
        if most >= least:
            most = room(x, y, most, least, placed)
        if most < least:
            tally[MISSED] += 1
            continue
        level = 0
        while level + 1 < len(heads) and most + gap <= plan[level + 1, 0]:
            level += 1
        row, column = int(y / plan[level, 1]), int(x / plan[level, 1])
        circles[k, 0], circles[k, 1], circles[k, 2] = x, y, most + gap
        following[k] = heads[level, row, column]
        heads[level, row, column] = k
        tally[COUNT], tally[MISSED] = k + 1, 0


@compiled
def signed_distance(places, corners, found):
    """The signed distance (k,) of places (k, 2) from outlines, negative inside.

    corners: (m, 4), each line's start and end. Inside is where they wind around, by any number.
    """
    for i in range(len(places)):
        x, y = places[i, 0], places[i, 1]
        nearest, winding = math.inf, 0
        for j in range(len(corners)):
            ax, ay = corners[j, 0] - x, corners[j, 1] - y
            bx, by = corners[j, 2] - x, corners[j, 3] - y
            ex, ey = bx - ax, by - ay
            square = ex * ex + ey * ey
            along = -(ax * ex + ay * ey) / square if square > 0 else 0.0
            along = min(max(along, 0.0), 1.0)
            px, py = ax + along * ex, ay + along * ey
            nearest = min(nearest, px * px + py * py)
            if (ay <= 0) != (by <= 0):
                left = ax * by - ay * bx
                if ay <= 0 and left > 0:
                    winding += 1
                elif by <= 0 and left < 0:
                    winding -= 1
        found[i] = -math.sqrt(nearest) if winding != 0 else math.sqrt(nearest)
