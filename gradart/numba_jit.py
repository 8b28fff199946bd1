"""Loops over numbers that NumPy and JAX have no words for, compiled."""

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., object], **more: Any) -> Any:
    """Compile with numba, once for all processes if there is a folder its cache can be written to.

    Compiled code does not count references to arrays, so it can make none: the counters, locked
    and shared by all threads, took longer than the drawing.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
    options.update(more)
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba found no such folder
        return numba.njit(**options)(function)


def inlined(function: Callable[..., object]) -> Any:
    """The same, compiled into whoever calls it: for much called functions of many arrays."""
    return compiled(function, forceinline=True)
