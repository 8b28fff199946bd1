"""A path that becomes another."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial import cKDTree

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")

T = np.linspace(0, 2 * np.pi, 40, endpoint=False)
RING = np.stack([np.cos(T), np.sin(T)], -1)
BENT = np.array([(0.0, 0), (1, 0), (1, 3), (2, 3)])


def length(path):
    return np.hypot(*np.diff(np.asarray(path), axis=0).T).sum()


@pytest.mark.exhaustive
def test_it_is_exactly_each_path_at_its_end():
    zigzag = np.array([(0, 0), (2, 1), (0, 2.0)])
    way = ga.morph(BENT, zigzag)
    for u, path in ((0, BENT), (1, zigzag)):
        found = np.asarray(way(u))
        assert cKDTree(found).query(path)[0].max() < 1e-12  # every corner is there
        assert length(found) == pytest.approx(length(path), abs=1e-12)  # and no way but its own
    half = ga.resample(BENT, 3)[1] / 2 + ga.resample(zigzag, 3)[1] / 2
    assert cKDTree(np.asarray(ga.resample(way(0.5), 4001))).query(half)[0] < 1e-3


@pytest.mark.parametrize("turn", [0, 7, 31])
@pytest.mark.parametrize("order", [1, -1])
def test_a_closed_path_starts_where_it_moves_least(turn, order):
    """The same ring, begun elsewhere, or run through backward, does not move at all."""
    bean = RING * (1 + 0.3 * np.cos(T - 0.4))[:, None]
    same = np.roll(bean, turn, axis=0)[::order] + np.array([5, 2])
    way = ga.morph(bean, same, closed=True)
    moved = np.asarray(way(1.0) - way(0.0))
    np.testing.assert_allclose(moved, np.broadcast_to([5, 2], moved.shape), atol=0.03)


def test_a_closed_path_keeps_its_corners_and_its_length():
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    way = ga.morph(RING, square, closed=True)
    last = np.asarray(way(1.0))
    assert cKDTree(last).query(square)[0].max() < 1e-9
    assert length(last) == pytest.approx(8)
    np.testing.assert_allclose(last[0], last[-1], atol=1e-9)
    assert way(np.zeros(3)).shape == (3, 46, 2)


@pytest.mark.exhaustive
def test_it_can_be_traced_and_differentiated():
    def area(size):
        p = ga.morph(size * RING, BENT, closed=True)(0.25)
        return jnp.sum(p[:-1, 0] * p[1:, 1] - p[1:, 0] * p[:-1, 1])

    slope = (area(1 + 1e-6) - area(1 - 1e-6)) / 2e-6
    assert jax.jit(jax.grad(area))(1.0) == pytest.approx(float(slope), rel=1e-5)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ([(0, 0)], "two points or more"),
        ([0, 1], "two points or more"),
        ([(0, 0), (np.nan, 0), (1, 1)], "broken by NaN"),
        (np.full((3, 2), np.nan), "two points or more"),
    ],
)
def test_what_is_no_path_is_refused(path, says):
    with pytest.raises(ga.ArtError, match=says):
        ga.morph(path, BENT)
    with pytest.raises(ga.ArtError, match="do not pair"):
        ga.morph([BENT, BENT], [RING] * 3)


def test_many_paths_of_unlike_lengths_become_others_each_its_own():
    zigzag = np.array([(0, 0), (2, 1), (0, 2.0)])
    many = ga.morph([BENT, zigzag], [zigzag, BENT])(np.array([0.3, 0.8]))
    for found, alone in zip(
        many, (ga.morph(BENT, zigzag)(0.3), ga.morph(zigzag, BENT)(0.8)), strict=True
    ):
        assert cKDTree(np.asarray(found)).query(np.asarray(alone))[0].max() < 1e-12
        assert length(found) == pytest.approx(length(alone))


@pytest.mark.exhaustive
def test_a_row_may_end_in_nan_and_be_differentiated():
    def total(size):
        path = jnp.concatenate([size * BENT, np.full((3, 2), np.nan)])
        return (ga.morph(path, RING)(0.0)[:, 0] ** 2).sum()

    slope = (total(1 + 1e-6) - total(1 - 1e-6)) / 2e-6
    for grad in (jax.grad(total), jax.jit(jax.grad(total))):
        assert grad(1.0) == pytest.approx(float(slope), rel=1e-6)
