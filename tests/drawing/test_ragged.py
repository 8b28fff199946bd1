"""Lists of paths of unlike lengths go wherever an array of paths does."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

SHORT = [(0, 0), (2, 0), (1, 1)]
LONG = np.array([(0.0, 0.0), (3, 0), (3, 2), (1, 3), (0, 1)])
BOX = ((-1, -1), (4, 4))


def _svg(*marks):
    return ga.render(ga.scene(*marks, box=BOX), format="svg")


def _data(svg):
    """What is drawn, without what groups it."""
    return [line for line in svg.decode().splitlines() if " d=" in line]


@pytest.mark.parametrize("make", [ga.lines, ga.polygons])
@pytest.mark.parametrize("order", [1, -1])
def test_a_list_of_paths_draws_as_each_path_does(make, order):
    both = [SHORT, LONG][::order]
    apart = [make(path, stroke="teal", width=0.3) for path in both]
    assert _data(_svg(make(both, stroke="teal", width=0.3))) == _data(_svg(*apart))


def test_a_list_of_beziers_draws_as_each_does():
    one = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], float)
    two = np.concatenate([one, [(1, -1), (2, -1), (2, 0)]])
    for paths in ([one, two], [two, one]):
        assert _data(_svg(ga.beziers(paths))) == _data(_svg(*map(ga.beziers, paths)))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: ga.clip(p, ((0.5, 0), (2, 2))),
        lambda p: ga.dash(p, (0.3, 0.1)),
        lambda p: ga.simplify(p, 0.4),
        lambda p: ga.resample(p, 9),
        lambda p: ga.rotate(p, 30),
        lambda p: ga.panel(BOX, ((0, 0), (1, 1)))(p),
        lambda p: ga.rounded(p, 1),
    ],
)
def test_what_takes_an_array_of_paths_takes_a_list_of_them(change):
    changed = np.asarray(change([SHORT, LONG]))
    for row, path in zip(changed, [SHORT, LONG], strict=True):
        alone = np.asarray(change(np.array(path, float)))
        np.testing.assert_allclose(row[~np.isnan(row).all(-1)], alone[~np.isnan(alone).all(-1)])


@pytest.mark.exhaustive
def test_a_derivative_goes_through_a_list_of_paths():
    def total(size):
        paths = [size * jnp.asarray(LONG), size * jnp.array(SHORT)]
        return jnp.nansum(jnp.asarray(ga.clip(paths, ((-9, -9), (9, 9)))))

    assert jax.grad(total)(1.0) == pytest.approx(LONG.sum() + np.sum(SHORT))


def test_lists_of_arrays_of_paths_and_empty_and_masked_paths():
    level, other = np.ones((2, 5, 2)), np.ones((3, 4, 2))
    rows = ga.lines([level, other]).shape.points
    assert rows.shape == (6, 5, 2)
    assert np.isfinite(rows).sum() == level.size + other.size
    (empty, path) = ga.lines([[], SHORT]).shape.points
    assert np.isnan(empty).all()
    np.testing.assert_array_equal(path, SHORT)
    masked = np.ma.masked_equal([(0, 0), (9, 9)], 9)
    np.testing.assert_array_equal(
        np.isnan(ga.lines([masked, SHORT]).shape.points[0, :, 0]), [0, 1, 1]
    )


@pytest.mark.parametrize("wrong", [[(0, 0), (1, 1, 1)], [SHORT, [(0, 0, 0)]], [SHORT, (0, 0)]])
def test_points_of_unlike_lengths_are_no_paths(wrong):
    with pytest.raises(ga.ArtError, match="give each as many numbers"):
        ga.lines(wrong)


@pytest.mark.filterwarnings("ignore:mark [0-6] .* has no point")
def test_a_list_of_nothing_draws_nothing_and_is_nothing():
    box, shade = ((0, 0), (1, 1)), ga.ramp("red", "teal")
    marks = [
        *(make([]) for make in (ga.lines, ga.polygons, ga.beziers)),
        *(make([], 1) for make in (ga.dots, ga.circles)),
        ga.segments([], []),
        ga.gradient_lines([], shade),
    ]
    dot = ga.dots((0, 0), 1)
    for format in "png", "svg", "pdf":
        alone = ga.render(ga.scene(dot, box=box), format=format, px=60)
        assert ga.render(ga.scene(marks, dot, box=box), format=format, px=60) == alone
    for found in (
        ga.clip([], box),
        ga.clip([], where=ga.peaks()),
        ga.simplify([], 1),
        ga.resample([], 5),
        ga.window([], 0, 1),
        ga.dash([], [1, 1]),
        ga.hatch([], 1),
        ga.union([], []),
        ga.buffer([], 1),
        ga.rotate([], 30),
        ga.repeat([], 3),
        ga.tile([], "p4m", 1, box),
        ga.plot_order([]),
    ):
        assert found.shape[-1] == 2
        assert found.size == 0
