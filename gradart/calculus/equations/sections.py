"""Poincaré sections: where the trajectories of a flow pass through a curve or surface."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import (
    FIELD,
    as_count,
    as_starts,
    checked,
    concrete,
    fitting,
    map_of,
)
from gradart.calculus.equations.block_scan import blocks_while
from gradart.calculus.equations.runge_kutta import runge_kutta
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.calculus.programs.present_values import of_moving
from gradart.errors import warn
from gradart.types import Field, Map

BLOCK = 32  # steps that are taken together on the way of a derivative
REFINED = 10  # steps of Newton's method, kept between the ends of the step that crosses


def poincare(
    velocity: Map,
    starts: ArrayLike,
    section: Field,
    *,
    n: int = 100,
    step: float = 0.01,
    steps: int = 100_000,
) -> jax.Array:
    """The Poincaré section of a flow: the first n crossings of each trajectory, (..., n, d).

    `velocity` is a vector field, (d,) -> (d,), and each of `starts` (..., d) is followed along it
    until it has passed `n` times through the zeros of `section`, a function of a point, (d,) -> (),
    from below 0 to 0 or above; its negative is for the other direction. It takes at most `steps`
    steps of the time `step` of the classic Runge-Kutta method; crossings that have not happened by
    then are NaN, which a warning counts.

    In the step that crosses, the time of the crossing is a root, found by Newton's method on
    shorter steps: `section` there is 0 to rounding, and the error is that of the trajectory, which
    falls as the fourth power of `step`. Two crossings within one step are not seen. The crossings
    can be differentiated, forward and backward, and for `n=1` they are the return map: `lyapunov`
    takes it. A flow that is driven with a period has its
    `flow_map` of that time to `iterate` in place of this.

    M. Hénon, "On the numerical computation of Poincaré maps", Physica D 5 (1982), has another way
    to the root, for sections on which a coordinate is constant.

    >>> def pendulum(p):
    ...     return jnp.array([p[1], -jnp.sin(p[0])])
    >>> swings = jnp.stack([jnp.linspace(-2, -0.2, 10), jnp.zeros(10)], -1)
    >>> ga.poincare(pendulum, swings, lambda p: p[0], n=1, step=0.05).shape
    (10, 1, 2)
    """
    starts, steps = as_starts(starts, "starts"), as_count(steps, "steps", 1)
    count = fitting(as_count(n, "n", 1), "n", starts.size)
    flat = starts.reshape(-1, starts.shape[-1])
    one = jax.ShapeDtypeStruct(starts.shape[-1:], starts.dtype)
    h = jnp.asarray(as_number(step, "step"), starts.dtype)
    course = traced(checked(velocity, map_of(one.shape)), one)
    height = traced(checked(section, FIELD), one)
    parts = course, height, flat, h
    found = explained(_crossings)(*parts, count, steps)
    if concrete(found):
        short = np.isnan(np.asarray(found)[:, -1]).any(axis=1)
        if missing := int(short.sum()):
            warn(
                f"{missing} of {len(flat)} trajectories have not crossed the section {count} times"
                f" in {steps} steps: give more steps, or another section"
            )
    return found.reshape(*starts.shape[:-1], count, starts.shape[-1])


# Velocity, section, starts (m, d), and the time of a step.
Parts = tuple[TracedFunction, TracedFunction, jax.Array, jax.Array]


@functools.partial(jax.jit, static_argnames=("n", "steps"))
def _crossings(
    velocity: TracedFunction,
    section: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
    n: int,
    steps: int,
) -> jax.Array:
    """The crossings (m, n, d) of trajectories from starts (m, d), NaN where there is none."""
    found = functools.partial(_found, n=n, steps=steps)

    @jax.custom_jvp
    def crossings(*parts: *Parts) -> jax.Array:
        return _refined(found(*parts)[0], *parts)

    @functools.partial(crossings.defjvp, symbolic_zeros=True)
    def _(primals: Parts, tangents: tuple[object, ...]) -> tuple[jax.Array, jax.Array]:
        # A loop of any length has no derivative backward: the steps are counted, and taken again.
        _, when = found(*jax.lax.stop_gradient(primals))

        def again(*parts: *Parts) -> jax.Array:
            there = _refined(_found_again(when, steps, *parts), *parts)
            return jnp.where((when < 0)[..., None], jnp.nan, there)

        return jax.jvp(*of_moving(again, primals, tangents))

    return crossings(velocity, section, starts, h)


def _found(
    velocity: TracedFunction,
    section: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
    n: int,
    steps: int,
) -> tuple[jax.Array, jax.Array]:
    """Where the steps begin that cross, (m, n, d), and after how many, (m, n): -1 for none."""
    rows = jnp.arange(len(starts))
    heights = jax.vmap(section)
    State = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]

    def unfinished(state: State) -> jax.Array:
        taken, points, _, count, *_ = state
        return (taken < steps) & ((count < n) & jnp.isfinite(points).all(-1)).any()

    def follow(state: State) -> State:
        taken, points, below, count, before, when = state
        after = jax.vmap(lambda p: runge_kutta(velocity, p, h))(points)
        above = heights(after)
        crossed = (below < 0) & (above >= 0)
        place = rows, jnp.where(crossed, count, n)
        before = before.at[place].set(points, mode="drop")
        when = when.at[place].set(taken, mode="drop")
        return taken + 1, after, above, count + crossed, before, when

    nowhere = jnp.full((len(starts), n, starts.shape[-1]), jnp.nan, starts.dtype)
    never, none = jnp.full((len(starts), n), -1), jnp.zeros(len(starts), int)
    first = (jnp.array(0), starts, heights(starts), none, nowhere, never)
    *_, before, when = jax.lax.while_loop(unfinished, follow, first)
    return before, when


def _found_again(
    when: jax.Array,
    steps: int,
    velocity: TracedFunction,
    _section: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
) -> jax.Array:
    """The same, if it is known after how many; the start where there is none."""
    last = when.max(axis=1)
    State = tuple[jax.Array, jax.Array, jax.Array]

    def follow(state: State, _: None) -> tuple[State, None]:
        taken, points, before = state
        before = jnp.where((when == taken)[..., None], points[:, None], before)
        after = jax.vmap(lambda p: runge_kutta(velocity, p, h))(points)
        return (taken + 1, jnp.where((taken < last)[:, None], after, points), before), None

    first = jnp.array(0), starts, jnp.repeat(starts[:, None], when.shape[1], axis=1)
    *_, before = blocks_while(
        lambda state: state[0] <= last,
        lambda state: jax.lax.scan(follow, state, length=BLOCK)[0],
        first,
        most=steps // BLOCK + 1,
    )
    return before


def _refined(
    before: jax.Array,
    velocity: TracedFunction,
    section: TracedFunction,
    _starts: jax.Array,
    h: jax.Array,
) -> jax.Array:
    """The crossings (m, n, d), from where the steps begin that cross."""
    crossing = functools.partial(_crossing, velocity, section, h)
    return jax.lax.map(jax.vmap(crossing), before)


def _crossing(
    velocity: TracedFunction, section: TracedFunction, h: jax.Array, p: jax.Array
) -> jax.Array:
    """The point (d,) of the section to which p (d,) moves in less than the time h."""

    def height(time: jax.Array) -> tuple[jax.Array, jax.Array]:
        return jax.jvp(
            lambda t: section(runge_kutta(velocity, p, t)), (time,), (jnp.ones_like(time),)
        )

    def refine(
        state: tuple[jax.Array, jax.Array, jax.Array], _: None
    ) -> tuple[tuple[jax.Array, jax.Array, jax.Array], None]:
        early, late, time = state
        value, slope = height(time)
        early, late = jnp.where(value < 0, time, early), jnp.where(value < 0, late, time)
        # A derivative of 0 leads nowhere, and a step beyond the bracket is halved into it.
        newton = time - value / jnp.where(slope != 0, slope, 1)
        inside = (slope != 0) & ((newton - early) * (newton - late) <= 0)
        return (early, late, jnp.where(inside, newton, (early + late) / 2)), None

    start = (jnp.zeros_like(h), h, h / 2)
    (_, _, time), _ = jax.lax.scan(refine, start, length=REFINED)
    return runge_kutta(velocity, p, time)
