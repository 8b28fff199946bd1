"""Soft starts and stops."""

import math

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

from gradart.calculus.derivatives import jet
from gradart.errors import ArtError
from gradart.geometry.easing import Easing, ease, ping_pong, spring, stagger


def test_it_runs_from_rest_to_rest_and_the_same_backward():
    with jax.enable_x64(True):
        u = np.linspace(-0.2, 1.2, 57)
        eased = jax.jit(ease)
        s = eased(u, 0.25, 0.75)
        assert (np.diff(s) >= 0).all()
        np.testing.assert_array_equal(s[u <= 0.25], 0)
        np.testing.assert_array_equal(s[u >= 0.75], 1)
        np.testing.assert_allclose(s + eased(1 - u, 0.25, 0.75), 1, atol=1e-15)
        speed = jax.grad(ease)  # a whole turn loops without a jolt
        for slope in (speed, jax.grad(speed)):
            ends = jax.jit(jax.vmap(slope))(np.array([1e-9, 1 - 1e-9]))
            np.testing.assert_allclose(ends, 0, atol=1e-6)
    with pytest.raises(ArtError, match="later end"):
        ease(0.5, 0.7, 0.7)


KINDS = ["quad", "cubic", "quart", "quint", "sine", "expo", "circ", "back", "elastic", "bounce"]


def penner(kind, t):
    """What R. Penner's functions of time, of 0 to 1 in 1, say, from his Actionscript."""
    s, c, p = 1.70158, 1.0, 0.3

    def bounce_out(t):
        if t < 1 / 2.75:
            return 7.5625 * t * t
        if t < 2 / 2.75:
            t -= 1.5 / 2.75
            return 7.5625 * t * t + 0.75
        if t < 2.5 / 2.75:
            t -= 2.25 / 2.75
            return 7.5625 * t * t + 0.9375
        t -= 2.625 / 2.75
        return 7.5625 * t * t + 0.984375

    def in_out_elastic(t):
        t, p = 2 * t, 0.3 * 1.5
        if t < 1:
            t -= 1
            return -0.5 * 2 ** (10 * t) * math.sin((t - p / 4) * 2 * math.pi / p)
        t -= 1
        return 2 ** (-10 * t) * math.sin((t - p / 4) * 2 * math.pi / p) * 0.5 + c

    def in_out_back(t):
        t, s = 2 * t, 1.70158 * 1.525
        if t < 1:
            return 0.5 * (t * t * ((s + 1) * t - s))
        t -= 2
        return 0.5 * (t * t * ((s + 1) * t + s) + 2)

    return {
        "out_cubic": lambda: (t - 1) ** 3 + 1,
        "in_out_quad": lambda: 2 * t * t if t < 0.5 else -0.5 * ((2 * t - 1) * (2 * t - 3) - 1),
        "in_out_sine": lambda: -0.5 * (math.cos(math.pi * t) - 1),
        "out_expo": lambda: 1 - 2 ** (-10 * t),
        "out_circ": lambda: math.sqrt(1 - (t - 1) ** 2),
        "in_back": lambda: t * t * ((s + 1) * t - s),
        "in_out_back": lambda: in_out_back(t),
        "out_elastic": lambda: 2 ** (-10 * t) * math.sin((t - p / 4) * 2 * math.pi / p) + 1,
        "in_out_elastic": lambda: in_out_elastic(t),
        "bounce": lambda: bounce_out(t),
        "in_bounce": lambda: 1 - bounce_out(1 - t),
    }[kind]()


BY_HAND = ["out_cubic", "in_out_quad", "in_out_sine", "out_expo", "out_circ", "in_back"]
BY_HAND += ["in_out_back", "out_elastic", "in_out_elastic", "bounce", "in_bounce"]


@pytest.mark.parametrize("kind", BY_HAND)
def test_easings_by_name_are_those_of_penner(kind):
    u = np.linspace(0.01, 0.99, 97)
    with jax.enable_x64(True):
        np.testing.assert_allclose(ease(u, 0, 1, kind), [penner(kind, t) for t in u], atol=1e-12)


@pytest.mark.parametrize("name", KINDS)
def test_an_easing_goes_from_0_to_1_and_ends_as_its_reverse_begins(name):
    with jax.enable_x64(True):
        u = np.linspace(0, 1, 41)
        begun, ended, both = (ease(u, 0, 1, f"{way}_{name}") for way in ("in", "out", "in_out"))
        np.testing.assert_allclose(begun + ended[::-1], 1, atol=1e-12)
        np.testing.assert_allclose(both + both[::-1], 1, atol=1e-12)
        for eased in (begun, ended, both):
            np.testing.assert_allclose(np.asarray(eased)[[0, -1]], [0, 1], atol=1e-12)


def test_an_easing_has_a_slope_everywhere():
    with jax.enable_x64(True):
        u = np.linspace(0, 1, 41)
        for kind in ("in_out_circ", "out_expo", "elastic"):
            assert np.isfinite(
                jax.vmap(jax.grad(lambda u, kind=kind: ease(u, 0, 1, kind)))(u)
            ).all()


def test_a_spring_obeys_its_law():
    def x(t, damping):
        return spring(t, 0.4, damping)

    def derivatives(t, damping):
        speed = jax.grad(x)
        return x(t, damping), speed(t, damping), jax.grad(speed)(t, damping)

    with jax.enable_x64(True):
        t, damping = np.meshgrid(np.linspace(1e-9, 1, 9), [0.0, 0.2, 1.0, 1.7])
        found = jax.jit(jax.vmap(derivatives))(t.ravel(), damping.ravel())
        place, speed, push = (np.asarray(each).reshape(t.shape) for each in found)
        w = 2 * np.pi / 0.4
        np.testing.assert_allclose(push, w**2 * (1 - place) - 2 * damping * w * speed, atol=1e-7)
        np.testing.assert_allclose([place[:, 0], speed[:, 0]], 0, atol=1e-5)
        assert x(-1.0, 0.2) == 0
        assert np.isfinite(jax.jit(jax.grad(x))(100.0, 0.01))
        assert abs(ease(1.0, 0, 1, "spring") - 1) < 1e-3


def test_ping_pong_loops_and_is_even_in_time():
    u = np.linspace(0, 1, 17)
    np.testing.assert_allclose(ping_pong(u), ping_pong(1 - u), atol=1e-6)
    np.testing.assert_allclose(ping_pong([0, 0.25, 0.5, 0.75, 1]), [0, 0.5, 1, 0.5, 0])
    np.testing.assert_allclose(ping_pong([0, 0.25, 0.5], times=2), [0, 1, 0])


def test_a_stagger_sets_out_in_turn_and_arrives_at_the_end():
    ways = np.asarray(stagger(np.linspace(0, 1, 1001), 4, overlap=0.25))
    np.testing.assert_array_equal(ways[0], 0)
    np.testing.assert_allclose(ways[-1], 1, atol=1e-6)
    starts = (ways > 0).argmax(0)
    length = (ways[:, 0] >= 1).argmax()
    np.testing.assert_allclose(np.diff(starts), 0.75 * length, atol=2)
    assert (np.diff(ways, axis=0) >= 0).all()
    assert stagger(0.5, 0).shape == (0,)
    np.testing.assert_array_equal(stagger(0.3, 3, overlap=1), np.float32(0.3))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ease(0.5, 0, 1, "in_wobble"), "no easing 'in_wobble'; there are smooth"),
        (lambda: ease(0.5, 0, 1, 3), "is a name"),
        (lambda: spring(0.5, period=0), "above 0"),
        (lambda: spring(0.5, damping=-1), "0 or more"),
        (lambda: stagger(0.5, 3, overlap=2), "from 0 to 1"),
        (lambda: jax.jit(lambda u: stagger(u, 3, overlap=2))(0.5), "from 0 to 1"),
        (lambda: ping_pong(0.5, 0), "1 or more"),
    ],
)
def test_motions_that_there_are_not_are_refused(call, says):
    with pytest.raises(ArtError, match=says):
        call()


NUMBERS = [
    (0.4, 0, 0.2, 1),
    (0.25, 0.1, 0.25, 1),
    (0.7, -0.6, 0.3, 1.8),
    (0, 0, 1, 1),
    (0.9, 0.2, 1, 0),
]


@pytest.mark.parametrize("numbers", NUMBERS)
def test_a_drawn_easing_is_the_bezier_curve_through_its_points(numbers):
    x1, y1, x2, y2 = numbers
    s = np.linspace(0, 1, 41)

    def at(one, two):
        return 3 * s * (1 - s) ** 2 * one + 3 * s**2 * (1 - s) * two + s**3

    with jax.enable_x64(True):
        pace = Easing(*numbers)
        np.testing.assert_allclose(pace(at(x1, x2)), at(y1, y2), atol=1e-13)
        np.testing.assert_allclose(pace(np.array([-1, 0, 1, 3])), [0, 0, 1, 1], atol=1e-15)
        u = np.linspace(0, 1, 30)
        backward = Easing(1 - x2, 1 - y2, 1 - x1, 1 - y1)
        np.testing.assert_allclose(1 - backward(1 - u), pace(u), atol=1e-12)
        np.testing.assert_allclose(Easing(1 / 3, 1 / 3, 2 / 3, 2 / 3)(u), u, atol=1e-15)
        np.testing.assert_allclose(ease(u, 0.2, 0.7, pace), pace((u - 0.2) / 0.5), atol=1e-15)


@pytest.mark.exhaustive
def test_derivatives_of_a_drawn_easing_are_those_of_the_curve_at_any_order():
    x1, y1, x2, y2 = 0.4, 0.1, 0.2, 0.9

    def place(s, one, two):
        return 3 * s * (1 - s) ** 2 * one + 3 * s**2 * (1 - s) * two + s**3

    with mpmath.workdps(60), jax.enable_x64(True):

        def exactly(u):
            root = mpmath.findroot(lambda s: place(s, x1, x2) - u, (0, 1), solver="anderson")
            return place(root, y1, y2)

        wanted = mpmath.taylor(exactly, mpmath.mpf(0.3), 8)
        scaled = [float(c * mpmath.factorial(n)) for n, c in enumerate(wanted)]
        curve = lambda u: jnp.stack([u, Easing(x1, y1, x2, y2)(u)])  # noqa: E731
        found = jet(curve, jnp.array([0.3]), order=8)[:, 0, 1]
        np.testing.assert_allclose(found, scaled, rtol=1e-9)

        def seen(numbers):
            return Easing(*numbers)(0.3)

        numbers = jnp.array([x1, y1, x2, y2])
        steps = 1e-6 * np.eye(4)
        slopes = [(seen(numbers + d) - seen(numbers - d)) / 2e-6 for d in steps]
        np.testing.assert_allclose(jax.grad(seen)(numbers), slopes, rtol=1e-7)


def test_where_the_curve_is_vertical_its_derivative_is_finite():
    for numbers, u in [((0, 1, 0.5, 1), 0.0), ((0.5, 0, 1, 0.5), 1.0), ((1, 0, 0, 1), 0.5)]:
        assert np.isfinite(jax.grad(Easing(*numbers))(u))
    for numbers in [(1.1, 0, 0, 1), (0, 0, -0.1, 1)]:
        with pytest.raises(ArtError, match="of an easing is from 0 to 1, not"):
            Easing(*numbers)
