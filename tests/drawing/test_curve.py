"""A curve as a mark: few true curves, right for the sheet it is drawn on, and still in a film."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import curve
from gradart.drawing.scene import scene
from gradart.drawing.shapes import Beziers
from gradart.errors import ArtError


@pytest.fixture(autouse=True)
def _double():
    with jax.enable_x64(True):
        yield


def circle(t):
    return jnp.array([jnp.cos(t), jnp.sin(t)])


def test_a_circle_of_any_size_takes_a_few_pieces():
    marks = [curve(lambda t, r=r: r * circle(t), 0, math.tau, fill="teal") for r in (1e-3, 80)]
    small, large = (np.asarray(m.shape.points) for m in marks)
    assert isinstance(marks[0].shape, Beziers)
    assert small.shape == large.shape
    assert small.shape[1] <= 3 * 12 + 1
    np.testing.assert_allclose(small * 8e4, large, atol=1e-7)
    u = np.linspace(0, 1, 50)[:, None, None]
    a, b, c, d = (large[0, k : large.shape[1] - 3 + k : 3] for k in range(4))
    path = a * (1 - u) ** 3 + 3 * b * u * (1 - u) ** 2 + 3 * c * u**2 * (1 - u) + d * u**3
    np.testing.assert_allclose(np.linalg.norm(path, axis=-1), 80, atol=0.01)


def test_a_pole_does_not_make_it_coarse():
    pole = curve(lambda t: jnp.array([t, 1 / (t - 1)]), 0, 3).shape.points
    assert np.isnan(pole).any()
    a, b, c, d = (np.asarray(pole)[0, k : len(pole[0]) - 3 + k : 3] for k in range(4))
    x, y = ((a + 3 * b + 3 * c + d) / 8).T  # the middles of the pieces
    near = np.abs(y) < 5
    np.testing.assert_allclose(y[near], 1 / (x[near] - 1), atol=5e-4)
    assert near.sum() >= 4


def test_in_a_frame_it_may_stand_still_but_not_move():
    still = jax.jit(lambda u: scene(curve(circle, 0, 3), box=((0, 0), (u, u))))(0.5)
    np.testing.assert_allclose(still.marks[0].shape.points, curve(circle, 0, 3).shape.points)
    with pytest.raises(ArtError, match="none that move in a frame"):
        jax.jit(lambda u: curve(lambda t: u * circle(t), 0, 3))(0.5)
