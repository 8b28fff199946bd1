"""What is found on the host moves as its numbers do: derivatives against central differences.

Forward, backward, and with the same values as without a derivative. Under jit it stays refused.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from same_lines import grown_alike
from sampling import some

import gradart as ga
from gradart.errors import ArtError

BOX = ((-2.0, -2.0), (2.0, 2.0))
T = np.linspace(0, 6, 80)
KEY = jax.random.key(1)
TABLE = np.random.default_rng(0).normal(size=(9, 12))
PLACES = np.random.default_rng(1).uniform(-0.6, 0.6, (20, 2))


def path(a):
    return jnp.stack([T * jnp.cos(a * T) / 3, T * jnp.sin(a * T) / 3], -1)


def land(a):
    return lambda p: jnp.sin(a * p[0]) * jnp.cos(p[1]) + 0.2 * p[0] * a


def ring(a):
    return lambda p: (p @ p - a) * (p[0] - 3 * a)


def cubic(a):
    return lambda t: jnp.stack([t, jnp.sin(t) + a * t**3])


def knot(a):
    return lambda t: jnp.stack([jnp.sin(2 * t + a), jnp.sin(3 * t)])


def cusp(a):
    return lambda t: jnp.stack([(t - a) ** 2, (t - a) ** 3])


def bean(a):
    return lambda t: jnp.stack([2 * jnp.cos(t) + a * jnp.sin(2 * t), jnp.sin(t)])


def whirl(a):
    return lambda p: jnp.stack([1 + 0.1 * jnp.sin(a * p[1]), a * p[0]])


A = np.linspace(0, math.tau, 24, endpoint=False)
DISK = np.stack([np.cos(A), np.sin(A)], -1)
CENTERS = np.random.default_rng(0).uniform(-2, 2, (7, 2))


def stars(a):
    """Two polygons, the second beside the first."""
    star = (1 + 0.4 * a * jnp.cos(5 * A))[:, None] * jnp.stack([jnp.cos(A + a), jnp.sin(A)], -1)
    return jnp.stack([star, 3 * a + star])


def toned(a):
    return lambda p: 0.12 * a + 0.1 * p[0] ** 2


def eight(a):
    """An outline that crosses itself, beside a triangle."""
    turn = jnp.asarray(T[:-3])
    one = jnp.stack([a * jnp.sin(2 * turn), jnp.sin(turn + 0.1 * a)], -1)[::2]
    corners = a * np.array([(0, 0), (2, 0.1), (0.3, 1.3)])
    return jnp.stack([one, jnp.full_like(one, jnp.nan).at[:3].set(corners)])


def occluded(a):
    """The points of lines behind disks of chords, behind circles."""
    y = np.linspace(-3, 3, 9)
    ends = [jnp.stack([x + 0 * y, k * y], -1) for x, k in ((-4, 1), (4, a))]
    polygons = ga.polygons(CENTERS[:4, None] * a + 0.9 * DISK, stroke="k", fill="w")
    circles = ga.circles(CENTERS * jnp.stack([a, 1 / a]), 0.6 * a, fill="w")
    marks = ga.occlude(ga.lines(jnp.stack(ends, 1)), polygons, circles, ga.dots(CENTERS * a))
    points = [getattr(m.shape, "points", None) for m in marks[:3]] + [marks[3].shape.centers]
    return jnp.concatenate([jnp.reshape(x, (-1, 2)) for x in points])


def regions(a):
    """The corners of polygons united, cut out of others, and common to both."""
    disks = CENTERS[:4, None] * a + 0.9 * DISK
    found = [ga.union(stars(a), disks), ga.difference(stars(a), disks)]
    found += [ga.union(disks), ga.intersection(disks, stars(a))]
    return jnp.concatenate([jnp.reshape(x, (-1, 2)) for x in found])


def offsets(a):
    """Polygons grown and shrunk, strokes of a path and of single points, as wide as they are."""
    found = [ga.buffer(stars(a), 0.1 * a), ga.buffer(stars(a), jnp.stack([-0.1 * a, 0.1]))]
    found += [ga.buffer(path(a)[:40], 0.03 * a, closed=False)]
    found += [ga.buffer(CENTERS[:3, None] * a, 0.2 * a, closed=False)]
    return jnp.concatenate([jnp.reshape(x, (-1, 2)) for x in found])


QUICK = {
    "offsets": (offsets, 1.1),
    "regions": (regions, 1.1),
    "hatching": (lambda a: ga.hatch(stars(a), 0.3 * a, jnp.stack([30 * a, 50 * a])), 1.1),
    "hatching by tone": (lambda a: ga.hatch(stars(a)[0], toned(a), 20 * a), 1.1),
    "occlusion": (occluded, 1.1),
    # Segments that are long, and cross the field's line there and back.
    "clip to a field": (
        lambda a: ga.clip(a * 4 * TABLE[:4, :6].reshape(4, 3, 2), where=ring(a)),
        1.1,
    ),
    "crossings": (lambda a: ga.crossings(ga.circle(), ga.ellipse(2.0, a), 0, math.tau), 0.5),
}
SLOW = {
    "hatching along outlines": (
        lambda a: ga.hatch(eight(a), jnp.stack([0.0913 * a, 0.1]), along="outline"),
        1.1,
    ),
    "hatching along spirals": (
        lambda a: ga.hatch(eight(a), jnp.stack([0.1 * a, 0.13]), along="spiral"),
        1.1,
    ),
    "hatching to and fro": (lambda a: ga.hatch(stars(a), 0.3 * a, 30 * a, along="scribble"), 1.1),
    "clip to polygons": (lambda a: ga.clip(path(a), CENTERS[:4, None] * a + 0.9 * DISK), 1.3),
    "outlines": (lambda a: ga.outlines("ga", a, jnp.stack([a, 2 * a])), 1.3),
    "lines of a pen": (lambda a: ga.pen_lines("ga", a, jnp.stack([a, 2 * a])), 1.3),
    "clip": (lambda a: ga.clip(path(a), ((-1, -1.1), (1, 1.2))), 1.3),
    "dash": (lambda a: ga.dash(path(a), [0.2, 0.1]), 1.3),
    "a box to clip to": (lambda a: ga.clip(path(1.3), ((-0.9 * a, -a), (a, 1.2))), 1.03),
    "simplify": (lambda a: ga.simplify(path(a), 0.05), 1.3),
    "lengths of dashes": (lambda a: ga.dash(path(1.3), [a, 0.1]), 0.2),
    "a table": (lambda a: ga.value(ga.tabulated(TABLE * jnp.sin(a + TABLE)), PLACES), 0.7),
    "blur": (lambda a: ga.value(ga.tabulated(TABLE, smooth=a), PLACES), 1.3),
    "terrain": (lambda a: ga.value(ga.terrain(smooth=a), PLACES), 3.3),
    "photograph": (lambda a: ga.value(ga.photograph(smooth=a), PLACES), 3.3),
    "contours": (lambda a: ga.contours(land(a), [0.1, 0.4], box=BOX, resolution=40), 1.3),
    "counted contours": (lambda a: ga.contours(land(a), 4, box=BOX, resolution=40), 1.3),
    "levels": (lambda a: ga.contours(land(1), a * jnp.array([1, 2]), box=BOX, resolution=40), 0.2),
    "even levels": (lambda a: ga.even_levels(land(a), 6, box=BOX, resolution=60), 1.3),
    "a box of contours": (
        lambda a: ga.contours(land(1.3), [0.1, 0.3], box=((-a, -a), (a, 2.0)), resolution=40),
        1.9,
    ),
    "critical points": (lambda a: ga.critical_points(land(a), box=BOX).points, 1.3),
    "heights of saddles": (lambda a: ga.critical_points(land(a), box=BOX).values, 1.3),
    "separatrices": (lambda a: ga.separatrices(land(a), box=BOX), 1.3),
    "vertices": (lambda a: ga.vertices(bean(a), 0.1, 6), 0.3),
    "inflections": (lambda a: ga.inflections(cubic(a), 0.3, 6), 0.02),
    "cusps": (lambda a: ga.cusps(cusp(a), -1, 1), 0.3),
    "cusps of offsets": (lambda a: ga.offset_cusps(ga.ellipse(2.0, 1.0), -a, 0, math.tau), 1.0),
    "self-intersections": (lambda a: ga.self_intersections(knot(a), 0, math.tau), 0.3),
    "arc length": (lambda a: ga.arc_length(ga.ellipse(2.0, a), 0, a), 0.7),
    "equal spacing": (lambda a: ga.equally_spaced(ga.ellipse(2.0, a), a, 5, 9), 0.7),
    "Beziers": (lambda a: ga.to_beziers(ga.ellipse(2.0, a), 0, 6 * a), 0.7),
    "blue noise": (lambda a: ga.poisson(jax.random.key(0), a, BOX), 0.7),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("along", [land, whirl])
def test_hatching_along_a_flow_moves_with_it_and_with_what_it_fills(monkeypatch, along):
    grown_alike(monkeypatch)
    square = np.array([(-1.1, -1.0), (1.2, -0.9), (1.3, 0.7), (-0.8, 1.1)])
    still = np.array([(-2.0, -2), (2, -2), (2, 2), (-2, 2)])  # which keeps the box of the flow
    _moves_as_differences_say(lambda a: ga.hatch(stars(1.1), 0.3, along=along(a)), 1.1)
    grown_alike(monkeypatch)
    _moves_as_differences_say(
        lambda a: ga.hatch(jnp.stack([a * square, still]), 0.3, along=along(a)), 1.05
    )


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("seed", some(range(12), 6))
def test_corners_where_round_parts_of_outlines_cross_move_as_they_are_drawn(seed, closed):
    """Of random polygons and paths whose corners are far from even, wide enough to run together."""
    rng = np.random.default_rng(seed)
    count = rng.integers(4, 9)
    angles, radii = np.sort(rng.random(count)) * math.tau, 1 + 2 * rng.random(count)
    round_about = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], -1)
    points = round_about if closed else 2 * rng.normal(size=(count, 2))
    way, far = rng.normal(size=(count, 2)), rng.choice([-0.3, 0.3, 0.8] if closed else [0.2, 0.6])

    def outline(a):
        return ga.buffer(points + (a - 1) * way, far + 0.3 * (a - 1), closed=closed)

    _moves_as_differences_say(outline, 1.0)


@pytest.mark.parametrize("closed", [True, False])
def test_outlines_of_points_that_lie_on_each_other_move_as_without_these(closed):
    """Of a ring that ends where it begins, and of points that are given twice."""
    points = np.array([(0, 0), (3, 0.2), (2.5, 2), (1.2, 0.9), (0.2, 2.1)])
    way = np.random.default_rng(4).normal(size=points.shape)

    def outline(a):
        moved = points + (a - 1) * way
        ring = jnp.concatenate([moved, moved[:1]]) if closed else moved
        return ga.buffer(jnp.repeat(ring, 2, 0), 0.4 * a, closed=closed)

    _moves_as_differences_say(outline, 1.0)


@pytest.mark.parametrize("along", some(["spiral", "outline"]))
def test_hatching_grows_with_what_it_fills_and_its_spacing(along):
    star = jnp.asarray((1 + 0.4 * np.cos(5 * A))[:, None] * DISK + (0.3, 0.1))
    found, rate = jax.jvp(lambda a: ga.hatch(a * star, 0.3 * a, along=along), (1.0,), (1.0,))
    inked = np.isfinite(found)
    assert inked.sum() > 50
    np.testing.assert_allclose(rate[inked], found[inked], atol=1e-3)
    found, rate = jax.jvp(lambda x: ga.hatch(star + x, 0.3, along=along), (0.0,), (1.0,))
    np.testing.assert_allclose(rate[np.isfinite(found)], 1, atol=1e-3)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("f", "at"),
    [pytest.param(*case, id=name) for name, case in QUICK.items()]
    + [pytest.param(*case, id=name, marks=pytest.mark.exhaustive) for name, case in SLOW.items()],
)
def test_what_is_found_moves_with_its_numbers(f, at):
    _moves_as_differences_say(f, at)


def _moves_as_differences_say(f, at):
    with jax.enable_x64(True):
        found, rate = (np.asarray(x) for x in jax.jvp(f, (jnp.asarray(at),), (jnp.ones(()),)))
        plain, h = np.asarray(f(jnp.asarray(at))), 1e-6
        low, high = (np.asarray(f(jnp.asarray(at + s * h))) for s in (-1, 1))
        np.testing.assert_allclose(found, plain, rtol=1e-12, atol=1e-12)
        there = np.isfinite(found)
        slope = (high - low)[there] / (2 * h)
        assert np.abs(slope).max() > 1e-3 or found.ndim == 1
        np.testing.assert_allclose(rate[there], slope, atol=1e-5 * max(1, np.abs(slope).max()))
        _, pull = jax.vjp(f, jnp.asarray(at))
        weights = np.where(there, np.cos(np.arange(found.size)).reshape(found.shape), 0.0)
        dot = np.sum(np.where(there, rate, 0) * weights)
        np.testing.assert_allclose(pull(jnp.asarray(weights))[0], dot, rtol=1e-8, atol=1e-8)


def test_corners_that_are_kept_move_and_crossings_move_along_their_edges():
    square = np.array([(0, 0), (2, 0), (2, 2), (0, 2)])
    common, rate = jax.jvp(
        lambda x: ga.intersection(square, square + jnp.stack([x, 2 * x])), (0.5,), (1.0,)
    )
    wanted = {(0.5, 1): (1, 2), (2, 1): (0, 2), (2, 2): (0, 0), (0.5, 2): (1, 0)}
    got = dict(zip(map(tuple, common[0].tolist()), rate[0].tolist(), strict=True))
    assert got == {corner: list(way) for corner, way in wanted.items()}


def test_rounding_lets_derivatives_through():
    x, rate = jax.jvp(lambda x: ga.rounded(jnp.stack([x, 2 * x]), 1), (1.23,), (1.0,))
    np.testing.assert_allclose(x, [1.2, 2.5], rtol=1e-6)
    np.testing.assert_array_equal(rate, [1, 2])


def test_without_a_derivative_it_is_numpy():
    assert type(ga.clip(np.asarray(path(1.3)), BOX)) is np.ndarray
    assert type(ga.dash(np.asarray(path(1.3)), [0.1])) is np.ndarray
    assert type(ga.hatch(DISK, 0.3)) is type(ga.hatch(DISK, toned(1.0))) is np.ndarray
    [mark] = ga.occlude(ga.lines([(-3, 0.5), (3, 0.5)]), ga.polygons(DISK))
    assert type(mark.shape.points) is np.ndarray


@pytest.mark.parametrize(
    "f",
    [
        QUICK["crossings"][0],
        lambda a: ga.hatch(DISK, a),
        lambda a: ga.hatch(DISK, 0.3, a),
        lambda a: ga.hatch(DISK, lambda p: a + p[0] ** 2),
        lambda a: ga.dash(DISK, [a, 0.1]),
        lambda a: ga.plot_order(DISK, a),
        lambda a: ga.buffer(DISK, a),
    ],
)
def test_under_jit_it_is_refused_in_one_line(f):
    with pytest.raises(ArtError) as told:
        jax.jit(f)(1.0)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "f",
    [
        lambda: ga.hatch(DISK, 0.3),
        lambda: ga.hatch(DISK, lambda p: 0.2 + p[0] ** 2),
        lambda: ga.clip(DISK, where=lambda p: p[0]),
        lambda: ga.rng(KEY).normal(size=3),
    ],
)
def test_what_stands_still_is_found_in_a_frame_as_outside(f):
    np.testing.assert_allclose(jax.jit(lambda a: a * f())(1.0), f(), atol=1e-6)
