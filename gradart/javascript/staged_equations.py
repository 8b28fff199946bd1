"""The equations of a traced program, one after the other, and when each is to be computed."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import jax
import numpy as np
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun
from jax.typing import ArrayLike

from gradart.calculus.programs.compiled_once import fingerprint
from gradart.calculus.programs.jaxprs import (
    CALLS,
    HIGH,
    inner_jaxprs,
    numbers_computed,
    parts,
    scan,
    shaped,
    variables,
    written_out,
)
from gradart.javascript.flat_equations import Row

_LARGE = 4096  # bytes that are simply held
_QUICK = 2e7  # numbers that a browser computes in about a tenth of a second
_LONGEST = 1e9  # and in a second, which is less than it takes to load what they would make
_WORTH = 120  # numbers that are rather computed than a byte is held
_SHORT = 32  # steps of a loop, in which a rounding does not yet become visible
NEVER = -1  # the stage of what is the same at every call


@dataclass(frozen=True)
class Equations:
    """A program without calls: its inputs, its equations in order, and its results.

    Each value has a variable of its own; `constants` are those that are arrays, and `jaxpr` is
    the program as it was. `known` is what has been computed of it so far, by `values_of`.
    """

    jaxpr: Jaxpr
    inputs: tuple[Var, ...]
    equations: tuple[JaxprEqn, ...]
    results: tuple[Atom, ...]
    constants: Mapping[Var, ArrayLike]
    known: dict[Var, ArrayLike] = field(default_factory=dict)


def with_values(equations: Equations, values: Sequence[ArrayLike]) -> Equations:
    """The same with values for its first inputs, for which a stage of NEVER may be told then."""
    given = dict(zip(equations.inputs, map(np.asarray, values), strict=False))
    return replace(equations, constants={**equations.constants, **given})


def flat(closed: ClosedJaxpr | Jaxpr) -> Equations:
    """A program with its calls and short loops written out as plain equations.

    Without equations that nothing needs, and with each of those that are the same only once.
    """
    inputs = tuple(Var(v.aval) for v in parts(closed)[0].invars)
    row = Row()
    written = row.whole(row.write(closed, inputs))
    equations, first = _different(row)
    results = [_first(atom, first) for atom in written]
    needed = variables(results)
    kept = []
    for eqn in reversed(equations):
        if not needed.isdisjoint(eqn.outvars):
            kept.append(eqn)
            needed |= variables(eqn.invars)
    return Equations(
        parts(closed)[0],
        inputs,
        tuple(reversed(kept)),
        tuple(results),
        {v: x for v, x in row.constants.items() if v in needed},
    )


def _different(row: Row) -> tuple[list[JaxprEqn], dict[Var, Var]]:
    """The equations of a row without repetitions, and for each variable the first one like it.

    What is left is written in these first variables.
    """
    first: dict[Var, Var] = {}
    seen: dict[Hashable, Sequence[Var]] = {}
    for v, value in row.constants.items():
        first[v] = seen.setdefault((id(value), str(v.aval)), [v])[0]
    kept = []
    for eqn in row.equations:
        given = [_first(atom, first) for atom in eqn.invars]
        key = eqn.primitive, tuple(map(_said, given)), fingerprint(eqn.params)
        made = seen.setdefault(key, eqn.outvars)
        first.update(zip(eqn.outvars, made, strict=True))
        if made is eqn.outvars:
            kept.append(eqn.replace(invars=given))
    return kept, first


def _first(atom: Atom, first: Mapping[Var, Var]) -> Atom:
    return atom if isinstance(atom, Literal) else first.get(atom, atom)


def _said(atom: Atom) -> Hashable:
    return (fingerprint(atom.val), str(atom.aval)) if isinstance(atom, Literal) else atom


def stages(equations: Equations, of_inputs: Sequence[int]) -> dict[Var, int]:
    """When each value can be computed: with the last of the inputs that it depends on."""
    stage: dict[Var, int] = dict.fromkeys(equations.constants, NEVER)
    stage.update(zip(equations.inputs, of_inputs, strict=True))
    for eqn in equations.equations:
        last = max((stage[v] for v in variables(eqn.invars)), default=NEVER)
        stage.update(dict.fromkeys(eqn.outvars, last))
    return stage


@dataclass(frozen=True)
class Parts:
    """The equations of a program by when they are computed: when it starts, or at a later stage.

    `held` are the values that it holds as arrays: those that never change.
    """

    first: Sequence[JaxprEqn]
    moving: Sequence[JaxprEqn]
    held: Sequence[Var]


def parted(
    equations: Equations, stage: Mapping[Var, int], translatable: Callable[[JaxprEqn], bool]
) -> Parts:
    """What never changes, parted: equations to compute when a program starts, and arrays to hold.

    What would be large to hold, and is quick to compute of less, is computed.
    """
    still = [eqn for eqn in equations.equations if _of(eqn, stage) == NEVER]
    moving = [eqn for eqn in equations.equations if _of(eqn, stage) != NEVER]
    wanted = variables(equations.results).union(*(variables(e.invars) for e in moving))
    made = {v: eqn for eqn in still for v in eqn.outvars}
    anyway = wanted - made.keys()
    groups: dict[frozenset[Var], list[Var]] = {}
    cones = {v: _cone([v], made) for v in wanted & made.keys() if _bytes(v) > _LARGE}
    for variable, (cone, leaves) in cones.items():
        limit = _QUICK
        if not any(map(_is_long, inner_equations(cone))):
            limit = min(max(_QUICK, _WORTH * _bytes(variable)), _LONGEST)
        if sum(map(work, cone)) < limit and all(map(translatable, inner_equations(cone))):
            groups.setdefault(frozenset(leaves - anyway), []).append(variable)
    start = {
        id(eqn)
        for leaves, some in groups.items()
        if sum(map(_bytes, leaves)) < sum(map(_bytes, some)) / 2
        for variable in some
        for eqn in cones[variable][0]
    }
    first = [eqn for eqn in still if id(eqn) in start]
    needed = wanted.union(*(variables(e.invars) for e in first))
    needed -= {v for eqn in first for v in eqn.outvars}
    fixed = [v for eqn in still for v in eqn.outvars if v in needed]
    given = [v for v in equations.constants if v in needed and stage[v] == NEVER]
    return Parts(first, moving, [*given, *fixed])


def values_of(equations: Equations, wanted: Sequence[Var]) -> dict[Var, ArrayLike]:
    """The values of variables that never change: computed, all at once, if they are not known."""
    known = equations.known
    for v in equations.constants.keys() & wanted:
        known.setdefault(v, equations.constants[v])
    missing = list(dict.fromkeys(v for v in wanted if v not in known))
    if missing:
        made = {v: eqn for eqn in equations.equations for v in eqn.outvars if v not in known}
        cone, leaves = _cone(missing, made)
        needed = set(map(id, cone))
        eqns = [eqn for eqn in equations.equations if id(eqn) in needed]
        given = list(leaves)
        part = equations.jaxpr.replace(constvars=[], invars=given, eqns=eqns, outvars=missing)
        arrays = [known[v] if v in known else equations.constants[v] for v in given]
        values = jax.jit(jaxpr_as_fun(ClosedJaxpr(part, [])))(*arrays)
        known.update(zip(missing, values, strict=True))
    return {v: known[v] for v in wanted}


def _cone(some: Sequence[Var], made: Mapping[Var, JaxprEqn]) -> tuple[list[JaxprEqn], set[Var]]:
    """The equations that values are computed by, and the arrays that these begin with."""
    found: dict[int, JaxprEqn] = {}
    leaves: set[Var] = set()
    todo = [*some]
    while todo:
        v = todo.pop()
        if v not in made:
            leaves.add(v)
        elif id(made[v]) not in found:
            found[id(made[v])] = made[v]
            todo += variables(made[v].invars)
    return list(found.values()), leaves


def _bytes(variable: Var) -> int:
    aval = shaped(variable)
    return aval.size * (
        8 if jax.dtypes.issubdtype(aval.dtype, jax.dtypes.prng_key) else aval.dtype.itemsize
    )


def _is_long(eqn: JaxprEqn) -> bool:
    """Whether an equation is a loop of many steps, or of who knows how many, each from the last."""
    if eqn.primitive.name != "scan":
        return eqn.primitive.name == "while"
    loop = scan(eqn)
    return loop.length > _SHORT and loop.carry > 0


def work(eqn: JaxprEqn) -> float:
    """About how many numbers an equation computes; a loop of unknown length many."""
    return numbers_computed(eqn, lambda step: _QUICK)


def _of(eqn: JaxprEqn, stage: Mapping[Var, int]) -> int:
    return max((stage[v] for v in eqn.outvars), default=NEVER)


def inner_equations(equations: Sequence[JaxprEqn]) -> Iterator[JaxprEqn]:
    """Equations and all that stand in their loops and branches, without calls."""
    for eqn in equations:
        if eqn.primitive.name == HIGH:
            yield from inner_equations(written_out(eqn).eqns)
        elif eqn.primitive.name not in CALLS:
            yield eqn
        solves = eqn.primitive.name == "custom_linear_solve"
        for inner in inner_jaxprs(eqn.params["jaxprs"].solve if solves else eqn.params):
            yield from inner_equations(parts(inner)[0].eqns)


def as_numbers(value: ArrayLike) -> np.ndarray:
    """An array of NumPy; of keys their words (..., 2)."""
    if isinstance(value, jax.Array) and jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        return np.asarray(jax.random.key_data(value))
    return np.asarray(value)
