"""Voronoi cells, Delaunay triangles, spanning trees: the laws that define them."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial import KDTree

import gradart as ga
from gradart.errors import ArtError, Untraceable

BOX = ((-1.0, 2.0), (3.0, 5.0))
CHANCE = np.random.default_rng(0).uniform(*BOX, (300, 2))
LATTICE = np.asarray(ga.grid(6, 9, BOX)).reshape(-1, 2).astype(float)
CLUSTER = np.concatenate([CHANCE[:40], [1.0, 3.0] + 1e-4 * CHANCE[:40]])
LINE = np.stack([np.linspace(-1, 3, 7), np.linspace(2, 5, 7)], -1)


def area(polygon):
    x, y = (polygon - polygon[:1]).T
    return (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def inked(row):
    return row[np.isfinite(row).all(-1)]


@pytest.mark.parametrize("points", [CHANCE, LATTICE, CLUSTER, LINE, LINE[:1], LINE[:2]])
def test_cells_fill_the_box_and_each_holds_what_is_nearest_to_its_point(points):
    cells = [inked(row) for row in ga.voronoi(points, BOX)]
    assert len(cells) == len(points)
    areas = [area(cell) for cell in cells]
    assert min(areas) > 0  # counterclockwise
    assert sum(areas) == pytest.approx(12, rel=1e-12)
    tree = KDTree(points)
    for k, cell in enumerate(cells):
        assert (cell >= BOX[0]).all()
        assert (cell <= BOX[1]).all()
        nearest = tree.query(cell)[0]
        np.testing.assert_allclose(np.linalg.norm(cell - points[k], axis=1), nearest, atol=1e-9)


def test_neighbors_share_their_side():
    cells = [inked(row) for row in ga.voronoi(CHANCE, BOX)]
    ends = {}
    for k, cell in enumerate(cells):
        for a, b in zip(cell, np.roll(cell, -1, axis=0), strict=True):
            on_edge = ((a == b) & ((a == BOX[0]) | (a == BOX[1]))).any()
            if not on_edge and np.linalg.norm(a - b) > 1e-6:
                side = tuple(sorted([tuple(np.round(a, 6)), tuple(np.round(b, 6))]))
                ends.setdefault(side, []).append(k)
    assert len(ends) > 2 * len(cells)
    assert {len(both) for both in ends.values()} == {2}


def test_a_point_outside_has_the_part_of_the_box_that_is_nearest_to_it_or_none():
    cells = ga.voronoi([(0, 3), (2, 4), (0, -3), (1.5, 5.5)], BOX)
    assert np.isnan(cells[2]).all()
    assert sum(area(inked(cells[k])) for k in (0, 1, 3)) == pytest.approx(12)
    assert ga.voronoi(np.empty((0, 2)), BOX).shape == (0, 0, 2)


@pytest.mark.parametrize("points", [CHANCE, LATTICE, CLUSTER])
def test_no_point_lies_within_the_circle_around_a_triangle(points):
    triangles = np.asarray(ga.delaunay(points))
    for triangle in triangles:
        (a, b, c) = triangle
        middle = a + np.linalg.solve(
            2 * np.stack([b - a, c - a]), [(b - a) @ (b - a), (c - a) @ (c - a)]
        )
        radius = np.linalg.norm(middle - a)
        assert np.linalg.norm(points - middle, axis=1).min() > radius * (1 - 1e-7)
        assert area(triangle) > 0
    if points is not CLUSTER:
        hull = area(LATTICE[[0, 8, -1, -9]]) if points is LATTICE else None
        assert hull is None or sum(map(area, triangles)) == pytest.approx(hull)


def test_sides_of_triangles_are_there_once():
    edges = np.asarray(ga.delaunay(CHANCE, edges=True))
    triangles = np.asarray(ga.delaunay(CHANCE))
    assert len({frozenset(map(tuple, edge)) for edge in edges}) == len(edges)
    assert len(CHANCE) - len(edges) + len(triangles) == 1  # Euler's formula
    for few in ([], LINE[:1], LINE[:2], LINE):
        assert ga.delaunay(few).shape == (0, 3, 2)
        assert ga.delaunay(few, edges=True).shape == (0, 2, 2)


def test_the_tree_is_the_shortest_of_all():
    points = CHANCE[:6]
    pairs = list(itertools.combinations(range(6), 2))
    length = {pair: np.linalg.norm(points[pair[0]] - points[pair[1]]) for pair in pairs}

    def joins(tree):
        group = list(range(6))
        for a, b in tree:
            group = [group[a] if g == group[b] else g for g in group]
        return len(set(group)) == 1

    trees = (tree for tree in itertools.combinations(pairs, 5) if joins(tree))
    shortest = min(sum(map(length.get, tree)) for tree in trees)
    found = np.asarray(ga.spanning_tree(points))
    assert np.linalg.norm(np.diff(found, axis=1), axis=-1).sum() == pytest.approx(shortest)


@pytest.mark.parametrize("points", [CHANCE, LATTICE, CLUSTER, LINE])
def test_the_tree_is_as_long_as_that_of_all_pairs(points):
    from scipy.sparse.csgraph import minimum_spanning_tree

    pairs = np.linalg.norm(points[:, None] - points, axis=-1)
    tree = np.asarray(ga.spanning_tree(points))
    assert tree.shape == (len(points) - 1, 2, 2)
    length = np.linalg.norm(np.diff(tree, axis=1), axis=-1).sum()
    assert length == pytest.approx(minimum_spanning_tree(pairs).sum(), rel=1e-9)


def test_where_the_points_lie_does_not_matter():
    away = np.array([3e6, -5e6])
    far = CHANCE + away
    np.testing.assert_allclose(np.asarray(ga.delaunay(far)) - away, ga.delaunay(CHANCE), atol=1e-8)
    box = BOX + away
    np.testing.assert_allclose(ga.voronoi(far, box) - away, ga.voronoi(CHANCE, BOX), atol=1e-6)


def test_points_that_coincide_count_once_in_triangles_and_trees():
    twice = np.concatenate([CHANCE[:20], CHANCE[:20]])
    assert ga.spanning_tree(twice).shape == (19, 2, 2)
    assert len(ga.delaunay(twice)) == len(ga.delaunay(CHANCE[:20]))
    assert ga.spanning_tree([(1, 1), (1, 1)]).shape == (0, 2, 2)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["delaunay", "spanning_tree", "tour"])
def test_lines_move_with_their_points(name):
    def drawn(scale):
        return getattr(ga, name)(scale * jnp.asarray(CHANCE[:50]))

    with jax.enable_x64(True):
        here, speed = jax.jvp(drawn, (2.0,), (1.0,))
    np.testing.assert_allclose(here, getattr(ga, name)(2 * CHANCE[:50]))
    np.testing.assert_allclose(2 * np.asarray(speed), here)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ga.voronoi([(0, 3), (1, 3), (0, 3)], BOX), r"\[0.0, 3.0\] is there twice"),
        (lambda: ga.voronoi([(0, 3), (np.nan, 3)], BOX), "point 1 of ga.voronoi"),
        (lambda: ga.voronoi(CHANCE, ((0, 0), (0, 1))), "x0 < x1"),
        (lambda: ga.voronoi(CHANCE[None], BOX), r"shape \(n, 2\), not \(1, 300, 2\)"),
        (lambda: ga.delaunay([(0, np.inf)]), "point 0 of ga.delaunay"),
        (lambda: ga.spanning_tree([1.0, 2.0]), r"shape \(n, 2\)"),
        (lambda: ga.tour([(0, np.nan)]), "point 0 of ga.tour"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()


def test_what_has_no_derivative_says_so():
    with pytest.raises(Untraceable, match="knows no derivative"):
        jax.grad(lambda a: jnp.sum(ga.voronoi(a * CHANCE, BOX)))(1.0)
    with pytest.raises(Untraceable, match="before the frame"):
        jax.jit(lambda a: ga.tour(a * CHANCE))(1.0)
    for chance in (
        lambda key: ga.subdivide(key, BOX, 5),
        lambda key: ga.pack(key, BOX, (0.1, 0.2), 5)[0],
        lambda key: ga.stipple(key, lambda p: 1.0 + 0 * p[0], 5, box=BOX),
    ):
        with pytest.raises(Untraceable, match="before the frame"):
            jax.jit(chance)(jax.random.key(0))


def test_a_field_or_a_shape_that_is_differentiated_is_refused():
    def dots(a):
        return jnp.sum(ga.stipple(jax.random.key(0), lambda p: a + 0 * p[0], 5, box=BOX))

    def disks(a):
        return jnp.sum(ga.pack(jax.random.key(0), ga.fields.disk(a), (0.1, 0.2), 5)[0])

    for what in (dots, disks):
        with pytest.raises(Untraceable, match="knows no derivative"):
            jax.grad(what)(0.5)
