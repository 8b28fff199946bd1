"""What numbers are now, where they carry a derivative along; and how what is found of them moves.

Under `jax.jvp`, `vjp`, `grad` and `linearize` a number that is differentiated, and all that is
computed of it, carries its derivative along, also into an artist's function that closes over it.
What is found on the host, by loops and searches, is found from what these numbers are now. Then it
has the derivatives of a formula (`with_derivatives_of`), or of one step of Newton's method from
where it is, whose derivative is that of the place itself, while the step is nothing (`stepped`, by
the implicit function theorem). That is so of first derivatives alone: `stepped` refuses others.

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

from gradart.errors import ArtError

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


def with_derivatives_of(formula: ArrayLike, found: ArrayLike) -> jax.Array:
    """What was found, which stays the same number, with all derivatives of a formula for it."""
    move = jnp.asarray(formula)
    return jnp.asarray(found) + (move - jax.lax.stop_gradient(move))


def stepped(found: ArrayLike, step: ArrayLike) -> jax.Array:
    """What was found, which stays the same number, with the first derivative of found - step.

    ArtError for derivatives of that.
    """
    return jnp.asarray(found) - _change_of(jnp.asarray(step))


@jax.custom_jvp
def _change_of(step: jax.Array) -> jax.Array:
    """Nothing, with the first derivative of a step."""
    return jnp.zeros_like(step)


@_change_of.defjvp
def _(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (step,), (change,) = primals, tangents
    return _change_of(step), _once(step) * change


@jax.custom_jvp
def _once(step: jax.Array) -> jax.Array:
    """1, in a first derivative of a step. ArtError where that is differentiated again."""
    return jnp.ones((), step.dtype)


def _refused(
    primals: tuple[jax.Array], tangents: tuple[jax.Array | SymbolicZero]
) -> tuple[jax.Array, jax.Array]:
    one = _once(*primals)
    if not isinstance(tangents[0], SymbolicZero):
        raise ArtError(
            "what is found, like contours, crossings, cuts and where marks lie on the page, has"
            " first derivatives alone: take one jax.grad or jvp of it, and differences of that"
        )
    return one, jnp.zeros_like(one)


_once.defjvp(_refused, symbolic_zeros=True)


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
