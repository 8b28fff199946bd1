"""Sketches are ordinary functions that compute in float64 and say what they take."""

import dataclasses
import inspect
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.drawing.marks import dots, lines
from gradart.drawing.scene import Scene, scene
from gradart.errors import ArtError, ArtWarning
from gradart.rendering.layout.page import Page, fit
from gradart.sketching import compile_count as compiling
from gradart.sketching.sketch import sketch


@sketch
def line(length=2.0, n=3):
    """A line.

    Not much more.
    """
    return scene(lines(length * jnp.linspace(0, 1, n)[:, None] * jnp.ones(2)))


@sketch(seconds=2, seed=5, page="square")
def drift(key, n=4):
    start = jax.random.normal(key, (n, 2))
    return lambda u: scene(dots(start + u))


def _points(art):
    return art.marks[0].shape.points


def test_a_sketch_computes_in_float64_and_leaves_jax_as_it_was():
    before = dict(jax.config.values)
    assert _points(line()).dtype == np.float64
    assert jnp.linspace(0.0, 1.0, 3).dtype == np.float32
    frame = drift()(0.5)
    assert frame.marks[0].shape.centers.dtype == np.float64
    assert jnp.ones(3).dtype == np.float32
    assert dict(jax.config.values) == before


@pytest.mark.parametrize("u", [0.25, np.float32(0.25), jnp.float32(0.25)])
def test_a_film_can_be_jitted_by_anyone(u):
    film = drift()
    eager, jitted = film(u), jax.jit(film)(u)
    assert jitted.marks[0].shape.centers.dtype == np.float64
    np.testing.assert_allclose(
        eager.marks[0].shape.centers, jitted.marks[0].shape.centers, rtol=1e-15
    )


def test_values_are_checked_and_integers_cast():
    assert np.asarray(_points(line(length=3))).max() == 3.0
    assert len(_points(line(n=7))[0]) == 7
    with pytest.raises(ArtError, match=r"line has no parameter lenght; did you mean length\?"):
        line(lenght=3)
    with pytest.raises(ArtError, match="n must be a whole number"):
        line(n=2.5)


def test_a_sketch_can_be_differentiated():
    with jax.enable_x64(True):
        slope = jax.grad(lambda length: _points(line(length=length)).max())(2.0)
    assert slope == pytest.approx(1.0)


def test_the_seed_is_the_key():
    def start(**how):
        return np.asarray(drift(**how)(0.0).marks[0].shape.centers)

    np.testing.assert_array_equal(start(), start(seed=5))
    assert (start() != start(seed=6)).all()
    with jax.enable_x64(True):
        np.testing.assert_array_equal(start(), jax.random.normal(jax.random.key(5), (4, 2)))


def test_a_sketch_knows_itself():
    assert (line.name, line.title, line.notes) == ("line", "A line.", "Not much more.")
    assert (
        drift.title
        == "Sketches are ordinary functions that compute in float64 and say what they take."
    )
    assert line.source.startswith('"""Sketches are ordinary')
    assert line.file.name == "test_sketch.py"
    assert (drift.takes_key, line.takes_key) == (True, False)
    assert (drift.options.page, drift.options.seconds, drift.seed, line.options.page) == (
        "square",
        2,
        5,
        "a4",
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.options.page = "a3"


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, "nothing"), (dots((0, 0)), "a Mark"), ([scene()], "a list"), (3.0, "a float")],
)
def test_what_a_sketch_returns_is_checked(value, found):
    @sketch
    def piece():
        return value

    with pytest.raises(ArtError, match=f"piece returned {found}; return ga.scene"):
        piece()


def test_a_blank_scene_is_a_scene():
    assert isinstance(sketch(lambda: scene())(), Scene)


@sketch(page="a5")
def sheet(page, n=2):
    seen.append(page)
    return scene(lines(jnp.stack([jnp.array(page.box[0]), jnp.array(page.box[1])])), box=page.box)


seen: list[Page] = []


def test_an_argument_page_is_the_sheet_that_is_drawn_on():
    sheet()
    assert seen[-1] == ga.page("a5")
    ga.render(sheet, format="svg", page="a3", landscape=True, margin=9)
    assert seen[-1] == ga.page("a3", landscape=True, margin=9)
    art = sheet(page=ga.Page(120.1, 70.3, 4.7), n=3)  # and it lies on that page
    assert seen[-1] == ga.Page(120.1, 70.3, 4.7)
    assert ga.render(art, format="svg") == ga.render(art, format="svg", page=seen[-1])
    with pytest.raises(ArtError, match="line has no parameter page"):
        line(page="a4")
    with pytest.raises(ArtError, match="no page 'a44'"):
        sheet(page="a44")
    assert [p.name for p in sheet.parameters] == ["n"]


@pytest.mark.parametrize("page", ["a6", "letter", "square", "b0", "33.3x1234.567mm"])
@pytest.mark.parametrize("margin", [None, 0, 1 / 3])
def test_a_unit_of_a_scene_with_the_box_of_its_page_is_a_millimeter(page, margin):
    for landscape in (False, True):
        on = ga.page(page, landscape=landscape, margin=margin)
        place = fit([sheet(page=on)], on)
        assert place.scale == pytest.approx(1, abs=1e-14)
        assert place.dx == pytest.approx(0, abs=1e-12)  # the lower left corner
        assert place.dy == pytest.approx(on.height, abs=1e-12)


def test_a_parameter_with_a_default_is_not_called_page():
    def drawn(page="a4"):
        return scene()

    with pytest.raises(ArtError, match=r"write def drawn\(page, \.\.\.\) without a default"):
        sketch(drawn)


def test_a_sketch_that_compiles_a_program_for_each_length_is_told_its_line(monkeypatch):
    monkeypatch.setattr(compiling, "MANY", 6)
    monkeypatch.setattr(compiling, "ALIKE", 3)

    @sketch
    def lengths(most=9):
        rows = [np.zeros((n, 2)) for n in range(5, 5 + most)]
        return scene([lines(jnp.sinc(row)) for row in rows])

    line = inspect.getsourcelines(lengths.function)[1] + 3
    with pytest.warns(ArtWarning, match=r"lengths compiles \d+ programs, \w+ for 9 shapes") as told:
        lengths()
    assert [(w.filename, w.lineno) for w in told] == [(__file__, line)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lengths(most=2)
