"""Which arrays need no memory of their own: formulas computed inside of one other loop."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Literal as OneOf

from jax.core import Atom
from jax.extend.core import JaxprEqn, Literal, Var

from gradart.calculus.programs.jaxprs import shaped

_DEEPEST = 100  # formulas within each other, each of which is written by a few calls of Python

# How an equation takes its inputs: each element once, where its own is; at other places; side by
# side with others; summed up; or as a whole, from a buffer.
Taking = OneOf["each", "moved", "joined", "summed", "whole"]


def formulas(
    equations: Sequence[JaxprEqn],
    results: Sequence[Atom],
    taking: Callable[[JaxprEqn], Taking],
    stage: Mapping[Var, int],
) -> set[Var]:
    """The variables whose elements are each needed in one place of one loop.

    Going back from what is needed, the loop of a variable is that of all that takes it. Where two
    loops take it, or one at two places, it is computed once and kept; so it is where formulas would
    stand too deep within each other.
    """
    takers: dict[Var, list[JaxprEqn]] = {}
    for eqn in equations:
        for atom in {id(a): a for a in eqn.invars}.values():
            if not isinstance(atom, Literal):
                takers.setdefault(atom, []).append(eqn)
    kept = {atom for atom in results if not isinstance(atom, Literal)}
    loop: dict[Var, Hashable] = {}
    depth: dict[Var, int] = {}
    inside: set[Var] = set()
    for eqn in reversed(equations):
        for variable in eqn.outvars:
            loop[variable], depth[variable] = variable, 0
            if variable in kept or taking(eqn) not in ("each", "moved") or len(eqn.outvars) > 1:
                continue
            its = takers.get(variable, [])
            loops = {_loop(variable, taker, taking(taker), loop, len(its)) for taker in its}
            later = any(stage[taker.outvars[0]] != stage[variable] for taker in its)
            deep = 1 + max((depth[out] for taker in its for out in taker.outvars), default=0)
            if len(loops) == 1 and None not in loops and not later and deep <= _DEEPEST:
                (loop[variable],), depth[variable] = loops, deep
                inside.add(variable)
    return inside


def _loop(
    variable: Var,
    taker: JaxprEqn,
    way: Taking,
    loop: Mapping[Var, Hashable],
    takers: int,
) -> Hashable | None:
    """The loop in which an equation takes a variable; None if it needs it in a buffer."""
    out = taker.outvars[0]
    size, own = shaped(out).size, shaped(variable).size
    match way:
        case "each":
            return loop[out] if shaped(out).shape == shaped(variable).shape else None
        case "moved" if takers == 1 and size <= own:
            return ("moved", loop[out])
        case "joined" if takers == 1 or all(x is not variable for x in taker.invars[1:]):
            return (out, shaped(variable).shape)
        case "summed" if takers == 1:
            return ("summed", out)
    return None
