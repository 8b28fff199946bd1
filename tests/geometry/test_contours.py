import jax
import jax.numpy as jnp
import numpy as np
import pytest
from contourpy import contour_generator

import gradart as ga
from gradart.errors import ArtError
from gradart.geometry.contours.contours import contours, even_levels
from gradart.geometry.contours.isolines import isolines

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-1.0, -1.0), (1.0, 1.0))


def hills(p):
    x, y = p
    return jnp.sin(5 * x + jnp.sin(3 * y)) * jnp.cos(7 * y - 2 * x) + 0.5 * jnp.exp(x)


def runs(path):
    inked = ~np.isnan(path).any(-1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]))).reshape(-1, 2)
    return [path[a:b] for a, b in edges]


def off(field, lines, levels):
    """How far the points (levels, m, 2) are from their level, in the artist's units."""

    @jax.jit
    @jax.vmap
    def look(path, level):
        height, slope = jax.vmap(jax.value_and_grad(field))(path)
        return jnp.abs(height - level) / jnp.linalg.norm(slope, axis=-1)

    distance = np.asarray(look(lines, jnp.asarray(levels)))
    return distance[~np.isnan(lines).any(-1)]


@pytest.mark.parametrize("resolution", [60, 400])
def test_every_point_is_on_its_level(resolution):
    levels = np.linspace(-0.9, 2.1, 9)
    lines = contours(hills, levels, box=BOX, resolution=resolution)
    assert lines.shape[0] == 9
    assert off(hills, lines, levels).max() < 1e-6 * np.sqrt(8)


@pytest.mark.exhaustive
def test_lines_on_a_table_are_those_of_contourpy():
    """Bit by bit and in its order, also where nodes are on a level and saddles side by side."""
    rng = np.random.default_rng(0)
    for k in range(100):
        shape = rows, columns = rng.integers(2, 12, 2)
        heights = rng.normal(size=shape) if k % 2 else rng.integers(-2, 3, shape).astype(float)
        levels = rng.permutation([-1.0, 0.0, 0.0, 0.5, 1.0]) if k % 3 else rng.normal(size=3)
        x, y = np.sort(rng.normal(size=columns)), np.linspace(0, 3, rows)
        tracer = contour_generator(x, y, heights, name="serial", line_type="ChunkCombinedNan")
        wanted = [tracer.lines(level)[0][0] for level in levels]
        line, sizes = isolines(x, y, heights, levels, curved=False)
        for own, other in zip(np.split(line, np.cumsum(sizes)), wanted, strict=False):
            np.testing.assert_array_equal(own[:-1], np.empty((0, 2)) if other is None else other)
        assert sizes.sum() == len(line)
        assert np.isnan(line[np.cumsum(sizes) - 1]).all()


def test_lines_on_a_table_that_are_curved_are_nearer_a_smooth_field():
    x = np.linspace(-1, 1, 60)
    heights = np.asarray(jax.vmap(jax.vmap(hills))(jnp.stack(jnp.meshgrid(x, x), -1)))
    levels = np.linspace(-0.9, 2.1, 9)
    lines = [isolines(x, x, heights, levels, curved) for curved in (False, True)]
    away = [off(hills, line[:, None], np.repeat(levels, sizes)) for line, sizes in lines]
    assert np.median(away[1]) < np.median(away[0]) / 30


def test_lines_close_or_end_at_the_edge():
    loops = 0
    for path in contours(hills, 25, box=BOX, resolution=150):
        for run in runs(path):
            assert len(run) > 1
            assert (np.abs(run) <= 1).all()
            closed = (run[0] == run[-1]).all()
            loops += closed
            assert closed or (np.abs(run[[0, -1]]) == 1).any(-1).all()
    assert loops > 10


def test_a_circle_has_its_length_and_no_second_line():
    def cone(p):
        return p @ p

    (path,) = contours(cone, [0.49], box=BOX)
    (run,) = runs(path)
    assert np.hypot(*np.diff(run, axis=0).T).sum() == pytest.approx(1.4 * np.pi, rel=1e-5)
    np.testing.assert_allclose(np.hypot(*run.T), 0.7, rtol=1e-14)


def test_a_count_of_levels_spaces_them_evenly_and_leaves_out_the_ends():
    lines = contours(lambda p: 3 * p[0], 5, box=BOX, resolution=20)
    expected = np.linspace(-1, 1, 7)[1:-1]
    for x, path in zip(expected, lines, strict=True):
        (run,) = runs(path)
        np.testing.assert_allclose(run[:, 0], x, atol=1e-12)
        assert np.ptp(run[:, 1]) == 2


def test_a_level_without_lines_keeps_its_row():
    lines = contours(hills, [99.0, 0.3, -99.0], box=BOX, resolution=40)
    assert np.isnan(lines[[0, 2]]).all()
    assert len(runs(lines[1])) > 0
    assert contours(hills, [99.0], box=BOX, resolution=40).shape == (1, 0, 2)
    assert np.isnan(contours(lambda p: 0.5, 3, box=BOX, resolution=40)).all()


def test_lines_cross_at_a_saddle_and_stop_where_the_field_does():
    # Through the saddle of x y at the level 0 both axes run, though the gradient vanishes there.
    (path,) = contours(lambda p: p[0] * p[1], [0.0], box=BOX, resolution=41)
    ink = path[~np.isnan(path).any(-1)]
    assert np.abs(ink.prod(-1)).max() < 1e-12
    (path,) = contours(lambda p: jnp.sqrt(p[0]) + p[1], [0.5], box=BOX, resolution=81)
    ink = path[~np.isnan(path).any(-1)]
    assert 0 <= ink[:, 0].min() < 0.03


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.55])
def test_lines_near_a_saddle_keep_to_their_side_of_it(shift):
    """x y is as high as the level in two opposite quadrants, however the grid's cells lie."""
    cell = 2 / 40
    box = np.array(BOX) + shift * cell
    levels = cell**2 * np.array([-0.1, -0.03, 0.02, 0.05, 0.2])
    for level, path in zip(
        levels, contours(lambda p: p[0] * p[1], levels, box=box, resolution=41), strict=True
    ):
        branches = runs(path)
        assert len(branches) == 2
        for run in branches:
            assert (run > 0).all(0).sum() + (run < 0).all(0).sum() == 2
            np.testing.assert_allclose(run.prod(-1), level, rtol=1e-9)


@pytest.mark.exhaustive
def test_even_levels_of_any_function_of_the_distance_are_even_rings():
    for height in (lambda r: r**2, lambda r: -jnp.exp(-3 * r), lambda r: jnp.log(r + 0.1)):
        levels = even_levels(lambda p, f=height: f(jnp.sqrt(p @ p + 1e-12)), 9, box=BOX)
        rings = np.interp(levels, *_inverse(height))
        np.testing.assert_allclose(np.sort(rings), np.arange(1, 10) * np.sqrt(2) / 10, atol=0.01)


def _inverse(height):
    r = np.linspace(0, 1.5, 4000)
    return np.asarray(height(r)), r


def test_the_pen_is_lifted_for_a_field_that_is_finite_at_nan():
    lines = contours(lambda p: jnp.nan_to_num(hills(p)), [0.3], box=BOX, resolution=60)
    plain = contours(hills, [0.3], box=BOX, resolution=60)
    np.testing.assert_allclose(lines, plain, rtol=0, atol=1e-12)  # compiled apart; NaN is equal
    assert len(runs(lines[0])) > 1


def test_single_precision_goes_as_far_as_it_can():
    with jax.enable_x64(False):
        lines = contours(hills, [0.3], box=BOX, resolution=100)
    assert off(hills, lines.astype(float), [0.3]).max() < 1e-5


def test_a_long_box_has_square_cells():
    (path,) = contours(lambda p: p[0] - p[1], [0.0], box=((0, 0), (4, 1)), resolution=401)
    (run,) = runs(path)
    assert np.abs(np.diff(run, axis=0)).max() == pytest.approx(0.01, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: contours(hills, 5), "give box="),
        (lambda: contours(hills, 0, box=BOX), "levels is 0"),
        (lambda: contours(hills, [0.1, np.nan], box=BOX), "finite numbers"),
        (lambda: contours(hills, 5, box=((0, 0), (0, 1))), "x0 < x1"),
        (lambda: contours(lambda p: p * 2, 5, box=BOX), r"returns shape \(2,\)"),
        (lambda: contours(lambda p: jnp.nan * p[0], 5, box=BOX), "nowhere finite"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()


def test_of_no_levels_there_are_no_lines(tmp_path):
    rows = ga.contours(ga.peaks(), [])
    assert rows.shape == (0, 1, 2)
    with pytest.warns(ga.ArtWarning, match="has no point: nothing is drawn"):
        ga.render(ga.scene(ga.lines(rows), box=((0, 0), (1, 1))), tmp_path / "none.svg")
