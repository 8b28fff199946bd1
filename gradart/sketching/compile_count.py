"""How many programs JAX compiles for a sketch: a warning where there is one for each length."""

import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import FrameType

import jax

from gradart.errors import ArtWarning

MANY = 50  # programs, from which on it is told
ALIKE = 25  # of them that are one operation, each time for other shapes

_Compiled = list[tuple[str, int]]  # an operation, and the sketch's line that it is on
_noted: ContextVar[tuple[str, _Compiled] | None] = ContextVar("noted", default=None)


def _listen(event: str, duration_secs: float, **told: str | int) -> None:
    noted = _noted.get()
    if noted is None or not event.endswith("/backend_compile_duration"):
        return
    file, compiled = noted
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    compiled.append((str(told.get("fun_name", "")), frame.f_lineno if frame is not None else 0))


jax.monitoring.register_event_duration_secs_listener(_listen)


@contextmanager
def compiling_noted(name: str, file: Path) -> Iterator[None]:
    """A block that computes a sketch: a warning follows if it compiles programs by the dozen.

    Not for many programs alone, each of which a sketch needs once, but for one operation on arrays
    of many shapes. It points at the line of the sketch's file that has compiled the most.
    """
    compiled: _Compiled = []
    token = _noted.set((str(file), compiled))
    try:
        yield
    finally:
        _noted.reset(token)
    operations = Counter(operation for operation, _ in compiled)
    ((most, count),) = operations.most_common(1) or [("", 0)]
    if len(compiled) <= MANY or count <= ALIKE:
        return
    line = Counter(line for operation, line in compiled if operation == most).most_common(1)[0][0]
    text = (
        f"{name} compiles {len(compiled)} programs, {most.removeprefix('jit(').rstrip(')')} for"
        f" {count} shapes of arrays: use np for jnp here, or arrays of one shape, by ga.resample"
    )
    warnings.warn_explicit(text, ArtWarning, str(file), line)
