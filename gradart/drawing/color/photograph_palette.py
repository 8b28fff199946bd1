"""Palettes of photographs: the few colors that stand for all of a picture's, as the eye groups."""

import os

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_count
from gradart.drawing.color import oklab
from gradart.drawing.color.palettes import Palette, palette, tint
from gradart.drawing.style import numbers
from gradart.errors import ArtError
from gradart.types import Numbers

_SIDE = 160  # pixels: a picture's colors are all there, and their shares
_MOST = 64  # colors
_ROUNDS = 30  # of Lloyd's algorithm, which mostly comes to rest before


def palette_of(photograph: str | os.PathLike[str] | Numbers, n: int = 5) -> Palette:
    """A palette of the colors of a photograph, from dark to light.

    `photograph` is the path of a picture, or its pixels (h, w, 3) or (h, w, 4) in [0, 1]. They
    become `n` groups, as alike in OKLab as can be, by k-means (Lloyd 1982) from a median cut
    (Heckbert 1982) on: a picture always gives the same. Each color is the mean of its group; there
    are less of them if the picture has. The paper is almost white, with the hue of the picture's
    mean. ArtError for what is no picture, and for more than 64 colors.

    >>> p = ga.grid(40, 60, ((0, 0), (1, 1)))
    >>> sky = ga.ramp("#12283e", "#e77e4c", "#f2c86c")(p[..., 1])
    >>> found = ga.palette_of(sky, 4)
    >>> ga.scene(ga.dots([(i, 0) for i in range(4)], 6, fill=found.colors), paper=found.paper)
    """
    count = as_count(n, "n", 1)
    if count > _MOST:
        raise ArtError(f"n is {count}: a palette of a photograph has at most {_MOST} colors")
    rgb = _pixels(photograph).reshape(-1, 3)
    lab = oklab.oklab(rgb)
    centers = _grouped(lab, count)
    order = np.argsort(centers[:, 0], kind="stable")
    mean = lab.mean(0)
    hue = np.degrees(np.arctan2(mean[2], mean[1]))
    paper = tint(float(np.hypot(*mean[1:])), float(hue))
    return palette(oklab.srgb(oklab.light_of(centers[order])), paper)


def _pixels(photograph: str | os.PathLike[str] | Numbers) -> np.ndarray:
    """A picture's sRGB (rows, columns, 3) on white, made small."""
    if isinstance(photograph, str | os.PathLike):
        # Here, for a picture alone needs what reads files.
        from gradart.library.photographs import read_colors, reduced

        return reduced(read_colors(photograph), _SIDE)
    pixels = np.asarray(numbers(photograph, "a photograph's pixels"), float)
    if pixels.ndim != 3 or pixels.shape[-1] not in (3, 4) or 0 in pixels.shape:
        raise ArtError(
            f"a photograph is a file's path, or pixels (h, w, 3) in [0, 1], not {short(pixels)}"
        )
    if not (np.min(pixels) >= 0 and np.max(pixels) <= 1):
        raise ArtError("a photograph's pixels are from 0 to 1; divide bytes by 255")
    step = -(-max(pixels.shape[:2]) // _SIDE)
    some = pixels[::step, ::step]
    alpha = some[..., 3:] if some.shape[-1] == 4 else 1.0
    return np.asarray(1 - alpha * (1 - some[..., :3]))


def _grouped(lab: np.ndarray, n: int) -> np.ndarray:
    """The centers (n, 3) of n groups of points (m, 3), or of fewer if fewer points differ."""
    boxes = [lab]
    while len(boxes) < n:
        # Cut where it gains the most: the box whose points lie the farthest from their mean.
        spreads = [box.var(0).max() * len(box) for box in boxes]
        widest = int(np.argmax(spreads))
        if spreads[widest] <= 1e-12:
            break
        box = boxes.pop(widest)
        along = box[:, int(np.argmax(box.var(0)))]
        low = along <= np.median(along)
        if low.all():  # more than half of them have its largest value
            low = along < along.max()
        boxes[widest:widest] = [box[low], box[~low]]
    centers = np.array([box.mean(0) for box in boxes])
    for _ in range(_ROUNDS):
        nearest = np.argmin(((lab[:, None] - centers) ** 2).sum(-1), 1)
        held = np.bincount(nearest, minlength=len(centers))
        sums = np.stack([np.bincount(nearest, axis, len(centers)) for axis in lab.T], -1)
        moved = np.where(held[:, None] > 0, sums / np.maximum(held, 1)[:, None], centers)
        if np.array_equal(moved, centers):
            break
        centers = moved
    return centers
