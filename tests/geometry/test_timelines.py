"""Parts of a film, and values at some of its times."""

import copy
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.interpolate import CubicSpline

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")


def test_parts_follow_each_other_and_fill_the_film():
    clock = ga.timeline(rise=5, hold=2, fall=3)
    u = np.linspace(0, 1, 101)
    np.testing.assert_allclose(clock.rise(u), ga.ease(u, 0, 0.5))
    np.testing.assert_allclose(clock.fall(u, "linear"), np.clip((u - 0.7) / 0.3, 0, 1), atol=1e-12)
    assert jax.jit(clock.hold)(0.6) == pytest.approx(0.5)
    assert pickle.loads(pickle.dumps(clock)) == copy.copy(clock) == clock


def test_parts_may_overlap():
    clock = ga.timeline(overlap=0.5, a=2, b=1, c=4)
    starts = {name: np.array(times) for name, times in clock.parts.items()}
    whole = 2 + 1 + 4 - 0.5 - 0.5
    np.testing.assert_allclose(starts["b"], np.array([1.5, 2.5]) / whole)
    np.testing.assert_allclose(starts["c"], np.array([2, 6]) / whole)


@pytest.mark.parametrize("loop", [False, True])
def test_keyframes_are_a_spline_through_all_of_them(loop):
    times, values = [0, 0.3, 0.45, 0.8], np.random.default_rng(1).normal(size=(4, 3))
    move = ga.keyframes(dict(zip(times, values, strict=True)), loop=loop)
    if loop:
        oracle = CubicSpline([*times, 1], np.vstack([values, values[:1]]), bc_type="periodic")
    else:
        oracle = CubicSpline(times, values, bc_type="clamped")
    u = np.linspace(0, times[-1], 57)
    np.testing.assert_allclose(jax.jit(move)(u), oracle(u), atol=1e-12)
    np.testing.assert_allclose(move(np.array(times)), values, atol=1e-12)
    after = move(1.0) - (values[0] if loop else values[-1])
    np.testing.assert_allclose(after, 0, atol=1e-12)


def test_keyframes_are_of_any_form_and_differentiated_by_their_values():
    def at(p):
        move = ga.keyframes({0.0: {"at": p, "r": 1}, 0.5: {"at": 2 * p, "r": 2}})
        return move(0.25)["at"]

    p = jnp.array([1.0, -2.0])
    np.testing.assert_allclose(jax.jacfwd(at)(p), 1.5 * np.eye(2), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.timeline(), "has parts"),
        (lambda: ga.timeline(rise=0), "rise is 0: give one duration above 0"),
        (lambda: ga.timeline(parts=1), "cannot be called parts"),
        (lambda: ga.timeline(overlap=2, rise=1), "from 0 to 1"),
        (lambda: ga.timeline(rise=1).fall, "no part fall; it has rise"),
        (lambda: ga.keyframes({0: 1}), "two or more"),
        (lambda: ga.keyframes({0: 1, 1: (1, 2)}), "the frame at 1 has another form"),
        (lambda: ga.keyframes({0: 1, 1: 2}, loop=True), "before 1"),
        (lambda: ga.keyframes({0: 1, np.nan: 2}), "a playhead is nan"),
    ],
)
def test_what_is_no_timeline_is_refused(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
