"""A jaxpr as one row of equations: calls and short loops written out, complex numbers in parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import Atom, ShapedArray
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun
from jax.typing import ArrayLike

from gradart.calculus.programs import jaxprs
from gradart.calculus.programs.jaxprs import (
    CALLS,
    HIGH,
    JAX,
    called,
    inner_jaxprs,
    parts,
    shaped,
    source_of,
    written_out,
)
from gradart.javascript.array_values import dtype_of
from gradart.javascript.rules.arrays import EACH, MOVED
from gradart.javascript.rules.complex_functions import Input, Parts
from gradart.javascript.rules.complex_numbers import COMPLEX, COMPLEX_CONTROL, Call, ComplexRule

_MOST = 128  # equations of all steps
_KNOWN = frozenset((*EACH, *MOVED, "complex", "real", "imag", "conj"))


@dataclass
class Row:
    """Equations one after the other, as jaxprs are written into it, and the arrays they hold.

    `parts` are the real and the imaginary part of complex variables; `apart` are those variables
    that are there in parts alone.
    """

    equations: list[JaxprEqn] = field(default_factory=list)
    constants: dict[Var, ArrayLike] = field(default_factory=dict)
    parts: dict[Atom, Sequence[Atom]] = field(default_factory=dict)
    apart: set[Atom] = field(default_factory=set)

    def write(
        self, closed: ClosedJaxpr | Jaxpr, inputs: Sequence[Atom], caller: JaxprEqn | None = None
    ) -> list[Atom]:
        """Append a jaxpr's equations, and return its results.

        What a function of JAX's own computes was written where it is called, by `caller`.
        """
        jaxpr, consts = parts(closed)
        atoms: dict[Var, Atom] = dict(zip(jaxpr.invars, inputs, strict=True))
        for variable, value in zip(jaxpr.constvars, consts, strict=True):
            atoms[variable] = own = Var(variable.aval)
            self.constants[own] = value

        def read(items: Sequence[Atom]) -> list[Atom]:
            return [item if isinstance(item, Literal) else atoms[item] for item in items]

        for eqn in jaxpr.eqns:
            made = self._equation(eqn, read(eqn.invars), caller)
            atoms.update(zip(eqn.outvars, made, strict=True))
        return read(jaxpr.outvars)

    def _equation(
        self, eqn: JaxprEqn, given: Sequence[Atom], caller: JaxprEqn | None
    ) -> Sequence[Atom]:
        name, writer = eqn.primitive.name, caller or eqn
        steps = steps_of(eqn) if name == "scan" else None
        if steps is not None:
            return self.write(steps, given, writer)
        if name in CALLS or name == HIGH:
            inner = written_out(eqn) if name == HIGH else called(eqn)
            of_jax = source_of(inner)[1].startswith(JAX)
            return self.write(inner, given, writer if of_jax else None)
        rule = _rule(eqn)
        if rule is not None:
            return self._in_parts(rule, eqn, given, writer)
        own = [Var(v.aval) for v in eqn.outvars]
        self._append(eqn, self.whole(given, writer), own, writer)
        return own

    def _in_parts(
        self, rule: ComplexRule, eqn: JaxprEqn, given: Sequence[Atom], writer: JaxprEqn
    ) -> Sequence[Atom]:
        """Append what an equation computes, by a rule of the parts of its inputs."""

        def call(*flat: jax.Array) -> list[jax.Array]:
            return jax.tree.leaves(rule(eqn, *_joined(flat, eqn.invars)))

        real = [part for atom in given for part in self.real(atom, writer)]
        some = [jax.ShapeDtypeStruct(shaped(v).shape, shaped(v).dtype) for v in real]
        made = iter(self.write(jax.make_jaxpr(call)(*some), real, writer))
        own: list[Atom] = []
        for variable in eqn.outvars:
            if _is_complex(variable):
                own.append(self._known(Var(variable.aval), [next(made), next(made)]))
            else:
                own.append(next(made))
        return own

    def _known(self, variable: Var, some: Sequence[Atom]) -> Var:
        self.parts[variable] = some
        self.apart.add(variable)
        return variable

    def taken(self, variable: Var) -> Sequence[Var]:
        """The inputs that stand for one: itself, or two parts."""
        if not _is_complex(variable):
            return [variable]
        both = [Var(_real_aval(variable)) for _ in (0, 1)]
        self._known(variable, both)
        return both

    def real(self, atom: Atom, writer: JaxprEqn | None = None) -> Sequence[Atom]:
        """The two parts of what is complex; what is real is its own one."""
        if not _is_complex(atom):
            return [atom]
        if isinstance(atom, Literal):
            aval = _real_aval(atom)
            number = np.asarray(atom.val)
            return [Literal(aval.dtype.type(x), aval) for x in (number.real, number.imag)]
        if atom not in self.parts:
            self.parts[atom] = both = [Var(_real_aval(atom)) for _ in (0, 1)]
            if atom in self.constants:
                number = np.asarray(self.constants[atom])
                self.constants.update(zip(both, (number.real, number.imag), strict=True))
                return both
            for part, take in zip(both, (lax.real, lax.imag), strict=True):
                (eqn,) = jax.make_jaxpr(take)(atom.aval).eqns
                self._append(eqn, [atom], [part], writer or eqn)
        return self.parts[atom]

    def whole(self, atoms: Sequence[Atom], writer: JaxprEqn | None = None) -> Sequence[Atom]:
        """The same atoms, of which none is in parts alone any more."""
        for atom in atoms:
            if isinstance(atom, Var) and atom in self.apart:
                both = self.parts[atom]
                (eqn,) = jax.make_jaxpr(lax.complex)(*(v.aval for v in both)).eqns
                self._append(eqn, both, [atom], writer or eqn)
                self.apart.remove(atom)
        return atoms

    def _append(
        self, eqn: JaxprEqn, given: Sequence[Atom], made: Sequence[Var], writer: JaxprEqn
    ) -> None:
        written = writer.source_info
        self.equations.append(
            eqn.replace(invars=list(given), outvars=list(made), source_info=written)
        )


def _rule(eqn: JaxprEqn) -> ComplexRule | None:
    """The rule of an equation with complex numbers, if it has such, and there is one."""
    name = eqn.primitive.name
    if name in COMPLEX_CONTROL and any(map(_has_complex, inner_jaxprs(eqn.params))):
        return partial(COMPLEX_CONTROL[name], _function)
    return COMPLEX.get(name) if any(map(_is_complex, (*eqn.invars, *eqn.outvars))) else None


def _has_complex(closed: ClosedJaxpr | Jaxpr) -> bool:
    jaxpr = parts(closed)[0]
    return any(map(_is_complex, (*jaxpr.constvars, *jaxpr.invars))) or any(
        any(map(_is_complex, eqn.outvars)) or any(map(_has_complex, inner_jaxprs(eqn.params)))
        for eqn in jaxpr.eqns
    )


def _function(closed: ClosedJaxpr | Jaxpr) -> Call:
    """A jaxpr as a function of real numbers and parts of complex ones, in which there are none."""
    jaxpr, row = parts(closed)[0], Row()
    inputs = [Var(v.aval) for v in jaxpr.invars]
    given = [part for v in inputs for part in row.taken(v)]
    results = [part for atom in row.write(closed, inputs) for part in row.real(atom)]
    program = jaxpr.replace(
        constvars=[], invars=[*row.constants, *given], eqns=row.equations, outvars=results
    )
    run = jaxpr_as_fun(ClosedJaxpr(program, []))

    def call(*inputs: Input) -> list[Input]:
        return _joined(run(*row.constants.values(), *jax.tree.leaves(inputs)), jaxpr.outvars)

    return call


def _joined(flat: Iterable[jax.Array], atoms: Sequence[Atom]) -> list[Input]:
    """Arrays, of which two are the parts of each complex one."""
    rest = iter(flat)
    return [Parts(next(rest), next(rest)) if _is_complex(v) else next(rest) for v in atoms]


def _is_complex(atom: Atom) -> bool:
    return dtype_of(atom.aval).startswith("complex")


def _real_aval(atom: Atom) -> ShapedArray:
    aval = shaped(atom)
    return ShapedArray(aval.shape, np.empty(0, aval.dtype).real.dtype)


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
