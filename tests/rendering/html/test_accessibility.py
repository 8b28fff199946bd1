"""The page as axe-core (deque.com/axe) sees it: no finding, in light and dark, on a phone."""

from pathlib import Path

import pytest
from rendering.html.lesson_pieces import graphs, land
from rendering.html.pieces import rose

import gradart as ga

AXE = Path(__file__).parents[2] / "studio/front_end/node_modules/axe-core/axe.min.js"
WINDOWS = {
    "a film": ({}, {}),
    "a still in the dark": ({"film": False}, {"color_scheme": "dark"}),
    "a film on a phone": ({}, {"size": (360, 740), "has_touch": True, "is_mobile": True}),
}


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is installed by .ci/front_end")
@pytest.mark.parametrize("window", WINDOWS)
def test_axe_finds_nothing(show, window):
    told, how = WINDOWS[window]
    page = show(rose(**told), "#petals=14&seed=3", **how)
    for summary in page.locator("summary:visible").all():
        summary.click()
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.exhaustive
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is installed by .ci/front_end")
@pytest.mark.parametrize("sketch", [graphs, land], ids=lambda sketch: sketch.name)
def test_axe_finds_nothing_where_a_page_is_inspected(show, tmp_path, sketch):
    file = ga.render(sketch, tmp_path / "lesson.html", inspect=True)
    for how in ({}, {"color_scheme": "dark", "size": (360, 740)}):
        page = show(file, **how)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is installed by .ci/front_end")
def test_axe_finds_what_is_wrong(show):
    page = show(rose())
    page.evaluate("head.removeAttribute('aria-label')")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [v["id"] for v in found["violations"]] == ["label"]
