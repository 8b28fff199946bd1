"""Data in an HTML file: JSON and numbers in elements that no browser runs."""

import json
from base64 import b64encode
from collections.abc import Sequence
from gzip import compress

import numpy as np

from gradart.rendering.html.packing import packed


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
    """Arrays as two blocks: `arrays`, which says how each is packed, and `numbers`.

    These are the bytes of all, compressed by gzip, in base64.
    """
    parts = [packed(array) for array in arrays]
    told = [
        {
            "kind": part.kind,
            "dtype": part.dtype,
            "shape": list(part.shape),
            "low": part.low,
            "step": part.step,
            "hole": part.hole,
            "bytes": len(part.data),
        }
        for part in parts
    ]
    data = b64encode(compress(b"".join(part.data for part in parts), 9, mtime=0)).decode()
    return (
        json_block("arrays", as_json(told))
        + f'\n<script type="application/octet-stream" id="numbers">{data}</script>'
    )
