"""A program of JAX, computed only for those rows of what it gives that are wanted.

A thousand strokes are computed by one program, row by row; of the one that is held it takes a
thousandth of the time. From the last equation to the first it is found which rows of each array are
needed, and from the first to the last these are computed. Where an equation mixes rows, as what is
scattered does, it needs all, and so does what leads to it.
"""

from collections.abc import Callable, Sequence
from typing import cast

import jax
from jax import lax
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from gradart.calculus.programs.jaxprs import (
    CALLS,
    HIGH,
    bind,
    branches,
    called,
    parts,
    scan,
    while_loop,
    written_out,
)
from gradart.optimizing.row_programs.row_index import At, taken
from gradart.optimizing.row_programs.row_rules import Rule, rule

# What is known of an array: by the rows that are wanted of it, these; () is all of it.
Rows = dict[At, jax.Array]
Wanted = set[At]
# Computes what is wanted of an equation's outputs, of what is known and the number of the row.
_Step = Callable[[dict[Var, Rows], jax.Array], None]


def row_of(rows: Rows, at: At, given: jax.Array) -> jax.Array:
    """The rows of an array that are wanted, of what is known of it."""
    return rows[at] if at in rows else taken(rows[()], at, given)


def _fewest(wanted: Wanted) -> Wanted:
    """What is wanted of an array; all of it, if all is wanted among others."""
    return {()} if () in wanted else wanted


def _one(wanted: Wanted) -> Wanted:
    """The same, of what can be carried but once."""
    return wanted if len(wanted) < 2 else {()}


class RowProgram:
    """A program for the rows `wanted` of each of its outputs; nothing of one where none is.

    `needed` are the rows of each of its inputs. Differentiate a program before: functions in it
    with a derivative of their own lose that.
    """

    def __init__(self, jaxpr: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted]) -> None:
        self._jaxpr, consts = parts(jaxpr)
        self._consts = cast("Sequence[jax.Array]", consts)  # numbers of NumPy's are as good
        self._wanted = [_fewest(some) for some in wanted]
        self._asked: dict[Var, Wanted] = {}
        for atom, some in zip(self._jaxpr.outvars, self._wanted, strict=True):
            self._ask(atom, some)
        steps = [step for eqn in reversed(self._jaxpr.eqns) if (step := self._step(eqn))]
        self._steps = steps[::-1]
        self.needed = [_fewest(self._asked.get(v, set())) for v in self._jaxpr.invars]

    def run(self, inputs: Sequence[Rows], given: jax.Array) -> list[Rows]:
        """What is wanted of each output, of what is needed of each input.

        `given` is the number that tells rows.
        """
        known: dict[Var, Rows] = dict(zip(self._jaxpr.invars, inputs, strict=True))
        known |= {v: {(): x} for v, x in zip(self._jaxpr.constvars, self._consts, strict=True)}
        for step in self._steps:
            step(known, given)
        pairs = zip(self._jaxpr.outvars, self._wanted, strict=True)
        return [{at: _read(known, v, at, given) for at in some} for v, some in pairs]

    def _ask(self, atom: Atom, some: Wanted) -> None:
        if not isinstance(atom, Literal) and some:
            self._asked[atom] = self._asked.get(atom, set()) | some

    def _ask_each(self, atoms: Sequence[Atom], each: Sequence[Wanted]) -> None:
        for atom, some in zip(atoms, each, strict=True):
            self._ask(atom, some)

    def _step(self, eqn: JaxprEqn) -> _Step | None:
        """How an equation is computed, after what it needs is asked for; None if it need not be."""
        wanted = [_fewest(self._asked.get(v, set())) for v in eqn.outvars]
        if not any(wanted):
            return None
        name = eqn.primitive.name
        if name in CALLS:
            return self._call(eqn, called(eqn), wanted)
        if name == HIGH:
            return self._call(eqn, written_out(eqn), wanted)
        if name == "cond":
            return self._branches(eqn, wanted)
        if name == "scan":
            return self._scan(eqn, wanted)
        if name == "while":
            return self._while(eqn, wanted)
        return self._by_rules(eqn, wanted) or self._whole(eqn)

    def _by_rules(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step | None:
        rules: dict[tuple[int, At], Rule] = {}
        for out, some in enumerate(wanted):
            for at in some:
                found = rule(eqn, out, at) if at else None
                if found is None:
                    return None
                rules[out, at] = found
        for found in rules.values():
            self._ask_each(eqn.invars, [{at} for at in found.needed])

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            for (out, at), found in rules.items():
                pairs = zip(eqn.invars, found.needed, strict=True)
                inputs = [_read(known, v, need, given) for v, need in pairs]
                known.setdefault(eqn.outvars[out], {})[at] = found.run(inputs, given)

        return step

    def _whole(self, eqn: JaxprEqn) -> _Step:
        """All rows, of all rows."""
        self._ask_each(eqn.invars, [{()}] * len(eqn.invars))

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            outputs = bind(eqn, [_read(known, v, (), given) for v in eqn.invars])
            known.update({v: {(): x} for v, x in zip(eqn.outvars, outputs, strict=True)})

        return step

    def _call(self, eqn: JaxprEqn, body: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted]) -> _Step:
        inner = RowProgram(body, wanted)
        self._ask_each(eqn.invars, inner.needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars, inner.needed, given)
            known.update(zip(eqn.outvars, inner.run(inputs, given), strict=True))

        return step

    def _branches(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        inner = [RowProgram(branch, wanted) for branch in branches(eqn)]
        each = zip(*(one.needed for one in inner), strict=True)
        needed = [_fewest(set().union(*some)) for some in each]
        self._ask(eqn.invars[0], {()})
        self._ask_each(eqn.invars[1:], needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars[1:], needed, given)
            which = _read(known, eqn.invars[0], (), given)
            ways = [lambda x, one=one: _listed(one.run(x, given), wanted) for one in inner]
            outputs = lax.switch(lax.convert_element_type(which, int), ways, inputs)
            known.update(zip(eqn.outvars, _told(outputs, wanted), strict=True))

        return step

    def _scan(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        loop = scan(eqn)
        first, last = loop.consts, loop.consts + loop.carry
        kept = [_one({_inside(at) for at in some}) for some in wanted[loop.carry :]]
        inner, carried = _settled(loop.body, list(map(_one, wanted[: loop.carry])), kept, first)
        across = [_one(some) for some in inner.needed[last:]]
        self._ask_each(eqn.invars[:last], [*inner.needed[:first], *carried])
        self._ask_each(eqn.invars[last:], [{_outside(at) for at in some} for some in across])

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            consts = _rows(known, eqn.invars[:first], inner.needed[:first], given)
            start = _listed(_rows(known, eqn.invars[first:last], carried, given), carried)
            outer = [{_outside(at) for at in some} for some in across]
            each = _listed(_rows(known, eqn.invars[last:], outer, given), outer)

            def body(
                state: list[jax.Array], x: list[jax.Array]
            ) -> tuple[list[jax.Array], list[jax.Array]]:
                inputs = [*consts, *_told(state, carried), *_told(x, across)]
                found = inner.run(inputs, given)
                more = _listed(found[loop.carry :], kept)
                return _alike(_listed(found[: loop.carry], carried), state), more

            end, rows = lax.scan(
                body,
                start,
                each,
                length=loop.length,
                reverse=loop.reverse,
                unroll=loop.unroll,
            )
            known.update(zip(eqn.outvars, _told(end, carried), strict=False))
            outer = [{_outside(at) for at in some} for some in kept]
            told = zip(
                eqn.outvars[loop.carry :], _told(rows, outer), wanted[loop.carry :], strict=True
            )
            for variable, some, asked in told:
                known[variable] = {at: _part_of(some, at, given) for at in asked}

        return step

    def _while(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        loop = while_loop(eqn)
        until, first = loop.cond_consts, loop.cond_consts + loop.body_consts
        cond = RowProgram(loop.cond, [{()}])
        begun = [_one(a | b) for a, b in zip(wanted, cond.needed[until:], strict=True)]
        inner, carried = _settled(loop.body, begun, [], loop.body_consts)
        needed = [*cond.needed[:until], *inner.needed[: loop.body_consts], *carried]
        self._ask_each(eqn.invars, needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars, needed, given)

            def on(state: list[jax.Array]) -> jax.Array:
                found = cond.run([*inputs[:until], *_told(state, carried)], given)
                return row_of(found[0], (), given)

            def body(state: list[jax.Array]) -> list[jax.Array]:
                found = inner.run([*inputs[until:first], *_told(state, carried)], given)
                return _alike(_listed(found, carried), state)

            end = lax.while_loop(on, body, _listed(inputs[first:], carried))
            known.update(zip(eqn.outvars, _told(end, carried), strict=True))

        return step


def _settled(
    body: ClosedJaxpr, carried: list[Wanted], kept: list[Wanted], consts: int
) -> tuple[RowProgram, list[Wanted]]:
    """A loop's body, and what of all that it carries it must be given to give it on."""
    while True:
        inner = RowProgram(body, [*carried, *kept])
        needed = inner.needed[consts : consts + len(carried)]
        more = [_one(a | b) for a, b in zip(carried, needed, strict=True)]
        if more == carried:
            return inner, carried
        carried = more


def _read(known: dict[Var, Rows], atom: Atom, at: At, given: jax.Array) -> jax.Array:
    if isinstance(atom, Literal):
        return cast(jax.Array, atom.val)  # a number of NumPy's is as good
    return row_of(known[atom], at, given)


def _rows(
    known: dict[Var, Rows], atoms: Sequence[Atom], needed: Sequence[Wanted], given: jax.Array
) -> list[Rows]:
    pairs = zip(atoms, needed, strict=True)
    return [{at: _read(known, v, at, given) for at in some} for v, some in pairs]


def _listed(rows: Sequence[Rows], wanted: Sequence[Wanted]) -> list[jax.Array]:
    """What is wanted of several arrays, in one order."""
    return [
        one[at] for one, some in zip(rows, wanted, strict=True) for at in sorted(some, key=repr)
    ]


def _told(arrays: Sequence[jax.Array], wanted: Sequence[Wanted]) -> list[Rows]:
    """What is listed, by what is wanted."""
    each = iter(arrays)
    return [{at: next(each) for at in sorted(some, key=repr)} for some in wanted]


def _alike(found: Sequence[jax.Array], state: Sequence[jax.Array]) -> list[jax.Array]:
    """What a loop carries on, in the types that it began with."""
    return [lax.convert_element_type(x, y.dtype) for x, y in zip(found, state, strict=True)]


def _inside(at: At) -> At:
    """Rows of what a loop gives in each of its steps, of those of all steps along a first axis."""
    return tuple((axis - 1, index) for axis, index in at if axis)


def _outside(at: At) -> At:
    return tuple((axis + 1, index) for axis, index in at)


def _part_of(rows: Rows, at: At, given: jax.Array) -> jax.Array:
    """Rows of all steps of a loop, where those within each step are taken already."""
    steps = tuple((axis, index) for axis, index in at if not axis)
    others = tuple((axis, index) for axis, index in at if axis)
    return taken(row_of(rows, others, given), steps, given)
