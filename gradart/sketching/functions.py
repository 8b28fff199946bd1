"""What a sketch is made of: a function, also under decorators, `partial`, a method, an instance."""

import functools
import inspect
from collections.abc import Callable
from types import FunctionType

from gradart.errors import ArtError

_DEPTH = 100  # decorators over a function; more of them go round in a circle


def innermost(function: Callable[..., object]) -> FunctionType | None:
    """The function of Python that is called in the end; None if there is none, as for `max`."""
    found: object = function
    for _ in range(_DEPTH):
        if isinstance(found, functools.partial):
            found = found.func
        elif hasattr(found, "__wrapped__"):
            found = found.__wrapped__
        elif inspect.ismethod(found):
            found = found.__func__
        elif isinstance(found, FunctionType) or inspect.isclass(found):
            break
        else:  # an instance that can be called
            found = type(found).__call__
    return found if isinstance(found, FunctionType) else None


def name_of(function: Callable[..., object]) -> str:
    """What a function calls itself; an instance by its class, a partial by its function."""
    inner = innermost(function)
    name = getattr(function, "__name__", None)
    if isinstance(name, str):
        return name
    if inner is not None and inner.__name__ != "__call__":
        return inner.__name__
    return type(function).__name__


def signature(function: Callable[..., object]) -> inspect.Signature:
    """The signature of what is to be a sketch; an error if it cannot be one."""
    name = name_of(function) if callable(function) else type(function).__name__
    if isinstance(function, type):
        raise ArtError(
            f"{name} is a class; a sketch is a function: write @ga.sketch above one, or"
            f" {name.lower()} = ga.sketch({name}()) for an instance that has __call__"
        )
    inner = innermost(function) if callable(function) else None
    if inner is None:
        raise ArtError(f"ga.sketch takes a function of Python, not {function!r:.60}")
    if inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner):
        raise ArtError(f"{name} is async, and would not run; write def {name}(...)")
    if inspect.isgeneratorfunction(inner):
        raise ArtError(
            f"{name} yields; return one scene, or for a film a function of the playhead u that"
            " returns one"
        )
    found = inspect.signature(function)
    if (first := next(iter(found.parameters), "")) in ("self", "cls"):
        raise ArtError(
            f"{name} is a method; take it out of its class, or write @staticmethod below"
            f" @ga.sketch and leave {first} out"
        )
    return found


def is_handed(parameter: inspect.Parameter) -> bool:
    """Whether an argument comes from gradart: the random `key`, or a `page` without a default."""
    name, default = parameter.name, parameter.default
    return name == "key" or (name == "page" and default is parameter.empty)


def takes_one(function: Callable[..., object]) -> bool:
    """Whether a function can be called with one argument, as far as can be told beforehand."""
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    except ValueError:  # some of those that are not of Python do not say
        return True
    return True
