"""A traced function of one number, split into what depends on that number and what does not."""

from collections.abc import Callable
from typing import Any

import jax
import jax.extend.core as jex
import numpy as np

Values = dict[jex.Var, Any]


def split(closed: jex.ClosedJaxpr) -> tuple[list[bool], Callable[[Any], list[np.ndarray]]]:
    """Whether each result depends on the argument u, and a compiled function of u to all results.

    Every equation that u reaches is compiled into that function; all others are computed here, and
    their results are the same arrays at every call.
    """
    values: Values = {}
    (u,) = closed.jaxpr.invars
    equations, results = _inline(closed, [u], values)
    reached = {u}
    still: list[jex.JaxprEqn] = []
    moving: list[jex.JaxprEqn] = []
    for equation in equations:
        if reached.isdisjoint(_variables(equation.invars)):
            still.append(equation)
        else:
            moving.append(equation)
            reached.update(equation.outvars)
    depends = [bool(_variables([atom]) & reached) for atom in results]

    wanted = _variables(results).union(*(_variables(e.invars) for e in moving)) - reached
    made = [v for equation in still for v in equation.outvars if v in wanted]
    if made:
        computed = _compiled(closed, list(values), still, made)(*values.values())
        values |= dict(zip(made, computed, strict=True))

    given = {v: values[v] for v in wanted}
    ends = [atom for atom, moves in zip(results, depends, strict=True) if moves]
    run = _compiled(closed, [u, *given], moving, ends)
    fixed = [
        None if moves else np.asarray(atom.val if isinstance(atom, jex.Literal) else values[atom])
        for atom, moves in zip(results, depends, strict=True)
    ]

    def compute(u: Any) -> list[np.ndarray]:
        fresh = iter(run(u, *given.values()))
        return [np.asarray(next(fresh)) if array is None else array for array in fixed]

    return depends, compute


def _inline(
    closed: jex.ClosedJaxpr, arguments: list[Any], values: Values
) -> tuple[list[jex.JaxprEqn], list[Any]]:
    """Equations and results with jitted calls written out and a variable of its own for each value.

    Constants go into `values`. What is jitted as a whole, as a frame may be, splits this way too.
    """
    jaxpr = closed.jaxpr
    atoms = dict(zip(jaxpr.invars, arguments, strict=True))
    for variable, value in zip(jaxpr.constvars, closed.consts, strict=True):
        atoms[variable] = jex.Var(variable.aval)
        values[atoms[variable]] = value

    def read(items: list[Any]) -> list[Any]:
        return [item if isinstance(item, jex.Literal) else atoms[item] for item in items]

    equations = []
    for equation in jaxpr.eqns:
        inputs = read(equation.invars)
        if equation.primitive.name == "jit":
            inner, outputs = _inline(equation.params["jaxpr"], inputs, values)
            equations += inner
        else:
            outputs = [jex.Var(v.aval) for v in equation.outvars]
            equations.append(equation.replace(invars=inputs, outvars=outputs))
        atoms |= dict(zip(equation.outvars, outputs, strict=True))
    return equations, read(jaxpr.outvars)


def _variables(atoms: list[Any]) -> set[jex.Var]:
    return {atom for atom in atoms if not isinstance(atom, jex.Literal)}


def _compiled(
    closed: jex.ClosedJaxpr,
    inputs: list[jex.Var],
    equations: list[jex.JaxprEqn],
    outputs: list[Any],
) -> Callable[..., list[jax.Array]]:
    part = closed.jaxpr.replace(constvars=[], invars=inputs, eqns=equations, outvars=outputs)
    return jax.jit(jex.jaxpr_as_fun(jex.ClosedJaxpr(part, [])))
