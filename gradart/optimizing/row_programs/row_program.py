"""A program of JAX, computed only for those rows of what it gives that are wanted.

A thousand strokes are computed by one program, row by row; of the one that is held it takes a
thousandth of the time. From the last equation to the first it is found which rows of each array are
needed, and from the first to the last these are computed. Where an equation mixes rows, as what is
scattered does, it needs all, and so does what leads to it. Of that, what depends on none of the
inputs is the same at each run: it is computed once, apart.
"""

from collections.abc import Callable, Collection, Sequence
from typing import cast

import jax
from jax import lax
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from gradart.calculus.forward_mode import EVERY_ROW
from gradart.calculus.programs.jaxprs import (
    CALLS,
    HIGH,
    bind,
    branches,
    called,
    parts,
    scan,
    shaped,
    variables,
    while_loop,
    written_out,
)
from gradart.optimizing.row_programs.known_rows import (
    Rows,
    Wanted,
    as_begun,
    fewest,
    inside_step,
    listed,
    mixes,
    only_one,
    outside_step,
    part_of,
    read,
    row_of,
    rows_of,
    told,
)
from gradart.optimizing.row_programs.row_index import At, Index
from gradart.optimizing.row_programs.row_parts import PartProgram, part_program
from gradart.optimizing.row_programs.row_rules import Rule, rule

# Computes what is wanted of an equation's outputs, of what is known and the number of the row.
_Step = Callable[[dict[Var, Rows], jax.Array], None]


class RowProgram:
    """A program for the rows `wanted` of each of its outputs; nothing of one where none is.

    `needed` are the rows of each of its inputs. Differentiate a program before: functions in it
    with a derivative of their own lose that. One that is `inner` is a part of another, whose inputs
    may be alike at each run.
    """

    def __init__(
        self, jaxpr: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted], *, inner: bool = False
    ) -> None:
        self._jaxpr, consts = parts(jaxpr)
        self._consts = cast(Sequence[jax.Array], consts)  # numbers of NumPy's are as good
        self._fixed = set() if inner else _independent(self._jaxpr)
        self._apart: list[Var] = []
        self._wanted = [fewest(some) for some in wanted]
        self._asked: dict[Var, Wanted] = {}
        for atom, some in zip(self._jaxpr.outvars, self._wanted, strict=True):
            self._ask(atom, some)
        steps = [step for eqn in reversed(self._jaxpr.eqns) if (step := self._step(eqn))]
        self._steps = steps[::-1]
        self.needed = [fewest(self._asked.get(v, set())) for v in self._jaxpr.invars]

    def apart(self) -> list[jax.Array]:
        """What is needed as a whole and depends on no input, for all runs."""
        needed = set(self._apart)
        kept = []
        for eqn in reversed(self._jaxpr.eqns):
            if not needed.isdisjoint(eqn.outvars):
                kept.append(eqn)
                needed |= variables(eqn.invars)

        def found(*consts: jax.Array) -> list[jax.Array]:
            values: dict[Var, jax.Array] = dict(zip(self._jaxpr.constvars, consts, strict=True))
            for eqn in reversed(kept):
                inputs = [v.val if isinstance(v, Literal) else values[v] for v in eqn.invars]
                values.update(zip(eqn.outvars, bind(eqn, inputs), strict=True))
            return [values[v] for v in self._apart]

        return jax.jit(found)(*self._consts) if kept else []

    def run(
        self, inputs: Sequence[Rows], given: jax.Array, apart: Sequence[jax.Array] | None = None
    ) -> list[Rows]:
        """What is wanted of each output, of what is needed of each input.

        `given` is the number that tells rows, and `apart` what is computed once.
        """
        once = self.apart() if apart is None else apart
        known: dict[Var, Rows] = dict(zip(self._jaxpr.invars, inputs, strict=True))
        known |= {v: {(): x} for v, x in zip(self._jaxpr.constvars, self._consts, strict=True)}
        known |= {v: {(): x} for v, x in zip(self._apart, once, strict=True)}
        for step in self._steps:
            step(known, given)
        pairs = zip(self._jaxpr.outvars, self._wanted, strict=True)
        return [{at: read(known, v, at, given) for at in some} for v, some in pairs]

    def _ask(self, atom: Atom, some: Wanted) -> None:
        if not isinstance(atom, Literal) and some:
            self._asked[atom] = self._asked.get(atom, set()) | some

    def _ask_each(self, atoms: Sequence[Atom], each: Sequence[Wanted]) -> None:
        for atom, some in zip(atoms, each, strict=True):
            self._ask(atom, some)

    def _step(self, eqn: JaxprEqn) -> _Step | None:
        """How an equation is computed, after what it needs is asked for; None if it need not be."""
        wanted = [fewest(self._asked.get(v, set())) for v in eqn.outvars]
        if not any(wanted):
            return None
        fixed = bool(variables(eqn.invars)) and self._fixed.issuperset(eqn.outvars)
        if fixed and any(() in some for some in wanted):
            self._once(eqn, wanted)
            return None
        name = eqn.primitive.name
        if name in CALLS:
            return self._call(eqn, called(eqn), wanted)
        if name == HIGH:
            return self._call(eqn, written_out(eqn), wanted)
        if name == "cond":
            return self._branches(eqn, wanted)
        if name == "scan":
            return self._scan(eqn, wanted, fixed)
        if name == "while":
            return self._while(eqn, wanted, fixed)
        if (step := self._by_rules(eqn, wanted)) is not None:
            return step
        if fixed:
            self._once(eqn, wanted)
            return None
        return self._whole(eqn)

    def _once(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> None:
        """All rows, computed apart."""
        self._apart += [v for v, some in zip(eqn.outvars, wanted, strict=True) if some]

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
                inputs = [read(known, v, need, given) for v, need in pairs]
                known.setdefault(eqn.outvars[out], {})[at] = found.run(inputs, given)

        return step

    def _whole(self, eqn: JaxprEqn) -> _Step:
        """All rows, of all rows."""
        self._ask_each(eqn.invars, [{()}] * len(eqn.invars))

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            outputs = bind(eqn, [read(known, v, (), given) for v in eqn.invars])
            known.update({v: {(): x} for v, x in zip(eqn.outvars, outputs, strict=True)})

        return step

    def _call(self, eqn: JaxprEqn, body: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted]) -> _Step:
        inner = RowProgram(body, wanted, inner=True)
        self._ask_each(eqn.invars, inner.needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = rows_of(known, eqn.invars, inner.needed, given)
            known.update(zip(eqn.outvars, inner.run(inputs, given), strict=True))

        return step

    def _branches(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        inner = [RowProgram(branch, wanted, inner=True) for branch in branches(eqn)]
        each = zip(*(one.needed for one in inner), strict=True)
        needed = [fewest(set().union(*some)) for some in each]
        asked, at = self._asked_of(eqn, wanted)
        self._ask(asked, {at})
        self._ask_each(eqn.invars[1:], needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = rows_of(known, eqn.invars[1:], needed, given)
            which = read(known, asked, at, given).all()
            ways = [lambda x, one=one: listed(one.run(x, given), wanted) for one in inner]
            outputs = lax.switch(lax.convert_element_type(which, int), ways, inputs)
            known.update(zip(eqn.outvars, told(outputs, wanted), strict=True))

        return step

    def _asked_of(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> tuple[Atom, At]:
        """What tells which branch is taken, and which rows of that.

        Where the branches are two ways to the same, each row may go its own.
        """
        which, made = eqn.invars[0], {v: e for e in self._jaxpr.eqns for v in e.outvars}
        teller = made.get(which) if isinstance(which, Var) else None
        while teller is not None and teller.primitive.name == "convert_element_type":
            source = teller.invars[0]
            teller = made.get(source) if isinstance(source, Var) else None
        if teller is None or teller.params.get("name") != EVERY_ROW:
            return which, ()
        (count,) = shaped(teller.invars[0]).shape
        shapes = [shaped(v).shape for v in eqn.outvars]
        asked = [(shape, at) for shape, some in zip(shapes, wanted, strict=True) for at in some]
        places = {index for _, at in asked for _, index in at}
        alone = all(len(at) == 1 and shape[at[0][0]] == count for shape, at in asked)
        return (
            (teller.invars[0], ((0, places.pop()),)) if alone and len(places) == 1 else (which, ())
        )

    def _scan(self, eqn: JaxprEqn, wanted: Sequence[Wanted], fixed: bool) -> _Step | None:
        loop = scan(eqn)
        if (part := part_program(loop)) and (blocks := part.blocks(wanted)):
            if fixed:
                self._once(eqn, wanted)
                return None
            return self._part(eqn, part, blocks)
        first, last = loop.consts, loop.consts + loop.carry
        kept = [only_one({inside_step(at) for at in some}) for some in wanted[loop.carry :]]
        inner, carried = _settled(loop.body, list(map(only_one, wanted[: loop.carry])), kept, first)
        if fixed and mixes(wanted, carried):
            self._once(eqn, wanted)
            return None
        across = [only_one(some) for some in inner.needed[last:]]
        self._ask_each(eqn.invars[:last], [*inner.needed[:first], *carried])
        self._ask_each(eqn.invars[last:], [{outside_step(at) for at in some} for some in across])

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            consts = rows_of(known, eqn.invars[:first], inner.needed[:first], given)
            start = listed(rows_of(known, eqn.invars[first:last], carried, given), carried)
            outer = [{outside_step(at) for at in some} for some in across]
            each = listed(rows_of(known, eqn.invars[last:], outer, given), outer)

            def body(
                state: list[jax.Array], x: list[jax.Array]
            ) -> tuple[list[jax.Array], list[jax.Array]]:
                inputs = [*consts, *told(state, carried), *told(x, across)]
                found = inner.run(inputs, given)
                more = listed(found[loop.carry :], kept)
                return as_begun(listed(found[: loop.carry], carried), state), more

            end, rows = lax.scan(
                body,
                start,
                each,
                length=loop.length,
                reverse=loop.reverse,
                unroll=loop.unroll,
            )
            known.update(zip(eqn.outvars, told(end, carried), strict=False))
            outer = [{outside_step(at) for at in some} for some in kept]
            given_on = zip(
                eqn.outvars[loop.carry :], told(rows, outer), wanted[loop.carry :], strict=True
            )
            for variable, some, asked in given_on:
                known[variable] = {at: part_of(some, at, given) for at in asked}

        return step

    def _part(self, eqn: JaxprEqn, part: PartProgram, blocks: Collection[Index]) -> _Step:
        """Some rows of a loop that computes all of them in parts."""
        for place, axis in part.cut.items():
            self._ask(eqn.invars[place], {((axis, index),) for index in blocks})
        for place in part.whole:
            self._ask(eqn.invars[place], {()})

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            whole = {k: read(known, eqn.invars[k], (), given) for k in part.whole}
            for index in blocks:
                cut = {
                    k: read(known, eqn.invars[k], ((axis, index),), given)
                    for k, axis in part.cut.items()
                }
                for out, rows in part.run({**whole, **cut}, index.size).items():
                    known.setdefault(eqn.outvars[out], {})[((part.made[out], index),)] = rows

        return step

    def _while(self, eqn: JaxprEqn, wanted: Sequence[Wanted], fixed: bool) -> _Step | None:
        loop = while_loop(eqn)
        until, first = loop.cond_consts, loop.cond_consts + loop.body_consts
        cond = RowProgram(loop.cond, [{()}], inner=True)
        begun = [only_one(a | b) for a, b in zip(wanted, cond.needed[until:], strict=True)]
        inner, carried = _settled(loop.body, begun, [], loop.body_consts)
        if fixed and mixes(wanted, carried):
            self._once(eqn, wanted)
            return None
        needed = [*cond.needed[:until], *inner.needed[: loop.body_consts], *carried]
        self._ask_each(eqn.invars, needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = rows_of(known, eqn.invars, needed, given)

            def on(state: list[jax.Array]) -> jax.Array:
                found = cond.run([*inputs[:until], *told(state, carried)], given)
                return row_of(found[0], (), given)

            def body(state: list[jax.Array]) -> list[jax.Array]:
                found = inner.run([*inputs[until:first], *told(state, carried)], given)
                return as_begun(listed(found, carried), state)

            end = lax.while_loop(on, body, listed(inputs[first:], carried))
            known.update(zip(eqn.outvars, told(end, carried), strict=True))

        return step


def _independent(jaxpr: Jaxpr) -> set[Var]:
    """The results of equations, as far as they depend on none of the inputs."""
    reached = set(jaxpr.invars)
    found: set[Var] = set()
    for eqn in jaxpr.eqns:
        still = reached.isdisjoint(variables(eqn.invars)) and not eqn.effects
        (found if still else reached).update(eqn.outvars)
    return found


def _settled(
    body: ClosedJaxpr, carried: list[Wanted], kept: list[Wanted], consts: int
) -> tuple[RowProgram, list[Wanted]]:
    """A loop's body, and what of all that it carries it must be given to give it on."""
    while True:
        inner = RowProgram(body, [*carried, *kept], inner=True)
        needed = inner.needed[consts : consts + len(carried)]
        more = [only_one(a | b) for a, b in zip(carried, needed, strict=True)]
        if more == carried:
            return inner, carried
        carried = more
