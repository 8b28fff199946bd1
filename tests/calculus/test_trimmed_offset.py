"""Laws of crossings, and of the offsets that are cut at them."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial import cKDTree

from gradart.calculus.curves.crossings import crossings, self_intersections
from gradart.calculus.curves.curves_of_curves import offset
from gradart.calculus.curves.frames import point
from gradart.calculus.curves.trimmed_offset import trimmed_offset
from gradart.library.curves import circle, heart, lemniscate, lissajous, rose

pytestmark = pytest.mark.usefixtures("double")

TAU = math.tau


def ellipse(t):
    return jnp.array([2 * jnp.cos(t), jnp.sin(t)])


def wave(t):
    return jnp.array([t, jnp.sin(2 * t)])


def eight(t):
    return jnp.array([jnp.sin(t), jnp.sin(2 * t)])


@pytest.mark.parametrize(("p", "q"), [(1, 2), (3, 2), (13, 12), (43, 42)])
def test_every_double_point_of_a_lissajous_figure(p, q):
    def figure(t):
        return jnp.array([jnp.sin(p * t + 0.3), jnp.sin(q * t)])

    pairs = self_intersections(figure, 0, TAU)
    assert len(pairs) == 2 * p * q - p - q
    assert (pairs[:, 0] < pairs[:, 1]).all()
    s, t = np.asarray(point(figure, pairs)).swapaxes(0, 1)
    np.testing.assert_allclose(s, t, rtol=0, atol=1e-12)


def limacon(t):
    return (1 + 2 * jnp.cos(t)) * jnp.array([jnp.cos(t), jnp.sin(t)])


CLOSED = [  # with a parameter on a crossing, the period, and how many crossings there are
    (eight, 0, TAU, 1),
    (eight, math.pi, TAU, 1),
    (lemniscate(), math.pi / 2, TAU, 1),
    (limacon, 2 * math.pi / 3, TAU, 1),
    (lissajous(3, 4), 2.0943951023931953, TAU, 17),
    (rose(3), math.pi / 6, math.pi, 3),  # three passes through one point
    (rose(4), math.pi / 8, TAU, 24),  # eight, of which four pairs touch
]


@pytest.mark.parametrize(("curve", "start", "period", "count"), CLOSED)
def test_a_closed_curve_has_its_crossings_wherever_it_starts(curve, start, period, count):
    for a in (start, start + 0.1):
        pairs = self_intersections(curve, a, a + period)
        assert len(pairs) == count
        p, q = np.asarray(point(curve, pairs)).swapaxes(0, 1)
        np.testing.assert_allclose(p, q, rtol=0, atol=1e-12)


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


def test_waves_as_long_as_a_step_are_not_taken_for_a_line():
    fast = lambda t: jnp.array([t, jnp.sin(128 * TAU * t)])  # noqa: E731
    line = lambda t: jnp.array([t, 0.1 + 0.0 * t])  # noqa: E731
    assert len(crossings(fast, line, 0.0, 1.0)) == 256

    needles = lambda t: jnp.array([t, jnp.sin(1 / t)])  # noqa: E731
    tree = cKDTree(np.asarray(point(needles, np.linspace(0.02, 1, 400_000))))
    found = trimmed_offset(needles, 0.02, 0.02, 1.0)
    assert tree.query(found[np.isfinite(found[:, 0])])[0].min() >= 0.02 * (1 - 1e-6)


def test_a_trimmed_offset_keeps_its_distance():
    distance = 0.8
    whole = offset(ellipse, -distance)
    trimmed = trimmed_offset(ellipse, -distance, 0, TAU, 400)
    curve = cKDTree(np.asarray(point(ellipse, np.linspace(0, TAU, 20001))))

    def gap(points):
        return curve.query(points)[0]

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
        dense = cKDTree(np.asarray(point(curve, np.linspace(a, b, 20001))))
        trimmed = trimmed_offset(curve, 0.35, a, b, 300)
        inked = trimmed[np.isfinite(trimmed[:, 0])]
        assert dense.query(inked)[0].min() > 0.35 * (1 - 1e-6)
        assert len(inked) > 150


def walk(corners):
    """A polyline as a curve, corner k at t = k."""
    x, y = jnp.array(corners, float).T
    k = jnp.arange(len(x), dtype=float)
    return lambda t: jnp.stack([jnp.interp(t, k, x), jnp.interp(t, k, y)])


def cubic_cusp(t):
    return jnp.array([t**2, t**3])


SQUARE = walk([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
ROOF = lambda t: jnp.array([t, jnp.abs(t - 0.3)])  # noqa: E731
ZIGZAG = walk([(0, 0), (1, 0), (1, 1), (2, 1), (0.5, 0.2), (3, -0.4)])  # crosses itself
OFFSETS = [
    (lissajous(3, 4), 0.03, 0, TAU),
    (heart(), -0.1, 0, TAU),
    (heart(), 0.3, 0, TAU),
    (SQUARE, 0.1, 0, 4),
    (SQUARE, -0.1, 0, 4),
    (ZIGZAG, 0.15, 0, 5),
    (ZIGZAG, -0.15, 0, 5),
    (wave, -0.6, 0, 7),
    (eight, 0.35, 0, TAU),
    (cubic_cusp, 0.1, -1, 1),
    (cubic_cusp, -0.1, -1, 1),
    (circle(), -1.9, 0, TAU),
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("i", range(len(OFFSETS)))
def test_all_of_the_offset_that_keeps_its_distance_and_only_that(i):
    """By brute force: of very many points of the offset, those whose distance is no less."""
    curve, distance, a, b = OFFSETS[i]
    t = np.linspace(a, b, 20_001)
    tree = cKDTree(np.asarray(point(curve, t)))
    some = (t[1:] + t[:-1])[::2] / 2
    raw = np.asarray(point(offset(curve, distance), some))
    kept = tree.query(raw)[0] >= abs(distance) * (1 - 1e-6)
    steps = np.linalg.norm(np.diff(raw, axis=0), axis=1)
    steps[steps > abs(distance) / 2] = 0  # at a corner or cusp
    known = steps[kept[1:] & kept[:-1]].sum()

    found = trimmed_offset(curve, distance, a, b)
    inked = found[np.isfinite(found[:, 0])]
    length = np.nansum(np.linalg.norm(np.diff(found, axis=0), axis=1))
    parts = np.isnan(found[:, 0]).sum() + 1
    assert length == pytest.approx(known, rel=1e-3, abs=2 * parts * steps.max())
    if len(inked):
        assert tree.query(inked)[0].min() >= abs(distance) * (1 - 1e-6)


@pytest.mark.exhaustive
def test_the_lengths_of_trimmed_offsets():
    def length(*of):
        return np.nansum(np.linalg.norm(np.diff(trimmed_offset(*of), axis=0), axis=1))

    assert length(SQUARE, 0.1, 0, 4) == pytest.approx(4, rel=1e-9)
    assert length(SQUARE, -0.1, 0, 4) == pytest.approx(3.2, rel=1e-9)
    # JAX has the slope of abs at 0 as 0, the direction of neither side.
    assert length(ROOF, 0.1, -1, 1) == pytest.approx(2 * math.sqrt(2), rel=1e-9)
    assert length(ellipse, 0.5, 0, TAU) == pytest.approx(9.688448 + math.pi, rel=1e-4)
    # Of 100,000 points of the raw offset, those as far from 1.6 million of the curve: 18.7838.
    assert length(lissajous(3, 4), 0.03, 0, TAU) == pytest.approx(18.7838, rel=1e-4)


def test_an_offset_ends_where_its_curve_has_a_hole():
    holed = lambda t: jnp.array([t, jnp.where(jnp.abs(t - 0.5) < 0.1, jnp.nan, 0 * t)])  # noqa: E731
    found = trimmed_offset(holed, 0.1, 0, 1)
    lift = int(np.flatnonzero(np.isnan(found[:, 0]))[0])
    known = [[0, -0.1], [0.4, -0.1], [0.6, -0.1], [1, -0.1]]
    np.testing.assert_allclose(found[[0, lift - 1, lift + 1, -1]], known, atol=1e-9)
