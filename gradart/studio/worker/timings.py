"""Where the time of a picture goes: tracing, compiling, computing, painting, encoding."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import jax

_TRACING = ("jaxpr_trace_duration", "jaxpr_to_mlir_module_duration")
_COMPILING = ("backend_compile_duration",)
_spent = dict.fromkeys(("trace", "compile"), 0.0)  # s, of all of the process


def _listen(event: str, duration_secs: float, **_: str | int) -> None:
    kind = event.rpartition("/")[2]
    if kind in _TRACING:
        _spent["trace"] += duration_secs
    elif kind in _COMPILING:
        _spent["compile"] += duration_secs


jax.monitoring.register_event_duration_secs_listener(_listen)


@contextmanager
def timed(stages: dict[str, float], name: str) -> Iterator[None]:
    """Add the milliseconds of the block to a stage; what JAX traces and compiles to their own."""
    before, start = dict(_spent), time.perf_counter()
    try:
        yield
    finally:
        left = time.perf_counter() - start
        for kind in ("compile", "trace"):
            part = min(_spent[kind] - before[kind], left)  # traces within traces count twice
            stages[kind] = stages.get(kind, 0.0) + 1000 * part
            left -= part
        stages[name] = stages.get(name, 0.0) + 1000 * left
