"""A traced program as JavaScript: its code, what it holds, and what is computed when."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jax.extend.core import ClosedJaxpr, JaxprEqn, Literal, Var

from gradart.calculus.programs.jaxprs import JAX, shaped, variables
from gradart.errors import PACKAGE, Untraceable
from gradart.javascript.array_values import ARRAYS, KEY, Scalar, Value, View, dtype_of
from gradart.javascript.emitter import Emitter
from gradart.javascript.primitives import RULES, taking
from gradart.javascript.staged_equations import (
    NEVER,
    Equations,
    as_numbers,
    flat,
    inner_equations,
    parted,
    stages,
    values_of,
)

_BUFFER = re.compile(r"\bb\d+\b")
_BETWEEN = frozenset(("complex", "real", "imag"))  # complex numbers and their parts
_CALL = re.compile(r"\b([kf]\d+)\(\)")


@dataclass(frozen=True)
class Translation:
    """A program of JavaScript: `code` is a function of (runtime, constants).

    It gives an object with `stages`, functions that each take the inputs of one stage and compute
    what depends on them and on those before, and `outputs`, whose `data` are the same typed arrays
    at every call, with their `shape`. `constants` are the arrays that the code is called with;
    `output_stages` tell with which stage each output changes, -1 for one that never does; `calls`
    are the functions of the runtime that the code calls, for `with_runtime`.
    """

    code: str
    calls: tuple[str, ...]
    constants: tuple[np.ndarray, ...]
    output_stages: tuple[int, ...]


def translate(closed: ClosedJaxpr, of_inputs: Sequence[int]) -> Translation:
    """Translate a traced function, each of whose inputs is of a stage: 0, 1, and so on.

    What depends on no input is computed here and now. Numbers of 64 bits need `jax.enable_x64`.
    Raises Untraceable, which names the primitive and the artist's line, for what has no rule.
    """
    return translated(flat(closed), of_inputs)


def held(equations: Equations, of_inputs: Sequence[int]) -> dict[Var, bool]:
    """The arrays that the translation holds, and whether each is only returned, not computed with.

    Raises Untraceable as `translate` does.
    """
    parts = parted(equations, stages(equations, of_inputs), _translatable)
    _check(parts.moving)
    used = variables([atom for eqn in (*parts.first, *parts.moving) for atom in eqn.invars])
    return {v: v not in used for v in parts.held}


def translated(equations: Equations, of_inputs: Sequence[int]) -> Translation:
    """Translate a program whose calls are written out; an input may have a value, and no stage."""
    stage = stages(equations, of_inputs)
    parts = parted(equations, stage, _translatable)
    first, moving = parts.first, parts.moving
    _check(moving)
    e = Emitter(RULES, taking)
    values: dict[Var, Value] = {
        v: e.constant(as_numbers(x), dtype_of(v.aval))
        for v, x in values_of(equations, parts.held).items()
    }
    count = max(of_inputs, default=-1) + 1
    heads, statements = [], []
    results = [atom for atom in equations.results if not isinstance(atom, Literal)]
    needed = variables([*results, *(a for eqn in moving for a in eqn.invars)])
    kept = [v for eqn in first for v in eqn.outvars if v in needed]
    e.write(first, values, kept, stage)
    start = e.lines
    for number in range(count):
        inputs = [v for v, s in zip(equations.inputs, of_inputs, strict=True) if s == number]
        names = [f"x{k}" for k in range(len(inputs))]
        e.lines = []
        for variable, name in zip(inputs, names, strict=True):
            values[variable] = _input(e, variable, name)
        heads.append(",".join(names))
        statements.append(e.lines)
    for number in range(count):
        e.lines = statements[number]
        some = [eqn for eqn in moving if stage[eqn.outvars[0]] == number]
        later = variables([a for q in moving if stage[q.outvars[0]] > number for a in q.invars])
        made = {v for eqn in some for v in eqn.outvars}
        e.write(some, values, [*results, *(made & later)], stage)
    outputs = []
    output_stages = []
    for atom in equations.results:
        at = NEVER if isinstance(atom, Literal) else stage[atom]
        e.lines = start if at == NEVER else statements[at]
        outputs.append(_output(e, e.value(atom, values), dtype_of(atom.aval)))
        output_stages.append(at)
    pieces = [start, *statements]
    calls = tuple(_calls(e, pieces))
    code = _assembled(e, heads, pieces, outputs, calls)
    return Translation(code, calls, tuple(e.constants.values()), tuple(output_stages))


def untranslatable(closed: ClosedJaxpr, of_inputs: Sequence[int]) -> str | None:
    """Why a function has no translation; None if it has one. Nothing is computed for that."""
    equations = flat(closed)
    stage = stages(equations, of_inputs)
    try:
        _check([eqn for eqn in equations.equations if stage[eqn.outvars[0]] != NEVER])
    except Untraceable as error:
        return str(error)
    return None


def _translatable(eqn: JaxprEqn) -> bool:
    return eqn.primitive.name in RULES and all(dtype_of(v.aval) in ARRAYS for v in eqn.outvars)


def _check(equations: Sequence[JaxprEqn]) -> None:
    """Raise Untraceable for the first equation without a rule; one that is there for another last.

    Where complex numbers have no rule in parts, an equation before makes them of these.
    """
    wrong = [eqn for eqn in inner_equations(equations) if not _translatable(eqn)]
    for eqn in sorted(wrong, key=lambda eqn: eqn.primitive.name in _BETWEEN):
        name = eqn.primitive.name
        kinds = [dtype_of(v.aval) for v in eqn.outvars if dtype_of(v.aval) not in ARRAYS]
        what = name if not kinds else f"{name} of {kinds[0]}"
        if name in _BETWEEN:
            what = "a complex number as an input or a result"
        raise Untraceable(f"{what} has no translation to JavaScript{_line(eqn)}")


def _line(eqn: JaxprEqn) -> str:
    """Where in the artist's file an equation was written."""
    written = getattr(eqn.source_info, "traceback", None)
    frames = [] if written is None else written.frames
    others = (PACKAGE, JAX, "<")
    for frame in frames:
        if not frame.file_name.startswith(others) and "site-packages" not in frame.file_name:
            return f" ({frame.file_name.rpartition('/')[2]}, line {frame.line_num})"
    return ""


def _input(e: Emitter, variable: Var, name: str) -> Value:
    """A place for an input, and the line that fills it: a number, or an array's elements."""
    shape, dtype = shaped(variable).shape, dtype_of(variable.aval)
    if shape == () and dtype != KEY:
        to = e.number(dtype)
        e.line(f"{to.text}={name};")
        return to
    view = e.buffer(shape, dtype)
    e.line(f"{view.buffer}.set({name});")
    return view


def _output(e: Emitter, value: Value, dtype: str) -> View:
    """A whole buffer that holds a result, filled at the end of its stage."""
    if isinstance(value, View) and value.whole and e.is_all(value):
        return value
    to = e.buffer(value.shape, dtype)
    if isinstance(value, Scalar):
        e.line(f"{to.buffer}[0]={value.text};")
    else:
        e.store([(value, to)])
    return to


def _assembled(
    e: Emitter,
    heads: Sequence[str],
    statements: Sequence[Sequence[str]],
    outputs: Sequence[View],
    calls: Sequence[str],
) -> str:
    """The whole program: what it holds, its functions, and its stages."""
    names = _shared(e, statements, {view.buffer for view in outputs})
    lines = ["(runtime,constants)=>{", f"const {{{','.join(calls)}}}=runtime;"]
    lines += [f"const {name}=constants[{k}];" for k, name in enumerate(e.constants)]
    for group, array in (("S", "Float64Array"), ("I", "Int32Array"), ("L", "BigUint64Array")):
        if e.counts[group]:
            lines.append(f"const {group}=new {array}({e.counts[group]});")
    for name in dict.fromkeys(names.values()):
        array, size = e.buffers[name]
        lines.append(f"const {name}=new {array}({size});")
    lines += [f"const {name}={text};" for name, text in e.made.items()]

    def renamed(text: str) -> str:
        return _BUFFER.sub(lambda found: names[found[0]], text)

    lines += [f"function {name}(){{{renamed(text)}}}" for name, text in e.functions.items()]
    bodies = [
        f"({head})=>{{{renamed(''.join(body))}}}"
        for head, body in zip(heads, statements[1:], strict=True)
    ]
    shown = [
        f"{{data:{names.get(view.buffer, view.buffer)},shape:{json.dumps(list(view.shape))}}}"
        for view in outputs
    ]
    lines.append(renamed("".join(statements[0])))
    lines.append(f"return{{stages:[{','.join(bodies)}],outputs:[{','.join(shown)}]}};}}")
    return "\n".join(lines)


def _shared(e: Emitter, statements: Sequence[Sequence[str]], pinned: set[str]) -> dict[str, str]:
    """Which buffer each one becomes: those that are not needed at the same time may be one.

    A buffer is needed from the first to the last line of its stage that names it; one that several
    stages name, or a result, for ever.
    """
    first: dict[str, tuple[int, int]] = {}
    last: dict[str, tuple[int, int]] = {}
    for number, lines in enumerate(statements):
        for row, line in enumerate(lines):
            for name in _named(e, line):
                first.setdefault(name, (number, row))
                last[name] = (number, row)
    names: dict[str, str] = {}
    free: dict[tuple[str, int], list[tuple[tuple[int, int], str]]] = {}
    for name in sorted(first, key=lambda n: (first[n], n)):  # in one order, whatever sets have
        kept = name in pinned or first[name][0] != last[name][0]
        ready = [] if kept else free.setdefault(e.buffers[name], [])
        found = next((k for k, (ended, _) in enumerate(ready) if ended < first[name]), None)
        names[name] = name if found is None else ready.pop(found)[1]
        if not kept:
            ready.append((last[name], names[name]))
    names.update({name: name for name in pinned if name in e.buffers})
    return names


def _named(e: Emitter, text: str) -> set[str]:
    """The buffers that a line names, also in the functions that it calls."""
    names = set(_BUFFER.findall(text))
    for function in _CALL.findall(text):
        names |= _named(e, e.functions[function])
    return names


def _calls(e: Emitter, statements: Sequence[Sequence[str]]) -> list[str]:
    """The functions of the runtime that are called."""
    text = "\n".join([*e.functions.values(), *e.made.values(), *map("".join, statements)])
    called = set(re.findall(r"(?<![.\w])([a-z_]\w*)\(", text))
    own = {"if", "for", "function", *e.functions, *e.made}
    return sorted(name for name in called - own if not re.fullmatch(r"[kfo]\d+", name))
