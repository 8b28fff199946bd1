"""The options of `render`, each told once: its type, default, bounds, and the help for it.

To add an option, write its field in `Options`, its name in `RenderOptions` (and `ArtOptions`,
if a sketch may set it), and use it. The command line, the live page, what a file says of its making
and `rerun` take it from here; a test holds the names to the fields.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack, cast, get_args, get_type_hints

from gradart.call_errors import no_argument
from gradart.errors import ArtError
from gradart.rendering.layout.sheet_sizes import NAMES

if TYPE_CHECKING:
    from gradart.rendering.layout.page import Page

_KEY = "option"  # the key of what else is told of a field, beside its type and its default
Value = str | int | float | bool | None
T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., object])


class _Told(TypedDict, total=False):
    """What else may be told of an option: fields of `Option`, by their names."""

    metavar: str
    low: float
    high: float
    of_sketch: bool
    of_film: bool


def option(default: T, help: str, **more: Unpack[_Told]) -> T:
    """A field of `Options`, whose type is that of its default, as `dataclasses.field` has it."""
    return field(default=default, metadata={_KEY: {"help": help, **more}})


@dataclass(frozen=True)
class Options:
    """Options of `render`, all of them settled; those that a sketch has travel with its art.

    A margin of None is 7.5 % of the page's short side, and px of None what the format has.
    """

    px: int | None = option(
        None, "pixels of the long side", metavar="N", low=1, high=10**6, of_sketch=False
    )
    ppi: float | None = option(
        None,
        "pixels per inch of the page, instead of --px: 300 for print",
        metavar="N",
        low=1,
        high=10**5,
        of_sketch=False,
    )
    page: str = option(
        "a4",
        f"{NAMES}, or a size like 120x200mm or 8x10in",
    )
    landscape: bool = option(False, "lay the page on its long side")
    margin: float | None = option(None, "millimeters around", metavar="MM")
    seconds: float = option(4.0, "length of a film", metavar="S", of_film=True)
    fps: float = option(25, "frames a second of a film", metavar="N", of_film=True)
    at: float = option(
        0.0, "this one frame of a film, from 0 to 1", metavar="U", low=0, high=1, of_film=True
    )
    plays: int | None = option(
        None,
        "times that a GIF, WebP or APNG is played; without it, for ever",
        metavar="N",
        low=1,
        high=65535,
        of_sketch=False,
        of_film=True,
    )
    max_size: str | None = option(
        None,
        "make a GIF that has at most so many bytes, like 2MB or 500kB: with fewer colors, then"
        " fewer pixels, then fewer frames",
        metavar="SIZE",
        of_sketch=False,
        of_film=True,
    )
    audio: str | None = option(
        None,
        "a sound file, or a film with sound, that an MP4, WebM or MOV plays from its beginning: cut"
        " where the film ends, or followed by silence",
        metavar="FILE",
        of_sketch=False,
        of_film=True,
    )
    choices: str | None = option(
        None,
        "in HTML, offer this parameter at a few values, computed beforehand",
        metavar="NAME",
        of_sketch=False,
    )
    transparent: bool = option(False, "leave the paper out", of_sketch=False)
    bleed: float = option(
        0.0,
        "millimeters that a still is larger on each side, to be cut off after print",
        metavar="MM",
        low=0,
        high=100,
        of_sketch=False,
    )
    crop_marks: bool = option(False, "show at a still's corners where to cut it", of_sketch=False)
    selectable_text: bool = option(
        False,
        "in SVG and PDF, leave text as letters of its font, to be searched and changed",
        of_sketch=False,
    )
    keep_order: bool = option(
        False,
        "in SVG, a layer for each run of one pen, in the order of drawing; without it, as few"
        " layers as look the same",
        of_sketch=False,
    )
    optimize: bool = option(
        False,
        "in SVG, HPGL, G-code and DXF, join strokes that touch, drop copies, and sort what a pen"
        " draws, so that a plotter travels little",
        of_sketch=False,
    )
    inspect: bool = option(
        False,
        "in HTML, add a panel with which a hand looks at the sketch's curves and fields: tangents,"
        " Taylor arcs, gradients, descents, and all derivatives as numbers",
        of_sketch=False,
    )
    # Of the art, and no options; `render` takes another title from `provenance`.
    title: str = ""
    notes: str = ""


class RenderOptions(TypedDict, total=False):
    """What `render` takes by name; None where the sketch's own option, or the default, holds."""

    px: int | None
    ppi: float | None
    page: "str | Page | None"
    landscape: bool | None
    margin: float | None
    seconds: float | None
    fps: float | None
    at: float | None
    plays: int | None
    max_size: str | None
    audio: str | Path | None
    choices: str | None
    transparent: bool | None
    bleed: float | None
    crop_marks: bool | None
    selectable_text: bool | None
    keep_order: bool | None
    optimize: bool | None
    inspect: bool | None


class ArtOptions(TypedDict, total=False):
    """Options of `render` that a sketch may set for its art."""

    page: str
    landscape: bool
    margin: float | None
    seconds: float
    fps: float
    at: float


class SketchOptions(ArtOptions, total=False):
    """What `sketch` takes by name: options of `render` for its art, and its seed."""

    seed: int


@dataclass(frozen=True)
class Option:
    """What is told of one option of `render`, for those that offer, check or keep it.

    `type` is that of its values, of which None is one if it is `optional`; `metavar` stands for a
    value in help. Numbers below `low` or above `high` are refused. `of_sketch` is whether a sketch
    may have its own, `of_film` whether the option counts for films alone.
    """

    name: str
    type: type[str] | type[int] | type[float] | type[bool]
    optional: bool
    help: str
    metavar: str | None = None
    low: float = -1e9
    high: float = 1e9  # more than any option can be
    of_sketch: bool = True
    of_film: bool = False

    def holds(self, value: object) -> bool:
        """Whether a value is of the option's type, a number also within its bounds; no NaN is."""
        if value is None:
            return self.optional
        if isinstance(value, bool):
            return self.type is bool
        if isinstance(value, int | float):
            fits = self.type is float or isinstance(value, self.type)
            return fits and self.low <= value <= self.high
        return isinstance(value, self.type)


def _option_of(field: Field[object], hint: object) -> Option:
    types = get_args(hint) or (hint,)
    return Option(
        field.name,
        types[0],
        type(None) in types,
        **field.metadata[_KEY],
    )


def options_of(options: type) -> dict[str, Option]:
    """What is told of each option among the fields of a dataclass, by name."""
    hints = get_type_hints(options)
    return {f.name: _option_of(f, hints[f.name]) for f in fields(options) if _KEY in f.metadata}


OPTIONS = options_of(Options)


def settled(meant: Options, given: RenderOptions) -> Options:
    """The options that hold: those that are given, and else those that the art is meant for."""
    # Any: of each its own type.
    some: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return replace(meant, **some)


def as_options(values: Mapping[str, object]) -> RenderOptions:
    """Values by name as options of `render`, which refuses what is none."""
    return cast(RenderOptions, dict(values))  # whose names are known as literals alone


def takes_options(function: Function) -> Function:
    """Let a function whose last parameter is `**options` show the options by name, as in help."""
    signature = inspect.signature(function)
    *plain, _ = signature.parameters.values()
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=hint)
        for name, hint in RenderOptions.__annotations__.items()
    ]
    first = [p for p in plain if p.kind is not p.KEYWORD_ONLY]
    shown = signature.replace(parameters=[*first, *named, *plain[len(first) :]])
    function.__dict__["__signature__"] = shown  # which `inspect` looks for
    return function


def check_names(given: RenderOptions, function: Callable[..., object]) -> None:
    """Raise ArtError for a name that is none of the options; it tells all that may be given."""
    if wrong := next((name for name in given if name not in OPTIONS), None):
        names = list(inspect.signature(function).parameters)
        raise ArtError(no_argument("ga.render", names, wrong))
