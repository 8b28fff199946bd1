"""Which shapes lie over which: the cells of a grid that each covers, found row by row.

A path is an array (m, 2) of points in cells: that of row i and column j has its center at (j, i).
It covers what lies within `reach` of it and, if it is filled, all that is between its ends in a
row. A point that is not finite lifts the pen.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, arrays of float64, and of int32 for the grid.

import math

from gradart.numba_jit import compiled


@compiled
def _ends(path, k):
    """Return the coordinates of both ends of segment k of a path."""
    return path[k, 0], path[k, 1], path[k + 1, 0], path[k + 1, 1]


@compiled
def _meet(x0, y0, x1, y1, y, low, high):
    """Return low and high, moved apart to hold where a segment crosses the height y."""
    if y0 != y1 and min(y0, y1) <= y <= max(y0, y1):
        x = x0 + (x1 - x0) * ((y - y0) / (y1 - y0))
        low, high = min(low, x), max(high, x)
    return low, high


@compiled
def _span(ends, reach, y):
    """Return the lowest and highest x within `reach` of a segment at the height y."""
    x0, y0, x1, y1 = ends
    low, high = math.inf, -math.inf
    for x, rise in ((x0, y - y0), (x1, y - y1)):
        if abs(rise) <= reach:
            half = math.sqrt(reach * reach - rise * rise)
            low, high = min(low, x - half), max(high, x + half)
    length = math.hypot(x1 - x0, y1 - y0)
    if length > 0:
        across, up = reach * (y0 - y1) / length, reach * (x1 - x0) / length
        for side in (-1, 1):
            dx, dy = side * across, side * up
            low, high = _meet(x0 + dx, y0 + dy, x1 + dx, y1 + dy, y, low, high)
        for x, end in ((x0, y0), (x1, y1)):
            low, high = _meet(x - across, end - up, x + across, end + up, y, low, high)
    return low, high


@compiled
def _within(low, high, count):
    """Return the first of 0 to count - 1 between low and high, and the one after the last."""
    if not low <= high or low > count or high < 0:
        return 0, 0
    return math.ceil(max(low, 0.0)), math.floor(min(high, count - 1.0)) + 1


@compiled
def _reached(path, k, reach, count):
    """Return the first of `count` rows that segment k of a path covers, and the one after the last.

    Both are 0 where the pen is lifted.
    """
    x0, y0, x1, y1 = _ends(path, k)
    if not math.isfinite(x0 + y0 + x1 + y1):
        return 0, 0
    return _within(min(y0, y1) - reach, max(y0, y1) + reach, count)


@compiled
def _between(path, reach, lows, highs):
    """Write into lows and highs (rows,) the lowest and highest x that a path reaches in each."""
    lows[:], highs[:] = math.inf, -math.inf
    for k in range(len(path) - 1):
        first, end = _reached(path, k, reach, len(lows))
        ends = _ends(path, k)
        for i in range(first, end):
            low, high = _span(ends, reach, i)
            lows[i], highs[i] = min(lows[i], low), max(highs[i], high)


@compiled
def _row(top, i, low, high, writes, number):
    """Return the largest number in the cells of row i from low to high, -1 if there are none.

    Or, if it `writes`, give them all this number.
    """
    found = -1
    first, end = _within(low, high, top.shape[1])
    if writes:
        for j in range(first, end):
            top[i, j] = number
    else:
        for j in range(first, end):
            found = max(found, top[i, j])
    return found


@compiled
def _rows(top, path, reach, filled, room, writes, number):
    """Return the largest number, or write one, row by row in all cells that a path covers."""
    found = -1
    if filled:
        lows, highs = room
        _between(path, reach, lows, highs)
        for i in range(len(top)):
            found = max(found, _row(top, i, lows[i], highs[i], writes, number))
        return found
    for k in range(len(path) - 1):
        first, end = _reached(path, k, reach, len(top))
        ends = _ends(path, k)
        for i in range(first, end):
            low, high = _span(ends, reach, i)
            found = max(found, _row(top, i, low, high, writes, number))
    return found


@compiled
def highest(top, path, reach, filled, lows, highs):
    """Return the largest number in the cells of a grid that a path covers; -1 if there are none.

    `lows` and `highs` (rows of the grid,) are room to work in, as in `cover`.
    """
    return _rows(top, path, reach, filled, (lows, highs), False, 0)


@compiled
def cover(top, path, reach, filled, lows, highs, number):
    """Write a number into all cells of a grid that a path covers."""
    _rows(top, path, reach, filled, (lows, highs), True, number)


@compiled
def looked_at(path, reach, filled, rows, columns):
    """Estimate the work of `highest` and `cover`: the cells and rows that they look at."""
    cells, most = 0.0, float(rows * columns)
    for k in range(len(path) - 1):
        first, end = _reached(path, k, reach, rows)
        if first < end:
            x0, y0, x1, y1 = _ends(path, k)
            left, right = _within(min(x0, x1) - reach, max(x0, x1) + reach, columns)
            stroke = 2 * reach * (math.hypot(x1 - x0, y1 - y0) + 2 * reach)
            box = (end - first) * max(right - left, 0)
            cells += end - first + (0.0 if filled else min(stroke, box))
    return cells + (most if filled else 0.0)
