"""Triangles that lie before points, and those that are nearest the eye, compiled.

A triangle's corners are on the page, (x, y), and have a nearness that is linear on it: the depth's
negative from afar, its inverse from nearby.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 or int64.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled

SLACK = 1e-9  # in shares of a triangle: so no ray passes between two that meet


class Flat(NamedTuple):
    """Triangles (k, 3) on the page: points (n, 2), their nearness (n,), and a grid's frame.

    The frame is x0 and y0, and how far its nodes are apart, or the sides of its cells.
    """

    points: np.ndarray
    nearness: np.ndarray
    triangles: np.ndarray
    frame: np.ndarray


class Nearest(NamedTuple):
    """The triangles that are nearest: nearness and number (...), shares of corners (..., 3)."""

    nearness: np.ndarray
    number: np.ndarray
    share: np.ndarray


@compiled
def _shares(points, triangle, x, y):
    """The shares of a triangle's corners at a point of the page; NaN if it has no area."""
    ax, ay = points[triangle[0], 0], points[triangle[0], 1]
    bx, by = points[triangle[1], 0] - ax, points[triangle[1], 1] - ay
    cx, cy = points[triangle[2], 0] - ax, points[triangle[2], 1] - ay
    area = bx * cy - by * cx
    if not math.isfinite(area) or area == 0:
        return math.nan, math.nan, math.nan
    b = ((x - ax) * cy - (y - ay) * cx) / area
    c = (bx * (y - ay) - by * (x - ax)) / area
    return 1 - b - c, b, c


@compiled
def _span(points, triangle, axis, low, cell, count):
    """From which to which of so many cells along an axis a triangle reaches; none if it is NaN."""
    a, b, c = points[triangle[0], axis], points[triangle[1], axis], points[triangle[2], axis]
    if not math.isfinite(a + b + c):
        return 0, -1
    first = math.floor((min(a, b, c) - low) / cell)
    last = math.floor((max(a, b, c) - low) / cell)
    return min(max(first, 0), count - 1), min(max(last, 0), count - 1)


@compiled
def fill(flat, starts, bins):
    """Put triangles in the lists of the cells (columns, rows) that they reach into.

    `starts` counts them first, where `bins` is empty, and then says where in `bins` the next one of
    a cell comes to stand.
    """
    points, _, triangles, frame = flat
    columns, rows = starts.shape
    for k in range(triangles.shape[0]):
        i0, i1 = _span(points, triangles[k], 0, frame[0], frame[2], columns)
        j0, j1 = _span(points, triangles[k], 1, frame[1], frame[2], rows)
        for i in range(i0, i1 + 1):
            for j in range(j0, j1 + 1):
                if bins.shape[0]:
                    bins[starts[i, j]] = k
                starts[i, j] += 1


@compiled
def nearest(flat, ends, bins, at, found):
    """Find the nearest triangles at points (n, 2) of the page; -inf and -1 where there is none.

    `ends` (columns, rows) says where in `bins` the list of each cell ends.
    """
    points, nearness, triangles, frame = flat
    columns, rows = ends.shape
    for n in range(at.shape[0]):
        found.nearness[n], found.number[n] = -math.inf, -1
        x, y = at[n, 0], at[n, 1]
        if not math.isfinite(x + y):
            continue
        i = math.floor((x - frame[0]) / frame[2])
        j = math.floor((y - frame[1]) / frame[2])
        if i < 0 or j < 0 or i >= columns or j >= rows:
            continue
        cell = i * rows + j
        start = ends[(cell - 1) // rows, (cell - 1) % rows] if cell else 0
        for place in range(start, ends[i, j]):
            triangle = triangles[bins[place]]
            a, b, c = _shares(points, triangle, x, y)
            if a >= -SLACK and b >= -SLACK and c >= -SLACK:
                here = a * nearness[triangle[0]] + b * nearness[triangle[1]]
                here += c * nearness[triangle[2]]
                if here > found.nearness[n]:
                    found.nearness[n], found.number[n] = here, bins[place]
                    found.share[n, 0], found.share[n, 1], found.share[n, 2] = a, b, c


@compiled
def paint(flat, found):
    """Find the nearest triangles at the nodes (columns, rows) of a grid.

    What is found begins at -inf and -1, and stays so where there is none.
    """
    points, nearness, triangles, frame = flat
    columns, rows = found.number.shape
    for k in range(triangles.shape[0]):
        i0, i1 = _span(points, triangles[k], 0, frame[0], frame[2], columns)
        j0, j1 = _span(points, triangles[k], 1, frame[1], frame[2], rows)
        for i in range(i0, i1 + 1):
            for j in range(j0, j1 + 1):
                x, y = frame[0] + i * frame[2], frame[1] + j * frame[2]
                a, b, c = _shares(points, triangles[k], x, y)
                if a >= -SLACK and b >= -SLACK and c >= -SLACK:
                    here = a * nearness[triangles[k, 0]] + b * nearness[triangles[k, 1]]
                    here += c * nearness[triangles[k, 2]]
                    if here > found.nearness[i, j]:
                        found.nearness[i, j], found.number[i, j] = here, k
                        found.share[i, j, 0], found.share[i, j, 1] = a, b
                        found.share[i, j, 2] = c
