"""Null directions of a map of the plane: those in which it moves no point, at each of its folds.

A map folds where the determinant of its Jacobian is 0. How the determinant changes along the null
direction there, once, twice, ... tells what it is: a fold where it changes at once, a cusp where it
does at order 2, a swallowtail at order 3. K. Saji, "Criteria for singularities of smooth maps from
the plane into the plane and their applications", Hiroshima Mathematical Journal 40 (2010).

A place is (2,), or (3,) in a family of maps, whose third number is which of them it is.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from gradart.calculus.forward_mode import explained
from gradart.types import Function

STEPS = 16  # of Newton's method
Rates = Callable[[jax.Array], jax.Array]


def determinant(f: Function) -> Rates:
    """How many times as large a map makes an area at a place: () of (2,), negative if turned over.

    `f` is (2,) -> (2,), or a family of maps (3,) -> (2,).
    """

    def area(place: jax.Array) -> jax.Array:
        (a, b), (c, d) = _jacobian(f, place)
        return a * d - b * c

    return area


def null_directions(f: Function, place: jax.Array) -> jax.Array:
    """Two vectors (2, 2) that point along the null direction of a fold; one of them may be 0.

    They are the columns of the Jacobian's adjugate matrix, which the Jacobian takes to 0.
    """
    (a, b), (c, d) = _jacobian(f, place)
    return jnp.stack([jnp.stack([d, -c]), jnp.stack([-b, a])])


def longer(ways: jax.Array) -> jax.Array:
    """Which of two null directions (2, 2) is the longer one: ()."""
    return jnp.argmax((ways**2).sum(-1))


def null_rates(f: Function, choice: jax.Array, order: int) -> Rates:
    """The determinant's derivatives along a null direction, of orders 0 to `order`.

    `choice` is which of the `null_directions` is taken: here the longer one, elsewhere that, too.
    """

    def along(rate: Rates) -> Rates:
        def faster(place: jax.Array) -> jax.Array:
            way = null_directions(f, place)[choice]
            return jax.jvp(rate, (place,), (jnp.pad(way, (0, len(place) - 2)),))[1]

        return faster

    rates = [determinant(f)]
    for _ in range(order):
        rates.append(along(rates[-1]))
    return lambda place: jnp.stack([rate(place) for rate in rates])


def singular_step(f: Function, place: jax.Array) -> jax.Array:
    """Newton's step, to be subtracted, to a cusp of a map, or to a swallowtail of a family."""
    order = len(place) - 1
    near = _polynomial(_all_derivatives(f, order + 2)(place))
    here = jnp.zeros_like(place)
    rates = null_rates(near, longer(null_directions(near, here)), order)
    return jnp.linalg.solve(jax.jacfwd(rates)(here), rates(here))


def _all_derivatives(f: Function, order: int) -> Callable[[jax.Array], list[jax.Array]]:
    """f at a place, and its derivatives up to an order, each with one axis more."""
    if order == 0:
        return lambda place: [f(place)]
    lower = _all_derivatives(f, order - 1)

    def highest(place: jax.Array) -> tuple[jax.Array, list[jax.Array]]:
        found = lower(place)
        return found[-1], found

    def together(place: jax.Array) -> list[jax.Array]:
        rate, found = explained(jax.jacfwd(highest, has_aux=True))(place)
        return [*found, rate]

    return together


def _polynomial(derivatives: list[jax.Array]) -> Function:
    """Taylor's polynomial of a function, of which all derivatives are those.

    What is derived of it, nested, is a short program, where that of the function would be long.
    """

    def near(step: jax.Array) -> jax.Array:
        total = jnp.zeros_like(derivatives[-1])
        for order in range(len(derivatives) - 1, 0, -1):
            total = ((derivatives[order] + total) * step).sum(-1) / order
        return derivatives[0] + total

    return near


def settled(f: Function, starts: jax.Array, cell: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Cusps or swallowtails (n, d) near starts (n, d), and which of them (n,) are such.

    No step is longer than a cell, (n, d).
    """

    def step(_: int, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        moves = jax.vmap(lambda place: singular_step(f, place))(state[0])
        sizes = jnp.abs(moves / cell).max(-1)
        return state[0] - moves / jnp.maximum(1, sizes)[:, None], sizes

    far = jnp.full(len(starts), jnp.inf, starts.dtype)
    places, last = jax.lax.fori_loop(0, STEPS, step, (starts, far))
    return places, last <= jnp.sqrt(jnp.finfo(starts.dtype).eps)


def _jacobian(f: Function, place: jax.Array) -> jax.Array:
    return explained(jax.jacfwd(f))(place)[:, :2]
