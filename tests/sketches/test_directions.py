"""Directions: the rose of slopes is the dot product with the gradient, two circles."""

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive

CENTER = np.array([62, 90.0])


@pytest.fixture(scope="module")
def scene(piece):
    return piece("directions")(x=0.1, y=-0.5, roses=3)


def test_the_slope_every_way_is_the_dot_product_with_the_gradient(scene):
    spokes, rim = (np.asarray(scene.marks[k].shape.points)[:, 1] - CENTER for k in (2, 3))
    np.testing.assert_allclose(spokes[1:], rim, atol=0.011)  # two computations, each rounded
    with jax.enable_x64(True):
        uphill = np.asarray(ga.gradient(ga.terrain(smooth=4), np.array([0.1, -0.5])))
    way = np.linspace(0, 2 * np.pi, len(spokes))
    v = np.stack([np.cos(way), np.sin(way)], 1)
    length = np.linalg.norm(spokes, axis=1)
    expected = np.abs(v @ uphill) / np.linalg.norm(uphill) * 0.9 * 62
    np.testing.assert_allclose(length, expected, atol=0.011)


def test_the_rose_is_two_circles_that_touch_at_the_point_along_the_level_line(scene):
    rim = np.asarray(scene.marks[3].shape.points)[:, 1] - CENTER
    red = np.asarray(scene.marks[3].style.stroke)[:, 0] > 0.5
    centers = []
    for half in (rim[red], rim[~red]):
        # A circle through the origin: |p|^2 = 2 p . c
        c = np.linalg.lstsq(2 * half, (half**2).sum(1), rcond=None)[0]
        assert np.abs(np.linalg.norm(half - c, axis=1) - np.linalg.norm(c)).max() < 0.02
        centers.append(c)
    np.testing.assert_allclose(centers[0], -centers[1], atol=0.02)


def test_the_map_has_its_roses(scene):
    assert len(scene.marks[5].shape.points) == 9 * 37
    assert len(scene.marks[7].shape.centers) == 9
