"""Laws of hatching: all of it lies inside, its lines are the spacing apart, and fill the area."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

A = np.linspace(0, 2 * np.pi, 200, endpoint=False)
DISK = np.stack([np.cos(A), np.sin(A)], -1)
STAR = (1 + 0.4 * np.cos(5 * A))[:, None] * DISK
FRAME = np.concatenate([2 * STAR, [(np.nan, np.nan)], 0.8 * DISK[::-1]])
AREA = np.pi * (4 * (1 + 0.4**2 / 2) - 0.8**2)
WAYS = [
    None,
    "outline",
    "spiral",
    "scribble",
    lambda p: p[0] ** 2 - p[1],
    lambda p: jnp.stack([-p[1], p[0]]),
]


def length(paths):
    return np.nansum(np.hypot(*np.diff(paths, axis=-2).T))


def outside(paths, polygons):
    """The length of paths that lies out of polygons, by GEOS."""
    kept = ga.clip(paths, polygons)
    return length(paths) - length(kept)


@pytest.mark.parametrize(
    "along", WAYS, ids=["straight", "outline", "spiral", "scribble", "field", "map"]
)
def test_all_lines_lie_inside_and_fill_the_area(along):
    lines = ga.hatch(FRAME, 0.1, 30, along=along)
    assert outside(lines, FRAME) < 1e-6
    more = 0.25 if along == "scribble" or callable(along) else 0.02
    assert length(lines) == pytest.approx(AREA / 0.1, rel=more)


def test_straight_lines_are_the_spacing_apart_on_one_lattice():
    lines = ga.hatch(np.stack([STAR, STAR + 0.7]), 0.13, 27)
    turn = np.deg2rad(27)
    across = lines @ (-np.sin(turn), np.cos(turn)) / 0.13 - 0.5
    across = across[np.isfinite(across)]
    np.testing.assert_allclose(across, np.round(across), atol=1e-9)
    assert set(np.diff(np.unique(np.round(across)))) == {1}


def test_lines_end_at_the_edges_and_pass_holes():
    square = [(0, 0), (4, 0), (4, 4), (0, 4), (np.nan, np.nan), (1, 1), (1, 3), (3, 3), (3, 1)]
    lines = ga.hatch(square, 1, 0)
    ends = lines[np.isfinite(lines[:, 0])].reshape(-1, 2, 2)
    np.testing.assert_allclose(ends[:, :, 0], [(0, 4), (0, 1), (3, 4), (0, 1), (3, 4), (0, 4)])
    np.testing.assert_allclose(ends[:, 0, 1], [0.5, 1.5, 1.5, 2.5, 2.5, 3.5])
    twice = np.concatenate([square[:4], [(np.nan, np.nan)], np.array(square[5:])[::-1]])
    assert length(ga.hatch(twice, 1, 0)) == 16  # which winds twice around what was the hole


def test_each_row_has_its_own_spacing_and_angle_in_its_place():
    lines = ga.hatch(np.stack([DISK, DISK + 3, DISK + 6]), [0.1, 0.2, 0.05], [0, 45, 90])
    lengths = [length(row) for row in lines]
    np.testing.assert_allclose(lengths, [np.pi / gap for gap in (0.1, 0.2, 0.05)], rtol=0.01)
    assert ga.hatch(DISK, 5).shape == (0, 2)
    assert ga.hatch(np.empty((0, 3, 2)), 1).shape == (0, 0, 2)
    assert np.isnan(ga.hatch(np.full((2, 3, 2), np.nan), 1)).all()


def test_outlines_shrink_by_the_spacing():
    rings = ga.hatch(DISK, 0.25, along="outline")
    radii = np.hypot(*rings[np.isfinite(rings[:, 0])].T)
    np.testing.assert_allclose(np.unique(radii.round(3)), [0.125, 0.375, 0.625, 0.875], atol=2e-3)


def test_the_turns_of_a_spiral_are_the_spacing_apart():
    x, y = ga.hatch(DISK, 0.1, along="spiral").T
    turns = np.hypot(x, y) / 0.1 - np.unwrap(np.arctan2(y, x)) / 2 / np.pi
    np.testing.assert_allclose(turns[1:], turns[1], atol=0.02)


def test_a_scribble_is_a_few_strokes():
    lines = ga.hatch(STAR, 0.05, along="scribble")
    lifts = np.isnan(lines[:, 0]).sum()
    assert lifts < 0.3 * np.isnan(ga.hatch(STAR, 0.05)[:, 0]).sum()


@pytest.mark.exhaustive
def test_a_field_of_spacings_is_kept_on_average_and_cuts_where_lines_end():
    square = 0.5 + 0.5 * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    with jax.enable_x64(True):
        lines = ga.hatch(square, lambda p: 0.002 / (0.02 + p[0]), 0)
        even = ga.hatch(square, lambda p: jnp.where(p[0] > 0.5, 0.002, jnp.inf), 90)
    assert length(lines) == pytest.approx((0.02 + 0.5) / 0.002, rel=0.01)
    for low, high in ((0, 0.1), (0.3, 0.5), (0.9, 1)):
        part = ga.clip(lines, ((low, 0), (high, 1)))
        asked = (0.02 + (low + high) / 2) / 0.002 * (high - low)
        assert length(part) == pytest.approx(asked, rel=0.03)
    assert length(even) == pytest.approx(250, rel=0.01)
    assert np.nanmin(even[:, 0]) > 0.5
    with jax.enable_x64(True):
        flat = ga.hatch(square, lambda p: 0.01 * (1 + p[0] ** 2), 0)
        inner = flat[(flat[:, 0] > 1e-9) & (flat[:, 0] < 1 - 1e-9)]
        share = 1 / (1 + inner[:, 0] ** 2) * 256 - 0.5
    assert len(inner) > 20
    np.testing.assert_allclose(share, share.round(), atol=1e-9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.hatch(DISK, 0), "spacing is 0: give a length above 0"),
        (lambda: ga.hatch(DISK, [1, 2]), "one for each of 1 rows"),
        (lambda: ga.hatch(DISK, 1e-9), "lines of these polygons: give more"),
        (lambda: ga.hatch(DISK, 1, np.nan), "angle is nan"),
        (lambda: ga.hatch(DISK, 1, along="edge"), "along is 'edge': give a field"),
        (lambda: ga.hatch(DISK, 1, along=ga.peaks), r"write ga\.peaks\(\)"),
        (lambda: ga.hatch(DISK, lambda p: p[0] * 0.0), "field of spacings is 0.0 at its smallest"),
        (lambda: ga.hatch(DISK, lambda p: p[0], along="spiral"), "leave out along="),
        (lambda: ga.hatch(np.ones((3, 3)), 1), r"hatch takes polygons of shape \(..., m, 2\)"),
    ],
)
def test_what_cannot_be_hatched_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
