"""Arrays as few bytes for a web page: exact, or in steps that no eye can tell apart."""

from dataclasses import dataclass

import numpy as np

_EXACT = 4096  # bytes of an array that is kept as it is
_STEPS = 2**20  # of a large array of floats, over its range: a page of 300 mm in steps of 0.3 um
_NOTHING = np.uint8(0)
_COARSE = 1e-3  # of how far its elements lie from their median: a step that would be seen


@dataclass(frozen=True)
class Packed:
    """An array as bytes. `kind` is how they are read, by `static/packing.js`.

    "plain" are the first bytes of all its elements, of type `dtype`, then the second ones, and so
    on: neighbors are alike there, and compress. "steps" are whole numbers,
    differences along the last axis but one, of which all lowest bytes come first, then the next:
    an element is `low` + a sum of these * `step`. Holes are elements that are all NaN, all
    infinite, or all the largest number there is: `hole`. They repeat what stands before, and are
    told by bits behind all other bytes.

    "levels" are 255ths from 0 to 1, exactly, as pixels (..., h, w, channels) have them: a byte for
    each, channel after channel. It tells what a level is more than that to the left of it and that
    above it are together more than the one between these, modulo 256.
    """

    kind: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes
    low: float = 0.0
    step: float = 1.0
    hole: str = "NaN"


def packed(array: np.ndarray) -> Packed:
    """An array as bytes: a large one of floats rounded to a millionth of its range."""
    array = np.ascontiguousarray(array)
    if array.dtype == np.int64:
        array = array.astype(np.float64)  # as the translation keeps them
    if array.dtype.kind != "f" or array.nbytes <= _EXACT:
        return _plain(array)
    levels = _levels(array)
    if levels is not None:
        planes = np.moveaxis(levels, -1, -3)
        changes = np.diff(np.diff(planes, axis=-1, prepend=_NOTHING), axis=-2, prepend=_NOTHING)
        return Packed("levels", array.dtype.name, array.shape, changes.tobytes())
    none = ~(np.abs(array) < np.finfo(array.dtype).max)  # or NaN
    holes, finite = np.unique(array[none]), array[~none].astype(float)
    if not len(finite) or len(holes) > 1:
        return _plain(array)
    low, high = float(finite.min()), float(finite.max())
    whole = bool((finite == np.round(finite)).all() and high - low < 2**31)
    step = 1.0 if whole else (high - low) / _STEPS
    away = np.abs(finite - np.median(finite))
    if not whole and step and step > _COARSE * np.median(away[away > 0]):
        return _plain(array)
    numbers = np.where(none, low, array) - low
    steps = np.round(numbers / step).astype(np.int64) if step else np.zeros(array.shape, np.int64)
    along = max(array.ndim - 2, 0)
    kept = np.moveaxis(steps, along, 0)
    lost = np.moveaxis(none, along, 0)
    for k in range(1, len(kept)):  # so that what is missing costs nothing
        kept[k] = np.where(lost[k], kept[k - 1], kept[k])
    changes = np.diff(kept, axis=0, prepend=0)
    flat = np.moveaxis(changes, 0, along).ravel()
    folded = ((flat << 1) ^ (flat >> 63)).astype(np.uint32)  # signs in the lowest bit
    data = folded.view(np.uint8).reshape(-1, 4).T.tobytes()
    bits = np.packbits(none.ravel()).tobytes() if none.any() else b""
    hole = str(holes[0] if len(holes) else np.nan)
    hole = hole.replace("inf", "Infinity").replace("nan", "NaN")
    return Packed("steps", array.dtype.name, array.shape, data + bits, low, step, hole)


def in_levels(pixels: np.ndarray) -> np.ndarray:
    """Pixels as they are drawn, each channel one of 256 numbers from 0 to 1."""
    return np.round(np.clip(pixels, 0, 1) * 255) / 255


def _levels(array: np.ndarray) -> np.ndarray | None:
    """Whole numbers from 0 to 255 for an array of pixels that is made of 255ths, or else None."""
    if array.ndim < 3 or not np.array_equal(array, in_levels(array)):
        return None
    return np.round(array * 255).astype(np.uint8)


def _plain(array: np.ndarray) -> Packed:
    little = array.astype(array.dtype.newbyteorder("<"))
    planes = little.reshape(-1, 1).view(np.uint8).T if array.size else little
    return Packed("plain", array.dtype.name, array.shape, planes.tobytes())
