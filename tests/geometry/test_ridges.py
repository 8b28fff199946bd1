"""Laws of ridges: closed forms, and what turning, scaling and raising a field leave as it is."""

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.derivatives import gradient, hessian, value
from gradart.calculus.equations.flow_maps import stretching
from gradart.geometry.contours.ridges import ridges
from gradart.geometry.points import grid
from gradart.library.sampled import tabulated

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-2.0, -2.0), (2.0, 2.0))


def inked(rows):
    points = np.asarray(rows).reshape(-1, 2)
    return points[np.isfinite(points[:, 0])]


@pytest.mark.exhaustive
def test_a_straight_crest_is_found_to_rounding():
    def roof(p):
        u, v = 0.8 * p[0] + 0.6 * p[1], 0.8 * p[1] - 0.6 * p[0] - 0.1
        return 0.2 * u - v**2 * (1 + 0.1 * u)

    rows = ridges(roof, box=BOX, resolution=50)
    x, y = inked(rows[:1]).T
    np.testing.assert_allclose(0.8 * y - 0.6 * x, 0.1, atol=1e-9)
    assert np.ptp(x) > 3.9


@pytest.mark.exhaustive
def test_on_a_ridge_the_field_is_a_maximum_across_it():
    def hills(p):
        return jnp.sin(2 * p[0] + p[1]) * jnp.cos(1.3 * p[1] - 0.4 * p[0])

    rows = ridges(hills, box=BOX, resolution=60)
    # At its ends a condition changes: there, and in summits, no direction is distinguished.
    points = np.concatenate([inked(row)[1:-1] for row in rows])
    slopes, bends = (np.asarray(f(hills, points)) for f in (gradient, hessian))
    values, axes = np.linalg.eigh(bends)
    steep = np.linalg.norm(slopes, axis=1) > 0.05
    across = np.abs(np.einsum("ni,ni->n", slopes, axes[..., 0]))
    assert steep.sum() > 100
    np.testing.assert_allclose(across[steep], 0, atol=1e-4)
    assert values[steep, 0].max() < 1e-3
    lengths = [np.linalg.norm(np.diff(row, axis=0), axis=1) for row in rows]
    assert (np.diff([np.nansum(x) for x in lengths]) < 1e-9).all()


def test_a_plane_has_none():
    assert ridges(lambda p: p[0] + 2 * p[1], box=BOX, resolution=10).shape == (0, 0, 2)


@pytest.mark.exhaustive
def test_the_double_gyre_at_rest_is_parted_along_its_middle():
    def gyres(p):
        u = -jnp.sin(jnp.pi * p[0]) * jnp.cos(jnp.pi * p[1])
        return jnp.array([u, jnp.cos(jnp.pi * p[0]) * jnp.sin(jnp.pi * p[1])])

    box = ((0.7, 0.1), (1.32, 0.4))
    rates = value(stretching(gyres, 0.4, steps=20), grid(31, 63, box))
    (line, *_) = ridges(tabulated(rates, box=box), resolution=40)
    x, y = inked(line).T
    below = y < 0.35  # where another ridge comes in
    np.testing.assert_allclose(x[below], 1, atol=1e-5)
    assert np.ptp(y[below]) > 0.2
