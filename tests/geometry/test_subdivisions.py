"""Subdivisions: the parts fill the box, and are divided where there is more than they may hold."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError

KEY = jax.random.key(1)
BOX = ((-1.0, 2.0), (3.0, 5.0))
PLACES = np.concatenate(
    [
        np.random.default_rng(0).uniform(*BOX, (60, 2)),
        np.random.default_rng(1).normal((2, 3), 0.1, (60, 2)),
    ]
)


def sides(parts):
    """Widths and heights (n, 2) of rectangles (n, 4, 2), which are told from the lower left."""
    low, high = parts[:, 0], parts[:, 2]
    np.testing.assert_array_equal(parts[:, 1], np.stack([high[:, 0], low[:, 1]], -1))
    np.testing.assert_array_equal(parts[:, 3], np.stack([low[:, 0], high[:, 1]], -1))
    return high - low


def fill_the_box(parts):
    """Areas add up, and no place is in two of them."""
    assert (sides(parts) > 0).all()
    assert sides(parts).prod(1).sum() == pytest.approx(12, rel=1e-12)
    spots = np.random.default_rng(2).uniform(*BOX, (500, 2))[:, None]
    inside = ((spots > parts[:, 0]) & (spots < parts[:, 2])).all(-1)
    assert (inside.sum(1) == 1).all()


@pytest.mark.parametrize("n", [1, 2, 60])
def test_rectangles_fill_the_box(n):
    parts = ga.subdivide(KEY, BOX, n)
    assert parts.shape == (n, 4, 2)
    fill_the_box(parts)


def test_a_larger_n_cuts_the_same_and_goes_on():
    few, more = ga.subdivide(KEY, BOX, 7), ga.subdivide(KEY, BOX, 20)
    inside = (more[:, None, 0] >= few[:, 0] - 1e-12) & (more[:, None, 2] <= few[:, 2] + 1e-12)
    assert (inside.all(-1).sum(1) == 1).all()
    assert np.abs(ga.subdivide(jax.random.key(2), BOX, 7) - few).max() > 0.1


def test_cuts_are_where_they_are_wanted():
    halves = sides(ga.subdivide(KEY, ((0, 0), (1, 1)), 16, cut=(0.5, 0.5)))
    assert set(np.log2(halves.ravel())) <= {-1, -2, -3, -4, -5}
    first = sides(ga.subdivide(KEY, ((0, 0), (10, 1)), 2, cut=(0.2, 0.25)))
    assert 2 <= first[:, 0].min() <= 2.5
    assert (first[:, 1] == 1).all()


def test_no_side_is_shorter_than_the_least_and_there_may_be_fewer():
    parts = ga.subdivide(KEY, BOX, 500, least=0.3)
    assert sides(parts).min() >= 0.3 - 1e-12
    assert sides(parts).max() < 0.6
    fill_the_box(parts)
    assert ga.subdivide(KEY, BOX, 500, least=9).shape == (1, 4, 2)


@pytest.mark.parametrize("most", [0, 1, 5])
def test_a_part_holds_as_many_points_as_it_may_and_its_four_held_more(most):
    parts = ga.quadtree(PLACES, BOX, most, depth=7)
    fill_the_box(parts)
    width, height = sides(parts).T
    np.testing.assert_allclose(width / height, 4 / 3)
    level = np.log2(4 / width).round().astype(int)

    def count(low, size):
        high = low + size[:, None] * (1, 0.75)
        return ((low[:, None] <= PLACES) & (high[:, None] > PLACES)).all(-1).sum(1)

    held = count(parts[:, 0], width)
    assert (held[level < 7] <= most).all()
    parent = parts[:, 0] - np.mod(parts[:, 0] - BOX[0], 2 * width[:, None] * (1, 0.75))
    assert (count(parent, 2 * width)[level > 0] > most).all()


def test_a_field_is_divided_where_it_varies():
    def step(p):
        return jnp.where(p[0] > 0.01, 1.0, 0.0)

    parts = ga.quadtree(step, BOX, 0.5, depth=5)
    fill_the_box(parts)
    finest = sides(parts)[:, 0] < 4 / 2**5 * 1.01
    low, high = parts[:, 0, 0], parts[:, 2, 0]
    assert finest.sum() == 2 * 32
    assert ((low <= 0.01) & (high >= 0.01) <= finest).all()
    assert len(ga.quadtree(lambda p: 1.0 + 0 * p[0], BOX, 0.0)) == 1
    assert len(ga.quadtree(ga.peaks(), BOX, 0.0, depth=2)) == 16
    assert len(ga.quadtree([], BOX, 0)) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ga.subdivide(KEY, BOX, 0), "n is 0"),
        (lambda: ga.subdivide(KEY, BOX, 9, cut=(0, 0.5)), "two parts of a side"),
        (lambda: ga.subdivide(KEY, BOX, 9, cut=(0.7, 0.5)), "two parts of a side"),
        (lambda: ga.subdivide(KEY, BOX, 9, cut=0.5), "two parts of a side"),
        (lambda: ga.subdivide(KEY, BOX, 9, least=-1), "least is -1"),
        (lambda: ga.subdivide(KEY, ((0, 0), (0, 1)), 9), "x0 < x1"),
        (lambda: ga.subdivide(1, BOX, 9), "give a random key"),
        (lambda: ga.quadtree(PLACES, BOX, -1), "most is -1"),
        (lambda: ga.quadtree(PLACES, BOX, 1, depth=11), "depth is 11"),
        (lambda: ga.quadtree([(np.nan, 0)], BOX, 1), "point 0 of ga.quadtree"),
        (lambda: ga.quadtree(lambda p: p[0] / 0, BOX, 1), "not finite"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()
