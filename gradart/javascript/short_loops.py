"""Short loops written out, step by step: a polynomial by its coefficients is one formula then."""

import jax
import jax.numpy as jnp
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, jaxpr_as_fun

from gradart.calculus import jaxprs
from gradart.calculus.jaxprs import CALLS, called, parts, shaped
from gradart.javascript.rules.arrays import EACH, MOVED

_MOST = 128  # equations of all steps
_KNOWN = frozenset((*EACH, *MOVED, "complex", "real", "imag", "conj"))


def steps_of(eqn: JaxprEqn) -> ClosedJaxpr | None:
    """The steps of a scan, one after the other; None for one that is long, or does more than sums.

    What stands in one loop of JavaScript is kept in registers, where a loop of loops would go
    through memory at each step.
    """
    scan = jaxprs.scan(eqn)
    count = _simple(scan.body)
    if not scan.length or count is None or count * scan.length > _MOST:
        return None

    def all_steps(*inputs: jax.Array) -> list[jax.Array]:
        consts, rest = inputs[: scan.consts], inputs[scan.consts :]
        carry, rows = list(rest[: scan.carry]), rest[scan.carry :]
        made: list[list[jax.Array]] = []
        for k in range(scan.length)[:: -1 if scan.reverse else 1]:
            now = [jax.lax.index_in_dim(row, k, keepdims=False) for row in rows]
            results = jaxpr_as_fun(scan.body)(*consts, *carry, *now)
            carry = results[: scan.carry]
            made.append(results[scan.carry :])
        columns = zip(*made[:: -1 if scan.reverse else 1], strict=True)
        return [*carry, *map(jnp.stack, columns)]

    given = [jax.ShapeDtypeStruct(shaped(v).shape, shaped(v).dtype) for v in eqn.invars]
    return jax.make_jaxpr(all_steps)(*given)


def _simple(body: ClosedJaxpr | Jaxpr) -> int | None:
    """How many equations a jaxpr has, if all compute and move elements one by one."""
    count = 0
    for eqn in parts(body)[0].eqns:
        name = eqn.primitive.name
        inner = _simple(called(eqn)) if name in CALLS else 1 if name in _KNOWN else None
        if inner is None:
            return None
        count += inner
    return count
