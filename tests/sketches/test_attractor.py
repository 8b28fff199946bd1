"""In attractor the points are orbits of the map, and their colors tell how an arrow has grown."""

import numpy as np
import pytest

import gradart as ga


@pytest.fixture(scope="module")
def dots(piece):
    mark = piece("attractor")(n=1000, seed=0).marks[0]
    (block,) = mark.shape.block(0)
    places = np.asarray(block.shape.centers).reshape(25, 40, 2)
    return mark, places, np.asarray(block.style.fill).reshape(25, 40, 4)


def step(p, a=1.5, b=-1.8, c=1.6, d=0.9):
    x, y = np.moveaxis(p, -1, 0)
    return np.stack([np.sin(a * y) + c * np.cos(a * x), np.sin(b * x) + d * np.cos(b * y)], -1)


def test_each_point_is_sent_to_the_next(dots):
    _, places, _ = dots
    np.testing.assert_allclose(step(places[:, :-1]), places[:, 1:], atol=1e-9)


def test_the_color_is_the_growth_of_a_small_distance(dots):
    """Benettin's way, without a derivative: a neighbor that is brought near again at each step."""
    _, places, colors = dots
    shade = ga.ramp("#0353a4", "#48cae4", "#f4a261", "#e5383b")
    apart, growth = np.full((25, 2), 1e-7), np.zeros(25)
    for k in range(39):
        apart = step(places[:, k] + apart) - step(places[:, k])
        length = np.linalg.norm(apart, axis=-1) / 1e-7
        apart, growth = apart / length[:, None], 0.7 * growth + 0.3 * np.log(length)
    # By now nearly all arrows have turned into the direction that grows.
    alike = np.isclose(colors[:, -1, :3], shade(growth + 0.1)[:, :3], atol=2e-3).all(1)
    assert alike.sum() >= 22
    assert np.ptp(growth) > 0.3


def test_blocks_are_independent_and_as_many_as_asked(piece):
    many = piece("attractor")(n=3_000_000, seed=0).marks[0].shape
    assert many.count == 3
