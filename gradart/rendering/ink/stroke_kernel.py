"""Strokes, compiled: what `gradart.rendering.ink.density` adds up of lines.

What is missing between the bodies of a stroke (`gradart.rendering.ink.strips`) at a corner, or
where a curve turns from flat to steep, and at the ends of one that is not thin, is one signed
polygon; at a corner its area is zero in all.
"""

# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64 unless said otherwise.

from gradart.numba_jit import compiled, inlined
from gradart.rendering.ink import outlines
from gradart.rendering.ink.binning import (
    AWAY,
    BLOT,
    CLOSES,
    FIELDS,
    FINE,
    KIND,
    OPENS,
    STEEP,
    STROKE,
    THIN,
)
from gradart.rendering.ink.coverage import Band, Ink, begin_band, fill, finish_band
from gradart.rendering.ink.straight_strokes import straight
from gradart.rendering.ink.strips import Frame, lay_strip, strip_of


@inlined
def _piece(pieces, k, half, raster):
    """Return the fields of piece k, in their order, or those that straight stroke k is."""
    if pieces.shape[1] < FIELDS:
        return straight(pieces, k, half, raster)
    return (
        pieces[k, 0], pieces[k, 1], pieces[k, 2], pieces[k, 3], pieces[k, 4], pieces[k, 5],
        pieces[k, 6], pieces[k, 7], int(pieces[k, KIND]), int(pieces[k, STROKE]),
    )  # fmt: skip


@compiled
def draw_strokes(canvas, share, shares, banded, half, amounts, room):
    """Draw what is in every band b with b % shares == share.

    half (1,) or (n,), amounts of ink (1, c) or (n, c). If the canvas writes to a total, these
    pieces are all there are.
    """
    sums, width = canvas.sums, canvas.raster.width
    pieces, starts = banded
    outline, scratch, lanes = room
    step = amounts.shape[1]
    seen = 0
    for b in range(share, starts.size - 1, shares):
        base, low, high, read = begin_band(canvas, b, step, starts[b + 1] - starts[b])
        band = Band(sums, base, width, low, high)
        seen |= read
        for k in range(starts[b], starts[b + 1]):
            x0, y0, x1, y1, ux, uy, vx, vy, kind, stroke = _piece(pieces, k, half, canvas.raster)
            if kind & AWAY:
                continue
            h = half[min(stroke, half.size - 1)]
            ink = Ink(amounts, min(stroke, amounts.shape[0] - 1))
            if kind & BLOT:
                n = outlines.circle(outline, (x0, y0), x1)
                fill(band, outline, n, scratch, ink)
                continue
            thin = h <= THIN
            squares = (thin and kind & OPENS != 0, thin and kind & CLOSES != 0)
            # Chosen without a branch, since half of them would be foreseen wrong.
            steep = kind & STEEP != 0
            frame = Frame(
                sums,
                base,
                width * step if steep else step,
                step if steep else width * step,
                low if steep else 0,
                high if steep else width,
                0 if steep else low,
                width if steep else high,
            )
            ends = (
                y0 if steep else x0,
                x0 if steep else y0,
                y1 if steep else x1,
                x1 if steep else y1,
            )
            way = uy if steep else ux, ux if steep else uy
            strip = strip_of(ends, way, squares, h)
            lay_strip(frame, strip, ink, lanes)
            if h <= FINE:
                continue
            reach = 1.5 * h  # beyond it an end is in another band
            if not thin and kind & OPENS and low < y0 + reach and y0 - reach < high:
                n = outlines.cap(outline, (x0, y0), (-ux, -uy), h)
                fill(band, outline, n, scratch, ink)
            if low < y1 + reach and y1 - reach < high:
                if not thin and kind & CLOSES:
                    n = outlines.cap(outline, (x1, y1), (ux, uy), h)
                    fill(band, outline, n, scratch, ink)
                elif vx != 0 or vy != 0:
                    n = outlines.corner(outline, (x1, y1), (ux, uy), (vx, vy), h)
                    fill(band, outline, n, scratch, ink)
        finish_band(canvas, band, step)
    return seen
