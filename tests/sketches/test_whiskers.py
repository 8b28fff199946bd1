"""In whiskers each ring swings as the derivative of the one outside it."""

from itertools import pairwise

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def rings(piece):
    strokes = [np.asarray(mark.shape.points) for mark in piece("whiskers")(n=20_000).marks]
    assert sum(map(len, strokes)) == 20_000
    for outer, inner in pairwise(strokes):
        np.testing.assert_array_equal(outer[:, 1], inner[:, 0])  # one goes on from the other
    return np.stack([strokes[0][:, 0], *(each[:, 1] for each in strokes)])


def test_a_ring_is_the_derivative_of_the_one_outside(rings):
    radius = np.linalg.norm(rings, axis=-1)
    waves = radius / 0.765 ** np.arange(6)[:, None] - 1
    n = radius.shape[1]
    for wave, derivative in pairwise(waves):
        slope = (np.roll(wave, -1) - np.roll(wave, 1)) * n / (4 * np.pi)
        np.testing.assert_allclose(derivative, slope * 0.22 / np.abs(slope).max(), atol=1e-4)
        assert np.abs(np.fft.rfft(wave))[1:].argmax() <= 7


def test_the_faster_waves_take_over(rings):
    swings = [np.abs(np.fft.rfft(r)) for r in np.linalg.norm(rings, axis=-1)]
    fast = [swing[8] / swing[3] for swing in swings]
    np.testing.assert_allclose(np.divide(fast[1:], fast[:-1]), 8 / 3, rtol=1e-6)
