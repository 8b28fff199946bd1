"""A sketch among ipywidgets: a widget for each kind of parameter, and what moving one draws."""

import asyncio
import enum
import sys
from typing import Annotated, Literal

import jax
import pytest

import gradart as ga

widgets = pytest.importorskip("ipywidgets")


class Shape(enum.Enum):
    ROUND = 1
    SQUARE = 2


@ga.sketch(page="100x50mm", seed=7)
def everything(
    key,
    reach=0.5,
    depth: Annotated[float, ga.Bounds(0.01, 100, log=True), "how deep"] = 1.0,
    n: Annotated[int, ga.Bounds(1, 50)] = 5,
    dark=False,
    ink="#c2410c",
    look: Literal["fine", "bold"] = "fine",
    shape: Shape = Shape.ROUND,
    where=(0.5, 1.0),
    words="Hello",
    colors: ga.Palette = ga.palette("desert"),  # noqa: B008
    limit: float | None = None,
    band: Annotated[ga.Range, ga.Bounds(0, 2)] = (0.5, 1.5),
    center: ga.Point = (0.0, 1.0),
    shade: ga.Ramp = ga.ramp("#000000", "#ffffff"),  # noqa: B008
    dust: ga.Seed = 3,
):
    if n == 13:
        raise ValueError("no thirteen")
    points = jax.random.uniform(key, (n, 2)) * reach
    return ga.scene(ga.dots(points, 1, fill=ink), box=((0, 0), (1, 1)))


def parts(shown):
    """The picture, the line below it, and the controls by their names."""
    (picture, told), controls = (box.children for box in shown.children)
    return picture, told, {each.description: each for each in controls}


@pytest.fixture
def explored():
    return parts(ga.explore(everything, px=200))


def test_each_parameter_has_the_widget_of_its_kind(explored):
    _, _, controls = explored
    kinds = {name: type(each).__name__ for name, each in controls.items()}
    assert kinds == {
        "reach": "FloatSlider",
        "depth": "FloatLogSlider",
        "n": "IntSlider",
        "dark": "Checkbox",
        "ink": "ColorPicker",
        "look": "Dropdown",
        "shape": "Dropdown",
        "where": "Text",
        "words": "Text",
        "colors": "Combobox",
        "limit": "Text",
        "band": "FloatRangeSlider",
        "center": "Text",
        "shade": "Combobox",
        "dust": "BoundedIntText",
        "seed": "BoundedIntText",
    }
    assert {name: each.value for name, each in controls.items() if name != "depth"} == {
        "reach": 0.5,
        "n": 5,
        "dark": False,
        "ink": "#c2410c",
        "look": "fine",
        "shape": "ROUND",
        "where": "0.5,1.0",
        "words": "Hello",
        "colors": "desert",
        "limit": "none",
        "band": (0.5, 1.5),
        "center": "0.0,1.0",
        "shade": "#000000 #ffffff",
        "dust": 3,
        "seed": 7,
    }
    assert controls["depth"].value == pytest.approx(1)
    assert (controls["n"].min, controls["n"].max) == (1, 50)
    assert (controls["reach"].min, controls["reach"].max, controls["reach"].step) == (0, 1, 0.001)
    assert controls["depth"].tooltip == "how deep"


def test_the_picture_is_that_of_render_for_the_values(explored):
    picture, told, controls = explored
    assert picture.value == ga.render(everything, format="png", px=200)
    changes = {"n": 9, "reach": 0.25, "ink": "#0000ff", "look": "bold", "where": "0.1,0.2"}
    changes |= {"band": (0.25, 1), "dust": 8}
    for name, value in changes.items():
        controls[name].value = value
    controls["seed"].value = 3
    given = {**changes, "where": (0.1, 0.2)}
    assert picture.value == ga.render(everything(seed=3, **given), format="png", px=200)
    assert told.value == ""


def test_a_mistake_is_told_in_one_line_and_the_picture_stays(explored):
    picture, told, controls = explored
    before = picture.value
    controls["n"].value = 13
    assert told.value.startswith("everything, line ")
    assert told.value.endswith("ValueError: no thirteen")
    assert picture.value == before
    controls["n"].value = 5
    assert told.value == ""
    controls["where"].value = "0.1"
    assert told.value == ("everything: where must be 2 numbers like 0.5,1.0, not 0.1")
    controls["where"].value = "0.5,1.0"
    assert (told.value, picture.value) == ("", before)


def test_a_film_has_a_playhead_and_is_computed_once_for_all_of_it():
    calls = []

    @ga.sketch(page="square", seconds=1, fps=10, at=0.5)
    def sweep(reach=1.0):
        calls.append(reach)
        return lambda u: ga.scene(ga.dots((reach * u, 0), 8), box=((0, -1), (1, 1)))

    picture, told, controls = parts(ga.explore(sweep, px=100))
    assert picture.value == ga.render(sweep, format="png", px=100)
    calls.clear()
    controls["playhead"].value = 0.2
    assert calls == []
    assert picture.value == ga.render(sweep, format="png", px=100, at=0.2)
    calls.clear()
    controls["reach"].value = 0.5
    assert calls == [0.5]
    assert picture.value == ga.render(sweep(reach=0.5), format="png", px=100, at=0.2)
    assert told.value == ""


def test_moves_of_a_slider_are_gathered_while_a_kernel_runs():
    drawn = []

    @ga.sketch(page="square")
    def dot(x=0.5):
        drawn.append(x)
        return ga.scene(ga.dots((x, 0), 8), box=((0, -1), (1, 1)))

    async def moved():
        _, _, controls = parts(ga.explore(dot, px=50))
        drawn.clear()
        for x in (0.1, 0.2, 0.3):
            controls["x"].value = x
        assert drawn == []
        await asyncio.sleep(0.2)
        controls["x"].value = 0.4
        await asyncio.sleep(0.2)

    asyncio.run(moved())
    assert drawn == [0.3, 0.4]


def test_what_is_missing_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ga.ArtError, match=r"takes a sketch, not a function; write @ga\.sketch"):
        ga.explore(lambda: None)
    with pytest.raises(Exception, match=r"pip install 'gradart\[notebook\]'"):
        ga.explore(everything)
