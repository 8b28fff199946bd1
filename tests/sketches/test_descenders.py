"""The descenders begin together and end together, where the gradient of the valley is zero."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def film(piece):
    return piece("descenders")()


def slope(p, bend=6):  # of Rosenbrock's valley, by hand
    x, y = p[..., 0], p[..., 1]
    return np.hypot(-2 * (1 - x) - 4 * bend * x * (y - x**2), 2 * bend * (y - x**2))


def test_all_end_where_the_gradient_vanishes(film):
    paths = np.asarray(film(0.8).marks[-2].shape.points)
    assert len(paths) == 6
    assert np.allclose(paths[:, 0], (0, 2.7))
    assert slope(paths[:, -1]).max() < 1e-3
    assert np.allclose(paths[:, -1], 1, atol=1e-3)


def test_the_ways_differ(film):
    paths = np.asarray(film(0.8).marks[-2].shape.points)[:, :60]
    for i, a in enumerate(paths):
        for b in paths[:i]:
            assert np.linalg.norm(a - b, axis=1).max() > 0.1


def test_heads_stand_on_their_paths(film):
    scene = film(0.4)
    paths, heads = (np.asarray(scene.marks[-2].shape.points), scene.marks[-1].shape.centers)
    for path, head in zip(paths, np.asarray(heads), strict=True):
        last = path[np.flatnonzero(~np.isnan(path[:, 0]))[-1]]
        assert np.allclose(last, head)
