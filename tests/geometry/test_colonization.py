import jax
import numpy as np
import pytest
from scipy.spatial import KDTree

from gradart.errors import ArtError
from gradart.geometry.patterns.colonization import colonize
from gradart.geometry.points import scatter

CLOUD = np.asarray(scatter(jax.random.key(4), 400, ((-1, -1), (1, 1))), float)


def _rows(paths):
    return [path[np.isfinite(path[:, 0])] for path in paths]


def test_all_points_are_reached_in_steps_of_one_length():
    paths, _ = colonize(CLOUD, (0, -1.5), step=0.03, kill=0.05)
    nodes = np.concatenate(_rows(paths))
    assert KDTree(nodes).query(CLOUD)[0].max() <= 0.05
    steps = np.concatenate([np.diff(row, axis=0) for row in _rows(paths)])
    np.testing.assert_allclose(np.hypot(*steps.T), 0.03)


def test_squares_of_thickness_add_up_at_forks_and_tips_are_1():
    roots = np.array([(0, -1.5), (-1.5, 0.25)])
    paths, thickness = colonize(CLOUD, roots, step=0.03)
    begins, ends = ([tuple(np.round(row[i], 9)) for row in _rows(paths)] for i in (0, -1))
    areas = thickness**2
    above = {}
    for begin, area in zip(begins, areas, strict=True):
        above[begin] = above.get(begin, 0) + area
    for end, area in zip(ends, areas, strict=True):
        assert area == pytest.approx(above.get(end, 1))
    assert set(begins) <= set(ends) | set(map(tuple, roots.astype(float)))
    tips = len(set(ends) - set(begins))
    assert sum(above[tuple(root)] for root in roots.astype(float)) == pytest.approx(tips)
    assert tips > 50


def test_what_is_out_of_reach_draws_no_branch():
    cloud = [(0.0, 1.0), (0.0, 5.0)]
    paths, _ = colonize(cloud, (0, 0), step=0.1, reach=2)
    assert np.nanmax(paths) == pytest.approx(0.8, abs=0.11)
    assert np.nanmax(colonize(cloud, (0, 0), step=0.1)[0]) == pytest.approx(4.8, abs=0.11)


def test_between_opposite_points_a_branch_does_not_wait_forever():
    paths, thickness = colonize([(1, 0), (-1, 0)], (0, 0), step=0.1)
    np.testing.assert_allclose([np.nanmin(paths), np.nanmax(paths)], [-0.8, 0.8], atol=0.11)
    assert thickness.tolist() == [1, 1]
    ring = np.stack([np.cos(np.arange(12)), np.sin(np.arange(12))], -1)
    tree = np.concatenate(_rows(colonize(ring, (0, 0), step=0.07)[0]))
    assert KDTree(tree).query(ring)[0].max() <= 0.14


def test_no_points_give_no_branches():
    paths, thickness = colonize(np.zeros((0, 2)), (0, 0), step=0.1)
    assert paths.shape[0] == len(thickness) == 0
    assert paths.shape[-1] == 2


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: colonize(CLOUD, (9, 9), step=0.1, reach=1), "no attractor is within reach"),
        (lambda: colonize(CLOUD, (0, 0), step=0.1, kill=0.05), "kill is 0.05: give one step"),
        (lambda: colonize(CLOUD, (0, 0), step=0), "step is 0"),
        (lambda: colonize(CLOUD, (0, 0), step=0.1, reach=-1), "reach is -1"),
        (lambda: colonize([1, 2, 3], (0, 0), step=0.1), "attractors has shape"),
        (lambda: colonize([(0, np.nan)], (0, 0), step=0.1), "give finite points"),
        (lambda: colonize(CLOUD, np.zeros((0, 2)), step=0.1), "root has no point"),
        (lambda: colonize([(1, 0)], (0, 0), step=1e-7), "over 300000 nodes"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
