"""In coffee_cup rays are reflected, and touch a nephroid if they came in parallel."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def beams(piece):
    marks = piece("coffee_cup")(lamp=180, n=40, bounces=2).marks
    return [np.asarray(m.shape.points) for m in marks[-2:]][::-1]


def way(rays):
    d = rays[:, 1] - rays[:, 0]
    return d / np.linalg.norm(d, axis=1, keepdims=True)


def test_rays_run_from_wall_to_wall_and_turn_by_the_law_of_reflection(beams):
    assert all(np.allclose(np.linalg.norm(b, axis=-1), 1) for b in beams)
    first, second = beams
    assert np.allclose(second[:, 0], first[:, 1])
    came = np.broadcast_to([1.0, 0.0], way(first).shape)
    for before, rays in ((came, first), (way(first), second)):
        normal = rays[:, 0]
        assert np.allclose((before * normal).sum(1), -(way(rays) * normal).sum(1))
        cross = before[:, 0] * normal[:, 1] - before[:, 1] * normal[:, 0]
        after = way(rays)
        assert np.allclose(cross, after[:, 0] * normal[:, 1] - after[:, 1] * normal[:, 0])


def test_every_ray_touches_the_nephroid(beams):
    u = np.linspace(0, 2 * np.pi, 20001)
    nephroid = np.stack([3 * np.cos(u) - np.cos(3 * u), 3 * np.sin(u) - np.sin(3 * u)], -1) / 4
    for ray, d in zip(beams[0][1:-1], way(beams[0])[1:-1], strict=True):
        side = (nephroid - ray[0]) @ np.array([-d[1], d[0]])
        turn = np.diff(np.sign(np.diff(side))) != 0  # the nephroid is parallel to the ray
        assert np.abs(side[1:-1][turn]).min() < 1e-6
