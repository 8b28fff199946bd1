"""Whether two SVG documents are the same drawing."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

NEAR = 0.01  # mm
MASK = re.compile(r"mask[0-9a-f]{8}")  # named by its bytes, which depend on how a PNG is packed
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")


def assert_same(found, known):
    """Fail unless two documents have the same elements, and numbers within a hundredth of a mm."""
    found, known = (_with_masks_by_number(text) for text in (found, known))
    found, known = list(ET.fromstring(found).iter()), list(ET.fromstring(known).iter())
    assert [element.tag for element in found] == [element.tag for element in known]
    for here, there in zip(found, known, strict=True):
        assert list(here.attrib) == list(there.attrib)
        assert (here.text or "").strip() == (there.text or "").strip()
        for name, value in there.attrib.items():
            _same(name, here.attrib[name], value)


def _with_masks_by_number(text):
    names = list(dict.fromkeys(MASK.findall(text)))
    return MASK.sub(lambda found: f"mask number {names.index(found[0])}", text)


def _same(name, here, there):
    if name.endswith("href") and there.startswith("data:"):
        _same_pictures(_decoded(here), _decoded(there))
        return
    if name.endswith("label") or name == "id":
        assert here == there
        return
    assert NUMBER.sub("#", here) == NUMBER.sub("#", there), name
    assert [*map(float, NUMBER.findall(here))] == pytest.approx(
        [*map(float, NUMBER.findall(there))], abs=NEAR
    )


def _decoded(href):
    with Image.open(io.BytesIO(base64.b64decode(href.split(",")[1]))) as picture:
        return np.asarray(picture.convert("RGBA")).astype(int)


def _same_pictures(here, there):
    """Fail unless pixels are the same, but for one in a thousand that ink has rounded otherwise."""
    assert here.shape == there.shape
    here, there = (p[..., :3] * p[..., 3:] / 255 for p in (here, there))
    off = np.abs(here - there).max(-1)
    assert off.max() < 2
    assert (off > 0).mean() < 1e-3
