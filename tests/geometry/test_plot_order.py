"""The order of a plot: the same ink, joined where it touches, with less travel between."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.paths.plot_order import plot_order, toured, toured_after


def runs(paths):
    return [row[~np.isnan(row).any(-1)] for row in paths]


def travel(strokes):
    return sum(np.hypot(*(b[0] - a[-1])) for a, b in pairwise(strokes))


def length(strokes):
    return sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)


def ink(strokes):
    return sorted(min(s.tolist(), s[::-1].tolist()) for s in strokes)


def scattered(n, seed=0, m=3):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 100, (n, 1, 2)) + rng.normal(size=(n, m, 2))


@pytest.mark.parametrize("n", [1, 2, 3, 9, 400])
def test_the_ink_is_the_same_and_the_travel_less(n):
    given = scattered(n)
    found = runs(plot_order(given, 0))
    assert ink(found) == ink(given)
    assert travel(found) <= travel(given)
    if n == 400:
        assert travel(found) < 0.7124 * np.sqrt(n) * 100  # through as many points, shortest


def test_an_order_that_is_short_already_stays():
    given = np.stack([np.arange(9.0), np.zeros(9)], -1)[:, None] + [(0, 0), (0.4, 0)]
    assert (plot_order(given) == given).all()


@pytest.mark.parametrize("seed", range(4))
def test_few_strokes_are_drawn_in_the_best_order_or_nearly(seed):
    given = scattered(5, seed)
    ways = (
        [given[i][::turn] for i, turn in zip(order, turns, strict=True)]
        for order in permutations(range(5))
        for turns in product([1, -1], repeat=5)
    )
    best = min(map(travel, ways))
    assert best <= travel(runs(plot_order(given, 0))) + 1e-9 <= 1.1 * best + 1e-9


def test_strokes_that_touch_become_one_and_copies_are_dropped():
    x = np.linspace(0, 1, 101)
    curve = np.stack([x, x**2], -1)
    parts = np.stack([curve[:-1], curve[1:]], 1)
    rng = np.random.default_rng(1)
    shuffled = rng.permutation(np.concatenate([parts, parts[:30], parts[40:60, ::-1]]))
    (found,) = plot_order(shuffled, 1e-9)
    assert ink([found]) == ink([curve])
    near = np.array([[(0, 0), (1, 0)], [(2, 0), (1.01, 0)]])
    assert len(plot_order(near, 0.02)) == 1
    assert len(plot_order(near, 0.005)) == 2
    assert length(runs(plot_order(near, 0.02))) == pytest.approx(2)


def test_a_ring_begins_where_the_pen_comes_by():
    t = np.linspace(0, 2 * np.pi, 61) + np.random.default_rng(2).uniform(0, 6, (200, 1))
    rings = scattered(200, 3, 1) + np.stack([np.cos(t), np.sin(t)], -1)
    rings[:, -1] = rings[:, 0]
    found = runs(plot_order(rings))
    assert length(found) == pytest.approx(length(rings), rel=1e-12)
    assert all((ring[0] == ring[-1]).all() for ring in found)
    middles = plot_order(np.repeat(rings[:, :-1].mean(1, keepdims=True), 2, 1), 0)
    assert travel(found) < travel(runs(middles))


def test_rings_that_touch_are_drawn_without_a_lift():
    t = np.linspace(0, 2 * np.pi, 49)
    ring = np.round(np.stack([np.cos(t), np.sin(t)], -1), 9)  # which ends where it begins
    (found,) = runs(plot_order([ring, 2 * ring + (3.02, 0)], 0.05))
    assert length([found]) == pytest.approx(length([3 * ring]) + 0.02)
    assert len(runs(plot_order([ring, 2 * ring + (3.06, 0)], 0.05))) == 2


def test_strokes_come_after_those_below_them():
    given = scattered(60)
    ends, none = given[:, [0, -1]], [np.empty((0, 2))] * 60

    def way(steps):
        return travel([given[s.item][:: -1 if s.backwards else 1] for s in steps])

    free = toured(ends, none)
    for least in 60, 1, 7:  # each is below the one that comes so many later
        below = [np.arange(k - least, k - least + (k >= least)) for k in range(60)]
        steps = toured_after(ends, none, below)
        place = np.argsort([step.item for step in steps])
        assert sorted(step.item for step in steps) == list(range(60))
        assert (place[least:] > place[: 60 - least]).all()
        assert way(free) - 1e-9 <= way(steps) < travel(given)
    assert toured_after(ends, none, [np.arange(0)] * 60) == free


def test_nan_lifts_the_pen_and_what_is_empty_stays_so():
    row = [(0, 0), (1, 0), (np.nan, np.nan), (5, 0), (6, 0)]
    assert len(plot_order([row])) == 2
    assert plot_order(np.full((2, 3, 2), np.nan)).shape == (0, 0, 2)
    assert plot_order(np.empty((0, 4, 2))).shape == (0, 0, 2)
    assert plot_order([[(1.0, 2.0)]]).tolist() == [[[1.0, 2.0]]]


def test_what_is_no_path_is_refused():
    with pytest.raises(ArtError, match=r"takes paths \(..., m, 2\), not \(3, 3\)"):
        plot_order(np.zeros((3, 3)))
    with pytest.raises(ArtError, match="finite points"):
        plot_order([[(0, np.inf), (1, 1)]])
    with pytest.raises(ArtError, match="tolerance"):
        plot_order([[(0, 0), (1, 1)]], -1)


def test_the_same_paths_have_the_same_order():
    given = scattered(300, 5)
    assert (plot_order(given) == plot_order(given.copy())).all()
