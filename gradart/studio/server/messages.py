"""What a browser may say: each message's fields, held to their types before anything is done."""

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Literal, TypedDict, TypeGuard, get_type_hints

from gradart.errors import ArtError
from gradart.rendering.formats.registry import suffixes
from gradart.rendering.options import OPTIONS, Option
from gradart.studio.protocol import Grip, Preset, Pull, Values

LARGEST = 64 * 1024  # bytes of a message
_CELLS = 36  # of a grid
_GRIPS = 8  # at a time
_SIDE = 4096  # px, of what is shown


def _whole(low: int, high: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ArtError(f"a whole number from {low} to {high}")
        return value

    return check


def _is_number(value: object) -> TypeGuard[int | float]:
    return type(value) in (int, float)  # a bool is none


def _number(value: object) -> float:
    try:
        number = float(value) if _is_number(value) else math.nan
    except OverflowError:  # a whole number of more than 308 digits
        number = math.nan
    if not math.isfinite(number):
        raise ArtError("a number")
    return number


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ArtError("true or false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable():
        raise ArtError("a text of 1 to 80 letters")
    return value


def _one_of(*words: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in words:
            raise ArtError(f"one of {', '.join(words)}")
        return value

    return check


def _ending(value: object) -> str:
    """The ending of a format that a live page can ask for, which is none but a folder's."""
    return _one_of(*suffixes())(value)


def _values(value: object) -> Values:
    """Parameters by name; what each takes is checked where the sketch is."""
    if not isinstance(value, dict) or len(value) > 200:
        raise ArtError("parameters by name")
    for item in value.values():
        _item(item, 2)
    return value


def _options(value: object) -> Values:
    """Options of `render` by name, each within its type and its bounds; all may be left out."""
    if not isinstance(value, dict) or not value.keys() <= OPTIONS.keys():
        raise ArtError(f"options of {', '.join(OPTIONS)}")
    for name, one in value.items():
        if not OPTIONS[name].holds(one):
            raise ArtError(f"such that {name} is {_called(OPTIONS[name])}")
    return value


def _called(option: Option) -> str:
    """How a message calls the values of an option."""
    words = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
    bounds = f" from {option.low:g} to {option.high:.12g}" if option.high < 1e9 else ""
    return words[option.type] + bounds


def _item(item: object, depth: int) -> None:
    """Hold a value to what JSON has for a parameter: a list of points is the deepest."""
    if isinstance(item, list) and depth:
        for part in item:
            _item(part, depth - 1)
    elif not isinstance(item, str | int | float | bool | None):
        raise ArtError("parameters that are numbers, texts, true or false, or lists of these")
    elif isinstance(item, float) and not math.isfinite(item):
        raise ArtError("parameters that are finite numbers")


def _view(value: object) -> list[float]:
    if not isinstance(value, list) or len(value) != 4:
        raise ArtError("left, top, width and height")
    return [_number(item) for item in value]


def _point(value: object) -> list[float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ArtError("x and y")
    return [_number(item) for item in value]


def _cells(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not 0 < len(value) <= _CELLS:
        raise ArtError(f"1 to {_CELLS} cells")
    return [_fields(cell, _State) for cell in value]


def _pulls(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list) or not 0 < len(value) <= _GRIPS:
        raise ArtError(f"1 to {_GRIPS} pulls")
    return [_fields(pull, _Pull) for pull in value]


def _names(value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > 200:
        raise ArtError("names of parameters")
    return [_text(item) for item in value]


Check = Callable[[object], object]  # the value, or ArtError that says what it must be


def _four(check: Check) -> Check:
    def four(value: object) -> list[object]:
        if not isinstance(value, list) or len(value) != 4:
            raise ArtError("four numbers")
        return [check(item) for item in value]

    return four


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


class _Numbered(TypedDict):
    id: Annotated[int, _whole(0, 2**53)]  # which the answers have, too


_INDEX = _whole(0, 2**40)


class _State(TypedDict):
    values: Annotated[Values, _values]
    seed: Annotated[int, _whole(0, 2**32 - 1)]


class _Named(TypedDict):
    name: Annotated[str, _text]


class _Grip(TypedDict):
    mark: Annotated[int, _INDEX]
    path: Annotated[int, _INDEX]
    points: Annotated[list[int], _four(_INDEX)]
    weights: Annotated[list[float], _four(_number)]


class _Pull(TypedDict):
    grip: Annotated[Grip, lambda value: _fields(value, _Grip)]
    to: Annotated[list[float], _point]


_Px = Annotated[int, _whole(16, _SIDE)]
_Frame = Annotated[int | None, _or_none(_whole(0, 10**6))]


class Open(TypedDict):
    """Another sketch is to be shown; None for the only one."""

    sketch: Annotated[str | None, _or_none(_text)]


class Draw(_Numbered, _State):
    """A picture is wanted, of all of the page or of a view of it, in mm."""

    px: _Px
    frame: _Frame
    kind: Annotated[Literal["jpeg", "png"], _one_of("jpeg", "png")]
    view: Annotated[list[float] | None, _or_none(_view)]
    held: Annotated[bool, _truth]  # whether a hand holds it, so that it is not fitted to the page


class Frames(_Numbered, _State):
    """All frames of a film are wanted, from the first one that is named."""

    px: _Px
    first: Annotated[int, _whole(0, 10**6)]


class Probe(_Numbered, _State):
    """A field's value is wanted at a point of the drawing."""

    field: Annotated[int, _whole(0, 100)]
    at: Annotated[list[float], _point]


class Grab(_Numbered, _State):
    """The place of the drawing that is nearest to a point, in mm, is to be held."""

    frame: _Frame
    at: Annotated[list[float], _point]


class Pulls(_Numbered, _State):
    """Parameters are wanted that bring what is held to its targets, in mm; locked ones stay."""

    frame: _Frame
    pulls: Annotated[list[Pull], _pulls]
    locked: Annotated[list[str], _names]


class Movements(_State):
    """How far each parameter moves the picture is wanted."""


class Travel(_State):
    """How the picture goes along each slider is wanted."""


class Touch(_Numbered, _State):
    """A parameter's slider is touched: what it moves is wanted."""

    frame: _Frame
    parameter: Annotated[str, _text]


class Grid(_Numbered):
    """Small pictures are wanted, of several values and seeds."""

    px: _Px
    cells: Annotated[list[Preset], _cells]


class Like(_State):
    """A picture is to be kept."""

    frame: _Frame


class SavePreset(_Named, _State):
    """Values and seed are to be kept under a name."""


class Export(_State):
    """A file is wanted, as `gradart run` writes it."""

    frame: _Frame
    ending: Annotated[str, _ending]
    options: Annotated[Values, _options]


class Listing(TypedDict):
    """Small pictures of all sketches are wanted."""

    px: _Px


class Word(TypedDict):
    """A message that its kind says all of."""


KINDS: Mapping[str, type] = {
    "open": Open,
    "draw": Draw,
    "frames": Frames,
    "probe": Probe,
    "grab": Grab,
    "pull": Pulls,
    "moves": Movements,
    "travel": Travel,
    "touch": Touch,
    "grid": Grid,
    "like": Like,
    "liked": Word,
    "presets": Word,
    "save_preset": SavePreset,
    "delete_preset": _Named,
    "export": Export,
    "cancel": Word,
    "list": Listing,
    "stop_grid": Word,
    "stop": Word,
}


def read(text: str) -> tuple[str, dict[str, object]]:
    """The kind of a message and its fields. Raises ArtError that says what is wrong."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ArtError("a message is JSON") from None
    kind = message.pop("do", None) if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise ArtError(f"no message {kind!r:.40}")
    return kind, _fields(message, KINDS[kind])


def _fields(given: object, message: type) -> dict[str, object]:
    """The fields of a message that has all that it should, each held to what its type says."""
    checks = _checks(message)
    if not isinstance(given, dict) or given.keys() != checks.keys():
        raise ArtError(f"a message with {', '.join(checks) or 'nothing more'}")
    checked = {}
    for name, check in checks.items():
        try:
            checked[name] = check(given[name])
        except ArtError as exc:
            raise ArtError(f"{name} must be {exc}") from None
    return checked


@cache
def _checks(message: type) -> Mapping[str, Check]:
    """What holds each field of a message to its type: it stands there, in Annotated."""
    hints = get_type_hints(message, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
