"""A sketch's parameters: what its signature says of them, and values held to that."""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, SupportsFloat, TypeGuard, cast

import jax
import numpy as np

from gradart.calculus.checks.arguments import short, whole_number
from gradart.drawing.color.palettes import NAMED, Palette, palette, ramp_text
from gradart.drawing.color.ramps import Ramp
from gradart.drawing.style import color
from gradart.errors import ArtError
from gradart.geometry.easing import Easing
from gradart.sketching.roles import EASING, RANGE, SEED, Role
from gradart.sketching.value_texts import TracedValue, Value, split, word

Kind = Literal["float", "int", "bool", "str", "path", "color", "palette", "ramp", "list"]

# What the command line calls by these names; a parameter of the same name would be unreachable.
RESERVED = frozenset(
    {
        "at",
        "audio",
        "bleed",
        "choices",
        "crop_marks",
        "debug",
        "executor",
        "fps",
        "help",
        "if_changed",
        "jobs",
        "inspect",
        "keep_order",
        "landscape",
        "margin",
        "max_size",
        "optimize",
        "out",
        "page",
        "param",
        "plays",
        "ppi",
        "preset",
        "px",
        "resume",
        "seconds",
        "selectable_text",
        "seed",
        "transparent",
    }
)


@dataclass(frozen=True)
class Bounds:
    """The range of a number, both ends included: `Annotated[float, ga.Bounds(1, 20)]`.

    From `low` to `high`; a value outside is refused. `step` and `log` say how a slider moves over
    it, by how much and whether evenly in the logarithm; they do not restrict the value.

    >>> from typing import Annotated
    >>> @ga.sketch
    ... def rings(n: Annotated[int, ga.Bounds(1, 50)] = 5):
    ...     return ga.scene(ga.circles((0, 0), range(1, n + 1)))
    >>> rings(n=8)
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high", "step"):
            value = getattr(self, name)
            if name == "step" and value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                raise ArtError(f"{name} of Bounds is {short(value)}: give a number, Bounds(1, 20)")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ArtError(f"Bounds({self.low}, {self.high}): give the lower number first")
        if self.step is not None and not self.step > 0:
            raise ArtError(f"Bounds(step={self.step}): a step is a positive number")
        if self.log and not self.low > 0:
            raise ArtError(f"Bounds({self.low}, {self.high}, log=True): start above 0")


_NOUNS: Mapping[Kind, tuple[str, str]] = {
    "float": ("a number", "numbers"),
    "int": ("a whole number", "whole numbers"),
    "bool": ("true or false", "values true or false"),
    "str": ("a text", "texts"),
    "path": ("a file's path", "paths of files"),
    "color": ("a color like #c2410c", "colors"),
    "palette": (
        f"a palette: {', '.join(NAMED)}, or colors like '#c2410c #1b1b1e on #f7f4ed'",
        "palettes",
    ),
    "ramp": (
        f"a ramp: two colors or more like '#1b1b1e #c2410c 20% #f7f4ed', or {', '.join(NAMED)}",
        "ramps",
    ),
    "list": ("a list", "lists"),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a sketch: its name, its type, and what values it takes.

    A list is any sequence. It has `parts`: one for each of its values, or if it `varies` in length
    a single one for all of them. Its values are tuples, and members of an enumeration their names,
    until the sketch is given them; `make` makes of them what its signature has. `role` is what its
    numbers stand for, and `section` the heading that it stands under.
    """

    name: str
    type: Kind
    default: object  # anything until it is checked, then a Value
    bounds: Bounds | None = None
    choices: tuple[Value, ...] = ()
    help: str = ""
    optional: bool = False
    parts: tuple["Parameter", ...] = ()
    varies: bool = False
    make: Callable[[Any], object] | None = None  # of what this parameter alone has
    role: Role | None = None
    section: str = ""

    @property
    def wanted(self) -> str:
        """What values the parameter takes, as a message says it: `a number from 1 to 20`."""
        noun = self._in_words(0) if self.parts else self._span(_NOUNS[self.type][0])
        if self.role is not None:
            noun = self._in_role(self.role)
        if self.choices:
            noun = "one of " + ", ".join(map(str, self.choices))
        return noun + " or none" if self.optional else noun

    def _in_role(self, role: Role) -> str:
        """What its numbers stand for in words: `a range low,high from 0 to 10 like 2.0,5.0`."""
        noun = self.parts[0]._span(role.noun) if role not in (EASING, SEED) else role.noun
        return f"{noun} like {word(self.default)}" if self.parts and self.default else noun

    def _in_words(self, depth: int) -> str:
        """The parts of a list in words: `2 numbers from 0 to 1 like 0.5,0.7`."""
        first = self.parts[0]
        if any((p.type, p.bounds, p.choices) != (first.type, *first._range) for p in self.parts):
            return ", ".join(part.wanted for part in self.parts)
        count = "" if self.varies else f"{len(self.parts)} "
        if first.parts:
            noun = f"{count or ''}rows of {first._in_words(depth + 1)}"
        elif first.choices:
            noun = f"{count}words of " + ", ".join(map(str, first.choices))
        else:
            noun = first._span(count + _NOUNS[first.type][1])
        example = word(self.default) if self.default and not depth else ""
        return f"{noun} like {example}" if example else noun

    @property
    def _range(self) -> tuple[Bounds | None, tuple[Value, ...]]:
        return self.bounds, self.choices

    def _span(self, noun: str) -> str:
        bounds = self.bounds
        return f"{noun} from {bounds.low:g} to {bounds.high:g}" if bounds else noun

    @property
    def depth(self) -> int:
        """How deep lists lie in each other: 0 for a number, 1 for a point, 2 for some points."""
        return 1 + max(part.depth for part in self.parts) if self.parts else 0

    def wrong(self, value: object) -> ArtError:
        """The error for a value that this parameter does not take."""
        found = "and nothing is given" if value == "" else f"not {_cut(value)}"
        return ArtError(f"{self.name} must be {self.wanted}, {found}")

    def check(self, value: object) -> Value:
        """The value as the sketch gets it, an integer cast where a float is meant, or an error.

        JAX arrays pass, so that a sketch can be traced and differentiated.
        """
        if isinstance(value, jax.Array) or (value is None and self.optional):
            return value
        if isinstance(value, Enum) and self.make is not None:
            value = value.name
        if self.choices:
            if _is_among(value, self.choices):
                return value
            raise self.wrong(_repr(value))
        if self.type == "list":
            return self._checked(value)
        try:
            one = _cast(self.type, value)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong(_repr(value)) from None
        if self.role is SEED and not (isinstance(one, int) and 0 <= one < 2**32):
            raise self.wrong(one)
        # Only numbers have bounds.
        if self.bounds and not (
            isinstance(one, int | float) and self.bounds.low <= one <= self.bounds.high
        ):
            raise self.wrong(one)
        return one

    def _checked(self, value: object) -> tuple[Value, ...]:
        values = value.tolist() if isinstance(value, np.ndarray) else value
        if isinstance(values, Easing):
            values = values.x1, values.y1, values.x2, values.y2
        if not isinstance(values, list | tuple):
            raise self.wrong(_repr(value))
        parts = self.parts * len(values) if self.varies else self.parts
        if len(parts) != len(values):
            raise self.wrong(word(value))
        try:
            held = tuple(part.check(one) for part, one in zip(parts, values, strict=True))
        except ArtError:
            raise self.wrong(word(value)) from None
        return self._in_order(held)

    def parse(self, text: str) -> Value:
        """The value that a text of the command line stands for, or an error."""
        if self.optional and text.lower() == "none":
            return None
        if self.choices:
            named = {str(choice).lower(): choice for choice in self.choices}
            named |= {str(choice): choice for choice in self.choices}
            if (wanted := text if text in named else text.lower()) not in named:
                raise self.wrong(text)
            return named[wanted]
        if self.type == "list":
            return self._parsed(text)
        readers: dict[Kind, Callable[[str], Value]] = {
            "float": float,
            "int": int,
            "bool": lambda word: {"true": True, "false": False}[word.lower()],
        }
        try:
            return self.check(readers.get(self.type, str)(text))
        except (ValueError, KeyError):
            raise self.wrong(text) from None

    def _parsed(self, text: str) -> tuple[Value, ...]:
        texts = split(text, self.depth - 1) if text.strip() else []
        parts = self.parts * len(texts) if self.varies else self.parts
        if len(parts) != len(texts):
            raise self.wrong(text)
        try:
            read = tuple(part.parse(one.strip()) for part, one in zip(parts, texts, strict=True))
        except ArtError:
            raise self.wrong(text) from None
        return self._in_order(read)

    def _in_order(self, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """The values of a list; of a range the lower one first, which a drag may have passed."""
        known = [one for one in values if isinstance(one, float)]
        return tuple(sorted(known)) if self.role is RANGE and len(known) == 2 else values

    def given(self, value: TracedValue) -> object:
        """A checked value as the function of the sketch takes it."""
        if value is None or isinstance(value, jax.Array):
            return value
        made: object = value
        if isinstance(value, tuple):
            parts = self.parts * len(value) if self.varies else self.parts
            made = tuple(part.given(one) for part, one in zip(parts, value, strict=True))
        return self.make(made) if self.make is not None else made


def _is_among(value: object, choices: tuple[Value, ...]) -> TypeGuard[Value]:
    return value in choices


def _cut(value: object) -> str:
    """A given value as text, cut to fit into a message of one line."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _repr(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # a whole number of more digits than Python writes
        return f"a {type(value).__name__}"


def _cast(kind: Kind, value: object) -> Value:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) != (kind == "bool") or isinstance(value, NoneType):
        raise TypeError
    match kind:
        case "float" if isinstance(value, SupportsFloat):
            if not math.isfinite(float(value)):
                raise ValueError
            return float(value)
        case "int" if (number := whole_number(value)) is not None:
            return number
        case "bool" if isinstance(value, bool):
            return value
        case "path" if isinstance(value, str | Path) and value != "":
            return Path(value)
        case "color" if isinstance(value, str):
            color(value)
            return value
        case "palette" if isinstance(value, str | Palette | list | tuple | np.ndarray):
            return palette(value).text
        case "ramp" if isinstance(value, str | Ramp | Palette | list | tuple | np.ndarray):
            return ramp_text(value)
        case "str" if isinstance(value, str):
            return value
    raise TypeError


def unknown(name: str, known: Iterable[str], owner: str, others: Iterable[str] = ()) -> ArtError:
    """The error for a parameter that there is not, with the nearest one that there is.

    `others` are near enough to be meant, but are not listed.
    """
    names = list(known)
    near = difflib.get_close_matches(name, [*names, *others], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    takes = f"it takes {', '.join(names)}" if names else "it takes none"
    return ArtError(f"{owner} has no parameter {name}; {hint}{takes}")


def checked(
    owner: str, parameters: Iterable[Parameter], values: Mapping[str, object]
) -> dict[str, Value]:
    """All parameters' values: those given, checked, and the defaults of the others."""
    by_name = {p.name: p for p in parameters}
    for name in values:
        if name not in by_name:
            raise unknown(name, by_name, owner)
    # Defaults were checked when the signature was read.
    return {
        n: p.check(values[n]) if n in values else cast(Value, p.default) for n, p in by_name.items()
    }
