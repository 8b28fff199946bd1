"""Laws of crossings, and of the offsets that are cut at them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.crossings import crossings, self_intersections
from gradart.calculus.derived import offset
from gradart.calculus.frames import point
from gradart.calculus.trim import trimmed_offset

TAU = math.tau


@pytest.fixture(autouse=True)
def _double():
    with jax.enable_x64(True):
        yield


def ellipse(t):
    return jnp.array([2 * jnp.cos(t), jnp.sin(t)])


def wave(t):
    return jnp.array([t, jnp.sin(2 * t)])


def eight(t):
    return jnp.array([jnp.sin(t), jnp.sin(2 * t)])


@pytest.mark.parametrize(("p", "q"), [(1, 2), (3, 2), (13, 12)])
def test_every_double_point_of_a_lissajous_figure(p, q):
    def figure(t):
        return jnp.array([jnp.sin(p * t + 0.3), jnp.sin(q * t)])

    pairs = self_intersections(figure, 0, TAU)
    assert len(pairs) == 2 * p * q - p - q
    assert (pairs[:, 0] < pairs[:, 1]).all()
    s, t = np.asarray(point(figure, pairs)).swapaxes(0, 1)
    np.testing.assert_allclose(s, t, rtol=0, atol=1e-12)


def test_no_crossings_where_there_are_none():
    cusped = lambda t: jnp.array([t**2, t**3])  # noqa: E731
    assert self_intersections(ellipse, 0, TAU).shape == (0, 2)
    assert self_intersections(cusped, -1.0, 1.3).shape == (0, 2)


def test_a_tiny_loop_is_found():
    loop = lambda t: jnp.array([t**2, t**3 - 1e-6 * t])  # noqa: E731
    np.testing.assert_allclose(self_intersections(loop, -1.0, 1.3), [[-1e-3, 1e-3]], rtol=1e-9)


def test_crossings_of_two_curves():
    axis = lambda t: jnp.array([t, 0.0 * t])  # noqa: E731
    found = crossings(wave, axis, 0.5, 6.0)
    np.testing.assert_allclose(found, np.array([[1, 1], [2, 2], [3, 3]]) * math.pi / 2, atol=1e-12)


def test_a_trimmed_offset_keeps_its_distance():
    distance = 0.8
    whole = offset(ellipse, -distance)
    trimmed = trimmed_offset(ellipse, -distance, 0, TAU, 400)
    curve = np.asarray(point(ellipse, np.linspace(0, TAU, 20001)))

    def gap(points):
        return np.array([np.linalg.norm(curve - p, axis=1).min() for p in points])

    assert gap(np.asarray(point(whole, np.array([0.1])))) < 0.9 * distance
    inked = trimmed[np.isfinite(trimmed[:, 0])]
    assert gap(inked).min() > distance * (1 - 1e-6)
    # The cuts are the crossings: the four ends of the two arcs are two points.
    lifts = np.flatnonzero(np.isnan(trimmed[:, 0]))
    ends = np.sort(np.concatenate([trimmed[[0, -1]], trimmed[lifts - 1], trimmed[lifts + 1]]), 0)
    known = np.sort(np.asarray(point(whole, self_intersections(whole, 0, TAU).ravel())), 0)
    np.testing.assert_allclose(ends, known, rtol=0, atol=1e-12)


def test_offsets_of_open_and_crossing_curves_are_trimmed():
    for curve, a, b in ((wave, 0.0, 7.0), (eight, 0, TAU)):
        dense = np.asarray(point(curve, np.linspace(a, b, 20001)))
        trimmed = trimmed_offset(curve, 0.35, a, b, 300)
        inked = trimmed[np.isfinite(trimmed[:, 0])]
        gaps = [np.linalg.norm(dense - p, axis=1).min() for p in inked]
        assert min(gaps) > 0.35 * (1 - 1e-6)
        assert len(inked) > 150
