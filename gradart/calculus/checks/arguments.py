"""What public functions ask of the numbers and keys that they are given, told to an artist."""

import dataclasses
import functools
import inspect
import itertools
import math
import operator
import sys
import textwrap
import typing
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, SupportsIndex

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.programs.present_values import known, moves, present
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.errors import ArtError
from gradart.types import Key

P = typing.ParamSpec("P")
R = typing.TypeVar("R")
N = typing.TypeVar("N")
_NUMBERS = {float, int}
_SURELY_HELD = 3e38  # by single precision, whose largest number is not far above


def as_key(key: ArrayLike, name: str = "key") -> Key:
    """One random key of JAX, of the new kind or as numbers; it may be traced."""
    if is_key(key):
        if not key.ndim:
            return key
        raise ArtError(f"{name} is {key.shape} keys: give one of them, like {name}[0]")
    if getattr(key, "dtype", None) == np.uint32 and np.shape(key) in ((2,), (4,)):  # threefry, rbg
        return jnp.asarray(key)
    raise ArtError(
        f"{name} is {short(key)}: give a random key, the argument `key` of a sketch,"
        " or jax.random.key(1)"
    )


def is_key(x: object) -> typing.TypeGuard[Key]:
    """Whether x is a random key of JAX of the new kind, or several: no array of numbers."""
    kind = getattr(x, "dtype", None)
    return kind is not None and jnp.issubdtype(kind, jax.dtypes.prng_key)


def as_number(
    x: N, name: str, unit: str = "number", *, above: float | None = None, least: float = -math.inf
) -> N:
    """One finite number, as it was given; it may be traced, and is looked at if it has a value."""
    bounds = f" above {above:g}" if above is not None else f", {least:g} or more"
    say = f"give one {unit}{bounds if above is not None or least > -math.inf else ''}"
    if isinstance(x, jax.core.Tracer):
        if not x.ndim and moves(x):
            as_number(present(x), name, unit, above=above, least=least)
            return x
        if x.ndim or not jnp.issubdtype(x.dtype, jnp.number):
            raise ArtError(f"{name} has shape {x.shape}: {say}")
        return x
    number: Any = unmasked(x)  # anything, until it is looked at
    try:
        fine = isinstance(x, (int, float, np.generic, np.ndarray, jax.Array)) and not np.ndim(x)
        fine = fine and not isinstance(x, bool) and math.isfinite(number)
    except (TypeError, ValueError, OverflowError):
        fine = False
    if not fine or float(number) < least or (above is not None and float(number) <= above):
        raise ArtError(f"{name} is {short(x)}: {say}")
    size = abs(float(number))  # JAX is asked for the largest one only where that may matter
    if size > _SURELY_HELD and size > (most := float(jnp.finfo(jnp.result_type(float)).max)):
        raise ArtError(f"{name} is {short(x)}: {say}, {most:.3g} at most")
    return x


def not_zero(x: ArrayLike, name: str) -> None:
    """Refuse 0 for what something is divided by; it may be traced."""
    if not isinstance(x, jax.core.Tracer) and np.asarray(x) == 0:
        raise ArtError(f"{name} is 0: give one number, not 0")


def unmasked(x: object) -> Any:  # an array, or what was given
    """x with NaN for what NumPy's masked arrays hide, and for what short paths of a list lack.

    JAX would show what is masked, and no array has rows that differ in length.
    """
    match x:
        case np.ma.MaskedArray():
            inexact = np.issubdtype(x.dtype, np.inexact)
            return np.ma.filled(x if inexact else x.astype(float), np.nan)
        case list() | tuple():
            if any(isinstance(leaf, np.ma.MaskedArray) for leaf in jax.tree.leaves(x)):
                return _padded(jax.tree.map(unmasked, x))
            return _padded(x)
    return x


def _padded(x: object) -> Any:  # as above
    """A list of paths of unlike lengths, or of arrays of paths, as one array, NaN at their ends.

    An empty one is all NaN. Anything else is returned as it is.
    """
    if not isinstance(x, list | tuple) or nested_shape(x) is not None:
        return x
    leaves = jax.tree.leaves(x)
    xp = jnp if any(isinstance(leaf, jax.Array) for leaf in leaves) else np
    try:
        rows = [xp.asarray(_padded(row)) for row in x]
    except (TypeError, ValueError, OverflowError):
        return x
    drawn = [row for row in rows if row.size]
    if len({(row.ndim, row.shape[-1]) for row in drawn}) != 1 or drawn[0].ndim < 2:
        return x
    d = drawn[0].shape[-1]
    longest = np.max([row.shape[:-1] for row in drawn], axis=0)
    dtype = xp.result_type(float, *(row.dtype for row in drawn))

    def filled(row: jax.Array) -> jax.Array:
        if not row.size:
            return xp.full((*longest, d), np.nan, dtype)
        if isinstance(row, jax.Array) and row.dtype == dtype and known(row):
            number = np.full(longest, -1)  # taken so, no program is compiled for each length
            number[tuple(map(slice, row.shape[:-1]))] = np.arange(row.size // d).reshape(
                row.shape[:-1]
            )
            return taken_rows(row, number)
        gaps = [(0, int(most) - n) for most, n in zip(longest, row.shape, strict=False)]
        return xp.pad(row.astype(dtype), [*gaps, (0, 0)], constant_values=np.nan)

    return xp.stack([filled(row) for row in rows])


def nested_shape(x: object) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers and arrays; None if they are of no one shape."""
    if not isinstance(x, list | tuple):
        return getattr(x, "shape", ())
    kinds = set(map(type, x))
    if kinds <= _NUMBERS:
        return (len(x),)
    if kinds <= {list, tuple} and set(map(type, itertools.chain.from_iterable(x))) <= _NUMBERS:
        lengths = set(map(len, x))  # of points, which are many, and told so without looking at each
        return (len(x), *lengths) if len(lengths) == 1 else None
    shapes = {nested_shape(part) for part in x}
    if len(shapes) > 1 or None in shapes:
        return None
    return (len(x), *(shapes.pop() or ()))


def whole_number(x: object) -> int | None:
    """A whole number of any kind as Python's; None for what is none, or is traced."""
    try:
        return operator.index(x) if isinstance(x, SupportsIndex) else None
    except TypeError:
        return None


def short(x: object) -> str:
    """What was given, in a few words of a message: `an array of shape (3,)`, `the function f`."""
    if callable(x):
        return f"the function {getattr(x, '__name__', type(x).__name__)}"
    if is_key(x):
        return "a random key"
    if getattr(x, "ndim", 0) and hasattr(x, "shape"):
        return f"an array of shape {x.shape}"
    if isinstance(x, np.ndarray | np.generic) and not isinstance(x, np.ma.MaskedArray):
        x = x.item()
    nameless: object = object.__repr__
    if dataclasses.is_dataclass(x) or type(x).__repr__ is nameless:
        return f"a {type(x).__name__}"
    text = " ".join(repr(x).split())
    if len(text) > 60 and " " not in text[:57]:
        return f"{text[:57]}..."
    return textwrap.shorten(text, 60, placeholder="...")


def factory(f: object) -> str | None:
    """What to write where `ga.circle`, a factory, was given uncalled; None for no factory."""
    if not isinstance(f, FunctionType) or "<locals>" in f.__qualname__:
        return None
    if not str(f.__module__).startswith("gradart"):
        return None
    made = getattr(inspect.unwrap(f), "__annotations__", {}).get("return")
    callable_class = "__call__" in getattr(made, "__dict__", ())
    if not callable_class and getattr(made, "__origin__", None) is not Callable:
        return None
    public = f.__name__ in getattr(sys.modules.get("gradart"), "__all__", ())
    room = "" if public else f".{f.__module__.rpartition('.')[2]}"
    needs = [p.name for p in inspect.signature(f).parameters.values() if p.default is p.empty]
    call = f"ga{room}.{f.__name__}({', '.join(needs)})"
    return f"{f.__name__} makes a function and is none itself: write {call}"


def plain(make: Callable[P, R]) -> Callable[P, R]:
    """A factory held to what its annotations say of numbers, points and tuples of numbers."""
    signature = inspect.signature(make)
    kinds = {p.name: p.annotation for p in signature.parameters.values()}

    @functools.wraps(make)
    def call(*args: P.args, **named: P.kwargs) -> R:
        shown = {key: unmasked(x) for key, x in named.items()}
        bound = signature.bind(*map(unmasked, args), **shown)
        for name, given in bound.arguments.items():
            _hold(name, given, kinds[name])
        return make(*bound.args, **bound.kwargs)

    return call


def _hold(name: str, given: Any, kind: object) -> None:  # Any: whatever an artist gives
    """Refuse what is given for a parameter whose annotation asks for numbers or a point."""
    if kind is float:
        as_number(given, name)
    elif kind == Sequence[float] or typing.get_origin(kind) is tuple:
        sizes = (2, 3) if kind == Sequence[float] else (len(typing.get_args(kind)),)
        parts = list(given) if isinstance(given, tuple | list) else given
        many = isinstance(parts, list)  # whose numbers may be traced
        size = (len(parts),) if many else () if isinstance(parts, str) else np.shape(parts)[:1]
        if size not in [(n,) for n in sizes]:
            what = "a point (x, y)" if len(sizes) == 2 else f"{sizes[0]} numbers"
            raise ArtError(f"{name} is {short(given)}: give {what}")
        if many:
            for part in parts:
                as_number(part, f"a number of {name}")
