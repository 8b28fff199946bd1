"""A program of JAX, computed only for those rows of what it gives that are wanted.

A thousand strokes are computed by one program, row by row; of the one that is held it takes a
thousandth of the time. From the last equation to the first it is found which rows of each array are
needed, and from the first to the last these are computed. Where an equation mixes rows, as what is
scattered does, it needs all, and so does what leads to it. Of that, what depends on none of the
inputs is the same at each run: it is computed once, apart.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import jax
from jax import lax
from jax.core import Atom
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from gradart.calculus.forward_mode import every_row_is
from gradart.calculus.jaxprs import (
    CALLS,
    HIGH,
    bind,
    branches,
    called,
    parts,
    scan,
    variables,
    while_loop,
    written_out,
)
from gradart.optimizing.row_index import At, taken
from gradart.optimizing.row_rules import Rule, rule

# What is known of an array: by the rows that are wanted of it, these; () is all of it.
Rows = dict[At, Any]
Wanted = set[At]
# Computes what is wanted of an equation's outputs, of what is known and the number of the row.
_Step = Callable[[dict[Var, Rows], jax.Array], None]


def row_of(rows: Rows, at: At, given: jax.Array) -> jax.Array:
    """The rows of an array that are wanted, of what is known of it."""
    found: jax.Array = rows[at] if at in rows else taken(rows[()], at, given)
    return found


def _fewest(wanted: Wanted) -> Wanted:
    """What is wanted of an array; all of it, if all is wanted among others."""
    return {()} if () in wanted else wanted


def _one(wanted: Wanted) -> Wanted:
    """The same, of what can be carried but once."""
    return wanted if len(wanted) < 2 else {()}


class RowProgram:
    """A program for the rows `wanted` of each of its outputs; nothing of one where none is.

    `needed` are the rows of each of its inputs. Differentiate a program before: functions in it
    with a derivative of their own lose that. One that is `inner` is a part of another, whose inputs
    may be alike at each run.
    """

    def __init__(
        self, jaxpr: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted], *, inner: bool = False
    ) -> None:
        self._jaxpr, self._consts = parts(jaxpr)
        self._fixed = set() if inner else _independent(self._jaxpr)
        self._apart: list[Var] = []
        self._wanted = [_fewest(some) for some in wanted]
        self._asked: dict[Var, Wanted] = {}
        for atom, some in zip(self._jaxpr.outvars, self._wanted, strict=True):
            self._ask(atom, some)
        steps = [step for eqn in reversed(self._jaxpr.eqns) if (step := self._step(eqn))]
        self._steps = steps[::-1]
        self.needed = [_fewest(self._asked.get(v, set())) for v in self._jaxpr.invars]

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
        fixed = bool(variables(eqn.invars)) and self._fixed.issuperset(eqn.outvars)
        if fixed and any(() in some for some in wanted):
            return self._once(eqn, wanted)
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
        return self._by_rules(eqn, wanted) or (self._once if fixed else self._whole)(eqn, wanted)

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
                inputs = [_read(known, v, need, given) for v, need in pairs]
                known.setdefault(eqn.outvars[out], {})[at] = found.run(inputs, given)

        return step

    def _whole(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        """All rows, of all rows."""
        self._ask_each(eqn.invars, [{()}] * len(eqn.invars))

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            outputs = bind(eqn, [_read(known, v, (), given) for v in eqn.invars])
            known.update({v: {(): x} for v, x in zip(eqn.outvars, outputs, strict=True)})

        return step

    def _call(self, eqn: JaxprEqn, body: ClosedJaxpr | Jaxpr, wanted: Sequence[Wanted]) -> _Step:
        inner = RowProgram(body, wanted, inner=True)
        self._ask_each(eqn.invars, inner.needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars, inner.needed, given)
            known.update(zip(eqn.outvars, inner.run(inputs, given), strict=True))

        return step

    def _branches(self, eqn: JaxprEqn, wanted: Sequence[Wanted]) -> _Step:
        inner = [RowProgram(branch, wanted, inner=True) for branch in branches(eqn)]
        each = zip(*(one.needed for one in inner), strict=True)
        needed = [_fewest(set().union(*some)) for some in each]
        asked, at = self._asked_of(eqn, wanted)
        self._ask(asked, {at})
        self._ask_each(eqn.invars[1:], needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars[1:], needed, given)
            which = _read(known, asked, at, given).reshape(())
            ways = [lambda x, one=one: _listed(one.run(x, given), wanted) for one in inner]
            outputs = lax.switch(lax.convert_element_type(which, int), ways, inputs)
            known.update(zip(eqn.outvars, _told(outputs, wanted), strict=True))

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
        rows = {at for some in wanted for at in some}
        places = {index for at in rows for _, index in at}
        if (
            teller is not None
            and teller.params.get("name") == every_row_is.__name__
            and len(places) == 1
            and all(len(at) == 1 for at in rows)
        ):
            return teller.invars[0], ((0, places.pop()),)
        return which, ()

    def _scan(self, eqn: JaxprEqn, wanted: Sequence[Wanted], fixed: bool) -> _Step | None:
        loop = scan(eqn)
        first, last = loop.consts, loop.consts + loop.carry
        kept = [_one({_inside(at) for at in some}) for some in wanted[loop.carry :]]
        inner, carried = _settled(loop.body, list(map(_one, wanted[: loop.carry])), kept, first)
        if fixed and _mixed(wanted, carried):
            return self._once(eqn, wanted)
        across = [_one(some) for some in inner.needed[last:]]
        self._ask_each(eqn.invars[:last], [*inner.needed[:first], *carried])
        self._ask_each(eqn.invars[last:], [{_outside(at) for at in some} for some in across])

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            consts = _rows(known, eqn.invars[:first], inner.needed[:first], given)
            start = _listed(_rows(known, eqn.invars[first:last], carried, given), carried)
            outer = [{_outside(at) for at in some} for some in across]
            each = _listed(_rows(known, eqn.invars[last:], outer, given), outer)

            def body(state: list[Any], x: list[Any]) -> tuple[list[Any], list[Any]]:
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

    def _while(self, eqn: JaxprEqn, wanted: Sequence[Wanted], fixed: bool) -> _Step | None:
        loop = while_loop(eqn)
        until, first = loop.cond_consts, loop.cond_consts + loop.body_consts
        cond = RowProgram(loop.cond, [{()}], inner=True)
        begun = [_one(a | b) for a, b in zip(wanted, cond.needed[until:], strict=True)]
        inner, carried = _settled(loop.body, begun, [], loop.body_consts)
        if fixed and _mixed(wanted, carried):
            return self._once(eqn, wanted)
        needed = [*cond.needed[:until], *inner.needed[: loop.body_consts], *carried]
        self._ask_each(eqn.invars, needed)

        def step(known: dict[Var, Rows], given: jax.Array) -> None:
            inputs = _rows(known, eqn.invars, needed, given)

            def on(state: list[Any]) -> jax.Array:
                found = cond.run([*inputs[:until], *_told(state, carried)], given)
                return row_of(found[0], (), given)

            def body(state: list[Any]) -> list[Any]:
                found = inner.run([*inputs[until:first], *_told(state, carried)], given)
                return _alike(_listed(found, carried), state)

            end = lax.while_loop(on, body, _listed(inputs[first:], carried))
            known.update(zip(eqn.outvars, _told(end, carried), strict=True))

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
        more = [_one(a | b) for a, b in zip(carried, needed, strict=True)]
        if more == carried:
            return inner, carried
        carried = more


def _mixed(wanted: Sequence[Wanted], carried: list[Wanted]) -> bool:
    """Whether a loop must carry all rows of what is wanted of a few."""
    return any(() not in some and () in all_of for some, all_of in zip(wanted, carried, strict=False))


def _read(known: dict[Var, Rows], atom: Atom, at: At, given: jax.Array) -> jax.Array:
    if isinstance(atom, Literal):
        return cast(jax.Array, atom.val)  # a number of NumPy's is as good
    return row_of(known[atom], at, given)


def _rows(
    known: dict[Var, Rows], atoms: Sequence[Atom], needed: Sequence[Wanted], given: jax.Array
) -> list[Rows]:
    pairs = zip(atoms, needed, strict=True)
    return [{at: _read(known, v, at, given) for at in some} for v, some in pairs]


def _listed(rows: Sequence[Rows], wanted: Sequence[Wanted]) -> list[Any]:
    """What is wanted of several arrays, in one order."""
    return [
        one[at] for one, some in zip(rows, wanted, strict=True) for at in sorted(some, key=repr)
    ]


def _told(arrays: Sequence[Any], wanted: Sequence[Wanted]) -> list[Rows]:
    """What is listed, by what is wanted."""
    each = iter(arrays)
    return [{at: next(each) for at in sorted(some, key=repr)} for some in wanted]


def _alike(found: Sequence[jax.Array], state: Sequence[jax.Array]) -> list[Any]:
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
