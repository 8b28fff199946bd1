"""Isolines of a table of heights, compiled: lines through the cells of a grid, all levels at once.

A line has the higher side on its left, and begins where it enters the table, or, closed, in the
first cell whose far corner it cuts off: as those of contourpy, which walks all
cells for each level.
The nodes of a table (rows, columns) have the numbers of its elements, row by row; a cell has that
of its far corner.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled, inlined

# How a line comes into its first cell: from below, from the left, from the right, from above, the
# edge of the table all of them; or from the right or from above, with a line that is closed.
SOUTH, WEST, EAST, NORTH, RIGHT, ABOVE = range(6)


class Table(NamedTuple):
    """Heights (rows * columns,), x (columns,) and y (rows,) of the nodes, and levels (k,).

    above: (rows * columns,) uint32, how many of the levels, sorted, are below each node. curved:
    whether heights run as a cubic from node to node, which is nearer a smooth field, or evenly.
    """

    heights: np.ndarray
    x: np.ndarray
    y: np.ndarray
    levels: np.ndarray
    above: np.ndarray
    curved: bool


class Starts(NamedTuple):
    """Where lines may begin, cells (n,) int64 and ways into them (n,) uint8, level by level.

    free: (k,) int64, where there is room for the next one of each level.
    """

    cells: np.ndarray
    ways: np.ndarray
    free: np.ndarray


@inlined
def _middle(table, n):
    """Return the mean of the heights at the corners of cell n."""
    heights, columns = table.heights, table.x.size
    low = heights[n - columns - 1] + heights[n - columns]
    return 0.25 * (low + heights[n - 1] + heights[n])


@compiled
def rank(table):
    """Note how many of the levels are below each node."""
    heights, levels, above = table.heights, table.levels, table.above
    for n in range(heights.size):
        above[n] = 0
    for k in range(levels.size):
        level = levels[k]
        for n in range(heights.size):
            above[n] += np.uint32(heights[n] > level)


@inlined
def _note(starts, k, cell, way):
    """Note where a line of level k may begin, or count it where there is no room."""
    at = starts.free[k]
    if starts.cells.size:
        starts.cells[at], starts.ways[at] = cell, way
    starts.free[k] = at + 1


@compiled
def _find_at_edges(table, n, edges, starts):
    """Note where lines may begin in cell n, which is the lowest, first, last or highest one."""
    above, columns = table.above, table.x.size
    nw, ne, sw, se = above[n - 1], above[n], above[n - columns - 1], above[n - columns]
    lowest, first, last, highest = edges
    for k in range(min(nw, ne, sw, se), max(nw, ne, sw, se)):
        if lowest and sw > k >= se:
            _note(starts, k, n, SOUTH)
        if first and nw > k >= sw:
            _note(starts, k, n, WEST)
        if last and se > k >= ne:
            _note(starts, k, n, EAST)
        if highest and ne > k >= nw:
            _note(starts, k, n, NORTH)
        if not last and not highest:
            _find_within(table, n, k, starts)


@inlined
def _find_within(table, n, k, starts):
    """Note whether a closed line of level k may begin in cell n, whose far corner it cuts off."""
    above, columns = table.above, table.x.size
    nw, ne, sw, se = above[n - 1], above[n], above[n - columns - 1], above[n - columns]
    if min(nw, se) > k >= ne and (sw > k or _middle(table, n) > table.levels[k]):
        _note(starts, k, n, RIGHT)
    elif ne > k >= max(nw, se) and not (sw > k and _middle(table, n) > table.levels[k]):
        _note(starts, k, n, ABOVE)


@compiled
def find_starts(table, starts):
    """Note where lines of each level may begin, in the order of cells; count what levels cross.

    Without room in `starts` they are counted alone. Return how often levels cross edges.
    """
    above, rows, columns = table.above, table.y.size, table.x.size
    crossings = np.int64(0)
    for n in range(1, above.size):  # also from the end of a row to the next one: it is room alone
        crossings += abs(np.int64(above[n]) - np.int64(above[n - 1]))
    for n in range(columns, above.size):
        crossings += abs(np.int64(above[n]) - np.int64(above[n - columns]))
    for j in range(1, rows):
        for i in range(1, columns):
            n = j * columns + i
            if i == 1 or j == 1 or i == columns - 1 or j == rows - 1:
                edges = j == 1, i == 1, i == columns - 1, j == rows - 1
                _find_at_edges(table, n, edges, starts)
                continue
            nw, ne, se = above[n - 1], above[n], above[n - columns]
            if min(nw, se) > ne or ne > max(nw, se):
                for k in range(min(nw, ne, se), max(nw, ne, se)):
                    _find_within(table, n, k, starts)
    return crossings


@inlined
def _edge(high, low, columns):
    """Return the number of the edge between two nodes, of which each has two."""
    return 2 * min(high, low) + (abs(high - low) == columns)


@inlined
def _place(cell, i, j, node, columns):
    """Return column and row of a corner of a cell, whose far one is in column i and row j."""
    back = cell - node
    down = 1 if back >= columns else 0
    return i - back + down * columns, j - down


@inlined
def _rises(before, low, high, after, level):
    """Return where from 0 to 1 a cubic is on a level, through heights at -1, 0, 1 and 2.

    Where it does not rise all the way that Newton's method takes, as a straight line is.
    """
    line = part = (low - level) / (low - high)
    a, b = (6 * high - 2 * before - 3 * low - after) / 6, (before - 2 * low + high) / 2
    c = (after - before + 3 * (low - high)) / 6
    for _ in range(4):
        slope = a + part * (2 * b + 3 * part * c)
        if not slope > 0:
            return line
        part -= (low + part * (a + part * (b + part * c)) - level) / slope
    return part if 0 <= part <= 1 else line


@inlined
def _cross(table, level, cell, corners, line, at):
    """Write where a level lies between two corners of a cell: its number, column and row."""
    (cell, i, j), (high, low) = cell, corners
    heights, x, y, columns, rows = table.heights, table.x, table.y, table.x.size, table.y.size
    a, b = _place(cell, i, j, high, columns)
    c, d = _place(cell, i, j, low, columns)
    part = (heights[low] - level) / (heights[low] - heights[high])
    inside = min(2 * c - a, 2 * a - c, 2 * d - b, 2 * b - d) >= 0
    inside &= max(2 * c - a, 2 * a - c) < columns and max(2 * d - b, 2 * b - d) < rows
    if table.curved and inside:
        before, after = heights[2 * low - high], heights[2 * high - low]
        part = _rises(before, heights[low], heights[high], after, level)
    line[at, 0] = x[a] * part + x[c] * (1 - part)
    line[at, 1] = y[b] * part + y[d] * (1 - part)


@compiled
def _follow(table, k, cell, way, marks, line, at):
    """Write the line that begins so, and return where it ends: at `at` if it begins elsewhere."""
    levels, above, columns, rows = table.levels, table.above, table.x.size, table.y.size
    level, closed = levels[k], way >= RIGHT
    # On to the next cell is `ahead`, to its left side `left`, from node to node.
    if way == SOUTH:
        ahead, left, high = columns, -1, cell - columns - 1
    elif way == WEST:
        ahead, left, high = 1, columns, cell - 1
    elif way in (NORTH, ABOVE):
        ahead, left, high = -columns, 1, cell
    else:
        ahead, left, high = -1, -columns, cell - columns
    low = high - left  # the line crosses from one to the other: the first is on its left
    i, j, end = cell % columns, cell // columns, at
    first = _edge(high, low, columns)
    if closed and marks[first] == k + 1:
        return at
    while True:
        _cross(table, level, (cell, i, j), (high, low), line, end)
        end += 1
        edge = _edge(high, low, columns)
        if closed and marks[edge] == k + 1:
            return end if edge == first else at
        marks[edge] = k + 1
        on_left, on_right = above[high + ahead] > k, above[low + ahead] > k
        if on_left and not on_right:
            high, low = high + ahead, low + ahead
        elif not on_left and (not on_right or not _middle(table, cell) > level):
            low = high + ahead
            ahead, left = left, -ahead
        else:
            high = low + ahead
            ahead, left = -left, ahead
        if (
            (ahead == 1 and i == columns - 1)
            or (ahead == -1 and i == 1)
            or (ahead == columns and j == rows - 1)
            or (ahead == -columns and j == 1)
        ):
            if closed:
                return at
            _cross(table, level, (cell, i, j), (high, low), line, end)
            return end + 1
        cell += ahead
        if abs(ahead) == 1:
            i += ahead
        else:
            j += 1 if ahead > 0 else -1


@compiled
def trace(table, k, starts, span, marks, line, at):
    """Write the lines of level k, each with NaN behind it, to `line` (m, 2) from `at` on.

    starts: from span[0] to span[1] those of the level. marks: int32, two for each node, of the
    edges to the next one and to the one above it, none of them k + 1. Return where they end.
    """
    for s in range(span[0], span[1]):
        end = _follow(table, k, starts.cells[s], starts.ways[s], marks, line, at)
        if end > at:
            line[end, 0] = line[end, 1] = np.nan
            at = end + 1
    return at
