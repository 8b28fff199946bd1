"""Laws of polygons with holes: areas, distances, the winding rule."""

import io

import jax
import numpy as np
import pytest
from PIL import Image

import gradart as ga

SQUARE = np.array([(0.0, 0), (2, 0), (2, 2), (0, 2)])
TWO = np.array([2.0, 0])
HOLE = np.array([(0.5, 0.5), (0.5, 1.5), (1.5, 1.5), (1.5, 0.5)])
LIFT = np.full((1, 2), np.nan)
FRAME = np.concatenate([SQUARE, LIFT, HOLE])


def area(polygons):
    """By the shoelace formula: holes, which run clockwise, count negative."""
    total = 0.0
    for row in np.reshape(polygons, (-1, *np.shape(polygons)[-2:])):
        for run in np.split(row, np.flatnonzero(np.isnan(row[:, 0]))):
            x, y = run[~np.isnan(run[:, 0])].T
            total += (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    return total


@pytest.mark.parametrize("seed", range(5))
def test_areas_add_up(seed):
    """Of stars that cross themselves, several in a row and several rows, holes and all."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0, 1, (2, 4, 9, 2))
    a[:, 4] = np.nan
    whole = area(ga.union(a, b)), area(ga.intersection(a, b))
    assert sum(whole) == pytest.approx(area(ga.union(a)) + area(ga.union(b)), rel=1e-12)
    assert area(ga.difference(a, b)) == pytest.approx(area(ga.union(a)) - whole[1], rel=1e-12)
    assert 0.1 < whole[1] < whole[0] < 1


def test_a_hole_stays_a_hole_and_what_is_in_it_is_a_piece_of_its_own():
    assert area(ga.union(FRAME)) == 3
    island = 0.5 * (SQUARE - 1) + 1
    found = ga.union(FRAME, 0.5 * (island - 1) + 1)
    assert found.shape == (2, 9, 2)
    assert area(found) == 3.25
    assert ga.difference(SQUARE, SQUARE[:3]).shape == (1, 3, 2)


def test_the_inside_is_what_is_painted_by_the_nonzero_rule():
    """A star of five points drawn in one go winds twice around its middle; even-odd would not."""
    turns = 4 * np.pi / 5 * np.arange(5)
    star = np.stack([np.cos(turns), np.sin(turns)], -1)
    [outline] = ga.union(star)
    assert outline.shape == (10, 2)
    same_way, other_way = (np.concatenate([SQUARE, LIFT, h]) for h in (HOLE[::-1], HOLE))
    assert (area(ga.union(same_way)), area(ga.union(other_way))) == (4, 3)
    pixels = [
        ga.render(ga.scene(ga.polygons(p)), format="png", px=60, page="square", margin=0)
        for p in (star, ga.union(star))
    ]
    drawn, united = (np.asarray(Image.open(io.BytesIO(p)).convert("L"), int) for p in pixels)
    assert np.abs(drawn - united).mean() < 0.2  # but for pixels at its corners
    assert np.ptp(drawn) > 100


def test_empty_results_have_no_row():
    far = SQUARE + 9
    for found in (
        ga.intersection(SQUARE, far),
        ga.difference(SQUARE, SQUARE),
        ga.union(np.empty((0, 4, 2))),
        ga.union(np.full((3, 4, 2), np.nan)),
        ga.union(SQUARE[:2]),
        ga.intersection(SQUARE, SQUARE + TWO),  # which share an edge
    ):
        assert found.shape == (0, 0, 2)
    assert area(ga.union(SQUARE, SQUARE + TWO)) == 8


def test_every_point_of_a_grown_outline_is_at_the_distance():
    path = np.array([(0, 0), (3, 0), (3, 2), (1, 3)])
    a, b = path[:-1], path[1:]
    for row in (path, np.stack([path, path + 9])):
        outline = ga.buffer(row, 0.25, closed=False).reshape(row.size // 8, -1, 2)[0]
        p = outline[:, None]
        share = (((p - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum(-1)).clip(0, 1)
        away = np.linalg.norm(p - a - share[..., None] * (b - a), axis=-1).min(1)
        np.testing.assert_allclose(away, 0.25, rtol=1e-9)


def test_each_row_is_grown_by_its_own_distance_and_keeps_its_place():
    rows = np.stack([SQUARE, SQUARE + 1, SQUARE + 2])
    found = ga.buffer(rows, [-0.5, -1.5, 1.0])
    areas = [area(row) for row in found]
    assert areas[:2] == [1, 0]
    assert areas[2] == pytest.approx(4 + 8 + np.pi, rel=1e-3)
    assert np.isnan(found[1]).all()
    disk = ga.buffer([[(1.0, 1.0)]], 1, closed=False)
    assert area(disk) == pytest.approx(np.pi, rel=1e-3)


def test_a_row_that_falls_apart_holds_its_pieces():
    dumbbell = ga.union([SQUARE, SQUARE + 2 * TWO], [(1, 0.9), (5, 0.9), (5, 1.1), (1, 1.1)])
    [found] = ga.buffer(dumbbell, -0.2)
    assert np.isnan(found).any(-1).sum() == 1
    assert 2 * 1.6**2 < area(found) < 2 * 1.6**2 + 0.02  # round at the mouths


def test_all_that_vanishes_keeps_its_rows():
    one, two = ga.buffer(SQUARE, -5.0), ga.buffer([SQUARE, SQUARE + 9], -5.0)
    assert one.shape == (0, 2)
    assert two.shape == (2, 0, 2)
    assert ga.buffer(SQUARE[:2], 0.1).shape == (0, 2)  # of no area
    assert ga.buffer(np.full((4, 2), np.nan), 0.1, closed=False).shape == (0, 2)
    assert not ga.lines(two, closed=True).shape.points.size


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ga.union(np.ones((4, 3))), r"union takes polygons of shape \(..., m, 2\)"),
        (lambda: ga.union(3.0), r"shape \(..., m, 2\)"),
        (lambda: ga.difference(SQUARE, np.array([(0, 0), (1, np.inf), (2, 2)])), "infinite at ind"),
        (lambda: ga.union(jax.random.key(1)), "must be numbers, not a random key"),
        (lambda: ga.buffer(SQUARE, np.nan), "distance is nan: give a length"),
        (lambda: ga.buffer(SQUARE, [1, 2]), "one for each row"),
        (lambda: ga.buffer(SQUARE, None), "distance is None"),
        (lambda: jax.jit(ga.union)(SQUARE), "ga.union has as many points as it takes"),
    ],
)
def test_what_is_no_polygon_is_refused(call, says):
    with pytest.raises(ga.ArtError, match=says):
        call()
