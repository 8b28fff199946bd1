"""In skeleton the border of two whirls that stand still is a line, and half a turn swaps colors."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def sheet(piece, **values):
    (mark,) = piece("skeleton")(pixels=100, **values).marks
    return np.asarray(mark.shape.pixels)[..., :3]


def test_whirls_that_stand_still_part_and_gather_along_the_middle(piece):
    inner = sheet(piece, sway=0.0, time=4.0)[10:40, 20:80]
    assert set(inner.sum(-1).argmin(1) + 20) <= {49, 50}


def test_backward_in_time_is_half_a_turn_of_the_bath(piece):
    """The whirls at -t are those at t, seen in a mirror: what was red is blue there."""
    pixels = sheet(piece, time=6.0)
    warm = np.log(pixels[..., 0] / 247) - np.log(pixels[..., 2] / 237)
    turned = warm[::-1, ::-1]
    assert np.corrcoef(warm.ravel(), turned.ravel())[0, 1] < -0.5
