"""Loops over numbers that NumPy and JAX have no words for, compiled."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba


def compiled(function: Callable[..., object], **more: Any) -> Any:
    """Compile with numba, once for all processes if there is a folder its cache can be written to.

    A function may call compiled functions, and read constants, of files in its own folder that
    import this one: its cache is dropped when the text of any of them changes.

    Compiled code does not count references to arrays, so it can make none: the counters, locked
    and shared by all threads, took longer than the drawing.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
    options.update(more)
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


def inlined(function: Callable[..., object]) -> Any:
    """Compile into whoever calls it: for functions that are called much and take many arrays."""
    return compiled(function, forceinline=True)


@cache
def texts_of(folder: Path) -> str:
    """Return a hash of this file and of all in a folder that compile: that import this one."""
    texts = [file.read_bytes() for file in sorted(folder.glob("*.py"))]
    texts = [text for text in texts if b"from gradart.numba_jit import" in text]
    return hashlib.sha256(b"\0".join([Path(__file__).read_bytes(), *texts])).hexdigest()
