"""The equations of a traced program, one after the other, and when each is to be computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jax
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun
from jax.typing import ArrayLike

from gradart.calculus.jaxprs import CALLS, called, inner_jaxprs, parts

NEVER = -1  # the stage of what is the same at every call


@dataclass(frozen=True)
class Equations:
    """A program without calls: its inputs, its equations in order, and its results.

    Each value has a variable of its own; `constants` are those that are arrays, and `jaxpr` is
    the program as it was.
    """

    jaxpr: Jaxpr
    inputs: tuple[Var, ...]
    equations: tuple[JaxprEqn, ...]
    results: tuple[Atom, ...]
    constants: Mapping[Var, ArrayLike]


def flat(closed: ClosedJaxpr | Jaxpr) -> Equations:
    """A program with all calls written out, and without the equations that no result needs."""
    jaxpr, consts = parts(closed)
    inputs = tuple(Var(v.aval) for v in jaxpr.invars)
    constants: dict[Var, ArrayLike] = {}
    equations: list[JaxprEqn] = []
    results = _written_out(jaxpr, consts, inputs, constants, equations)
    needed = variables(results)
    kept = []
    for eqn in reversed(equations):
        if not needed.isdisjoint(eqn.outvars):
            kept.append(eqn)
            needed |= variables(eqn.invars)
    return Equations(
        jaxpr,
        inputs,
        tuple(reversed(kept)),
        tuple(results),
        {v: x for v, x in constants.items() if v in needed},
    )


def _written_out(
    jaxpr: Jaxpr,
    consts: Sequence[ArrayLike],
    inputs: Sequence[Atom],
    constants: dict[Var, ArrayLike],
    equations: list[JaxprEqn],
) -> list[Atom]:
    atoms: dict[Var, Atom] = dict(zip(jaxpr.invars, inputs, strict=True))
    for variable, value in zip(jaxpr.constvars, consts, strict=True):
        atoms[variable] = own = Var(variable.aval)
        constants[own] = value

    def read(items: Sequence[Atom]) -> list[Atom]:
        return [item if isinstance(item, Literal) else atoms[item] for item in items]

    for eqn in jaxpr.eqns:
        given = read(eqn.invars)
        made: Sequence[Atom]
        if eqn.primitive.name in CALLS:
            made = _written_out(*parts(called(eqn)), given, constants, equations)
        else:
            made = own_outputs = [Var(v.aval) for v in eqn.outvars]
            equations.append(eqn.replace(invars=given, outvars=own_outputs))
        atoms.update(zip(eqn.outvars, made, strict=True))
    return read(jaxpr.outvars)


def variables(atoms: Sequence[Atom]) -> set[Var]:
    """Those that are no constants written in an equation."""
    return {atom for atom in atoms if not isinstance(atom, Literal)}


def stages(equations: Equations, of_inputs: Sequence[int]) -> dict[Var, int]:
    """When each value can be computed: with the last of the inputs that it depends on."""
    stage: dict[Var, int] = dict.fromkeys(equations.constants, NEVER)
    stage.update(zip(equations.inputs, of_inputs, strict=True))
    for eqn in equations.equations:
        last = max((stage[v] for v in variables(eqn.invars)), default=NEVER)
        stage.update(dict.fromkeys(eqn.outvars, last))
    return stage


def computed(
    equations: Equations, stage: Mapping[Var, int]
) -> tuple[list[JaxprEqn], dict[Var, ArrayLike]]:
    """The equations that are left when all that never changes is computed; and what that is."""
    still = [eqn for eqn in equations.equations if _of(eqn, stage) == NEVER]
    moving = [eqn for eqn in equations.equations if _of(eqn, stage) != NEVER]
    wanted = variables(equations.results).union(*(variables(e.invars) for e in moving))
    known = {v: x for v, x in equations.constants.items() if v in wanted}
    made = [v for eqn in still for v in eqn.outvars if v in wanted]
    if made:
        given = list(equations.constants)
        part = equations.jaxpr.replace(constvars=[], invars=given, eqns=still, outvars=made)
        values = jax.jit(jaxpr_as_fun(ClosedJaxpr(part, [])))(*equations.constants.values())
        known.update(zip(made, values, strict=True))
    return moving, known


def _of(eqn: JaxprEqn, stage: Mapping[Var, int]) -> int:
    return max((stage[v] for v in eqn.outvars), default=NEVER)


def inner_equations(equations: Sequence[JaxprEqn]) -> Iterator[JaxprEqn]:
    """Equations and all that stand in their loops and branches, without calls."""
    for eqn in equations:
        if eqn.primitive.name not in CALLS:
            yield eqn
        solves = eqn.primitive.name == "custom_linear_solve"
        for inner in inner_jaxprs(eqn.params["jaxprs"].solve if solves else eqn.params):
            yield from inner_equations(parts(inner)[0].eqns)


def as_numbers(value: ArrayLike) -> np.ndarray:
    """An array of NumPy; of keys their words (..., 2)."""
    if isinstance(value, jax.Array) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        return np.asarray(jax.random.key_data(value))
    return np.asarray(value)
