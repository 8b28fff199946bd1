"""A still of more points than a page should hold, as the pixels of its sheet."""

import math
from gzip import compress

import numpy as np

from gradart.drawing.marks import raster
from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Many, Mark, Raster
from gradart.rendering.html.packing import in_levels, packed
from gradart.rendering.html.scene_arrays import scene_arrays
from gradart.rendering.pipeline import Still

_MANY = 4_000_000  # numbers, of which a page would be one of five megabytes
_BYTES = 1_300_000  # of pixels, which are a third more as a text
_PX = 2000  # of the long side, where they are not too many


def is_heavy(scene: Scene) -> bool:
    """Whether a scene has so many points that its pixels are far less: of `ga.many`, say."""
    return sum(map(_numbers, scene.marks)) > _MANY


def _numbers(mark: Mark) -> int:
    if isinstance(mark.shape, Many):
        return mark.shape.count * sum(map(_numbers, mark.shape.block(0)))
    if isinstance(mark.shape, Raster):
        return 0
    _, arrays = scene_arrays(Scene((mark,), np.zeros(4)))
    return sum(math.prod(np.shape(array)) for array in arrays)


def as_pixels(still: Still, transparent: bool) -> Scene:
    """A scene of one picture that covers the sheet, of as many pixels as a page can hold."""
    px = _PX
    while True:
        pixels = in_levels(still.pixels(px, transparent=transparent)[::-1] / 255)
        size = len(compress(packed(pixels).data, 6))
        if size <= _BYTES:
            break
        px = int(px * min(0.95, math.sqrt(_BYTES / size)))
    page, lies = still.composition.page, still.placement

    def box(inset: float) -> np.ndarray:
        """The sheet, or what is so many mm within it, in the artist's units."""
        x = (np.array([inset, page.width - inset]) - lies.dx) / lies.scale
        y = (lies.dy - np.array([page.height - inset, inset])) / lies.scale
        return np.stack([x, y], -1)

    return Scene((raster(pixels, box(0)),), still.scene.paper, box(page.margin))
