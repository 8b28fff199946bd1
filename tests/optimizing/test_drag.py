"""A drawing pulled by hand: where what is held ends, and what the numbers may do for it."""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from optimizing.landing import pulls

import gradart as ga
from gradart.calculus.programs import compiled_once
from gradart.errors import ArtError
from gradart.optimizing.dragging import grips
from gradart.optimizing.dragging.drag import drag
from gradart.optimizing.dragging.grips import Grip
from gradart.optimizing.dragging.least_squares import Limits, solved
from gradart.sketching.loading import load
from gradart.sketching.parameters import checked

ROOT = Path(__file__).parents[2]
BOX = ((-100, -100), (100, 100))  # on a square page without margin: a unit is a mm
PLAIN = {"page": "square", "margin": 0}


@ga.sketch(**PLAIN)
def arm(
    shoulder: Annotated[float, ga.Bounds(-3, 3)] = 0.5,
    elbow: Annotated[float, ga.Bounds(-2.8, 2.8)] = 0.7,
    reach: Annotated[float, ga.Bounds(10, 60, log=True)] = 30.0,
    strokes: Annotated[int, ga.Bounds(1, 9)] = 2,
):
    """Two bones."""
    turns = jnp.stack([shoulder, shoulder + elbow])
    bones = reach * jnp.stack([jnp.cos(turns), jnp.sin(turns)], -1)
    joints = jnp.concatenate([jnp.zeros((1, 2)), jnp.cumsum(bones, 0)])
    return ga.scene([ga.lines(joints)] * strokes, box=BOX)


@ga.sketch
def spiral(turns=5.0, growth=0.08, wobble=0.1, k=7.0, phase=0.3):
    t = jnp.linspace(0, 1, 900) * turns * 2 * jnp.pi
    r = jnp.exp(growth * t) * (1 + wobble * jnp.sin(k * t + phase))
    return ga.scene(ga.lines(r[:, None] * jnp.stack([jnp.cos(t), jnp.sin(t)], -1)))


@ga.sketch(**PLAIN)
def by_python(
    y: Annotated[float, ga.Bounds(-50, 50)] = 10.0, x: Annotated[float, ga.Bounds(-50, 50)] = 0.0
):
    """What JAX cannot trace."""
    return ga.scene(ga.dots([(float(x), float(y) + 0.001 * float(y) ** 2)]), box=BOX)


def held(sketch, **values):
    chosen = checked(sketch.name, sketch.parameters, values)
    hand = drag(sketch, chosen, sketch.seed)
    return hand, hand.vector(chosen)


def hand_of(vector):
    """Where the arm's hand is on the page."""
    shoulder, elbow, reach = vector
    x, y = (reach * (f(shoulder) + f(shoulder + elbow)) for f in (np.cos, np.sin))
    return np.array([100 + x, 100 - y])


def test_the_place_held_is_the_nearest_and_goes_where_it_is_pulled():
    hand, start = held(arm)
    tip = hand_of(start)
    grip = hand.grip(start, 0.0, tip + np.array([2, -1]))
    assert hand.at(start, 0.0, grip) == pytest.approx(tip)
    ended = hand.pull(start, 0.0, [grip], [tip + np.array([-9, 14])])
    assert ended.at[0] == pytest.approx(tip + np.array([-9, 14]), abs=1e-3)
    assert hand_of(ended.vector) == pytest.approx(ended.at[0], abs=1e-9)
    assert not hand.slow
    assert ended.held_back == ()
    values = hand.values(ended.vector)
    assert list(values) == ["shoulder", "elbow", "reach"]
    assert hand_of(list(values.values())) == pytest.approx(ended.at[0], abs=1e-3)


def test_locks_hold_and_pins_stay():
    hand, start = held(arm)
    tip, joint = hand_of(start), np.array([100 + 30 * np.cos(0.5), 100 - 30 * np.sin(0.5)])
    grip, pin = hand.grip(start, 0.0, tip), hand.grip(start, 0.0, joint)
    around = joint + np.array([[0.0, 1.0], [-1.0, 0.0]]) @ (tip - joint)
    locked = hand.pull(start, 0.0, [grip], [tip + np.array([8, 3])], locked=["reach"])
    assert locked.vector[2] == start[2]
    assert locked.at[0] == pytest.approx(tip + np.array([8, 3]), abs=1e-3)
    pinned = hand.pull(start, 0.0, [grip, pin], [around, joint])
    assert pinned.at == pytest.approx(np.array([around, joint]), abs=1e-3)
    assert pinned.vector[:1] == pytest.approx(start[:1], abs=1e-5)
    still = hand.pull(
        start, 0.0, [grip], [tip + np.array([8, 3])], locked=["reach", "shoulder", "elbow"]
    )
    assert np.array_equal(still.vector, start)


def test_what_is_out_of_reach_ends_at_a_bound_as_near_as_it_gets():
    hand, start = held(arm)
    grip = hand.grip(start, 0.0, hand_of(start))
    ended = hand.pull(start, 0.0, [grip], [[100.0 + 300, 100.0]])
    assert ended.held_back == ("reach",)
    assert ended.vector[2] == pytest.approx(60)
    assert ended.at[0] == pytest.approx([100 + 120, 100], abs=0.05)  # the arm is stretched


@pytest.mark.exhaustive
def test_random_pulls_land():
    """Eight places of a spiral, fitted to its page, and eight of an arm; see `landing.pulls`."""
    rng = np.random.default_rng(5)
    ended = [one for sketch in (spiral, arm) for one in pulls(sketch, 8, rng)]
    assert len(ended) == 16
    assert sum(one.off < 0.1 or one.bound for one in ended) >= 15


def test_what_cannot_be_traced_is_pulled_too():
    hand, start = held(by_python)
    grip = hand.grip(start, 0.0, (100, 80))
    ended = hand.pull(start, 0.0, [grip], [[117.0, 66.0]])
    assert hand.slow
    assert ended.at[0] == pytest.approx([117, 66], abs=1e-3)
    more = hand.pull(ended.vector, 0.0, [grip], [[112.0, 76.0]], seconds=5)
    assert more.at[0] == pytest.approx([112, 76], abs=1e-3)


@ga.sketch(**PLAIN)
def isoline(size: Annotated[float, ga.Bounds(5, 60)] = 20.0):
    """What has other points, and another number of them, at each size."""
    box = ((-70, -70), (70, 70))
    line = ga.contours(lambda p: p @ p - size**2, [0.0], box=box, resolution=24)
    return ga.scene(ga.lines(line), box=BOX)


def test_a_place_is_held_though_its_line_has_more_points_at_each_step():
    hand, start = held(isoline)
    grip = hand.grip(start, 0.0, (120, 100))
    counts, vector = set(), start
    for x in (128, 136, 144, 152):
        ended = hand.pull(vector, 0.0, [grip], [[x, 100]])
        vector = ended.vector
        counts.add(hand.drawn(vector, 0.0)[1].points[0].shape[1])
        assert ended.at[0] == pytest.approx([x, 100], abs=0.05)
    assert vector == pytest.approx([52], abs=0.1)
    assert len(counts) > 2  # it was not the same points that were followed


@ga.sketch(**PLAIN)
def ellipse(wide: Annotated[float, ga.Bounds(5, 60)] = 20.0):
    """What JAX cannot trace, of which only one axis grows."""
    t = np.linspace(0, 2 * np.pi, 200)
    return ga.scene(ga.lines(np.stack([float(wide) * np.cos(t), 20 * np.sin(t)], -1)), box=BOX)


def test_a_slow_sketch_is_followed_about_and_then_brought_where_it_is_seen():
    """The target is on the line of wide = 40; the place held at first comes elsewhere on it."""
    hand, start = held(ellipse)
    grip = hand.grip(start, 0.0, 100 + 20 * np.array([np.cos(0.8), np.sin(0.8)]))
    target = 100 + np.array([40 * np.cos(0.9), 20 * np.sin(0.9)])
    hand.pull(start, 0.0, [grip], [hand.at(start, 0.0, grip)])
    about = hand.pull(start, 0.0, [grip], [target], seconds=1e-9, resting=False)
    assert about.again
    pictures, asked, ended = set(), 0, about
    while ended.again:
        ended = hand.pull(ended.vector, 0.0, [grip], [target], seconds=1e-9)
        pictures.add(tuple(ended.vector))
        asked += 1
    assert 2 < asked < 20
    assert len(pictures) > 2
    assert abs(about.vector[0] - 40) > 1
    assert ended.vector == pytest.approx([40], abs=0.1)
    assert ended.at[0] == pytest.approx(target, abs=0.05)
    points = hand.drawn(ended.vector, 0.0)[1].points[0]
    assert np.nanmin(np.linalg.norm(points - target, axis=-1)) < 1  # it is really there
    # From there it is pulled on, and not along its line alone.
    further = ended._replace(again=True)
    while further.again:
        further = hand.pull(further.vector, 0.0, [grip], [target + np.array([4, 0])], seconds=5)
    assert further.vector[0] > 45
    assert further.at[0] == pytest.approx(target + np.array([4, 0]), abs=0.1)


def test_what_is_out_of_reach_is_not_asked_for_for_ever():
    hand, start = held(isoline)
    grip = hand.grip(start, 0.0, (120, 100))
    ended, asked = hand.pull(start, 0.0, [grip], [(190, 100)], seconds=1e-9, resting=False), 0
    while ended.again:
        ended = hand.pull(ended.vector, 0.0, [grip], [(190, 100)], seconds=1e-9)
        asked += 1
    assert asked < 20
    assert ended.held_back == ("size",)
    assert ended.vector == pytest.approx([60])


def test_a_move_begins_where_the_last_one_ended_without_computing_that_again(monkeypatch):
    hand, start = held(arm)
    grip = hand.grip(start, 0.0, hand_of(start))
    once = hand.pull(start, 0.0, [grip], [hand_of(start) + 5])
    asked, moves = [], hand.traced.moves
    monkeypatch.setattr(hand.traced, "moves", lambda *a: asked.append(a) or moves(*a))
    values = checked(arm.name, arm.parameters, hand.values(once.vector))  # rounded, as sent on
    after = hand.pull(hand.vector(values), 0.0, [grip], [hand_of(start) + 5])
    assert asked == []
    assert after.at == pytest.approx(once.at, abs=1e-4)
    hand.pull(after.vector, 0.0, [grip], [hand_of(start) + 6])
    assert len(asked) > 0


def test_the_nearest_place_on_lines_is_that_of_all_chords():
    rng = np.random.default_rng(0)
    for number in range(300):
        lines = 10 * rng.normal(size=(rng.integers(1, 9), rng.integers(2, 12), 2))
        lines[rng.random(lines.shape[:2]) < (0, 0.3, 0.7)[number % 3]] = np.nan
        point = 10 * rng.normal(size=2)
        best = np.inf
        for a, b in zip(lines[:, :-1].reshape(-1, 2), lines[:, 1:].reshape(-1, 2), strict=True):
            if np.isfinite([a, b]).all():
                share = np.clip((point - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
                best = min(best, np.linalg.norm(a + share * (b - a) - point))
        path, chord, share, gap = grips._chord(lines, point)
        assert gap == pytest.approx(best, abs=1e-12)
        if np.isfinite(gap):
            at = lines[path, chord] + share * (lines[path, chord + 1] - lines[path, chord])
            assert np.linalg.norm(at - point) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize(
    ("point", "place", "inside"),
    [((1, 0.5), (1, 0), True), ((-2, 1), (0, 0), False), ((3, -1), (2, 0), True)],
)
def test_the_end_of_a_line_is_told_from_its_corners(point, place, inside):
    line = np.array([[0.0, 0], [2, 0], [2, 5], [np.nan, np.nan]])
    found = grips.nearest_on(line, np.array(point, float))
    assert found[0] == pytest.approx(place)
    assert found[1] == inside


def test_a_slow_sketch_is_compiled_once_for_all_its_numbers():
    hand, start = held(isoline)
    hand.pull(start, 0.0, [hand.grip(start, 0.0, (120, 100))], [[121, 100]])
    programs = compiled_once._jitted.cache_info().misses
    with jax.enable_x64(True):
        for size in (31.0, 32.0):
            hand.drawn(np.array([size]), 0.0)
    assert hand.slow
    assert compiled_once._jitted.cache_info().misses == programs


@pytest.mark.exhaustive
def test_all_kinds_of_marks_can_be_held():
    @ga.sketch(**PLAIN)
    def all_kinds(x=10.0):
        at = jnp.stack([jnp.asarray(x, float), 0.0])
        far = jnp.array([0.0, 40.0])
        return ga.scene(
            ga.raster(np.ones((2, 2)), jnp.stack([at - far - 15, at - far + 15])),
            ga.circles(at, 12.0),
            ga.dots(at + far, 3.0),
            ga.lines(jnp.stack([at - 2 * far, at - 2 * far + 5]), closed=True),
            ga.text("o", at + 2 * far),
            box=BOX,
        )

    hand, start = held(all_kinds)
    marks = []
    for point in ([118, 131], [122, 100], [110, 60], [112, 178], [110.5, 19]):
        grip = hand.grip(start, 0.0, point)
        marks.append(grip.mark)
        there = hand.at(start, 0.0, grip)
        assert np.linalg.norm(there - point) < 4
        moved = hand.at(start + 7, 0.0, grip)
        assert moved - there == pytest.approx([7, 0])
    assert marks == [0, 1, 2, 3, 4]


@pytest.mark.exhaustive
def test_a_stroke_is_held_however_strokes_are_sorted():
    @ga.sketch(**PLAIN)
    def turning(turn: Annotated[float, ga.Bounds(-180, 180)] = 10.0):
        angle = jnp.deg2rad(turn) + jnp.arange(8) * jnp.pi / 4
        order = jnp.argsort(jnp.sin(angle))  # the farthest first
        ends = 60 * jnp.stack([jnp.cos(angle), 0.5 * jnp.sin(angle)], -1)[order]
        return ga.scene(ga.segments(0.5 * ends, ends), box=BOX)

    def tip(turn):
        return np.array([100 + 60 * np.cos(turn), 100 - 30 * np.sin(turn)])

    hand, start = held(turning)
    grip = hand.grip(start, 0.0, tip(np.radians(10)))
    for degrees in range(20, 130, 10):  # past two others
        start = hand.pull(start, 0.0, [grip], [tip(np.radians(degrees))]).vector
        assert start == pytest.approx([degrees], abs=0.01)
    again = hand.grip(start, 0.0, tip(np.radians(120)))
    assert again.path == grip.path


def test_where_ranks_are_places_each_rank_is_held():
    @ga.sketch(**PLAIN)
    def ranked(first: Annotated[float, ga.Bounds(-50, 50)] = 0.0):
        numbers = jnp.stack([first, 1.0, 2.0, 3.0])
        rank = jnp.argsort(jnp.argsort(numbers))
        return ga.scene(ga.dots(jnp.stack([20.0 * rank, numbers], -1)), box=BOX)

    hand, start = held(ranked)
    hand.grip(start, 0.0, (100, 100))
    start = np.array([2.5])  # its rank is 2 now, and that is where it is seen
    grip = hand.grip(start, 0.0, (140, 97.5))
    assert hand.at(start, 0.0, grip) == pytest.approx([140, 97.5])
    assert hand.pull(start, 0.0, [grip], [(140, 97.2)]).vector == pytest.approx([2.8], abs=1e-3)


@pytest.mark.exhaustive
def test_a_sketch_that_tells_its_numbers_in_text_is_traced():
    @ga.sketch(**PLAIN)
    def told(x: Annotated[float, ga.Bounds(-50, 50)] = 5.0):
        return ga.scene(
            ga.dots(jnp.stack([jnp.asarray(x, float), 0.0]), 2.0),
            ga.text(f"{x:.0f}", jnp.stack([jnp.asarray(x, float), 40.0])),
            box=BOX,
        )

    hand, start = held(told)
    grip = hand.grip(start, 0.0, (105, 100))
    start = hand.pull(start, 0.0, [grip], [(130, 100)]).vector
    assert start == pytest.approx([30])
    text = hand.grip(start, 0.0, (132, 58))  # two digits now
    assert text.mark == 1
    there = hand.at(start, 0.0, text)
    assert hand.at(start - 7, 0.0, text) - there == pytest.approx([-7, 0])
    assert not hand.slow


def test_what_cannot_be_held_is_told():
    @ga.sketch
    def counted(n=3):
        return ga.scene(ga.dots(np.zeros((n, 2))))

    with pytest.raises(ArtError, match="counted has no float parameter that a hand could move"):
        held(counted)
    hand, start = held(arm)
    grip = hand.grip(start, 0.0, (100, 100))
    with pytest.raises(ArtError, match="8 places can be held at a time, not 9"):
        hand.pull(start, 0.0, [grip] * 9, [(0, 0)] * 9)


@pytest.mark.exhaustive
def test_a_number_that_is_counted_with_stays_and_the_others_follow():
    @ga.sketch(**PLAIN)
    def row(x: Annotated[float, ga.Bounds(-50, 50)] = 0.0, turns: float = 2.5):
        count = int(jnp.round(4 * turns))  # an operation of JAX, of a plain number
        at = jnp.stack([x + 3.0 * jnp.arange(count), jnp.zeros(count)], -1)
        return ga.scene(ga.dots(at), box=BOX)

    hand, start = held(row)
    assert [c.name for c in hand.drawing.coordinates] == ["x"]
    grip = hand.grip(start, 0.0, (103, 100))
    assert hand.pull(start, 0.0, [grip], [(110, 100)]).vector == pytest.approx([7])
    assert not hand.slow
    chosen = checked(row.name, row.parameters, {})
    assert hand.fixed(chosen, 0) == hand.fixed({**chosen, "x": 3.0}, 0)
    assert hand.fixed(chosen, 0) != hand.fixed({**chosen, "turns": 3.0}, 0)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["forward_spiral", "derivative_rosette", "kneser", "wavefronts"])
def test_random_pulls_of_the_gallery_land(name):
    """Of pieces that JAX traces and whose strokes keep their order."""
    sketch = load(ROOT / "sketches" / f"{name}.py").sketches[0]
    ended = list(pulls(sketch, 5, np.random.default_rng(1)))
    assert len(ended) == 5
    assert not any(one.slow for one in ended)
    assert all(one.off < 0.1 or one.bound for one in ended)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["phyllotaxis", "signs", "tower", "two_starts"])
def test_a_held_place_and_its_slope_are_those_of_all_that_is_drawn(name):
    """Only the path in the hand is computed."""
    sketch = load(ROOT / "sketches" / f"{name}.py").sketches[0]
    rng = np.random.default_rng(2)
    with jax.enable_x64(True):
        hand, vector = held(sketch)
        traced, u, laid = hand.traced, sketch.options.at, hand.placement
        places = hand._places(vector)
        shifts = 1e-6 * np.eye(len(places))
        every = [
            traced.every_point(places + step, u, laid) for step in (0 * places, *shifts, *-shifts)
        ]
        here, ahead, behind = every[0], every[1 : len(shifts) + 1], every[len(shifts) + 1 :]
        for mark, points in enumerate(here):
            for _ in range(3 if points.size else 0):
                path, point = (int(rng.integers(n)) for n in points.shape[:2])
                if not np.isfinite(points[path, point]).all():
                    continue
                grip = Grip(mark, path, (point,) * 4, (0.25,) * 4)
                at, slope = traced.moves([grip], places, u, laid)
                assert_allclose(at[0], points[path, point], atol=1e-8)
                pairs = zip(ahead, behind, strict=True)
                rates = [(a[mark] - b[mark])[path, point] / 2e-6 for a, b in pairs]
                assert_allclose(slope[0], np.stack(rates, -1), rtol=1e-3, atol=1e-3)


def test_a_place_is_pulled_over_a_ridge_where_none_nearer_leads_there():
    def move(places):
        (s,) = places - 0.5
        at = 25 * s + 3 * np.sin(2 * np.pi * s / 0.3)
        slope = 25 + 20 * np.pi * np.cos(2 * np.pi * s / 0.3)
        return np.array([[0.0, at]]), np.array([[[0.0], [slope]]])

    limits = Limits(np.zeros(1), np.ones(1), np.ones(1, bool), 1e-4)
    for up in (4.0, 7.0):  # before the ridge, and higher than it
        _, at, _ = solved(move, np.full(1, 0.5), np.array([[0.0, up]]), limits, np.inf)
        assert_allclose(at[0, 1], up, atol=1e-3)
