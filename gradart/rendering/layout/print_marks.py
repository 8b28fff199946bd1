"""What a print shop wants around a page: bleed to cut into, and marks that say where to cut."""

import numpy as np

from gradart.drawing.shapes import Lines, Mark, Raster
from gradart.drawing.style import Style
from gradart.rendering.layout.page import Cut, Page

_GAP = 3.0  # mm from the cut at which marks begin at the nearest, so that none is left on the page
_LENGTH = 5.0  # mm of a mark
_OVER = 1.0  # mm that the white reaches beyond the sheet
_WIDTH = 0.25 * 25.4 / 72  # a quarter of a point, in mm
_BLACK = np.array([0.0, 0.0, 0.0, 1.0])
_CELL = np.ones((1, 1, 4))  # of white


def printed(page: Page, bleed: float, marked: bool) -> Page:
    """A page as it is printed: `bleed` mm more on each side, and room for crop marks if `marked`.

    The drawing lies on it as it does on the page.
    """
    around = max(bleed, _GAP) + _LENGTH if marked else bleed
    if not around:
        return page
    width, height = page.width + 2 * around, page.height + 2 * around
    return Page(width, height, page.margin + around, Cut(around, bleed, marked))


def print_marks(page: Page) -> list[Mark]:
    """What lies over all that is drawn: white outside of the bleed, and lines at the corners.

    The white is a picture, as the paper is: what a plotter reads as geometry it would draw.
    """
    cut = page.cut
    if cut is None or not cut.marked:
        return []
    inner, right, low = cut.around - cut.bleed, page.width + _OVER, page.height + _OVER
    # They lie over each other and beyond the sheet: of pixels that they share no seam is seen.
    bands = (
        ((-_OVER, -_OVER), (right, inner)),
        ((-_OVER, page.height - inner), (right, low)),
        ((-_OVER, -_OVER), (inner, low)),
        ((page.width - inner, -_OVER), (right, low)),
    )
    white = [Mark(Raster(_CELL, np.array(band)), _style(None)) for band in bands]
    return [*white, Mark(Lines(_corners(page, cut)), _style(_BLACK))]


def _style(stroke: np.ndarray | None) -> Style:
    return Style(stroke, np.array(_WIDTH), None)


def _corners(page: Page, cut: Cut) -> np.ndarray:
    """Two lines outside of each corner, (8, 2, 2)."""
    found = []
    for side in 0, 1:  # lines that say at which x, and those that say at which y
        long, across = (page.height, page.width) if side == 0 else (page.width, page.height)
        for place in cut.around, across - cut.around:
            for start, end in ((0.0, _LENGTH), (long - _LENGTH, long)):
                line = np.array([(place, start), (place, end)])
                found.append(line if side == 0 else line[:, ::-1])
    return np.array(found)
