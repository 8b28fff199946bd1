"""Lines whose color changes along them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

SHADE = ga.ramp("#12283e", "#e77e4c", "#f2c86c")


def pieces_of(mark):
    """Each color's length, in the order of the line."""
    bits, colors = np.asarray(mark.shape.points), np.asarray(mark.style.stroke)
    lengths = np.nan_to_num(np.linalg.norm(bits[:, 1] - bits[:, 0], axis=-1))
    fresh = np.concatenate([[True], (colors[1:] != colors[:-1]).any(-1)])
    return np.bincount(np.cumsum(fresh) - 1, lengths), colors[fresh]


@pytest.mark.exhaustive
def test_pieces_are_of_one_length_and_of_the_colors_of_the_ramp():
    path = np.random.default_rng(0).normal(size=(50, 2)).cumsum(0)
    lengths, colors = pieces_of(ga.gradient_lines(path, SHADE, pieces=16))
    whole = np.linalg.norm(np.diff(path, axis=0), axis=-1).sum()
    np.testing.assert_allclose(lengths, whole / 16, rtol=1e-9)
    np.testing.assert_allclose(colors, SHADE(np.linspace(0, 1, 16)))


def test_it_goes_through_each_corner_in_order():
    path = np.random.default_rng(1).normal(size=(3, 20, 2)).cumsum(1)
    bits = np.asarray(ga.gradient_lines(path, SHADE, pieces=7).shape.points).reshape(3, 25, 2, 2)
    np.testing.assert_array_equal(bits[:, 1:, 0], bits[:, :-1, 1])
    for row, corners in zip(bits, path, strict=True):
        at = [np.flatnonzero((row[:, 0] == corner).all(-1)) for corner in corners[:-1]]
        assert (np.diff(np.concatenate(at)) > 0).all()
        np.testing.assert_array_equal(row[-1, 1], corners[-1])


def test_the_pen_stays_lifted_where_it_is():
    nan = (np.nan, np.nan)
    gap = [(0, 0), (2, 0), nan, (5, 0), (7, 0)]
    mark = ga.gradient_lines(gap, SHADE, pieces=4)
    lengths, _ = pieces_of(mark)
    np.testing.assert_allclose(lengths, 1)
    bits = np.asarray(mark.shape.points)
    drawn = bits[np.isfinite(bits).all((1, 2))]
    assert not ((drawn[..., 0] > 2) & (drawn[..., 0] < 5)).any()
    assert not np.isfinite(np.asarray(ga.gradient_lines([nan, nan], SHADE).shape.points)).any()


def test_a_line_without_length_has_the_first_color():
    mark = ga.gradient_lines([(1, 1), (1, 1)], SHADE, pieces=3)
    assert (np.asarray(mark.shape.points) == 1).all()
    np.testing.assert_allclose(mark.style.stroke, np.tile(SHADE(0.0), (len(mark.style.stroke), 1)))


@pytest.mark.exhaustive
def test_widths_are_one_for_each_line_and_frames_are_traced():
    rows = np.random.default_rng(2).normal(size=(2, 4, 2))
    mark = ga.gradient_lines(rows, SHADE, pieces=5, width=[1, 2], alpha=[0.5, 1])
    n = len(mark.shape.points) // 2
    assert np.asarray(mark.style.width).tolist() == [1] * n + [2] * n
    assert np.unique(np.asarray(mark.style.stroke)[:n, 3]).tolist() == [0.5]
    traced = jax.jit(lambda x: ga.gradient_lines(x, SHADE, pieces=5).shape.points)(rows)
    np.testing.assert_allclose(traced, mark.shape.points)
    slope = jax.grad(lambda s: ga.gradient_lines(s * jnp.asarray(rows), SHADE).shape.points.sum())
    assert jnp.isfinite(slope(1.0))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.gradient_lines([(0, 0), (1, 1)], "red"), "give a function to colors"),
        (lambda: ga.gradient_lines([(0, 0), (1, 1)], SHADE, pieces=1), "pieces"),
        (lambda: ga.gradient_lines([(0, 0), (1, 1)], SHADE, width=[1, 2]), "width has"),
        (lambda: ga.gradient_lines([(0, 0)], SHADE), "two points or more"),
        (lambda: ga.gradient_lines([1, 2, 3], SHADE), "must have shape"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(call, says):
    with pytest.raises(ArtError, match=says):
        call()
