"""Solvers of differential equations, which are diffrax's: by name, and at equal times."""

import dataclasses
import difflib
import functools
import inspect
from collections.abc import Hashable
from types import ModuleType
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.equations.adaptive_steps import (
    Start,
    first_memory,
    same_steps,
    step_of,
    with_root_finder,
)
from gradart.calculus.programs.compiled_once import TracedFunction
from gradart.calculus.programs.present_values import of_moving
from gradart.errors import ArtError

if TYPE_CHECKING:
    import diffrax

MOST_STEPS = 100_000  # of its own that a solver takes on a path
ROOT = 0.6  # a step that is an equation is solved to this power of the rounding


def solved(
    velocity: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
    steps: int,
    method: "str | diffrax.AbstractSolver",
    tolerance: float | None,
) -> jax.Array:
    """The paths (n, steps + 1, d) from starts (n, d), at times that are h apart, by a solver.

    Without a tolerance each h is a step of the solver's; with one, its steps are such that the
    error of each is smaller, and what lies between them is its own interpolation.
    """
    solver = _solver_of(method, tolerance is not None, starts.dtype)
    if steps == 0:
        return starts[:, None]
    try:
        if tolerance is None:
            return _equal_steps(velocity, starts, h, solver, steps)
        least = float(jnp.finfo(starts.dtype).eps)  # of smaller errors nothing is known
        most = jnp.asarray(as_number(tolerance, "tolerance", least=least), starts.dtype)
        return _steps_of_its_own(velocity, starts, h, most, solver, steps)
    except (TypeError, ValueError, AttributeError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, ArtError):
            raise
        first, *_ = str(error).strip().splitlines() or [type(error).__name__]
        name = type(solver).__name__
        raise ArtError(f"{name} of diffrax cannot be used so: {first}") from error


def _solver_of(
    method: "str | diffrax.AbstractSolver", adaptive: bool, dtype: jnp.dtype
) -> "diffrax.AbstractSolver":
    """The solver of diffrax that a method's name means, or one that is given, checked.

    If `adaptive`, it has to know the error of a step; otherwise, if its step is an equation, it is
    told how exactly to solve that for numbers of the type `dtype`.
    """
    room = _diffrax()
    solver = _by_name(room, method) if isinstance(method, str) else method
    name = type(solver).__name__
    if not isinstance(solver, room.AbstractSolver):
        raise ArtError(f"method is {short(method)}: give a name, 'Tsit5', or a solver of diffrax")
    if solver.term_structure is not room.AbstractTerm:
        raise ArtError(f"{name} is for equations of several terms: give Tsit5 or Kvaerno5")
    if not all(isinstance(leaf, Hashable) for leaf in jax.tree.leaves(solver)):
        raise ArtError(f"{name} holds arrays: give it plain numbers as options")
    if adaptive and not isinstance(solver, room.AbstractAdaptiveSolver):
        raise ArtError(
            f"{name} does not know the error of its steps: leave out tolerance, or give Tsit5"
        )
    return solver if adaptive else _for_equal_steps(solver, dtype)


def _for_equal_steps(
    solver: "diffrax.AbstractSolver", dtype: jnp.dtype
) -> "diffrax.AbstractSolver":
    """A solver told how to find its stages, where it takes that from a tolerance."""
    import optimistix  # which diffrax stands on

    exact = float(jnp.finfo(dtype).eps) ** ROOT
    newton = optimistix.Newton(rtol=exact, atol=exact)
    return with_root_finder(_with_bounded_loop(solver), lambda _: newton)


def _with_bounded_loop(solver: "diffrax.AbstractSolver") -> "diffrax.AbstractSolver":
    """A solver whose loop through its stages, if it has one, has derivatives both ways."""
    if getattr(solver, "scan_kind", "") is None:
        return dataclasses.replace(solver, scan_kind="bounded")
    return solver


@functools.partial(jax.jit, static_argnames=("solver", "steps"))
def _equal_steps(
    velocity: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
    solver: "diffrax.AbstractSolver",
    steps: int,
) -> jax.Array:
    """Paths in which each step is one of the solver's."""
    diffrax = _diffrax()
    term = diffrax.ODETerm(_velocity)

    def path(start: jax.Array) -> jax.Array:
        def step(
            carry: tuple[jax.Array, object], time: jax.Array
        ) -> tuple[tuple[jax.Array, object], jax.Array]:
            p, state = carry
            begin = Start(time, time + h, p, velocity)
            q, _error, _between, state, result = step_of(solver, term, begin, state)
            fine = jnp.isfinite(q).all() & (result == diffrax.RESULTS.successful)
            q = jnp.where(fine, q, jnp.nan)
            return (q, state), q

        first = first_memory(solver, term, Start(jnp.zeros_like(h), h, start, velocity))
        _end, rest = jax.lax.scan(step, (start, first), h * jnp.arange(steps))
        return jnp.concatenate([start[None], rest])

    return jax.vmap(path)(starts)


@functools.partial(jax.jit, static_argnames=("solver", "steps"))
def _steps_of_its_own(
    velocity: TracedFunction,
    starts: jax.Array,
    h: jax.Array,
    tolerance: jax.Array,
    solver: "diffrax.AbstractSolver",
    steps: int,
) -> jax.Array:
    """Paths in which the solver's steps are as long as the tolerance allows."""
    diffrax = _diffrax()

    @jax.custom_jvp
    def paths(
        velocity: TracedFunction, starts: jax.Array, h: jax.Array, tolerance: jax.Array
    ) -> jax.Array:
        def path(start: jax.Array) -> jax.Array:
            found = diffrax.diffeqsolve(
                diffrax.ODETerm(_velocity),
                solver,
                t0=jnp.zeros_like(h),
                t1=h * steps,
                dt0=None,
                y0=start,
                args=velocity,
                saveat=diffrax.SaveAt(ts=h * jnp.arange(1, steps + 1)),
                stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance),
                max_steps=MOST_STEPS,
                throw=False,
                adjoint=diffrax.ForwardMode(),
            )
            return jnp.where(jnp.isfinite(found.ys).all(-1, keepdims=True), found.ys, jnp.nan)

        return jax.vmap(path)(starts)

    @functools.partial(paths.defjvp, symbolic_zeros=True)
    def _(primals: tuple[object, ...], tangents: tuple[object, ...]) -> tuple[jax.Array, jax.Array]:
        again = functools.partial(same_steps, _with_bounded_loop(solver), steps, MOST_STEPS)
        return jax.jvp(*of_moving(again, primals, tangents))

    return jnp.concatenate([starts[:, None], paths(velocity, starts, h, tolerance)], axis=1)


def _velocity(time: jax.Array, p: jax.Array, velocity: TracedFunction) -> jax.Array:
    """The velocity as diffrax calls it."""
    return velocity(p).astype(p.dtype)


def _by_name(room: ModuleType, name: str) -> "diffrax.AbstractSolver":
    """The solver of diffrax, for one velocity, that a name means in large or small letters."""
    known = {
        own.lower(): kind
        for own, kind in vars(room).items()
        if inspect.isclass(kind)
        and issubclass(kind, room.AbstractSolver)
        and not own.startswith("Abstract")
        and getattr(kind, "term_structure", None) is room.AbstractTerm
    }
    if name.lower() in known:
        return known[name.lower()]()
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    some = ", ".join(known[own].__name__ for own in close or ["tsit5", "dopri8", "kvaerno5"])
    raise ArtError(f"no method {name!r} in diffrax for a vector field: there are rk4, {some}")


def _diffrax() -> ModuleType:
    try:
        import diffrax
    except ImportError as error:
        raise ArtError(
            "all methods but rk4 are diffrax's, which is not installed:"
            " pip install 'gradart[solvers]'"
        ) from error
    return diffrax
