"""JavaScript of what makes, moves and joins the elements of arrays."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from jax.extend.core import JaxprEqn

from gradart.javascript.array_values import (
    KEY,
    Formula,
    Scalar,
    Value,
    View,
    literal,
    moved,
    read,
    steps_of,
)
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.loops import Index, Loop
from gradart.javascript.rules.elementwise import ELEMENTWISE, Expression, converted, held

_MOVES = frozenset(("max", "min", "select_n", "clamp", "copy", "stop_gradient"))


def elementwise(expression: Expression, name: str) -> Rule:
    """The rule of a function of each element: a formula, or an expression of numbers."""

    def rule(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> Value:
        shape, made = out_shape(eqn), out_type(eqn)
        dtype = inputs[-1 if name == "select_n" else 0].dtype
        if dtype == KEY:
            assert all(isinstance(v, View) for v in inputs)
            return e.copied(inputs[0])

        def text(read_input: Callable[[Value], str]) -> str:
            found = expression(eqn, dtype, *map(read_input, inputs))
            return found if name in _MOVES else held(found, made)

        if shape == ():
            return e.assigned("", text(lambda v: e.scalar(v).text), made)

        def at(loop: Loop, place: Sequence[Index]) -> str:
            def one(value: Value) -> str:
                own = [
                    Index() if size == 1 else index
                    for size, index in zip(value.shape, place if value.shape else [], strict=True)
                ]
                return read(value, loop, own)

            return text(one)

        return Formula(shape, made, at)

    return rule


def filled(shape: Sequence[int], number: Scalar) -> Formula:
    """An array that holds one number everywhere."""
    return Formula(tuple(shape), number.dtype, lambda loop, at: number.text)


def _placed(
    shape: Sequence[int], value: Value, from_: Callable[[Sequence[Index]], Sequence[Index]]
) -> Value:
    """An array whose elements are those of another, or of one number, at other places."""
    if isinstance(value, Scalar):
        return value if not shape else filled(shape, value)
    return moved(value, shape, from_)


def _broadcast(e: Emitter, eqn: JaxprEqn, value: Value, *_: Value) -> Value:
    axes, shape = eqn.params["broadcast_dimensions"], out_shape(eqn)
    if isinstance(value, Scalar):
        return filled(shape, value)
    wide = [size == 1 for size in value.shape]
    return moved(
        value,
        shape,
        lambda at: [Index() if one else at[axis] for axis, one in zip(axes, wide, strict=True)],
    )


def _reshape(e: Emitter, eqn: JaxprEqn, value: Value, *_: Value) -> Value:
    return reshaped(e, value, out_shape(eqn))


def reshaped(e: Emitter, value: Value, shape: Sequence[int]) -> Value:
    """The same elements, row after row, in another shape."""
    if isinstance(value, Scalar):
        return value if not shape else filled(shape, value)
    long = [(k, size) for k, size in enumerate(value.shape) if size != 1]
    if [size for _, size in long] == [size for size in shape if size != 1]:
        places = [k for k, size in enumerate(shape) if size != 1]
        back = {k: place for (k, _), place in zip(long, places, strict=True)}
        count = len(value.shape)
        return moved(
            value, shape, lambda at: [at[back[k]] if k in back else Index() for k in range(count)]
        )
    kept = e.kept(value)
    if not kept.compact:
        kept = e.whole(kept)
    return replace(kept, shape=tuple(shape), steps=steps_of(shape, kept.dtype))


def _transpose(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    order = eqn.params["permutation"]
    where = [order.index(k) for k in range(len(order))]
    return _placed(out_shape(eqn), value, lambda at: [at[k] for k in where])


def _slice(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    starts = eqn.params["start_indices"]
    steps = eqn.params["strides"] or (1,) * len(starts)
    return _placed(
        out_shape(eqn),
        value,
        lambda at: [
            index * step + Index(start)
            for index, step, start in zip(at, steps, starts, strict=True)
        ],
    )


def _rev(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    axes, shape = eqn.params["dimensions"], out_shape(eqn)
    return _placed(
        shape,
        value,
        lambda at: [
            index * -1 + Index(shape[k] - 1) if k in axes else index for k, index in enumerate(at)
        ],
    )


def _iota(e: Emitter, eqn: JaxprEqn, *_: Value) -> Value:
    axis, dtype = eqn.params["dimension"], out_type(eqn)

    def at(loop: Loop, place: Sequence[Index]) -> str:
        return converted(loop.mark(place[axis]), "int32", dtype)

    return Formula(out_shape(eqn), dtype, at)


def _squeezed(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    return reshaped(e, value, out_shape(eqn))


def _concatenate(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> Value:
    return joined(e, inputs, eqn.params["dimension"], out_shape(eqn), out_type(eqn))


def _stack(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> Value:
    axis, shape = eqn.params["axis"], out_shape(eqn)
    one = (*shape[:axis], 1, *shape[axis + 1 :])
    parts = [_placed(one, v, lambda at: [*at[:axis], *at[axis + 1 :]]) for v in inputs]
    parts = [filled(one, p) if isinstance(p, Scalar) else p for p in parts]
    return joined(e, parts, axis, shape, out_type(eqn))


def joined(
    e: Emitter, inputs: Sequence[Value], axis: int, shape: tuple[int, ...], dtype: str
) -> View:
    """Arrays side by side along an axis; those of one shape are written in one loop."""
    to, start = e.buffer(shape, dtype), 0
    groups: dict[tuple[int, ...], list[tuple[Value, View]]] = {}
    for value in inputs:
        part = part_of(to, axis, start, value.shape[axis])
        groups.setdefault(value.shape, []).append((value, part))
        start += value.shape[axis]
    for pairs in groups.values():
        e.store(pairs)
    return to


def part_of(view: View, axis: int, start: int, size: int) -> View:
    """Some of a view along an axis."""
    shape = (*view.shape[:axis], size, *view.shape[axis + 1 :])
    return replace(view, shape=shape, start=view.start + Index(start * view.steps[axis]))


def _tile(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    parts = value
    for axis, count in enumerate(eqn.params["reps"]):
        if count != 1:
            one = e.kept(parts) if not isinstance(parts, Scalar) else parts
            shape = list(one.shape)
            shape[axis] *= count
            parts = joined(e, [one] * count, axis, tuple(shape), value.dtype)
    return parts


def _pad(e: Emitter, eqn: JaxprEqn, value: Value, padding: Value) -> Value:
    """An array within a larger one, with gaps between its elements; or cut, by a negative pad."""
    to = e.buffer(out_shape(eqn), out_type(eqn))
    e.store([(filled(to.shape, e.scalar(padding)), to)])
    inner, source = to, e.kept(value) if not isinstance(value, Scalar) else filled((), value)
    for axis, (low, _, gap) in enumerate(eqn.params["padding_config"]):
        count, step = value.shape[axis], gap + 1
        first = max(0, -(low // step))  # the first element that lies within
        last = min(count, (to.shape[axis] - 1 - low) // step + 1)
        size = max(0, last - first)
        start = inner.start + Index((low + first * step) * inner.steps[axis])
        steps = list(inner.steps)
        steps[axis] *= step
        shape = (*inner.shape[:axis], size, *inner.shape[axis + 1 :])
        inner = replace(inner, start=start, steps=tuple(steps), shape=shape)
        if isinstance(source, View):
            source = part_of(source, axis, first, size)
    e.store([(source, inner)])
    return to


def _starts(
    e: Emitter, starts: Sequence[Value], shape: Sequence[int], sizes: Sequence[int]
) -> list[Index]:
    """Where a part of an array begins that is told as the program runs: always within."""
    return [
        e.index(start, 0, whole - size) if whole > size else Index()
        for start, whole, size in zip(starts, shape, sizes, strict=True)
    ]


def _dynamic_slice(e: Emitter, eqn: JaxprEqn, value: Value, *starts: Value) -> Value:
    sizes = eqn.params["slice_sizes"]
    begin = _starts(e, starts, value.shape, sizes)
    if isinstance(value, Scalar):
        return value
    kept = e.kept(value)
    return moved(kept, sizes, lambda at: [a + b for a, b in zip(at, begin, strict=True)])


def _dynamic_update_slice(
    e: Emitter, eqn: JaxprEqn, value: Value, part: Value, *starts: Value
) -> Value:
    to = e.copied(value)
    if isinstance(to, Scalar):
        return part
    assert isinstance(to, View)
    begin = _starts(e, starts, value.shape, part.shape)
    inner = moved(to, part.shape, lambda at: [a + b for a, b in zip(at, begin, strict=True)])
    assert isinstance(inner, View)
    e.store([(part, inner)])
    return to


def _split(e: Emitter, eqn: JaxprEqn, value: Value) -> list[Value]:
    axis, kept = eqn.params["axis"], e.kept(value)
    parts, start = [], 0
    for size in eqn.params["sizes"]:
        parts.append(part_of(kept, axis, start, size))
        start += size
    return list(parts)


def _unstack(e: Emitter, eqn: JaxprEqn, value: Value) -> list[Value]:
    axis, kept = eqn.params["axis"], e.kept(value)
    return [moved(kept, out_shape(eqn), _at_number(axis, k)) for k in range(kept.shape[axis])]


def _at_number(axis: int, k: int) -> Callable[[Sequence[Index]], list[Index]]:
    """From places in one of the parts of an array to places in the array."""
    return lambda at: [*at[:axis], Index(k), *at[axis:]]


def _empty(e: Emitter, eqn: JaxprEqn, *_: Value) -> Value:
    zero = Scalar(literal(0, out_type(eqn)), out_type(eqn))
    return filled(out_shape(eqn), zero) if out_shape(eqn) else zero


def _same(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> list[Value]:
    return list(inputs)


EACH: dict[str, Rule] = {name: elementwise(rule, name) for name, rule in ELEMENTWISE.items()}
MOVED: dict[str, Rule] = {
    "broadcast_in_dim": _broadcast,
    "reshape": _reshape,
    "squeeze": _squeezed,
    "transpose": _transpose,
    "slice": _slice,
    "rev": _rev,
    "iota": _iota,
}
JOINED: dict[str, Rule] = {"concatenate": _concatenate, "stack": _stack}
ARRAYS: dict[str, Rule] = {
    "tile": _tile,
    "pad": _pad,
    "split": _split,
    "unstack": _unstack,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "empty": _empty,
    "empty2": _empty,
    "zeros_like": _empty,
    "optimization_barrier": _same,
    "name": _same,
    "device_put": _same,
}
