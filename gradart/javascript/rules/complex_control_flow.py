"""Branches and loops over complex numbers: what they hold inside, of real and imaginary parts."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn

from gradart.calculus import jaxprs
from gradart.javascript.rules.complex_functions import Input

Call: TypeAlias = Callable[..., list[Input]]
# Takes what makes a jaxpr a function of parts, the equation, and its inputs.
ControlRule = Callable[..., Sequence[Input]]
InParts = Callable[[ClosedJaxpr | Jaxpr], Call]


def _scan(in_parts: InParts, eqn: JaxprEqn, *inputs: Input) -> list[Input]:
    loop = jaxprs.scan(eqn)
    first, rest = loop.consts, loop.consts + loop.carry
    body = in_parts(loop.body)

    def step(carry: list[Input], x: list[Input]) -> tuple[list[Input], list[Input]]:
        made = body(*inputs[:first], *carry, *x)
        return made[: loop.carry], made[loop.carry :]

    start, rows = list(inputs[first:rest]), list(inputs[rest:])
    last, ys = lax.scan(step, start, rows, loop.length, reverse=loop.reverse)
    return [*last, *ys]


def _while(in_parts: InParts, eqn: JaxprEqn, *inputs: Input) -> list[Input]:
    """Of loops side by side those that have ended stay as they are."""
    loop = jaxprs.while_loop(eqn)
    first, rest = loop.cond_consts, loop.cond_consts + loop.body_consts
    cond, body = in_parts(loop.cond), in_parts(loop.body)

    def going(carry: Sequence[Input]) -> jax.Array:
        (on,) = cond(*inputs[:first], *carry)
        assert isinstance(on, jax.Array)
        return on

    def step(carry: list[Input]) -> list[Input]:
        on, made = going(carry), body(*inputs[first:rest], *carry)

        def kept(new: jax.Array, old: jax.Array) -> jax.Array:
            return lax.select(lax.broadcast_in_dim(on, old.shape, range(on.ndim)), new, old)

        return jax.tree.map(kept, made, carry) if on.ndim else made

    return lax.while_loop(lambda carry: jnp.any(going(carry)), step, list(inputs[rest:]))


def _cond(in_parts: InParts, eqn: JaxprEqn, which: jax.Array, *inputs: Input) -> list[Input]:
    return lax.switch(which, [in_parts(branch) for branch in jaxprs.branches(eqn)], *inputs)


COMPLEX_CONTROL: dict[str, ControlRule] = {"scan": _scan, "while": _while, "cond": _cond}
