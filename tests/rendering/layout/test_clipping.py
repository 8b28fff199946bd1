from itertools import pairwise

import numpy as np
import pytest

from gradart.geometry.paths.cubic_strokes import pieces
from gradart.rendering.layout.clipping import cut_curves, cut_lines

WINDOW = np.array([(-1.0, -2.0), (3.0, 1.0)])
NAN = (np.nan, np.nan)


def walk(n=60, seed=0, scale=3.0):
    points = np.random.default_rng(seed).normal(size=(2, n, 2)) * scale
    points[0, 20] = points[1, n // 2, 0] = np.nan
    return points


def bezier(points, t):
    """Return points of cubic pieces (..., 4, 2) at times t: (..., len(t), 2)."""
    weights = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], -1)
    return weights @ points


def traced(rows, t):
    """Return points on the segments of polylines (n, m, 2), (k, 2)."""
    a, b = rows[:, :-1, None], rows[:, 1:, None]
    points = (a + (b - a) * t[:, None]).reshape(-1, 2)
    return points[~np.isnan(points).any(1)]


def inside(points, by=0.0):
    return ((points > WINDOW[0] - by) & (points < WINDOW[1] + by)).all(1)


def distance(points, others):
    return np.array([np.min(np.hypot(*(others - p).T), initial=np.inf) for p in points])


def winding(point, outline):
    """Return how often closed runs (m, 2), NaN between them, turn around a point."""
    total = 0.0
    runs = np.split(outline, np.flatnonzero(np.isnan(outline).any(1)))
    for run in runs:
        run = run[~np.isnan(run).any(1)]
        if len(run):
            angle = np.arctan2(*(run - point).T)
            step = np.diff(np.append(angle, angle[0]))
            total += np.sum((step + np.pi) % (2 * np.pi) - np.pi) / (2 * np.pi)
    return round(total)


@pytest.mark.parametrize("closed", [False, True])
def test_of_a_stroke_what_lies_within_remains(closed):
    rows = walk()
    cut, came = cut_lines(rows, closed, WINDOW, fill=False)
    assert came.tolist() == [0, 1]
    finite = cut[~np.isnan(cut).any(-1)]
    assert ((finite >= WINDOW[0]) & (finite <= WINDOW[1])).all()
    if not closed:
        t = np.linspace(0, 1, 100)
        before, after = traced(rows, t), traced(cut, t)
        assert distance(before[inside(before)][::5], after).max() < 0.1
        assert distance(after[::5], before).max() < 0.1
    for row, was in zip(cut, rows, strict=True):
        length = np.nansum(np.hypot(*(row[1:] - row[:-1]).T))
        assert length == pytest.approx(within(was, closed), rel=1e-3)


def within(row, closed):
    """Return the length of a polyline that lies in the window, by the midpoints of many parts."""
    runs = np.split(row, np.flatnonzero(np.isnan(row).any(1)))
    total = 0.0
    for run in runs:
        run = run[~np.isnan(run).any(1)]
        ends = np.concatenate([run, run[:1]]) if closed else run
        for a, b in pairwise(ends):
            middles = a + (b - a) * ((np.arange(2000) + 0.5) / 2000)[:, None]
            total += inside(middles).mean() * np.hypot(*(b - a))
    return total


def test_a_fill_winds_around_every_point_as_before():
    rows = walk(30)
    cut, came = cut_lines(rows, True, WINDOW, fill=True)
    spots = np.random.default_rng(1).uniform(*WINDOW, (60, 2))
    for row, outline in zip(rows[came], cut, strict=True):
        finite = outline[~np.isnan(outline).any(1)]
        assert ((finite >= WINDOW[0]) & (finite <= WINDOW[1])).all()
        assert [winding(p, outline) for p in spots] == [winding(p, row) for p in spots]


@pytest.mark.parametrize("fill", [False, True])
def test_curves_stay_curves(fill):
    rows = walk(28)
    t = np.linspace(0, 1, 200)
    before = bezier(pieces(rows), t)
    cut, came = cut_curves(rows, False, WINDOW, fill=fill)
    after = bezier(pieces(cut), t)
    finite = after[~np.isnan(after).any(-1)]
    assert inside(finite, by=0.5 + 1e-9).all()
    if fill:
        spots = np.random.default_rng(1).uniform(*WINDOW, (40, 2))
        for row, outline in zip(map(by_runs, before[came]), map(by_runs, after), strict=True):
            assert [winding(p, outline) for p in spots] == [winding(p, row) for p in spots]
    else:
        flat = before.reshape(-1, 2)
        assert distance(flat[inside(flat)][::5], finite).max() < 0.02
        assert distance(finite[::5], flat[~np.isnan(flat).any(1)]).max() < 0.1


def by_runs(points):
    """Return sampled pieces (k, t, 2) as one outline, with NaN where a piece is not drawn."""
    return np.concatenate([[NAN] if np.isnan(piece).any() else piece for piece in points])


def test_what_lies_within_is_the_same_curve():
    row = np.array([[(0, 0), (1, 0), (1, -1), (2, 0), (2, 0.5), (0, 0.5), (-0.5, 0)]])
    cut, _ = cut_curves(row, False, WINDOW, fill=False)
    np.testing.assert_array_equal(cut, row)


def test_nothing_within_is_nothing():
    far = np.array([[(5, 5), (9, 5), (9, 9), (5, 9)]], float)
    for cut in (cut_lines, cut_curves):
        rows, came = cut(far, False, WINDOW, fill=False)
        assert rows.size == came.size == 0


@pytest.mark.parametrize("far", [1e3, 1e9, 1e17, 1e300])
def test_a_line_through_the_origin_still_goes_through_it_from_afar(far):
    rows = np.array(
        [[(-far, -far), (far, far)], [(-far, far), (far, -far)], [(0.5, -far), (0.5, far)]]
    )
    cut, _ = cut_lines(rows, False, WINDOW, fill=False)
    ends = np.array([[row[~np.isnan(row[:, 0])][i] for i in (0, -1)] for row in cut])
    expected = [[(-1, -1), (1, 1)], [(-1, 1), (2, -2)], [(0.5, -2), (0.5, 1)]]
    np.testing.assert_allclose(ends, expected, atol=1e-6)


def test_halving_ends_where_numbers_have_no_more_digits():
    window = WINDOW + 1e18
    curve = 1e18 + np.array([[(-4096, -4096), (-4096, 0), (0, 4096), (4096, 4096)]])
    rows, _ = cut_curves(curve, False, window, fill=False)
    assert rows.shape[1] < 100


def halved(piece):
    """The pieces within or near the window, in order: each half by itself, one after the other."""
    low, high = piece.min(0), piece.max(0)
    if (high < WINDOW[0]).any() or (low > WINDOW[1]).any():
        return []
    if ((low >= WINDOW[0] - 0.5) & (high <= WINDOW[1] + 0.5)).all():
        return [piece]
    (left,), (right,) = (bezier_half(piece[::way]) for way in (1, -1))
    return [*halved(left), *halved(right[::-1])]


def bezier_half(piece):
    rows = [piece]
    while len(rows[-1]) > 1:
        rows.append((rows[-1][1:] + rows[-1][:-1]) / 2)
    return [np.array([row[0] for row in rows])]


@pytest.mark.parametrize("far", [3.0, 1e3, 1e9, 1e200])
def test_curves_are_cut_in_the_order_in_which_they_are_drawn(far):
    """By recursion, of one piece after the other: the slow way, a thousand halvings from 1e300."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(6, 10, 2)) * far
    rows[:, ::3] = rng.normal(size=(6, 4, 2))  # what leaves for afar comes back
    cut, _ = cut_curves(rows, False, WINDOW, fill=False)
    found = [part for row in cut for part in pieces(row[None])[0] if not np.isnan(part).any()]
    expected = [part for row in rows for piece in pieces(row[None])[0] for part in halved(piece)]
    assert len(expected) > 6
    np.testing.assert_array_equal(np.reshape(found, (-1, 4, 2)), expected)
