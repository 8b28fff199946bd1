"""Sketches are ordinary functions that compute in float64 and say what they take."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import dots, lines
from gradart.drawing.scene import Scene, scene
from gradart.errors import ArtError
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
