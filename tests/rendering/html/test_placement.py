"""The page lays a drawing on its sheet where Python lays it."""

import numpy as np
import pytest
from rendering.html.in_node import drawn, needs_node
from rendering.html.samples import SAMPLES, gradients, strokes

import gradart as ga
from gradart.rendering.layout.page import Page, fit

SHEETS = [Page(100, 100, 0), Page(210, 297, 15.75), Page(120.5, 80.25, 30)]

pytestmark = needs_node


def free(scene):
    """A scene that is fitted by its ink and not by a box."""
    return ga.scene(scene, paper=scene.paper)


def films():
    """Scenes of films: ink that grows, and boxes that move."""
    growing = [ga.scene(ga.dots([(u, u**2), (0.3, -u)], [1 + 20 * u, 3])) for u in (0, 0.4, 0.9)]
    moving = [ga.scene(strokes(), box=((u, 0), (3 + u, 2))) for u in (0, 1, 5)]
    return [growing, moving]


def odd():
    """A point, a line, nothing, ink that fills the page, and numbers near the end of floats."""
    point, line = ga.dots([(1e9, 3)], 2), ga.lines([(1, 1), (4, 1)], width=1)
    return [
        ga.scene(point),
        ga.scene(line),
        ga.scene(ga.lines([(np.nan, 1)])),
        ga.scene(ga.lines([(0, 0), (1, 2)], width=150)),
        ga.scene(ga.dots([(0, 0), (1, 2), (1, 1)], [70, 90, 2])),
        ga.scene(ga.lines([(-1e308, 0), (1e308, 1e290)])),
        ga.scene(ga.lines([(0, 0), (1e-300, 1e-299)])),
        ga.scene(ga.text("one", (3, 4), size=20), ga.text("two", (5, 4), size=9, rotate=40)),
        ga.scene(ga.lines(np.random.default_rng(0).normal(0, 9, (60, 7, 2)) ** 3), line),
    ]


@pytest.mark.exhaustive
def test_scenes_and_films_lie_where_python_lays_them(tmp_path):
    scenes = [make() for make in SAMPLES]
    told = [[scene] for scene in [*scenes, *map(free, scenes), *odd()]] + films()
    asked = [(art, sheet, None) for art in told for sheet in SHEETS]
    found = drawn(asked, tmp_path)
    for (art, sheet, _), here in zip(asked, found, strict=True):
        known = fit(art, sheet)
        placement = here["placement"]
        assert placement["scale"] == pytest.approx(known.scale, rel=1e-9)
        size = max(abs(known.dx), abs(known.dy), sheet.width)
        assert placement["dx"] == pytest.approx(known.dx, abs=1e-9 * size)
        assert placement["dy"] == pytest.approx(known.dy, abs=1e-9 * size)


def test_the_union_of_a_film_is_not_the_placement_of_one_of_its_scenes():
    growing, moving = films()
    for scenes in growing, moving:
        assert fit(scenes, SHEETS[0]) != fit(scenes[:1], SHEETS[0])


@pytest.mark.parametrize(
    "wrong",
    [
        ga.scene(ga.lines([(0, 0), (np.inf, 1)])),
        ga.scene(ga.lines([(0, 0), (1, 1)], width=-1)),
        ga.scene(ga.dots([(0, 0)], [np.nan])),
        ga.scene(gradients(), box=((0, 0), (np.inf, 1))),
    ],
    ids=["point", "width", "radius", "box"],
)
def test_numbers_that_python_refuses_are_errors(wrong, tmp_path):
    with pytest.raises(ga.ArtError) as known:
        fit([wrong], SHEETS[0])
    with pytest.raises(AssertionError, match=str(known.value).split(" ")[0]):
        drawn([([wrong], SHEETS[0], None)], tmp_path)
