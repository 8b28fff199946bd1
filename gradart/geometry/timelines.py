"""A film parted in time: parts with names, one after the other, and values at some times."""

import functools
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_floats
from gradart.errors import ArtError
from gradart.geometry.easing import Motion, ease
from gradart.types import Number, Numbers, Scalars

Frame = TypeVar("Frame")


@dataclass(frozen=True)
class Timeline:
    """Parts of a film by their names, with the playheads at which each starts and ends."""

    parts: Mapping[str, tuple[float, float]]

    def __getattr__(self, name: str) -> Callable[..., Scalars]:
        """What a part called so makes of playheads: (u, kind="smooth") -> in [0, 1]."""
        if name.startswith("__"):  # which pickle and copy ask for, before there are parts
            raise AttributeError(name)
        if name not in self.parts:
            raise _NoPart(f"the timeline has no part {name}; it has {', '.join(self.parts)}")
        start, end = self.parts[name]
        return functools.partial(_part, start=start, end=end)

    def __dir__(self) -> list[str]:
        """The parts, for who completes a name."""
        return list(self.parts)


class _NoPart(ArtError, AttributeError):
    """A part that a timeline does not have."""


def _part(u: Numbers, kind: str | Motion = "smooth", *, start: float, end: float) -> Scalars:
    return ease(u, start, end, kind)


def timeline(*, overlap: Number = 0.0, **parts: Number) -> Timeline:
    """The parts of a film, one after the other: each as a function of the playhead, by its name.

    `parts` are names and durations, in any unit: together they are the whole film. Each, like
    `clock.rise(u)`, is 0 before its time, 1 after it, and in between goes there softly, or as
    `clock.rise(u, "bounce")` says: see `ease`. Nothing moves in a part that nothing asks for.
    `overlap`, from 0 to 1, is how much of the shorter of two neighbors both are under way. ArtError
    for a duration that is not above 0.

    >>> clock = ga.timeline(rise=0.5, hold=0.2, fall=0.3)
    >>> u = jnp.linspace(0, 1, 200)
    >>> ga.lines(jnp.stack([u, clock.rise(u) - clock.fall(u)], -1))
    """
    if not parts:
        raise ArtError("a timeline has parts: ga.timeline(rise=0.5, hold=0.2, fall=0.3)")
    if wrong := next((name for name in parts if name == "parts" or name[0] == "_"), None):
        raise ArtError(f"a part of a timeline cannot be called {wrong}; call it otherwise")
    lengths = [float(np.asarray(as_number(x, n, "duration", above=0))) for n, x in parts.items()]
    shared = float(np.asarray(as_number(overlap, "overlap", least=0)))
    if shared > 1:
        raise ArtError(f"overlap is {short(overlap)}: give a part from 0 to 1")
    starts = [0.0]
    for one, following in itertools.pairwise(lengths):
        starts.append(starts[-1] + one - shared * min(one, following))
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    whole = max(ends)
    times = [(start / whole, end / whole) for start, end in zip(starts, ends, strict=True)]
    return Timeline(dict(zip(parts, times, strict=True)))


def keyframes(frames: Mapping[float, Frame], *, loop: bool = False) -> Callable[[Numbers], Frame]:
    """Values at some playheads as a function of all of them, smoothly through each.

    `frames` are playheads and what is there: numbers, arrays, or dicts, tuples and lists of these,
    all of one form, as {0: a, 0.4: b, 1: c}. Between two of them each number is a cubic, whose
    speed and acceleration go on smoothly at each; at the first and last all is at rest, and stays
    so. With `loop` u = 1 is u = 0, where the motion goes on smoothly too. Splines: C. de Boor, "A
    Practical Guide to Splines" (1978), chapter 4.

    The function takes playheads (...) and gives the values there, arrays with those axes first; it
    can be traced, and differentiated by u and the values. ArtError for fewer than two frames, and
    for values that do not match.

    >>> move = ga.keyframes({0: (0.0, 0.0), 0.4: (1.0, 2.0), 1: (3.0, 0.0)})
    >>> ga.dots(jnp.stack(move(jnp.linspace(0, 1, 40)), -1))
    """
    if not isinstance(frames, Mapping) or len(frames) < 2:
        raise ArtError("keyframes are two or more: ga.keyframes({0: a, 0.4: b, 1: c})")
    order = sorted(frames, key=lambda time: as_number(time, "a playhead"))
    times = np.array(order, float)
    leaves, form = _leaves(frames[order[0]])
    columns = [leaves]
    for time in order[1:]:
        more, other = _leaves(frames[time])
        if other != form or any(a.shape != b.shape for a, b in zip(leaves, more, strict=True)):
            raise ArtError(f"the frame at {time:g} has another form or shape than the first")
        columns.append(more)
    values = [jnp.stack(column) for column in zip(*columns, strict=True)]
    if loop:
        if not 0 <= times[0] < times[-1] < 1:
            raise ArtError("a loop has its frames from 0 on and before 1, where the first is again")
        times = np.append(times, times[0] + 1)
        values = [jnp.concatenate([each, each[:1]]) for each in values]
    slopes = _slopes(times, loop)

    def at(u: Numbers) -> Frame:
        way = as_floats(u, "u")
        way = times[0] + (way - times[0]) % 1 if loop else jnp.clip(way, times[0], times[-1])
        return jax.tree.unflatten(form, [_between(way, times, slopes, each) for each in values])

    return at


def _leaves(frame: object) -> tuple[list[jax.Array], object]:
    leaves, form = jax.tree.flatten(frame)
    return [as_floats(leaf, "a number of a frame") for leaf in leaves], form


def _slopes(times: np.ndarray, loop: bool) -> np.ndarray:
    """The matrix (n, n) that makes of values at n times the spline's slopes there."""
    n, gaps = len(times), np.diff(times)
    left, right = np.zeros((n, n)), np.zeros((n, n))  # left @ slopes = right @ values
    left[[0, -1], [0, -1]] = 1  # at rest
    inner = [(i, i - 1, i, i + 1) for i in range(1, n - 1)]
    if loop:  # the last is the first, and its neighbors are those of both
        inner.append((0, n - 2, 0, 1))
        left[-1, 0] = -1
        left[0] = 0
    for row, before, at, after in inner:
        h, k = gaps[before], gaps[at]
        left[row, [before, after]] += k, h
        left[row, at] += 2 * (h + k)
        right[row, [before, at, after]] += -3 * k / h, 3 * (k / h - h / k), 3 * h / k
    return np.linalg.solve(left, right)


@jax.jit
def _between(u: jax.Array, times: ArrayLike, slopes: ArrayLike, values: jax.Array) -> jax.Array:
    """The cubics through values (n, ...) at times, at playheads (...), whose axes come first."""
    knots = jnp.asarray(times, u.dtype)
    speed = jnp.tensordot(jnp.asarray(slopes, values.dtype), values, 1, precision="highest")
    i = jnp.clip(jnp.searchsorted(knots, u, side="right") - 1, 0, len(knots) - 2)
    gap = knots[i + 1] - knots[i]
    s = (u - knots[i]) / gap
    s, gap = (x.reshape(*u.shape, *(1,) * (values.ndim - 1)) for x in (s, gap))
    a, b, p, q = values[i], values[i + 1], gap * speed[i], gap * speed[i + 1]
    # Hermite's form: values and slopes at both ends.
    return a + s * (p + s * (3 * (b - a) - 2 * p - q + s * (2 * (a - b) + p + q)))
