"""Data in an HTML file: JSON and numbers in elements that no browser runs."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import fields
from gzip import compress

import numpy as np

from gradart.rendering.html.packing import Packed, packed


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

    These are the bytes of all, compressed by gzip, in base64. An array that is there already is
    said to be the same, and has no bytes.
    """
    firsts: dict[tuple[str, bytes], int] = {}
    packs, data = [], []
    for number, part in enumerate(map(packed, arrays)):
        how = as_json(told(part))
        first = firsts.setdefault((how, part.data), number)
        packs.append(how if first == number else as_json({"same": first, "bytes": 0}))
        data.append(part.data if first == number else b"")
    numbers = b64encode(compress(b"".join(data), 9, mtime=0)).decode()
    return (
        json_block("arrays", f"[{','.join(packs)}]")
        + f'\n<script type="application/octet-stream" id="numbers">{numbers}</script>'
    )


def told(part: Packed) -> dict[str, object]:
    """How an array is packed, as `static/packing.js` declares it: what is not as usual."""
    usual = {field.name: field.default for field in fields(part)}
    more = {name: value for name, value in vars(part).items() if value != usual[name]}
    of = {} if part.of is None else {"of": told(part.of)}
    del more["data"]
    return {**more, **of, "bytes": len(part.data)}
