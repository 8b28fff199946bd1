"""In attractor the points are orbits of the map, and their colors tell how an arrow has grown."""

import numpy as np
import pytest

import gradart as ga


@pytest.fixture(scope="module")
def dots(piece):
    mark = piece("attractor")(n=1000, seed=0).marks[0]
    (block,) = mark.shape.block(0)
    places = np.asarray(block.shape.centers).reshape(2, 500, 2)
    return mark, places, np.asarray(block.style.fill).reshape(2, 500, 4)


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
    apart, growth = np.array([1e-7, 0]), 0.0
    for k in range(400):
        apart = step(places[0, k] + apart) - step(places[0, k])
        length = np.linalg.norm(apart) / 1e-7
        apart, growth = apart / length, 0.7 * growth + 0.3 * np.log(length)
        if k > 60:  # both arrows have turned into the direction that grows
            np.testing.assert_allclose(
                colors[0, k + 1, :3], np.asarray(shade(growth + 0.1))[:3], atol=1e-3
            )


def test_blocks_are_independent_and_as_many_as_asked(piece):
    many = piece("attractor")(n=3_000_000, seed=0).marks[0].shape
    assert many.count == 3
