"""Laws of hidden lines: what is left is what no filled shape in front covers."""

import jax
import numpy as np
import pytest

import gradart as ga

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


def test_the_length_that_is_seen_is_that_of_points_that_nothing_covers():
    """Of stars that cross themselves, against winding numbers of a fine sampling."""
    rng = np.random.default_rng(3)
    stars = rng.uniform(0, 1, (12, 1, 2)) + rng.normal(0, 0.15, (12, 5, 2))
    left = ga.occlude(ga.polygons(stars, stroke="k"))
    share = (np.arange(4000) + 0.5) / 4000
    total = 0.0
    for n, star in enumerate(stars):
        for a, b in zip(star, np.roll(star, -1, 0), strict=True):
            p = a + share[:, None] * (b - a)
            seen = np.ones(len(p), bool)
            for other in stars[n + 1 :]:
                to = other - p[:, None]
                angle = np.arctan2(to[..., 1], to[..., 0])
                turn = np.diff(angle, axis=1, append=angle[:, :1])
                seen &= np.round(((turn + np.pi) % (2 * np.pi) - np.pi).sum(1) / 2 / np.pi) == 0
            total += seen.mean() * np.hypot(*(b - a))
    assert length(left) == pytest.approx(total, rel=1e-3)


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
    with pytest.raises(ga.ArtError, match=r"ga\.occlude has as many points as it takes"):
        jax.jit(lambda u: ga.occlude(ga.polygons(u * SQUARE, stroke="k")))(1.0)
