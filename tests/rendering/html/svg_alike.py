"""Whether two SVG documents are the same drawing."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely
from PIL import Image
from rendering.vector.read_paths import absolute

NEAR = 0.01  # mm
MASK = re.compile(r"mask[0-9a-f]{8}")  # named by its bytes, which depend on how a PNG is packed
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")


def assert_same(found, known):
    """Fail unless two documents have the same elements, and numbers within a hundredth of a mm.

    Of strokes, which have as few points as they need, each may have others: there the lines lie
    within that of each other, what both leave out of them added.
    """
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
    if name == "d":
        here, there = absolute(here), absolute(there)
    if name == "d" and NUMBER.sub("#", here) != NUMBER.sub("#", there):
        here, there = _polylines(here), _polylines(there)
        assert len(here) == len(there)
        for one, other in zip(here, there, strict=True):
            assert max(_farthest(one, other), _farthest(other, one)) < 3 * NEAR
        return
    assert NUMBER.sub("#", here) == NUMBER.sub("#", there), name
    assert [*map(float, NUMBER.findall(here))] == pytest.approx(
        [*map(float, NUMBER.findall(there))], abs=NEAR
    )


def _polylines(data):
    """The runs of straight lines in path data, and whether each is closed."""
    assert not set(data) & set("CcQqAa"), data
    runs = [part for part in re.split("M", data) if part]
    found = []
    for run in runs:
        points = np.reshape([*map(float, NUMBER.findall(run))], (-1, 2))
        found.append(np.concatenate([points, points[:1]]) if run.endswith("Z") else points)
    return found


def _farthest(points, line):
    """How far the points lie from a line, at most, and its ends from theirs."""
    away = shapely.distance(shapely.linestrings(line), shapely.points(points))
    ends = np.linalg.norm(points[[0, -1]] - line[[0, -1]], axis=-1)
    return max(away.max(), ends.max())


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
