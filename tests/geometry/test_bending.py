"""Points along a curve: lengths hold along it, and distances from it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga


@pytest.mark.exhaustive
def test_on_a_circle_lengths_are_angles_and_heights_are_radii():
    points = np.array(
        [[(0.0, 0.0), (1.5, 0.2), (np.nan, 1.0)], [(3.0, -0.5), (6.0, 1.0), (2.0, 0)]]
    )
    with jax.enable_x64(True):
        inward = np.asarray(ga.on_path(points, ga.circle(2.0), 0, 6.2))
        outward = np.asarray(ga.on_path(points, ga.circle(2.0), 0, -6.2))
    angle = points[..., 0] / 2
    for found, sense in ((inward, 1), (outward, -1)):
        r = 2 - sense * points[..., 1]
        wanted = np.stack([r * np.cos(angle), sense * r * np.sin(angle)], -1)
        wanted[np.isnan(points).any(-1)] = np.nan
        np.testing.assert_allclose(found, wanted, atol=1e-12)


@pytest.mark.exhaustive
def test_the_way_along_is_the_length_and_goes_on_straight_at_the_ends():
    def wave(t):
        return jnp.stack([t, jnp.sin(3 * t)])

    with jax.enable_x64(True):
        whole = float(ga.arc_length(wave, 0, 2))
        ends = np.asarray(ga.on_path([(0, 0), (whole, 0)], wave, 0, 2))
        beyond = np.asarray(ga.on_path([(-1.0, 0), (whole + 1, 0)], wave, 0, 2))
        away = np.stack([wave(0.0), wave(2.0)])
    np.testing.assert_allclose(ends, away, atol=1e-10)
    np.testing.assert_allclose(np.hypot(*(beyond - away).T), 1, atol=1e-10)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.on_path(np.ones((3, 3)), ga.circle(), 0, 1), r"points of shape \(..., 2\)"),
        (lambda: ga.on_path(np.ones((3, 2)), ga.circle, 0, 1), r"write ga\.circle\(\)"),
        (lambda: ga.on_path(np.ones((3, 2)), ga.circle(), 1, 1), "no length from a = 1 to b = 1"),
    ],
)
def test_what_cannot_be_bent_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
