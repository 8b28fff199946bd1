"""Which of a sketch's parameters JAX can trace, as what, and why others stay fixed."""

import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeGuard, cast, get_args

import jax
import numpy as np

from gradart.drawing.color.palettes import Palette, palette
from gradart.drawing.style import color
from gradart.errors import PACKAGE, Untraceable, causes, is_own
from gradart.sketching.error_reporting import said
from gradart.sketching.parameters import Kind, Parameter
from gradart.sketching.roles import SEED
from gradart.sketching.value_texts import TracedValue, Value

InputKind = Literal["float", "int", "bool", "color", "palette", "list", "key"]
# What a program is given for an input: one number of Python, or an array.
Given: TypeAlias = "float | int | bool | np.ndarray"

_DTYPES: dict[Kind, type] = {"float": np.float64, "int": np.int64, "bool": np.bool_}
_COUNTS = "it says how many there are"


@dataclass(frozen=True)
class Input:
    """What a traced sketch is given for one of its parameters, or for its key.

    `now` is what its value is as numbers: one of Python for a float, an int or a bool; RGBA (4,)
    for a color; RGBA (k + 1, 4) for a palette, its paper last; for a list an array (k, ...) of
    these; of a key its numbers, uint32 (2,). The key has no `parameter`.
    """

    name: str
    kind: InputKind
    now: Given
    parameter: Parameter | None = None

    def given(self, value: Value) -> Given:
        """What the program is given for a checked value of the parameter."""
        assert self.parameter is not None  # a key is no value
        return as_numbers(self.parameter, value)

    def value(self, numbers: jax.Array) -> TracedValue:
        """A value that the parameter has, of what the program was given: it may be traced."""
        assert self.parameter is not None
        match self.kind:
            case "list":
                return _rows(numbers, self.parameter.depth)
            case "palette":
                # A sketch is told NumPy's; where it is traced, arrays of JAX stand for them.
                return Palette("", cast(np.ndarray, numbers[:-1]), cast(np.ndarray, numbers[-1]))
        return numbers


@dataclass(frozen=True)
class Fixed:
    """A parameter that stays what it is: its value, and why, by which `line` of the sketch."""

    name: str
    value: Value
    why: str
    line: int | None = None


def read_input(parameter: Parameter, value: Value) -> Input | Fixed:
    """What may be traced of a parameter, or why it is fixed."""
    if (why := _unnumbered(parameter, value)) is not None:
        return Fixed(parameter.name, value, why)
    kind = parameter.type
    assert _is_input(kind)  # else it has no numbers
    return Input(parameter.name, kind, as_numbers(parameter, value), parameter)


def _is_input(kind: Kind) -> TypeGuard[InputKind]:
    return kind in get_args(InputKind)


def key_input(seed: int) -> Input:
    """The key of a seed, as its numbers. Call it in float64, as a sketch's key is made."""
    return Input("key", "key", np.asarray(jax.random.key_data(jax.random.key(seed))))


def as_numbers(parameter: Parameter, value: Value) -> Given:
    """The numbers of a checked value, of a parameter that has them."""
    match parameter.type:
        case "color":
            return np.asarray(color(_text(value)))
        case "palette":
            colors = palette(_text(value))
            return np.concatenate([colors.colors, colors.paper[None]])
        case "list":
            (kind,) = {part.type for part, _ in _parts(parameter, value)}
            return np.array(_numbers(value), _DTYPES.get(kind, float))
    assert isinstance(value, float | int)  # and so is a bool
    return value


def _text(value: Value) -> str:
    """What a color and a palette are, once they are checked."""
    assert isinstance(value, str)
    return value


def _numbers(value: Value) -> object:
    """A value with RGBA (4,) for its colors."""
    if isinstance(value, tuple):
        return [_numbers(one) for one in value]
    return color(value) if isinstance(value, str) else value


def _rows(numbers: jax.Array, depth: int) -> Value:
    """An array as tuples in tuples, as deep as a list is that a parameter has."""
    if not depth:
        return numbers
    rows = (jax.lax.index_in_dim(numbers, i, keepdims=False) for i in range(len(numbers)))
    return tuple(_rows(row, depth - 1) for row in rows)


def _parts(parameter: Parameter, value: Value) -> Iterator[tuple[Parameter, Value]]:
    """What a list holds, and lists in it, one by one."""
    if parameter.type != "list" or not isinstance(value, tuple):
        yield parameter, value
        return
    parts = parameter.parts * len(value) if parameter.varies else parameter.parts
    for part, one in zip(parts, value, strict=True):
        yield from _parts(part, one)


def _unnumbered(parameter: Parameter, value: Value) -> str | None:
    """Why a parameter is none of numbers, in an artist's words; None if it is."""
    parts = list(_parts(parameter, value))
    if not parts:
        return "it is an empty list"
    kinds = {part.type for part, _ in parts}
    if any(part.choices for part, _ in parts):
        return "it is a choice between a few, which is made beforehand"
    if "path" in kinds:
        return "it is a file, which is read beforehand"
    if "str" in kinds:
        return "it is a text, which is set beforehand"
    if "ramp" in kinds:
        return "it is a ramp, whose colors are mixed beforehand"
    if any(part.role is SEED for part, _ in parts):
        return "it is a seed of its own, whose key is made beforehand"
    if any(one is None for _, one in parts):
        return "it has no value"
    if len(kinds) > 1 or (parameter.type == "list" and "palette" in kinds):
        return "it is a list of several kinds of things"
    if parameter.type == "list" and not _even(value):
        return "it is a list of lists that differ in length"
    return None


def _even(value: Value) -> bool:
    """Whether lists in a list are of one length."""
    if not isinstance(value, tuple):
        return True
    lengths = {len(row) if isinstance(row, tuple) else None for row in value}
    return len(lengths) == 1 and all(map(_even, value))


def why_fixed(error: BaseException) -> str:
    """What a sketch does with a number that it cannot do while JAX traces the number."""
    chain = causes(error)
    for cause in reversed(chain):
        if _counts(cause):
            return _COUNTS
    for cause in reversed(chain):
        if (function := _public_function(cause)) is not None:
            return f"ga.{function} computes with it beforehand, in Python"
    for cause in reversed(chain):
        if (reason := _reason(cause)) is not None:
            return reason
    return said(error)


def _counts(error: BaseException) -> bool:
    """Whether a number was needed that is a length, or the place of one thing among others."""
    match error:
        case jax.errors.TracerArrayConversionError() | jax.errors.TracerBoolConversionError():
            return False
        case jax.errors.TracerIntegerConversionError():
            return True
        case jax.errors.ConcretizationTypeError():
            return "`float` function" not in str(error)
    lengths = r"Shapes must be 1D sequences|for \*: '(list|tuple|str)' and"
    return isinstance(error, TypeError) and re.search(lengths, str(error)) is not None


def _reason(error: BaseException) -> str | None:
    match error:
        case jax.errors.NonConcreteBooleanIndexError():
            return "how many are left of an array depends on it"
        case jax.errors.TracerBoolConversionError():
            return "Python asks about it, as in an if"
        case jax.errors.TracerArrayConversionError():
            return "NumPy computes with it"
        case jax.errors.ConcretizationTypeError():
            return "Python computes with it, by float() or the module math"
        case Untraceable() if "text" in str(error):
            return "a text says what it is"
    return None


def _public_function(error: BaseException) -> str | None:
    """The function of gradart, by its public name, in which an error arose, or what it has made."""
    public = getattr(sys.modules.get("gradart"), "__all__", ())
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if is_own(code.co_filename):
            found = None
        elif found is None and code.co_filename.startswith(PACKAGE):
            name, _, inner = code.co_qualname.partition(".")
            own = not inner or inner.startswith("<locals>")
            found = name if own and name in public else None
    return found


def line_of(error: BaseException, file: Path) -> int | None:
    """The last line of a file that an error passed through, in its first cause if possible."""
    lines = [
        number
        for cause in causes(error)
        for frame, number in traceback.walk_tb(cause.__traceback__)
        if Path(frame.f_code.co_filename).absolute() == file
    ]
    return lines[-1] if lines else None
