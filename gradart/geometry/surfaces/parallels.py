"""Curves parallel to a curve on a surface, circles around a point, and where they fold."""

from functools import partial
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import Kind, as_count, as_floats, checked, outside
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import compiled
from gradart.calculus.programs.present_values import closes_over_moving, moves, present, stepped
from gradart.calculus.vectors import dot, normalized
from gradart.errors import ArtError
from gradart.geometry.surfaces.geodesics import change_along, laid, onward
from gradart.geometry.surfaces.surfaces import Surface, smooth
from gradart.types import Curve, Function, Number, Numbers

IN_SPACE: Kind = ("curve on the surface of a field", "(3,), in space", ((3,),))
IN_PLACES: Kind = ("curve on the surface of a map", "(2,), its parameters", ((2,),))
Reached = tuple[jax.Array, jax.Array, jax.Array]  # points, ways and sides, (k, 3)
Leg = tuple[jax.Array, jax.Array, jax.Array]  # a state, at which distance, and what is kept
Step = tuple[jax.Array, jax.Array]  # a state, and what is kept
A = TypeVar("A", jax.Array, np.ndarray)
CHUNK = 256  # geodesics at once
HALVINGS = 50  # of a step, in which geodesics meet


class Parallels(NamedTuple):
    """Parallel curves on a surface, a row for each distance."""

    lines: jax.Array
    """(k, m, 3)"""
    spread: jax.Array
    """(k, m), how fast a line goes with t, negative where it has folded"""


def parallels(
    surface: Surface, start: Curve | Numbers, t: Numbers, distances: Numbers, *, steps: int = 400
) -> Parallels:
    """Lines on a surface that keep a distance from a curve, or from a point; they may fold.

    `start` is a curve on the `surface`: of a field's, () -> (3,), a curve in space that is brought
    onto it; of a map's, () -> (2,), of its parameters. From its points at `t` (m,) geodesics are
    sent out at right angles, to its right as seen from where the field is positive, or from where
    the map's normal points, to `distances` (k,) along them; negative ones are to its left. Or it is
    a point, (3,) or (2,), and `t` are angles, counterclockwise: the lines are circles.

    `lines` (k, m, 3) has a row for each distance, NaN past the edge of what the surface is kept
    `within`. They go on where neighbors have met: `spread` (k, m) is how far a point of a line
    moves with t, and below 0 once it goes backward. A wave is as high as 1 / sqrt(abs(spread)).

    Geodesics go from each distance to the next in equal steps, about `steps` in all, by Runge and
    Kutta's method of order 4; neighbors are the geodesic's exact derivative by t. Traceable, also
    by distances.

    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> turn = jnp.linspace(0, 6.2832, 60)
    >>> circles = ga.parallels(ball, (0, 0, 1), turn, [0.5, 1, 1.5], steps=60)
    >>> ga.lines(ga.opaque(ball, ga.camera())(circles.lines))
    """
    smooth(surface, "parallels")
    begin, far = _sent(surface, start), jnp.ravel(as_floats(distances, "distances"))
    at = jnp.ravel(as_floats(t, "t"))
    count = -(-as_count(steps, "steps", 1) // max(1, len(far)))

    def look(t: jax.Array, far: jax.Array) -> tuple[jax.Array, jax.Array]:
        (point, _, side), (beside, *_) = _with_neighbors(surface, begin, t, far, count)
        return point, dot(beside, side)

    lines, spread = jax.jit(jax.vmap(look, (0, None), 1))(at, far)
    return Parallels(lines, spread)


def focal_lines(
    surface: Surface, start: Curve | Numbers, t: Numbers, *, length: Number, steps: int = 400
) -> np.ndarray | jax.Array:
    """Where neighboring geodesics meet that leave a curve or a point on a surface: (j, m, 3).

    Along these lines the `parallels` of the same `surface`, `start` and `t` (m,) fold, and light
    gathers that goes straight on. A row has the first such point of each geodesic up to a `length`,
    to the left if that is negative, the next row the second; NaN where there is none. Of a plane
    curve they are the evolute, of a point its conjugate locus: on an ellipsoid its first row has
    four cusps, as Jacobi stated and J. Itoh and K. Kiyohara proved (2004).

    Found between two of `steps` steps from the spread and its derivative, to the fourth power of a
    step. Differentiated, by numbers of the surface, of the start or by `t`, which points there are
    stays, and each moves with its geodesic.

    >>> egg = ga.surface(lambda p: (p / jnp.array([0.8, 1, 0.7])) ** 2 @ jnp.ones(3) - 1,
    ...     box=((-2, -2, -2), (2, 2, 2)))
    >>> turn = jnp.linspace(0, 6.2832, 100)
    >>> ga.lines(ga.camera()(ga.focal_lines(egg, (-1, 0.3, 0.2), turn, length=4, steps=100)))
    """
    outside("focal_lines")
    smooth(surface, "focal_lines")
    begin, count = _sent(surface, start), as_count(steps, "steps", 1)
    reach = present(as_floats(as_number(length, "length"), "length"))
    far = jnp.linspace(0, reach, count + 1)

    def look(t: jax.Array) -> tuple[jax.Array, ...]:
        (point, way, side), (beside, turned, _) = _with_neighbors(surface, begin, t, far, 1)
        return point, way, dot(beside, side), dot(turned, side)

    at = np.ravel(present(as_floats(t, "t")))
    points, ways, spread, slope = chunked(compiled(jax.vmap(look), still=True), CHUNK)(at)
    step = float(reach) / count
    met = (spread[:, :-1] * spread[:, 1:] < 0) & np.isfinite(points[:, 1:]).all(-1)
    met[:, 0] &= np.abs(spread[:, 0]) > 1e-9 * np.abs(step)  # not in a point, where all begin
    ray, k = np.nonzero(met)
    low, high = np.zeros(len(k)), np.ones(len(k))
    sign = np.sign(spread[ray, k])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        ahead = sign * _between(spread, step * slope, ray, k, middle) > 0
        low, high = np.where(ahead, middle, low), np.where(ahead, high, middle)
    row = np.concatenate([np.arange(0), *(np.arange(n) for n in met.sum(1))])
    found = np.full((met.sum(1).max(initial=0), len(at), 3), np.nan)
    found[row, ray] = _between(points, step * ways, ray, k, low[:, None])
    if not len(ray) or (not closes_over_moving(look, at[0]) and not moves(t)):
        return found
    moving = compiled(jax.vmap(look))(jnp.ravel(as_floats(t, "t")))
    fall = partial(_between, moving[2], step * moving[3], ray, k)
    off, rate = jax.jvp(fall, (jnp.asarray(low),), (jnp.ones(len(low)),))
    part = stepped(low, off / jax.lax.stop_gradient(rate))
    focus = _between(moving[0], step * moving[1], ray, k, part[:, None])
    return jnp.asarray(found).at[row, ray].set(focus)


def _between(x: A, dx: A, ray: np.ndarray, k: np.ndarray, s: A) -> A:
    """Hermite's cubics through x (n, m, ...), with slopes dx a step, at parts s of steps k."""
    a, b, da, db = x[ray, k], x[ray, k + 1], dx[ray, k], dx[ray, k + 1]
    return a + s * (da + s * (3 * (b - a) - 2 * da - db + s * (da + db - 2 * (b - a))))


def _sent(surface: Surface, start: Curve | Numbers) -> Function:
    """The state (2 d,) in which a geodesic begins, as a function of t."""
    d = surface.box.shape[1]
    if callable(start):
        curve = checked(start, IN_SPACE if surface.implicit else IN_PLACES)

        def aside(t: jax.Array) -> jax.Array:
            place, along = explained(jax.jvp)(curve, (t,), (jnp.ones_like(t),))
            place, along = jnp.split(laid(surface, place, along), 2)
            tangent = _in_space(surface, place, along)
            way = jnp.cross(tangent, normalized(surface.normal(place)))
            return laid(surface, place, _change(surface, place, way))

        return aside
    point = as_floats(start, "start")
    if point.shape != (d,):
        raise ArtError(f"start has shape {point.shape}: give a curve, or one point ({d},)")

    def around(t: jax.Array) -> jax.Array:
        place = laid(surface, point, jnp.ones(d))[:d]
        normal = normalized(surface.normal(place))
        axis = jnp.eye(3)[jnp.argmin(jnp.abs(normal))]
        first = normalized(axis - (axis @ normal) * normal)
        way = jnp.cos(t) * first + jnp.sin(t) * jnp.cross(normal, first)
        return laid(surface, place, _change(surface, place, way))

    return around


def _in_space(surface: Surface, place: jax.Array, change: jax.Array) -> jax.Array:
    """How a point (3,) moves where its place (d,) changes."""
    return explained(jax.jvp)(surface.point, (place,), (change,))[1]


def _change(surface: Surface, place: jax.Array, way: jax.Array) -> jax.Array:
    """The change (d,) of a place that moves its point along a tangent (3,)."""
    return way if surface.implicit else change_along(surface, place, way)


def _with_neighbors(
    surface: Surface, begin: Function, t: jax.Array, far: jax.Array, count: int
) -> tuple[Reached, Reached]:
    """What `_walked` has, and its derivative by t."""
    reached, neighbors = explained(jax.jvp)(
        lambda t: _walked(surface, begin, t, far, count), (t,), (jnp.ones_like(t),)
    )
    return reached, neighbors


def _walked(surface: Surface, begin: Function, t: jax.Array, far: jax.Array, count: int) -> Reached:
    """A geodesic at distances (k,), each `count` steps on: points, ways and sides, (k, 3).

    They are NaN where the surface has ended on the way there from the start.
    """
    d = surface.box.shape[1]

    def look(state: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        place = state[:d]
        way = _in_space(surface, place, state[d:])
        return surface.point(place), way, jnp.cross(normalized(surface.normal(place)), way)

    def kept(state: jax.Array, at: jax.Array, ends: jax.Array) -> jax.Array:
        """The interval (2,) of distances in which the surface has not ended yet."""
        if surface.within is None:
            return ends
        gone = ~(surface.within(surface.point(state[:d])) < 0)
        low = jnp.where(gone & (at <= 0), jnp.maximum(ends[0], at), ends[0])
        return jnp.stack([low, jnp.where(gone & (at >= 0), jnp.minimum(ends[1], at), ends[1])])

    def leg(carry: Leg, goal: jax.Array) -> tuple[Leg, Reached]:
        _, at, _ = carry
        known = jnp.isfinite(goal)
        end = jnp.where(known, goal, at)  # where none is asked for, the next one goes on from here

        def step(carry: Step, part: jax.Array) -> tuple[Step, None]:
            state, ends = carry
            state = onward(surface, state, (end - at) / count)
            return (state, kept(state, at + part * (end - at), ends)), None

        state, at, ends = carry
        (state, ends), _ = jax.lax.scan(step, (state, ends), (jnp.arange(count) + 1) / count)
        fine = known & (ends[0] < end) & (end < ends[1])
        point, way, side = (jnp.where(fine, x, jnp.nan) for x in look(state))
        return (state, end, ends), (point, way, side)

    state = begin(t)
    zero = jnp.zeros((), state.dtype)
    ends = kept(state, zero, jnp.array([-jnp.inf, jnp.inf], state.dtype))
    return jax.lax.scan(leg, (state, zero, ends), far.astype(state.dtype))[1]
