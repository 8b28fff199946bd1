"""Soft starts and stops."""

import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.easing import ease


def test_it_runs_from_rest_to_rest_and_the_same_backward():
    with jax.enable_x64(True):
        u = np.linspace(-0.2, 1.2, 57)
        eased = jax.jit(ease)
        s = eased(u, 0.25, 0.75)
        assert (np.diff(s) >= 0).all()
        np.testing.assert_array_equal(s[u <= 0.25], 0)
        np.testing.assert_array_equal(s[u >= 0.75], 1)
        np.testing.assert_allclose(s + eased(1 - u, 0.25, 0.75), 1, atol=1e-15)
        speed = jax.grad(ease)  # a whole turn loops without a jolt
        for slope in (speed, jax.grad(speed)):
            ends = jax.jit(jax.vmap(slope))(np.array([1e-9, 1 - 1e-9]))
            np.testing.assert_allclose(ends, 0, atol=1e-6)
    with pytest.raises(ArtError, match="later end"):
        ease(0.5, 0.7, 0.7)
