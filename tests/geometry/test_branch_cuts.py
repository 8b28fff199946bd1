"""Laws of branch cuts: the negative axis under a root, curved ones, none where f is analytic."""

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.geometry.singularities.branch_cuts import branch_cuts

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-2.0, -2.0), (2.0, 2.0))


def lines(f, **options):
    return [row[np.isfinite(row[:, 0])] @ [1, 1j] for row in branch_cuts(f, BOX, **options)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("root", [jnp.sqrt, jnp.log, lambda z: z ** (1 / 3)])
def test_a_root_is_cut_along_the_negative_axis(root):
    (cut,) = lines(root, resolution=30)
    np.testing.assert_allclose(cut.imag, 0, atol=1e-7)
    np.testing.assert_allclose(np.sort(cut.real[[0, -1]]), [-2, 0], atol=1e-6)
    assert (np.diff(cut.real) >= 0).all() or (np.diff(cut.real) <= 0).all()
    assert np.abs(np.diff(cut)).max() < 4.1 / 30


def test_cuts_that_cross_go_straight_on():
    """Under the root of z^2 - 1 is a negative number on [-1, 1] and on the imaginary axis."""
    found = lines(lambda z: jnp.sqrt(z**2 - 1), resolution=30)
    every = np.concatenate(found)
    np.testing.assert_allclose(np.minimum(abs(every.real), abs(every.imag)), 0, atol=1e-7)
    ends = np.sort_complex(np.concatenate([line[[0, -1]] for line in found]))
    np.testing.assert_allclose(ends, [-1, -2j, 2j, 1], atol=1e-6)


def test_curved_cuts_are_where_what_is_under_a_logarithm_is_negative():
    def g(z):
        return z**3 + z - 1.0 + 0.3j

    def f(z):
        return jnp.log(g(z))

    found = np.concatenate(lines(f))
    under = g(found)
    assert (under.real < 1e-4).all()
    on_edges = np.sort(np.abs(under.imag))
    assert np.quantile(on_edges, 0.95) < 1e-6
    # And no such place is far from them.
    z = np.random.default_rng(3).uniform(-1.9, 1.9, (200_000, 2)) @ [1, 1j]
    a, b = g(z), g(z + 0.004j)
    crossed = z[(a.imag * b.imag < 0) & (np.maximum(a.real, b.real) < 0)]
    assert len(crossed) > 100
    assert np.abs(crossed[:, None] - found).min(1).max() < 0.025


@pytest.mark.parametrize(
    "f", [lambda z: jnp.tan(3 * z) / (z - 0.5j) ** 3, lambda z: jnp.exp(1 / z), lambda z: z**-1]
)
def test_there_is_none_where_a_function_is_analytic_but_for_poles(f):
    assert lines(f, resolution=60) == []


def test_a_jump_of_any_kind_is_one():
    (ring,) = lines(lambda z: jnp.where(jnp.abs(z) < 1, z, 2 * z), resolution=50)
    np.testing.assert_allclose(np.abs(ring), 1, atol=1e-9)
    assert ring[0] == ring[-1]
    assert abs(np.unwrap(np.angle(ring))[[0, -1]]).sum() > 6
