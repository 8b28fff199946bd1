"""Specks, compiled: disks of one size within a pixel, of one ink, by the million.

What limits these is memory, so a place is packed into 8 bytes: the lower left corner of the square
that is drawn, 16.16 bits for each axis, one pixel added so that none is negative. Each worker puts
its specks in chunks, each of one band of rows, linked to the chunk of that band before it: so
nothing is counted first, and who draws a band reads on and on. Indices are unsigned where it
counts: of others the compiler asks whether they are negative.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import numpy as np

from gradart.numba_jit import compiled

# Numba's cache follows the text of this file alone; that of those below is 8e4260b9.
from gradart.rendering.ink.coverage import warm

ONE = 1 << 16  # a pixel
WIDEST = ONE // 2 - 2  # pixels of a canvas whose corners fit in
CHUNK = 512


@compiled
def _put(chunks, earlier, ends, taken, b, corner):
    """Put a corner in the last chunk of band b, or a new one; return how many are taken."""
    at = ends[b]
    if at % CHUNK == 0:  # full, or none yet
        earlier[taken] = at // CHUNK - 1
        at = np.uint64(taken * CHUNK)
        taken += 1
    chunks[at] = corner
    ends[b] = at + np.uint64(1)
    return taken


@compiled
def pack(places, side, begin, end, width, height, shift, chunks, earlier, ends):
    """Put specks begin to end of (n, 2) into chunks, (m * CHUNK,) uint64, of bands of 2^shift rows.

    earlier: (m,) int64, the chunk of the same band before each, or -1; ends: (bands,) uint64, zero,
    where each band's last chunk is filled up to, 0 if there is none.
    """
    shifted = (1 - side / 2) * ONE + 0.5
    right, top = (width + 1.0) * ONE, (height + 1.0) * ONE
    taken = 0
    for k in range(begin, end):
        x, y = places[k, 0] * ONE + shifted, places[k, 1] * ONE + shifted
        if not (0 <= x < right and 0 <= y < top):  # nor is NaN
            continue
        column, line = np.int64(x), np.int64(y)
        row = (line >> 16) - 1
        first = np.uint64(max(row, 0) >> shift)
        last = np.uint64(min(row + 1, height - 1) >> shift)
        corner = np.uint64((line << 32) | column)
        taken = _put(chunks, earlier, ends, taken, first, corner)
        if first != last:
            taken = _put(chunks, earlier, ends, taken, last, corner)


@compiled
def _lay(canvas, at, amount):
    canvas[np.uint64(at)] += np.int64(amount + 0.5)


@compiled
def _draw(canvas, width, low, high, corners, begin, end, side, ink):
    """Lay corners begin to end, each of a square within two by two pixels, on rows low to high."""
    for k in range(np.uint64(begin), np.uint64(end)):
        column, line = np.int64(corners[k] & 0xFFFFFFFF), np.int64(corners[k] >> 32)
        i, j = (column >> 16) - 1, (line >> 16) - 1
        right = max((column & 0xFFFF) * (1 / ONE) + (side - 1), 0.0)
        upper = max((line & 0xFFFF) * (1 / ONE) + (side - 1), 0.0)
        left, lower = side - right, (side - upper) * ink
        upper *= ink
        at = j * width + i
        if (low <= j) & (j + 1 < high) & (i >= 0) & (i + 1 < width):
            _lay(canvas, at, lower * left)
            _lay(canvas, at + 1, lower * right)
            _lay(canvas, at + width, upper * left)
            _lay(canvas, at + width + 1, upper * right)
            continue
        for dj in range(2):
            tall = upper if dj else lower
            if low <= j + dj < high:
                if 0 <= i < width:
                    _lay(canvas, at + dj * width, tall * left)
                if 0 <= i + 1 < width:
                    _lay(canvas, at + dj * width + 1, tall * right)


@compiled
def draw_specks(
    canvas, width, height, shift, share, shares, chunks, earlier, ends, marks, side, ink
):
    """Draw every band b with b % shares == share of what the workers packed, (workers, ...)."""
    seen = 0
    for b in range(share, ends.shape[1], shares):
        low, high = b << shift, min((b + 1) << shift, height)
        seen |= warm(canvas, low * width, high * width, marks)
        for k in range(len(ends)):
            end = np.int64(ends[k, b])
            while end > 0:
                chunk = (end - 1) // CHUNK
                _draw(canvas, width, low, high, chunks[k], chunk * CHUNK, end, side, ink)
                end = (earlier[k, chunk] + 1) * CHUNK
    return seen
