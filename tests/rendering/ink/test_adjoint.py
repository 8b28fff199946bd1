"""The derivative of summed density: right by differences, and the same both ways."""

from typing import cast

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.kernels.kernel import Kernel
from gradart.rendering.ink import adjoint, adjoint_strokes
from gradart.rendering.ink.adjoint import Rates, pull, push
from gradart.rendering.ink.density import Disks, Strokes, accumulate

SIZE = 48, 56
RNG = np.random.default_rng(3)
# Smooth over pixels, since coverage has kinks where an edge meets their corners; and it is no
# symmetry that makes a sum right.
Y, X = np.mgrid[: SIZE[0], : SIZE[1]]
WEIGHTS = np.stack([np.sin(X / 5 + Y / 9), np.cos(Y / 4) + X / 90, np.sin(X * Y / 300)], -1)
WEIGHTS = (WEIGHTS + RNG.normal(0, 0.05, WEIGHTS.shape)).astype(np.float32)


def strokes(closed=False):
    return lambda points, width, density: Strokes(points, width, density, closed)


def some(n, m, low=-6, high=60):
    """Polylines on the canvas and off it: some leave it on each side."""
    return np.random.default_rng(n * m).uniform(low, high, (n, m, 2))


def inks(n):
    return np.random.default_rng(n).uniform(0.1, 0.6, (n, 3))


def spiral():
    t = np.linspace(0, 20, 200)
    return (27 + t * np.stack([np.cos(t), np.sin(t)]))[None].transpose(0, 2, 1)


LIFTED = some(4, 7, 4, 44)
LIFTED[:, 3] = np.nan
AGAIN = np.repeat(some(4, 3, 4, 44), 2, 1)  # every point twice: no length between
SHARP = np.array([[(5.3, 20.2), (45.1, 22.7), (6.2, 24.9), (40.4, 25.3)]])
SHORT = some(6, 1, 8, 40) + np.random.default_rng(0).normal(0, 0.8, (6, 3, 2))
CASES = {
    "thin segments": (strokes(), some(9, 2), np.array(0.2), np.array([0.3, 0.2, 0.1])),
    "square ends": (strokes(), some(9, 2), RNG.uniform(0.5, 0.9, 9), inks(9)),
    "round ends": (strokes(), some(9, 2), RNG.uniform(2, 5, 9), inks(9)),
    "thin polylines": (strokes(), some(5, 6), np.array(0.25), inks(5)),
    "polylines": (strokes(), some(5, 6), RNG.uniform(0.6, 0.9, 5), inks(5)),
    "thick polylines": (strokes(), some(5, 6), RNG.uniform(2, 6, 5), inks(5)),
    "closed lines": (strokes(True), some(5, 4), np.array(3.0), np.array([0.3, 0.2, 0.1])),
    "closed thin lines": (strokes(True), some(5, 4), np.array(0.2), inks(5)),
    "lifted pens": (strokes(), LIFTED, np.array(2.0), inks(4)),
    "lifted pens of rings": (strokes(True), LIFTED, np.array(2.0), inks(4)),
    "every point twice": (strokes(), AGAIN, np.array(2.0), inks(4)),
    "sharp corners": (strokes(), SHARP, np.array(3.0), inks(1)),
    "shorter than round ends": (strokes(), SHORT, np.array(8.0), inks(6)),
    "a short first segment": (
        strokes(),
        np.array([[(10.2, 10.3), (10.9, 10.6), (30.5, 18.2), (30.8, 18.7)]]),
        np.array(5.0),
        inks(1),
    ),
    "a dense curve": (strokes(), spiral(), np.array(1.7), inks(1)),
    "specks": (Disks, some(30, 1)[:, 0], RNG.uniform(0.2, 0.5, 30), inks(30)),
    "disks": (Disks, some(9, 1)[:, 0], RNG.uniform(1, 9, 9), inks(9)),
    "disks alike": (Disks, some(9, 1)[:, 0], np.array(4.0), np.array([0.3, 0.2, 0.1])),
}
PARTS = "points", "size", "density"


def moved(case, part, direction, step):
    make, *numbers = case
    at = PARTS.index(part)
    numbers[at] = numbers[at] + step * direction
    return make(*numbers)


def weighed(case, part, direction, step):
    total = accumulate(SIZE, [moved(case, part, direction, step)])
    return float((total.astype(float) * WEIGHTS).sum())


def direction(case, part, seed=7):
    values = case[1 + PARTS.index(part)]
    return np.random.default_rng(seed).normal(0, 1, values.shape)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", CASES)
def test_the_gradient_is_that_of_differences(name, part):
    case = CASES[name]
    way, step = direction(case, part), 2e-3
    if name == "every point twice" and part == "points":
        way[:, 1::2] = way[:, ::2]  # together: apart, they would turn as they like
    ends = weighed(case, part, way, step) - weighed(case, part, way, -step)
    gains = pull([case[0](*case[1:])], WEIGHTS, [True])[0]
    slope = float((getattr(gains, part) * way).sum())
    assert slope == pytest.approx(ends / (2 * step), rel=4e-3, abs=2e-2)


@pytest.mark.parametrize("name", CASES)
def test_what_is_pulled_is_the_transpose_of_what_is_pushed(name):
    make, *numbers = CASES[name]
    block = make(*numbers)
    ways = [direction(CASES[name], part) for part in PARTS]
    pushed = push(SIZE, [block], [Rates(*ways)]).astype(float)
    gains = pull([block], WEIGHTS, [True])[0]
    pulled = sum(float((gain * way).sum()) for gain, way in zip(gains, ways, strict=True))
    scale = np.abs(pushed * WEIGHTS).sum()
    assert (pushed * WEIGHTS).sum() == pytest.approx(pulled, abs=1e-6 * scale)


@pytest.mark.parametrize("name", ["polylines", "round ends", "disks", "sharp corners"])
def test_the_error_of_the_linear_step_falls_as_its_square(name):
    """Taylor: what the derivative leaves over is quadratic, but for the kinks of a few."""
    case = CASES[name]
    middle, steps = weighed(case, "points", 0.0, 0), np.array([0.16, 0.08, 0.04])
    gains = pull([case[0](*case[1:])], WEIGHTS, [False])[0].points
    left = np.zeros(len(steps))
    for seed in range(12):
        way = direction(case, "points", seed)
        rate = (gains * way).sum()
        left += [abs(weighed(case, "points", way, s) - middle - s * rate) for s in steps]
    order = np.polyfit(np.log(steps), np.log(left), 1)[0]
    assert 1.8 < order < 2.2


def test_ink_is_length_times_width_and_so_is_its_gradient():
    """With equal weights: longer gains by the width, wider by the length."""
    block = Strokes(np.array([[(10.0, 20.0), (40.0, 20.0)]]), 3.0, np.ones(3))
    gains = pull([block], np.ones((*SIZE, 3), np.float32), [True])[0]
    np.testing.assert_allclose(gains.points, [[(-9, 0), (9, 0)]], atol=1e-9)
    np.testing.assert_allclose(gains.size, 90)
    np.testing.assert_allclose(gains.density, [90, 90, 90])


@pytest.mark.parametrize("channels", [1, 3])
def test_density_gains_the_weights_under_what_is_drawn(channels):
    """On a canvas that takes several rounds; of each mark as it is drawn alone, on it or off."""
    size, rng = (140, 190), np.random.default_rng(channels)
    weights = rng.normal(0, 1, (*size, channels)).astype(np.float32)
    numbers = rng.uniform(0.02, 60, 12), rng.uniform(0.1, 0.6, (12, channels))
    far = np.concatenate([some(9, 3, -60, 240), 1e6 * some(3, 3, -1, 1)])
    straight = np.array([[(-9e4, 50.2), (9e4, 71.0)], [(30.1, -5e5), (44.7, 9e4)]]).repeat(6, 0)
    for make, points in (
        (Strokes, far),
        (strokes(True), far),
        (Strokes, straight),
        (Disks, far[:, 0]),
    ):
        gains = pull([make(points, *numbers)], weights, [True])[0]
        for k in range(12):
            own = make(points[k : k + 1], numbers[0][k : k + 1], np.ones(channels))
            under = (accumulate(size, [own], channels) * weights.astype(float)).sum((0, 1))
            np.testing.assert_allclose(gains.density[k], under, rtol=1e-5, atol=2e-3)


def test_a_stroke_of_no_width_knows_what_it_would_gain_by_some():
    points = np.array([[(10.0, 20.3), (40.0, 31.2)]])
    gains = pull([Strokes(points, 0.0, np.ones(3))], WEIGHTS, [True])[0]
    ink = accumulate(SIZE, [Strokes(points, 1e-3, np.ones(3))]).astype(float)
    assert gains.size == pytest.approx((ink * WEIGHTS).sum() / 1e-3, rel=1e-3)
    assert np.abs(gains.points).max() < 1e-6


@pytest.mark.parametrize(
    "points",
    [
        np.empty((0, 2, 2)),
        np.full((2, 3, 2), np.nan),
        np.full((1, 4, 2), 20.0),
        np.full((1, 2, 2), 1e301) * [1, -1],
        np.array([[(-300.0, -200.0), (-20.0, -10.0)]]),
    ],
    ids=["none", "not a number", "no length", "too far out", "off the canvas"],
)
def test_what_is_not_drawn_has_no_gradient(points):
    block = Strokes(points, 3.0, np.ones(3))
    gains = pull([block], WEIGHTS, [True])[0]
    assert not any(gain.any() for gain in gains)
    assert not push(SIZE, [block], [Rates(np.ones(points.shape))]).any()


def test_a_line_that_has_no_end_moves_across_alone():
    gains = pull([Strokes([[(-1e300, 20.0), (1e300, 20.0)]], 3.0, np.ones(3))], WEIGHTS, [True])[0]
    beside = WEIGHTS[21].sum() - WEIGHTS[18].sum()
    np.testing.assert_allclose(gains.points[0].sum(0), [0, beside], rtol=1e-5)


def test_a_canvas_of_one_pixel_and_the_strokes_around_it():
    """All of its gain is by the strokes that reach it, also where these have all of their ends off.

    A pixel within a stroke gains by density alone.
    """
    block = Strokes(
        np.array([[(-9.0, 0.5), (9.0, 0.5)], [(3.0, 5.0), (9.0, 8.0)]]), 4.0, np.ones((2, 3))
    )
    gains = pull([block], np.ones((1, 1, 3), np.float32), [True])[0]
    assert not gains.points.any()
    np.testing.assert_allclose(gains.density, [[1, 1, 1], [0, 0, 0]], atol=1e-12)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_threads_changes_no_bit(workers, monkeypatch):
    blocks = [Strokes(some(40, 3), 2.0, inks(40)), Disks(some(30, 1)[:, 0], 2.0, np.ones(3))]
    rates = [Rates(some(40, 3, -1, 1)), Rates(None, np.array(1.0), None)]
    before = pull(blocks, WEIGHTS, [True, True]), push(SIZE, blocks, rates)
    monkeypatch.setattr(adjoint, "cores", lambda: workers)
    after = pull(blocks, WEIGHTS, [True, True]), push(SIZE, blocks, rates)
    for one, two in zip(before[0], after[0], strict=True):
        assert all((a == b).all() for a, b in zip(one, two, strict=True))
    assert (before[1] == after[1]).all()


def test_one_channel_gains_as_three_that_are_alike():
    block = Strokes(some(20, 4), 2.0, np.full(3, 0.4))
    one = Strokes(block.points, 2.0, np.full(1, 0.4))
    three = pull([block], WEIGHTS, [False])[0]
    alone = pull([one], WEIGHTS.sum(-1, keepdims=True), [False])[0]
    np.testing.assert_allclose(alone.points, three.points, atol=1e-5)


def test_arrays_of_every_kind_are_walked_by_what_is_compiled_once():
    numbers = some(3, 4), np.full(3, 2.0), inks(3)
    fixed = [jnp.asarray(a) for a in numbers]  # which NumPy may not write to
    for arrays, weights in ((numbers, WEIGHTS), (fixed, jnp.asarray(WEIGHTS))):
        pull([Strokes(*arrays)], np.asarray(weights), [True])
        push(SIZE, [Strokes(*arrays)], [Rates(np.ones((3, 4, 2)))])
    assert len(cast(Kernel, adjoint_strokes.walk_strokes).signatures) == 1


def test_what_stays_as_it_is_costs_nothing_and_gains_nothing():
    block = Strokes(some(20, 4), 2.0, np.full(3, 0.4))
    assert not pull([block], WEIGHTS, [False])[0].density.any()
    still = pull([block], WEIGHTS, [True])[0]
    np.testing.assert_allclose(
        pull([block], WEIGHTS, [False])[0].points, still.points, rtol=1e-6, atol=1e-9
    )
