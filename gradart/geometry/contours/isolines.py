"""Isolines of a table of heights: all levels traced at once, where all heights are finite."""

import numpy as np


def isolines(
    x: np.ndarray, y: np.ndarray, heights: np.ndarray, levels: np.ndarray, curved: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The lines of each level in a table of finite heights (rows, columns).

    Its columns are at `x` (columns,), its rows at `y` (rows,). Of all `levels` (k,) in one array
    (m, 2), with NaN behind each line, and of a level without a line NaN alone; and how many of the
    rows are of each level, (k,). Between two nodes heights are `curved` as a cubic through four of
    them, or change evenly.
    """
    from gradart.geometry.contours import isoline_kernel

    order = np.argsort(levels, kind="stable")
    table = isoline_kernel.Table(
        np.ascontiguousarray(heights, np.float64).ravel(),
        np.ascontiguousarray(x, np.float64),
        np.ascontiguousarray(y, np.float64),
        np.ascontiguousarray(levels[order], np.float64),
        np.empty(heights.size, np.uint32),
        curved,
    )
    isoline_kernel.rank(table)
    free = np.zeros(len(levels), np.int64)
    none = isoline_kernel.Starts(np.empty(0, np.int64), np.empty(0, np.uint8), free)
    crossings = isoline_kernel.find_starts(table, none)
    ends = np.cumsum(free)
    n = int(ends[-1])
    starts = isoline_kernel.Starts(np.empty(n, np.int64), np.empty(n, np.uint8), ends - free)
    isoline_kernel.find_starts(table, starts)
    # A closed line has its first point twice, and what begins elsewhere is written over.
    line = np.empty((2 * (crossings + n + len(levels)), 2))
    marks = np.zeros(2 * heights.size, np.int32)
    sizes, at = np.empty(len(levels), np.int64), 0
    for row, k in enumerate(np.argsort(order).tolist()):  # in the order that they were given in
        span = int(ends[k] - free[k]), int(ends[k])
        end = isoline_kernel.trace(table, k, starts, span, marks, line, at)
        if end == at:
            line[end] = np.nan
            end += 1
        sizes[row], at = end - at, end
    return line[:at], sizes
