"""Which rows of an array are wanted: a place along some of its axes, told by the row of another."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax


class Index(NamedTuple):
    """A whole number: that which is given, or what `name`, an operation, makes of `of` and `by`."""

    name: str
    of: "Index | None" = None
    by: "int | Index" = 0


# Of an array the rows (axis, index) that are wanted, by their axes; all of it where there is none.
At = tuple[tuple[int, Index], ...]

GIVEN = Index("given")


def plus(index: Index, n: int) -> Index:
    """The index n further."""
    if index.name == "+" and isinstance(index.by, int) and index.of is not None:
        return plus(index.of, index.by + n)
    return Index("+", index, n) if n else index


def turned(index: Index, length: int) -> Index:
    """The index counted from the other end of an axis."""
    return Index("-", index, length - 1)


def clipped(index: Index, first: int, length: int) -> Index:
    """The index counted from another, within an axis."""
    return Index("clip", plus(index, -first), length - 1)


def split(indices: list[Index], lengths: list[int], others: list[int]) -> list[Index]:
    """Indices along axes of these lengths, as those of axes of others, of as many rows in all."""
    if lengths == others:
        return indices
    whole = indices[0]
    for index, length in zip(indices[1:], lengths[1:], strict=True):
        quotient = whole.name == "//" and whole.by == length
        if quotient and index == Index("%", whole.of, length) and whole.of is not None:
            whole = whole.of
        else:
            whole = Index("join", Index("*", whole, length), index)
    found = []
    for length in reversed(others[1:]):
        found.append(Index("%", whole, length))
        whole = Index("//", whole, length)
    return [whole, *reversed(found)]


def value(index: Index, given: jax.Array) -> jax.Array:
    """The number that an index is, of that which is given."""
    if index.of is None:
        return given
    x, y = value(index.of, given), index.by
    n = value(y, given) if isinstance(y, Index) else y
    match index.name:
        case "+" | "join":
            return x + n
        case "-":
            return n - x
        case "*":
            return x * n
        case "//":
            return x // n
        case "%":
            return x % n
        case "clip":
            return jnp.clip(x, 0, n)
    raise AssertionError(index.name)


def taken(x: jax.Array, at: At, given: jax.Array) -> jax.Array:
    """The rows of an array that are wanted; its axes stay, of length 1."""
    for axis, index in at:
        x = lax.dynamic_slice_in_dim(x, value(index, given), 1, axis)
    return x


def narrowed(shape: tuple[int, ...], at: At) -> tuple[int, ...]:
    """The shape of the rows of an array that are wanted."""
    axes = dict(at)
    return tuple(1 if k in axes else n for k, n in enumerate(shape))


def ordered(at: dict[int, Index], shape: tuple[int, ...]) -> At:
    """Rows by their axes, without those of axes that have but one."""
    return tuple(sorted((axis, index) for axis, index in at.items() if shape[axis] > 1))
