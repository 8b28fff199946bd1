"""Species that react and spread on a grid, on a plane or on land."""

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Unpack

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, nested_shape, short
from gradart.calculus.checks.artist_functions import as_count, as_floats
from gradart.calculus.checks.misuse import explain, taking
from gradart.calculus.equations.block_scan import scan_in_blocks
from gradart.calculus.equations.grid_diffusion import (
    Edges,
    GridKeywords,
    Spreading,
    as_coefficient,
    as_grid,
    as_table,
    fastest_now,
    held,
    seamless,
    spread,
    spreading,
)
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.calculus.programs.present_values import known, present
from gradart.errors import ArtError
from gradart.types import Number, Numbers

# Tables of all species to how fast each changes: one table, or a tuple or list of them.
Reaction = Callable[..., Numbers | Sequence[Numbers]]


def reaction_diffusion(
    react: Reaction,
    start: Numbers | Sequence[Numbers],
    time: Number,
    *,
    diffusion: Number | Sequence[Number | Numbers],
    steps: int,
    **grid: Unpack[GridKeywords],
) -> jax.Array:
    """Species after a time in which they react and spread: (species, rows, columns).

    `start` holds a table (rows, columns) for each of the species, which are their amounts at the
    points of `grid(rows, columns, box)`; `react` takes all of them, and returns how fast each
    changes there. So u_t = react(u, ...) + div(D grad u), with a D for each species in
    `diffusion`: one number or a table, in squared units of the box per unit of `time`. `heights`,
    `box` and `edges` are those of `heat_equation`. Of one species `start` is one table, and so is
    the result.

    The time is taken in `steps` steps of Euler's. They are stable if a step is shorter than 2 / k,
    where k is how fast the finest pattern of the grid decays: on square cells of a side h,
    16 / 3 D / h^2. It is an ArtError if they are longer, which says how many are needed, and also
    if a reaction leaves the finite numbers. Patterns at rest do not depend on the steps.

    All of its numbers can be differentiated, forward and backward; also those that `react` closes
    over. Backward it keeps about 2 sqrt(steps) states, and computes the others anew.

    J. E. Pearson, "Complex patterns in a simple system", Science 261 (1993); A. M. Turing, "The
    chemical basis of morphogenesis" (1952).

    >>> def react(u, v):  # of P. Gray and S. K. Scott
    ...     return 0.037 * (1 - u) - u * v**2, u * v**2 - 0.097 * v
    >>> v = jnp.zeros((60, 60)).at[25:35, 25:35].set(0.5)
    >>> u, v = ga.reaction_diffusion(react, (1 - v, v), 800, diffusion=(2e-4, 1e-4), steps=800)
    >>> ga.lines(ga.contours(ga.tabulated(v), 4))
    """
    count, length = as_count(steps, "steps", 1), as_number(time, "time", least=0.0)
    species, one = _species(start)
    taking(react, "react", "of the species, lambda u, v: ...", len(species))
    on = as_grid(species.shape[-2:], **grid)
    by = spreading(_coefficients(diffusion, species, one), on)
    species = species.astype(jnp.result_type(species, by.along_x))
    _stable(by, length, count)
    reaction = traced(_reaction(react, species.shape, one), species)
    h = jnp.asarray(length, species.dtype) / count
    found = explained(_steps)(reaction, seamless(species, on.edges), h, by, count, on.edges)
    if known(found) and not np.isfinite(np.asarray(present(found))).all():
        raise ArtError(
            f"the reaction leaves the finite numbers: give more steps than {count:,}, or a start"
            " and rates from which it does not grow without end"
        )
    return found[0] if one else found


@functools.partial(jax.jit, static_argnames=("count", "edges"))
def _steps(
    reaction: TracedFunction,
    species: jax.Array,
    h: jax.Array,
    by: Spreading,
    count: int,
    edges: Edges,
) -> jax.Array:
    def step(w: jax.Array, _: None) -> jax.Array:
        return w + h * (spread(by, w, edges) + held(reaction(w), edges))

    return seamless(scan_in_blocks(step, species, length=count), edges)


def _species(start: Numbers) -> tuple[jax.Array, bool]:
    """The start as (species, rows, columns), and whether it is one table for one species."""
    if isinstance(start, list | tuple) and start and _axes(start[0]) == 2:
        tables = [as_table(x, f"start[{n}]") for n, x in enumerate(start)]
        if len({x.shape for x in tables}) > 1:
            shapes = ", ".join(str(x.shape) for x in tables)
            raise ArtError(f"the tables of start have shapes {shapes}: give all of them one")
        return jnp.stack(tables), False
    given = as_floats(start, "start")
    if given.ndim == 3 and len(given):
        return jnp.stack([as_table(x, f"start[{n}]") for n, x in enumerate(given)]), False
    return as_table(given, "start")[None], True


def _axes(x: Numbers) -> int:
    """How many axes an array has; none, where its rows differ in length."""
    return len(nested_shape(x) or ())


def _coefficients(
    diffusion: Number | Sequence[Number | Numbers], species: jax.Array, one: bool
) -> jax.Array:
    """The diffusion of each species: (species, 1, 1), or tables (species, rows, columns)."""
    count, *shape = species.shape
    many = isinstance(diffusion, list | tuple) or _axes(diffusion) > 0
    rows = list(diffusion) if many and isinstance(diffusion, Iterable) else []
    given = [diffusion] if one else rows
    if len(given) != count:
        raise ArtError(
            f"diffusion is {short(diffusion)}: give one for each of the {count} species, as"
            f" ({', '.join(['2e-5'] * count)})"
        )
    each = [as_coefficient(d, f"diffusion[{n}]", tuple(shape)) for n, d in enumerate(given)]
    if all(not d.ndim for d in each):
        return jnp.stack(each)[:, None, None]
    return jnp.stack([jnp.broadcast_to(d, tuple(shape)) for d in each])


def _stable(by: Spreading, time: Number, count: int) -> None:
    """ArtError where steps are too long for what spreads, if that is known."""
    if not known((time, by)):
        return
    needed = math.ceil(fastest_now(by) * float(np.asarray(present(time))) / 2)
    if count < needed:
        raise ArtError(
            f"steps is {count:,}, and over cells this small what spreads needs {needed:,} or more:"
            f" give steps={needed}, a shorter time, or a coarser table"
        )


def _reaction(
    react: Reaction, shape: tuple[int, ...], one: bool
) -> Callable[[jax.Array], jax.Array]:
    """The artist's reaction as a function of all species (species, rows, columns), checked."""
    count, *sides = shape

    def reaction(w: jax.Array) -> jax.Array:
        try:
            found = react(*w)
        except Exception as error:
            if text := explain(error):
                raise ArtError(f"react: {text}") from error
            raise
        rates = [found] if one else found
        if not isinstance(rates, list | tuple | jax.Array | np.ndarray) or len(rates) != count:
            raise ArtError(
                f"react returns {short(found)}: return how fast each of the {count} species"
                " changes, as du, dv"
            )
        each = [as_floats(rate, "what react returns") for rate in rates]
        for rate in each:
            if rate.shape not in ((), tuple(sides)):
                raise ArtError(
                    f"react returns a table of shape {rate.shape}, and those of start have"
                    f" {tuple(sides)}"
                )
        return jnp.stack([jnp.broadcast_to(rate, tuple(sides)).astype(w.dtype) for rate in each])

    return reaction
