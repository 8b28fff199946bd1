"""Arrays as the translation knows them: numbers in a buffer, or a formula of them."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import jax
import numpy as np

from gradart.javascript.loops import Index, Loop

# Of each type of element the JavaScript array that holds it. Whole numbers of 64 bits with a sign
# are kept as float64, exact up to 2**53; those without a sign, of which keys make bits, as BigInt.
ARRAYS = {
    "float64": "Float64Array",
    "float32": "Float32Array",
    "float16": "Float32Array",
    "bfloat16": "Float32Array",
    "int64": "Float64Array",
    "int32": "Int32Array",
    "int16": "Int16Array",
    "int8": "Int8Array",
    "uint64": "BigUint64Array",
    "uint32": "Uint32Array",
    "uint16": "Uint16Array",
    "uint8": "Uint8Array",
    "bool": "Uint8Array",
    "key<fry>": "Uint32Array",
}
KEY = "key<fry>"
_SHORT = re.compile(r"[\w.]+|\(-[\w.]+\)")
ORIGIN = Index()


@dataclass(frozen=True)
class Scalar:
    """One number: an expression of JavaScript that can be repeated, as a name or a literal."""

    text: str
    dtype: str
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class View:
    """Elements of a buffer: the one at (i, j, ...) lies at start + i * steps[0] + j * steps[1] ...

    Of keys, the two words of each lie side by side.
    """

    buffer: str
    shape: tuple[int, ...]
    dtype: str
    steps: tuple[int, ...]
    start: Index = ORIGIN

    def place(self, at: Sequence[Index]) -> Index:
        """Where in the buffer an element lies."""
        place = self.start
        for index, step in zip(at, self.steps, strict=True):
            place = place + index * step
        return place

    @property
    def whole(self) -> bool:
        """Whether it is a buffer from its beginning, row after row."""
        return self.start == Index() and self.compact

    @property
    def compact(self) -> bool:
        """Whether its elements follow one another, row after row."""
        return all(
            step == usual or size == 1
            for step, usual, size in zip(
                self.steps, steps_of(self.shape, self.dtype), self.shape, strict=True
            )
        )


@dataclass(frozen=True, eq=False)
class Formula:
    """An array that is computed where it is needed: `at(loop, indices)` gives an expression."""

    shape: tuple[int, ...]
    dtype: str
    at: Callable[[Loop, Sequence[Index]], str]


Value: TypeAlias = Scalar | View | Formula


def steps_of(shape: Sequence[int], dtype: str) -> tuple[int, ...]:
    """The steps of an array whose rows follow one another."""
    unit = 2 if dtype == KEY else 1
    return tuple(unit * math.prod(shape[k + 1 :]) for k in range(len(shape)))


def length(shape: Sequence[int], dtype: str) -> int:
    """How many numbers of JavaScript an array has."""
    return math.prod(shape) * (2 if dtype == KEY else 1)


def compact(buffer: str, shape: Sequence[int], dtype: str) -> View:
    """A whole buffer as an array, row after row."""
    return View(buffer, tuple(map(int, shape)), dtype, steps_of(shape, dtype))


def moved(
    value: View | Formula,
    shape: Sequence[int],
    from_: Callable[[Sequence[Index]], Sequence[Index]],
) -> View | Formula:
    """An array whose elements are those of another at places that depend on theirs linearly."""
    if isinstance(value, Formula):
        return Formula(tuple(shape), value.dtype, lambda loop, at: value.at(loop, from_(at)))
    axes = [Index(0, ((str(k), 1),)) for k in range(len(shape))]
    place = value.place(from_(axes))
    steps = tuple(place.of(str(k)) for k in range(len(shape)))
    start = place
    for k in range(len(shape)):
        start = start.without(str(k))
    return replace(value, shape=tuple(shape), steps=steps, start=start)


def read(value: Value, loop: Loop, at: Sequence[Index]) -> str:
    """An expression for an element inside of a loop."""
    match value:
        case Scalar(text):
            return text
        case View(buffer):
            return f"{buffer}[{loop.mark(value.place(at))}]"
        case Formula():
            key = (id(value), tuple(at))
            if key not in loop.memo:
                text = value.at(loop, at)
                if _SHORT.fullmatch(text):  # a name, or a number
                    return text
                name = f"t{len(loop.table)}"
                loop.table.append(Index())  # so that names are told apart in all nested loops
                loop.lines.append(f"const {name}={text};")
                loop.types[name] = value.dtype
                loop.memo[key] = name
            return loop.memo[key]


def literal(number: object, dtype: str) -> str:
    """A number as JavaScript writes it."""
    if dtype == "bool":
        return "1" if number else "0"
    if dtype == "uint64":
        return f"{int(np.asarray(number).item())}n"
    plain = np.asarray(number).astype(np.float64).item()
    if math.isnan(plain):
        return "NaN"
    if math.isinf(plain):
        return "Infinity" if plain > 0 else "-Infinity"
    text = repr(plain).removesuffix(".0")
    return f"({text})" if text.startswith("-") else text


def dtype_of(aval: jax.core.AbstractValue) -> str:
    """The name of an array's type, as `float64`; of keys, `key<fry>`."""
    return str(getattr(aval, "dtype", "float0"))
