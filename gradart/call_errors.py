"""Errors of calls that gradart's functions, or the functions that they make, cannot take.

Public functions raise these themselves, so that Python and notebooks say what `gradart run` does.
"""

import functools
import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Literal, TypeGuard, Unpack, get_args, get_origin

from gradart.errors import ArtError, kind_of
from gradart.short_signatures import shorten
from gradart.unknown_names import UnknownName, near, unknown

if TYPE_CHECKING:
    from jax.typing import ArrayLike

FLAG = (True, False)  # what an argument may be


def held(name: str, value: object) -> object:
    """A public name's value; its caller is told in an artist's words how to call."""
    if not isinstance(value, FunctionType):
        if isinstance(value, type):
            _hold_class(value)
        if isinstance(value, ModuleType):
            _hold_module(f"ga.{name}", value)
        shorten(value)
        return value
    _hold_results(value)
    call = _told(f"ga.{name}", value)
    call.__module__ = "gradart"  # where it is found, by pickle for one
    shorten(call)
    return call


def _of(room: str, function: FunctionType) -> bool:
    """Whether a function is told in a room of gradart."""
    return function.__module__.startswith(f"{room}.")


def _hold_module(name: str, module: ModuleType) -> None:
    """Tell the callers of a module's functions how to call, and of names that it has not."""
    gradart = sys.modules["gradart"]
    room = module.__package__ or module.__name__
    names = []
    for key, value in list(vars(module).items()):
        if not isinstance(value, FunctionType) or key[0] == "_" or not _of(room, value):
            continue
        public = getattr(gradart, key) if key in gradart.__all__ else None
        if getattr(public, "__wrapped__", None) is value:
            setattr(module, key, public)
        elif value.__module__ == module.__name__:
            _hold_results(value)
            setattr(module, key, _told(f"{name}.{key}", value))
        else:
            continue  # of another module, for use in this one
        names.append(key)

    module.__dict__["__all__"] = names  # whose help is shown, wherever they come from

    def missing(key: str) -> object:
        raise UnknownName(unknown(key, names, name))

    module.__dict__["__getattr__"] = missing


@functools.cache
def _hold_class(cls: type) -> None:
    """Tell the callers of a class of gradart, and of its methods, how to call, from now on."""
    if not cls.__module__.startswith("gradart.") or issubclass(cls, BaseException):
        return
    made = "__new__" if issubclass(cls, tuple) else "__init__"
    article = "an" if cls.__name__[0] in "AEIOU" else "a"
    names = {made: f"ga.{cls.__name__}", "__call__": f"{article} {cls.__name__}"}
    for key, value in list(vars(cls).items()):
        _hold_results(value)
        method = value.__func__ if key == "__new__" else value
        if isinstance(method, FunctionType) and (key[0] != "_" or key in names):
            told = _told(names.get(key, f"ga.{cls.__name__}.{key}"), method, itself=1)
            setattr(cls, key, staticmethod(told) if key == "__new__" else told)


def _hold_results(of: object) -> None:
    """The same of the classes that a function or a property says that it gives back.

    All that is given back is told by annotations: no call looks at what it has found.
    """
    function = getattr(of, "fget", None) or getattr(of, "func", of)  # the latter of a cached one
    told = getattr(function, "__annotations__", {}).get("return")
    for kind in (told, *get_args(told)):
        if isinstance(kind, type):
            _hold_class(kind)


def _told(name: str, function: FunctionType, itself: int = 0) -> Callable[..., object]:
    """A function whose caller is told how to call it; a method gets `itself` first, too."""
    parameters = _parameters(function)[itself:]
    # Where these are collected, as in `**style`, Python itself refuses none.
    collected = any(map(_unpacked, inspect.signature(function).parameters.values()))
    known = {p.name for p in parameters}
    choices = {p.name: found for p in parameters if (found := _choices(p.annotation))}
    by_place = itself + sum(p.kind is not p.KEYWORD_ONLY for p in parameters)
    chosen = [(i, p.name) for i, p in enumerate(parameters, itself) if p.name in choices]

    @functools.wraps(function)
    def call(*args: object, **named: object) -> object:
        if collected and (wrong := next((k for k in named if k not in known), None)):
            raise ArtError(no_argument(name, [p.name for p in parameters], wrong))
        for i, key in chosen:
            given = args[i] if i < min(len(args), by_place) else named.get(key)
            if not isinstance(given, bool | int | str | None) or (
                type(given) is str and choices[key] == FLAG
            ):
                _hold_choice(key, given, choices[key])
        try:
            found = function(*args, **named)
        except TypeError as error:
            if unbound := _unbound(function, args, named):
                count = len(args) - itself
                raise ArtError(_uncallable(name, parameters, count, unbound)) from error
            raise
        return _hold_made(name, found) if isinstance(found, FunctionType) else found

    return call


def _hold_made(name: str, made: FunctionType) -> Callable[..., object]:
    """A function that a factory has made, whose caller is told how to call it.

    An artist's own function, which a factory hands back, is left as it is.
    """
    if not _of("gradart", made):
        return made

    @functools.wraps(made)
    def call(*args: object, **named: object) -> object:
        try:
            return made(*args, **named)
        except ArtError:
            raise
        except (TypeError, ValueError) as error:
            parameters = _parameters(made)
            if unbound := _unbound(made, args, named):
                what = f"the function that {name} makes"
                raise ArtError(_uncallable(what, parameters, len(args), unbound)) from error
            _hold_numbers(parameters, args, named)
            raise

    return call


def _hold_numbers(
    parameters: Sequence[inspect.Parameter], args: Sequence[object], named: Mapping[str, object]
) -> None:
    """Refuse, of a call that has failed, what is no number where the annotation asks for some."""
    import jax
    import numpy as np

    given = dict(zip((p.name for p in parameters), args, strict=False)) | dict(named)
    for p in parameters:
        asked = get_origin(p.annotation) is not Callable and "Array" in str(p.annotation)
        if not asked or p.name not in given:
            continue
        one = p.annotation == jax.typing.ArrayLike
        x = given[p.name]
        if not _numeric(x):
            much = "a number" if one else "a number or an array of numbers"
            raise ArtError(f"{p.name} is {_what(x)}: give {much}")
        if one and np.shape(x) and not isinstance(x, jax.core.Tracer):
            raise ArtError(f"{p.name} is {_what(x)}: give a number; ga.point(curve, t) is of many")


def _numeric(x: object) -> "TypeGuard[ArrayLike]":
    """Whether it is a number or an array of numbers, of lists too."""
    import numpy as np

    try:
        kind = getattr(x, "dtype", None) or np.asarray(x).dtype
    except (TypeError, ValueError):  # rows of unlike lengths
        return False
    return getattr(kind, "kind", "O") in "biufcV"  # V is of the short floats that NumPy has not


def _unbound(function: FunctionType, args: Sequence[object], named: Mapping[str, object]) -> str:
    """What Python says of arguments that a function cannot take; nothing if it can."""
    signature = inspect.signature(function)
    try:
        given = signature.bind_partial(*args, **named).arguments
    except TypeError as error:
        return str(error)
    needed = [p.name for p in signature.parameters.values() if p.default is p.empty and _one(p)]
    missing = [repr(name) for name in needed if name not in given]
    return f"missing {_listed(missing)}" if missing else ""


def _one(p: inspect.Parameter) -> bool:
    """Whether a parameter is one argument, and does not collect any number of them."""
    return p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)


def _listed(names: Sequence[str]) -> str:
    """Names as `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), *names[-1:]] if names[1:] else names)


def _choices(annotation: object) -> tuple[object, ...]:
    """What an argument may be by its annotation, if that is one of a few words, or a flag."""
    if annotation is bool:
        return FLAG
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    return words if all(isinstance(word, str) for word in words) else ()


def _hold_choice(name: str, given: object, choices: tuple[object, ...]) -> None:
    """Refuse an array or a list where there are a few choices, and a text for a flag.

    A function asks by itself for the words that it knows, if what it got can be one at all.
    """
    if choices == FLAG and (getattr(given, "ndim", 1) == 0 or isinstance(given, float)):
        return
    if choices != FLAG:
        try:
            hash(given)
        except TypeError:
            pass
        else:
            return
    *others, last = map(repr, choices)
    raise ArtError(f"{name} is {_what(given)}: give {', '.join(others)} or {last}")


def _what(given: object) -> str:
    """What was given, in a few words."""
    if isinstance(given, str | list | tuple) and len(repr(given)) < 40:
        return repr(given)
    shape = getattr(given, "shape", ())
    if str(getattr(given, "dtype", "")).startswith("key<"):
        return "a random key"
    return f"an array of shape {shape}" if shape else kind_of(given)


def _unpacked(p: inspect.Parameter) -> bool:
    """Whether a parameter collects the keywords of a TypedDict, like `**style: Unpack[...]`."""
    return p.kind is p.VAR_KEYWORD and get_origin(p.annotation) is Unpack


def _parameters(function: FunctionType) -> list[inspect.Parameter]:
    """What a function takes by place or by name, the keywords of a TypedDict among them."""
    found: list[inspect.Parameter] = []
    for p in inspect.signature(function).parameters.values():
        if _unpacked(p):
            (keywords,) = get_args(p.annotation)
            found += [inspect.Parameter(k, p.KEYWORD_ONLY) for k in keywords.__annotations__]
        elif p.kind is not p.VAR_KEYWORD:
            found.append(p)
    return found


def no_argument(name: str, names: list[str], keyword: str) -> str:
    """The line for a keyword that a public function has not, which takes those in `names`."""
    return f"{name} has no argument {keyword}{near(keyword, names)}; it takes {', '.join(names)}"


def _uncallable(name: str, parameters: Sequence[inspect.Parameter], count: int, error: str) -> str:
    """The line for a call with `count` arguments without a name, of which Python says `error`."""
    takes = ", ".join(p.name for p in parameters)
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if found := re.match(r"missing (.*)", error):
        return f"{name} needs {found[1]}; it takes {takes}"
    if found := re.search(r"unexpected keyword argument '(\w+)'", error):
        return no_argument(name, [p.name for p in parameters], found[1])
    if "positional argument" in error and count > len(plain):
        stack = "points" in plain[:1] and "; x and y make points by jnp.stack([x, y], -1)"
        named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        rest = f", and by name {', '.join(named)}" if named else ""
        few = _listed(plain) or "nothing"
        return f"{name} takes {few} without a name{rest}: here are {count}{stack or ''}"
    return f"{name} takes {takes}: {error.partition(') ')[2] or error}"
