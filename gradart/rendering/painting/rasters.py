"""Pictures as cairo paints them: their cells as rectangles where these are large, else smoothed."""

import numpy as np

from gradart.rendering.painting.cairo_library import libcairo
from gradart.rendering.painting.cairo_surfaces import Context, premultiplied, surface_on

_CRISP = 1.0  # mm; cells of a raster that are larger stay cells, smaller ones are a photograph


def paint_raster(context: Context, cells: np.ndarray, box: np.ndarray, unit: float) -> None:
    """Paint cells (h, w, 4), the first row on top, over a box in device units."""
    cairo = libcairo()
    rgba = np.round(cells * 255).astype(np.uint8)
    crisp = is_crisp(cells, box / unit)
    target = context.get_target()
    context.save()
    if isinstance(target, cairo.ImageSurface):
        # Resampled here: cairo's steps from pixel to pixel are multiples of 1/65536.
        corner, rgba = _resampled(rgba, box, (target.get_width(), target.get_height()), crisp)
        if rgba.size:
            context.set_source_surface(surface_on(premultiplied(rgba)), *map(float, corner))
            context.rectangle(*map(float, (*box[0], *(box[1] - box[0]))))
            context.fill()
    else:
        context.translate(*map(float, box[0]))
        context.scale(*map(float, (box[1] - box[0]) / rgba.shape[1::-1]))
        context.set_source_surface(surface_on(premultiplied(rgba)))
        context.get_source().set_filter(cairo.FILTER_NEAREST if crisp else cairo.FILTER_GOOD)
        context.paint()
    context.restore()


def is_crisp(cells: np.ndarray, box: np.ndarray) -> bool:
    """Return whether a raster's cells are drawn as rectangles: box (2, 2) in mm."""
    return bool(np.min((box[1] - box[0]) / cells.shape[1::-1]) > _CRISP)


def _resampled(
    rgba: np.ndarray, box: np.ndarray, size: tuple[int, int], crisp: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the top left corner and the pixels of a surface of `size` that the box touches."""
    from PIL import Image

    low = np.maximum(np.floor(box[0]), 0)
    high = np.minimum(np.ceil(box[1]), size)
    count = (high - low).astype(int)
    if (count <= 0).any():
        return low, rgba[:0]
    cells = np.array(rgba.shape[1::-1])
    edges = np.stack([low - box[0], high - box[0]]) * cells / (box[1] - box[0])
    # The pixels at the border reach beyond the cells, which are repeated outward: at most once,
    # as the mean of a picture smaller than a pixel does not change with more.
    margin = np.ceil(np.max([-edges[0], edges[1] - cells, [0, 0]], axis=0)) + 1
    across, down = margin = np.minimum(margin, cells).astype(int)
    padded = np.pad(rgba, ((down, down), (across, across), (0, 0)), "edge")
    window = np.clip(edges + margin, 0, cells + 2 * margin).ravel().tolist()
    kind = Image.Resampling.NEAREST if crisp else Image.Resampling.BICUBIC
    return low, np.asarray(Image.fromarray(padded).resize(tuple(count), kind, window))
