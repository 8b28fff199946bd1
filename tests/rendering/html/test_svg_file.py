"""The SVG that the page saves is the one that `gradart run -o x.svg` writes."""

import pytest
from rendering.html.in_node import drawn, needs_node
from rendering.html.samples import SAMPLES
from rendering.html.svg_alike import assert_same

import gradart as ga
from gradart.rendering.layout.page import Page, fit
from gradart.rendering.layout.transform import paper, place
from gradart.rendering.vector.svg_elements import svg

SHEET = Page(60, 45, 2.5)
SAID = {"title": 'A "title" & more', "provenance": '{"sketch": "<one>", "seed": 3}'}

pytestmark = [
    needs_node,
    pytest.mark.filterwarnings("ignore::gradart.errors.ArtWarning"),  # of layers by turns
]


def python_svg(scene, sheet=SHEET):
    marks = place(scene, fit([scene], sheet), sheet)
    said = {"title": SAID["title"], "metadata": SAID["provenance"]}
    return svg(marks, sheet, paper(scene), **said)


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
