"""In knot_whiskers every whisker touches the knot, and is as long as the velocity says."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def shown(piece):
    scene = piece("knot_whiskers")(n=600, reach=0.25, azimuth=-90.0, elevation=90.0)
    return [np.asarray(m.shape.points) for m in scene.marks]


def test_a_whisker_is_the_velocity_seen_from_above(shown):
    whiskers, _ = shown
    t = np.arange(600) * 2 * np.pi / 600
    h = 1e-5

    def seen(t):
        r = 2 + 0.95 * np.cos(3 * t)
        return np.stack([r * np.cos(2 * t), r * np.sin(2 * t)], -1)

    expected = np.stack([seen(t), seen(t) + 0.25 * (seen(t + h) - seen(t - h)) / (2 * h)], 1)
    for one in expected[::37]:
        assert np.abs(whiskers - one).max((1, 2)).min() < 1e-8


def test_the_near_parts_are_drawn_last(shown):
    whiskers, along = shown
    assert np.allclose(whiskers[:, 0], along[:, 0])
    r = np.hypot(*along[:, 0].T)
    angle = np.arctan2(along[:, 0, 1], along[:, 0, 0])
    turns = [(angle + 2 * np.pi * k) / 2 for k in (0, 1)]
    fits = [np.abs(2 + 0.95 * np.cos(3 * t) - r) for t in turns]
    t = np.where(fits[0] < fits[1], *turns)
    clear = np.abs(fits[0] - fits[1]) > 1e-3  # elsewhere two strands cross
    height = np.sin(3 * t)[clear]
    assert np.all(np.diff(height) > -1e-9)
