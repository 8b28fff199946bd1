"""The path of descent_2d crosses the level lines downhill and ends in the large valley."""

import itertools

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def drawn(piece):
    scene = piece("descent_2d")()(0.75)
    contours, path = scene.marks[0].shape.points, scene.marks[-2].shape.centers
    return np.asarray(contours), np.asarray(path), np.asarray(scene.marks[-1].shape.centers)[0]


def test_the_path_ends_at_rest_in_the_innermost_line(drawn):
    _, path, point = drawn
    assert np.allclose(point, path[-1])
    steps = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    assert steps[-1] < 0.06 * 1e-5 < steps[0] / 1e4  # the rate times the gradient
    assert np.linalg.norm(path[-1] - (-1.849, -0.510)) < 1e-3


def test_the_path_bends_into_the_small_valley_and_follows_it(drawn):
    path = drawn[1]
    steps = np.diff(path[:150], axis=0)
    turn = np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))
    assert -turn[turn < 0].sum() > 1  # radians to the right
    assert turn[turn > 0].sum() > 1  # and to the left
    x, y = path[(path[:, 0] > -1) & (path[:, 0] < 1.3)].T
    assert len(x) > 30
    assert np.abs(y - (0.35 + 0.45 * x + 0.4 * np.sin(2 * x))).max() < 0.3


def test_first_steps_are_square_to_the_lines_that_they_cross(drawn):
    contours, path, _ = drawn
    line = contours.reshape(-1, 2)
    for a, b in itertools.pairwise(path[:9]):
        near = np.nanargmin(np.linalg.norm(line - a, axis=1))
        along = line[near + 1] - line[near - 1]
        cosine = along @ (b - a) / np.linalg.norm(along) / np.linalg.norm(b - a)
        assert abs(cosine) < 0.1
