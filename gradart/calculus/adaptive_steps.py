"""The steps of an adaptive solver as a loop that is differentiated forward and backward.

A path's derivative is that of the steps that it takes, their ends held. Two things make that cheap
and safe: blocks of steps that no path needs are left out, though the loop has a bound, as backward
mode asks; and of each block its beginning alone is kept, to be taken anew on the way back. What a
step that is refused finds, which may be NaN, has no derivative.
"""

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero, zero_from_primal

from gradart.types import Function

if TYPE_CHECKING:
    import diffrax

Arguments = tuple[Function, jax.Array, jax.Array]  # velocity, time between points, tolerance
FIRST = 0.01  # time of the first step that is tried, as diffrax has it
AT_ONCE = 4  # points that are read off a step in one go
BLOCK = 16  # steps that are computed together or not at all
ROUNDING = 100  # units in the last place that a time may fall short of the end


class Walk(NamedTuple):
    """How far a path has come, and the step that it tries next. Times are counted in its points."""

    place: jax.Array  # (d,)
    memory: Any  # what the solver keeps from step to step
    control: Any  # what chooses the steps keeps
    early: jax.Array  # () the time of the place
    late: jax.Array  # () that at which the next step ends
    read: jax.Array  # () how many points are known
    points: jax.Array  # (steps, d), 0 where none is yet


def same_steps(
    solver: "diffrax.AbstractSolver",
    steps: int,
    most: int,
    velocity: Function,
    starts: jax.Array,
    h: jax.Array,
    tolerance: jax.Array,
) -> jax.Array:
    """The points (n, steps, d) of paths from starts (n, d), at times h, 2 h ..., in `most` steps.

    The steps are those of `diffrax.diffeqsolve` with a PIDController of this tolerance.
    """
    arguments = velocity, h, jax.lax.stop_gradient(tolerance)

    def one_step(walk: Walk) -> Walk:
        return jax.vmap(functools.partial(_step, solver, steps, arguments))(walk)

    walk = jax.vmap(functools.partial(_begin, solver, steps, arguments))(starts)
    walk = _while_any(one_step, walk, most + steps // AT_ONCE)
    known = jnp.arange(steps) < walk.read[:, None]
    return jnp.where(known[..., None], walk.points, jnp.nan)


def moving(
    f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> tuple[Callable[..., Any], list[jax.Array], list[jax.Array]]:
    """f as a function of those of its numbers that change, these numbers, and their changes.

    As a rule of `jax.custom_jvp` with symbolic zeros is given them.
    """
    leaves, tree = jax.tree.flatten(primals)
    changes = jax.tree.leaves(tangents)
    where = [i for i, change in enumerate(changes) if not isinstance(change, SymbolicZero)]

    def of_those(*numbers: jax.Array) -> Any:
        own = dict(enumerate(leaves)) | dict(zip(where, numbers, strict=True))
        return f(*jax.tree.unflatten(tree, list(own.values())))

    return of_those, [leaves[i] for i in where], [changes[i] for i in where]


def _while_any(step: Callable[[Walk], Walk], walk: Walk, most: int) -> Walk:
    """Many walks after as many steps as they need, at least `most` if they need them."""
    size = math.isqrt(most // BLOCK) + 1

    def loop(step: Callable[[Walk], Walk], length: int) -> Callable[[Walk], Walk]:
        return lambda walk: jax.lax.scan(lambda w, _: (step(w), None), walk, length=length)[0]

    def needed(block: Callable[[Walk], Walk]) -> Callable[[Walk], Walk]:
        kept = jax.checkpoint(block)  # its beginning is
        return lambda walk: jax.lax.cond(_any(_goes_on(walk)), kept, lambda walk: walk, walk)

    return loop(needed(loop(needed(loop(step, BLOCK)), size)), size)(walk)


@jax.custom_batching.custom_vmap
def _any(flags: jax.Array) -> jax.Array:
    """Whether one of the flags is true; and under `jax.vmap`, one of all of them.

    So that a block is left out, and not computed for nothing, where there is a batch of batches.
    """
    return flags.any()


@_any.def_vmap
def _(_size: int, _batched: list[bool], flags: jax.Array) -> tuple[jax.Array, bool]:
    return _any(flags), False


def _goes_on(walk: Walk) -> jax.Array:
    """Whether there are points to come, and a step that leads on."""
    return (walk.read < walk.points.shape[-2]) & (walk.early < walk.late)


def _begin(
    solver: "diffrax.AbstractSolver", steps: int, arguments: Arguments, start: jax.Array
) -> Walk:
    """The walk of one path from its start (d,)."""
    term, controller, solver = _machinery(solver, arguments)
    _, h, _ = arguments
    early, end = jnp.zeros_like(h), jnp.full_like(h, steps)
    first = jnp.minimum(FIRST / jnp.abs(jax.lax.stop_gradient(h)), end)
    order = solver.error_order(term)
    late, control = controller.init(
        term, early, end, start, first, arguments, solver.func, order
    )
    memory = solver.init(term, early, late, start, arguments)
    points = jnp.zeros((steps, *start.shape), start.dtype)
    return jax.tree.map(
        jnp.asarray, Walk(start, memory, control, early, late, jnp.array(0), points)
    )


def _step(
    solver: "diffrax.AbstractSolver", steps: int, arguments: Arguments, walk: Walk
) -> Walk:
    """The walk of one path after a step is tried; or after some more points are read off it."""
    found, (keep, early, late, control, due) = _tried(solver, steps)(arguments, walk)
    after, memory, values = found
    goes_on = _goes_on(walk)
    due = due & goes_on
    read = walk.read + due.sum()
    done = goes_on & keep & ~((read < steps) & (read + 1 <= walk.late))
    other = goes_on & ~keep | done

    def choose(condition: jax.Array, new: Any, old: Any) -> Any:
        return jax.tree.map(lambda x, y: jnp.where(condition, x, y), new, old)

    rows = jnp.where(due, walk.read + jnp.arange(AT_ONCE), steps)
    points = walk.points.at[rows].add(jnp.where(due[:, None], values, 0), mode="drop")
    place, memory = choose(done, (after, memory), (walk.place, walk.memory))
    control, early, late = choose(
        other, (control, early, late), (walk.control, walk.early, walk.late)
    )
    return Walk(place, memory, control, early, late, read, points)


def _tried(solver: "diffrax.AbstractSolver", steps: int) -> Callable[[Arguments, Walk], Any]:
    """A step of a walk: where it leads, and the first of the points on it; and what comes of it.

    That is whether it is kept, the ends of the next step, and which of the points there are.
    """

    def trial(arguments: Arguments, walk: Walk) -> tuple[Any, Any]:
        import diffrax

        term, controller, own = _machinery(solver, arguments)
        after, error, between, memory, result = own.step(
            term, walk.early, walk.late, walk.place, arguments, walk.memory, False
        )
        error = jnp.where(jnp.isnan(error), jnp.inf, error)
        keep, early, late, _, control, _ = controller.adapt_step_size(
            walk.early,
            walk.late,
            *jax.lax.stop_gradient((walk.place, after)),
            arguments,
            jax.lax.stop_gradient(error),
            own.error_order(term),
            walk.control,
        )
        keep = keep & (result == diffrax.RESULTS.successful)
        end = jnp.full_like(early, steps)
        early = jnp.minimum(early, end)
        last = jnp.where(keep, end, (early + end) / 2)
        late = jnp.where(late > end * (1 - ROUNDING * jnp.finfo(end.dtype).eps), last, late)
        numbers = walk.read + 1 + jnp.arange(AT_ONCE)
        due = keep & (numbers <= jnp.minimum(walk.late, end))
        times = jnp.where(due, numbers, walk.late).astype(end.dtype)
        curve = own.interpolation_cls(t0=walk.early, t1=walk.late, **between)
        return (after, memory, jax.vmap(curve.evaluate)(times)), (keep, early, late, control, due)

    tried = jax.custom_jvp(trial)

    @functools.partial(tried.defjvp, symbolic_zeros=True)
    def _(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
        f, numbers, changes = moving(trial, primals, tangents)
        found, push, chosen = jax.linearize(f, *numbers, has_aux=True)
        keep, *_ = chosen

        # Before and behind, so that NaN in between comes out neither forward nor backward.
        def if_kept(change: jax.Array) -> jax.Array:
            return change if change.dtype == jax.dtypes.float0 else jnp.where(keep, change, 0)

        moved = jax.tree.map(if_kept, push(*map(if_kept, changes)))
        still = jax.tree.map(zero_from_primal, chosen)
        return (found, chosen), (moved, still)

    return tried


def _machinery(
    solver: "diffrax.AbstractSolver", arguments: Arguments
) -> "tuple[diffrax.ODETerm, diffrax.PIDController, diffrax.AbstractSolver]":
    """The equation, what chooses the steps, and the solver, told how exact its own equations are."""
    import diffrax

    *_, tolerance = arguments
    controller = diffrax.PIDController(rtol=tolerance, atol=tolerance)
    if isinstance(solver, diffrax.AbstractImplicitSolver):
        exact = {"rtol": tolerance, "atol": tolerance, "norm": controller.norm}
        if solver.root_finder == type(solver)().root_finder:
            root_finder = dataclasses.replace(solver.root_finder, **exact)
            solver = dataclasses.replace(solver, root_finder=root_finder)
    return diffrax.ODETerm(_velocity), controller, solver


def _velocity(time: jax.Array, p: jax.Array, arguments: Arguments) -> jax.Array:
    """The velocity as diffrax calls it, for a time that is counted in points."""
    velocity, h, _ = arguments
    return h * velocity(p).astype(p.dtype)
