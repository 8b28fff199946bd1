"""Laws of streamlines: they follow the flow, keep their distance, leave no gap, and close."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial import cKDTree

from gradart.errors import ArtError
from gradart.geometry.streamlines import direction_kernel, streamline_kernel
from gradart.geometry.streamlines.streamline_derivatives import following
from gradart.geometry.streamlines.streamlines import sampled, spread, streamlines

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-1.0, -1.0), (1.0, 1.2))
GAP = 0.05


def hills(p):
    return jnp.sin(3 * p[0] + p[1]) * jnp.cos(2.5 * p[1] - 0.4)


def whirl(p):
    return jnp.array([-p[1] + 0.1 * p[0], p[0] + 0.3 * jnp.sin(3 * p[1])])


def rows(lines):
    return [line[np.isfinite(line[:, 0])] for line in lines]


FLOWS = [(hills, False), (hills, True), (whirl, False)]


@pytest.fixture(scope="module")
def drawn():
    with jax.enable_x64(True):
        return [streamlines(f, separation=GAP, box=BOX, across=across) for f, across in FLOWS]


@pytest.mark.parametrize("i", range(3))
def test_lines_keep_their_distance_and_cover_the_box(drawn, i):
    lines = rows(drawn[i])
    points = np.concatenate(lines)
    assert np.all((points >= BOX[0]) & (points <= BOX[1]))
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    near = cKDTree(points).query_pairs(0.5 * GAP, output_type="ndarray")
    near = near[owner[near[:, 0]] != owner[near[:, 1]]]
    gaps = np.linalg.norm(points[near[:, 0]] - points[near[:, 1]], axis=1)
    assert gaps.min(initial=0.5 * GAP) > 0.47 * GAP
    x, y = (np.linspace(BOX[0][k], BOX[1][k], 200) for k in (0, 1))
    away, _ = cKDTree(points).query(np.stack(np.meshgrid(x, y), -1).reshape(-1, 2))
    assert away.max() < 2.5 * GAP
    assert np.quantile(away, 0.95) < 0.8 * GAP
    lengths = [np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in lines]
    assert min(lengths) >= 2 * GAP


@pytest.mark.parametrize("i", range(3))
def test_lines_follow_the_flow(drawn, i):
    flow, across = FLOWS[i]
    slope = jax.jit(jax.vmap(flow if flow is whirl else jax.grad(flow)))
    lines = rows(drawn[i])
    steps = np.concatenate([np.linalg.norm(np.diff(line, axis=0), axis=1) for line in lines])
    assert steps.max() <= 0.251 * GAP
    chords = np.concatenate([line[2:] - line[:-2] for line in lines])
    even = np.concatenate([_even(line) for line in lines])
    v = np.asarray(slope(np.concatenate([line[1:-1] for line in lines])))
    v = np.stack([-v[:, 1], v[:, 0]], 1) if across else v
    sine = np.abs(chords[:, 0] * v[:, 1] - chords[:, 1] * v[:, 0])[even]
    sine /= (np.linalg.norm(chords, axis=1) * np.linalg.norm(v, axis=1))[even]
    assert np.median(sine) < 1e-3
    assert np.quantile(sine, 0.99) < 0.02


def _even(line):
    """Where a point lies in the middle between its neighbors, so that their chord is a tangent."""
    steps = np.linalg.norm(np.diff(line, axis=0), axis=1)
    return np.abs(steps[1:] / steps[:-1] - 1) < 0.01


def test_level_lines_keep_their_level_and_close(drawn):
    lines = rows(drawn[1])
    height = np.asarray(jax.jit(jax.vmap(hills))(np.concatenate(lines)))
    drift = [np.ptp(h) for h in np.split(height, np.cumsum([len(line) for line in lines])[:-1])]
    assert max(drift) < 2e-4
    assert np.median(drift) < 1e-5
    assert sum(np.array_equal(line[0], line[-1]) for line in lines) >= 5


def test_circles_and_straight_lines():
    turn = lambda p: jnp.array([-p[1], p[0]])  # noqa: E731
    lines = rows(streamlines(turn, separation=0.1, box=((-1, -1), (1, 1))))
    for line in lines:
        radius = np.hypot(*line.T)
        assert np.ptp(radius) < 1e-4
        assert np.array_equal(line[0], line[-1]) or radius.max() > 0.95
    east = lambda p: jnp.array([2.0, 0.0 * p[0]])  # noqa: E731
    lines = rows(streamlines(east, separation=0.1, box=((0, 0), (3, 1))))
    ends = np.sort([line[[0, -1], 0] for line in lines], axis=1)
    np.testing.assert_allclose(ends, np.broadcast_to([0, 3], ends.shape), atol=1e-12)
    heights = np.sort([line[0, 1] for line in lines])
    assert np.diff(heights).min() > 0.0999
    assert np.diff(heights).max() < 0.2


def test_holes_stay_empty():
    holed = lambda p: jnp.where(jnp.sum(p**2) < 0.2, jnp.nan, whirl(p))  # noqa: E731
    points = np.concatenate(rows(streamlines(holed, separation=0.1, box=BOX)))
    radius = np.hypot(*points.T)
    assert radius.min() > np.sqrt(0.2)
    assert radius.min() < np.sqrt(0.2) + 0.02
    still = streamlines(lambda p: 0.0 * p, separation=0.1, box=BOX)
    assert np.isfinite(still).sum() == 0


def masked_demo(p):
    """The flow of matplotlib's masked stream plot: there is nothing inside a disk."""
    v = jnp.array([-1 - p[0] ** 2 + p[1], 1 + p[0] - p[1] ** 2])
    return jnp.where(jnp.sum(p**2) < 0.25, jnp.nan, v)


NOT_FINITE = {
    "nan in a disk": (masked_demo, lambda r: r > 0.5),
    "nan outside a disk": (lambda p: jnp.where(jnp.sum(p**2) > 4, jnp.nan, p), lambda r: r < 2),
    "the slope of a dome": (lambda p: jnp.sqrt(1 - jnp.sum(p**2)), lambda r: r < 1),
    "norm": (jnp.linalg.norm, lambda r: r > 0),
    "log": (lambda p: jnp.log(p[0] * p[0] + p[1] * p[1]), lambda r: r > 0),
    "one over r": (lambda p: p / jnp.sum(p**2), lambda r: r > 0),
    "infinite in a disk": (lambda p: p / (jnp.sum(p**2) > 0.25), lambda r: r > 0.5),
    "too large to add": (lambda p: 4e307 * jnp.array([-p[1], p[0]]), lambda r: r > 0),
    "one of two is nan": (lambda p: jnp.where(p**2 < 0.25, jnp.nan, p), lambda r: r > 0.5),
    "nan everywhere": (lambda p: p * jnp.nan, lambda r: r < 0),
}


@pytest.mark.parametrize("name", NOT_FINITE)
@pytest.mark.parametrize("across", [False, True])
def test_where_a_flow_is_not_finite_nothing_is_drawn_and_nothing_breaks(name, across):
    flow, there = NOT_FINITE[name]
    lines = streamlines(flow, separation=0.2, box=((-3, -3), (3, 3)), across=across)
    points = lines[np.isfinite(lines[..., 0])]
    assert there(np.hypot(*points.T)).all()
    assert (np.abs(points) <= 3).all()
    assert len(points) > 40 or name == "nan everywhere"


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf, 1e300, -1e300, 2.0**63, 1e19])
def test_no_number_becomes_an_index_out_of_bounds(wild):
    flow = np.ones((9, 9, 2))
    plan = np.array([0, 0, 1, 1, 0.1, 0.05, 8, 8, 0])
    heads, count = np.full((12, 12), -1), np.zeros(1, int)
    stored = np.empty((1, 3)), count.copy(), count.copy()
    ground = streamline_kernel.Ground(plan, heads, *stored)
    for x, y in ((wild, 0.5), (0.5, wild), (wild, wild)):
        along = np.array(direction_kernel.course(flow, plan, x, y))
        assert np.isnan(along).all() or np.allclose(along, np.sqrt(0.5))
        assert not streamline_kernel.free(ground, x, y)


def test_the_grid_is_as_fine_as_the_flow_asks_and_cubic_between_its_nodes():
    low, high = np.array(BOX)

    def waves(p):
        return jnp.stack([2 + jnp.sin(170 * p[0] + p[1]), jnp.cos(150 * p[1])])

    places = np.random.default_rng(0).uniform(low, high, (300, 2))
    errors, counts = [], []
    for flow in (whirl, waves):
        courses = sampled(flow, low, high, 0.1)
        nodes = (np.array(courses.shape[1::-1]) - 1) / (high - low)
        plan = np.array([*low, *high, GAP, GAP / 2, *nodes, 0])
        found = np.array([direction_kernel.course(courses, plan, *p) for p in places])
        known = np.asarray(jax.vmap(flow)(places))
        known = known / np.linalg.norm(known, axis=1, keepdims=True)
        errors.append(np.quantile(np.linalg.norm(found - known, axis=1), 0.9))
        counts.append(courses.size)
    assert errors[0] < 1e-8
    assert errors[1] < 0.01
    assert counts[1] >= 4 * counts[0]


def test_single_precision(drawn):
    with jax.enable_x64(False):
        lines = streamlines(whirl, separation=GAP, box=BOX)
    assert len(lines) == pytest.approx(len(drawn[2]), rel=0.2)


def test_what_cannot_be():
    with pytest.raises(ArtError, match="separation is 0"):
        streamlines(hills, separation=0, box=BOX)
    with pytest.raises(ArtError, match="less than the sides"):
        streamlines(hills, separation=3, box=BOX)
    for box, least in ((BOX, 1e-9), (((-1e308, -1e308), (1e308, 1e308)), 1.0)):
        with pytest.raises(ArtError, match="times as high: give more"):
            streamlines(hills, separation=least, box=box)
    with pytest.raises(ArtError, match="give box="):
        streamlines(hills, separation=0.1)
    with pytest.raises(ArtError, match=r"returns shape \(3,\)"):
        streamlines(lambda p: jnp.array([p[0], p[1], 0.0]), separation=0.1, box=BOX)


@pytest.mark.exhaustive
def test_lines_that_move_are_those_that_were_found():
    """Integrated along anew, closed ones and those cut at the edge too, they are the same lines."""
    low, high = np.array(BOX, float)
    courses = sampled(whirl, low, high, GAP / 3)
    grown = spread(courses, low, high, GAP, GAP / 2)
    points = following(jnp.asarray(courses), low, high, grown)
    np.testing.assert_allclose(points, np.concatenate([g.line for g in grown]), atol=1e-9)


@pytest.mark.exhaustive
def test_lines_move_as_the_flow_does():
    """A flow that is turned about a center turns its lines, as long as they keep their seeds."""
    start = streamlines(lambda p: jnp.array([1.0, 0.0]), separation=GAP, box=BOX)
    lines, rate = jax.jvp(
        lambda a: streamlines(
            lambda p: jnp.array([jnp.cos(a), jnp.sin(a)]), separation=GAP, box=BOX
        ),
        (0.0,),
        (1.0,),
    )
    np.testing.assert_allclose(lines, start, atol=1e-12)
    assert np.isfinite(rate[np.isfinite(lines)]).all()
    # Each point rises by its way from the seed, which is one of the line's own.
    rise = np.asarray(rate)[..., 1] - (np.asarray(lines)[..., 0])
    inked = np.isfinite(lines[..., 0])
    for row, there in zip(rise, inked, strict=True):
        np.testing.assert_allclose(row[there], row[there][0], atol=1e-9)
