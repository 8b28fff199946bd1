"""What a page's program holds, and which parameters are fixed for it."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.drawing.shapes import Dots
from gradart.rendering.html.array_packing import packed
from gradart.rendering.html.lessons import lesson_program
from gradart.rendering.html.live_art import still
from gradart.rendering.html.program import program, with_known
from gradart.rendering.layout.page import Page
from gradart.rendering.options import Options
from gradart.rendering.pipeline import compose
from gradart.rendering.program_source import program_source
from gradart.sketching.live_sketch import live_art

TABLE = np.random.default_rng(4).random((800, 800))
TONES = ga.palette("#102030 #405060 #708090 #a0b0c0 on #ffffff")


@ga.sketch(page="square")
def rows(first=20, stretch=2.0):
    """Some rows of a table: a program that does not know the first one holds them all."""
    picked = jax.lax.dynamic_slice_in_dim(jnp.asarray(TABLE), first, 3)
    x = jnp.broadcast_to(jnp.arange(800.0), picked.shape)
    return ga.scene(ga.lines(jnp.stack([x, stretch * picked], -1), width=0.2))


def test_what_would_make_a_page_heavy_is_fixed_and_the_rest_is_alive():
    made = program(live_art(rows, {}))
    assert [told["name"] for told in made.told["inputs"]] == ["stretch"]
    (fixed,) = made.told["fixed"]
    assert (fixed["name"], fixed["value"]) == ("first", 20)
    assert fixed["why"] == "alive, it would make this page one of 5 MB"
    held = [array for array in made.constants if array.size == 3 * 800]
    np.testing.assert_array_equal(held[0], TABLE[20:23])


def test_what_a_page_fixes_is_fixed_in_its_lessons():
    """They need not know the table, then, of which they show one number."""

    @ga.sketch(page="square")
    def plane(first=20, stretch=2.0):
        steep = jax.lax.dynamic_index_in_dim(jnp.asarray(TABLE), first)[0, 0]
        slope = ga.gradient(lambda p: stretch * steep * p[0] + p[1], jnp.eye(2))
        return ga.scene(ga.segments(jnp.eye(2), slope))

    live = live_art(plane, {"inspect": True})
    for art, inputs, large in [
        (live, ["first", "stretch"], True),
        (still(live, {"first": "heavy"}), ["stretch"], False),
    ]:
        made = lesson_program(art.lessons)
        assert [told["name"] for told in made.told["inputs"]] == inputs
        assert (max((array.size for array in made.constants), default=0) == TABLE.size) is large


@pytest.mark.parametrize("table", [np.round(9 * TABLE[:70, :80]), TABLE[:70, :80]])
def test_a_lesson_has_samples_where_they_are_less_than_long_waves(table):
    @ga.sketch(page="square")
    def land():
        field = ga.tabulated(table, smooth=1)
        return ga.scene(ga.segments(jnp.eye(2), ga.gradient(field, jnp.eye(2))))

    live = live_art(land, {"inspect": True})  # and with it the table that samples are known of
    made = lesson_program(live.lessons)
    (held,) = map(packed, (array for array in made.constants if array.ndim == 2 and len(array) > 9))
    assert held.kind == ("spline" if (table % 1 == 0).all() else "cosines")


@pytest.mark.exhaustive
def test_pixels_that_nothing_changes_are_held_as_bytes():
    pixels = np.dstack([TABLE, TABLE, TABLE, np.ones_like(TABLE)])

    @ga.sketch(page="square")
    def picture(width=0.3):
        frame = ga.lines(jnp.array([[(0, 0), (1, 1)]]), width=width)
        return ga.scene(ga.raster(pixels, ((0, 0), (1, 1))), frame)

    made = program(live_art(picture, {}))
    (held,) = (array for array in made.constants if array.size == pixels.size)
    np.testing.assert_array_equal(held, np.round(pixels * 255) / 255)


def test_a_page_offers_the_palettes_that_have_as_many_colors():
    @ga.sketch(page="square")
    def dots(tones=TONES):
        return ga.scene(
            ga.dots([(0, 0), (1, 0), (0, 1), (1, 1)], 3, fill=tones.colors), paper=tones.paper
        )

    (told,) = program(live_art(dots, {})).told["inputs"]
    assert told["options"] == [told["default"], "print", "blueprint"]
    assert told["colors"]["print"] == [
        *("#202127ff", "#1c7abbff", "#f5d83dff", "#ee395eff", "#f6f4ebff"),
    ]


@pytest.mark.parametrize("heavy", [False, True])
def test_a_still_without_live_parameters_is_what_python_has_drawn(heavy, monkeypatch):
    """Bit for bit: after some years, a program that is compiled otherwise is elsewhere."""

    @ga.sketch(page="square")
    def years(n=2000):
        first = jnp.linspace(0.3, 0.8, n)
        places = first
        for _ in range(60):
            places = 3.9 * places * (1 - places)
        return ga.scene(ga.dots(jnp.stack([first, places], -1), 0.2))

    monkeypatch.setattr("gradart.rendering.program_source._MANY", 100 if heavy else 1e9)
    monkeypatch.setattr("gradart.rendering.program_source._PX", 200)
    composition = compose(years(), Page(100, 100, 10), np.zeros(0))
    source = program_source(composition, Options(), live_art(years, {}))
    art: dict[str, Any] = dict(source.art)
    assert art["inputs"] == []
    assert [told["name"] for told in art["fixed"]] == ["n"]
    (mark,) = art["marks"]
    (dots,) = composition.still(0.0).scene.marks
    assert isinstance(dots.shape, Dots)
    drawn = np.asarray(dots.shape.centers)
    if heavy:
        assert mark["kind"] == "raster"
    else:
        np.testing.assert_allclose(source.constants[mark["points"]], drawn, atol=2**-16)


@pytest.mark.parametrize("otherwise", [0.0, 1e-3])
def test_what_never_changes_is_what_python_has_drawn(otherwise):
    rounding = 0.0

    @ga.sketch(page="square")
    def path(pen=0.3):
        return ga.scene(ga.lines(jnp.asarray(TABLE[:, :2]) + rounding, width=pen))

    live = live_art(path, {})
    rounding = otherwise
    made = program(live, path())
    assert [told["name"] for told in made.told["inputs"]] == ["pen"]
    (points,) = (array for array in made.constants if array.size == 1600)
    np.testing.assert_allclose(points.reshape(800, 2), TABLE[:, :2] + otherwise, atol=1e-4)


@pytest.mark.parametrize("steps", [200, 2])
def test_what_takes_a_browser_long_is_known_for_the_defaults(steps, monkeypatch):
    monkeypatch.setattr("gradart.rendering.html.program._LONG", 2e6)

    @ga.sketch(page="square")
    def waves(bend=0.5):
        tones = jnp.linspace(0, 6, 2000)
        for _ in range(steps):
            tones = jnp.sin(tones + bend)
        return ga.scene(ga.raster(jnp.broadcast_to(tones, (20, 2000)), ((0, 0), (1, 1))))

    made = program(live_art(waves, {}))
    gray = ga.scene(ga.raster(np.full((20, 2000), 0.25), ((0, 0), (1, 1))))
    found = with_known(made, gray)
    if steps == 2:
        assert found is made
        return
    (raster,) = found.told["marks"]
    assert raster["kind"] == "raster"
    assert found.told["known"] == {"places": [raster["points"]], "constants": len(made.constants)}
    np.testing.assert_allclose(found.constants[-1][..., :3], 0.25, atol=1 / 255)
    # Nothing is known of a scene of other numbers: a page keeps how many there are.
    fewer = ga.scene(ga.raster(np.full((10, 2000), 0.25), ((0, 0), (1, 1))))
    assert with_known(made, fewer) is made
