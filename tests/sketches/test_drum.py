"""In drum a blow in the middle makes ornaments with all symmetries of a square, one by one."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def test_ornaments_are_alike_from_all_sides_and_a_tile_goes_on_from_the_one_before(piece):
    film = piece("drum")(pixels=41, side=2)
    *left, now = (np.asarray(mark.shape.pixels) for mark in film(0.5 + 1e-9).marks)
    assert len(left) == 4
    for tile in left:
        assert np.ptp(tile) > 0.5
        np.testing.assert_allclose(tile, np.rot90(tile), atol=1e-5)
        np.testing.assert_allclose(tile, tile[:, ::-1], atol=1e-5)
    np.testing.assert_allclose(now, left[1], atol=1e-5)
