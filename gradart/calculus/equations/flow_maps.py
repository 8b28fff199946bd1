"""Where a flow carries points in a time, and how it stretches what lies around them on the way.

A flow is given by its velocity, a function of a point, or of a point and the time if it changes.
"""

import inspect
from collections.abc import Callable
from typing import cast

import jax
import jax.numpy as jnp

from gradart.calculus.boxes import own_box
from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import (
    as_count,
    as_points,
    as_starts,
    checked,
    concrete,
    fitting,
    map_of,
)
from gradart.calculus.checks.misuse import taking
from gradart.calculus.equations.runge_kutta import runge_kutta
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import traced
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.types import Field, Function, Map, Number, Numbers

MovingMap = Callable[[jax.Array, jax.Array], jax.Array]  # of a point and a time
Velocity = Map | MovingMap


def flow_map(velocity: Velocity, time: Number, *, start: Number = 0.0, steps: int = 100) -> Map:
    """The map from a point to the place where a flow carries it in a time.

    `velocity` is a function of a point, (d,) -> (d,), or of a point and the time, p, t -> (d,), for
    a flow that changes. The point is let go at the time `start` and followed for `time`, backward
    if that is negative. That is done by the classic Runge-Kutta method in `steps` equal steps,
    whose error falls as their fourth power.

    The map can be differentiated to any order. Its derivative, by which a small neighborhood is
    turned and stretched, is what the method gives for the variational equations. Where a point
    leaves the finite numbers, its place is not finite.

    >>> def swirl(p):
    ...     return jnp.array([-p[1], p[0]]) / (0.2 + p @ p)
    >>> rings = ga.point(ga.circle(0.3), jnp.linspace(0, 6.2832, 300)) + jnp.array([0.6, 0])
    >>> ga.lines(ga.value(ga.flow_map(swirl, 3.0), rings))
    """
    time, begin = as_number(time, "time"), as_number(start, "start")
    count = as_count(steps, "steps", 1)
    moving = _of_place_and_time(velocity)

    def flow(p: jax.Array) -> jax.Array:
        place = as_points(p, "p")
        if place.ndim != 1:
            raise ArtError(
                f"a flow map takes a point, not an array of shape {place.shape}:"
                " ga.value(flow, points) is for many"
            )
        h = jnp.asarray(time / count, place.dtype)
        state = jnp.append(place, jnp.asarray(begin, place.dtype))

        def step(q: jax.Array, _: None) -> tuple[jax.Array, None]:
            return runge_kutta(moving, q, h), None

        return jax.lax.scan(step, state, length=count)[0][:-1]

    return _with_box_of(velocity, flow)


def stretching(velocity: Velocity, time: Number, *, start: Number = 0.0, steps: int = 100) -> Field:
    """The field that tells how fast a flow parts neighbors: the finite-time Lyapunov exponent.

    It is log(s) / abs(time), where s is how many times as long the flow makes the vector that it
    stretches most: the largest singular value of the derivative of `flow_map`, which has the same
    arguments, `velocity`, `time`, `start` and `steps`. Its unit is that of 1 / time. Ridges of it
    part what goes different ways; with a negative time, they are what things gather along.

    By the exact derivative, and not by how far apart neighbors of a grid come. G. Haller,
    "Lagrangian coherent structures", Annual Review of Fluid Mechanics 47 (2015).

    >>> def waves(p, t):
    ...     return jnp.array([jnp.sin(p[1] + t), jnp.sin(p[0])])
    >>> box = ((-3, -3), (3, 3))
    >>> rate = ga.value(ga.stretching(waves, 4.0, steps=20), ga.grid(60, 60, box))
    >>> ga.raster(rate / rate.max(), box)
    """
    if concrete(as_number(time, "time")) and time == 0:
        raise ArtError("time is 0, in which nothing is stretched: give another one")
    flow = flow_map(velocity, time, start=start, steps=steps)

    def rate(p: jax.Array) -> jax.Array:
        place = as_points(p, "p")
        slopes = explained(jax.jacfwd(traced(flow, place)))(place)
        # By what is 1 at most: after a long time the square of a slope is no finite number.
        most = jax.lax.stop_gradient(jnp.max(jnp.abs(slopes)))
        most = jnp.where((most > 0) & jnp.isfinite(most), most, 1)
        stretched = jnp.log(_largest_singular_value(slopes / most)) + jnp.log(most)
        return stretched / jnp.abs(time)

    return _with_box_of(velocity, rate)


def lyapunov(map: Map, start: Numbers, *, steps: int = 1000) -> jax.Array:
    """The Lyapunov exponents of an orbit, by how much a step stretches: (d,), the largest first.

    The `map`, (d,) -> (d,), is applied to the point `start` (d,) for `steps` steps, and its
    derivative carries d vectors along, which are made square to each other again after each step.
    An exponent is the mean of the logarithm by which the vectors grow; above 0 there is chaos. Of a
    flow take its `flow_map` for a short time, and divide by that time. Of a map that depends on two
    numbers it is a field of them.

    G. Benettin, L. Galgani, A. Giorgilli and J.-M. Strelcyn, "Lyapunov characteristic exponents for
    smooth dynamical systems", Meccanica 15 (1980).

    >>> exponents = ga.lyapunov(lambda x: 4 * x * (1 - x), jnp.array([0.3]))
    >>> abs(float(exponents[0]) - 0.693) < 0.05
    True
    """
    then, place, count = _map_and_start(map, start, steps)

    def step(
        state: tuple[jax.Array, jax.Array, jax.Array], _: None
    ) -> tuple[tuple[jax.Array, jax.Array, jax.Array], None]:
        p, axes, grown = state
        p, axes, r = _carried(then, p, axes)
        return (p, axes, grown + jnp.log(jnp.diagonal(r))), None

    state = place, jnp.eye(len(place), dtype=place.dtype), jnp.zeros_like(place)
    (_, _, grown), _ = explained(jax.lax.scan)(step, state, length=count)
    return jnp.sort(grown / count, descending=True)


def lyapunov_vectors(
    map: Map, start: Numbers, *, steps: int = 1000, settle: int = 100
) -> tuple[jax.Array, jax.Array]:
    """The directions in which an orbit's neighbors part and come together: points and vectors.

    The `map`, (d,) -> (d,), is applied to the point `start` (d,). After `settle` steps, so that all
    directions are found, come the `steps` points that are given back, (steps, d), and at each the d
    unit vectors (steps, d, d), whose first axis after the steps counts them: what is put off along
    the first grows by the largest exponent of `lyapunov`, and along the last by the least. The map
    takes each to that at the next point. They need not be square to each other; one of a flow is
    its velocity.

    These are the covariant Lyapunov vectors: F. Ginelli and others, "Characterizing dynamics with
    covariant Lyapunov vectors", Physical Review Letters 99 (2007).

    >>> def henon(p):
    ...     return jnp.array([1 - 1.4 * p[0] ** 2 + p[1], 0.3 * p[0]])
    >>> points, vectors = ga.lyapunov_vectors(henon, jnp.zeros(2), steps=300)
    >>> ga.segments(points, points + 0.1 * vectors[:, 1])  # along which they come together
    """
    then, place, count = _map_and_start(map, start, steps)
    early = fitting(as_count(settle, "settle", 0), "settle", 6 * place.size**2)
    fitting(count, "steps", 3 * place.size**2)

    def forward(
        state: tuple[jax.Array, jax.Array], _: None
    ) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array, jax.Array]]:
        p, axes = state
        q, turned, r = _carried(then, p, axes)
        return (q, turned), (p, axes, r)

    def backward(shares: jax.Array, r: jax.Array) -> tuple[jax.Array, jax.Array]:
        shares = jax.scipy.linalg.solve_triangular(r, shares)
        shares = shares / jnp.linalg.norm(shares, axis=0)
        return shares, shares

    eye = jnp.eye(len(place), dtype=place.dtype)
    _, (points, axes, r) = explained(jax.lax.scan)(forward, (place, eye), length=count + 2 * early)
    # What lies in the first k axes stays in them, so that shares are triangular; on the way back
    # each column turns to the last that it has a share of, which then shrinks least.
    _, shares = jax.lax.scan(backward, eye, r, reverse=True)
    vectors = (axes @ shares).swapaxes(-1, -2)
    return points[early : early + count], vectors[early : early + count]


def _map_and_start(map: Map, start: Numbers, steps: int) -> tuple[Function, jax.Array, int]:
    """The map, the point (d,) at which an orbit of it begins, and the number of steps, checked."""
    place, count = as_starts(start, "start"), as_count(steps, "steps", 1)
    if place.ndim != 1:
        raise ArtError(f"start has shape {place.shape}: give one point, and jax.vmap for many")
    return traced(checked(map, map_of(place.shape)), place), place, count


def _carried(
    then: Function, p: jax.Array, axes: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The next point (d,), the axes (d, d) there, square again, and how they came: r (d, d)."""

    def both(p: jax.Array) -> tuple[jax.Array, jax.Array]:
        q = then(p)
        return q, q

    slopes, q = jax.jacfwd(both, has_aux=True)(p)
    turned, r = jnp.linalg.qr(slopes @ axes)
    way = jnp.where(jnp.diagonal(r) < 0, -1, 1).astype(p.dtype)
    return q, turned * way, r * way[:, None]


def _largest_singular_value(a: jax.Array) -> jax.Array:
    """How many times as long a matrix (d, d) makes the vector that it stretches most."""
    if a.shape != (2, 2):
        return jnp.sqrt(jnp.linalg.eigvalsh(a.T @ a)[-1])
    # A plane map is a turn with a scaling, and a reflection with a scaling: they add up.
    turned = jnp.array([a[0, 0] + a[1, 1], a[1, 0] - a[0, 1]])
    reflected = jnp.array([a[0, 0] - a[1, 1], a[1, 0] + a[0, 1]])
    return (safe_norm(turned) + safe_norm(reflected)) / 2


def _of_place_and_time(velocity: Velocity) -> Function:
    """The velocity of a point with its time behind it, (d + 1,) -> (d + 1,): time passes at 1."""
    if not callable(velocity):
        raise ArtError(f"velocity is {short(velocity)}: give a function, lambda p: ... or p, t")
    if not (takes_time := _needs_two(velocity)):
        taking(velocity, "velocity", "of a point, lambda p: ..., or of p, t", 1)

    def moving(q: jax.Array) -> jax.Array:
        place, now = q[:-1], q[-1]

        def here(p: jax.Array) -> jax.Array:
            # Told by its signature alone, which no type of Python 3.11 can say of the other case.
            return cast(MovingMap, velocity)(p, now) if takes_time else cast(Map, velocity)(p)

        here.__name__ = getattr(velocity, "__name__", "velocity")
        return jnp.append(checked(here, map_of(place.shape))(place), jnp.ones((), q.dtype))

    return moving


def _needs_two(f: Callable[..., object]) -> bool:
    """Whether a function cannot be called without a second argument by its place: the time."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # some callables do not tell
        return False
    placed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in placed and p.default is p.empty for p in parameters) == 2


def _with_box_of(velocity: Velocity, made: Function) -> Function:
    """What was made of a velocity, with its box, if it has one."""
    if (box := own_box(velocity)) is not None:
        made.__dict__["box"] = box
    return made
