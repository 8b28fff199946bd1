"""In chaos it is black where a difference grows, and deep where the cycle is superstable."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def test_a_rhythm_of_one_rate_is_the_logistic_map(piece):
    (mark,) = piece("chaos")(rhythm="A", pixels=60).marks
    row = np.asarray(mark.shape.pixels)[..., :3].mean(0)  # alike in all rows
    rates = np.asarray(mark.shape.box)[:, 0]
    at = lambda rate: row[round((rate - rates[0]) / (rates[1] - rates[0]) * 59)]  # noqa: E731
    assert at(3.95).max() < 0.15  # chaos
    assert at(2.8).sum() > at(3.2361).sum() + 0.5  # a cycle of two, superstable at 1 + sqrt 5
    assert at(3.0).sum() > at(2.8).sum() + 0.3  # where it forks, a difference stays


def test_letters_change_places_over_the_diagonal(piece):
    a, b = (np.asarray(piece("chaos")(rhythm=r, pixels=50).marks[0].shape.pixels) for r in "AB")
    np.testing.assert_allclose(a, b.swapaxes(0, 1), atol=1e-6)
