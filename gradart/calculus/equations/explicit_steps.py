"""One step of a solver of diffrax, with the stages of an explicit one written out one by one.

diffrax goes through the stages by a loop, and of its loops those with a derivative backward take
twice the time forward. Written out, the stages are plain sums, which XLA joins.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

if TYPE_CHECKING:
    import diffrax

Memory = Any  # a pytree of the solver's own: what it keeps from step to step
Found: TypeAlias = "tuple[jax.Array, jax.Array, dict[str, jax.Array], Memory, diffrax.RESULTS]"


class Start(NamedTuple):
    """Where a step begins (d,), at which time it does, when it ends, and what the equation takes.

    In the order in which a solver of diffrax is given them.
    """

    early: jax.Array
    late: jax.Array
    place: jax.Array
    arguments: object


def first_memory(solver: "diffrax.AbstractSolver", term: "diffrax.ODETerm", start: Start) -> Memory:
    """What a solver keeps from step to step, before the first: of an explicit one the velocity.

    That is if its last stage is the first of the next step.
    """
    if not _written_out(solver):
        return solver.init(term, *start)
    return term.vf(start.early, start.place, start.arguments) if solver.tableau.fsal else ()


def step_of(
    solver: "diffrax.AbstractSolver", term: "diffrax.ODETerm", start: Start, memory: Memory
) -> Found:
    """A step from its start, as the solver's `step` has it, of an equation without time.

    Where it leads and its error (d,), what its interpolation takes, its memory, how it went.
    """
    import diffrax

    if not _written_out(solver):
        return solver.step(term, *start, memory, made_jump=False)
    early, late, place, arguments = start
    tableau, time = solver.tableau, late - early

    def total(weights: Iterable[float]) -> jax.Array:
        return sum(float(w) * k for w, k in zip(weights, stages, strict=False) if w)

    rate = memory if tableau.fsal else term.vf(early, place, arguments)
    stages, ahead = [time * rate], place
    for weights in tableau.a_lower:
        ahead = place + total(weights)
        rate = term.vf(early, ahead, arguments)
        stages.append(time * rate)
    after = ahead if tableau.ssal else place + total(tableau.b_sol)
    between = {"y0": place, "y1": after, "k": jnp.stack(stages)}
    memory = rate if tableau.fsal else ()
    return after, total(tableau.b_error), between, memory, diffrax.RESULTS.successful


def _written_out(solver: "diffrax.AbstractSolver") -> bool:
    import diffrax

    return isinstance(solver, diffrax.AbstractERK)
