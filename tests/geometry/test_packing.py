"""Packing: no circles overlap, none leaves its shape, and no room is left."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import pdist

import gradart as ga
from gradart.errors import ArtError

KEY = jax.random.key(1)
BOX = ((-1.0, 2.0), (3.0, 5.0))
HOUSE = np.array([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 2.0), (0.0, 1.0)])
WINDOW = np.array([(0.5, 0.3), (0.5, 0.9), (1.2, 0.9), (1.2, 0.3)])  # the other way round
WITH_HOLE = np.concatenate([HOUSE, [[np.nan, np.nan]], WINDOW])
DISK = np.asarray(ga.point(ga.circle(0.8), jnp.linspace(0, math.tau, 60)))


def room_between(centers, radii):
    i, j = np.triu_indices(len(radii), 1)
    return (pdist(centers) - radii[i] - radii[j]).min()


def to_outline(points, ring):
    """The distance from points (k, 2) to the lines of a ring (m, 2)."""
    a, b = ring, np.roll(ring, -1, axis=0)
    to, side = points[:, None] - a, b - a
    part = np.clip((to * side).sum(-1) / np.maximum((side**2).sum(-1), 1e-300), 0, 1)
    return np.linalg.norm(to - part[..., None] * side, axis=-1).min(1)


@pytest.mark.parametrize("gap", [0.0, 0.02])
@pytest.mark.parametrize(
    ("radii", "n"), [((0.01, 0.3), 400), (np.linspace(0.01, 0.2, 150), None)], ids=["room", "sizes"]
)
def test_circles_keep_apart_and_stay_inside_a_polygon_and_out_of_its_hole(radii, n, gap):
    centers, sizes = ga.pack(KEY, WITH_HOLE, radii, n, gap=gap)
    assert len(centers) > 50
    assert room_between(centers, sizes) >= gap - 1e-12
    for ring in (HOUSE, WINDOW):
        assert (to_outline(centers, ring) - sizes).min() >= gap - 1e-12
    x, y = centers.T
    assert ((y > 0) & (x > 0) & (x < 2) & (y < 2 - np.abs(x - 1))).all()
    assert not ((x > 0.5) & (x < 1.2) & (y > 0.3) & (y < 0.9)).any()


def test_a_box_and_a_field_are_shapes_too():
    centers, sizes = ga.pack(KEY, BOX, (0.02, 0.5), 300)
    assert (centers - sizes[:, None] >= np.add(BOX[0], -1e-12)).all()
    assert (centers + sizes[:, None] <= np.add(BOX[1], 1e-12)).all()
    with jax.enable_x64(True):
        centers, sizes = ga.pack(KEY, ga.fields.disk(0.9, (0.05, 0)), (0.02, 0.5), 300, gap=0.01)
    assert (np.linalg.norm(centers - (0.05, 0), axis=1) + sizes).max() <= 0.89 + 1e-9
    assert room_between(centers, sizes) >= 0.01 - 1e-12


def test_several_polygons_are_one_shape():
    two = DISK + np.array([[[0.0, 0.0]], [[2.0, 0.0]]])
    centers, sizes = ga.pack(KEY, two, (0.05, 0.3), 200)
    away = np.minimum(*(np.linalg.norm(centers - (x, 0), axis=1) for x in (0, 2)))
    assert (away + sizes).max() <= 0.8 + 1e-9
    assert {0, 2} == set(np.round(centers[sizes > 0.2][:, 0] / 2) * 2)


def test_no_room_is_left_for_another_of_the_smallest():
    smallest = 0.06
    centers, sizes = ga.pack(KEY, BOX, (smallest, 0.4), 5000)
    assert len(centers) < 5000
    spots = np.asarray(ga.grid(240, 320, BOX), np.float64).reshape(-1, 2)
    edge = np.minimum(spots - BOX[0], np.array(BOX[1]) - spots).min(1)
    room = edge
    for center, size in zip(centers, sizes, strict=True):
        room = np.minimum(room, np.linalg.norm(spots - center, axis=1) - size)
    assert room.max() < smallest


def test_each_circle_is_as_large_as_it_can_be_or_as_is_allowed():
    centers, sizes = ga.pack(KEY, BOX, (0.03, 0.3), 200)
    assert sizes.max() == 0.3
    assert sizes.min() >= 0.03
    for k in range(len(sizes)):
        edge = min((centers[k] - BOX[0]).min(), (np.array(BOX[1]) - centers[k]).min())
        others = np.linalg.norm(centers[:k] - centers[k], axis=1) - sizes[:k]
        assert sizes[k] == pytest.approx(min(0.3, edge, others.min(initial=1)), rel=1e-9)


def test_the_largest_come_first_and_those_without_room_are_left_out():
    wanted = np.array([0.1, 1.2, 0.3, 1.4, 0.2, 0.9, 7.0])
    centers, sizes = ga.pack(KEY, BOX, wanted)
    assert len(centers) == len(sizes) < 7
    np.testing.assert_array_equal(sizes, -np.sort(-sizes))
    assert set(sizes) <= set(wanted)
    assert {0.1, 0.2, 1.4} <= set(sizes)
    for centers, sizes in (ga.pack(KEY, BOX, [9.0]), ga.pack(KEY, BOX, [0.1, 0.2], 0)):
        assert centers.shape == (0, 2)
        assert sizes.shape == (0,)


def test_ten_thousand_circles_keep_apart_too():
    centers, sizes = ga.pack(KEY, BOX, (0.004, 0.05), 10_000)
    assert len(centers) == 10_000
    from scipy.spatial import KDTree

    pairs = KDTree(centers).query_pairs(0.1, output_type="ndarray")
    apart = np.linalg.norm(centers[pairs[:, 0]] - centers[pairs[:, 1]], axis=1)
    assert (apart - sizes[pairs].sum(1)).min() >= -1e-12


def test_a_key_gives_its_own_circles():
    one, again, other = (ga.pack(jax.random.key(k), BOX, (0.1, 0.5), 9)[0] for k in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ga.pack(KEY, BOX, (0.2, 0.1), 9), r"with n, \(smallest, largest\)"),
        (lambda: ga.pack(KEY, BOX, 0.2, 9), r"with n, \(smallest, largest\)"),
        (lambda: ga.pack(KEY, BOX, [0.1, -1]), "finite lengths above 0"),
        (lambda: ga.pack(KEY, BOX, [0.1, np.nan]), "finite lengths above 0"),
        (lambda: ga.pack(KEY, BOX, (1e-9, 1), 9), "give 0.0004"),
        (lambda: ga.pack(KEY, BOX, (0.1, 1), -1), "n is -1"),
        (lambda: ga.pack(KEY, BOX, (0.1, 1), 9, gap=-1), "gap is -1"),
        (lambda: ga.pack(KEY, BOX, (0.1, 1), 9, box=BOX), "with a field alone"),
        (lambda: ga.pack(KEY, lambda p: p[0], (0.1, 1), 9), "give box="),
        (lambda: ga.pack(KEY, [(0, 0, 1)], (0.1, 1), 9), "give a polygon"),
        (lambda: ga.pack(KEY, np.full((4, 2), np.nan), (0.1, 1), 9), "no corner"),
        (lambda: ga.pack(KEY, [(0, 0), (1, 0), (2, 0)], (0.1, 1), 9), "no area"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()
