"""Evaluation from loops on the host, whose lengths are only known as they run."""

from collections.abc import Callable
from typing import Any, overload

import jax
import numpy as np

from gradart.calculus.arguments import is_key, short
from gradart.calculus.compiled_once import compiled
from gradart.errors import ArtError, Untraceable

Arrays = tuple[np.ndarray, ...]


@overload
def batched(f: Callable[..., jax.Array]) -> Callable[..., np.ndarray]: ...
@overload
def batched(f: Callable[..., tuple[jax.Array, ...]]) -> Callable[..., Arrays]: ...
def batched(f: Callable[..., Any]) -> Callable[..., Any]:
    """f, written for one number or point, from NumPy arrays (n, ...) to NumPy arrays (n, ...).

    It is traced and compiled once, for chunks of one size, whatever n the loop comes to.
    """
    return chunked(compiled(jax.vmap(f)), 512)


@overload
def chunked(run: Callable[..., jax.Array], size: int) -> Callable[..., np.ndarray]: ...
@overload
def chunked(run: Callable[..., tuple[jax.Array, ...]], size: int) -> Callable[..., Arrays]: ...
def chunked(run: Callable[..., Any], size: int) -> Callable[..., Any]:
    """A function of rows (n, ...) from NumPy arrays to NumPy arrays, given that many at a time."""

    def call(*rows: np.ndarray) -> np.ndarray | Arrays:
        n = len(rows[0])
        chunks = max(1, -(-n // size))
        padded = [np.resize(x, (chunks, size, *np.shape(x)[1:])) for x in rows]
        with jax.ensure_compile_time_eval():  # in a frame, what does not move can be computed
            results = [run(*chunk) for chunk in zip(*padded, strict=True)]
        if any(isinstance(y, jax.core.Tracer) for y in jax.tree.leaves(results)):
            raise Untraceable(
                "the number of roots, pieces or panels depends on numbers that are traced:"
                " use none that move in a frame, or compute them outside of jit"
            )
        return jax.tree.map(lambda *parts: np.concatenate(parts)[:n], *results)

    return call


def interval(a: float, b: float) -> tuple[float, float]:
    """The ends of an interval of the parameter, as two finite numbers, the first the lower."""
    ends = (a, b)
    if any(isinstance(x, jax.core.Tracer) for x in ends):
        raise Untraceable("a and b are traced: compute roots and lengths outside of frame and jit")
    for name, end in zip("ab", ends, strict=True):
        number = isinstance(end, (int, float, np.generic, np.ndarray, jax.Array))
        if not number or np.ndim(end) or is_key(end):
            raise ArtError(f"{name} is {short(end)}: give the ends of the interval, a < b")
    if any(np.iscomplexobj(x) or not np.isfinite(x) for x in ends) or not a < b:
        raise ArtError(f"the interval from a = {a} to b = {b}: give two numbers, a < b")
    return float(a), float(b)
