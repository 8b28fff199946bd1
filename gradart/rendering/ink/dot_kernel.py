"""Dots, compiled: disks of any sizes and inks; and specks, within a pixel and all alike.

What limits specks, by the million, is memory, so a place is packed into 8 bytes: the lower left
corner of the square that is drawn, 16.16 bits for each axis, one pixel added so that none is
negative. Each worker puts its specks in chunks, each of one band of rows, linked to the chunk of
that band before it: so nothing is counted first, and who draws a band reads on and on. Indices are
unsigned where it counts: of others the compiler asks whether they are negative.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

import math
from typing import NamedTuple

import numpy as np

from gradart.numba_jit import compiled
from gradart.rendering.ink import outlines
from gradart.rendering.ink.coverage import SIDE, Band, Ink, begin_band, fill, finish_band, lay

ONE = 1 << 16  # a pixel
WIDEST = ONE // 2 - 2  # pixels of a canvas whose corners fit in
CHUNK = 512


class Chunks(NamedTuple):
    """Corners (m * CHUNK,) uint64 that a worker packed, each chunk of one band.

    earlier: (m,) int64, the chunk of the same band before each, or -1; ends: (bands,) uint64, where
    each band's last chunk is filled up to, 0 if there is none. Those of all workers have an axis
    more, the first.
    """

    corners: np.ndarray
    earlier: np.ndarray
    ends: np.ndarray


@compiled
def draw_disks(canvas, share, shares, banded, radius, amounts, room):
    """Draw what is in every band b with b % shares == share.

    Disks (n, 2) of one radius (1,) and amount of ink (1, c), or (n, 3 + c) with their own: these
    are written to radius and amounts, so that who draws reads on and on, and does not wait for
    memory. If the canvas writes to a total, these disks are all there are.
    """
    sums, width = canvas.sums, canvas.raster.width
    disks, starts = banded
    step = amounts.shape[1]
    ink = Ink(amounts, 0)
    seen = 0
    for b in range(share, starts.size - 1, shares):
        base, low, high, read = begin_band(canvas, b, step, starts[b + 1] - starts[b])
        band = Band(sums, base, width, low, high)
        seen |= read
        for k in range(starts[b], starts[b + 1]):
            if disks.shape[1] > 2:
                radius[0] = disks[k, 2]
                for channel in range(step):
                    amounts[0, channel] = disks[k, 3 + channel]
            r = radius[0]
            side = r * SIDE
            if side > 1:
                n = outlines.circle(room.outline, (disks[k, 0], disks[k, 1]), r)
                fill(band, room.outline, n, room.scratch, ink)
                continue
            x, y = disks[k, 0] - side / 2, disks[k, 1] - side / 2
            i, j = math.floor(x), math.floor(y)
            right, upper = max(x + side - (i + 1), 0.0), max(y + side - (j + 1), 0.0)
            for dj in range(2):
                tall = upper if dj else side - upper
                if low <= j + dj < high:
                    at = ((j + dj) * width + i) * step - base
                    if 0 <= i < width:
                        lay(sums, at, tall * (side - right), ink)
                    if 0 <= i + 1 < width:
                        lay(sums, at + step, tall * right, ink)
        finish_band(canvas, band, step)
    return seen


@compiled
def _put(chunks, taken, b, corner):
    """Put a corner in the last chunk of band b, or a new one; return how many are taken."""
    corners, earlier, ends = chunks
    at = ends[b]
    if at % CHUNK == 0:  # full, or none yet
        earlier[taken] = at // CHUNK - 1
        at = np.uint64(taken * CHUNK)
        taken += 1
    corners[at] = corner
    ends[b] = at + np.uint64(1)
    return taken


@compiled
def pack(places, side, begin, end, raster, chunks):
    """Put specks begin to end of (n, 2), squares of this side, into empty chunks."""
    width, height, shift = raster
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
        taken = _put(chunks, taken, first, corner)
        if first != last:
            taken = _put(chunks, taken, last, corner)


@compiled
def _lay(sums, at, amount):
    sums[np.uint64(at)] += np.int64(amount + 0.5)


@compiled
def _draw(band, corners, begin, end, side, ink):
    """Lay corners begin to end, each of a square within two by two pixels, on a band."""
    sums, _, width, low, high = band
    for k in range(np.uint64(begin), np.uint64(end)):
        column, line = np.int64(corners[k] & 0xFFFFFFFF), np.int64(corners[k] >> 32)
        i, j = (column >> 16) - 1, (line >> 16) - 1
        right = max((column & 0xFFFF) * (1 / ONE) + (side - 1), 0.0)
        upper = max((line & 0xFFFF) * (1 / ONE) + (side - 1), 0.0)
        left, lower = side - right, (side - upper) * ink
        upper *= ink
        at = j * width + i
        if (low <= j) & (j + 1 < high) & (i >= 0) & (i + 1 < width):
            _lay(sums, at, lower * left)
            _lay(sums, at + 1, lower * right)
            _lay(sums, at + width, upper * left)
            _lay(sums, at + width + 1, upper * right)
            continue
        for dj in range(2):
            tall = upper if dj else lower
            if low <= j + dj < high:
                if 0 <= i < width:
                    _lay(sums, at + dj * width, tall * left)
                if 0 <= i + 1 < width:
                    _lay(sums, at + dj * width + 1, tall * right)


@compiled
def draw_specks(canvas, share, shares, chunks, side, ink, marks):
    """Draw what all workers packed, squares of this side, of every band b with b % shares == share.

    The canvas holds all bands, in one channel, which gains so much ink; marks: how many specks a
    band has on the average.
    """
    corners, earlier, ends = chunks
    seen = 0
    for b in range(share, ends.shape[1], shares):
        base, low, high, read = begin_band(canvas, b, 1, marks)
        band = Band(canvas.sums, base, canvas.raster.width, low, high)
        seen |= read
        for k in range(len(ends)):
            end = np.int64(ends[k, b])
            while end > 0:
                chunk = (end - 1) // CHUNK
                _draw(band, corners[k], chunk * CHUNK, end, side, ink)
                end = (earlier[k, chunk] + 1) * CHUNK
    return seen
