"""The decorator of all kernels: loops that neither NumPy nor JAX has words for, compiled."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from gradart.kernels.compiled_files import texts_of
from gradart.kernels.compiler import Option
from gradart.kernels.kernel import Kernel

P = ParamSpec("P")
R = TypeVar("R")

# Whoever sets another of numba's variables, as NUMBA_BOUNDSCHECK, asks for code made by it.
_HARMLESS = {"NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS"}


def compiled(function: Callable[P, R], **more: Option) -> Callable[P, R]:
    """Compile when it is called, once for all processes if there is a folder to keep it in.

    A function may call compiled functions, and read constants, of files in its own folder that
    import this one: what is kept of it is dropped when the text of any of them changes.
    """
    if any(name.startswith("NUMBA_") for name in os.environ.keys() - _HARMLESS):
        return by_numba(function, **more)
    kernel = Kernel(function, lambda: by_numba(function, **more), more)
    return cast(Callable[P, R], kernel)  # which takes no arguments by name


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile into whoever calls it: for functions that are called much and take many arrays."""
    return compiled(function, forceinline=True)


def by_numba(function: Callable[P, R], **more: Option) -> Callable[P, R]:
    """What numba makes of a function, and keeps if there is a folder that it can write to."""
    import numba

    from gradart.kernels.compiler import OPTIONS

    options = {**OPTIONS, **more}
    try:
        dispatcher = numba.njit(cache=True, **options)(function)
        # Numba itself compares the text of the function's own file alone.
        file = dispatcher._cache._cache_file
        file._source_stamp = (
            file._source_stamp,
            texts_of(Path(function.__code__.co_filename).parent),
        )
        return dispatcher
    # No folder for a cache; or no such attributes: in another numba, or without its compiler.
    except (RuntimeError, AttributeError):
        return numba.njit(**options)(function)
