"""Arrays of many lengths, computed at a few: a program is compiled for each shape that it meets.

Rows are added behind the last until there are as many as of another array before, all like the
last one, so that nothing becomes NaN or infinite that was not; and are cut off afterwards. Of many
rows of NaN, which pad lines, one is computed. On the way to JAX and back an array is NumPy's, for
JAX compiles a program for each slice and each copy too. Where something is traced, shapes stay as
they are; of what is differentiated but for paths.
"""

import functools
import math
from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import get_opaque_trace_state
from jax.typing import ArrayLike

from gradart.calculus.programs.present_values import moves
from gradart.calculus.programs.taken_rows import taken_rows

R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])

LEAST = 64  # rows
HALVED = 1024  # rows from which on there is a length halfway to the next power of two
MOST = 16_384  # rows; to compute more takes as long as to compile
_FEW = 16  # numbers in a row that is looked at for NaN

with jax.ensure_compile_time_eval():
    _AT_ONCE = get_opaque_trace_state()


def at_once() -> bool:
    """Whether what is computed has its value at once, for nothing around is traced."""
    return bool(get_opaque_trace_state() == _AT_ONCE)


def lifted(x: np.ndarray) -> jax.Array:
    """An array of NumPy as one of JAX's, of its own memory, without a program for its shape."""
    return jax.device_put(np.array(x)) if at_once() else jnp.asarray(x)


def length(n: int) -> int:
    """The number of rows that n of them are computed as."""
    if not 0 < n <= MOST:
        return n
    full = max(LEAST, 1 << (n - 1).bit_length())
    halfway = full * 3 // 4
    return halfway if full > HALVED and n <= halfway else full


def rows_again(n: int) -> np.ndarray:
    """The numbers of n rows, and that of the last again and again: as many as are computed."""
    return np.minimum(np.arange(length(n)), n - 1)


def at_padded_lengths(
    run: Callable[..., R], arrays: Sequence[ArrayLike], batch: int, axis: int = 0
) -> R:
    """run(*arrays), a function of rows, compiled for few of all the numbers of rows.

    The arrays have the same `batch` leading axes, which `run` may be given as one, of arrays of
    NumPy, and does the same to each row. In what it gives, arrays in a pytree, they come after
    `axis` others.
    """
    lead = np.shape(arrays[0])[:batch]
    n = math.prod(lead)
    size = length(n)
    if not lead or not have_values(arrays):
        return run(*arrays)
    if n > MOST and (some := _with_one_blank(arrays, n)) is not None:
        return _at_some(run, arrays, batch, axis, some)
    if size == n:
        return run(*arrays)
    rows = (np.asarray(x).reshape(n, *np.shape(x)[batch:]) for x in arrays)
    found = run(*(_longer(x, 0) for x in rows))

    def cut(y: jax.Array) -> jax.Array:
        shape = *y.shape[:axis], *lead, *y.shape[axis + 1 :]
        if isinstance(y, jax.core.Tracer):  # of numbers that `run` closes over
            return jax.lax.slice_in_dim(y, 0, n, axis=axis).reshape(shape)
        return given(_shorter(np.asarray(y), axis, n).reshape(shape))

    return jax.tree.map(cut, found)


def _at_some(
    run: Callable[..., R],
    arrays: Sequence[ArrayLike],
    batch: int,
    axis: int,
    some: tuple[np.ndarray, np.ndarray],
) -> R:
    """run(*arrays), of some of the rows; and for each row, which of those it is."""
    lead = np.shape(arrays[0])[:batch]
    computed, place = some
    rows = (np.asarray(x).reshape(place.size, *np.shape(x)[batch:]) for x in arrays)
    found = run(*(np.take(x, computed, 0) for x in rows))

    def spread(y: jax.Array) -> jax.Array:
        shape = *y.shape[:axis], *lead, *y.shape[axis + 1 :]
        if isinstance(y, jax.core.Tracer):  # of numbers that `run` closes over
            return jnp.take(y, place, axis).reshape(shape)
        return given(np.take(np.asarray(y), place, axis).reshape(shape))

    return jax.tree.map(spread, found)


def _with_one_blank(arrays: Sequence[ArrayLike], n: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The n rows without those that are NaN but for one, and for each row its place among these.

    Lines of different lengths are padded with NaN, of which there can be many times as many as
    points; a function is the same of all of them. None where that would spare little.
    """
    blank = np.ones(n, bool)
    for x in arrays:
        columns = np.asarray(x).reshape(n, -1).T
        if len(columns) > _FEW or not np.issubdtype(columns.dtype, np.floating):
            return None
        for column in columns:  # of all of a short axis NumPy is slow to tell
            blank &= np.isnan(column)
    inked = np.flatnonzero(~blank)
    # One of few lengths here too, an eighth apart at most.
    step = max(1, (1 << len(inked).bit_length()) // 16)
    size = (len(inked) // step + 1) * step
    if 2 * size > n:
        return None
    place = np.full(n, len(inked))
    place[inked] = np.arange(len(inked))
    return np.append(inked, np.full(size - len(inked), blank.argmax())), place


def longer(x: jax.Array, axis: int) -> jax.Array:
    """An array with its last row along an axis again and again, until it is of one of few lengths.

    It stays as it is where it is traced, or large; if the last axis but one is meant, not where it
    is differentiated.
    """
    n = x.shape[axis]
    if n == length(n):
        return x
    if axis == -2 and moves(x):
        return _taken_along(x, rows_again(n))
    return given(_longer(np.asarray(x), axis)) if _few_numbers(x) else x


def shorter(x: jax.Array, axis: int, n: int) -> jax.Array:
    """The first n rows along an axis of an array that was `longer`."""
    if x.shape[axis] == n:
        return x
    if axis == -2 and moves(x):
        return _taken_along(x, np.arange(n))
    return given(_shorter(np.asarray(x), axis, n))


def _taken_along(x: jax.Array, rows: np.ndarray) -> jax.Array:
    """Rows (k,) along the last axis but one of an array (..., n, d) that is differentiated."""
    lead, n = x.shape[:-2], x.shape[-2]
    begins = n * np.arange(math.prod(lead)).reshape(*lead, 1)
    return taken_rows(x, begins + rows)


def _shorter(x: np.ndarray, axis: int, n: int) -> np.ndarray:
    return x[(*[slice(None)] * (axis % x.ndim), slice(n))]


def _longer(x: np.ndarray, axis: int) -> np.ndarray:
    return np.take(x, rows_again(x.shape[axis]), axis)


def for_padded_lengths(*inner: int) -> Callable[[F], F]:
    """A decorator for a function of rows: see `at_padded_lengths`.

    `inner` are how many of the last axes of each argument belong to one row.
    """

    def decorator(run: F) -> F:
        @functools.wraps(run)
        def call(*arrays: ArrayLike) -> object:
            pairs = zip(arrays, inner, strict=True)
            leads = {np.shape(x)[: np.ndim(x) - own] for x, own in pairs}
            if len(leads) > 1:
                return run(*arrays)
            return at_padded_lengths(run, arrays, np.ndim(arrays[0]) - inner[0])

        return cast(F, call)  # which takes arrays, as `run` does

    return decorator


def broadcast(*arrays: jax.Array) -> list[jax.Array]:
    """Arrays brought to one shape; ValueError if they have none."""
    shape = np.broadcast_shapes(*(x.shape for x in arrays))
    few = all(map(_few_numbers, arrays)) and math.prod(shape) <= 16 * MOST
    if few:
        return [lifted(np.broadcast_to(x, shape)) for x in arrays]
    return [jnp.broadcast_to(x, shape) for x in arrays]


def reshaped(x: jax.Array, shape: tuple[int, ...]) -> jax.Array:
    """x.reshape(shape), where that can be without a program compiled for each shape."""
    if x.shape != shape:
        if _few_numbers(x):
            return given(np.asarray(x).reshape(shape))
        if x.shape[-1:] == shape[-1:] and jnp.issubdtype(x.dtype, jnp.floating) and moves(x):
            return taken_rows(x, np.arange(math.prod(shape[:-1])).reshape(shape[:-1]))
    return x.reshape(shape)


def part(x: jax.Array, k: int) -> jax.Array:
    """x[k], without a program compiled for each shape where x has values, and few."""
    return given(np.asarray(x)[k]) if _few_numbers(x) else _part(x, k)


@functools.partial(jax.jit, static_argnums=1)
def _part(x: jax.Array, k: int) -> jax.Array:
    return x[k]


def unstacked(x: jax.Array) -> list[jax.Array]:
    """The parts of an array along its first axis."""
    return [given(each) for each in np.asarray(x)] if _few_numbers(x) else list(x)


def _few_numbers(x: jax.Array) -> bool:
    return x.size <= 16 * MOST and have_values([x])


def have_values(arrays: Sequence[object]) -> bool:
    """Whether none of the arrays is traced or differentiated, nor anything around them."""
    return at_once() and not any(isinstance(x, jax.core.Tracer) for x in arrays)


def given(x: np.ndarray) -> jax.Array:
    """An array of NumPy as one of JAX's; nobody else may write to it."""
    return jax.device_put(x)
