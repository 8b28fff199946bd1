"""Rows of arrays taken by their numbers, in NumPy, also of arrays that are differentiated.

JAX compiles a program for each shape of what is indexed, sliced or reshaped, and others for its
derivatives. To take rows is linear, so that what they change by is taken in the same way. Where a
program is traced, it takes them itself.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import ShapedArray
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir
from jax.typing import ArrayLike


def taken_rows(x: jax.Array, numbers: np.ndarray) -> jax.Array:
    """The rows of floats x (..., d) that have these numbers, all axes but the last as one.

    Of whole `numbers` of any shape; a row of NaN for -1. The result is (*numbers.shape, d).
    """
    found: jax.Array = _taken.bind(x, np.asarray(numbers, np.int32), batch=0, blank=np.nan)
    return found


def _as_rows(shape: tuple[int, ...], batch: int) -> tuple[int, ...]:
    """The shape with all axes between the first few, of batches, and the last as one."""
    return *shape[:batch], int(np.prod(shape[batch:-1])), shape[-1]


def _now(x: ArrayLike, numbers: ArrayLike, *, batch: int, blank: float) -> jax.Array:
    given, which = np.asarray(x), np.asarray(numbers)
    rows = given.reshape(_as_rows(given.shape, batch))
    if not rows.shape[batch]:
        shape = *rows.shape[:batch], *which.shape, rows.shape[-1]
        return jax.device_put(np.full(shape, blank, given.dtype))
    found = rows.take(which, axis=batch)
    found[..., which < 0, :] = blank
    return jax.device_put(found)


def _staged(x: jax.Array, numbers: jax.Array, *, batch: int, blank: float) -> jax.Array:
    rows = x.reshape(_as_rows(x.shape, batch))
    if not rows.shape[batch]:
        return jnp.full((*rows.shape[:batch], *numbers.shape, rows.shape[-1]), blank, x.dtype)
    found = jnp.take(rows, jnp.maximum(numbers, 0), axis=batch)
    return jnp.where(numbers[..., None] < 0, jnp.asarray(blank, x.dtype), found)


def _batched(
    operands: Sequence[jax.Array], axes: Sequence[int | None], *, batch: int, blank: float
) -> tuple[jax.Array, int]:
    (x, numbers), axis = operands, axes[0] or 0
    x = jnp.moveaxis(x, axis, 0) if axis else x
    return _taken.bind(x, numbers, batch=batch + 1, blank=blank), 0


def _changed(
    change: jax.Array, x: jax.Array, numbers: jax.Array, *, batch: int, blank: float
) -> jax.Array:
    found: jax.Array = _taken.bind(change, numbers, batch=batch, blank=0.0)
    return found


def _transposed(
    weights: jax.Array | ad.Zero,
    x: ad.UndefinedPrimal,
    numbers: jax.Array,
    *,
    batch: int,
    blank: float,
) -> list[jax.Array | ad.Zero | None]:
    """Weights of rows that are taken, added up for each row."""
    if isinstance(weights, ad.Zero):
        return [ad.Zero(x.aval), None]
    shape, dtype = x.aval.shape, x.aval.dtype
    rows = _as_rows(shape, batch)
    if isinstance(weights, jax.core.Tracer) or isinstance(numbers, jax.core.Tracer):
        kept = jnp.where(numbers[..., None] < 0, 0, weights)
        index = (*[slice(None)] * batch, jnp.maximum(numbers, 0))
        return [jnp.zeros(rows, dtype).at[index].add(kept).reshape(shape), None]
    which, total = np.asarray(numbers), np.zeros(rows, dtype)
    some = which >= 0
    # Any: NumPy's own declaration of `at` has no tuples.
    place: Any = (*[slice(None)] * batch, which[some])
    np.add.at(total, place, np.asarray(weights)[..., some, :])
    return [jax.device_put(total.reshape(shape)), None]


_taken = Primitive("gradart_taken_rows")
_taken.def_impl(_now)
_taken.def_abstract_eval(
    lambda x, numbers, *, batch, blank: ShapedArray(
        (*x.shape[:batch], *numbers.shape, x.shape[-1]), x.dtype
    )
)
mlir.register_lowering(_taken, mlir.lower_fun(_staged, multiple_results=False))
batching.primitive_batchers[_taken] = _batched
ad.defjvp(_taken, _changed, None)
ad.primitive_transposes[_taken] = _transposed
