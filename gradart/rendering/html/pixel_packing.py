"""Pixels as few bytes for a web page: levels of 255, told by those beside them."""

from collections.abc import Iterator

import numpy as np

from gradart.rendering.html.packed_array import Packed
from gradart.rendering.html.prediction import beside_each
from gradart.rendering.html.whole_numbers import ways

PIXELS = "levels", "tones", "colors"  # kinds in which they are packed
_NO_PALETTE = np.empty((0, 1), np.uint8)
PALETTE = 2**12  # colors at most, of which a pixel or a mark is told by a number


def in_levels(pixels: np.ndarray) -> np.ndarray:
    """Pixels as they are drawn, each channel one of 256 numbers from 0 to 1."""
    return np.round(np.clip(pixels, 0, 1) * 255) / 255


def levels_of(array: np.ndarray) -> np.ndarray | None:
    """Whole numbers from 0 to 255 for an array of pixels that is made of 255ths, or else None."""
    if array.ndim < 3 or not np.array_equal(array, in_levels(array)):
        return None
    return np.round(array * 255).astype(np.uint8)


def of_levels(levels: np.ndarray, dtype: str) -> Iterator[Packed]:
    """The ways in which pixels (..., h, w, channels) of 255ths are told."""
    numbers = levels.astype(np.int16)
    yield from _told("levels", np.moveaxis(numbers, -1, -3), np.int8, levels, dtype)
    if levels.shape[-1] < 3:
        return
    numbers[..., :3:2] = (levels[..., :3:2] - levels[..., 1:2]).view(np.int8)
    yield from _told("tones", np.moveaxis(numbers, -1, -3), np.int8, levels, dtype)
    palette, known = _distinct(levels.reshape(-1, levels.shape[-1]))
    if len(palette) <= PALETTE:
        light = np.argsort(palette.sum(1, dtype=int), kind="stable")
        places = np.argsort(light).astype(np.int16)[known].reshape(levels.shape[:-1])
        yield from _told("colors", places, np.int16, levels, dtype, palette[light])


def _distinct(colors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The colors (k, channels) among so many, and which of these each is."""
    whole = colors @ (256 ** np.arange(colors.shape[1])[::-1])  # which is sorted sooner than rows
    _, firsts, numbers = np.unique(whole, return_index=True, return_inverse=True)
    return colors[firsts], numbers


def _told(
    kind: str,
    numbers: np.ndarray,
    size: type[np.signedinteger],
    levels: np.ndarray,
    dtype: str,
    palette: np.ndarray = _NO_PALETTE,
) -> Iterator[Packed]:
    """The ways in which numbers (..., h, w), modulo those of a size, are told."""
    for beside in beside_each(numbers):
        changes = (numbers - beside.told(numbers)).astype(size)
        for back, data in ways(changes, numbers.shape[-1]):
            yield Packed(
                kind,
                dtype,
                levels.shape,
                np.diff(palette, axis=0, prepend=np.uint8(0)).T.tobytes() + data,
                colors=len(palette),
                back=back,
                median=beside.median,
                weights=beside.weights,
            )
