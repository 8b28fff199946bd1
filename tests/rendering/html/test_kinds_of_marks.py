"""A page of each kind of mark, whose code leaves out what others need."""

import numpy as np
import pytest

import gradart as ga

MARKS = {
    "lines": ga.lines([[(0, 0), (1, 1)]]),
    "pixels": ga.raster(np.linspace(0, 1, 16).reshape(4, 4), ((0, 0), (1, 1))),
    "group": ga.group(ga.dots((0.5, 0.5), 20), mask=ga.dots((0.4, 0.5), 20), alpha=0.5),
    "ink": ga.lines([[(0, 0), (1, 1)]], blend="ink"),
    "ink in a mask": ga.group(
        ga.dots((0.5, 0.5), 20), mask=ga.lines([[(0, 0), (1, 1)]], width=9, blend="light")
    ),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("film", [False, True])
@pytest.mark.parametrize("kind", MARKS)
def test_a_page_has_all_that_its_marks_need(show, tmp_path, kind, film):
    """It leaves out what they do not: pictures, groups, ink, and the player."""
    still = ga.scene(MARKS[kind], box=((0, 0), (1, 1)))
    art = (lambda u: still) if film else still
    page = show(ga.render(art, tmp_path / "piece.html", page="square", seconds=1))
    for key in ("s", "Shift+s"):
        with page.expect_download() as found:
            page.keyboard.press(key)
        assert found.value.path().stat().st_size > 500
