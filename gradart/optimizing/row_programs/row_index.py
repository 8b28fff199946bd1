"""Which rows of an array are wanted: places along some of its axes, told by the row of another."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax


class Index(NamedTuple):
    """A whole number: that which is given, or what `name`, an operation, makes of `of` and `by`.

    Along an axis that is cut into blocks of `size` rows it tells a block: paths of a thousand
    points each may be computed as one array of all points.
    """

    name: str
    of: "Index | None" = None
    by: "int | Index" = 0
    size: int = 1


# Of an array the rows (axis, index) that are wanted, by their axes; all of it where there is none.
At = tuple[tuple[int, Index], ...]

GIVEN = Index("given")


def plus(index: Index, n: int) -> Index | None:
    """The index n rows further; None if no block begins there."""
    if n % index.size:
        return None
    number, size = index._replace(size=1), index.size
    return _plus(number, n // size)._replace(size=size)


def _plus(index: Index, n: int) -> Index:
    if index.name == "+" and isinstance(index.by, int) and index.of is not None:
        return _plus(index.of, index.by + n)
    return Index("+", index, n) if n else index


def turned(index: Index, length: int) -> Index | None:
    """The index counted from the other end of an axis; None if no block ends there."""
    if length % index.size:
        return None
    return Index("-", index._replace(size=1), length // index.size - 1, index.size)


def clipped(index: Index, first: int, length: int) -> Index:
    """The index counted from another row, within an axis; both of whole blocks."""
    size = index.size
    number = _plus(index._replace(size=1), -first // size)
    return Index("clip", number, length // size - 1, size)


def reshaped(
    axes: dict[int, Index], lengths: Sequence[int], others: Sequence[int]
) -> dict[int, Index] | None:
    """Rows along axes of these lengths, as rows along axes of others, of as many rows in all.

    None if they are not one block of rows one after the other.
    """
    told, block = sorted(axes), math.prod(lengths[len(axes) :])
    if told != list(range(len(told))) or any(axes[k].size > 1 for k in told[:-1]):
        return None
    if not told:
        return {}
    last = axes[told[-1]].size
    if lengths[told[-1]] % last:
        return None
    block *= last
    counts = [*lengths[: len(told) - 1], lengths[told[-1]] // last]
    before = list(others)
    while before and before[-1] <= block and not block % before[-1]:
        block //= before.pop()
    if block > 1:
        if not before or before[-1] % block:
            return None
        before[-1] //= block
    indices = split([axes[k]._replace(size=1) for k in told], counts, before)
    found = dict(enumerate(indices))
    if block > 1:
        found[len(before) - 1] = found[len(before) - 1]._replace(size=block)
    return found


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
    """The rows of an array that are wanted; its axes stay, as long as a block."""
    for axis, index in at:
        x = lax.dynamic_slice_in_dim(x, value(index, given) * index.size, index.size, axis)
    return x


def narrowed(shape: tuple[int, ...], at: At) -> tuple[int, ...]:
    """The shape of the rows of an array that are wanted."""
    axes = dict(at)
    return tuple(axes[k].size if k in axes else n for k, n in enumerate(shape))


def ordered(at: dict[int, Index], shape: tuple[int, ...]) -> At:
    """Rows by their axes, without those of axes of which all are told."""
    return tuple(sorted((k, index) for k, index in at.items() if shape[k] > index.size))
