"""Taylor rules of calls, branches and loops: what holds equations inside.

`run` is the interpreter, which takes a jaxpr and the series of its inputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import ClosedJaxpr

from gradart.calculus.series import Series, padded
from gradart.calculus.taylor_solves import linear_solve


def _call(key: str) -> Callable[..., list[Series]]:
    """Enter a call and go on inside."""

    def enter(run: Any, eqn: Any, *inputs: Series) -> list[Series]:
        inner = eqn.params[key]
        return run.run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), inputs)

    return enter


def _cond(run: Any, eqn: Any, which: Series, *inputs: Series) -> list[Series]:
    branches = eqn.params["branches"]

    def full(closed: ClosedJaxpr) -> Callable[[Sequence[Series]], list[Series]]:
        return lambda inputs: [_fill(y, run.order) for y in run(closed, *inputs)]

    return lax.switch(which[0], [full(b) for b in branches], inputs)


def _fill(u: Series, n: int) -> Series:
    """All terms of a series of floats; the one term of anything else."""
    return padded(u, n) if jnp.issubdtype(jnp.result_type(u[0]), jnp.inexact) else u


def _carried(
    body: Callable[[list[Series]], list[Series]], carry: list[Series], n: int
) -> list[Series]:
    """The carry of a loop with all terms written out where the loop makes it vary."""
    while True:
        after = jax.eval_shape(body, carry)
        longer = [len(v) > len(u) for u, v in zip(carry, after, strict=True)]
        if not any(longer):
            return carry
        carry = [padded(u, n) if more else u for u, more in zip(carry, longer, strict=True)]


def _scan(run: Any, eqn: Any, *inputs: Series) -> list[Series]:
    p, n = eqn.params, run.order
    start = p["num_consts"] + p["num_carry"]
    consts, carry, xs = inputs[: p["num_consts"]], inputs[p["num_consts"] : start], inputs[start:]

    def step(carry: list[Series], x: list[Series]) -> tuple[list[Series], list[Series]]:
        after = run(p["jaxpr"], *consts, *carry, *x)
        head = [padded(v, n) if len(u) > len(v) else v for u, v in zip(carry, after, strict=False)]
        return head, after[p["num_carry"] :]

    first = [tuple(jnp.asarray(a) for a in u) for u in carry]
    one = [tuple(a[0] for a in x) for x in xs] if p["length"] else list(xs)
    first = _carried(lambda c: step(c, one)[0], first, n)
    last, ys = lax.scan(
        step, first, list(xs), p["length"], reverse=p["reverse"], unroll=p["unroll"]
    )
    return [*last, *ys]


def _while(run: Any, eqn: Any, *inputs: Series) -> list[Series]:
    """The condition looks at the values only: the number of turns is taken as given."""
    p, n = eqn.params, run.order
    split = p["cond_nconsts"] + p["body_nconsts"]
    asked, carry = inputs[: p["cond_nconsts"]], inputs[split:]
    consts = inputs[p["cond_nconsts"] : split]

    def goes_on(carry: list[Series]) -> jax.Array:
        still = replace(run, order=0)(p["cond_jaxpr"], *[(u[0],) for u in (*asked, *carry)])
        return still[0][0]

    def step(carry: list[Series]) -> list[Series]:
        after = run(p["body_jaxpr"], *consts, *carry)
        return [padded(v, n) if len(u) > len(v) else v for u, v in zip(carry, after, strict=True)]

    first = _carried(step, [tuple(jnp.asarray(a) for a in u) for u in carry], n)
    return lax.while_loop(goes_on, step, first)


def _linear_solve(run: Any, eqn: Any, *inputs: Series) -> list[Series]:
    return linear_solve(run.order, eqn, run, *inputs)


CONTROL: dict[str, Callable[..., list[Series]]] = {
    **dict.fromkeys(("jit", "pjit", "remat2", "checkpoint"), _call("jaxpr")),
    **dict.fromkeys(
        ("closed_call", "core_call", "custom_vjp_call", "custom_vmap_call", "call"),
        _call("call_jaxpr"),
    ),
    "cond": _cond,
    "scan": _scan,
    "while": _while,
    "custom_linear_solve": _linear_solve,
}
