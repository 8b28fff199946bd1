"""Triangles that lie before points, and those that are nearest the eye, compiled.

A triangle's corners are on the page, (x, y), and have a nearness that is linear on it: the depth's
negative from afar, its inverse from nearby.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math

from gradart.numba_jit import compiled

SLACK = 1e-9  # in shares of a triangle: so no ray passes between two that meet


@compiled
def _shares(flat, triangle, x, y):
    """The shares of the corners of a triangle (3,) at a point of the page; NaN if it has no area."""
    ax, ay = flat[triangle[0], 0], flat[triangle[0], 1]
    bx, by = flat[triangle[1], 0] - ax, flat[triangle[1], 1] - ay
    cx, cy = flat[triangle[2], 0] - ax, flat[triangle[2], 1] - ay
    area = bx * cy - by * cx
    if not math.isfinite(area) or area == 0:
        return math.nan, math.nan, math.nan
    b = ((x - ax) * cy - (y - ay) * cx) / area
    c = (bx * (y - ay) - by * (x - ax)) / area
    return 1 - b - c, b, c


@compiled
def _span(flat, triangle, axis, low, cell, count):
    """From which to which of so many cells along an axis a triangle reaches; none if it is NaN."""
    a, b, c = flat[triangle[0], axis], flat[triangle[1], axis], flat[triangle[2], axis]
    if not math.isfinite(a + b + c):
        return 0, -1
    first = int(math.floor((min(a, b, c) - low) / cell))
    last = int(math.floor((max(a, b, c) - low) / cell))
    return min(max(first, 0), count - 1), min(max(last, 0), count - 1)


@compiled
def fill(flat, triangles, frame, starts, bins):
    """Put triangles (k, 3) in the lists of the cells that they reach into.

    The frame is x0, y0 and the size of a cell. `starts` (columns, rows + 1) ... counts them first,
    where `bins` is empty, and then says where in `bins` the next one of a cell comes to stand.
    """
    columns, rows = starts.shape
    for k in range(triangles.shape[0]):
        i0, i1 = _span(flat, triangles[k], 0, frame[0], frame[2], columns)
        j0, j1 = _span(flat, triangles[k], 1, frame[1], frame[2], rows)
        for i in range(i0, i1 + 1):
            for j in range(j0, j1 + 1):
                if bins.shape[0]:
                    bins[starts[i, j]] = k
                starts[i, j] += 1


@compiled
def nearest(flat, nearness, triangles, frame, ends, bins, at, found, number, share):
    """The nearest triangle at points (n, 2) of the page: how near it is, its number, its shares.

    found and number (n,) are -inf and -1 where there is none; share is (n, 3).
    """
    columns, rows = ends.shape
    for n in range(at.shape[0]):
        found[n], number[n] = -math.inf, -1
        x, y = at[n, 0], at[n, 1]
        if not math.isfinite(x + y):
            continue
        i = int(math.floor((x - frame[0]) / frame[2]))
        j = int(math.floor((y - frame[1]) / frame[2]))
        if i < 0 or j < 0 or i >= columns or j >= rows:
            continue
        cell = i * rows + j
        start = ends[(cell - 1) // rows, (cell - 1) % rows] if cell else 0
        for place in range(start, ends[i, j]):
            triangle = triangles[bins[place]]
            a, b, c = _shares(flat, triangle, x, y)
            if a >= -SLACK and b >= -SLACK and c >= -SLACK:
                here = a * nearness[triangle[0]] + b * nearness[triangle[1]]
                here += c * nearness[triangle[2]]
                if here > found[n]:
                    found[n], number[n] = here, bins[place]
                    share[n, 0], share[n, 1], share[n, 2] = a, b, c


@compiled
def paint(flat, nearness, triangles, frame, depth, number, share):
    """The nearest triangle at the nodes (columns, rows) of a grid: its number, and its shares.

    depth and number (columns, rows) begin at -inf and -1; share is (columns, rows, 3).
    """
    columns, rows = depth.shape
    for k in range(triangles.shape[0]):
        i0, i1 = _span(flat, triangles[k], 0, frame[0], frame[2], columns)
        j0, j1 = _span(flat, triangles[k], 1, frame[1], frame[2], rows)
        for i in range(i0, i1 + 1):
            for j in range(j0, j1 + 1):
                x, y = frame[0] + i * frame[2], frame[1] + j * frame[2]
                a, b, c = _shares(flat, triangles[k], x, y)
                if a >= -SLACK and b >= -SLACK and c >= -SLACK:
                    here = a * nearness[triangles[k, 0]] + b * nearness[triangles[k, 1]]
                    here += c * nearness[triangles[k, 2]]
                    if here > depth[i, j]:
                        depth[i, j] = here
                        number[i, j] = k
                        share[i, j, 0], share[i, j, 1], share[i, j, 2] = a, b, c
