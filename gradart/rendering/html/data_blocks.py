"""Data in an HTML file: JSON and numbers in elements that no browser runs."""

import json
from base64 import b64encode
from collections.abc import Sequence
from gzip import compress

import numpy as np

# What the page makes typed arrays of. Floats of 32 bits are widened there: half the bytes.
_STORED = {"float64": "<f8", "float32": "<f4", "int32": "<i4", "uint32": "<u4", "uint8": "u1"}


def json_block(name: str, text: str) -> str:
    """A block of JSON that the page finds by its name. The text cannot end it, nor begin another.

    In JSON `<` is only found in texts, where an escape stands for it.
    """
    inside = text.replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{inside}</script>'


def as_json(value: object) -> str:
    """A value as JSON in ASCII, in which numbers are finite."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def number_blocks(arrays: Sequence[np.ndarray]) -> str:
    """Arrays as two blocks: `arrays`, which says type and shape of each, and `numbers`.

    These are the bytes of all, compressed by gzip, in base64. Of each array the first bytes of all
    its numbers come first, then the second ones: neighbors are alike there, and compress.
    ValueError for a type that a page has no arrays of, or a whole number beyond 32 bits.
    """
    stored = [_stored(array) for array in arrays]
    told = [{"type": array.dtype.name, "shape": list(array.shape)} for array in stored]
    planes = b"".join(
        array.reshape(-1, 1).view(np.uint8).T.tobytes() for array in stored if array.size
    )
    packed = b64encode(compress(planes, 9, mtime=0)).decode()
    return (
        json_block("arrays", as_json(told))
        + f'\n<script type="application/octet-stream" id="numbers">{packed}</script>'
    )


def _stored(array: np.ndarray) -> np.ndarray:
    """The array in one of the types that are stored, little-endian."""
    array = np.asarray(array)
    if array.dtype.kind == "b":
        array = array.view(np.uint8)
    if array.dtype.kind in "iu" and array.dtype.name not in _STORED:
        small = np.dtype(np.uint32 if array.dtype.kind == "u" else np.int32)
        limits = np.iinfo(small)
        if array.size and not limits.min <= array.min() <= array.max() <= limits.max:
            raise ValueError(f"a whole number of {array.dtype.name} has no place in 32 bits")
        array = array.astype(small)
    if array.dtype.name not in _STORED:
        raise ValueError(f"a page has no arrays of {array.dtype.name}")
    return np.ascontiguousarray(array, _STORED[array.dtype.name])
