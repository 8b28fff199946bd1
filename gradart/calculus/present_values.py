"""What numbers are now, where they carry a derivative along; and how what is found of them moves.

Under `jax.jvp`, `vjp`, `grad` and `linearize` a number that is differentiated, and all that is
computed of it, carries its derivative along, also into an artist's function that closes over it.
What is found on the host, by loops and searches, is found from what these numbers are now. Then it
is a number in a formula that is differentiated: mostly of one step of Newton's method from where it
is, whose derivative is that of the place itself, while the step is nothing (`stepped`, by the
implicit function theorem). First derivatives are right so; not those of derivatives.

How many of a thing there are, in which order they come and which points are joined is found too,
and has no derivative: it stays under a small change of the numbers, but for those at which
something appears, vanishes, or is joined in another way.
"""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jax.typing import ArrayLike

T = TypeVar("T")


def known(x: object) -> bool:
    """Whether the numbers of a pytree have values, be they differentiated; not so under jit."""
    traced = (leaf for leaf in jax.tree.leaves(x) if isinstance(leaf, jax.core.Tracer))
    return not any(isinstance(_now(leaf), jax.core.Tracer) for leaf in traced)


def moves(x: object) -> bool:
    """Whether a number of a pytree is differentiated, while its value is known."""
    return any(
        isinstance(leaf, jax.core.Tracer) and not isinstance(_now(leaf), jax.core.Tracer)
        for leaf in jax.tree.leaves(x)
    )


def present(x: T) -> T:
    """A pytree with its numbers as they are now, without derivatives."""
    return jax.tree.map(_now, x)


def _now(leaf: object) -> object:
    if not isinstance(leaf, jax.core.Tracer):
        return leaf
    still = jax.lax.stop_gradient(leaf)
    # What was one of Python's numbers comes back as a number of JAX's own kind.
    return still if isinstance(still, jax.core.Tracer) else jnp.asarray(still)


def closes_over_moving(f: Callable[..., object], *like: ArrayLike | jax.ShapeDtypeStruct) -> bool:
    """Whether a function, of arguments like these, is of numbers that are differentiated."""
    return moves(jax.make_jaxpr(f)(*like).consts)


def closes_over_traced(f: Callable[..., object], *like: ArrayLike | jax.ShapeDtypeStruct) -> bool:
    """Whether a function, of arguments like these, is of numbers that have no value."""
    return not known(jax.make_jaxpr(f)(*like).consts)


def stepped(found: ArrayLike, step: ArrayLike) -> jax.Array:
    """What was found, which stays the same number, with the derivative of found - step."""
    move = jnp.asarray(step)
    return jnp.asarray(found) - (move - jax.lax.stop_gradient(move))


def of_moving(
    f: Callable[..., T], primals: tuple[object, ...], tangents: tuple[object, ...]
) -> tuple[Callable[..., T], list[jax.Array], list[jax.Array]]:
    """f as a function of those of its numbers that change, these numbers, and their changes.

    As a rule of `jax.custom_jvp` with symbolic zeros is given them.
    """
    leaves, tree = jax.tree.flatten(primals)
    changes = jax.tree.leaves(tangents)
    where = [i for i, change in enumerate(changes) if not isinstance(change, SymbolicZero)]

    def of_those(*numbers: jax.Array) -> T:
        own = dict(enumerate(leaves)) | dict(zip(where, numbers, strict=True))
        return f(*jax.tree.unflatten(tree, list(own.values())))

    return of_those, [leaves[i] for i in where], [changes[i] for i in where]
