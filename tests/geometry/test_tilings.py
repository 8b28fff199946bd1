from itertools import product

import jax
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.patterns.tilings import truchet, wang

KEY = jax.random.key(2)
ALL = np.array(list(product((0, 1), repeat=4)))


def _ends_by_place(arcs):
    """For each point that is an end, the directions in which arcs leave it, with their speeds."""
    arcs = np.asarray(arcs, float).reshape(-1, 4, 2)
    found = {}
    for a, b, c, d in arcs:
        found.setdefault(tuple(np.round(a, 6)), []).append(b - a)
        found.setdefault(tuple(np.round(d, 6)), []).append(c - d)
    return found


@pytest.mark.parametrize("box", [None, ((-2.0, 1.0), (5.0, 2.0))])
def test_arcs_join_smoothly_in_the_middle_of_each_edge(box):
    rows, columns = 5, 7
    with jax.enable_x64(True):
        arcs = truchet(KEY, rows, columns, box)
    assert arcs.shape == (rows, columns, 2, 4, 2)
    low, high = np.array(box or ((0, 0), (columns, rows)), float)
    upright = {(x, y + 0.5) for x in range(columns + 1) for y in range(rows)}
    level = {(x + 0.5, y) for x in range(columns) for y in range(rows + 1)}
    middles = np.array(sorted(upright | level)) / (columns, rows) * (high - low) + low
    met = _ends_by_place(arcs)
    assert set(met) == set(map(tuple, np.round(middles, 6)))
    for place, leaving in met.items():
        inner = all(np.abs(place - low) > 1e-6) and all(np.abs(place - high) > 1e-6)
        assert len(leaving) == (2 if inner else 1)
        np.testing.assert_allclose(np.sum(leaving, 0) * inner, 0, atol=1e-12)


def test_arcs_are_quarters_of_circles_around_corners_of_their_tile():
    arcs = np.asarray(truchet(KEY, 3, 4), float)
    middle = (arcs[..., 0, :] + 3 * arcs[..., 1, :] + 3 * arcs[..., 2, :] + arcs[..., 3, :]) / 8
    for points in (arcs[..., 0, :], middle, arcs[..., 3, :]):
        corner = np.round(points)
        far = np.linalg.norm(points - corner, axis=-1)
        np.testing.assert_allclose(far, 0.5, atol=1e-6)


def test_half_of_the_tiles_are_turned_and_the_key_says_which():
    arcs = np.asarray(truchet(KEY, 60, 60))
    turned = np.round(arcs[:, :, 0, 3, 0] - np.arange(60))
    assert set(turned.ravel()) == {0, 1}
    assert abs(turned.mean() - 0.5) < 0.034  # four standard deviations
    np.testing.assert_array_equal(arcs, truchet(KEY, 60, 60))
    assert not np.array_equal(arcs, truchet(jax.random.key(3), 60, 60))


def _match(tiles, chosen):
    top, right, bottom, left = np.moveaxis(np.asarray(tiles)[chosen], -1, 0)
    return (top[:-1] == bottom[1:]).all() and (right[:, :-1] == left[:, 1:]).all()


@pytest.mark.parametrize("tiles", [ALL, ALL * 2.5 - 1, ALL[[0, 3, 6, 9, 10, 12, 15]]])
def test_edges_of_neighbors_match(tiles):
    chosen = wang(KEY, tiles, 9, 14)
    assert chosen.shape == (9, 14)
    assert _match(tiles, chosen)
    assert not _match(tiles, np.random.default_rng(1).permutation(chosen.ravel()).reshape(9, 14))
    np.testing.assert_array_equal(chosen, wang(KEY, tiles, 9, 14))


def test_tiles_are_drawn_evenly_where_all_fit():
    chosen = wang(KEY, ALL, 60, 60)
    counts = np.bincount(chosen.ravel(), minlength=16)
    assert abs(counts - 225).max() < 60  # four standard deviations


def test_a_row_looks_ahead_of_where_it_would_be_stuck():
    # After 1 comes 2, and after 2 nothing: both may stand at the end alone.
    tiles = [(0, 0, 0, 0), (0, 1, 0, 0), (0, 2, 0, 1)]
    for seed in range(5):
        chosen = wang(jax.random.key(seed), tiles, 3, 9)
        assert _match(tiles, chosen)
        assert (chosen[:, :-2] == 0).all()


def test_rows_that_lead_nowhere_are_drawn_anew():
    # Above a row of the second or of the third there is none, and two of three rows are such.
    tiles = [(0, 5, 0, 5), (1, 6, 0, 6), (2, 7, 0, 7)]
    chosen = wang(KEY, tiles, 12, 4)
    assert (chosen[:-1] == 0).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: wang(KEY, [(0, 1, 0, 2)], 1, 2), "no 2 of the tiles fit side by side"),
        (lambda: wang(KEY, [(0, 1, 2, 1)], 2, 2), "not come beyond 1 rows in 500 tries"),
        (lambda: wang(KEY, [(0, 1, 2)], 2, 2), "tiles is .* give .k, 4. colors"),
        (lambda: wang(KEY, np.zeros((0, 4)), 2, 2), "give .k, 4. colors"),
        (lambda: wang(KEY, [(0, 1, 2, np.nan)], 2, 2), "give .k, 4. colors"),
        (lambda: wang(KEY, ALL, 0, 2), "rows is 0"),
        (lambda: wang(3, ALL, 2, 2), "key is 3"),
        (lambda: truchet(KEY, 2, 0), "columns is 0"),
        (lambda: truchet(KEY, 2, 2, (0, 1)), "a box is"),
        (lambda: truchet(7, 2, 2), "key is 7"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()
