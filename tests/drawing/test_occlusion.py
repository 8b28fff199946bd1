"""Laws of hidden lines: what is left is what no filled shape in front covers."""

import jax
import numpy as np
import pytest
import shapely

import gradart as ga
from gradart.geometry.paths.polygons import wound

SQUARE = np.array([(0.0, 0), (2, 0), (2, 2), (0, 2)])


def runs(mark):
    for row in np.asarray(mark.shape.points):
        for run in np.split(row, np.flatnonzero(np.isnan(row[:, 0]))):
            if (run := run[~np.isnan(run[:, 0])]).size:
                yield run


def length(marks):
    return sum(np.linalg.norm(np.diff(run, axis=0), axis=1).sum() for m in marks for run in runs(m))


def test_a_line_is_cut_at_a_circle_itself():
    """At the roots of the cubic that the circle is made of, found by NumPy's polynomials."""
    disk = ga.circles((0.1, 0.2), 1, fill="w", stroke=None)
    [left] = ga.occlude(ga.lines([(-3, 0.5), (3, 0.5)]), disk)
    ends = np.sort(np.concatenate([run[:, 0] for run in runs(left)]))
    a, b, c, d = (np.asarray(disk.shape.points)[0, k : 12 + k : 3] for k in range(4))
    power = np.stack([d - 3 * c + 3 * b - a, 3 * c - 6 * b + 3 * a, 3 * b - 3 * a, a - (0, 0.5)])
    found = []
    for k in range(4):
        roots = np.roots(power[:, k, 1])
        t = roots[(abs(roots.imag) < 1e-12) & (roots.real >= 0) & (roots.real <= 1)].real
        found += list(np.polyval(power[:, k, 0], t))
    np.testing.assert_allclose(ends, [-3, *sorted(found), 3], atol=1e-11)


@pytest.mark.parametrize("depth", [1e-3, 1e-5, 1e-7, -1e-7])
def test_a_line_that_grazes_a_circle_is_cut_where_it_meets_it(depth):
    """From without, from within a hole, and in a mask: by the roots of its cubics."""
    angle = 0.7
    toward, along = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    circle = np.asarray(ga.circles((0, 0), 1).shape.points)[0]
    a, b, c, d = (circle[k : 12 + k : 3] @ np.stack([toward, along], -1) for k in range(4))
    powers = np.stack([d - 3 * c + 3 * b - a, 3 * c - 6 * b + 3 * a, 3 * b - 3 * a, a])
    k = int(angle // (np.pi / 2))  # of the four quarters, the one that reaches there
    high, across = powers[:, k].T
    places = np.roots(np.polyder(high))
    top = max(np.polyval(high, t.real) for t in places if 0 < t.real < 1)
    found = np.roots(high - [0, 0, 0, top - depth])
    inner = found[(abs(found.imag) < 1e-9) & (found.real > 0) & (found.real < 1)].real
    gap = np.ptp(np.polyval(across, inner)) if depth > 0 else 0.0
    line = ga.lines([(top - depth) * toward + s * along for s in (-0.5, 0.5)])
    lift = np.full((2, 2), np.nan)
    rows = [np.concatenate([3 * circle, lift, circle[::-1]])]
    ring = ga.beziers(rows, closed=True, fill="w", stroke=None)
    disk = ga.circles((0, 0), 1, fill="w", stroke=None)
    assert abs(length(ga.occlude(line, disk)) - (1 - gap)) < 1e-9
    assert abs(length(ga.occlude(line, ring)) - gap) < 1e-9
    masked = [
        mark for group in ga.occlude(ga.group([line], mask=disk)) for mark in group.shape.marks
    ]
    assert abs(length(masked) - gap) < 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_a_line_that_only_touches_a_shape_is_not_cut(seed):
    """Whatever the affine map; it would be two strokes, and of a mask a speck would be left."""
    rng = np.random.default_rng(seed)
    turn, shift = rng.normal(size=(2, 2)), rng.normal(size=2)
    sides = [[(-2, 1.5), (side, side)] for side in (-1, 1)]
    disk = ga.circles((0, 0), 1, fill="w", stroke=None).shape.points @ turn.T + shift
    diamond = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)]) @ turn.T + shift
    for ends in sides + [side[::-1] for side in sides]:
        line = np.stack(ends, -1) @ turn.T + shift
        for shape in ga.beziers(disk, closed=True, fill="w"), ga.polygons(diamond, fill="w"):
            left = ga.occlude(ga.lines(line), shape)[0]
            np.testing.assert_allclose(left.shape.points[0], line, atol=1e-12)
            masked = ga.occlude(ga.group([ga.lines(line)], mask=shape))
            assert not length(mark for group in masked for mark in group.shape.marks)


def test_of_two_curves_that_are_the_same_the_front_one_is_drawn():
    ring = ga.circles([(0, 0), (0, 0)], 1, fill="w", stroke="k")
    [left] = ga.occlude(ring)
    assert np.isnan(np.asarray(left.shape.points)[0]).all()
    np.testing.assert_array_equal(*(np.asarray(m.shape.points)[1] for m in (left, ring)))


def test_cut_curves_are_parts_of_the_curves():
    """A circle behind a square stays cubic, and each of its points on a circle to 0.03 %."""
    ring = ga.circles((0, 0), 1, stroke="red", width=0.7)
    [left] = ga.occlude(ring, ga.polygons(SQUARE))
    assert type(left.shape) is type(ring.shape)
    [run] = runs(left)
    np.testing.assert_allclose(run[[0, -1]][np.argsort(run[[0, -1], 0])], [(0, 1), (1, 0)])
    t = np.linspace(0, 1, 50)[:, None]
    for k in range(0, len(run) - 1, 3):
        a, b, c, d = run[k : k + 4]
        p = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t**3 * d
        np.testing.assert_allclose(np.hypot(*p.T), 1, rtol=3e-4)
        assert (p.min(1) <= 1e-9).all()
    assert left.style.width == 0.7
    assert left.style.fill is None
    np.testing.assert_array_equal(left.style.stroke, ring.style.stroke)


def rows_of(mark):
    """What a row of polygons draws, and what it hides, by GEOS: its rings, and their windings."""
    for row in np.asarray(mark.shape.points):
        parts = np.split(row, np.flatnonzero(np.isnan(row[:, 0])))
        loops = [part[~np.isnan(part[:, 0])] for part in parts]
        yield shapely.multilinestrings([np.vstack([x, x[:1]]) for x in loops]), wound(loops)


def seen(rows, window=None):
    """The length of rows that nothing in front covers: the whole union is taken away from each."""
    found = 0.0
    for n, (lines, _) in enumerate(rows):
        left = shapely.difference(lines, shapely.union_all([shape for _, shape in rows[n + 1 :]]))
        found += shapely.length(left if window is None else shapely.intersection(left, window))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_is_what_the_union_of_all_in_front_leaves(seed):
    """Of stars that cross themselves, of frames and of tiles that share edges, in groups or not."""
    rng = np.random.default_rng(seed)
    stars = rng.uniform(0, 1, (9, 1, 2)) + rng.normal(0, 0.15, (9, 5, 2))
    hole = [[(np.nan, np.nan)], 1 + (SQUARE[::-1] - 1) * 0.6]
    frames = rng.uniform(0, 1, (6, 1, 2)) + 0.1 * np.concatenate([SQUARE, *hole])
    tiles = rng.integers(0, 9, (40, 1, 2)) / 8 + SQUARE / 16
    marks = [ga.polygons(rows, stroke="k") for rows in (stars, frames, tiles, stars[::-1] + 0.1)]
    expected = seen([row for mark in marks for row in rows_of(mark)])
    assert length(ga.occlude(marks)) == pytest.approx(expected, rel=1e-9)
    grouped = ga.group(marks[0], ga.group(marks[1:3], alpha=0.5))
    back, front = ga.occlude(ga.layer(3, grouped), marks[3])
    assert back.style.layer.number == 3
    inner = back.shape.marks[-1].shape
    assert inner.alpha == 0.5
    assert length([*back.shape.marks[:-1], *inner.marks, front]) == pytest.approx(
        expected, rel=1e-9
    )


def test_a_mask_cuts_the_marks_of_its_group_and_what_they_hide():
    rng = np.random.default_rng(5)
    stars = rng.uniform(0, 2, (3, 9, 1, 2)) + rng.normal(0, 0.2, (3, 9, 5, 2))
    back, middle, front = (ga.polygons(rows, stroke="k") for rows in stars)
    window = ga.polygons([SQUARE / 2 + 0.1, SQUARE / 2 + 0.7])
    left = ga.occlude(back, ga.group(middle, ga.dots([(0.5, 0.5), (0, 0)]), mask=window), front)
    region = shapely.union_all([shape for _, shape in rows_of(window)])
    rows = [list(rows_of(mark)) for mark in (back, middle, front)]
    rows[1] = [
        (shapely.intersection(lines, region), shapely.intersection(shape, region))
        for lines, shape in rows[1]
    ]
    group = left[1].shape
    assert group.mask is None
    total = length([left[0], group.marks[0], left[2]])
    assert total == pytest.approx(seen([row for some in rows for row in some]), rel=1e-9)
    assert np.isnan(group.marks[1].shape.centers[1]).all()
    line = ga.lines([(-1, 1), (3, 1)])
    assert length(ga.occlude(line, ga.group(ga.polygons(SQUARE), alpha=0))[:1]) == 4
    assert ga.occlude(ga.group(line, mask=SQUARE + 9), ga.group(ga.polygons(SQUARE))) == []


def test_curves_are_cut_as_ever_finer_polygons_are():
    """Disks, and closed cubics that bulge in and out, over lines: as 1000 chords of a piece."""
    rng = np.random.default_rng(4)
    turn = np.linspace(0, 2 * np.pi, 13)
    far = rng.uniform(0.3, 1.6, (12, 13, 1)) * rng.choice([0.1, 0.3], (12, 1, 1))
    far[:, -1] = far[:, 0]
    blobs = rng.uniform(0, 1, (12, 1, 2)) + far * np.stack([np.cos(turn), np.sin(turn)], -1)
    disks = ga.circles(rng.uniform(0, 1, (60, 2)), rng.uniform(0.02, 0.1, 60), fill="w")
    bands = ga.lines(rng.uniform(0, 1, (30, 12, 2)))
    [left, *_] = ga.occlude(bands, ga.beziers(blobs, closed=True, fill="w"), disks)
    t = np.linspace(0, 1, 1001)[:-1, None, None, None]
    curves = np.concatenate([blobs, disks.shape.points])
    a, b, c, d = np.stack([curves[:, k : 10 + k : 3] for k in range(4)])
    p = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t**3 * d
    loops = p.transpose(1, 2, 0, 3).reshape(len(curves), -1, 2)
    front = shapely.union_all(
        [wound([loop]) for loop in loops[:12]] + list(shapely.polygons(loops[12:]))
    )
    lines = shapely.linestrings(np.asarray(bands.shape.points))
    expected = shapely.length(shapely.difference(lines, front))
    found = [length([ga.lines(row)]) for row in left.shape.points]
    np.testing.assert_allclose(found, expected, atol=3e-6)


def test_rows_and_marks_hide_what_is_before_them_and_keep_their_places():
    squares = ga.polygons([SQUARE, SQUARE + 1, SQUARE + 9], stroke=["red", "lime", "blue"])
    before, left, *_ = ga.occlude(ga.lines([(-1, 0.5), (5, 0.5)]), squares)
    np.testing.assert_array_equal(left.style.stroke, squares.style.stroke)
    assert [length([ga.lines(row)]) for row in left.shape.points] == [6, 8, 8]
    assert length([before]) == 4
    assert [len(run) for run in runs(left)] == [5, 5, 5]  # the first in one stroke, from its corner


def test_what_is_filled_alone_hides_and_is_gone_and_what_is_not_hides_nothing():
    line = ga.lines([(-1, 1), (3, 1)])
    assert length(ga.occlude(line, ga.polygons(SQUARE))) == 2
    for open_ in (
        ga.lines(SQUARE, closed=True),
        ga.polygons(SQUARE, fill=None, stroke="k"),
        ga.polygons(SQUARE, alpha=0),
    ):
        assert length(ga.occlude(line, open_)[:1]) == 4
    assert ga.occlude(ga.lines([(0.5, 0.5), (1, 1)]), ga.polygons(SQUARE)) == []
    assert ga.occlude() == []
    frame = np.concatenate([SQUARE, [(np.nan, np.nan)], 1 + (SQUARE[::-1] - 1) / 2])
    assert length(ga.occlude(line, ga.polygons(frame))) == 3  # through the hole


def test_an_edge_that_two_shapes_share_is_drawn_once():
    grid = [SQUARE + (2 * i, 2 * j) for i in range(5) for j in range(4)]  # noqa: RUF005
    turn = np.array([(0.8, 0.6), (-0.6, 0.8)])
    left = ga.occlude(ga.polygons(np.array(grid) @ turn, stroke="k", fill="w"))
    assert length(left) == pytest.approx(2 * (5 * 5 + 6 * 4))


def test_lifted_pens_stay_lifted_and_dots_behind_are_left_out():
    path = ga.lines([(-2, 1), (-1, 1), (np.nan, 0), (-0.5, 1), (3, 1)])
    dots = ga.dots([(1, 1), (5, 5)])
    [left, some] = ga.occlude(path, dots, ga.polygons(SQUARE))
    parts = [run[:, 0] for run in runs(left)]
    np.testing.assert_allclose(parts, [(-2, -1), (-0.5, 0), (2, 3)], atol=1e-15)
    assert np.isnan(some.shape.centers).all(-1).tolist() == [True, False]
    text = ga.text("in mm", (1, 1))
    assert ga.occlude(text, ga.polygons(SQUARE)) == [text]


def test_a_touch_cuts_nothing_and_curves_meet_curves():
    left = ga.occlude(ga.circles((0, 0), 1), ga.circles((2, 0), 1, fill="w"))
    assert [len(run) for m in left for run in runs(m)] == [13, 13]
    [back, _] = ga.occlude(ga.circles((0, 0), 1), ga.circles((1, 0), 1, fill="w"))
    ends = next(runs(back))[[0, -1]]
    np.testing.assert_allclose(np.abs(ends), [(0.5, 0.75**0.5)] * 2, atol=3e-4)
    np.testing.assert_allclose(ends[0], ends[1] * (1, -1), atol=1e-12)


def test_what_cannot_be_cut_is_told():
    with pytest.raises(ga.ArtError, match="infinite point: write NaN"):
        ga.occlude(ga.lines([(0, 0), (np.inf, 1)]))
    with pytest.raises(ga.ArtError, match="a scene is made of marks"):
        ga.occlude(SQUARE)
    square = ga.polygons(SQUARE)
    with pytest.raises(ga.ArtError, match="group with blend='multiply' hides"):
        ga.occlude(ga.group(square, blend="multiply"))
    for mask in (ga.lines(SQUARE), ga.dots((0, 0)), ga.polygons(SQUARE, alpha=[0.5])):
        with pytest.raises(ga.ArtError, match="a mask of polygons or of curves with a fill"):
            ga.occlude(ga.group(square, mask=mask))
    with pytest.raises(ga.ArtError, match="by a group's mask, not text"):
        ga.occlude(ga.group(ga.text("in mm", (1, 1)), mask=SQUARE))
    with pytest.raises(ga.ArtError, match=r"ga\.occlude has as many points as it takes"):
        jax.jit(lambda u: ga.occlude(ga.polygons(u * SQUARE, stroke="k")))(1.0)
