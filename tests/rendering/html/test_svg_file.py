"""The SVG that the page saves is the one that `gradart run -o x.svg` writes."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from rendering.html.in_node import drawn, needs_node
from rendering.html.samples import SAMPLES

import gradart as ga
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.transform import paper, place
from gradart.rendering.vector.svg import svg

SHEET = Page(120, 90, 5)
NEAR = 0.01  # mm
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")
SAID = {"title": 'A "title" & more', "provenance": '{"sketch": "<one>", "seed": 3}'}

pytestmark = [
    needs_node,
    pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning"),  # of layers by turns
]


def python_svg(scene, sheet=SHEET):
    marks = place(scene, fit([scene], sheet), sheet)
    said = {"title": SAID["title"], "metadata": SAID["provenance"]}
    return svg(marks, sheet, paper(scene), **said)


def assert_same(found, known):
    """Fail unless two documents have the same elements, and numbers within a hundredth of a mm."""
    found, known = list(ET.fromstring(found).iter()), list(ET.fromstring(known).iter())
    assert [element.tag for element in found] == [element.tag for element in known]
    for here, there in zip(found, known, strict=True):
        assert list(here.attrib) == list(there.attrib)
        assert (here.text or "").strip() == (there.text or "").strip()
        for name, value in there.attrib.items():
            same(name, here.attrib[name], value)


def same(name, here, there):
    if name.endswith("href") and there.startswith("data:"):
        np.testing.assert_array_equal(decoded(here), decoded(there))
        return
    if name.endswith("label") or name == "id":
        assert here == there
        return
    assert NUMBER.sub("#", here) == NUMBER.sub("#", there), name
    assert [*map(float, NUMBER.findall(here))] == pytest.approx(
        [*map(float, NUMBER.findall(there))], abs=NEAR
    )


def decoded(href):
    with Image.open(io.BytesIO(base64.b64decode(href.split(",")[1]))) as picture:
        return np.asarray(picture.convert("RGBA")).astype(int)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    asked = [([make()], SHEET, SAID) for make in SAMPLES]
    texts = drawn(asked, tmp_path_factory.mktemp("svg"))
    return {make: text["svg"] for make, text in zip(SAMPLES, texts, strict=True)}


@pytest.mark.parametrize("make", SAMPLES)
def test_the_page_writes_the_same_elements_in_the_same_layers(found, make):
    assert_same(found[make], python_svg(make()))


@pytest.mark.parametrize("make", SAMPLES)
def test_the_comparison_sees_another_drawing(found, make):
    moved = python_svg(ga.scene(make(), paper=make().paper, box=((0, 0), (101, 100))))
    with pytest.raises(AssertionError):
        assert_same(found[make], moved)
