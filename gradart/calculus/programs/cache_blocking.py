"""Programs written so that XLA computes each number once, where the processor's cache has it.

Left alone, XLA's compiler for processors fuses a whole program into one loop for each row of its
result, and computes in each anew what several rows are made of.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax
from jax.experimental.xla_metadata import set_xla_metadata

TOGETHER = 1 << 19  # numbers: they fit the cache, and are enough for several cores
OFTEN = 1 << 16  # numbers that are read again and again: they fit a core's own cache
ROUND = 64  # rows
SOME_ROWS = "of_some_rows"  # the name of that function, in a program that is computed in parts


def stored(x: jax.Array) -> jax.Array:
    """x, put down in memory: what is computed of it starts from there.

    It is the result of a call that XLA does not take apart.
    """
    with set_xla_metadata(inlineable="false"):
        return _same(x)


@jax.jit
def _same(x: jax.Array) -> jax.Array:
    return x


def stored_pair(x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Two arrays of one shape put down by one loop, which computes once what they share."""
    if jnp.iscomplexobj(x):
        return stored(x), stored(y)
    pair = stored(lax.complex(x, y))
    return pair.real, pair.imag


def together(n: int, width: int, *, often: bool = False) -> int:
    """The number of rows that are computed at once, if there are n of so many numbers each.

    Fewer where each number is read `often`, as by a loop. Where rows of a matrix begin in memory at
    odd places, XLA's loops take three times as long; and where they are a power of 2 apart, for
    which a cache has few places, four times.
    """
    most = max(ROUND, (OFTEN if often else TOGETHER) // width)
    parts = max(1, -(-n // most))
    rounds = -(-n // (parts * ROUND))
    return min(n, (rounds | 1) * ROUND)


def in_parts(run: Callable[..., jax.Array], rows: Sequence[jax.Array], size: int) -> jax.Array:
    """run(*rows), which has the axis of the rows behind one other, `size` rows at a time.

    Who computes some of the rows knows what is done with a part by its name.
    """
    n = len(rows[0])
    if size == n:
        return run(*rows)

    @jax.jit
    def of_some_rows(*rows: jax.Array) -> jax.Array:
        return run(*rows)

    def step(i: jax.Array, found: jax.Array) -> jax.Array:
        start = jnp.minimum(i * size, n - size)  # the last part has rows of the one before
        part = of_some_rows(*(lax.dynamic_slice_in_dim(x, start, size) for x in rows))
        return lax.dynamic_update_slice_in_dim(found, part, start, 1)

    part = jax.eval_shape(run, *(jax.ShapeDtypeStruct((size, *x.shape[1:]), x.dtype) for x in rows))
    found = jnp.zeros((part.shape[0], n, *part.shape[2:]), part.dtype)
    return lax.fori_loop(0, -(-n // size), step, found)
