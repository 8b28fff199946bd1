"""Maps that depend on a parameter: where their orbits stay, and where their periods double."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import (
    as_count,
    as_floats,
    checked,
    fitting,
    map_of,
    outside,
)
from gradart.calculus.checks.misuse import taking
from gradart.calculus.programs.compiled_once import TracedFunction, held, traced
from gradart.calculus.programs.present_values import moves, present
from gradart.errors import ArtError
from gradart.types import Number, Numbers

Family = Callable[[jax.Array, jax.Array], jax.Array]  # a point () or (d,), a parameter () -> point

SETTLED = 1000  # periods, until an orbit is taken for periodic
NEWTON_STEPS = 25
FOLLOWED = 200  # parameters at which a periodic orbit is looked at on its way
NEARER = 40  # times that an orbit of twice the period is sought, each time nearer to its beginning
SMALL = 0.45  # distances below this power of the rounding are taken for none


class PeriodDoublings(NamedTuple):
    """Where a periodic orbit loses its stability to one of twice its period, k times."""

    parameters: np.ndarray | jax.Array
    """(k,)"""
    orbits: np.ndarray | jax.Array
    """(k, m, d), all points of the orbit there; NaN after as many as its period has"""


def orbit_diagram(
    map: Family, parameters: Numbers, start: Numbers, *, settle: int = 1000, steps: int = 200
) -> jax.Array:
    """The orbit diagram of a family of maps: where orbits stay, over parameters: (k, steps, 2).

    `map` takes a point and the parameter to the next point; the point is one number, or (d,), as
    `start` is, where each orbit begins. Of each of `parameters` (k,) the first `settle` points are
    left out, and the `steps` after them given as pairs: the parameter, and the point's first
    coordinate. Points that leave the finite numbers are NaN.

    >>> r = jnp.linspace(2.8, 4, 600)
    >>> points = ga.orbit_diagram(lambda x, r: r * x * (1 - x), r, 0.3, steps=100)
    >>> ga.dots(points, 0.1)
    """
    across = as_floats(parameters, "parameters")
    if across.ndim != 1:
        raise ArtError(f"parameters has shape {across.shape}: give a row of them, (k,)")
    point = _point(start)
    early = as_count(settle, "settle", 0)
    late = fitting(as_count(steps, "steps", 1), "steps", 2 * across.size)
    found = _orbits(_traced(map, start, point), point, across.astype(point.dtype), early, late)
    pairs = jnp.stack([jnp.broadcast_to(across[:, None], found.shape), found], -1)
    return jnp.where(jnp.isfinite(found)[..., None], pairs, jnp.nan)


def period_doublings(
    map: Family, start: Numbers, low: Number, high: Number, *, n: int = 4, period: int = 1
) -> PeriodDoublings:
    """The first n period doublings of a family of maps between two parameters, exact to rounding.

    `map` takes a point and the parameter to the next point; the point is one number, or (d,), as
    `start` is. At the parameter `low` the orbit from `start` settles to one of `period` points.
    That is followed towards `high`, above or below, until its multiplier, the derivative of going
    round it once, is -1 (of a matrix, an eigenvalue): there it loses its stability to an orbit of
    twice the period, which is followed in turn. Given back are `parameters` (k,), at most `n` for
    there may be fewer, and the `orbits` (k, m, d) there, NaN after as many points as they have.

    The parameter and a point of the orbit are found together, by Newton's method on the iterated
    map and its derivative. M. J. Feigenbaum, "Quantitative universality for a class of nonlinear
    transformations", Journal of Statistical Physics 19 (1978).

    Differentiated forward, what is found moves, and its number stays. ArtError where the orbit does
    not settle.

    >>> found = ga.period_doublings(lambda x, r: r * x * (1 - x), 0.3, 2.8, 3.6)
    >>> found.parameters.round(3)
    array([3.   , 3.449, 3.544, 3.564])
    """
    outside("period_doublings", start, low, high)
    ends = (present(as_number(x, name)) for x, name in ((low, "low"), (high, "high")))
    a, end = (float(np.asarray(x)) for x in ends)
    many, size = as_count(n, "n", 1), as_count(period, "period", 1)
    point = present(_point(start))
    moving = _traced(map, start, point)
    outside("period_doublings", moving, low)
    then = held(moving)
    x, off, _ = _settled(then, point, a, size)
    if not off < _small(point):
        raise ArtError(
            f"at the parameter {a:g} the orbit from {short(start)} does not settle to a period of"
            f" {size}: begin where it does, or give another period"
        )
    for less in (d for d in range(1, size) if size % d == 0):
        back = _ahead(then, x, jnp.asarray(a), jnp.asarray(less))
        if float(jnp.abs(back - x).max()) < _small(point):
            raise ArtError(
                f"at the parameter {a:g} the orbit from {short(start)} settles to a period of"
                f" {less}, and not of {size}: give period={less}"
            )
    found: list[tuple[jax.Array, float | jax.Array, int]] = []
    b = end
    while (doubling := _doubling(then, x, a, b, size)) is not None:
        x, r = doubling
        found.append((x, r, size))
        if len(found) == many:
            break
        # Each time it is less far to the next, at last by Feigenbaum's 4.669.
        ahead = (r - float(found[-2][1])) / 2 if len(found) > 1 else end - r
        b = r + (ahead if abs(ahead) < abs(end - r) else end - r)
        size *= 2
        if (branch := _branch(then, x, r, b, size)) is None:
            break
        x, a = branch
    xp: ModuleType = np
    if moves(moving):  # a step of Newton's more gives what they move by
        xp, found = jnp, [(*_doubled(moving, x, r, n), n) for x, r, n in found]
    longest = max((n for _, _, n in found), default=1)
    orbits = [
        xp.pad(
            xp.asarray(_orbit(moving, x, r, n)),
            ((0, longest - n), (0, 0)),
            constant_values=np.nan,
        )
        for x, r, n in found
    ]
    parameters = xp.asarray([r for _, r, _ in found], float)
    return PeriodDoublings(parameters, xp.reshape(xp.asarray(orbits), (-1, longest, len(point))))


def _doubling(
    then: TracedFunction, x: jax.Array, a: float, b: float, size: int
) -> tuple[jax.Array, float] | None:
    """A point of an orbit, and the parameter from a to b, at which its multiplier is -1."""
    across = np.linspace(a, b, FOLLOWED)
    points, signs = _followed(then, x, across, size)
    passed = np.flatnonzero(np.diff(np.sign(signs)) != 0)
    if not len(passed):
        return None
    k = passed[0]
    x, r = _doubled(then, points[k], across[k], size)
    near = abs(float(r) - across[k]) <= 2 * abs(across[1] - across[0])
    return (x, float(r)) if near else None


def _branch(
    then: TracedFunction, x: jax.Array, r: float, b: float, size: int
) -> tuple[jax.Array, float] | None:
    """A point of the stable orbit of twice the period just beyond a doubling, and its parameter."""
    way = (b - r) / 20
    for _ in range(NEARER):
        y, off, apart = _settled(then, x + _small(x), r + way, size)
        if off < _small(x) < apart:
            return y, r + way
        way /= 2
    return None


def _small(x: jax.Array) -> float:
    """A distance that is taken for none, of numbers like x."""
    return float(jnp.finfo(x.dtype).eps) ** SMALL


def _point(start: Numbers) -> jax.Array:
    """The start as a point (d,), also if it is one number."""
    point = as_floats(start, "start")
    if point.ndim > 1 or not point.size:
        raise ArtError(f"start has shape {point.shape}: give one number or one point")
    return point.reshape(-1).astype(jnp.result_type(float))


def _traced(map: Family, start: Numbers, point: jax.Array) -> TracedFunction:
    """The family as a function of a point with the parameter behind it, (d + 1,) -> (d,)."""
    taking(map, "map", "of a point and a number, lambda x, r: r * x * (1 - x)", 2)
    shape = as_floats(start, "start").shape

    def step(z: jax.Array) -> jax.Array:
        def here(x: jax.Array) -> jax.Array:
            return map(x, z[-1])

        here.__name__ = getattr(map, "__name__", "map")
        return checked(here, map_of(shape))(z[:-1].reshape(shape)).reshape(-1).astype(z.dtype)

    return traced(step, jax.ShapeDtypeStruct((len(point) + 1,), point.dtype))


@functools.partial(jax.jit, static_argnames=("settle", "steps"))
def _orbits(
    then: TracedFunction, start: jax.Array, across: jax.Array, settle: int, steps: int
) -> jax.Array:
    """The first coordinates (k, steps) of orbits at parameters (k,), after `settle` points."""

    def orbit(r: jax.Array) -> jax.Array:
        def step(x: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            x = then(jnp.append(x, r))
            return x, x[0]

        x, _ = jax.lax.scan(lambda x, _: (step(x, None)[0], None), start, length=settle)
        return jax.lax.scan(step, x, length=steps)[1]

    return jax.vmap(orbit)(across)


# What follows is of one orbit; its period is an argument, so that each is one program for all.


def _ahead(then: TracedFunction, x: jax.Array, r: jax.Array, size: jax.Array) -> jax.Array:
    """The point (d,) to which x comes in so many steps."""
    return jax.lax.fori_loop(0, size, lambda _, x: then(jnp.append(x, r)), x)


def _newton(then: TracedFunction, x: jax.Array, r: jax.Array, size: jax.Array) -> jax.Array:
    """The point near x (d,) to which the map comes back in so many steps."""

    def off(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        away = _ahead(then, x, r, size) - x
        return away, away

    def step(_: int, x: jax.Array) -> jax.Array:
        slopes, away = jax.jacfwd(off, has_aux=True)(x)
        return x - jnp.linalg.solve(slopes, away)

    return jax.lax.fori_loop(0, NEWTON_STEPS, step, x)


def _flip(then: TracedFunction, x: jax.Array, r: jax.Array, size: jax.Array) -> jax.Array:
    """What is 0 where a multiplier of an orbit through x (d,) is -1."""
    slopes = jax.jacfwd(_ahead, 1)(then, x, r, size)
    return jnp.linalg.det(slopes + jnp.eye(len(x), dtype=x.dtype))


@jax.jit
def _settled(
    then: TracedFunction, x: jax.Array, r: jax.Array, size: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The periodic point to which x comes; how far off it is still, and how far from half way."""
    rest = _ahead(then, x, r, SETTLED * size)
    found = _newton(then, rest, r, size)
    half = _ahead(then, found, r, size // 2)
    return found, jnp.abs(found - rest).max(), jnp.abs(found - half).max()


@jax.jit
def _followed(
    then: TracedFunction, x: jax.Array, across: jax.Array, size: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The periodic points (n, d) near x at first, at parameters (n,), and the signs of `_flip`."""

    def step(x: jax.Array, r: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
        x = _newton(then, x, r, size)
        return x, (x, jnp.sign(_flip(then, x, r, size)))

    return jax.lax.scan(step, x, across)[1]


@jax.jit
def _doubled(
    then: TracedFunction, x: jax.Array, r: jax.Array, size: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The periodic point near x (d,), and the parameter near r, where a multiplier is -1."""

    def off(z: jax.Array) -> tuple[jax.Array, jax.Array]:
        x, r = z[:-1], z[-1]
        away = jnp.append(_ahead(then, x, r, size) - x, _flip(then, x, r, size))
        return away, away

    def step(_: int, z: jax.Array) -> jax.Array:
        slopes, away = jax.jacfwd(off, has_aux=True)(z)
        return z - jnp.linalg.solve(slopes, away)

    z = jax.lax.fori_loop(0, NEWTON_STEPS, step, jnp.append(x, r))
    return z[:-1], z[-1]


@functools.partial(jax.jit, static_argnames="size")
def _orbit(then: TracedFunction, x: jax.Array, r: jax.Array, size: int) -> jax.Array:
    """The points (size, d) of an orbit, x first."""
    return jax.lax.scan(lambda x, _: (then(jnp.append(x, r)), x), x, length=size)[1]
