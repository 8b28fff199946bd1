"""JavaScript of gather and scatter: elements from, and to, places that are numbers themselves."""

from collections.abc import Sequence

import numpy as np
from jax.extend.core import JaxprEqn

from gradart.javascript.array_values import KEY, Scalar, Value, View, literal, read
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.loops import Index, Loop, between, named

_UPDATES = {
    "scatter": "{x}",
    "scatter-add": "{a}+{x}",
    "scatter-sub": "{a}-{x}",
    "scatter-mul": "{a}*{x}",
    "scatter-min": "Math.min({a},{x})",
    "scatter-max": "Math.max({a},{x})",
}


def _gather(e: Emitter, eqn: JaxprEqn, operand: Value, places: Value) -> Value:
    numbers, sizes = eqn.params["dimension_numbers"], eqn.params["slice_sizes"]
    to = e.buffer(out_shape(eqn), out_type(eqn))
    source = one(e, operand) if isinstance(operand, Scalar) else e.kept(operand)
    left_out = {*numbers.collapsed_slice_dims, *numbers.operand_batching_dims}
    window = [k for k in range(len(source.shape)) if k not in left_out]
    loop = e.loop(places.shape[:-1])
    inner = e.loop([sizes[k] for k in window], loop)
    steady = zip(numbers.operand_batching_dims, numbers.start_indices_batching_dims, strict=True)
    along = dict(zip(window, inner.indices, strict=True))
    along |= {axis: loop.indices[k] for axis, k in steady}
    axes = numbers.start_index_map
    start, within = _start(loop, eqn, source, axes, [sizes[k] for k in axes], places)
    place = source.place([along.get(k, Index()) for k in range(len(source.shape))]) + start
    target = to.place(between(numbers.offset_dims, inner.indices, loop.indices))
    fill = _filling(eqn, operand.dtype)
    for word in _words(to):
        text = f"{source.buffer}[{inner.mark(place + word)}]"
        text = f"{within}?{text}:{fill}" if within else text
        inner.lines.append(f"{to.buffer}[{inner.mark(target + word)}]={text};")
    loop.lines.append(inner.text())
    e.run(loop)
    return to


def _start(
    loop: Loop,
    eqn: JaxprEqn,
    array: View,
    axes: Sequence[int],
    sizes: Sequence[int],
    places: Value,
) -> tuple[Index, str]:
    """Where in a buffer the part of an array begins that a loop's place tells, by these axes.

    Parts that reach outside are moved to the nearest that does not, or else told by the name of a
    condition.
    """
    name = f"p{len(loop.table)}"
    loop.table.append(Index())  # so that names are told apart
    mode = str(eqn.params["mode"]).upper()
    asks = "FILL" in mode or "DROP" in mode
    terms, tests = [], []
    for j, (axis, size) in enumerate(zip(axes, sizes, strict=True)):
        last = array.shape[axis] - size
        text = read(places, loop, [*loop.indices, Index(j)])
        loop.lines.append(f"let {name}_{j}={_number(text, places.dtype)};")
        if asks:
            tests.append(f"{name}_{j}>=0&&{name}_{j}<={last}")
        else:
            loop.lines.append(f"{name}_{j}={name}_{j}<0?0:{name}_{j}>{last}?{last}:{name}_{j};")
        terms.append(f"{name}_{j}*{array.steps[axis]}")
    if not terms:
        return Index(), ""
    loop.lines.append(f"const {name}=({'+'.join(terms)})|0;")
    if asks:
        loop.lines.append(f"const {name}in={'&&'.join(tests)};")
    return named(name), f"{name}in" if asks else ""


def _number(text: str, dtype: str) -> str:
    return f"Number({text})" if dtype == "uint64" else text


def _words(view: View) -> Sequence[Index]:
    return [Index(0), Index(1)] if view.dtype == KEY else [Index(0)]


def _filling(eqn: JaxprEqn, dtype: str) -> str:
    """What stands for elements outside, as jax.lax.gather has it."""
    if dtype == KEY:
        return "0"
    told, kind = eqn.params["fill_value"], np.dtype(dtype).kind
    if told is not None:
        return literal(told, dtype)
    if kind == "f":
        return "NaN"
    return literal(np.iinfo(dtype).min if kind == "i" else int(kind == "b"), dtype)


def one(e: Emitter, number: Scalar) -> View:
    """A number as an array (): a buffer that holds it alone."""
    to = e.buffer((), number.dtype)
    e.line(f"{to.buffer}[0]={number.text};")
    return to


def _scatter(e: Emitter, eqn: JaxprEqn, operand: Value, places: Value, updates: Value) -> Value:
    numbers = eqn.params["dimension_numbers"]
    if isinstance(operand, Scalar):
        to = one(e, operand)
    else:
        to = e.buffer(operand.shape, operand.dtype)
        e.store([(operand, to)])
    left_out = {*numbers.inserted_window_dims, *numbers.operand_batching_dims}
    window = [k for k in range(len(to.shape)) if k not in left_out]
    sizes = dict(zip(window, (updates.shape[k] for k in numbers.update_window_dims), strict=True))
    loop = e.loop(places.shape[:-1])
    inner = e.loop([sizes[k] for k in window], loop)
    steady = zip(numbers.operand_batching_dims, numbers.scatter_indices_batching_dims, strict=True)
    along = dict(zip(window, inner.indices, strict=True))
    along |= {axis: loop.indices[k] for axis, k in steady}
    axes = numbers.scatter_dims_to_operand_dims
    start, within = _start(loop, eqn, to, axes, [sizes.get(k, 1) for k in axes], places)
    place = to.place([along.get(k, Index()) for k in range(len(to.shape))]) + start
    at = between(numbers.update_window_dims, inner.indices, loop.indices)
    for word in _words(to):
        target = f"{to.buffer}[{inner.mark(place + word)}]"
        if isinstance(updates, View) and to.dtype == KEY:
            text = f"{updates.buffer}[{inner.mark(updates.place(at) + word)}]"
        else:
            text = read(updates, inner, at)
        added = _UPDATES[eqn.primitive.name].format(a=target, x=text)
        inner.lines.append(f"{target}={added};")
    loop.lines.append(f"if({within}){{{inner.text()}}}" if within else inner.text())
    e.run(loop)
    return to


INDEXING: dict[str, Rule] = {"gather": _gather, **dict.fromkeys(_UPDATES, _scatter)}
