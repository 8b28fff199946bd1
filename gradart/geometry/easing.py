"""Easing: the even run of the playhead made into a motion that starts, stops, rings or bounces.

The motions by name are those of R. Penner, "Programming Macromedia Flash MX" (2002), chapter 7, of
which each but the bounce is written as it begins; ended by it, a motion is the same backward.
One that is drawn as a Bezier curve is that of CSS, `cubic-bezier()` in "CSS Easing Functions".
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count, as_floats, concrete
from gradart.calculus.vectors import safe_sqrt
from gradart.errors import ArtError
from gradart.types import Number, Numbers, Scalars

Motion = Callable[[jax.Array], jax.Array]  # of [0, 1], 0 at 0 and 1 at 1
_RATIO = 0.3  # of the spring that is called by name: how its swing shrinks


def ease(
    u: Numbers, start: Numbers = 0.0, end: Numbers = 1.0, kind: str | Motion = "smooth"
) -> Scalars:
    """A motion of the playhead from 0, up to a start, to 1, from an end on: by default a soft step.

    The result has the shape of `u`, and goes from 0 at `start` to 1 at `end`. Of the `kind`
    "smooth" speed and acceleration are 0 at both (6 s^5 - 15 s^4 + 10 s^3, K. Perlin, "Improving
    noise", 2002), so that a whole turn by `ease(u)` loops without a jolt.

    The others are "linear", and after R. Penner (2002) "quad", "cubic", "quart", "quint", "sine",
    "expo", "circ", "back", which goes too far and comes back, "elastic" and "bounce": with "in_"
    before it, as in "in_cubic", softly begun, with "out_", or alone, softly ended, with "in_out_"
    both. "spring" swings about 1, is within 1/1000 of it at `end`, and goes on. A function from
    [0, 1], like an `Easing`, is a kind too. ArtError for another kind, and where the end is not
    after the start.

    >>> u = jnp.linspace(0, 1, 100)
    >>> there_and_back = ga.ease(u, 0, 0.4) - ga.ease(u, 0.6, 1)
    >>> ga.lines(jnp.stack([u, there_and_back], -1))
    >>> ga.lines(jnp.stack([u, ga.ease(u, 0, 1, "bounce")], -1))
    >>> ga.lines(jnp.stack([u, ga.ease(u, 0.2, 0.8, ga.Easing(0.9, 0, 0.1, 1))], -1))
    """
    if isinstance(start, str):
        raise ArtError(f"start is {start!r}; of what kind a motion is, write kind={start!r}")
    begin, stop = as_floats(start, "start"), as_floats(end, "end")
    if concrete(begin, stop) and not (begin < stop).all():
        raise ArtError(f"ease runs from start to a later end, not from {start} to {end}")
    s = (as_floats(u, "u") - begin) / (stop - begin)
    if callable(kind):
        return jnp.asarray(kind(jnp.clip(s, 0, 1)))
    name = _known(kind)
    if name == "spring":
        return spring(s, 2 * math.pi * _RATIO / math.log(1e3), _RATIO)
    s = jnp.clip(s, 0, 1)
    if name == "smooth":
        return s**3 * (10 + s * (6 * s - 15))
    return s if name == "linear" else _eased(s, name)


@functools.partial(jax.jit, static_argnames="kind")
def _eased(s: jax.Array, kind: str) -> jax.Array:
    way, _, name = kind.rpartition("_")
    if way == "in_out":
        half = _BOTH.get(name, _IN[name])
        # Each half is looked at in its own half of the way alone.
        first, second = half(jnp.minimum(2 * s, 1)), half(jnp.minimum(2 - 2 * s, 1))
        return jnp.where(s < 0.5, first / 2, 1 - second / 2)
    return _IN[name](s) if way == "in" else 1 - _IN[name](1 - s)


def _known(kind: str) -> str:
    """The full name of a kind of easing, "out_cubic" for "cubic"; ArtError if there is none."""
    if kind in ("smooth", "linear", "spring"):
        return kind
    if not isinstance(kind, str):
        raise ArtError(f"a kind of easing is a name, like 'in_out_cubic', not {short(kind)}")
    way, _, name = kind.rpartition("_")
    if name not in _IN or way not in ("", "in", "out", "in_out"):
        raise ArtError(
            f"no easing {kind!r}; there are smooth, linear, spring, and {', '.join(_IN)}, with"
            " in_, out_ or in_out_ before: 'in_out_cubic'"
        )
    return f"{way or 'out'}_{name}"


def _expo(s: jax.Array) -> jax.Array:
    return jnp.where(s > 0, 2.0 ** (10 * (s - 1)), 0)


def _back(s: jax.Array, over: float = 1.70158) -> jax.Array:
    return s * s * ((over + 1) * s - over)


def _elastic(s: jax.Array, period: float = 0.3) -> jax.Array:
    t = s - 1
    wave = -(2.0 ** (10 * t)) * jnp.sin((t - period / 4) * (2 * jnp.pi / period))
    return jnp.where(s > 0, jnp.where(s < 1, wave, 1), 0)


def _bounce(s: jax.Array) -> jax.Array:
    t = 1 - s
    arcs = [(0.0, 0.0), (1.5, 0.75), (2.25, 0.9375), (2.625, 0.984375)]
    first, *rest = (7.5625 * (t - at / 2.75) ** 2 + floor for at, floor in arcs)
    for edge, arc in zip((1, 2, 2.5), rest, strict=True):
        first = jnp.where(t < edge / 2.75, first, arc)
    return 1 - first


_IN: dict[str, Motion] = {
    "quad": lambda s: s**2,
    "cubic": lambda s: s**3,
    "quart": lambda s: s**4,
    "quint": lambda s: s**5,
    "sine": lambda s: 1 - jnp.cos(s * jnp.pi / 2),
    "expo": _expo,
    "circ": lambda s: 1 - safe_sqrt(1 - s * s),
    "back": _back,
    "elastic": _elastic,
    "bounce": _bounce,
}
_BOTH: dict[str, Motion] = {  # which Penner gives other numbers where they begin and end
    "back": functools.partial(_back, over=1.70158 * 1.525),
    "elastic": functools.partial(_elastic, period=0.3 * 1.5),
}


@dataclass(frozen=True)
class Easing:
    """A motion from 0 to 1 that is drawn as a Bezier curve: `pace = ga.Easing(0.4, 0, 0.2, 1)`.

    The curve goes from (0, 0) to (1, 1), towards (`x1`, `y1`) and then from (`x2`, `y2`), across
    being time: CSS's `cubic-bezier(x1, y1, x2, y2)`. `pace(u)` has the shape of `u`; before 0 it is
    0, after 1 it is 1, and `ease(u, 0.2, 0.8, pace)` goes so from 0.2 to 0.8. Each x is from 0 to
    1, or else ArtError; y may go too far and come back. Derivatives are exact, by u and by the four
    numbers; where the curve is vertical, they are 0. A sketch's parameter that is one has an editor
    on the live page, and is `--pace 0.4,0,0.2,1` on the command line. A frozen value and a pytree.

    >>> pace = ga.Easing(0.4, 0, 0.2, 1)
    >>> u = jnp.linspace(0, 1, 100)
    >>> ga.lines(jnp.stack([u, pace(u)], -1))
    """

    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        for name, x in (("x1", self.x1), ("x2", self.x2)):
            if isinstance(x, int | float) and not 0 <= x <= 1:
                raise ArtError(f"{name} of an easing is from 0 to 1, not {short(x)}")

    def __call__(self, u: Numbers) -> Scalars:
        ends = {"x1": self.x1, "y1": self.y1, "x2": self.x2, "y2": self.y2}
        known = [as_floats(as_number(x, name), name) for name, x in ends.items()]
        return _drawn(as_floats(u, "u"), *known)


jax.tree_util.register_dataclass(Easing, ["x1", "y1", "x2", "y2"], [])


_VERTICAL = 1e-6  # a slope of x below which a curve counts as vertical


@jax.jit
def _drawn(u: jax.Array, x1: jax.Array, y1: jax.Array, x2: jax.Array, y2: jax.Array) -> jax.Array:
    return _cubic(_where(jnp.clip(u, 0, 1), x1, x2), y1, y2)


def _cubic(s: jax.Array, one: jax.Array, two: jax.Array) -> jax.Array:
    """A coordinate of the curve at s, of that of its two handles."""
    return s * (3 * (1 - s) * ((1 - s) * one + s * two) + s * s)


def _slope(s: jax.Array, one: jax.Array, two: jax.Array) -> jax.Array:
    return 3 * ((1 - s) ** 2 * one + 2 * s * (1 - s) * (two - one) + s * s * (1 - two))


@jax.custom_jvp
def _where(u: jax.Array, x1: jax.Array, x2: jax.Array) -> jax.Array:
    """Where on the curve x is u: found by halves, and then by a step of Newton's method."""

    def halved(i: int, low: jax.Array) -> jax.Array:
        middle = low + jnp.asarray(0.5, low.dtype) ** (i + 1)
        return jnp.where(_cubic(middle, x1, x2) <= u, middle, low)

    s = jax.lax.fori_loop(0, 53, halved, jnp.zeros_like(u))
    return s - _over(_cubic(s, x1, x2) - u, _slope(s, x1, x2))


@_where.defjvp
def _moved(
    now: tuple[jax.Array, jax.Array, jax.Array], by: tuple[jax.Array, jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    """By the implicit function theorem, and so at each order: the place itself is in the rule."""
    u, x1, x2 = now
    s = _where(u, x1, x2)
    gap = by[0] - 3 * s * (1 - s) * ((1 - s) * by[1] + s * by[2])
    return s, _over(gap, _slope(s, x1, x2))


def _over(gap: jax.Array, slope: jax.Array) -> jax.Array:
    """The step across a gap; none where the curve is vertical."""
    steep = slope > _VERTICAL
    return jnp.where(steep, gap / jnp.where(steep, slope, 1), 0)


def spring(t: Numbers, period: Number = 0.3, damping: Number = 0.2) -> Scalars:
    """Where a spring is that is let go at time 0, at rest at 0, and drawn to 1: the shape of `t`.

    `period` is the time of one swing if nothing damped it; a `damping` of 0 lets it swing for ever,
    and from 1 on it does not swing. The exact solution of x'' = w^2 (1 - x) - 2 d w x', with w =
    2 pi / `period`. Before time 0 it is 0. ArtError for a period not above 0, or damping below 0.

    >>> u = jnp.linspace(0, 1, 200)
    >>> ga.lines([jnp.stack([u, ga.spring(u, 0.2, d)], -1) for d in (0.1, 0.3, 1)])
    """
    turn = as_floats(as_number(period, "period", "time", above=0), "period")
    ratio = as_floats(as_number(damping, "damping", least=0), "damping")
    return _spring(as_floats(t, "t"), 2 * jnp.pi / turn, ratio)


@jax.jit
def _spring(t: jax.Array, speed: jax.Array, ratio: jax.Array) -> jax.Array:
    x = jnp.maximum(t, 0) * speed
    square = 1 - ratio**2
    swings, falls = square > 1e-9, square < -1e-9
    # Each root is taken of what is its own, for the derivative of the other is there as well.
    w = jnp.sqrt(jnp.where(swings, square, 1))
    v = jnp.sqrt(jnp.where(falls, -square, 1))
    fade = jnp.exp(-ratio * x)
    swinging = fade * (jnp.cos(w * x) + ratio / w * jnp.sin(w * x))
    # What is not looked at must not overflow either: nothing times infinity is its derivative.
    slow, fast = jnp.exp(jnp.where(falls, v - ratio, 0) * x), jnp.exp(-(v + ratio) * x)
    falling = ((1 + ratio / v) * slow + (1 - ratio / v) * fast) / 2
    return 1 - jnp.where(swings, swinging, jnp.where(falls, falling, fade * (1 + x)))


def ping_pong(u: Numbers, times: int = 1) -> Scalars:
    """There and back, evenly: 0 where the playhead is 0, 1 where it is half of its way, then 0.

    The result has the shape of `u`; so a film of `ping_pong(u)` loops. It goes there and back
    `times` times while u goes from 0 to 1. `ease(ping_pong(u))` slows down at both ends.

    >>> u = jnp.linspace(0, 1, 100)
    >>> ga.lines(jnp.stack([u, ga.ease(ga.ping_pong(u, 2))], -1))
    """
    way = as_floats(u, "u") * as_count(times, "times", 1) % 1
    return 1 - jnp.abs(2 * way - 1)


def stagger(u: Numbers, n: int, overlap: Number = 0.5) -> Scalars:
    """The playhead of each of several motions that set out one after the other: (..., n).

    Of playheads `u` (...), each of the `n` goes evenly from 0 to 1; the first sets out at u = 0,
    the last arrives at u = 1. `overlap` is the part of a motion during which the next is on its way
    too: with 0 each waits for the one before it, with 1 all go at once.

    >>> u = jnp.linspace(0, 1, 200)
    >>> heights = ga.ease(ga.stagger(u, 5, overlap=0.7)).T
    >>> ga.lines(jnp.stack([jnp.broadcast_to(u, heights.shape), heights], -1))
    """
    count = as_count(n, least=0)
    apart = 1 - as_floats(as_number(overlap, "overlap", least=0), "overlap")
    if concrete(overlap) and np.asarray(overlap) > 1:
        raise ArtError(f"overlap is {short(overlap)}: give a part from 0 to 1")
    starts = jnp.arange(count) * apart  # in units of what one motion takes
    whole = 1 + max(0, count - 1) * apart
    return jnp.clip(as_floats(u, "u")[..., None] * whole - starts, 0, 1)
