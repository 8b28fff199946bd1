"""The cells of a picture that a page shows, upright."""

from collections.abc import Iterator

import numpy as np

from gradart.drawing.shapes import Lines, Mark, Raster
from gradart.drawing.style import Style
from gradart.errors import ArtError
from gradart.rendering.layout.clipping import Window

PAGES = 4  # nothing inked in mm is wider than this many pages: cairo counts in fixed point
_SEEN = 1e-6  # mm; a picture less wide cannot be seen, nor its matrix be inverted


def shown_cells(
    pixels: np.ndarray, box: np.ndarray, what: str, window: Window, shift: np.ndarray
) -> Iterator[Mark]:
    """Yield the cells of a picture that the page shows, upright."""
    for axis in (0, 1):
        if box[0, axis] > box[1, axis]:
            pixels, box = np.flip(pixels, 1 - axis), box.copy()
            box[:, axis] = box[::-1, axis]
    count = np.array(pixels.shape[1::-1])
    cell = (box[1] - box[0]) / count
    if not (cell > 0).all():
        raise ArtError(f"{what}: its box has no area; write ((x0, y0), (x1, y1))")
    # Two cells more on every side: smoothing looks at the neighbors.
    with np.errstate(over="ignore"):
        first = np.clip(np.floor((window[0] - box[0]) / cell) - 2, 0, count).astype(int)
        last = np.clip(np.ceil((window[1] - box[0]) / cell) + 2, 0, count).astype(int)
    if (first >= last).any():
        return
    shown = pixels[first[1] : last[1], first[0] : last[0]]
    if (cell <= PAGES * (window[1] - window[0])).all():
        corners = np.stack([box[0] + first * cell, box[0] + last * cell]) + shift
        if (corners[1] - corners[0] > _SEEN).all():
            yield Mark(Raster(shown, corners), Style(None, np.array(0.0), None))
        return
    # Cells larger than the page, each as the rectangle that is seen of it.
    for row, column in np.ndindex(shown.shape[:2]):
        corner = box[0] + np.add(first, (column, row)) * cell
        (x0, y0), (x1, y1) = np.clip([corner, corner + cell], *window) + shift
        outline = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]])
        yield Mark(Lines(outline, True), Style(None, np.array(0.0), shown[row, column]))
