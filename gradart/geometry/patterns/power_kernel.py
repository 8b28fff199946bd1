"""Integrals of a table of density over cells, compiled: summed along the sides between them.

By Green's theorem the integral of f over a cell is that of F dy along its sides, where F is the
integral of f from the left as far as x. The density is constant within a pixel, so that along the
part of a side within one pixel all that is summed here is cubic at most, and two points of Gauss
integrate it exactly. A side is walked once, for the cells on its left and on its right.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math

from gradart.numba_jit import compiled

GAUSS = 1 / math.sqrt(3)


@compiled
def integrals(starts, ends, left, right, sums, moments, inks):
    """Add up mass, x, y, x^2 and y^2 of each cell, and the density along each side.

    Sides go from starts (k, 2) to ends (k, 2) in pixels, between the cells `left` and `right` (k,).
    sums: (4, rows, columns + 1), the density of each pixel, and the sums of it, of x and of x^2
    from the left as far as each column. moments: (n, 5), of each cell, begin at 0; inks: (k,),
    the mean density along each side, which is 0 outside of the table.
    """
    rows, columns = sums.shape[1], sums.shape[2] - 1
    for k in range(len(starts)):
        x0, y0 = starts[k]
        dx, dy = ends[k, 0] - x0, ends[k, 1] - y0
        t, last = 0.0, 1.0
        if dy != 0:
            a, b = -y0 / dy, (rows - y0) / dy
            t, last = max(t, min(a, b)), min(last, max(a, b))
        elif y0 < 0 or y0 > rows:
            continue
        if dx == 0 and dy == 0:
            continue
        x_step, x_line = _first(x0 + t * dx, dx, columns)
        y_step, y_line = _first(y0 + t * dy, dy, rows)
        mass = sum_x = sum_y = sum_xx = sum_yy = ink = 0.0
        while t < last:
            tx, ty = _reached(x_line, x0, dx, columns), _reached(y_line, y0, dy, rows)
            until = min(tx, ty, last)
            if until > t:
                middle = (t + until) / 2
                row = min(max(math.floor(y0 + middle * dy), 0), rows - 1)
                column = math.floor(min(max(x0 + middle * dx, -1.0), columns))
                if column >= 0:
                    density = sums[0, row, column] if column < columns else 0.0
                    ink += density * (until - t)
                    for sign in (-GAUSS, GAUSS):
                        at = middle + sign * (until - t) / 2
                        x, y, w = x0 + at * dx, y0 + at * dy, dy * (until - t) / 2
                        f = w * (sums[1, row, column] + density * (x - column))
                        mass += f
                        sum_y += f * y
                        sum_yy += f * y * y
                        sum_x += w * (sums[2, row, column] + density * (x**2 - column**2) / 2)
                        sum_xx += w * (sums[3, row, column] + density * (x**3 - column**3) / 3)
                t = until
            if tx <= until:
                x_line += x_step
            if ty <= until:
                y_line += y_step
        inks[k] = ink
        found = (mass, sum_x, sum_y, sum_xx, sum_yy)
        for m in range(5):
            moments[left[k], m] += found[m]
            moments[right[k], m] -= found[m]


@compiled
def _first(x, dx, n):
    """Which way the lines between pixels follow, and the first of them, 0 to n, past x."""
    if dx > 0:
        return 1.0, max(math.floor(x) + 1.0, 0.0)
    return -1.0, min(math.ceil(x) - 1.0, float(n))


@compiled
def _reached(line, x0, dx, n):
    """How far along a side a line between pixels is crossed; never if there is no such line."""
    if dx == 0 or line < 0 or line > n:
        return math.inf
    return (line - x0) / dx
