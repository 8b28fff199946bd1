"""Points found on a surface, as they move with the numbers that they were found from.

A point is held where it is, and takes one differentiable step of Newton's method, the shortest that
brings it back to where the functions that it was found by are 0. So it moves at right angles to its
curve, in the parameters of a map or in space: where along a curve its points lie is free.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import TracedFunction, compiled, held, jit_with, traced
from gradart.calculus.programs.present_values import moves, stepped
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.geometry.paths.paths import moved_rows, padded
from gradart.geometry.surfaces.surfaces import Surface, shortest

CHUNK = 1024  # rows at once


class Traced(NamedTuple):
    """Lines through points that were found; where something is differentiated, it moves them."""

    lines: list[np.ndarray]
    """(m,) each, the numbers of its points"""
    points: np.ndarray
    """(n, d)"""
    moving: jax.Array | None
    """the same with derivatives, (n, d)"""

    def rows(self) -> list[np.ndarray]:
        """The lines as points (m, d)."""
        return [self.points[line] for line in self.lines]

    def laid(self, rows: list[np.ndarray]) -> np.ndarray | jax.Array:
        """Rows of these lines, in their order and with NaN between them, as one array."""
        found = padded(rows, (len(rows),), self.points.shape[1])
        if self.moving is None or not self.lines:
            return found
        return moved_rows(found, self.moving[np.concatenate(self.lines)])


def surface_moves(surface: Surface, *also: object) -> bool:
    """Whether a surface is of numbers that are differentiated, or something else is."""
    return moves((surface.function, surface.within, also))


def moving_places(
    surface: Surface,
    places: np.ndarray,
    zero: Callable[[jax.Array], jax.Array] | None = None,
    values: ArrayLike | None = None,
) -> jax.Array:
    """Places (n, d) on a surface where `zero`, of a place, has values (n,), or 0: differentiated.

    A place at which there is no such step, as its functions have no slope, stays.
    """
    if (zero is None and not surface.implicit) or not len(places):
        return jnp.asarray(places)  # any place is one of a map's
    wanted = jnp.zeros(len(places)) if values is None else jnp.asarray(values)

    def off(x: jax.Array) -> jax.Array:
        place = x[:-1]
        r = surface.off(place)
        return r if zero is None else jnp.concatenate([r, jnp.ravel(zero(place) - x[-1])])

    rows = jnp.concatenate([places, wanted[:, None]], 1)
    return _in_chunks(jit_with(_followed, traced(off, rows[0])), rows)


def _followed(off: TracedFunction, rows: jax.Array) -> jax.Array:
    """Places (n, d), each with a value behind it, (n, d + 1), after one of Newton's steps."""
    still = held(off)

    def step(x: jax.Array) -> jax.Array:
        there = jax.lax.stop_gradient(x)
        slopes = explained(jax.jacfwd(lambda q: still(jnp.append(q, there[-1]))))(there[:-1])
        move = shortest(slopes, off(x))
        return jnp.where(jnp.isfinite(move), move, 0)

    return stepped(rows[:, :-1], jax.vmap(step)(rows))


def points_at(surface: Surface, places: jax.Array) -> jax.Array:
    """The points (n, 3) at places (n, d) of a surface, differentiated."""
    return places if surface.implicit else each(surface.point, places)


def each(f: Callable[[jax.Array], jax.Array], rows: ArrayLike) -> jax.Array:
    """f of each of many places (n, d), as (n, e), differentiated by all that it closes over.

    A number is a vector of one.
    """
    return _in_chunks(compiled(jax.vmap(lambda place: jnp.ravel(f(place)))), jnp.asarray(rows))


def _in_chunks(run: Callable[[jax.Array], jax.Array], rows: jax.Array) -> jax.Array:
    """A function of rows (n, d), to (n, e), compiled for one number of rows.

    Of derivatives of high order to write and compile the program takes longer than to run it.
    """
    n = len(rows)
    numbers = np.minimum(np.arange(-(-n // CHUNK) * CHUNK), n - 1).reshape(-1, CHUNK)
    parts = [run(taken_rows(rows, some)) for some in numbers]
    return taken_rows(parts[0] if len(parts) == 1 else jnp.concatenate(parts), np.arange(n))
