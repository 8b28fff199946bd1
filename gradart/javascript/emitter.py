"""The code of a program as it is written: buffers, loops and calls, equation by equation."""

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from jax.core import Atom
from jax.extend.core import JaxprEqn, Literal, Var

from gradart.calculus.programs.jaxprs import shaped
from gradart.javascript.array_values import (
    ARRAYS,
    KEY,
    Formula,
    Scalar,
    Value,
    View,
    compact,
    dtype_of,
    length,
    literal,
    read,
)
from gradart.javascript.fusion import Taking, formulas
from gradart.javascript.loops import MOST_UNROLLED, Index, Loop, filled, named

_SCALAR = re.compile(r"\b[SIL]\[\d+\]")


@dataclass
class Emitter:
    """Writes JavaScript for equations. What a rule needs of it is told by its methods.

    `lines` are those of the function that is being written, `functions` all that are done, by name;
    `buffers` have a type and a length, `made` are values of the runtime, made once at the start.
    """

    rules: "Mapping[str, Rule]"
    ways: Callable[[JaxprEqn], Taking]
    lines: list[str] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, tuple[str, int]] = field(default_factory=dict)
    constants: dict[str, np.ndarray] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"S": 0, "I": 0, "L": 0})
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def buffer(self, shape: Sequence[int], dtype: str) -> View:
        """A new buffer for an array."""
        name = f"b{next(self._numbers)}"
        self.buffers[name] = ARRAYS[dtype], length(shape, dtype)
        return compact(name, shape, dtype)

    def constant(self, array: np.ndarray, dtype: str) -> Value:
        """An array that the program holds, or a number in its text."""
        shape = array.shape[:-1] if dtype == KEY else array.shape
        if shape == () and dtype != KEY:
            return Scalar(literal(array[()], dtype), dtype)
        first = array.reshape(-1)[:1]
        if dtype != KEY and array.size and (array == first).all():
            text = literal(first[0], dtype)
            return Formula(shape, dtype, lambda loop, at: text)
        name = f"c{next(self._numbers)}"
        self.constants[name] = array
        return compact(name, shape, dtype)

    def number(self, dtype: str, whole: bool = False) -> Scalar:
        """A new place for one number; a `whole` one may stand in indices."""
        group = "L" if dtype == "uint64" else "I" if whole else "S"
        name = f"{group}[{self.counts[group]}]"
        self.counts[group] += 1
        return Scalar(name, dtype)

    def object(self, text: str) -> str:
        """The name of something of the runtime that is made once, as a table of places."""
        for name, known in self.made.items():
            if known == text:
                return name
        name = f"o{next(self._numbers)}"
        self.made[name] = text
        return name

    def memory(self, size: int) -> str:
        """The name of an array for numbers that are found as the program runs: all NaN at first."""
        name = f"o{next(self._numbers)}"
        self.made[name] = f"new Float64Array({size}).fill(NaN)"
        return name

    def line(self, text: str) -> None:
        """Write a line of the function that is being written."""
        self.lines.append(text)

    def loop(self, shape: Sequence[int], within: Loop | None = None) -> Loop:
        """Loops over a shape, to be filled with lines."""
        return Loop(tuple(shape), (f"j{next(self._numbers)}" for _ in shape), within, self.memory)

    def run(self, loop: Loop) -> None:
        """Write loops: as a function of their own, which the browser compiles by itself."""
        text = loop.text()
        if not text:
            return
        name = f"k{next(self._numbers)}"
        taken = dict.fromkeys(_SCALAR.findall(text))
        fixed = [x for x in taken if not re.search(re.escape(x) + r"(=[^=]|\+=)", text)]
        for x in fixed:
            text = text.replace(x, _local(x))
        given = "".join(f"const {_local(x)}={x};" for x in fixed)
        self.functions[name] = given + text
        self.line(f"{name}();")

    @contextmanager
    def function(self) -> Iterator[None]:
        """Write what follows into a function of its own, and call it here."""
        outer, self.lines = self.lines, []
        yield
        name = f"f{next(self._numbers)}"
        self.functions[name] = "".join(self.lines)
        self.lines = outer
        self.line(f"{name}();")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write what follows between braces behind `head`."""
        self.line(head + "{")
        yield
        self.line("}")

    def store(self, pairs: Sequence[tuple[Value, View]]) -> None:
        """Write arrays of one shape to where they are to lie, in one loop."""
        pairs = [(value, to) for value, to in pairs if value != to]
        if not pairs:
            return
        shape = pairs[0][1].shape
        if math.prod(shape) <= MOST_UNROLLED and all(v.dtype != KEY for v, _ in pairs):
            self._unrolled(pairs, shape)
            return
        loop = self.loop(shape)
        for value, to in pairs:
            self._write(loop, value, to, loop.indices)
        self.run(loop)

    def _unrolled(self, pairs: Sequence[tuple[Value, View]], shape: tuple[int, ...]) -> None:
        loop = self.loop(())
        for place in np.ndindex(shape):
            for value, to in pairs:
                self._write(loop, value, to, [Index(k) for k in place])
        lines = filled(loop.body(), loop.table)
        self.line(f"{{{lines}}}")

    def _write(self, loop: Loop, value: Value, to: View, at: Sequence[Index]) -> None:
        if value.dtype == KEY:
            assert isinstance(value, View)
            for word in (0, 1):
                target = loop.mark(to.place(at) + Index(word))
                source = loop.mark(value.place(at) + Index(word))
                loop.lines.append(f"{to.buffer}[{target}]={value.buffer}[{source}];")
            return
        text = read(value, loop, at)
        loop.lines.append(f"{to.buffer}[{loop.mark(to.place(at))}]={text};")

    def kept(self, value: Value) -> View:
        """An array in a buffer, in whichever steps; a formula is computed into a new one."""
        return value if isinstance(value, View) else self._own(value)

    def whole(self, value: Value) -> View:
        """An array that is a buffer from its beginning, row after row, as the runtime takes it."""
        if isinstance(value, View) and value.whole and self.is_all(value):
            return value
        return self._own(value)

    def _own(self, value: Value) -> View:
        """An array in a new buffer."""
        to = self.buffer(value.shape, value.dtype)
        self.store([(value, to)])
        return to

    def is_all(self, view: View) -> bool:
        """Whether a view of a buffer holds all of its elements."""
        size = length(view.shape, view.dtype)
        if view.buffer in self.buffers:
            return self.buffers[view.buffer][1] == size
        if view.buffer in self.constants:
            return self.constants[view.buffer].size == size
        return True

    def scalar(self, value: Value) -> Scalar:
        """A number as an expression that can be repeated."""
        if isinstance(value, Scalar):
            return value
        loop = self.loop(())
        text = filled(read(value, loop, []), loop.table)
        if isinstance(value, View):
            return Scalar(text, value.dtype)
        return self.assigned("".join(filled(x, loop.table) for x in loop.lines), text, value.dtype)

    def assigned(self, before: str, text: str, dtype: str, whole: bool = False) -> Scalar:
        """A number that is computed here, and kept."""
        to = self.number(dtype, whole)
        line = f"{to.text}={text};"
        self.line(f"{{{before}{line}}}" if before else line)
        return to

    def index(self, value: Value, low: int, high: int) -> Index:
        """A number as an index, held between bounds."""
        text = self.scalar(value).text
        if value.dtype == "uint64":
            text = f"Number({text})"
        to = self.assigned("", f"Math.min(Math.max({text},{low}),{high})", "int64", whole=True)
        return named(to.text)

    def copied(self, value: Value) -> Value:
        """A value that stays as it is whatever happens to where it came from."""
        if value.shape == () and value.dtype != KEY:
            text = self.scalar(value).text
            return self.assigned("", text, value.dtype)
        return self._own(value)

    def body(
        self,
        equations: Sequence[JaxprEqn],
        values: dict[Var, Value],
        results: Sequence[Atom],
    ) -> list[Value]:
        """Write equations, whose inputs are in `values`, and return the results."""
        made = {v for eqn in equations for v in eqn.outvars}
        self.write(equations, values, results, dict.fromkeys([*made, *values], 0))
        return [self.value(atom, values) for atom in results]

    def write(
        self,
        equations: Sequence[JaxprEqn],
        values: dict[Var, Value],
        kept: Sequence[Atom],
        stage: Mapping[Var, int],
    ) -> None:
        """Write equations of one stage; what they make goes into `values`, some to be kept."""
        inside = formulas(equations, kept, self.ways, stage)
        for eqn in equations:
            self.equation(eqn, values, inside)

    def equation(self, eqn: JaxprEqn, values: dict[Var, Value], inside: set[Var]) -> None:
        """Write one equation; what it makes goes into `values`."""
        given = [self.value(atom, values) for atom in eqn.invars]
        made = self.rules[eqn.primitive.name](self, eqn, *given)
        outputs = [made] if isinstance(made, Scalar | View | Formula) else list(made)
        for variable, value in zip(eqn.outvars, outputs, strict=True):
            if isinstance(value, Formula) and variable not in inside and not _free(value):
                value = self.kept(value)
            values[variable] = value

    def value(self, atom: Atom, values: Mapping[Var, Value]) -> Value:
        """What an atom stands for: a literal's number, or what has been made of a variable."""
        if isinstance(atom, Literal):
            return Scalar(literal(atom.val, dtype_of(atom.aval)), dtype_of(atom.aval))
        return values[atom]


Rule = Callable[..., "Value | Sequence[Value]"]


def _free(value: Formula) -> bool:
    """Whether a formula costs no more than reading it: a count, or one number everywhere."""
    loop = Loop(value.shape, (f"j{k}" for k in range(len(value.shape))))
    text = value.at(loop, loop.indices)
    return not loop.lines and re.fullmatch("\x00\\d+\x00|[\\w.\\[\\]()-]+", text) is not None


def _local(name: str) -> str:
    return name[0].lower() + name[2:-1]


def out_shape(eqn: JaxprEqn, k: int = 0) -> tuple[int, ...]:
    """The shape of what an equation makes."""
    return shaped(eqn.outvars[k]).shape


def out_type(eqn: JaxprEqn, k: int = 0) -> str:
    """The type of what an equation makes."""
    return dtype_of(eqn.outvars[k].aval)
