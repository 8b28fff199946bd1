"""Derivatives in forward mode, also of functions that JAX can only differentiate backward.

A point has two or three numbers, so that forward mode costs a few evaluations, and it follows loops
of any length, which reverse mode does not. What it does not know by itself is a function that was
taught its derivative backward, by `jax.custom_vjp`: that rule is turned around here; and what
`lost_derivatives` finds that JAX gets wrong. `compiled_once` and `taylor` do so to all that they
trace, so that every derivative of a function is by the same rules.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun
from jax.typing import ArrayLike

from gradart.calculus.lost_derivatives import replaced
from gradart.calculus.programs.jaxprs import (
    CALLS,
    CHECKPOINT,
    JAX,
    bind,
    called,
    inner_jaxprs,
    of_some,
    parts,
    shaped,
    source_of,
)
from gradart.calculus.smooth_functions import is_smooth
from gradart.calculus.taylor.named_functions import named
from gradart.errors import ArtError
from gradart.types import Field, Function

P = ParamSpec("P")
R = TypeVar("R")

BACKWARD = "custom_vjp_call"  # the primitive's name
EVERY_ROW = "every_row_is"  # the name of that function, in a program that calls it
Arrays = list[jax.Array]


def gradient_of(f: Field) -> Function:
    """The gradient of a field, (d,) -> (d,)."""
    return explained(jax.jacfwd(f))


def gradients_of(f: Field, like: jax.Array) -> Function:
    """The gradient of a field at many points (n, d) such as `like`: (n, d).

    Backward mode finds the same numbers in half the time or less, where it can; not in a loop of
    unknown length, and not where a branch that is not taken has no derivative, which it makes NaN.
    """
    forward, backward = jax.vmap(gradient_of(f)), jax.vmap(jax.grad(f))
    try:
        jax.eval_shape(backward, like)
    except Exception:  # whatever it is that JAX cannot turn around
        return forward

    def gradients(points: jax.Array) -> jax.Array:
        found = backward(points)
        known = jnp.isfinite(found).all(-1) | ~jnp.isfinite(points).all(-1)
        return jax.lax.cond(every_row_is(known), lambda: found, lambda: forward(points))

    return gradients


@jax.jit
def every_row_is(known: jax.Array) -> jax.Array:
    """Whether all rows (n,) are, to choose between two ways to the same numbers of each row.

    Who computes some of the rows knows it by its name, and asks these alone.
    """
    return known.all()


def hessian_of(f: Field) -> Function:
    """The second derivatives of a field, (d,) -> (d, d)."""
    return explained(jax.jacfwd(jax.jacfwd(f)))


def explained(derivative: Callable[P, R]) -> Callable[P, R]:
    """A function that differentiates, with what JAX cannot do told to an artist: an ArtError."""

    def call(*args: P.args, **named: P.kwargs) -> R:
        try:
            return derivative(*args, **named)
        except (NotImplementedError, ValueError, TypeError) as error:
            if isinstance(error, ArtError) or (text := underivable(error)) is None:
                raise
            raise ArtError(text) from error

    return call


def underivable(error: BaseException) -> str | None:
    """What to write instead, where JAX does not know a derivative; None for any other error."""
    said = str(error)
    if "vmap is only supported for the" in said and "callback" in said:
        return (
            "the function calls back to Python (jax.pure_callback) with one point at a time:"
            " give it vmap_method='sequential'"
        )
    if "callback" in said.lower() and "JVP" in said:
        return (
            "the function calls back to Python (jax.pure_callback), whose derivative JAX does not"
            " know: give it one by jax.custom_jvp, or write it with jax.numpy"
        )
    if "Batching rule for" in said and "not implemented" in said:
        name = said.partition("'")[2].partition("'")[0]
        return f"JAX cannot compute its function {name} at many points: write it with other ones"
    if "ifferentiation rule for" in said and "not implemented" in said:
        name = said.partition("'")[2].partition("'")[0]
        return (
            f"JAX knows no derivative of its function {name}:"
            " write it with other functions, or give it a derivative by jax.custom_jvp"
        )
    return None


def is_rewritten(jaxpr: Jaxpr) -> bool:
    """Whether `forward` makes another program of one.

    It has functions in it that only know their derivative backward, or lose some of it.
    """
    return bool(replaced(jaxpr)) or any(
        eqn.primitive.name == BACKWARD or _holds_rewritten(eqn) for eqn in jaxpr.eqns
    )


def _holds_rewritten(eqn: JaxprEqn) -> bool:
    """Whether a jaxpr inside of an equation is rewritten; not if it is known by its name."""
    if eqn.primitive.name in CALLS and (is_smooth(called(eqn)) or named(eqn)):
        return False
    return any(is_rewritten(parts(x)[0]) for x in inner_jaxprs(eqn.params))


def forward(closed: ClosedJaxpr) -> ClosedJaxpr:
    """A program that can be differentiated forward, and rightly; the same one if it could be."""
    jaxpr, consts = parts(closed)
    if not is_rewritten(jaxpr):
        return closed

    def run(*inputs: jax.Array) -> list[ArrayLike]:
        return _run_forward(jaxpr, consts, inputs)

    return jax.make_jaxpr(run)(*closed.in_avals)


def _run_forward(
    jaxpr: Jaxpr, consts: Sequence[ArrayLike], inputs: Sequence[ArrayLike]
) -> list[ArrayLike]:
    """The outputs of a program, in a way that can be differentiated forward."""
    values: dict[Var, ArrayLike] = dict(zip(jaxpr.constvars, consts, strict=True))
    values.update(zip(jaxpr.invars, inputs, strict=True))

    def read(atom: Atom) -> ArrayLike:
        return atom.val if isinstance(atom, Literal) else values[atom]

    instead = replaced(jaxpr)
    for eqn in jaxpr.eqns:
        if eqn.outvars and eqn.outvars[0] in instead:
            function, atoms = instead[eqn.outvars[0]]
            outputs: Sequence[ArrayLike] = function(*map(read, atoms))
        else:
            outputs = _run_equation(eqn, [read(x) for x in eqn.invars])
        values.update(zip(eqn.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _run_equation(eqn: JaxprEqn, inputs: list[ArrayLike]) -> Sequence[ArrayLike]:
    """The outputs of one equation, in a way that can be differentiated forward."""
    if eqn.primitive.name == BACKWARD:
        # JAX's own rules of this kind, odeint's, save memory: the loop itself is followed instead.
        if source_of(body := called(eqn))[1].startswith(JAX):
            return _run_forward(*parts(body), inputs)
        return _turned_around(eqn)(*inputs)
    if not _holds_rewritten(eqn):
        return bind(eqn, inputs)
    if eqn.primitive.name == CHECKPOINT:  # it saves memory backward: it may go
        return _run_forward(*parts(called(eqn)), inputs)
    return bind(
        eqn.replace(params={k: _forward_parameter(x) for k, x in eqn.params.items()}), inputs
    )


def _turned_around(eqn: JaxprEqn) -> Callable[..., tuple[jax.Array, ...]]:
    """What an equation computes, as a function whose derivative is its rule turned around."""
    smooth = [jnp.issubdtype(shaped(v).dtype, jnp.inexact) for v in eqn.outvars]
    varying = [i for i, v in enumerate(eqn.invars) if jnp.issubdtype(shaped(v).dtype, jnp.inexact)]

    @jax.custom_jvp
    def call(*inputs: jax.Array) -> tuple[jax.Array, ...]:
        return tuple(bind(eqn, inputs))

    @call.defjvp
    def _(
        primals: tuple[jax.Array, ...], tangents: tuple[jax.Array, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[jax.Array, ...]]:
        def both(inputs: Arrays, changes: Arrays) -> tuple[Arrays, Arrays]:
            def some(*smooth_inputs: jax.Array) -> tuple[Arrays, Arrays]:
                outputs = of_some(eqn, inputs, varying)(*smooth_inputs)
                return [y for y, s in zip(outputs, smooth, strict=True) if s], outputs

            at = [inputs[i] for i in varying]
            _, pull, outputs = jax.vjp(some, *at, has_aux=True)
            like = [y for y, s in zip(outputs, smooth, strict=True) if s]
            return outputs, _output_changes(pull, like, changes)

        changes = [tangents[i] for i in varying]
        closed, (outer, _) = jax.make_jaxpr(both, return_shape=True)(list(primals), changes)
        # The rule may use functions of its kind again, itself for one.
        flat = jaxpr_as_fun(forward(closed))(*primals, *changes)
        outputs, rates = flat[: len(outer)], iter(flat[len(outer) :])
        # What JAX takes for the change of whole numbers.
        still = (cast(jax.Array, np.zeros(y.shape, jax.dtypes.float0)) for y in outputs)
        return tuple(outputs), tuple(
            next(rates) if s else zero for s, zero in zip(smooth, still, strict=True)
        )

    return call


def _output_changes(
    pull: Callable[[Arrays], Sequence[jax.Array]], like: Arrays, changes: Arrays
) -> Arrays:
    """How the outputs change, from a rule that takes slopes of the outputs to slopes of inputs.

    That rule is linear as a rule, and then its transpose is what is wanted, at the cost of one
    evaluation. Where it cannot be transposed, it is asked about each number of the outputs.
    """
    try:
        (rates,) = jax.linear_transpose(pull, like)(tuple(changes))
        return list(rates)
    except Exception:  # there is no one error for a rule that is not linear, or calls back
        sizes = [y.size for y in like]
        starts = np.cumsum([0, *sizes])

        def shared_out(numbers: jax.Array) -> Arrays:
            """One row of numbers as arrays of the shapes of the outputs."""
            return [
                numbers[a : a + y.size].reshape(y.shape).astype(y.dtype)
                for a, y in zip(starts, like, strict=False)
            ]

        def change(k: jax.Array) -> jax.Array:
            slopes = pull(shared_out(jnp.zeros(starts[-1]).at[k].set(1)))
            terms = [jnp.sum(rows * x) for rows, x in zip(slopes, changes, strict=True)]
            return sum(terms[1:], terms[0])

        return shared_out(jax.vmap(change)(jnp.arange(starts[-1])))


def _forward_parameter(x: object) -> object:
    """A parameter of an equation, which may be anything, with the programs in it made forward."""
    if isinstance(x, ClosedJaxpr):
        return forward(x)
    if isinstance(x, tuple):
        parts = [_forward_parameter(y) for y in x]
        return getattr(x, "_make", tuple)(parts)
    return x
