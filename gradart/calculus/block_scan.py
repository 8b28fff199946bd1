"""Long loops that are differentiated backward, with memory for few of their states."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import jax

S = TypeVar("S")


def scan_in_blocks(step: Callable[[S, Any], S], state: S, xs: Any = None, *, length: int) -> S:
    """The last state of a loop over `xs`, or of `length` steps, as `jax.lax.scan` has it.

    Steps are taken in blocks of about as many as there are blocks. The derivative backward keeps
    the states between blocks, and computes those within one anew: of n steps it holds 2 sqrt(n)
    states, and takes one more pass.
    """

    def one(state: S, x: Any) -> tuple[S, None]:
        return step(state, x), None

    size = math.isqrt(length) or 1
    blocks, rest = divmod(length, size)

    @jax.checkpoint
    def block(state: S, xs: Any) -> tuple[S, None]:
        return jax.lax.scan(one, state, xs, length=size)

    whole = jax.tree.map(lambda x: x[: blocks * size].reshape(blocks, size, *x.shape[1:]), xs)
    state, _ = jax.lax.scan(block, state, whole, length=blocks)
    if rest:
        state, _ = jax.lax.scan(one, state, jax.tree.map(lambda x: x[-rest:], xs), length=rest)
    return state
