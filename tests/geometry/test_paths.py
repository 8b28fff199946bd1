import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradart.errors import ArtError
from gradart.geometry.paths.clipping import clip
from gradart.geometry.paths.paths import dash, resample, simplify, window

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-1.0, -0.5), (1.0, 0.75))


def wiggles(seed, n, m):
    return np.random.default_rng(seed).normal(size=(n, m, 2)).cumsum(1) / 3


def runs(path):
    """The stretches of a path between its NaN points."""
    path = np.asarray(path)
    inked = ~np.isnan(path).any(-1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]))).reshape(-1, 2)
    return [path[a:b] for a, b in edges]


def length(path):
    return sum(np.hypot(*np.diff(run, axis=0).T).sum() for run in runs(path))


def away(points, path):
    """How far each of `points` is from the nearest segment of `path`, the obvious way."""
    a, b = path[:-1], path[1:]
    d = b - a
    way = ((points[:, None] - a) * d).sum(-1) / np.maximum((d * d).sum(-1), 1e-300)
    nearest = a + way.clip(0, 1)[..., None] * d
    return np.linalg.norm(points[:, None] - nearest, axis=-1).min(1)


def at(path, fraction):
    """The point at a fraction of the way, counted in segments."""
    position = np.clip(fraction, 0, 1) * (len(path) - 1)
    return np.array([np.interp(position, np.arange(len(path)), x) for x in path.T])


PARTS = st.floats(-0.5, 1.5, allow_subnormal=False)  # which XLA takes for 0


@given(PARTS, PARTS, st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_window_is_the_part_between_its_ends(start, end, m):
    path = wiggles(m, 1, m)[0]
    got = np.asarray(window(path, start, end))
    assert got.shape == path.shape
    a, b = np.clip([start, end], 0, 1)
    if a >= b:
        assert np.isnan(got).all()
        return
    (run,) = runs(got)
    np.testing.assert_allclose(run[0], at(path, a), atol=1e-12)
    np.testing.assert_allclose(run[-1], at(path, b), atol=1e-12)
    between = [p for i, p in enumerate(path) if a * (m - 1) < i < b * (m - 1)]
    np.testing.assert_array_equal(run[1:-1][: len(between)], np.reshape(between, (-1, 2)))


def test_windows_side_by_side_make_up_the_whole():
    paths = wiggles(0, 7, 40)
    cuts = np.linspace(0, 1, 12)
    parts = [np.asarray(window(paths, a, b)) for a, b in itertools.pairwise(cuts)]
    for i in range(7):
        assert sum(length(part[i]) for part in parts) == pytest.approx(length(paths[i]))
    np.testing.assert_array_equal(window(paths, 0, 1), paths)
    np.testing.assert_array_equal(window(paths, -3, 7), paths)


def test_window_takes_one_number_or_one_for_each_path_traced_or_not():
    paths = wiggles(1, 5, 30)
    start, end = np.linspace(0, 0.5, 5), np.linspace(0.6, 1, 5)
    traced = jax.jit(window)(paths, start, end)
    for i in range(5):
        np.testing.assert_allclose(traced[i], window(paths[i], start[i], end[i]), atol=1e-12)


def test_window_keeps_what_stands_next_to_a_gap():
    path = np.array([(0.0, 0), (1, 0), (np.nan, np.nan), (3, 0), (4, 0)])
    np.testing.assert_array_equal(window(path, 0, 1), path)
    got = np.asarray(window(path, 0.125, 0.875))[:, 0]
    np.testing.assert_array_equal(got, [0.5, 1, np.nan, 3, 3.5])


@pytest.mark.exhaustive
def test_resampled_points_are_evenly_far_apart_along_the_path():
    t = jnp.linspace(0, 2 * jnp.pi, 4001) ** 1.7
    ring = jnp.stack([jnp.cos(t), jnp.sin(t)], -1)
    got = np.asarray(resample(ring, 100))
    steps = np.hypot(*np.diff(got, axis=0).T)
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-4)
    np.testing.assert_array_equal(got[[0, -1]], ring[jnp.array([0, -1])])
    paths = wiggles(2, 6, 20)
    many = np.asarray(jax.jit(lambda p: resample(p, 57))(paths.reshape(2, 3, 20, 2)))
    assert many.shape == (2, 3, 57, 2)
    for path, points in zip(paths, many.reshape(6, 57, 2), strict=True):
        assert away(points, path).max() < 1e-12
        np.testing.assert_array_equal(points[[0, -1]], path[[0, -1]])


def test_resample_passes_over_missing_ends_and_keeps_breaks():
    nan = (np.nan, np.nan)
    path = np.array([nan, (0, 0), (1, 0), nan, nan, (3, 0), (4, 0), nan])
    got = np.asarray(resample(path, 9))[:, 0]
    np.testing.assert_allclose(got, [0, 0.5, 1, np.nan, np.nan, np.nan, 3, 3.5, 4])
    assert np.isnan(resample(np.full((4, 2), np.nan), 5)).all()
    np.testing.assert_array_equal(resample(np.ones((4, 2)), 3), np.ones((3, 2)))


def test_resample_has_a_derivative_even_where_points_coincide():
    path = np.array([(0.0, 0), (1, 0), (1, 0), (4, 0)])
    assert jax.grad(lambda s: resample(s * path, 5).sum())(1.0) == pytest.approx(10.0)


@pytest.mark.exhaustive
def test_clipped_paths_lie_in_the_box_and_none_of_the_inside_is_lost():
    paths = wiggles(3, 30, 60)
    got = clip(paths, BOX)
    ink = got[~np.isnan(got).any(-1)]
    assert (ink >= BOX[0]).all()
    assert (ink <= BOX[1]).all()
    fine = np.asarray(resample(paths, 200_000))
    for path, cut, dense in zip(paths, got, fine, strict=True):
        inside = ((dense >= BOX[0]) & (dense <= BOX[1])).all(-1)
        assert length(cut) == pytest.approx(inside.mean() * length(path), abs=1e-3)
        for run in runs(cut):
            assert len(run) > 1
            assert away(run, path).max() < 1e-12
            assert (away(run[[0, -1]], path[[0, -1]]) == 0).any() or np.isin(run, BOX).any()


def test_clip_leaves_alone_what_is_inside_and_cuts_exactly():
    paths = wiggles(4, 5, 9)
    np.testing.assert_array_equal(clip(paths, ((-99, -99), (99, 99))), paths)
    assert clip(paths + 500, BOX).shape == (5, 0, 2)
    across = clip([(-5.0, 0.0), (5.0, 0.0)], BOX)
    np.testing.assert_array_equal(runs(across)[0], [(-1, 0), (1, 0)])
    along = clip([(-5.0, 0.75), (5.0, 0.75)], BOX)
    np.testing.assert_array_equal(runs(along)[0], [(-1, 0.75), (1, 0.75)])
    assert runs(clip([(-5.0, 0.76), (5.0, 0.76)], BOX)) == []
    broken = [(0.0, 0.0), (0.5, 0.0), (np.nan, np.nan), (0.5, 0.5), (0.0, 0.5)]
    assert [run.tolist() for run in runs(clip(broken, BOX))] == [
        [[0, 0], [0.5, 0]],
        [[0.5, 0.5], [0, 0.5]],
    ]


def test_simplified_paths_stay_within_tolerance_and_keep_their_ends():
    t = np.linspace(0, 6, 800)
    paths = np.stack([np.stack([t, np.sin(k * t)], -1) for k in (1, 2, 5)])
    paths[1, 300:310] = np.nan
    for tolerance in (0.1, 0.01, 0.001):
        got = simplify(paths, tolerance)
        assert got.shape[1] < 800 * 0.4
        for before, after in zip(paths, got, strict=True):
            assert len(runs(before)) == len(runs(after))
            for whole, few in zip(runs(before), runs(after), strict=True):
                assert away(whole, few).max() <= tolerance
                np.testing.assert_array_equal(few[[0, -1]], whole[[0, -1]])
    straight = np.stack([t, 2 * t], -1)
    assert len(runs(simplify(straight, 1e-9))[0]) == 2
    ring = np.stack([np.cos(t * np.pi / 3), np.sin(t * np.pi / 3)], -1)
    ring[-1] = ring[0]
    assert away(ring, runs(simplify(ring, 0.01))[0]).max() <= 0.01


def test_simplify_at_zero_keeps_every_corner():
    paths = wiggles(5, 4, 50)
    np.testing.assert_array_equal(simplify(paths, 0), paths)


def test_of_paths_that_are_traced_all_points_stay():
    paths = wiggles(5, 4, 50)
    np.testing.assert_array_equal(jax.jit(lambda p: simplify(p, 0.5))(paths), paths)


def test_dashes_have_their_lengths_and_follow_the_path():
    square = np.array([(0.0, 0), (10, 0), (10, 10), (0, 10)])
    dashes = runs(dash(square, [3, 1]))
    np.testing.assert_allclose([length(d) for d in dashes], [3] * 7 + [2])
    for piece in dashes:
        assert away(piece, square).max() < 1e-12
    starts = [length(square[:2]) - 10 + 4 * k for k in range(8)]
    np.testing.assert_allclose(dashes[1][0], (starts[1], 0))
    np.testing.assert_array_equal(dashes[2], [(8, 0), (10, 0), (10, 1)])


def test_dash_patterns():
    line = np.array([[(0.0, 0), (12, 0)], [(0, 5), (12, 5)]])
    got = dash(line, [2, 1, 1])
    assert got.shape[0] == 2
    assert [run[:, 0].tolist() for run in runs(got[0])] == [
        [0, 2],
        [3, 4],
        [6, 7],
        [8, 10],
        [11, 12],
    ]
    dots = runs(dash(line[0], (0, 5)))
    assert [run[:, 0].tolist() for run in dots] == [[0, 0], [5, 5], [10, 10]]
    parted = np.array([(0.0, 0), (3, 0), (np.nan, np.nan), (7, 0), (10, 0)])
    assert [run[0, 0] for run in runs(dash(parted, [1, 1]))] == [0, 2, 7, 9]


def test_clipping_segments_of_hardly_any_length():
    path = np.array([(5.0, 0.0), (5.0, 1e-310), (0.0, 0.0), (1e-320, 1e-310), (-9.0, 0.0)])
    cut = clip(path, BOX)
    np.testing.assert_allclose(cut[~np.isnan(cut).any(-1)][[0, -1]], [(1, 0), (-1, 0)], atol=1e-12)


@pytest.mark.parametrize("far", [1e-280, 1e280])
def test_numbers_whose_squares_a_float_does_not_hold(far):
    path = wiggles(0, 1, 40)[0]
    np.testing.assert_allclose(
        dash(path * far, [0.3 * far, 0.1 * far]) / far, dash(path, [0.3, 0.1])
    )
    np.testing.assert_allclose(simplify(path * far, 0.2 * far) / far, simplify(path, 0.2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: dash(p, [0, 0]), "dash lengths are"),
        (lambda p: dash(p, [1, -1]), "dash lengths are"),
        (lambda p: dash(p, [np.nan]), "dash lengths are"),
        (lambda p: dash(p, [1e-12]), "raise them"),
        (lambda p: dash(np.tile(p, (500, 1, 1)), [1e-4]), "raise them"),
        (lambda p: dash([(-1.7e308, 0), (1.7e308, 0)], [1]), "raise them"),
        (lambda p: dash(p, "dash"), "dash lengths must be an array of numbers"),
        (lambda p: dash([(10**400, 0), (1, 1)], [1]), "paths must be an array of numbers"),
        (lambda p: simplify(p + 1j, 1), "paths must be real numbers"),
        (lambda p: simplify(p, -1), "tolerance is -1"),
        (lambda p: simplify(p, np.nan), "tolerance is nan"),
        (lambda p: resample(p, 1), "n is 1"),
        (lambda p: resample(p[:, :1], 5), "m at least 2"),
        (lambda p: window(p[0, 0], 0, 1), r"not \(2,\)"),
        (lambda p: clip(p * np.inf, BOX), "infinite at index"),
        (lambda p: clip("line", BOX), "array of numbers"),
        (lambda p: clip(p, (0, 1)), "a box is"),
        (lambda p: clip(np.zeros((4, 5, 3)), BOX), "a box clips paths of shape"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call(wiggles(0, 3, 5) + 5)
