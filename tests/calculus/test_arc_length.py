"""Laws of arc length."""

import math
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.curves.arc_length import arc_length, equally_spaced, length_from
from gradart.calculus.curves.frames import point
from gradart.calculus.derivatives import jet
from gradart.errors import ArtError, ArtWarning

pytestmark = pytest.mark.usefixtures("double")

TAU = math.tau


def cycloid(t):
    return jnp.array([t - jnp.sin(t), 1 - jnp.cos(t)])


def rose(t):
    return jnp.cos(7 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def helix(t):
    return jnp.array([3 * jnp.cos(t), 3 * jnp.sin(t), 4 * t])


def test_lengths_known():
    assert arc_length(helix, -1, 2) == pytest.approx(15, rel=1e-14)
    assert arc_length(cycloid, -TAU, TAU) == pytest.approx(16, rel=1e-12)  # through a cusp
    lazy = lambda t: helix(t**3)  # noqa: E731
    assert arc_length(lazy, 0, 2 ** (1 / 3)) == pytest.approx(10, rel=1e-12)


def test_length_is_what_polylines_tend_to_and_adds_up():
    whole = arc_length(rose, 0, math.pi)
    error = [
        whole
        - np.linalg.norm(np.diff(point(rose, np.linspace(0, math.pi, n)), axis=0), axis=1).sum()
        for n in (2001, 4001)
    ]
    assert error[0] / error[1] == pytest.approx(4, rel=1e-3)
    assert arc_length(rose, 0, 1) + arc_length(rose, 1, math.pi) == pytest.approx(whole, rel=1e-10)


def test_a_speed_that_jumps_still_meets_its_tolerance():
    corner = lambda t: jnp.array([t, jnp.abs(t - 1 / 3)])  # noqa: E731
    assert arc_length(corner, 0, 1) == pytest.approx(math.sqrt(2), rel=1e-10)
    kink = lambda t: jnp.array([t, 3 * jnp.maximum(t - 1 / 3, 0)])  # noqa: E731
    assert arc_length(kink, 0, 1) == pytest.approx((1 + 2 * math.sqrt(10)) / 3, rel=1e-9)


def bump(width, at=0.5):
    return lambda t: jnp.array([t, jnp.exp(-(((t - at) / width) ** 2))])


@pytest.mark.parametrize(
    ("width", "at"),
    [(1e-4, 0.5), (1e-3, 0.77), (1e-4, 0.001), (3e-5, 0.3171), (1e-5, 1 / 3), (1e-5, 0.7321)],
)
def test_a_narrow_bump_is_measured(width, at):
    near = np.concatenate([[0], at + width * np.linspace(-9, 9, 40_001), [1]])
    near = near[(near >= 0) & (near <= 1)]
    steps = np.diff(np.asarray(point(bump(width, at), near)), axis=0)
    known = np.hypot(*steps.T).sum()
    assert known > 2.9
    assert arc_length(bump(width, at), 0, 1) == pytest.approx(known, rel=1e-6)
    t = equally_spaced(bump(width, at), 0, 1, 4)
    assert ((t[1:-1] > at - 5 * width) & (t[1:-1] < at + 0.4)).all()


def test_very_many_waves_are_measured():
    waves = lambda t: jnp.array([t, jnp.sin(3000 * t) / 3000])  # noqa: E731
    assert arc_length(waves, 0, TAU) == pytest.approx(7.6403955780554, rel=1e-9)


@pytest.mark.parametrize("size", [1, 1e-2, 1e-4])
def test_a_jump_is_told_where_it_is_whatever_its_size(size):
    step = lambda t: jnp.array([t, jnp.where(t < 0.3123, 0.0, size)])  # noqa: E731
    with pytest.warns(ArtWarning, match=r"the curve jumps at t = 0\.3123,"):
        assert arc_length(step, 0, 1) == pytest.approx(1)


@pytest.mark.parametrize("width", [1e-4, 1e-5])
def test_a_corner_is_no_jump_however_steep(width):
    tent = lambda t: jnp.array([t, jnp.maximum(0, 1 - jnp.abs(t - 0.4321) / width)])  # noqa: E731
    with pytest.warns(ArtWarning) as said:
        assert arc_length(tent, 0, 1) == pytest.approx(3 - 2 * width, rel=1e-6)
    assert ["only right within" in str(x.message) for x in said] == [True]


@pytest.mark.parametrize("k", [8, 10, 12, 14])
def test_waves_in_step_with_the_panels_are_measured(k):
    w = 2**k * math.pi
    waves = lambda t: jnp.array([t, jnp.sin(w * t) / w])  # noqa: E731
    assert arc_length(waves, 0, 1) == pytest.approx(1.2160067234249798, rel=1e-9)


@pytest.mark.exhaustive
def test_what_cannot_be_measured_is_said():
    steps = lambda t: jnp.array([t, jnp.floor(t)])  # noqa: E731
    with pytest.warns(ArtWarning, match=r"the curve jumps at t = 1\b"):
        assert arc_length(steps, 0.5, 1.5) == pytest.approx(1)
    with pytest.warns(ArtWarning, match="only right within"):
        arc_length(lambda t: jnp.array([t, jnp.sin(1e9 * t)]), 0, 1)


def test_equal_lengths():
    t = equally_spaced(rose, 0.2, 3.0, 5)
    assert (t[0], t[-1]) == (0.2, 3.0)
    parts = [arc_length(rose, a, b) for a, b in pairwise(t)]
    np.testing.assert_allclose(parts, np.mean(parts), rtol=1e-10)
    # Across cusps, where Newton's step is infinite.
    across = equally_spaced(cycloid, 0, 2 * TAU, 9)
    known = 2 * np.arccos(1 - np.arange(5) / 2)
    np.testing.assert_allclose(across, [*known, *(known[1:] + TAU)], rtol=0, atol=1e-7)


def test_traced_length_and_its_derivatives():
    length = length_from(rose, 0.5)
    assert float(length(2.0)) == pytest.approx(arc_length(rose, 0.5, 2.0), rel=1e-8)
    assert float(length(0.5)) == 0
    _, rate, change = jet(length, jnp.array([0.7, 1.9]), 2)
    _, velocity, acceleration = jet(rose, jnp.array([0.7, 1.9]), 2)
    pace = jnp.linalg.norm(velocity, axis=-1)
    np.testing.assert_allclose(rate, pace, rtol=1e-7)
    np.testing.assert_allclose(change, (velocity * acceleration).sum(-1) / pace, rtol=1e-5)


def test_what_has_no_length():
    with pytest.raises(ArtError, match="no finite speed"):
        arc_length(lambda t: jnp.array([t, jnp.where(t < 0.5, t, jnp.nan * t)]), 0, 1)
    with pytest.raises(ArtError, match="a < b"):
        arc_length(rose, 1, 0)
    with pytest.raises(ArtError, match="2 or more"):
        equally_spaced(rose, 0, 1, 1)
    with pytest.raises(ArtError, match="outside of jit"):
        jax.jit(lambda u: arc_length(lambda t: u * rose(t), 0, 1))(1.0)


def test_single_precision():
    with jax.enable_x64(False):
        assert arc_length(rose, 0, math.pi) == pytest.approx(14.4070895, rel=1e-6)
        assert len(equally_spaced(cycloid, 0, TAU, 5)) == 5
