"""Loops that compute an array in parts, of which one or two are enough for some rows.

See `in_parts` of gradart/calculus/programs/cache_blocking.py, which writes such loops.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import Jaxpr, JaxprEqn, Literal, Var

from gradart.calculus.programs.cache_blocking import SOME_ROWS
from gradart.calculus.programs.jaxprs import Scan, bind, shaped, variables
from gradart.optimizing.row_programs.known_rows import Wanted
from gradart.optimizing.row_programs.row_index import Index

_READS = ("dynamic_slice", "gather")  # by which a step takes its rows, mapped or not
_WRITES = ("dynamic_update_slice", "scatter")


@dataclass(frozen=True)
class PartProgram:
    """What such a loop does with the rows of one part, which are `size`.

    `cut` are those of its inputs of which a part takes rows, with their axis; `made` are those of
    its outputs that a part has rows of, with their axis. The others that it takes are whole.
    """

    size: int
    cut: dict[int, int]
    whole: tuple[int, ...]
    made: dict[int, int]
    _steps: tuple[JaxprEqn, ...]
    _inputs: dict[int, Var]
    _outputs: dict[int, Var]

    def blocks(self, wanted: Sequence[Wanted]) -> set[Index] | None:
        """The blocks of rows that are wanted of the outputs; None if it is more than such."""
        blocks: set[Index] = set()
        for out, some in enumerate(wanted):
            for at in some:
                if len(at) != 1 or self.made.get(out) != at[0][0]:
                    return None
                blocks.add(at[0][1])
        return blocks

    def run(self, inputs: dict[int, jax.Array], rows: int) -> dict[int, jax.Array]:
        """The rows of all outputs, of as many rows of what is cut, and all of what is whole."""
        found: dict[int, list[jax.Array]] = {out: [] for out in self.made}
        for first in range(0, rows, self.size):
            last = min(first + self.size, rows)
            one = dict(inputs)
            for place, axis in self.cut.items():
                some = lax.slice_in_dim(inputs[place], first, last, axis=axis)
                more = [(0, self.size - last + first if k == axis else 0) for k in range(some.ndim)]
                one[place] = jnp.pad(some, more, mode="edge")
            for out, part in self._part(one).items():
                kept = lax.slice_in_dim(part, 0, last - first, axis=self.made[out])
                found[out].append(kept)
        return {out: jnp.concatenate(some, self.made[out]) for out, some in found.items()}

    def _part(self, inputs: dict[int, jax.Array]) -> dict[int, jax.Array]:
        values: dict[Var, jax.Array] = {self._inputs[k]: x for k, x in inputs.items()}
        for eqn in self._steps:
            taken = [v.val if isinstance(v, Literal) else values[v] for v in eqn.invars]
            values.update(zip(eqn.outvars, bind(eqn, taken), strict=True))
        return {out: values[v] for out, v in self._outputs.items()}


def part_program(loop: Scan) -> PartProgram | None:
    """What a loop does with one part; None of a loop that is another."""
    body = loop.body.jaxpr
    if sum(eqn.params.get("name") == SOME_ROWS for eqn in body.eqns) != 1 or body.constvars:
        return None
    by = {v: eqn for eqn in body.eqns for v in eqn.outvars}
    consts = {v: place for place, v in enumerate(body.invars[: loop.consts])}
    own = body.invars[loop.consts :]
    updates: dict[int, tuple[Var, int]] = {}
    for out, atom in enumerate(body.outvars):
        eqn = by.get(atom) if isinstance(atom, Var) else None
        if eqn is None or eqn.primitive.name not in _WRITES or eqn.invars[0] != own[out]:
            continue
        update = eqn.invars[1 if eqn.primitive.name == _WRITES[0] else 2]
        axis = _only_axis(shaped(atom).shape, shaped(update).shape)
        if axis is None or not isinstance(update, Var):
            return None
        updates[out] = update, axis
    reads: dict[Var, tuple[int, int]] = {}
    for eqn in body.eqns:
        (first, *_), (read, *_) = eqn.invars, eqn.outvars
        if eqn.primitive.name in _READS and isinstance(first, Var) and first in consts:
            axis = _only_axis(shaped(first).shape, shaped(read).shape)
            if axis is not None:
                reads[read] = consts[first], axis
    return _of_reads(body, consts, reads, updates)


def _of_reads(
    body: Jaxpr,
    consts: dict[Var, int],
    reads: dict[Var, tuple[int, int]],
    updates: dict[int, tuple[Var, int]],
) -> PartProgram | None:
    """What leads from the rows that are read to those that are written."""
    needed = {update for update, _ in updates.values()}
    steps: list[JaxprEqn] = []
    for eqn in reversed(body.eqns):
        if not needed.isdisjoint(eqn.outvars) and needed.isdisjoint(reads.keys() & eqn.outvars):
            steps.append(eqn)
            needed |= variables(eqn.invars)
    made = {v for eqn in steps for v in eqn.outvars}
    taken = needed - made
    cut = {reads[v][0]: v for v in taken if v in reads}
    whole = {consts[v]: v for v in taken if v in consts}
    sizes = {shaped(v).shape[reads[v][1]] for v in cut.values()}
    sizes |= {shaped(v).shape[axis] for v, axis in updates.values()}
    both = cut.keys() & whole.keys()
    if len(sizes) != 1 or both or len(cut) + len(whole) != len(taken) or not cut:
        return None
    return PartProgram(
        sizes.pop(),
        {place: reads[v][1] for place, v in cut.items()},
        tuple(whole),
        {out: axis for out, (_, axis) in updates.items()},
        tuple(reversed(steps)),
        {**cut, **whole},
        {out: v for out, (v, _) in updates.items()},
    )


def _only_axis(shape: tuple[int, ...], other: tuple[int, ...]) -> int | None:
    """The only axis along which two shapes differ."""
    if len(shape) != len(other):
        return None
    axes = [k for k, (n, m) in enumerate(zip(shape, other, strict=True)) if n != m]
    return axes[0] if len(axes) == 1 else None
