"""Rows of arrays in a program: what is wanted of them, what is known, and how it is handed on."""

from collections.abc import Sequence
from typing import cast

import jax
from jax import lax
from jax.core import Atom
from jax.extend.core import Literal, Var

from gradart.optimizing.row_programs.row_index import At, taken

# What is known of an array: by the rows that are wanted of it, these; () is all of it.
Rows = dict[At, jax.Array]
Wanted = set[At]


def row_of(rows: Rows, at: At, given: jax.Array) -> jax.Array:
    """The rows of an array that are wanted, of what is known of it."""
    return rows[at] if at in rows else taken(rows[()], at, given)


def fewest(wanted: Wanted) -> Wanted:
    """What is wanted of an array; all of it, if all is wanted among others."""
    return {()} if () in wanted else wanted


def only_one(wanted: Wanted) -> Wanted:
    """The same, of what can be carried but once."""
    return wanted if len(wanted) < 2 else {()}


def mixes(wanted: Sequence[Wanted], carried: list[Wanted]) -> bool:
    """Whether a loop must carry all rows of what is wanted of a few."""
    return any(
        () not in some and () in all_of for some, all_of in zip(wanted, carried, strict=False)
    )


def read(known: dict[Var, Rows], atom: Atom, at: At, given: jax.Array) -> jax.Array:
    if isinstance(atom, Literal):
        return cast(jax.Array, atom.val)  # a number of NumPy's is as good
    return row_of(known[atom], at, given)


def rows_of(
    known: dict[Var, Rows], atoms: Sequence[Atom], needed: Sequence[Wanted], given: jax.Array
) -> list[Rows]:
    pairs = zip(atoms, needed, strict=True)
    return [{at: read(known, v, at, given) for at in some} for v, some in pairs]


def listed(rows: Sequence[Rows], wanted: Sequence[Wanted]) -> list[jax.Array]:
    """What is wanted of several arrays, in one order."""
    return [
        one[at] for one, some in zip(rows, wanted, strict=True) for at in sorted(some, key=repr)
    ]


def told(arrays: Sequence[jax.Array], wanted: Sequence[Wanted]) -> list[Rows]:
    """What is listed, by what is wanted."""
    each = iter(arrays)
    return [{at: next(each) for at in sorted(some, key=repr)} for some in wanted]


def as_begun(found: Sequence[jax.Array], state: Sequence[jax.Array]) -> list[jax.Array]:
    """What a loop carries on, in the types that it began with."""
    return [lax.convert_element_type(x, y.dtype) for x, y in zip(found, state, strict=True)]


def inside_step(at: At) -> At:
    """Rows of what a loop gives in each of its steps, of those of all steps along a first axis."""
    return tuple((axis - 1, index) for axis, index in at if axis)


def outside_step(at: At) -> At:
    return tuple((axis + 1, index) for axis, index in at)


def part_of(rows: Rows, at: At, given: jax.Array) -> jax.Array:
    """Rows of all steps of a loop, where those within each step are taken already."""
    steps = tuple((axis, index) for axis, index in at if not axis)
    others = tuple((axis, index) for axis, index in at if axis)
    return taken(row_of(rows, others, given), steps, given)
