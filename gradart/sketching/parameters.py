"""A sketch's parameters: what its signature says of them, and values held to that."""

import difflib
import inspect
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import jax

from gradart.drawing.style import color
from gradart.errors import ArtError

Kind = Literal["float", "int", "bool", "str", "path", "color"]

# What the command line calls by these names; a parameter of the same name would be unreachable.
RESERVED = frozenset(
    {
        "at",
        "debug",
        "executor",
        "fps",
        "help",
        "jobs",
        "landscape",
        "margin",
        "out",
        "page",
        "param",
        "preset",
        "px",
        "resume",
        "seconds",
        "seed",
        "transparent",
    }
)


@dataclass(frozen=True)
class Bounds:
    """The range of a number, both ends included: `Annotated[float, ga.Bounds(1, 20)]`.

    `step` and `log` say how a slider moves over it; they do not restrict the value.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ArtError(f"Bounds({self.low}, {self.high}): give the lower number first")
        if self.step is not None and not self.step > 0:
            raise ArtError(f"Bounds(step={self.step}): a step is a positive number")
        if self.log and not self.low > 0:
            raise ArtError(f"Bounds({self.low}, {self.high}, log=True): start above 0")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a sketch: its name, its type, and what values it takes."""

    name: str
    type: Kind
    default: Any
    bounds: Bounds | None = None
    choices: tuple[Any, ...] = ()
    help: str = ""
    optional: bool = False

    @property
    def wanted(self) -> str:
        """What to give, as a message says it: `a number from 1 to 20`."""
        nouns = {
            "float": "a number",
            "int": "a whole number",
            "bool": "true or false",
            "str": "a text",
            "path": "a file's path",
            "color": "a color like #c2410c",
        }
        noun = "one of " + ", ".join(map(str, self.choices)) if self.choices else nouns[self.type]
        if self.bounds:
            noun += f" from {self.bounds.low:g} to {self.bounds.high:g}"
        return noun + " or none" if self.optional else noun

    def wrong(self, value: Any) -> ArtError:
        """The error for a value that this parameter does not take."""
        return ArtError(f"{self.name} must be {self.wanted}, not {value}")

    def check(self, value: Any) -> Any:
        """The value as the sketch gets it, an integer cast where a float is meant, or an error.

        JAX arrays pass, so that a sketch can be traced and differentiated.
        """
        if isinstance(value, jax.Array) or (value is None and self.optional):
            return value
        if self.choices:
            if value not in self.choices:
                raise self.wrong(repr(value))
            return value
        try:
            value = _cast(self.type, value)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong(repr(value)) from None
        if self.bounds and not self.bounds.low <= value <= self.bounds.high:
            raise self.wrong(value)
        return value

    def parse(self, text: str) -> Any:
        """The value that a text of the command line stands for, or an error."""
        if self.optional and text.lower() == "none":
            return None
        if self.choices:
            named = {str(choice): choice for choice in self.choices}
            if text not in named:
                raise self.wrong(text)
            return named[text]
        readers: dict[Kind, Callable[[str], Any]] = {
            "float": float,
            "int": int,
            "bool": lambda word: {"true": True, "false": False}[word.lower()],
        }
        try:
            return self.check(readers.get(self.type, str)(text))
        except (ValueError, KeyError):
            raise self.wrong(text) from None


def _cast(kind: Kind, value: Any) -> Any:
    if isinstance(value, bool) != (kind == "bool") or isinstance(value, NoneType):
        raise TypeError
    match kind:
        case "float" if not isinstance(value, str):
            number = float(value)
            if not math.isfinite(number):
                raise ValueError
            return number
        case "int":
            return operator.index(value)
        case "bool":
            return value
        case "path" if isinstance(value, str | Path):
            return Path(value)
        case "color" if isinstance(value, str):
            color(value)
            return value
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


def checked(owner: str, parameters: Iterable[Parameter], values: Mapping[str, Any]) -> dict:
    """All parameters' values: those given, checked, and the defaults of the others."""
    by_name = {p.name: p for p in parameters}
    for name in values:
        if name not in by_name:
            raise unknown(name, by_name, owner)
    return {n: p.check(values[n]) if n in values else p.default for n, p in by_name.items()}


def read_signature(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters of a sketch function, from its keyword defaults and annotations.

    The type comes from the default, or from the annotation: float, int, bool, str, Path,
    Literal["a", "b"], or any of these | None. Annotated adds Bounds, and a text as the help. A
    text default that starts with # is a color. `key`, the random key, is not a parameter.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as exc:
        raise ArtError(f"an annotation of {function.__name__} is not defined: {exc}") from exc
    return tuple(
        _parameter(p, hints.get(p.name))
        for p in inspect.signature(function).parameters.values()
        if p.name != "key"
    )


def _parameter(p: inspect.Parameter, hint: Any) -> Parameter:
    if p.kind not in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
        raise ArtError(f"{p} cannot be a parameter of a sketch; give each a name and a default")
    if p.default is p.empty:
        raise ArtError(f"parameter {p.name} has no default; write {p.name}=1.0, for example")
    if p.name in RESERVED:
        raise ArtError(f"{p.name} is an option of every sketch; call the parameter otherwise")

    hint, notes, optional = _unwrap(hint)
    bounds = next((note for note in notes if isinstance(note, Bounds)), None)
    says = next((note for note in notes if isinstance(note, str)), "")
    choices: tuple[Any, ...] = ()
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        hint = type(choices[0])
    kind = _kind(p, hint if hint is not None else type(p.default))
    if bounds and kind not in ("float", "int"):
        raise ArtError(f"parameter {p.name} is no number; Bounds are for a float or an int")
    parameter = Parameter(p.name, kind, p.default, bounds, choices, says, optional)
    try:
        return replace(parameter, default=parameter.check(p.default))
    except ArtError as exc:
        raise ArtError(f"the default of {exc}") from None


def _unwrap(hint: Any) -> tuple[Any, list[Any], bool]:
    """A type without Annotated and None, what was noted on it, and whether None was there."""
    notes: list[Any] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            notes += more
            continue
        types = [arg for arg in get_args(hint) if arg is not NoneType]
        if get_origin(hint) not in (Union, UnionType) or len(types) != 1:
            return hint, notes, optional
        hint, optional = types[0], True


def _kind(p: inspect.Parameter, type_: Any) -> Kind:
    kinds: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str", Path: "path"}
    for known, kind in kinds.items():
        if isinstance(type_, type) and issubclass(type_, known):
            hexadecimal = isinstance(p.default, str) and p.default.startswith("#")
            return "color" if kind == "str" and hexadecimal else kind
    if type_ is NoneType:
        raise ArtError(f"parameter {p.name} is None; say its type, {p.name}: float | None = None")
    raise ArtError(
        f"parameter {p.name} is a {getattr(type_, '__name__', type_)};"
        " use a float, an int, a bool, a str, a Path or a Literal[...]"
    )
