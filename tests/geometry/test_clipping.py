"""Paths clipped to a field and to polygons: cut where they should be, and nowhere else."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

STAR = np.stack(
    [(1.5 + np.cos(5 * a)) * np.array([np.cos(a), np.sin(a)]) for a in np.arange(0, 6.28, 0.01)]
)
LINES = np.asarray(ga.grid(21, 60, box=((-3, -3), (3, 3))), float)


def wave(p):
    return p[0] ** 2 + p[1] ** 2 - 2 + jnp.sin(3 * p[0])


def ends_of(paths):
    lifted = np.isnan(paths[..., 0])
    edge = ~lifted & (np.pad(lifted, ((0, 0), (1, 0)), constant_values=True)[:, :-1])
    edge |= ~lifted & (np.pad(lifted, ((0, 0), (0, 1)), constant_values=True)[:, 1:])
    return paths[edge]


def inked(paths):
    return paths[~np.isnan(paths[..., 0])]


def length(paths):
    return np.nansum(np.hypot(*np.diff(paths, axis=-2).T))


@pytest.mark.exhaustive
def test_a_field_cuts_where_it_is_0_and_keeps_where_it_is_negative():
    with jax.enable_x64(True):
        found = ga.clip(LINES, where=wave)
        ends, kept = (np.asarray(ga.value(wave, p)) for p in (ends_of(found), inked(found)))
        beyond = ga.clip(LINES, where=lambda p: -wave(p))
    assert len(ends) > 20
    assert np.abs(ends).max() < 1e-12
    assert kept.max() < 1e-12
    assert found.shape[0] == len(LINES)
    assert length(found) + length(beyond) == pytest.approx(length(LINES), rel=1e-12)


def test_a_field_clips_as_the_box_and_the_polygon_that_it_is_the_distance_to():
    corners = [(-0.6, -0.4), (0.6, -0.4), (0.6, 0.4), (-0.6, 0.4)]
    with jax.enable_x64(True):
        path = np.asarray(ga.point(ga.lissajous(), jnp.linspace(0, 6.2832, 500)))
        ways = [
            ga.clip(path, ((-0.6, -0.4), (0.6, 0.4))),
            ga.clip(path, corners),
            ga.clip(path, where=ga.fields.rectangle(1.2, 0.8)),
        ]
    for other in ways[1:]:
        np.testing.assert_allclose(inked(ways[0]), inked(other), atol=1e-12)


def test_polygons_keep_what_lies_in_any_of_them_and_not_in_holes():
    ring = np.concatenate([STAR, [(np.nan, np.nan)], 0.4 * STAR[::-1]])
    pieces = ga.clip(LINES, ring)
    small, large = (ga.clip(LINES, p) for p in (0.4 * STAR, STAR))
    assert length(pieces) == pytest.approx(length(large) - length(small), rel=1e-9)
    both = ga.clip(LINES, np.stack([STAR - 1, STAR + 1]))
    parts = [ga.clip(LINES, p) for p in (STAR - 1, STAR + 1, ga.intersection(STAR - 1, STAR + 1))]
    one, two, shared = map(length, parts)
    assert length(both) == pytest.approx(one + two - shared, rel=1e-9)
    listed = ga.clip(LINES, [[*map(tuple, STAR - 1), (np.nan, np.nan)], STAR + 1])
    np.testing.assert_array_equal(listed, both)
    assert length(ga.clip(LINES, np.full((4, 2), np.nan))) == 0


@pytest.mark.parametrize("seed", range(4))
def test_lines_of_two_points_are_cut_by_circles_as_geometry_says(seed):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(-1, 1, (300, 2, 2))
    center, radius = rng.uniform(-0.5, 0.5, 2), 10.0 ** rng.uniform(-1.5, 0)
    with jax.enable_x64(True):
        found = ga.clip(ends, where=ga.fields.disk(radius, center))
    # The chord: where (p - center)^2 = radius^2 along the segment.
    start, way = ends[:, 0] - center, np.diff(ends, axis=1)[:, 0]
    a, b = (way**2).sum(-1), (start * way).sum(-1)
    root = b**2 - a * ((start**2).sum(-1) - radius**2)
    half = np.sqrt(np.maximum(root, 0)) / a
    low, high = np.clip(-b / a - half, 0, 1), np.clip(-b / a + half, 0, 1)
    want = np.where(root > 0, np.maximum(high - low, 0), 0) * np.sqrt(a)
    lengths = np.nansum(np.hypot(*np.diff(found, axis=-2).T), axis=0) if found.size else 0 * a
    np.testing.assert_allclose(lengths, want, atol=1e-9)
    crossed = want > 1e-6
    assert crossed.any()
    assert (np.isfinite(found[..., 0]).sum(-1)[crossed] == 2).all()  # no point between


@pytest.mark.exhaustive
def test_cuts_do_not_depend_on_the_points_of_a_straight_path():
    rng = np.random.default_rng(5)
    ends = rng.uniform(-3, 3, (12, 2, 2))
    dense = ends[:, :1] + np.linspace(0, 1, 401)[:, None] * np.diff(ends, axis=1)
    with jax.enable_x64(True):
        for field in (
            wave,
            ga.fields.polygon(STAR[::16]),
            lambda p: jnp.sin(4 * p[0]) * jnp.cos(3 * p[1]),
        ):
            few, many = ga.clip(ends, where=field), ga.clip(dense, where=field)
            assert length(few) == pytest.approx(length(many), rel=1e-9)
            np.testing.assert_allclose(ends_of(few), ends_of(many), atol=1e-9)


@pytest.mark.exhaustive
def test_ends_between_two_points_move_as_the_path_and_the_field_do():
    def ends(a):
        paths = jnp.array([[(-3.0, 0.2), (3.0 * a, 0.1 * a)], [(0.0, -5.0), (0.1, 5.0)]])
        return ga.clip(paths, where=lambda p: p[0] ** 2 + p[1] ** 2 - a)

    with jax.enable_x64(True):
        a, h = 1.1, 1e-5
        slope = np.asarray(jax.jvp(ends, (a,), (1.0,))[1])
        step = (np.asarray(ends(a + h)) - np.asarray(ends(a - h))) / (2 * h)
    assert np.isfinite(slope).all()
    np.testing.assert_allclose(slope, step, rtol=1e-6, atol=1e-9)


def test_what_stands_still_is_clipped_in_a_frame(tmp_path, recwarn):
    def film(u):
        still = ga.clip([[(-2, 0.1), (2, 0.2)]], where=ga.fields.disk(1.0))
        return ga.scene(ga.lines(still + u), box=((-2, -2), (2, 2)))

    ga.render(film, tmp_path / "film.gif", seconds=0.2, px=40)
    assert not recwarn


def test_a_break_stays_a_break_and_a_path_keeps_its_row():
    path = [
        [(0.0, 0), (1, 0), (np.nan, 0), (2, 0), (9, 0)],
        [(5, 5), (6, 6), (7, 7), (8, 8), (9, 9)],
    ]
    found = ga.clip(path, where=lambda p: p[0] - 3)
    np.testing.assert_allclose(found[0, :, 0], [0, 1, np.nan, 2, 3], rtol=1e-6)
    assert np.isnan(found[1]).all()


@pytest.mark.exhaustive
def test_ends_move_as_the_field_and_the_path_do():
    def left(a):
        path = jnp.array([[(0.0, 0.1), (1.0, 0.3), (2.0, 0.2)]])
        return ga.clip(a * path, where=lambda p: p[0] ** 2 + p[1] - 1.5 * a)[0, -1]

    with jax.enable_x64(True):
        a, h = 1.1, 1e-5
        slope = jax.jvp(left, (a,), (1.0,))[1]
        np.testing.assert_allclose(slope, (left(a + h) - left(a - h)) / (2 * h), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.clip(LINES), "clip to what"),
        (lambda: ga.clip(LINES, where=3), "3 is given for the field"),
        (lambda: ga.clip(LINES, where=ga.fields.disk), r"write ga\.fields\.disk\(\)"),
        (lambda: ga.clip(np.ones((4, 3)), where=wave), r"paths of shape \(..., m, 2\)"),
        (lambda: ga.clip(LINES, [(0, 0), (1, np.inf), (1, 1)]), "infinite"),
        (lambda: ga.clip(LINES, 3), r"a box is \(\(x0, y0\)"),
    ],
)
def test_what_cannot_be_clipped_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()


def begun(path):
    inked = np.isfinite(path[:, 0])
    return np.sum(inked & ~np.append(False, inked[:-1]))


def strokes(paths):
    ends = np.stack([paths[:, :-1], paths[:, 1:]], -2)
    return ends[np.isfinite(ends).all((-1, -2)) & (ends[..., 0, :] != ends[..., 1, :]).any(-1)]


@pytest.mark.parametrize("seed", range(3))
def test_paths_that_are_traced_are_cut_to_a_box_as_others_are(seed):
    rng, box = np.random.default_rng(seed), np.array([(-0.5, -0.4), (0.6, 0.7)])
    paths = rng.uniform(-1, 1, (20, 30, 2))
    paths[::7, 3], paths[:, 10] = np.nan, paths[:, 9]
    paths[0, :4] = (-1, 0.7), (0.2, 0.7), (0.6, 0.7), (0.6, -3)  # along the walls
    with jax.enable_x64(True):
        found = np.asarray(jax.jit(ga.clip)(paths, box))
        of_box = jax.jit(lambda box: ga.clip(paths, ((box[0, 0], box[0, 1]), tuple(box[1]))))(box)
        wanted = ga.clip(paths, box)
    np.testing.assert_allclose(strokes(found), strokes(wanted), atol=1e-14)
    np.testing.assert_allclose(strokes(np.asarray(of_box)), strokes(wanted), atol=1e-14)
    assert found.shape == (20, 87, 2)
    for one, other in zip(found, wanted, strict=True):  # strokes are not parted where they go on
        assert begun(one) == begun(other)
