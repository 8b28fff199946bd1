"""Signatures of public functions and classes as help() shows them, in the words of the code.

Python shows an alias by all that it stands for, and `**style` for the keywords that it takes:
`lines(points: Annotated[ForwardRef('ArrayLike | Sequence[_Nested]'), '(...)'], ...)`. Here it is
`lines(points: Numbers, *, closed: bool = False, stroke: ColorLike | None = ..., ...)`.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType, NoneType, UnionType
from typing import Annotated, Literal, Union, Unpack, get_args, get_origin, get_overloads

_UNIONS = (Union, UnionType)
_MADE = {"MadeCurve": "Curve", "MadeField": "Field"}  # for who calls them they are such


class Words:
    """What Python shows as the text that it is given: a short annotation, or a default."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def shorten(value: object) -> None:
    """Give a function, or the public functions of a class or a module, a short signature."""
    match value:
        case FunctionType():
            _shorten(value)
        case type() if value.__module__.startswith("gradart"):
            _shorten_all(vars(value), "__init__", "__call__")
        case ModuleType():
            room = value.__name__.rpartition(".")[0]
            own = {k: f for k, f in vars(value).items() if _home(f).startswith(room)}
            _shorten_all(own)


def _home(value: object) -> str:
    return str(getattr(value, "__module__", ""))


def _shorten_all(found: Mapping[str, object], *special: str) -> None:
    for name, value in found.items():
        if not isinstance(value, FunctionType) or (name.startswith("_") and name not in special):
            continue
        # Python gives classes functions of its own, which others have too.
        if value.__globals__.get("__name__", "").startswith("gradart"):
            _shorten(value)


def _shorten(function: FunctionType) -> None:
    written = inspect.unwrap(function)
    words = _words(getattr(written, "__globals__", {}))
    whole = inspect.signature(written)
    known = _keywords(written)
    parameters = [q for p in whole.parameters.values() for q in _shown(known.get(p.name, p), words)]
    made = _annotation(whole.return_annotation, words)
    function.__dict__["__signature__"] = whole.replace(
        parameters=parameters, return_annotation=made
    )


def _keywords(function: Callable[..., object]) -> dict[str, inspect.Parameter]:
    """Parameters that collect keywords, as overloads of a function tell of them."""
    told = [p for f in get_overloads(function) for p in inspect.signature(f).parameters.values()]
    return {p.name: p for p in told if get_origin(p.annotation) is Unpack}


def _shown(p: inspect.Parameter, words: Mapping[object, str]) -> Iterator[inspect.Parameter]:
    """A parameter with a short annotation; the keywords that it collects, if they are known."""
    if p.kind is not p.VAR_KEYWORD or get_origin(p.annotation) is not Unpack:
        yield p.replace(annotation=_annotation(p.annotation, words))
        return
    (keywords,) = get_args(p.annotation)
    words = _words(vars(sys.modules[keywords.__module__]))
    for name, kind in keywords.__annotations__.items():
        short = _annotation(kind, words)
        yield inspect.Parameter(name, p.KEYWORD_ONLY, default=Words("..."), annotation=short)


def _words(names: Mapping[str, object]) -> dict[object, str]:
    """What a module calls its aliases of types, by what they stand for."""
    found: dict[object, str] = {}
    for name, value in names.items():
        written = isinstance(value, str) or get_origin(value) is not None
        if written and not name.startswith("_"):
            found[value] = _MADE.get(name, name)
    return found


def _annotation(kind: object, words: Mapping[object, str]) -> object:
    if kind is inspect.Parameter.empty:
        return kind
    return Words(_text(kind, words))


def _text(kind: object, words: Mapping[object, str]) -> str:
    """An annotation as it is written in the code."""
    if (name := _known(kind, words)) is not None:
        return name
    if isinstance(kind, str):
        return kind
    origin, args = get_origin(kind), get_args(kind)
    if origin in _UNIONS:
        return _union(args, words)
    if origin is Annotated:
        return _text(args[0], words)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, args))}]"
    if origin is not None:
        inner = ", ".join(_text(part, words) for part in args)
        return f"{getattr(origin, '__name__', origin)}[{inner}]"
    if isinstance(kind, list):  # the arguments of a Callable
        return f"[{', '.join(_text(part, words) for part in kind)}]"
    if kind in (None, NoneType, Ellipsis):
        return "..." if kind is Ellipsis else "None"
    text = getattr(kind, "__forward_arg__", None) or getattr(kind, "__name__", None) or str(kind)
    return str(text).removeprefix("jaxlib._jax.")


def _known(kind: object, words: Mapping[object, str]) -> str | None:
    try:
        return words.get(kind)
    except TypeError:  # what cannot be hashed, like a list, has no name
        return None


def _union(parts: tuple[object, ...], words: Mapping[object, str]) -> str:
    """The members of a union, those that have a name together by their name."""
    left, names = list(parts), []
    unions = [(get_args(kind), name) for kind, name in words.items() if get_origin(kind) in _UNIONS]
    for members, name in sorted(unions, key=lambda pair: -len(pair[0])):
        if set(members) <= set(left):
            left = [part for part in left if part not in members]
            names.append(name)
    last = ["None"] if NoneType in left else []
    return " | ".join(names + [_text(part, words) for part in left if part is not NoneType] + last)
