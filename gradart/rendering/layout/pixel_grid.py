"""The pixels that a page becomes, all of them or those of a view: how many, and where they lie.

A view is painted as the part that it shows of the whole page's picture, pixel for pixel: its pixels
are counted from that picture's top left one, and none lies between two of them. So is a band, which
has some rows of that picture: one too large to be held is painted band by band.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gradart.rendering.layout.page import SIDE_LIMIT, Page, pixel_size, sides

View = tuple[float, float, float, float]  # a part of a page: left, top, width, height in mm

_ABOVE = 4  # rows; with 1 a pixel in ten million is off, with 3 none was found
_PAINTED = 1 << 25  # px that cairo paints on at a time: 128 MiB


@dataclass(frozen=True)
class PixelGrid:
    """`width` x `height` pixels, `unit` of them to the mm of a page.

    `corner` is where the page's top left corner lies, (x, y) in px from that of the pixels;
    `start` the column and the row of the first pixel in the picture of the whole page. Cairo paints
    on `beside` more columns to the left and to the right, and on `above` more rows above and below.
    """

    width: int
    height: int
    unit: float
    corner: tuple[float, float]
    start: tuple[int, int] = (0, 0)
    beside: tuple[int, int] = (0, 0)
    above: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """The shape of a picture: (height, width)."""
        return self.height, self.width

    @property
    def is_exact(self) -> bool:
        """Whether a view has the very pixels of the whole page's picture."""
        return self.above > 0

    @property
    def view(self) -> View:
        """The part of the page that the pixels show."""
        x, y = self.corner
        return (-x / self.unit, -y / self.unit, self.width / self.unit, self.height / self.unit)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Return points (..., 2) in mm from the page's corner as px from that of the pixels."""
        return points * self.unit + np.array(self.corner)


def pixel_grid(page: Page, px: int) -> PixelGrid:
    """Return the pixels of a page whose long side has `px`; ArtError where they are too many."""
    pixel_size(page, px)
    return _grid(page, px)


def _grid(page: Page, px: int) -> PixelGrid:
    width, height = sides(page, px)
    unit = px / max(page.width, page.height)
    # The short side is rounded to whole pixels: what is centered in mm stays centered.
    corner = (width - page.width * unit) / 2, (height - page.height * unit) / 2
    return PixelGrid(width, height, unit, corner)


def is_large(grid: PixelGrid) -> bool:
    """Whether a picture has so many pixels that it is painted in bands."""
    return grid.width * grid.height > _PAINTED


def bands(grid: PixelGrid, most: int, multiple: int = 1) -> Iterator[PixelGrid]:
    """The rows of a picture in bands from top to bottom, of `most` pixels or hardly more.

    Each but the last has a `multiple` of rows.
    """
    count = -(-grid.width * grid.height // most)
    rows = -(-grid.height // (count * multiple)) * multiple
    x, y = grid.corner
    for top in range(0, grid.height, rows):
        height = min(rows, grid.height - top)
        yield PixelGrid(grid.width, height, grid.unit, (x, y - top), (0, top), above=_ABOVE)


def view_grid(page: Page, view: View, px: int) -> tuple[PixelGrid, PixelGrid]:
    """Return the pixels of a view whose long side has `px`, and those of its page at that size.

    Both are as near to what was asked for as whole pixels are. The page's may be more than a
    picture can have; ArtError where the view's are.
    """
    left, top, width, height = view
    across, down = pixel_size(Page(width, height, 0.0), px)
    whole = _grid(page, max(1, round(px / max(width, height) * max(page.width, page.height))))
    x, y = whole.corner
    # A view from farther away shows as little of the page as one beside it.
    start = (
        round(min(max(left * whole.unit + x, -across), whole.width)),
        round(min(max(top * whole.unit + y, -down), whole.height)),
    )
    grid = PixelGrid(across, down, whole.unit, (x - start[0], y - start[1]), start)
    if max(whole.size) <= SIDE_LIMIT and whole.width * down <= _PAINTED:
        # How cairo rounds the coverage of a pixel depends on all of the outline's edges in its row,
        # and on what it has met in the rows above.
        beside = max(0, start[0]), max(0, whole.width - start[0] - across)
        grid = replace(grid, beside=beside, above=_ABOVE)
    return grid, whole
