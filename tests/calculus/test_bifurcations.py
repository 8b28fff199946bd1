"""Orbit diagrams and period doublings: closed forms, Feigenbaum's numbers, multipliers of -1."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.equations.bifurcations import orbit_diagram, period_doublings
from gradart.calculus.equations.flow_maps import lyapunov
from gradart.errors import ArtError

pytestmark = pytest.mark.usefixtures("double")

POINTS = [3, 1 + np.sqrt(6), 3.544090359551923, 3.564407266095433, 3.568759419543826]


def logistic(x, r):
    return r * x * (1 - x)


def henon(p, a):
    return jnp.array([1 - a * p[0] ** 2 + p[1], 0.3 * p[0]])


@pytest.mark.exhaustive
def test_the_doublings_of_the_logistic_map():
    """Feigenbaum's points, by S. Wolfram's "A New Kind of Science" and others; and his constant."""
    found = period_doublings(logistic, 0.3, 2.8, 3.6, n=8)
    np.testing.assert_allclose(found.parameters[:5], POINTS, rtol=1e-13)
    gaps = np.diff(found.parameters)
    np.testing.assert_allclose(gaps[-2] / gaps[-1], 4.669201609, rtol=1e-5)
    assert found.orbits.shape == (8, 128, 1)
    for k, (r, orbit) in enumerate(zip(found.parameters, found.orbits[..., 0], strict=True)):
        size = 2**k
        assert np.isnan(orbit[size:]).all()
        x = orbit[:size]
        np.testing.assert_allclose(logistic(x, r), np.roll(x, -1), atol=1e-12)
        assert len(np.unique(x.round(7))) == size
        np.testing.assert_allclose(np.prod(r * (1 - 2 * x)), -1, atol=1e-7)
    # The exponent of a multiplier of -1 is 0.
    r, x = found.parameters[2], found.orbits[2, :1, 0]
    np.testing.assert_allclose(lyapunov(lambda x: logistic(x, r), x, steps=4), 0, atol=1e-8)


def test_in_a_window_of_period_three():
    found = period_doublings(logistic, 0.3, 3.835, 3.86, n=2, period=3)
    np.testing.assert_allclose(found.parameters, [3.841499007543508, 3.847610661179367], rtol=1e-9)
    assert found.orbits.shape == (2, 6, 1)
    slopes = found.parameters[:, None] * (1 - 2 * found.orbits[..., 0])
    np.testing.assert_allclose(np.nanprod(slopes, axis=1), -1, atol=1e-9)


@pytest.mark.exhaustive
def test_in_two_dimensions_and_downward():
    b = 0.3  # for which the first two are known in closed form
    closed = [3 * (1 - b) ** 2 / 4, (1 - b) ** 2 + (1 + b) ** 2 / 4]
    found = period_doublings(henon, np.zeros(2), 0.1, 1.2, n=2)
    np.testing.assert_allclose(found.parameters, closed, rtol=1e-12)
    assert found.orbits.shape == (2, 2, 2)
    down = period_doublings(lambda p, a: henon(p, -a), np.zeros(2), -0.1, -1.2, n=2)
    np.testing.assert_allclose(down.parameters, -found.parameters, rtol=1e-12)


def test_where_there_are_fewer_there_are_fewer():
    found = period_doublings(logistic, 0.3, 2.8, 3.5, n=4)
    np.testing.assert_allclose(found.parameters, POINTS[:2], rtol=1e-12)
    none = period_doublings(logistic, 0.3, 2.0, 2.9)
    assert none.parameters.shape == (0,)
    assert none.orbits.shape == (0, 1, 1)


def test_a_diagram_shows_fixed_points_and_cycles():
    r = np.array([2.0, 2.9, 3.2, 3.4, 5.0])
    found = np.asarray(orbit_diagram(logistic, r, 0.3, settle=1000, steps=6))
    assert found.shape == (5, 6, 2)
    np.testing.assert_array_equal(found[:4, :, 0], np.broadcast_to(r[:4, None], (4, 6)))
    np.testing.assert_allclose(found[:2, :, 1], (1 - 1 / r[:2])[:, None] * np.ones(6), rtol=1e-12)
    q = r[2:4]
    root = np.sqrt((q + 1) * (q - 3))
    cycle = np.stack([q + 1 - root, q + 1 + root], -1) / (2 * q[:, None])
    np.testing.assert_allclose(np.sort(found[2:4, :2, 1]), cycle, rtol=1e-10)
    np.testing.assert_allclose(found[2:4, 2:, 1], found[2:4, :4, 1], rtol=1e-10)
    assert np.isnan(found[4]).all()


def test_a_diagram_of_points_shows_their_first_coordinate():
    found = orbit_diagram(henon, [0.2], np.zeros(2), steps=3)
    x = (np.sqrt(0.7**2 + 4 * 0.2) - 0.7) / (2 * 0.2)
    np.testing.assert_allclose(found[0, :, 1], x, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: period_doublings(logistic, 0.3, 3.7, 3.8), "does not settle to a period of 1"),
        (lambda: period_doublings(logistic, 0.3, 2.8, 3.5, period=2), "and not of 2: .*period=1"),
        (lambda: period_doublings(3, 0.3, 2.8, 3.8), "map is 3"),
        (lambda: period_doublings(logistic, 0.3, "a", 3.8), "low is 'a'"),
        (lambda: period_doublings(logistic, np.ones((2, 2)), 2.8, 3.8), "one number or one point"),
        (lambda: orbit_diagram(logistic, 3.0, 0.3), "parameters has shape"),
        (lambda: orbit_diagram(henon, [0.2], 0.3), "map henon: it takes a point"),
        (lambda: orbit_diagram(logistic, [3.0], 0.3, steps=0), "steps is 0"),
    ],
)
def test_what_cannot_be_done_is_said(call, said):
    with pytest.raises(ArtError, match=said):
        call()


@pytest.mark.exhaustive
def test_doublings_move_with_the_family_that_they_are_of():
    """Where the parameter is multiplied, they are divided: so do parameters, and orbits stay."""

    def found(s):
        return period_doublings(lambda x, r: logistic(x, s * r), 0.3, 2.8, 3.5, n=2)

    still, slopes = found(1.0), jax.jacfwd(found)(1.0)
    np.testing.assert_allclose(slopes.parameters, -still.parameters, rtol=1e-9)
    np.testing.assert_allclose(slopes.orbits, 0, atol=1e-9)
    single = period_doublings(logistic, np.float32(0.3), 2.8, 3.5, n=2)
    np.testing.assert_allclose(single.parameters, still.parameters, rtol=1e-13)
