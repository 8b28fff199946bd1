"""Soft starts and stops."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.ease import ease


def test_it_runs_from_rest_to_rest_and_the_same_backward():
    with jax.enable_x64(True):
        u = jnp.linspace(-0.2, 1.2, 57)
        s = ease(u, 0.25, 0.75)
        assert (np.diff(s) >= 0).all()
        np.testing.assert_array_equal(s[u <= 0.25], 0)
        np.testing.assert_array_equal(s[u >= 0.75], 1)
        np.testing.assert_allclose(s + ease(1 - u, 0.25, 0.75), 1, atol=1e-15)
        for order in (1, 2):  # a whole turn loops without a jolt
            slope = ease
            for _ in range(order):
                slope = jax.grad(slope)
            np.testing.assert_allclose([slope(1e-9), slope(1 - 1e-9)], 0, atol=1e-6)
    with pytest.raises(ArtError, match="later end"):
        ease(0.5, 0.7, 0.7)
