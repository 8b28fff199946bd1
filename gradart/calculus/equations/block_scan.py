"""Long loops that are differentiated backward, with memory for few of their states."""

import math
from collections.abc import Callable
from typing import TypeVar

import jax

S = TypeVar("S")
X = TypeVar("X")


def scan_in_blocks(step: Callable[[S, X], S], state: S, xs: X | None = None, *, length: int) -> S:
    """The last state of a loop over `xs`, or of `length` steps, as `jax.lax.scan` has it.

    Steps are taken in blocks of about as many as there are blocks. The derivative backward keeps
    the states between blocks, and computes those within one anew: of n steps it holds 2 sqrt(n)
    states, and takes one more pass.
    """

    def one(state: S, x: X) -> tuple[S, None]:
        return step(state, x), None

    size = math.isqrt(length) or 1
    blocks, rest = divmod(length, size)

    @jax.checkpoint
    def block(state: S, xs: X) -> tuple[S, None]:
        return jax.lax.scan(one, state, xs, length=size)

    whole = jax.tree.map(lambda x: x[: blocks * size].reshape(blocks, size, *x.shape[1:]), xs)
    state, _ = jax.lax.scan(block, state, whole, length=blocks)
    if rest:
        state, _ = jax.lax.scan(one, state, jax.tree.map(lambda x: x[-rest:], xs), length=rest)
    return state


def blocks_while(
    goes_on: Callable[[S], jax.Array], block: Callable[[S], S], state: S, *, most: int
) -> S:
    """A state after as many blocks of steps as it needs, and at least `most` if it needs them.

    `goes_on` says of a state, in an array of flags, what still needs some; `block` has to leave the
    rest as it is. Unlike `jax.lax.while_loop` it has a derivative backward, which takes each block
    twice more and holds 2 sqrt(most) states; blocks that are not needed cost next to nothing.
    """
    size = math.isqrt(most - 1) + 1

    def blocks(block: Callable[[S], S]) -> Callable[[S], S]:
        kept = jax.checkpoint(block)

        def if_needed(state: S, _: None) -> tuple[S, None]:
            return jax.lax.cond(_any(goes_on(state)), kept, lambda state: state, state), None

        return lambda state: jax.lax.scan(if_needed, state, length=size)[0]

    return blocks(blocks(block))(state)


@jax.custom_batching.custom_vmap
def _any(flags: jax.Array) -> jax.Array:
    """Whether one of the flags is true; and under `jax.vmap`, one of all of them.

    So that a block is left out, and not computed for nothing, where there is a batch of batches.
    """
    return flags.any()


@_any.def_vmap
def _(_size: int, _batched: list[bool], flags: jax.Array) -> tuple[jax.Array, bool]:
    return _any(flags), False
