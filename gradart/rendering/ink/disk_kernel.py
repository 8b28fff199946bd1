"""Disks, compiled: what `gradart.rendering.ink.density` adds up of dots that are no `specks`."""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math

from gradart.numba_jit import compiled

# Numba's cache follows the text of this file alone; that of those below is 8e4260b9.
from gradart.rendering.ink import outlines
from gradart.rendering.ink.coverage import SIDE, begin_band, fill, finish_band, lay


@compiled
def draw_disks(
    canvas, total, width, height, shift, share, shares, disks, starts, radius, ink,
    xs, ys, scratch, places, lows, rises, covers, areas, shades, bits,
):  # fmt: skip
    """The same for disks (n, 2) of one radius (1,) and ink (1, c), or (n, 3 + c) with their own.

    These are written to radius and ink: who draws reads on and on, and does not wait for memory.
    """
    step = ink.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        marks = starts[b + 1] - starts[b]
        low, high, base, read = begin_band(canvas, total, b, width, height, shift, step, marks)
        seen |= read
        for k in range(starts[b], starts[b + 1]):
            if disks.shape[1] > 2:
                radius[0] = disks[k, 2]
                for channel in range(step):
                    ink[0, channel] = disks[k, 3 + channel]
            r = radius[0]
            side = r * SIDE
            if side > 1:
                n = outlines.circle(xs, ys, disks[k, 0], disks[k, 1], r)
                fill(canvas, base, width, low, high, xs, ys, n, scratch, ink, 0)
                continue
            x, y = disks[k, 0] - side / 2, disks[k, 1] - side / 2
            i, j = math.floor(x), math.floor(y)
            right, upper = max(x + side - (i + 1), 0.0), max(y + side - (j + 1), 0.0)
            for dj in range(2):
                tall = upper if dj else side - upper
                if low <= j + dj < high:
                    at = ((j + dj) * width + i) * step - base
                    if 0 <= i < width:
                        lay(canvas, at, tall * (side - right), ink, 0)
                    if 0 <= i + 1 < width:
                        lay(canvas, at + step, tall * right, ink, 0)
        finish_band(canvas, base, total, high * width * step)
    return seen
