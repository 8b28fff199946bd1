"""In kneser every circle lies inside the one before and touches a spiral that is not drawn."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def circles(piece):
    (mark,) = piece("kneser")(turns=3, growth=0.16, n=40, way=0).marks
    ends = np.asarray(mark.shape.points)[:, :-1:3]  # four points of each circle
    centers = ends.mean(1)
    return centers, np.linalg.norm(ends - centers[:, None], axis=-1)[:, 0]


def test_each_circle_lies_inside_the_one_before(circles):
    centers, radii = circles
    apart = np.linalg.norm(np.diff(centers, axis=0), axis=1)
    assert np.all(radii[:-1] - radii[1:] - apart > 0)


def test_they_touch_the_spiral_and_cross_it(circles):
    centers, radii = circles
    t = -np.linspace(0, 6 * np.pi, len(radii))[:, None] + np.array([-0.02, 0, 0.02])
    spiral = np.exp(0.16 * t)[..., None] * np.stack([np.cos(t), np.sin(t)], -1)
    miss = (np.linalg.norm(spiral - centers[:, None], axis=-1) / radii[:, None] - 1).T
    assert np.abs(miss[1]).max() < 1e-12
    assert np.all(miss[0] < 0)  # from inside to outside, as t grows
    assert np.all(miss[2] > 0)
    assert np.abs(miss).max() < 1e-5  # of third order
