"""JavaScript of branches and loops: what holds equations inside."""

from collections.abc import Sequence

from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn

from gradart.calculus.programs import jaxprs
from gradart.javascript.array_values import KEY, Formula, Scalar, Value, View, dtype_of, moved
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.loops import Index, Loop, named
from gradart.javascript.staged_equations import as_numbers, flat


def inside(e: Emitter, jaxpr: ClosedJaxpr | Jaxpr, given: Sequence[Value]) -> list[Value]:
    """Write the equations of a jaxpr here."""
    program = flat(jaxpr)
    values = dict(zip(program.inputs, given, strict=True))
    for variable, array in program.constants.items():
        values[variable] = e.constant(as_numbers(array), dtype_of(variable.aval))
    return e.body(program.equations, values, program.results)


def _kept(e: Emitter, eqn: JaxprEqn, k: int) -> Value:
    """A place of its own for the k-th output of an equation."""
    shape, dtype = out_shape(eqn, k), out_type(eqn, k)
    return e.buffer(shape, dtype) if shape or dtype == KEY else e.number(dtype)


def _put(e: Emitter, pairs: Sequence[tuple[Value, Value]]) -> None:
    """Write values to places; arrays of one shape in one loop."""
    groups: dict[tuple[int, ...], list[tuple[Value, View]]] = {}
    for value, to in pairs:
        if isinstance(to, View) and (to.shape or to.dtype == KEY):
            groups.setdefault((*to.shape, -1 if to.dtype == KEY else 0), []).append((value, to))
        elif isinstance(to, View):
            e.store([(value, to)])
        else:
            assert isinstance(to, Scalar)
            e.line(f"{to.text}={e.scalar(value).text};")
    for group in groups.values():
        e.store(group)


def _carried(
    e: Emitter, carry: Sequence[Value], made: Sequence[Value]
) -> list[tuple[Value, Value]]:
    """What is to be carried on, where it no longer changes with what is carried now."""
    pairs = []
    for to, value in zip(carry, made, strict=True):
        if value == to:
            continue
        if isinstance(value, Formula):
            value = e.kept(value)
        elif (isinstance(value, Scalar) and isinstance(to, Scalar)) or _overlaps(value, carry):
            value = e.copied(value)
        pairs.append((value, to))
    return pairs


def _overlaps(value: Value, carry: Sequence[Value]) -> bool:
    """Whether a view lies in a buffer that is about to be written."""
    return isinstance(value, View) and any(
        isinstance(to, View) and to.buffer == value.buffer for to in carry
    )


def _scan(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> list[Value]:
    scan = jaxprs.scan(eqn)
    first, rest = scan.consts, scan.consts + scan.carry
    consts = [v if isinstance(v, Scalar) else e.kept(v) for v in inputs[:first]]
    rows = [e.kept(v) for v in inputs[rest:]]
    made = [_kept(e, eqn, k) for k in range(len(eqn.outvars))]
    carry, columns = made[: scan.carry], made[scan.carry :]
    starts = [v if isinstance(v, Scalar) else e.kept(v) for v in inputs[first:rest]]
    _put(e, list(zip(starts, carry, strict=True)))
    if scan.length:
        with e.function():
            count = e.number("int64", whole=True).text
            with e.block(f"for({count}=0;{count}<{scan.length};{count}++)"):
                along = named(count)
                if scan.reverse:
                    along = along * -1 + Index(scan.length - 1)
                x = [_row(v, along) for v in rows]
                results = inside(e, scan.body, [*consts, *carry, *x])
                pairs = _carried(e, carry, results[: scan.carry])
                ys = [_row(v, along) for v in columns if isinstance(v, View)]
                _put(e, list(zip(results[scan.carry :], ys, strict=True)))
                _put(e, pairs)
    return list(made)


def _row(rows: View, at: Index) -> View:
    row = moved(rows, rows.shape[1:], lambda rest: [at, *rest])
    assert isinstance(row, View)
    return row


def _while(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> list[Value]:
    loop = jaxprs.while_loop(eqn)
    given = [v if isinstance(v, Scalar) else e.kept(v) for v in inputs]
    first, rest = loop.cond_consts, loop.cond_consts + loop.body_consts
    carry = [_kept(e, eqn, k) for k in range(len(eqn.outvars))]
    _put(e, list(zip(given[rest:], carry, strict=True)))
    with e.function(), e.block("for(;;)"):
        (going,) = inside(e, loop.cond, [*given[:first], *carry])
        if isinstance(going, Scalar):
            e.line(f"if(!{going.text})break;")
            _put(e, _carried(e, carry, inside(e, loop.body, [*given[first:rest], *carry])))
        else:
            _each_while(e, e.kept(going), carry, loop.body, given[first:rest])
    return carry


def _each_while(
    e: Emitter,
    going: View,
    carry: Sequence[Value],
    body: ClosedJaxpr,
    consts: Sequence[Value],
) -> None:
    """A step of many loops side by side: those that have ended stay as they are."""
    e.line(f"if(!{going.buffer}.some(Boolean))break;")
    axes = len(going.shape)
    pairs = []
    for value, to in _carried(e, carry, inside(e, body, [*consts, *carry])):
        assert isinstance(to, View)
        source = value if isinstance(value, View) else e.kept(value)

        def chosen(loop: Loop, at: Sequence[Index], old: View = to, new: View = source) -> str:
            mark = loop.mark
            on = f"{going.buffer}[{mark(going.place(at[:axes]))}]"
            return f"{on}?{new.buffer}[{mark(new.place(at))}]:{old.buffer}[{mark(old.place(at))}]"

        pairs.append((Formula(to.shape, to.dtype, chosen), to))
    _put(e, pairs)


def _cond(e: Emitter, eqn: JaxprEqn, which: Value, *inputs: Value) -> list[Value]:
    given = [v if isinstance(v, Scalar) else e.kept(v) for v in inputs]
    chosen = e.scalar(which).text
    made = [_kept(e, eqn, k) for k in range(len(eqn.outvars))]
    branches = jaxprs.branches(eqn)
    for number, branch in enumerate(branches):
        last = number == len(branches) - 1
        head = "" if number == 0 else "else "
        test = "" if last and number else f"if({chosen}=={number})"
        with e.block(head + test):
            _put(e, list(zip(inside(e, branch, given), made, strict=True)))
    return made


CONTROL: dict[str, Rule] = {"scan": _scan, "while": _while, "cond": _cond}
