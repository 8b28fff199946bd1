"""A curve as a mark: few true curves, right for the sheet it is drawn on, and still in a film."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.drawing.marks import curve
from gradart.drawing.scene import scene
from gradart.drawing.shapes import Beziers

pytestmark = pytest.mark.usefixtures("double")


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


def test_in_a_frame_it_may_stand_still():
    still = jax.jit(lambda u: scene(curve(circle, 0, 3), box=((0, 0), (u, u))))(0.5)
    np.testing.assert_allclose(still.marks[0].shape.points, curve(circle, 0, 3).shape.points)


@pytest.mark.parametrize("end", [3.0, 9.0])
def test_in_a_frame_it_may_move_and_stays_the_curve(end):
    def moving(u):
        return curve(lambda t: u * jnp.stack([jnp.cos(t), jnp.sin(2 * t)]), 0, end * u)

    path = np.asarray(jax.jit(moving)(0.5).shape.points)[0]
    pieces = np.stack([path[k : len(path) - 3 + k : 3] for k in range(4)], 1)
    t = np.linspace(0, end / 2, len(pieces) + 1)
    for s in (0, 0.2, 0.5, 0.9):
        weights = np.array([(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s**2 * (1 - s), s**3])
        at = t[:-1] + s * t[1]
        found, wanted = weights @ pieces, 0.5 * np.stack([np.cos(at), np.sin(2 * at)], -1)
        # Hermite's remainder: h^4 / 384 of the fourth derivative, which is at most 8.
        assert np.abs(found - wanted).max() <= 8 * t[1] ** 4 / 384 + 1e-14


def test_in_a_frame_it_does_not_go_over_a_pole():
    pole = jax.jit(lambda u: curve(lambda t: jnp.stack([u * t, 1 / (t - 1.234)]), 0, 3))(0.5)
    points = np.asarray(pole.shape.points)[0]
    over = np.sign(points[:-3:3, 1]) != np.sign(points[3::3, 1])
    assert over.sum() == 1
    assert np.isnan(points[1::3][over]).all()
    assert np.isnan(points).any(-1).sum() <= 6  # the controls of that piece, and of its neighbors
