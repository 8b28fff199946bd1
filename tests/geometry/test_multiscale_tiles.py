"""Carlson's tiles: what lies on one side of an edge goes on beyond it, whatever their sizes."""

import jax
import numpy as np
import pytest

import gradart as ga

BOX = ((0.0, 0.0), (1.0, 1.0))
KEY = jax.random.key(2)


def mixed(seed=1, n=25, depth=4):
    points = ga.scatter(jax.random.key(seed), n, box=BOX)
    return ga.quadtree(points, BOX, 1, depth=depth)


def tones(tiles, dark, places):
    """Whether each place is dark: what is painted last there counts."""
    from matplotlib.path import Path

    found = np.zeros(len(places), int)
    for tile, tone in zip(tiles.reshape(-1, *tiles.shape[2:]), dark.ravel(), strict=True):
        lifts = np.flatnonzero(np.isnan(tile[:, 0]))
        for ring in np.split(tile, lifts):
            ring = ring[~np.isnan(ring[:, 0])]
            if len(ring) > 2:
                found[Path(ring).contains_points(places)] = tone
    return found


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "motifs", [("arcs",), ("dots", "arc", "arcs", "bar", "cross", "tee", "star")]
)
def test_tones_go_on_across_every_edge(motifs):
    parts = mixed()
    tiles, dark = ga.multiscale_truchet(KEY, parts, motifs)
    sides = parts[:, 2, 0] - parts[:, 0, 0]
    assert len(np.unique(np.round(sides, 6))) > 2
    along = np.linspace(0.03, 0.97, 30)[:, None]
    edges = [(p[k], p[(k + 1) % 4]) for p in parts for k in range(4)]
    places = np.concatenate([a + along * (b - a) for a, b in edges])
    normal = np.concatenate(
        [np.tile((b - a)[::-1] / np.hypot(*(b - a)), (30, 1)) for a, b in edges]
    )
    inner = ((places > 0.01) & (places < 0.99)).all(1)
    places, normal = places[inner], normal[inner] * (1, -1)
    # Where a border between tones is near, it may run between the two.
    here, there = (tones(tiles, dark, places + s * 1e-4 * normal) for s in (1, -1))
    assert (here != there).mean() < 0.01
    wingless = tiles[:, :, :4]  # the squares, and a part of a disk
    here, there = (tones(wingless, dark, places + s * 1e-4 * normal) for s in (1, -1))
    assert (here != there).mean() > 0.1


def test_tiles_come_from_the_largest_and_change_tones_with_each_halving():
    parts = mixed()
    tiles, dark = ga.multiscale_truchet(KEY, parts)
    assert tiles.shape[:2] == dark.shape == (len(parts), 2)
    squares = tiles[:, 0, :4]
    sides = squares[:, 2, 0] - squares[:, 0, 0]
    assert (np.diff(sides) <= 1e-12).all()
    level = np.round(np.log2(sides[0] / sides)).astype(int)
    np.testing.assert_array_equal(dark[:, 0], level % 2 == 1)
    np.testing.assert_array_equal(dark[:, 1], level % 2 == 0)
    assert {tuple(map(tuple, p.round(9))) for p in squares} == {
        tuple(map(tuple, p.round(9))) for p in parts
    }


def test_the_key_says_which_motifs_and_boxes_may_be_stretched():
    parts = mixed()
    one, _ = ga.multiscale_truchet(KEY, parts)
    np.testing.assert_array_equal(one, ga.multiscale_truchet(KEY, parts)[0])
    other, _ = ga.multiscale_truchet(jax.random.key(3), parts)
    assert one.shape != other.shape or not np.array_equal(one, other, equal_nan=True)
    wide, _ = ga.multiscale_truchet(KEY, parts * (3, 1))
    np.testing.assert_allclose(wide, one * (3, 1), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.multiscale_truchet(KEY, np.zeros((3, 2))), r"corners \(n, 4, 2\)"),
        (lambda: ga.multiscale_truchet(KEY, np.zeros((1, 4, 2))), "has no area"),
        (lambda: ga.multiscale_truchet(KEY, mixed(), ("ring",)), "a motif is one of dots, arc"),
        (lambda: ga.multiscale_truchet(KEY, mixed(), ()), "give motifs"),
        (lambda: ga.multiscale_truchet(3, mixed()), "key is 3"),
    ],
)
def test_what_is_no_tiling_is_told(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
