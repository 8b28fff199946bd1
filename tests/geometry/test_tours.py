"""Tours: each point once, no crossings, and about as short as can be."""

import itertools

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree

import gradart as ga

CHANCE = np.random.default_rng(0).uniform(size=(1200, 2))
LATTICE = np.asarray(ga.grid(12, 15, ((0, 0), (14, 11)))).reshape(-1, 2).astype(float)
CLUSTERS = np.concatenate([k + 0.05 * CHANCE[k : k + 200] ** 3 for k in range(4)])


def length(path):
    return np.linalg.norm(np.diff(path, axis=0), axis=1).sum()


def crossings(path):
    """How many pairs of a path's lines cross, by brute force."""
    a, b = path[:-1, None], path[1:, None]
    c, d = path[None, :-1], path[None, 1:]

    def side(p, q, r):
        return (q - p)[..., 0] * (r - p)[..., 1] - (q - p)[..., 1] * (r - p)[..., 0]

    across = side(a, b, c) * side(a, b, d), side(c, d, a) * side(c, d, b)
    return int(((across[0] < -1e-22) & (across[1] < -1e-22)).sum()) // 2


@pytest.mark.parametrize("points", [CHANCE, LATTICE, CLUSTERS])
@pytest.mark.parametrize("closed", [True, False])
def test_each_point_is_visited_once_and_no_lines_cross(points, closed):
    path = np.asarray(ga.tour(points, closed=closed))
    assert path.shape == (len(points) + closed, 2)
    assert not closed or (path[0] == path[-1]).all()
    visited = path[:-1] if closed else path
    np.testing.assert_array_equal(np.sort(visited.ravel()), np.sort(points.ravel()))
    assert len(np.unique(visited, axis=0)) == len(points)
    assert crossings(path) == 0


def test_crossings_are_seen():
    assert crossings(np.array([(0, 0), (1, 1), (1, 0), (0, 1.0)])) == 1
    assert crossings(CHANCE[:100]) > 100


def held_karp(points, rounds):
    """A length that no closed tour goes below: M. Held and R. M. Karp (1970), by subgradients."""
    apart = np.linalg.norm(points[:, None] - points, axis=-1)
    weight, best, step = np.zeros(len(points)), 0.0, 0.1 * apart[apart > 0].mean()
    for _ in range(rounds):
        cost = apart + weight[:, None] + weight
        tree = minimum_spanning_tree(cost[1:, 1:] + 10 * np.eye(len(points) - 1)).tocoo()
        ends = np.concatenate([tree.row + 1, tree.col + 1])
        first = 1 + np.argsort(cost[0, 1:])[:2]
        best = max(best, tree.data.sum() + cost[0, first].sum() - 2 * weight.sum())
        degree = np.bincount(np.concatenate([ends, first]), minlength=len(points))
        degree[0] = 2
        weight, step = weight + step * (degree - 2), 0.97 * step
    return best


@pytest.mark.exhaustive
def test_it_is_within_8_percent_of_what_no_tour_can_be_shorter_than():
    points = CHANCE[:250]
    bound = held_karp(points, 120)
    closed = length(np.asarray(ga.tour(points)))
    assert bound < closed < 1.08 * bound
    assert length(np.asarray(ga.tour(points, closed=False))) < closed


@pytest.mark.parametrize("closed", [True, False])
def test_of_few_points_it_is_the_shortest(closed):
    for seed in range(5):
        points = np.random.default_rng(seed).uniform(size=(7, 2))
        paths = [points[[0, *order]] for order in itertools.permutations(range(1, 7))]
        if closed:
            shortest = min(length(np.append(path, path[:1], axis=0)) for path in paths)
        else:
            shortest = min(length(points[list(p)]) for p in itertools.permutations(range(7)))
        assert length(np.asarray(ga.tour(points, closed=closed))) <= 1.05 * shortest


@pytest.mark.parametrize("n", range(6))
def test_few_points_and_points_that_coincide(n):
    assert ga.tour(CHANCE[:n]).shape == (n + (n > 0), 2)
    assert ga.tour(np.ones((n, 2)), closed=False).shape == (n, 2)
    assert length(np.asarray(ga.tour(np.ones((n, 2))))) == 0
