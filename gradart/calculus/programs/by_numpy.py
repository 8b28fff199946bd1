"""Small work on arrays whose values are known, done by NumPy.

JAX compiles a program for each operation and each shape that it meets, which takes longer than such
work on a million numbers. What is done here has the same bits either way: numbers are moved, or
each becomes what one operation says that is rounded once.
"""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.programs.padded_lengths import given, have_values
from gradart.types import Array

_NUMBERS = jax.Array, np.ndarray, np.number, float, int


def by_numpy(run: Callable[..., Array], *arrays: ArrayLike) -> jax.Array:
    """run(xp, *arrays), a function of a module, of the arrays' type: its `xp` is `np` or `jnp`."""
    if not have_values(arrays):
        return _compiled(run)(*arrays)
    with np.errstate(all="ignore"):
        return given(np.asarray(run(np, *(np.asarray(x, jnp.result_type(x)) for x in arrays))))


@functools.cache
def _compiled(run: Callable[..., Array]) -> Callable[..., jax.Array]:
    return jax.jit(functools.partial(run, jnp))


def collected(parts: object) -> jax.Array:
    """Numbers and arrays in lists as one array, of the type that `jnp.asarray` gives it."""
    leaves = jax.tree.leaves(parts, is_leaf=lambda leaf: leaf is None)
    if not have_values(leaves) or not all(map(_is_numbers, leaves)):
        return jnp.asarray(parts)
    with np.errstate(over="ignore"):  # what single precision cannot hold is infinite
        return given(np.asarray(jax.tree.map(np.asarray, parts), jnp.result_type(*leaves)))


def _is_numbers(leaf: object) -> bool:
    return isinstance(leaf, _NUMBERS) and isinstance(getattr(leaf, "dtype", None), np.dtype | None)


def floats(x: ArrayLike) -> jax.Array:
    """x as an array of floats: itself if it is one, be it differentiated."""
    kind = jnp.result_type(float)
    if not isinstance(x, jax.Array):
        return jnp.asarray(x, float)
    if x.dtype == kind:
        return x
    return given(np.asarray(x).astype(kind)) if have_values([x]) else x.astype(kind)
