"""What a compiled function is called with: types, told as text, and values, as words of 8 bytes.

A type is "int", "float", "bool", an array's like "float64[2]C", or of a tuple the list of its class
and of the types in it: ["gradart.rendering.ink.binning:Raster", "int", "int", "int"].
"""

import ctypes
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from importlib import import_module
from struct import Struct
from typing import Any, TypeAlias

import numpy as np

Type: TypeAlias = "str | list[Type]"  # the class of a tuple, then a Type for each of its items

Word = int | float
NumbaType = Any  # numba declares its types in some versions alone
Room: TypeAlias = "ctypes.Array[ctypes.c_char]"

_LETTERS = {"int": "q", "float": "d", "bool": "q"}
_ARRAY = re.compile(r"(\w+)\[(\d+)\]([ACF])( read only)?")
_PLAIN = {int: "int", float: "float", bool: "bool"}
_SCALARS = {**_PLAIN, np.int64: "int", np.float64: "float", np.bool_: "bool"}


class NoTypeError(Exception):
    """A value, or a result, that is none of what is called with words."""


# Any: values are told apart by their very types.
def laid_out(values: Iterable[Any], key: list[Hashable], words: list[Word]) -> None:
    """Add what tells values of one type from those of others to the key, and to words their words.

    An array is laid out as numba has it: two words for an owner that it has none of, its size and
    that of an item, the address, the shape, and the strides in bytes.
    """
    for value in values:
        kind = type(value)
        if kind is np.ndarray:
            flags, dtype = value.flags, value.dtype
            order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
            key += (dtype, value.ndim, order, flags.writeable)
            if not (flags.aligned and dtype.isnative):
                raise NoTypeError
            place = value.__array_interface__["data"][0]
            words += (0, 0, value.size, value.itemsize, place, *value.shape, *value.strides)
        elif kind in _SCALARS:
            key.append(_SCALARS[kind])
            words.append(value if kind in _PLAIN else value.item())
        elif issubclass(kind, tuple):
            key += (kind, len(value))
            laid_out(value, key, words)
        else:
            raise NoTypeError


def type_of(value: Any) -> Type:  # as above
    """The type of a value that `laid_out` lays out."""
    kind = type(value)
    if kind is np.ndarray:
        flags = value.flags
        order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return f"{value.dtype.name}[{value.ndim}]{order}{'' if flags.writeable else ' read only'}"
    if kind in _SCALARS:
        return _SCALARS[kind]
    return [f"{kind.__module__}:{kind.__qualname__}", *map(type_of, value)]


def numba_type(kind: Type) -> NumbaType:
    """The same type as numba has it."""
    import numba

    types: NumbaType = numba.types
    if isinstance(kind, list):
        module, _, name = str(kind[0]).partition(":")
        whole: object = import_module(module)
        for part in name.split("."):
            whole = getattr(whole, part)
        parts = [numba_type(part) for part in kind[1:]]
        return types.BaseTuple.from_types(parts, None if whole is tuple else whole)
    if array := _ARRAY.fullmatch(kind):
        dtype, ndim, order, fixed = array.groups()
        item = types.boolean if dtype == "bool" else getattr(types, dtype)
        return types.Array(item, int(ndim), order, readonly=bool(fixed))
    return {"int": types.int64, "float": types.float64, "bool": types.boolean}[kind]


def result_type(kind: NumbaType) -> Type:
    """A numba type of a result as text, "none" also; only what is whole words, or one byte."""
    import numba

    types: NumbaType = numba.types
    if isinstance(kind, types.Tuple | types.UniTuple):
        parts = [result_type(part) for part in kind.types]
        if "bool" in parts or "none" in parts:
            raise NoTypeError
        return ["builtins:tuple", *parts]
    names = {types.none: "none", types.int64: "int", types.float64: "float", types.boolean: "bool"}
    if kind not in names:
        raise NoTypeError
    return names[kind]


def letters(kind: Type) -> str:
    """The words of a type, as the module `struct` has them."""
    if isinstance(kind, list):
        return "".join(letters(part) for part in kind[1:])
    if array := _ARRAY.fullmatch(kind):
        return "q" * (5 + 2 * int(array[2]))
    return _LETTERS.get(kind, "")


def packer(kinds: Sequence[Type]) -> Callable[..., bytes]:
    """A function from the words of arguments to their bytes."""
    return Struct("=" + "".join(map(letters, kinds))).pack


def reader(kind: Type) -> tuple[int, Callable[[Room], object]]:
    """How many bytes a result takes, and a function from them to the result."""
    words = Struct("=" + letters(kind))

    def built(kind: Type, found: Iterable[Word]) -> object:
        if isinstance(kind, list):
            return tuple(built(part, found) for part in kind[1:])
        value = None if kind == "none" else next(iter(found))
        return bool(value) if kind == "bool" else value

    if isinstance(kind, list) and not any(isinstance(part, list) for part in kind):
        return words.size, words.unpack_from
    return max(words.size, 8), lambda room: built(kind, iter(words.unpack_from(room)))
