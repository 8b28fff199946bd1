"""The 17 wallpaper groups: a pattern is what it is moved to by any of its group's symmetries."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some
from scipy.spatial import cKDTree

import gradart as ga

pytestmark = pytest.mark.usefixtures("double")

W, H = 1.0, 0.7  # of cells; a unit wide, so that their height is their area
ORDER = {"p1": 1, "p2": 2, "pm": 2, "pg": 2, "cm": 4, "pmm": 4, "pmg": 4, "pgg": 4, "cmm": 8}
ORDER |= {"p4": 4, "p4m": 8, "p4g": 8, "p3": 3, "p3m1": 6, "p31m": 6, "p6": 6, "p6m": 12}
GROUPS = list(ORDER)
THIRD = (0.5, 0.5 / np.sqrt(3))  # of a cell with an angle of 120 degrees, a center


def turn(degrees, about=(0, 0)):
    return lambda p: ga.rotate(p, degrees, about)


def mirror(degrees, about=(0, 0)):
    return lambda p: ga.reflect(p, degrees, about)


def glide(degrees, about, by):
    return lambda p: ga.translate(ga.reflect(p, degrees, about), by)


# In the plane, from D. Schattschneider, "The plane symmetry groups: their recognition and
# notation", American Mathematical Monthly 85 (1978), and not in fractions of a cell.
SYMMETRIES = {
    "p1": [],
    "p2": [turn(180), turn(180, (W / 2, H / 2))],
    "pm": [mirror(90), mirror(90, (W / 2, 0))],
    "pg": [glide(90, (0, 0), (0, H / 2)), glide(90, (W / 2, 0), (0, H / 2))],
    "cm": [mirror(90), glide(90, (W / 4, 0), (0, H / 2))],
    "pmm": [mirror(90), mirror(0), turn(180, (W / 2, 0))],
    "pmg": [turn(180), mirror(90, (W / 4, 0)), glide(0, (0, 0), (W / 2, 0))],
    "pgg": [turn(180), glide(90, (W / 4, 0), (0, H / 2)), glide(0, (0, H / 4), (W / 2, 0))],
    "cmm": [mirror(90), mirror(0), turn(180, (W / 4, H / 4))],
    "p4": [turn(90), turn(90, (W / 2, W / 2))],
    "p4m": [turn(90), mirror(45), mirror(90)],
    "p4g": [turn(90), mirror(-45, (W / 2, 0)), mirror(45, (W / 2, 0))],
    "p3": [turn(120), turn(120, THIRD)],
    "p3m1": [turn(120, THIRD), mirror(-30), mirror(90, THIRD), mirror(30)],
    "p31m": [turn(120, THIRD), mirror(0), mirror(60)],
    "p6": [turn(60), turn(120, THIRD), turn(180, (W / 2, 0))],
    "p6m": [turn(60), mirror(0), mirror(30)],
}


def size_of(group):
    return (W, H) if GROUPS.index(group) < 9 else W


def area(group):
    return W * H if GROUPS.index(group) < 9 else W * W * (1 if "4" in group else np.sqrt(3) / 2)


@pytest.mark.parametrize("group", some(GROUPS, 2))
def test_a_pattern_is_invariant_under_its_group(group):
    motif = np.array([(0.21, 0.07), (0.26, 0.09)])  # in general position, no two alike
    points = np.asarray(ga.tile(motif, group, size_of(group), ((-3.4, -3.4), (3.4, 3.4))))
    first, second = cKDTree(points[:, 0]), cKDTree(points[:, 1])
    inner = points[(np.abs(points) < 1.3).all((-1, -2))]
    second_side = (-W / 2, W * np.sqrt(3) / 2) if "3" in group or "6" in group else (0, area(group))
    cell = (W, 0), second_side
    moves = [lambda p, by=by: ga.translate(p, by) for by in cell]
    for symmetry in [*SYMMETRIES[group], *moves]:
        moved = np.asarray(symmetry(inner))
        for tree, column in ((first, 0), (second, 1)):
            assert tree.query(moved[:, column])[0].max() < 1e-9
    # And it has no more: as many copies on an area as the group has elements on a cell.
    a, b = 3.1, 2.9
    big = np.asarray(ga.tile(motif[:1], group, size_of(group), ((0, 0), (20 * a, 20 * b))))
    assert len(np.unique(big.round(9), axis=0)) == len(big)
    assert len(big) / (400 * a * b) == pytest.approx(ORDER[group] / area(group), rel=0.03)


def test_every_copy_that_touches_the_box_is_there_and_none_far_from_it():
    motif = np.array([(-0.4, 0.1), (0.9, 1.7), (0.3, -0.6)])
    box = np.array(((0, 0), (4, 3)))
    found = np.asarray(ga.tile(motif, "p6", 1.0, box))
    assert ((found.min(1) <= box[1]) & (found.max(1) >= box[0])).all()
    far = np.asarray(ga.tile(motif, "p6", 1.0, ((-6, -6), (9, 9))))
    points = np.asarray(ga.resample(far, 200))
    touches = ((points >= box[0]) & (points <= box[1])).all(-1).any(-1)
    starts = {tuple(p) for p in found[:, 0].round(6).tolist()}
    assert {tuple(p) for p in far[touches, 0].round(6).tolist()} <= starts
    traced = np.asarray(jax.jit(lambda p: ga.tile(p, "p6", 1.0, box))(motif))
    assert starts <= {tuple(p) for p in traced[:, 0].round(6).tolist()}


def test_an_oblique_cell_has_its_angle_and_shapes_are_kept():
    copies = np.asarray(ga.tile([[(0.1, 0.1)]], "p1", (2, 1), ((0, 0), (9, 9)), degrees=60))
    assert copies.shape[1:] == (1, 1, 2)
    by = np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])
    assert cKDTree(copies[:, 0, 0]).query(np.array([4.1, 0.1]) + by)[0] < 1e-9


@pytest.mark.exhaustive
def test_copies_move_with_the_size():
    def corner(size):
        return ga.tile([(0.1, 0.1)], "p4", size, ((0, 0), (3, 3)))[-1, 0]

    slope = jax.jacfwd(corner)(1.0)
    np.testing.assert_allclose(slope, (corner(1 + 1e-6) - corner(1 - 1e-6)) / 2e-6, atol=1e-8)
    assert np.abs(slope).max() > 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("p5", 1), "no wallpaper group 'p5'; there are p1, p2"),
        (("p4", (1, 2)), "one number, for its sides are equal"),
        (("pm", (1, 2, 3)), "a side or"),
        (("pm", 0), "above 0"),
        (("pm", np.nan), "above 0"),
        (("pm", 1e-6), "more than 1,000,000 copies"),
    ],
)
def test_what_cannot_be_tiled_is_refused(arguments, says):
    with pytest.raises(ga.ArtError, match=says):
        ga.tile([(0, 0), (0.1, 0.2)], *arguments, box=((0, 0), (1, 1)))
    with pytest.raises(ga.ArtError, match="leave degrees out"):
        ga.tile([(0, 0)], "p3", 1, ((0, 0), (1, 1)), degrees=60)


def test_no_points_are_no_copies():
    assert ga.tile(jnp.full((3, 2), jnp.nan), "p2", 1, ((0, 0), (1, 1))).shape == (0, 3, 2)
