"""Taylor rules of calls, branches and loops: what holds equations inside.

`run` is the interpreter, which takes a jaxpr and the series of its inputs.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn

from gradart.calculus.programs import jaxprs
from gradart.calculus.smooth_functions import is_smooth
from gradart.calculus.taylor.fallback import Run
from gradart.calculus.taylor.named_functions import named
from gradart.calculus.taylor.rules.linear_algebra import linear_solve
from gradart.calculus.taylor.rules.special_functions import (
    IN_LAST_ARGUMENT,
    SPECIAL,
    bessel_products,
)
from gradart.calculus.taylor.series import Series, padded

# The interpreter, an equation and the series of its inputs -> the series of its outputs, or None
# for a form of the primitive that the rule does not know.
Rule = Callable[..., Sequence[Series] | None]


def _call(run: Run, eqn: JaxprEqn, *inputs: Series) -> Sequence[Series] | None:
    """By the rule of the function that is called, if it has one; else enter it and go on inside.

    A function that knows its own derivative forward is followed by that and not entered, if it
    is more than special functions and not one that gradart itself has put there.
    """
    rule, inner = named(eqn), jaxprs.called(eqn)
    if rule and all(len(u) == 1 for u in inputs[:-1]):
        return rule(run.order, eqn, *inputs)
    if eqn.primitive.name == "custom_jvp_call" and not _special(inner):
        return None
    return run(inner, *inputs)


def _special(jaxpr: ClosedJaxpr | Jaxpr) -> bool:
    """Whether a function is nothing but special functions that have a rule for every order."""
    inside = jaxprs.parts(jaxpr)[0]
    if is_smooth(jaxpr):
        return True
    if bessel_products(inside).keys() >= set(inside.outvars):
        return True
    names = {eqn.primitive.name for eqn in inside.eqns}
    return names <= {"convert_element_type", "broadcast_in_dim", *SPECIAL, *IN_LAST_ARGUMENT}


def _cond(run: Run, eqn: JaxprEqn, which: Series, *inputs: Series) -> list[Series]:
    """The branch that is taken, on series that have all terms, so that both are alike."""

    def full(closed: ClosedJaxpr) -> Callable[[Sequence[Series]], list[Series]]:
        return lambda inputs: [_fill(y, run.order) for y in run(closed, *inputs)]

    return lax.switch(which[0], [full(b) for b in jaxprs.branches(eqn)], inputs)


def _fill(u: Series, n: int) -> Series:
    """All terms of a series of floats; the one term of anything else."""
    return padded(u, n) if jnp.issubdtype(jnp.result_type(u[0]), jnp.inexact) else u


def _carried(
    body: Callable[..., list[Series]],
    carry: Sequence[Series],
    *more: list[jax.ShapeDtypeStruct],
    n: int,
) -> list[Series]:
    """The carry of a loop with all terms written out where the loop makes it vary."""
    first = [tuple(jnp.asarray(a) for a in u) for u in carry]
    while True:
        after = jax.eval_shape(body, first, *more)
        longer = [len(v) > len(u) for u, v in zip(first, after, strict=True)]
        if not any(longer):
            return first
        first = [padded(u, n) if grows else u for u, grows in zip(first, longer, strict=True)]


def _as_long(after: Sequence[Series], carry: Sequence[Series], n: int) -> list[Series]:
    """What a turn of a loop leaves, with as many terms as what it was given."""
    return [padded(v, n) if len(u) > len(v) else v for u, v in zip(carry, after, strict=True)]


def _scan(run: Run, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """A loop over the series of the rows, carrying series."""
    loop, n = jaxprs.scan(eqn), run.order
    start = loop.consts + loop.carry
    consts, carry, xs = inputs[: loop.consts], inputs[loop.consts : start], list(inputs[start:])

    def step(carry: list[Series], x: list[Series]) -> tuple[list[Series], list[Series]]:
        after = run(loop.body, *consts, *carry, *x)
        return _as_long(after[: loop.carry], carry, n), after[loop.carry :]

    one = jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape[1:], a.dtype), xs)
    first = _carried(lambda carry, x: step(carry, x)[0], carry, one, n=n)
    last, ys = lax.scan(step, first, xs, loop.length, reverse=loop.reverse, unroll=loop.unroll)
    return [*last, *ys]


def _while(run: Run, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """A loop while a condition on the values holds: the number of turns is taken as given."""
    loop, n = jaxprs.while_loop(eqn), run.order
    split = loop.cond_consts + loop.body_consts
    asked, consts = inputs[: loop.cond_consts], inputs[loop.cond_consts : split]

    def goes_on(carry: Sequence[Series]) -> jax.Array:
        still = run.at_order(0)(loop.cond, *[(u[0],) for u in (*asked, *carry)])
        return still[0][0]

    def turn(carry: list[Series]) -> list[Series]:
        return _as_long(run(loop.body, *consts, *carry), carry, n)

    def step(state: tuple[jax.Array, list[Series]]) -> tuple[jax.Array, list[Series]]:
        going, carry = state
        after = turn(carry)
        if going.ndim:
            after = jax.tree.map(lambda new, old: _where(going, new, old), after, carry)
        return goes_on(after), after

    first = _carried(turn, inputs[split:], n=n)
    return lax.while_loop(lambda state: jnp.any(state[0]), step, (goes_on(first), first))[1]


def _where(going: jax.Array, new: jax.Array, old: jax.Array) -> jax.Array:
    """The new where a loop still runs, along the first axes; what has ended stays as it is.

    What has ended stays as it is to the last bit, in all of its terms.
    """
    return lax.select(lax.broadcast_in_dim(going, old.shape, range(going.ndim)), new, old)


def _linear_solve(run: Run, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """The solution of a linear system that is given as functions."""
    return linear_solve(run.order, eqn, run, *inputs)


CONTROL: dict[str, Rule] = {
    **dict.fromkeys(jaxprs.CALLS, _call),
    "cond": _cond,
    "scan": _scan,
    "while": _while,
    "custom_linear_solve": _linear_solve,
}
