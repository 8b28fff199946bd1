"""The steps of an adaptive solver as a loop that is differentiated forward and backward.

A path's derivative is that of the steps that it takes, their ends held. Two things make that cheap
and safe: blocks of steps that no path needs are left out, though the loop has a bound, as backward
mode asks; and of each block its beginning alone is kept, to be taken anew on the way back. What a
step that is refused finds, which may be NaN, has no derivative.

diffrax goes through the stages of an explicit step by a loop, and of its loops those with a
derivative backward take twice the time forward. Written out, the stages are plain sums, which XLA
joins.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
from jax.custom_derivatives import zero_from_primal

from gradart.calculus.equations.block_scan import blocks_while
from gradart.calculus.programs.present_values import of_moving
from gradart.types import Function

if TYPE_CHECKING:
    import diffrax
    import optimistix


Arguments = tuple[Function, jax.Array, jax.Array]  # velocity, time between points, tolerance
FIRST = 0.01  # time of the first step that is tried, as diffrax has it
AT_ONCE = 4  # points that are read off a step in one go
BLOCK = 16  # steps that are computed together or not at all
ROUNDING = 100  # units in the last place that a time may fall short of the end
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


class Walk(NamedTuple):
    """How far a path has come, and the step that it tries next. Times are counted in its points.

    Arrays of many paths have their number in front.
    """

    place: jax.Array  # (d,)
    memory: Memory
    control: Memory  # of what chooses the steps
    early: jax.Array  # () the time of the place
    late: jax.Array  # () that at which the next step ends
    read: jax.Array  # () how many points are known


P = TypeVar("P")  # a pytree

# Where a step leads, its memory, and points on it; whether it is kept, the ends of the next step,
# what chose these, and which of the points there are.
Tried = tuple[
    tuple[jax.Array, Memory, jax.Array],
    tuple[jax.Array, jax.Array, jax.Array, Memory, jax.Array],
]

State = tuple[Walk, jax.Array]  # of n paths, and the points (n, steps, d) that they have


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
    path, most = jnp.arange(len(starts))[:, None], most + steps // AT_ONCE

    def step(walks: Walk, _: None) -> tuple[Walk, tuple[jax.Array, jax.Array]]:
        return jax.vmap(functools.partial(_step, solver, steps, arguments))(walks)

    def block(state: State) -> State:
        walks, points = state
        walks, (rows, values) = jax.lax.scan(step, walks, length=BLOCK)
        return walks, points.at[path, rows].add(values, mode="drop")

    walks = jax.vmap(functools.partial(_begin, solver, steps, arguments))(starts)
    points = jnp.zeros((len(starts), steps, starts.shape[-1]), starts.dtype)
    walks, points = blocks_while(
        lambda state: _goes_on(state[0], steps), block, (walks, points), most=most // BLOCK + 1
    )
    known = jnp.arange(steps) < walks.read[:, None]
    return jnp.where(known[..., None], points, jnp.nan)


def _goes_on(walk: Walk, steps: int) -> jax.Array:
    """Whether there are points to come, and a step that leads on."""
    return (walk.read < steps) & (walk.early < walk.late)


def _begin(
    solver: "diffrax.AbstractSolver", steps: int, arguments: Arguments, start: jax.Array
) -> Walk:
    """The walk of one path from its start (d,)."""
    term, controller, solver = _machinery(solver, arguments)
    _, h, _ = arguments
    early, end = jnp.zeros_like(h), jnp.full_like(h, steps)
    first = jnp.minimum(FIRST / jnp.abs(jax.lax.stop_gradient(h)), end)
    order = solver.error_order(term)
    late, control = controller.init(term, early, end, start, first, arguments, solver.func, order)
    memory = first_memory(solver, term, Start(early, late, start, arguments))
    return jax.tree.map(jnp.asarray, Walk(start, memory, control, early, late, jnp.array(0)))


def _step(
    solver: "diffrax.AbstractSolver", steps: int, arguments: Arguments, walk: Walk
) -> tuple[Walk, tuple[jax.Array, jax.Array]]:
    """The walk of one path after a step is tried, and the points that it gives: rows and values.

    A step on which more points lie is tried once more for those.
    """
    (after, memory, values), chosen = _tried(solver, steps)(arguments, walk)
    keep, early, late, control, due = jax.lax.stop_gradient(chosen)
    goes_on = _goes_on(walk, steps)
    due = due & goes_on
    read = walk.read + due.sum()
    done = goes_on & keep & ~((read < steps) & (read + 1 <= walk.late))

    def choose(condition: jax.Array, new: P, old: P) -> P:
        return jax.tree.map(functools.partial(jnp.where, condition), new, old)

    place, memory = choose(done, (after, memory), (walk.place, walk.memory))
    control, early, late = choose(
        done | goes_on & ~keep, (control, early, late), (walk.control, walk.early, walk.late)
    )
    rows = jnp.where(due, walk.read + jnp.arange(AT_ONCE), steps)  # behind the last is nowhere
    return Walk(place, memory, control, early, late, read), (rows, values)


def _tried(solver: "diffrax.AbstractSolver", steps: int) -> Callable[[Arguments, Walk], Tried]:
    """A step of a walk: where it leads, and the first of the points on it; and what comes of it.

    That is whether it is kept, the ends of the next step, and which of the points there are.
    """

    def trial(arguments: Arguments, walk: Walk) -> Tried:
        import diffrax

        term, controller, own = _machinery(solver, arguments)
        start = Start(walk.early, walk.late, walk.place, arguments)
        after, error, between, memory, result = step_of(own, term, start, walk.memory)
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
    def _(primals: tuple[Arguments, Walk], tangents: tuple[object, ...]) -> tuple[Tried, Tried]:
        found, chosen = trial(*primals)
        keep, *_ = chosen

        # Before and behind, so that NaN in between comes out neither forward nor backward.
        def if_kept(change: jax.Array) -> jax.Array:
            return change if change.dtype == jax.dtypes.float0 else jnp.where(keep, change, 0)

        f, numbers, changes = of_moving(trial, primals, tangents)
        _, (moved, _) = jax.jvp(f, numbers, [if_kept(change) for change in changes])
        still = jax.tree.map(zero_from_primal, chosen)
        return (found, chosen), (jax.tree.map(if_kept, moved), still)

    return tried


def _machinery(
    solver: "diffrax.AbstractSolver", arguments: Arguments
) -> "tuple[diffrax.ODETerm, diffrax.PIDController, diffrax.AbstractSolver]":
    """The equation, what chooses the steps, and the solver, told how exactly it is to solve."""
    import diffrax

    *_, tolerance = arguments
    controller = diffrax.PIDController(rtol=tolerance, atol=tolerance)
    exact = {"rtol": tolerance, "atol": tolerance, "norm": controller.norm}
    solver = with_root_finder(solver, lambda own: dataclasses.replace(own, **exact))
    return diffrax.ODETerm(_velocity), controller, solver


def with_root_finder(
    solver: "diffrax.AbstractSolver",
    made: "Callable[[optimistix.AbstractRootFinder], optimistix.AbstractRootFinder]",
) -> "diffrax.AbstractSolver":
    """A solver whose steps are equations, with what is made of its root finder to solve these.

    One that was given a root finder keeps it; other solvers are given back as they are.
    """
    import diffrax

    if isinstance(solver, diffrax.AbstractImplicitSolver):
        own = solver.root_finder
        if own == type(solver)().root_finder:
            return dataclasses.replace(solver, root_finder=made(own))
    return solver


def _velocity(time: jax.Array, p: jax.Array, arguments: Arguments) -> jax.Array:
    """The velocity as diffrax calls it, for a time that is counted in points."""
    velocity, h, _ = arguments
    return h * velocity(p).astype(p.dtype)


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
