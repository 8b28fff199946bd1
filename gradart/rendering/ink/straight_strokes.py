"""Straight strokes before they are drawn: sorted by their ends alone, planned when they are drawn.

Of short strokes a piece would be most of the memory that they take, and most of the time.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math

import numpy as np

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink.binning import (
    BLOT,
    CLOSES,
    FINE,
    LARGEST,
    OPENS,
    SLACK,
    STEEP,
    THIN,
    clipped,
    norm,
)


@compiled
def plan_straight(strokes, half, begin, end, raster, plan):
    """Note and count the bands that straight strokes begin to end of (n, 4 or 5) touch."""
    width, height, shift = raster
    band, counts = plan.bands, plan.counts
    one = half.size == 1
    for k in range(begin, end):
        wide = half[0 if one else k]
        x0, y0, x1, y1 = strokes[k, 0], strokes[k, 1], strokes[k, 2], strokes[k, 3]
        reach = 1.5 * wide + SLACK
        above, below = min(y0, y1) - reach, max(y0, y1) + reach
        seen = (
            (min(x0, x1) < width + reach) & (max(x0, x1) > -reach) & (above < height) & (below > 0)
        )
        seen &= (abs(x0) <= LARGEST) & (abs(y0) <= LARGEST)
        seen &= (abs(x1) <= LARGEST) & (abs(y1) <= LARGEST)
        seen &= (wide > 0) & ((x0 != x1) | (y0 != y1))
        low, high = min(max(above, 0.0), height - 1.0), min(max(below, 0.0), height - 1.0)
        band[k, 0] = np.int32(low) >> shift if seen else 1
        band[k, 1] = np.int32(high) >> shift if seen else 0
    for k in range(begin, end):
        for b in range(band[k, 0], band[k, 1] + 1):
            counts[b] += 1


@inlined
def straight(strokes, k, half, raster):
    """Return the fields of the piece that straight stroke k is, as `_plan_run` plans it."""
    x0, y0, x1, y1 = strokes[k, 0], strokes[k, 1], strokes[k, 2], strokes[k, 3]
    stroke = int(strokes[k, 4]) if strokes.shape[1] > 4 else 0
    wide = half[min(stroke, half.size - 1)]
    length = norm(x1 - x0, y1 - y0)
    cut = math.pi / 4 * wide if wide > THIN else 0.0
    if length <= 2 * cut:
        radius = math.sqrt(2 * wide * length / math.pi)
        return (x0 + x1) / 2, (y0 + y1) / 2, radius, 0.0, 0.0, 0.0, 0.0, 0.0, BLOT, stroke
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    kind = STEEP if abs(uy) > abs(ux) else 0
    if wide > FINE:
        kind |= OPENS | CLOSES
    ends = x0 + cut * ux, y0 + cut * uy, x1 - cut * ux, y1 - cut * uy
    (x0, y0, x1, y1), kind = clipped(ends, kind, wide, raster)
    return x0, y0, x1, y1, ux, uy, 0.0, 0.0, kind, stroke
