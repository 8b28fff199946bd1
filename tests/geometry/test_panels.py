"""Panels: affine, corner to corner."""

import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.panels import panel

BOX, ONTO = ((-3, -1), (3, 1)), ((10, 20), (90, 70))


def test_corners_come_to_corners_and_back():
    there, back = panel(BOX, ONTO), panel(ONTO, BOX)
    np.testing.assert_allclose(there(BOX), ONTO)
    points = np.random.default_rng(0).normal(size=(4, 5, 2))
    np.testing.assert_allclose(back(there(points)), points, atol=1e-5)


def test_nan_stays_and_it_can_be_traced():
    points = np.array([[np.nan, 0], [0, 0]])
    seen = jax.jit(panel(BOX, ONTO))(points)
    assert np.isnan(seen[0]).any()
    np.testing.assert_allclose(seen[1], (50, 45))


def test_a_flat_box_is_refused():
    with pytest.raises(ArtError, match="no length"):
        panel(((0, 1), (2, 1)), ONTO)
    with pytest.raises(ArtError, match="two boxes"):
        panel((0, 1), ONTO)
