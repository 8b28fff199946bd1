"""What each primitive of JAX needs of its inputs where only some rows of its output are wanted."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import JaxprEqn

from gradart.calculus.programs.jaxprs import bind, shaped
from gradart.javascript.rules.elementwise import ELEMENTWISE
from gradart.optimizing.row_programs.row_index import (
    At,
    Index,
    clipped,
    narrowed,
    ordered,
    plus,
    reshaped,
    taken,
    turned,
    value,
)


class Rule(NamedTuple):
    """The rows of each input that are needed, and what makes the output's rows of these.

    `run` is given the inputs' rows, and the number that all indices are told by.
    """

    needed: tuple[At, ...]
    run: Callable[[Sequence[jax.Array], jax.Array], jax.Array]


def rule(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    """How the rows `at` of an output of an equation are computed; None if all rows must be."""
    known = _RULES.get(eqn.primitive.name)
    return None if known is None else known(eqn, out, at)


def _shape(eqn: JaxprEqn, place: int = 0) -> tuple[int, ...]:
    return shaped(eqn.invars[place]).shape


def _with(eqn: JaxprEqn, out: int, needed: Sequence[At], **params: object) -> Rule:
    """A rule by the same primitive, with other parameters."""
    other = eqn.replace(params={**eqn.params, **params})
    return Rule(tuple(needed), lambda inputs, given: bind(other, inputs)[out])


def _each(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    """A function of the numbers at the same place; what is short along an axis is one for all."""
    wide, needed = shaped(eqn.outvars[out]).shape, []
    for atom in eqn.invars:
        shape = shaped(atom).shape
        if shape and len(shape) != len(wide):
            return None
        needed.append(ordered(dict(at), shape) if shape else ())
    return _with(eqn, out, needed)


def _broadcast(eqn: JaxprEqn, out: int, at: At) -> Rule:
    shape, axes = _shape(eqn), dict(at)
    wide = eqn.params["shape"]
    kept = {k: axes[to] for k, to in enumerate(eqn.params["broadcast_dimensions"]) if to in axes}
    needed = [ordered(kept, shape), *[()] * (len(eqn.invars) - 1)]
    return _with(eqn, out, needed, shape=narrowed(wide, at))


def _groups(before: Sequence[int], after: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Axes before and after a change of shape that hold the same rows, as few as can be each."""
    found, i, j = [], 0, 0
    while i < len(before) or j < len(after):
        some: list[int] = []
        others: list[int] = []
        size = other = 1
        while not (some or others) or size != other:
            if j == len(after) or (size <= other and i < len(before)):
                some.append(i)
                size *= before[i]
                i += 1
            else:
                others.append(j)
                other *= after[j]
                j += 1
        found.append((some, others))
    return found


def _reshape(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    shape, after, axes = _shape(eqn), eqn.params["new_sizes"], dict(at)
    order = eqn.params.get("dimensions") or range(len(shape))  # of the axes, beforehand
    before = [shape[k] for k in order]
    if 0 in before:
        return None
    needed: dict[int, Index] = {}
    for inner, outer in _groups(before, after):
        own = [k for k in outer if after[k] > 1]
        from_ = [k for k in inner if before[k] > 1]
        told = {place: axes[k] for place, k in enumerate(own) if k in axes}
        found = reshaped(told, [after[k] for k in own], [before[k] for k in from_])
        if found is None:
            return None
        needed |= {from_[place]: index for place, index in found.items()}
    own_axes = {order[k]: index for k, index in needed.items()}
    return _with(eqn, out, [ordered(own_axes, shape)], new_sizes=narrowed(after, at))


def _squeeze(eqn: JaxprEqn, out: int, at: At) -> Rule:
    shape, gone = _shape(eqn), eqn.params["dimensions"]
    left = [k for k in range(len(shape)) if k not in gone]
    return _with(eqn, out, [ordered({left[k]: i for k, i in at}, shape)])


def _transpose(eqn: JaxprEqn, out: int, at: At) -> Rule:
    order = eqn.params["permutation"]
    return _with(eqn, out, [ordered({order[k]: index for k, index in at}, _shape(eqn))])


def _rev(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    shape, ways = _shape(eqn), eqn.params["dimensions"]
    needed: dict[int, Index] = {}
    for k, index in at:
        found = turned(index, shape[k]) if k in ways else index
        if found is None:
            return None
        needed[k] = found
    return _with(eqn, out, [ordered(needed, shape)])


def _slice(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    shape, p, axes = _shape(eqn), eqn.params, dict(at)
    strides = p["strides"] or (1,) * len(shape)
    if any(strides[k] != 1 for k in axes):
        return None
    starts, limits = list(p["start_indices"]), list(p["limit_indices"])
    needed: dict[int, Index] = {}
    for k, index in at:
        found = plus(index, starts[k])
        if found is None:
            return None
        needed[k], starts[k], limits[k] = found, 0, index.size
    return _with(
        eqn,
        out,
        [ordered(needed, shape)],
        start_indices=tuple(starts),
        limit_indices=tuple(limits),
    )


def _concatenate(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    axis, axes = eqn.params["dimension"], dict(at)
    if not all(shaped(v).shape[axis] for v in eqn.invars):
        return None
    if axis not in axes:
        return _with(eqn, out, [at] * len(eqn.invars))
    along, needed, starts, first = axes[axis], [], [], 0
    if any(shaped(atom).shape[axis] % along.size for atom in eqn.invars):
        return None
    for atom in eqn.invars:
        shape = shaped(atom).shape
        needed.append(ordered({**axes, axis: clipped(along, first, shape[axis])}, shape))
        starts.append(first // along.size)
        first += shape[axis]

    def run(inputs: Sequence[jax.Array], given: jax.Array) -> jax.Array:
        place, found = value(along, given), inputs[0]
        for start, x in zip(starts[1:], inputs[1:], strict=True):
            found = jnp.where(place >= start, x, found)
        return found

    return Rule(tuple(needed), run)


def _stack(eqn: JaxprEqn, out: int, at: At) -> Rule:
    axis = eqn.params["axis"]
    along = tuple((k, index) for k, index in at if k == axis)
    rest = {k - (k > axis): index for k, index in at if k != axis}
    needed = ordered(rest, _shape(eqn))

    def run(inputs: Sequence[jax.Array], given: jax.Array) -> jax.Array:
        return taken(bind(eqn, inputs)[out], along, given)

    return Rule((needed,) * len(eqn.invars), run)


def _unstack(eqn: JaxprEqn, out: int, at: At) -> Rule:
    axis, shape = eqn.params["axis"], _shape(eqn)
    return _with(eqn, out, [ordered({k + (k >= axis): index for k, index in at}, shape)])


def _split(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    axis, sizes, axes = eqn.params["axis"], eqn.params["sizes"], dict(at)
    if axis not in axes:
        return _with(eqn, out, [at])
    along = plus(axes[axis], sum(sizes[:out]))
    if along is None:
        return None
    needed = ordered({**axes, axis: along}, _shape(eqn))
    return Rule((needed,), lambda inputs, given: inputs[0])


def _pad(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    ways = eqn.params["padding_config"]
    return None if any(ways[k] != (0, 0, 0) for k, _ in at) else _with(eqn, out, [at, ()])


def _dynamic_slice(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    shape, sizes = _shape(eqn), list(eqn.params["slice_sizes"])
    if any(sizes[k] != shape[k] for k, _ in at):
        return None
    needed = [at, *[()] * (len(eqn.invars) - 1)]
    return _with(eqn, out, needed, slice_sizes=narrowed(tuple(sizes), at))


def _dynamic_update(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    shape, news = _shape(eqn), _shape(eqn, 1)
    if any(news[k] != shape[k] for k, _ in at):
        return None
    return _with(eqn, out, [at, at, *[()] * (len(eqn.invars) - 2)])


def _reduced(eqn: JaxprEqn, out: int, at: At) -> Rule:
    shape, gone = _shape(eqn), eqn.params["axes"]
    left = [k for k in range(len(shape)) if k not in gone]
    return _with(eqn, out, [ordered({left[k]: i for k, i in at}, shape)])


def _along(name: str) -> Callable[[JaxprEqn, int, At], Rule | None]:
    """Of what goes along one axis, as a sum or what is sorted does."""

    def found(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
        own = eqn.params[name]
        return None if own in dict(at) else _with(eqn, out, [at] * len(eqn.invars))

    return found


def _iota(eqn: JaxprEqn, out: int, at: At) -> Rule:
    axis, axes = eqn.params["dimension"], dict(at)
    shape = narrowed(eqn.params["shape"], at)
    if axis not in axes:
        return _with(eqn, out, [], shape=shape)
    along, dtype = axes[axis], eqn.params["dtype"]

    def run(inputs: Sequence[jax.Array], given: jax.Array) -> jax.Array:
        first = value(along, given) * along.size
        return (first + lax.broadcasted_iota(int, shape, axis)).astype(dtype)

    return Rule((), run)


def _dot(eqn: JaxprEqn, out: int, at: At) -> Rule:
    (gone, others_gone), (batch, others_batch) = eqn.params["dimension_numbers"]
    one, other = _shape(eqn, 0), _shape(eqn, 1)
    free = [k for k in range(len(one)) if k not in (*gone, *batch)]
    others_free = [k for k in range(len(other)) if k not in (*others_gone, *others_batch)]
    own: dict[int, Index] = {}
    others: dict[int, Index] = {}
    for k, index in at:
        if k < len(batch):
            own[batch[k]] = others[others_batch[k]] = index
        elif k < len(batch) + len(free):
            own[free[k - len(batch)]] = index
        else:
            others[others_free[k - len(batch) - len(free)]] = index
    return _with(eqn, out, [ordered(own, one), ordered(others, other)])


def _gather(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    p, shape, axes = eqn.params, _shape(eqn), dict(at)
    numbers, sizes = p["dimension_numbers"], list(p["slice_sizes"])
    rank = len(shaped(eqn.outvars[0]).shape)
    batch = [k for k in range(rank) if k not in numbers.offset_dims]
    kept = [
        k
        for k in range(len(shape))
        if k not in (*numbers.collapsed_slice_dims, *numbers.operand_batching_dims)
    ]
    own: dict[int, Index] = {}
    rows: dict[int, Index] = {}
    for k, index in axes.items():
        if k in batch:
            place = batch.index(k)
            rows[place] = index
            if place in numbers.start_indices_batching_dims:
                paired = list(numbers.start_indices_batching_dims).index(place)
                own[numbers.operand_batching_dims[paired]] = index
        else:
            axis = kept[list(numbers.offset_dims).index(k)]
            if axis in numbers.start_index_map or sizes[axis] != shape[axis]:
                return None
            own[axis], sizes[axis] = index, index.size
    needed = [ordered(own, shape), ordered(rows, _shape(eqn, 1))]
    return _with(eqn, out, needed, slice_sizes=tuple(sizes))


def _scatter(eqn: JaxprEqn, out: int, at: At) -> Rule | None:
    numbers, shape, news = eqn.params["dimension_numbers"], _shape(eqn), _shape(eqn, 2)
    inserted, batches = numbers.inserted_window_dims, list(numbers.operand_batching_dims)
    window = [k for k in range(len(shape)) if k not in (*inserted, *batches)]
    others = [k for k in range(len(news)) if k not in numbers.update_window_dims]
    rows: dict[int, Index] = {}
    own: dict[int, Index] = {}
    for k, index in at:
        if k in batches:
            place = numbers.scatter_indices_batching_dims[batches.index(k)]
            rows[place] = own[others[place]] = index
        elif k in window and k not in numbers.scatter_dims_to_operand_dims:
            axis = numbers.update_window_dims[window.index(k)]
            if news[axis] != shape[k]:
                return None
            own[axis] = index
        else:
            return None
    return _with(eqn, out, [at, ordered(rows, _shape(eqn, 1)), ordered(own, news)])


_ALIKE = ("select_n", "clamp", "convert_element_type", "copy", "real", "imag", "complex")
_RULES: dict[str, Callable[[JaxprEqn, int, At], Rule | None]] = {
    **dict.fromkeys((*ELEMENTWISE, *_ALIKE), _each),
    **dict.fromkeys((f"reduce_{x}" for x in ("sum", "max", "min", "prod", "and", "or")), _reduced),
    **dict.fromkeys(("argmax", "argmin"), _reduced),
    **dict.fromkeys(
        (f"cum{x}" for x in ("sum", "max", "min", "prod", "logsumexp")), _along("axis")
    ),
    "sort": _along("dimension"),
    "broadcast_in_dim": _broadcast,
    "reshape": _reshape,
    "squeeze": _squeeze,
    "transpose": _transpose,
    "rev": _rev,
    "slice": _slice,
    "concatenate": _concatenate,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update,
    "stack": _stack,
    "unstack": _unstack,
    "split": _split,
    "pad": _pad,
    "iota": _iota,
    "dot_general": _dot,
    "gather": _gather,
    **dict.fromkeys(
        ("scatter", *(f"scatter-{x}" for x in ("add", "sub", "mul", "min", "max"))), _scatter
    ),
}
