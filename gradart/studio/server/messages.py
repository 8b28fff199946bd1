"""What a browser may say: each message's fields, held to their types before anything is done."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from gradart.errors import ArtError
from gradart.rendering.formats.registry import suffixes
from gradart.rendering.options import OPTIONS, Option
from gradart.studio.answers import Preset, Pull

LARGEST = 64 * 1024  # bytes of a message
_CELLS = 36  # of a grid
_GRIPS = 8  # at a time
_SIDE = 4096  # px, of what is shown


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ArtError(f"a whole number from {low} to {high}")
        return value

    return check


def _number(value: Any) -> float:
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:  # a whole number of more than 308 digits
        number = math.nan
    if not math.isfinite(number):
        raise ArtError("a number")
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 80 or not value.isprintable():
        raise ArtError("a text of 1 to 80 letters")
    return value


def _one_of(*words: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in words:
            raise ArtError(f"one of {', '.join(words)}")
        return value

    return check


def _ending(value: Any) -> str:
    """The ending of a format that a page can ask for, which is none but a folder's."""
    return _one_of(*suffixes("still"), *suffixes("film"))(value)


def _values(value: Any) -> dict[str, Any]:
    """Parameters by name; what each takes is checked where the sketch is."""
    if not isinstance(value, dict) or len(value) > 200:
        raise ArtError("parameters by name")
    for item in value.values():
        _item(item, 2)
    return value


def _options(value: Any) -> dict[str, Any]:
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


def _item(item: Any, depth: int) -> None:
    """Hold a value to what JSON has for a parameter: a list of points is the deepest."""
    if isinstance(item, list) and depth:
        for part in item:
            _item(part, depth - 1)
    elif not isinstance(item, str | int | float | bool | None):
        raise ArtError("parameters that are numbers, texts, true or false, or lists of these")
    elif isinstance(item, float) and not math.isfinite(item):
        raise ArtError("parameters that are finite numbers")


def _view(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) != 4:
        raise ArtError("left, top, width and height")
    return [_number(item) for item in value]


def _point(value: Any) -> list[float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ArtError("x and y")
    return [_number(item) for item in value]


def _cells(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 0 < len(value) <= _CELLS:
        raise ArtError(f"1 to {_CELLS} cells")
    return [_fields(cell, _STATE) for cell in value]


def _pulls(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 0 < len(value) <= _GRIPS:
        raise ArtError(f"1 to {_GRIPS} pulls")
    return [_fields(pull, _PULL) for pull in value]


def _four(check: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def four(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) != 4:
            raise ArtError("four numbers")
        return [check(item) for item in value]

    return four


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > 200:
        raise ArtError("names of parameters")
    return [_text(item) for item in value]


class Field(NamedTuple):
    """A field of a message: its type, which the front end is told, and what holds it to that."""

    type: object  # as in an annotation
    check: Callable[[Any], object]


def _or_none(field: Field) -> Field:
    def check(value: Any) -> object:
        return None if value is None else field.check(value)

    return Field(field.type | None, check)  # type: ignore[operator]


_Fields = Mapping[str, Field]

_ID = {"id": Field(int, _whole(0, 2**53))}
_PX = {"px": Field(int, _whole(16, _SIDE))}
_FRAME = {"frame": _or_none(Field(int, _whole(0, 10**6)))}
_NAME = {"name": Field(str, _text)}
_STATE: _Fields = {
    "values": Field(dict[str, Any], _values),
    "seed": Field(int, _whole(0, 2**32 - 1)),
}
_INDEX = _whole(0, 2**40)
_GRIP: _Fields = {
    "mark": Field(int, _INDEX),
    "path": Field(int, _INDEX),
    "points": Field(list[int], _four(_INDEX)),
    "weights": Field(list[float], _four(_number)),
}
_PULL: _Fields = {
    "grip": Field(dict[str, Any], lambda value: _fields(value, _GRIP)),
    "to": Field(list[float], _point),
}
KINDS: Mapping[str, _Fields] = {
    "open": {"sketch": _or_none(Field(str, _text))},
    "draw": {
        **_ID,
        **_STATE,
        **_PX,
        **_FRAME,
        "kind": Field(Literal["jpeg", "png"], _one_of("jpeg", "png")),
        "view": _or_none(Field(list[float], _view)),
    },
    "frames": {**_ID, **_STATE, **_PX, "first": Field(int, _whole(0, 10**6))},
    "probe": {
        **_ID,
        **_STATE,
        "field": Field(int, _whole(0, 100)),
        "at": Field(list[float], _point),
    },
    "grab": {**_ID, **_STATE, **_FRAME, "at": Field(list[float], _point)},
    "pull": {
        **_ID,
        **_STATE,
        **_FRAME,
        "pulls": Field(list[Pull], _pulls),
        "locked": Field(list[str], _names),
    },
    "moves": _STATE,
    "grid": {**_ID, **_PX, "cells": Field(list[Preset], _cells)},
    "like": {**_STATE, **_FRAME},
    "liked": {},
    "presets": {},
    "save_preset": {**_NAME, **_STATE},
    "delete_preset": _NAME,
    "export": {
        **_STATE,
        **_FRAME,
        "ending": Field(str, _ending),
        "options": Field(dict[str, Any], _options),
    },
    "cancel": {},
    "list": _PX,
    "stop_grid": {},
    "stop": {},
}


def read(text: str) -> tuple[str, dict[str, Any]]:
    """The kind of a message and its fields. Raises ArtError that says what is wrong."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ArtError("a message is JSON") from None
    kind = message.pop("do", None) if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise ArtError(f"no message {kind!r:.40}")
    return kind, _fields(message, KINDS[kind])


def _fields(given: Any, wanted: _Fields) -> dict[str, Any]:
    if not isinstance(given, dict) or given.keys() != wanted.keys():
        raise ArtError(f"a message with {', '.join(wanted) or 'nothing more'}")
    checked = {}
    for name, field in wanted.items():
        try:
            checked[name] = field.check(given[name])
        except ArtError as exc:
            raise ArtError(f"{name} must be {exc}") from None
    return checked
