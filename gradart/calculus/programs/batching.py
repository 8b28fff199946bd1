"""Functions of JAX that loops of NumPy evaluate, at numbers of points that are known only then."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, overload

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import is_key, short
from gradart.calculus.programs.compiled_once import compiled
from gradart.calculus.programs.padded_lengths import at_once
from gradart.calculus.programs.present_values import moves, present
from gradart.errors import ArtError, Untraceable

Arrays = tuple[np.ndarray, ...]
R = TypeVar("R")

CHUNK = 512  # rows at once


@overload
def batched(f: Callable[..., jax.Array], size: int = CHUNK) -> Callable[..., np.ndarray]: ...
@overload
def batched(
    f: Callable[..., tuple[jax.Array, ...]], size: int = CHUNK
) -> Callable[..., Arrays]: ...
def batched(f: Callable[..., Any], size: int = CHUNK) -> Callable[..., Any]:  # as above
    """A function of one number or point, as one of NumPy arrays (n, ...) to NumPy arrays (n, ...).

    It is traced and compiled once, for chunks of `size`, whatever n the loop comes to. Numbers
    that are differentiated are as they are now: what a loop finds is found for these.
    """
    return chunked(compiled(jax.vmap(f), still=True), size)


@overload
def chunked(run: Callable[..., jax.Array], size: int) -> Callable[..., np.ndarray]: ...
@overload
def chunked(run: Callable[..., tuple[jax.Array, ...]], size: int) -> Callable[..., Arrays]: ...
def chunked(run: Callable[..., Any], size: int) -> Callable[..., Any]:  # as above
    """A function of rows (n, ...), from NumPy to NumPy, that is given `size` of them at a time."""

    def call(*rows: np.ndarray) -> np.ndarray | Arrays:
        n = len(rows[0])
        chunks = max(1, -(-n // size))
        padded = [np.resize(x, (chunks, size, *np.shape(x)[1:])) for x in rows]
        # In a frame, what does not move can be computed; elsewhere that would only compute what is
        # constant in a program, operation by operation, while it is traced.
        with nullcontext() if at_once() else jax.ensure_compile_time_eval():
            results = [run(*chunk) for chunk in zip(*padded, strict=True)]
        if any(isinstance(y, jax.core.Tracer) for y in jax.tree.leaves(results)):
            raise Untraceable(
                "the number of roots, pieces or panels depends on numbers that are traced:"
                " use none that move in a frame, or compute them outside of jit"
            )
        return jax.tree.map(lambda *parts: np.concatenate(parts)[:n], *results)

    return call


def numbered(counts: np.ndarray) -> np.ndarray:
    """0, 1, ... below each of the counts (k,), one row of numbers after the other: (sum,)."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def interval(a: ArrayLike, b: ArrayLike) -> tuple[float, float]:
    """The ends of an interval of the parameter, as two finite numbers, the first the lower.

    They are what they are now, without a derivative. Untraceable if one of them has no value, as
    under jit; ArtError if they are not two numbers, a < b.
    """
    ends = present((a, b))
    if any(isinstance(x, jax.core.Tracer) for x in ends):
        raise Untraceable("a and b are traced: compute roots and lengths outside of frame and jit")
    for name, end in zip("ab", ends, strict=True):
        number = isinstance(end, (int, float, np.generic, np.ndarray, jax.Array))
        number = number and not (isinstance(end, int) and abs(end) > sys.float_info.max)
        if not number or np.ndim(end) or is_key(end):
            raise ArtError(f"{name} is {short(end)}: give the ends of the interval, a < b")
    low, high = (np.asarray(x).item() for x in ends)
    if any(np.iscomplexobj(x) or not np.isfinite(x) for x in ends) or not low < high:
        a, b = ends
        raise ArtError(f"the interval from a = {a} to b = {b}: give two numbers, a < b")
    return float(low), float(high)


@dataclass(frozen=True)
class MovingInterval:
    """An interval of a curve's parameter whose ends are differentiated, mapped from one at rest.

    `a` and `b` are its ends now. A curve of t is a curve of s in [a, b], where t(s) is s, and moves
    as the ends do.
    """

    a: float
    b: float
    start: ArrayLike
    end: ArrayLike

    def __call__(self, s: ArrayLike) -> jax.Array:
        """The parameter t (...) that is s (...) now."""
        start, end = jnp.asarray(self.start), jnp.asarray(self.end)
        return start + (jnp.asarray(s) - self.a) / (self.b - self.a) * (end - start)

    def of(self, curve: Callable[[jax.Array], R]) -> Callable[[jax.Array], R]:
        """The curve as one of s; itself, if the interval is at rest."""
        if not moves((self.start, self.end)):
            return curve
        return lambda s: curve(self(s))


def moving_interval(a: ArrayLike, b: ArrayLike) -> MovingInterval:
    """The interval from a to b, checked as `interval` does it, with what moves it."""
    low, high = interval(a, b)
    return MovingInterval(low, high, a, b)
