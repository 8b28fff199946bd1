"""Geodesics: the straightest lines on a surface, and the curves parallel to one another there."""

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import as_count, as_floats, as_points, concrete
from gradart.calculus.equations.runge_kutta import runge_kutta
from gradart.calculus.forward_mode import explained
from gradart.calculus.vectors import divided, dot, normalized, safe_norm
from gradart.errors import ArtError
from gradart.geometry.surfaces.surfaces import Surface, smooth
from gradart.types import Number, Numbers

ONTO_STEPS = 12  # of Newton's method: to rounding, also from twice as far off as a surface is wide


def geodesics(
    surface: Surface, starts: Numbers, ways: Numbers, *, length: Number, steps: int = 400
) -> jax.Array:
    """The straightest lines on a surface, from starts in given directions: (..., steps + 1, 3).

    `starts` and `ways` (..., d) are points and directions in space of a field's `surface`, brought
    onto it and into its tangent plane; of a map's, its parameters and a change of them. Each line
    is `length` long, in the artist's units, in `steps` equal steps. Past the edge of what the
    surface is kept `within` a line is NaN. Traceable by starts, ways and length.

    The points of many at one distance are what `parallels` has.

    Of a map their acceleration is given by its Christoffel symbols, of a field by its Hessian over
    its gradient: M. P. do Carmo, Differential Geometry of Curves and Surfaces (1976), section 4-4.
    It is stepped by Runge and Kutta's method of order 4.

    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> a = jnp.linspace(0, 6.2832, 60)
    >>> ways = jnp.stack([jnp.cos(a), jnp.sin(a), 0 * a], -1)
    >>> rays = ga.geodesics(ball, (0, 0, 1), ways, length=2, steps=100)
    >>> circles = jnp.swapaxes(rays, 0, 1)[::10]
    >>> ga.lines(ga.opaque(ball, ga.camera())(circles))
    """
    smooth(surface, "geodesics")
    d = surface.box.shape[1]
    p, w = as_points(starts, "starts"), as_points(ways, "ways")
    for name, given in (("starts", p), ("ways", w)):
        if given.shape[-1] != d:
            kind = "a field has (..., 3), in space" if d == 3 else "a map has (..., 2), parameters"
            raise ArtError(f"{name} have shape {given.shape}: the surface of {kind}")
    try:
        p, w = jnp.broadcast_arrays(p, w)
    except ValueError:
        text = f"starts {p.shape} and ways {w.shape}: give one for each, or one for all"
        raise ArtError(text) from None
    far = as_floats(as_number(length, "length"), "length")
    count = as_count(steps, "steps", 1)
    paths = _walked(surface, p.reshape(-1, d), w.reshape(-1, d), far, count)
    paths = paths.reshape(*p.shape[:-1], count + 1, 3)
    if concrete(paths) and jnp.isnan(paths[..., 0, :]).any():
        raise ArtError("a way of a geodesic has no length on the surface: give a direction in it")
    return paths


def _walked(
    surface: Surface, starts: jax.Array, ways: jax.Array, length: jax.Array, steps: int
) -> jax.Array:
    """The points (n, steps + 1, 3) of geodesics from starts (n, d)."""

    def walk(start: jax.Array, way: jax.Array) -> jax.Array:
        def step(state: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            after = onward(surface, state, length / steps)
            return after, surface.point(after[: len(start)])

        begin = laid(surface, start, way)
        _, path = jax.lax.scan(step, begin, length=steps)
        first = jnp.where(jnp.isfinite(begin).all(), surface.point(begin[: len(start)]), jnp.nan)
        return jnp.concatenate([first[None], path])

    paths = jax.jit(jax.vmap(walk))(starts, ways)
    if surface.within is None:
        return paths
    kept = jax.vmap(jax.vmap(surface.within))(paths) < 0
    return jnp.where(jax.lax.cummin(kept.astype(int), axis=1)[..., None] > 0, paths, jnp.nan)


def laid(surface: Surface, place: jax.Array, way: jax.Array) -> jax.Array:
    """A place (d,) and a change of it, brought onto the surface, at unit speed: (2 d,), a state."""
    if surface.implicit:
        place = jax.lax.fori_loop(0, ONTO_STEPS, lambda _, p: _onto_field(surface, p), place)
        return jnp.append(*_held_by_field(surface, place, way))
    return jnp.append(*_held_by_map(surface, place, way))


def onward(surface: Surface, state: jax.Array, length: jax.Array) -> jax.Array:
    """The state (2 d,) that a step of a geodesic leads to."""
    d = len(state) // 2
    held = _held_by_field if surface.implicit else _held_by_map
    bend = _bend_of_field if surface.implicit else _bend_of_map

    def velocity(state: jax.Array) -> jax.Array:
        return jnp.append(state[d:], bend(surface, state[:d], state[d:]))

    after = runge_kutta(velocity, state, length)
    return jnp.append(*held(surface, after[:d], after[d:]))


def _onto_field(surface: Surface, place: jax.Array) -> jax.Array:
    """A place (3,) nearer to the surface, by a step of Newton's."""
    normal = surface.normal(place)
    return place - normal * divided(surface.function(place), normal @ normal)


def _held_by_field(
    surface: Surface, place: jax.Array, way: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """A place (3,) brought onto the surface, by a step of Newton's, and a unit vector along it."""
    place = _onto_field(surface, place)
    normal = surface.normal(place)
    way = way - normal * divided(normal @ way, normal @ normal)
    return place, normalized(way)


def _bend_of_field(surface: Surface, place: jax.Array, way: jax.Array) -> jax.Array:
    """The acceleration (3,) that keeps what goes straight on along `way` on the surface."""
    normal = surface.normal(place)
    bend = jax.jvp(lambda p: dot(surface.normal(p), way), (place,), (way,))[1]
    return -normal * divided(bend, normal @ normal)


def _held_by_map(surface: Surface, place: jax.Array, way: jax.Array) -> tuple[jax.Array, jax.Array]:
    """A place (2,), and a change of it by which its point moves by 1."""
    return place, way * divided(1.0, safe_norm(jax.jvp(surface.point, (place,), (way,))[1]))


def _bend_of_map(surface: Surface, place: jax.Array, way: jax.Array) -> jax.Array:
    """The acceleration (2,) of the parameters: the Christoffel symbols, twice along `way`."""

    def along(p: jax.Array) -> jax.Array:
        return jax.jvp(surface.function, (p,), (way,))[1]

    return -change_along(surface, place, jax.jvp(along, (place,), (way,))[1])


def change_along(surface: Surface, place: jax.Array, way: jax.Array) -> jax.Array:
    """The change (2,) of a map's parameters that moves its point as `way` (3,) does along it."""
    u, v = explained(jax.jacfwd(surface.function))(place).T
    uu, uv, vv = u @ u, u @ v, v @ v
    a, b, area = u @ way, v @ way, uu * vv - uv * uv
    return jnp.stack([divided(vv * a - uv * b, area), divided(uu * b - uv * a, area)])
