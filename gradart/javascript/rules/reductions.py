"""JavaScript of sums and extremes along axes, whole or running, of orders and of products."""

import math

from jax.extend.core import JaxprEqn

from gradart.javascript.array_values import Scalar, Value, View, read
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.loops import Index, Loop, between
from gradart.javascript.rules.elementwise import held

# What is there before the first element, and how an element is added to it.
_SUMS = {
    "reduce_sum": ("0", "{a}+{x}"),
    "reduce_prod": ("1", "{a}*{x}"),
    "reduce_max": ("-Infinity", "Math.max({a},{x})"),
    "reduce_min": ("Infinity", "Math.min({a},{x})"),
    "reduce_and": ("1", "{a}&{x}"),
    "reduce_or": ("0", "{a}|{x}"),
    "reduce_xor": ("0", "{a}^{x}"),
    "cumsum": ("0", "{a}+{x}"),
    "cumprod": ("1", "{a}*{x}"),
    "cummax": ("-Infinity", "Math.max({a},{x})"),
    "cummin": ("Infinity", "Math.min({a},{x})"),
    "cumlogsumexp": ("-Infinity", "log_add({a},{x})"),
}


def _added(name: str, dtype: str, a: str, x: str) -> str:
    text = _SUMS[name][1].format(a=a, x=x)
    if dtype in ("int32", "uint32") and "prod" in name:
        return held(f"Math.imul({a},{x})", dtype)
    return text if "Math.m" in text else held(f"({text})", dtype)


def _start(name: str, dtype: str) -> str:
    text = _SUMS[name][0]
    if dtype == "uint64":
        return {"-Infinity": "0n", "Infinity": "18446744073709551615n"}.get(text, text + "n")
    return "-1" if name == "reduce_and" and dtype != "bool" else text


def _reduce(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    name, axes, shape, dtype = eqn.primitive.name, eqn.params["axes"], out_shape(eqn), out_type(eqn)
    if isinstance(value, Scalar):
        return value
    sizes = [value.shape[k] for k in axes]
    loop = e.loop(shape)
    total = f"a{len(loop.table)}"
    loop.lines.append(f"let {total}={_start(name, dtype)};")
    inner = e.loop(sizes, loop)
    element = read(value, inner, between(axes, inner.indices, loop.indices))
    inner.lines.append(f"{total}={_added(name, dtype, total, element)};")
    loop.lines.append(inner.text())
    return _ended(e, loop, shape, dtype, total)


def _ended(e: Emitter, loop: Loop, shape: tuple[int, ...], dtype: str, total: str) -> Value:
    """Put what a loop has summed up where it is to lie, and write the loop."""
    if shape == ():
        number = e.number(dtype)
        loop.lines.append(f"{number.text}={total};")
        e.run(loop)
        return number
    to = e.buffer(shape, dtype)
    loop.lines.append(f"{to.buffer}[{loop.mark(to.place(loop.indices))}]={total};")
    e.run(loop)
    return to


def _extreme(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    """argmax and argmin: the first of the extremes, a NaN before all."""
    (axis,), shape, dtype = eqn.params["axes"], out_shape(eqn), out_type(eqn)
    sign = ">" if eqn.primitive.name == "argmax" else "<"
    if isinstance(value, Scalar):
        return Scalar("0", dtype)
    loop = e.loop(shape)
    best, where = f"a{len(loop.table)}", f"w{len(loop.table)}"
    first = read(value, loop, between([axis], [Index()], loop.indices))
    loop.lines.append(f"let {best}={first},{where}=0;")
    inner = e.loop([value.shape[axis]], loop)
    x = read(value, inner, between([axis], inner.indices, loop.indices))
    place = inner.mark(inner.indices[0])
    better = f"{x}{sign}{best}||({x}!=={x}&&{best}==={best})"
    inner.lines.append(f"if({better}){{{best}={x};{where}={place};}}")
    loop.lines.append(inner.text())
    return _ended(e, loop, shape, dtype, where)


def _running(e: Emitter, eqn: JaxprEqn, value: Value) -> Value:
    """cumsum and its kin, from the front or from behind.

    Along the last axis they add up in a number, else row after row, as the numbers lie.
    """
    name, axis, back = eqn.primitive.name, eqn.params["axis"], eqn.params["reverse"]
    shape, dtype = out_shape(eqn), out_type(eqn)
    to, size = e.buffer(shape, dtype), shape[axis]
    if math.prod(shape[axis + 1 :]) > 1:
        _row_by_row(e, eqn, value, to)
        return to
    loop = e.loop([n for k, n in enumerate(shape) if k != axis])
    total = f"a{len(loop.table)}"
    loop.lines.append(f"let {total}={_start(name, dtype)};")
    inner = e.loop([size], loop)
    along = inner.indices[0] * -1 + Index(size - 1) if back else inner.indices[0]
    at = between([axis], [along], loop.indices)
    inner.lines.append(f"{total}={_added(name, dtype, total, read(value, inner, at))};")
    inner.lines.append(f"{to.buffer}[{inner.mark(to.place(at))}]={total};")
    loop.lines.append(inner.text())
    e.run(loop)
    return to


def _row_by_row(e: Emitter, eqn: JaxprEqn, value: Value, to: View) -> None:
    name, axis, back = eqn.primitive.name, eqn.params["axis"], eqn.params["reverse"]
    before, after = to.shape[:axis], to.shape[axis + 1 :]
    size = to.shape[axis]
    for first, count in ((0, min(size, 1)), (1, size - 1)):
        loop = e.loop((*before, count, *after))
        step = loop.indices[axis] + Index(first)
        along = step * -1 + Index(size - 1) if back else step
        at = [*loop.indices[:axis], along, *loop.indices[axis + 1 :]]
        known = [*loop.indices[:axis], along + Index(1 if back else -1), *loop.indices[axis + 1 :]]
        last = f"{to.buffer}[{loop.mark(to.place(known))}]" if first else _start(name, to.dtype)
        text = _added(name, to.dtype, last, read(value, loop, at))
        loop.lines.append(f"{to.buffer}[{loop.mark(to.place(at))}]={text};")
        e.run(loop)


def _dot(e: Emitter, eqn: JaxprEqn, a: Value, b: Value) -> Value:
    (along_a, along_b), (batch_a, batch_b) = eqn.params["dimension_numbers"]
    if not isinstance(a, Scalar):
        a = e.kept(a)
    if not isinstance(b, Scalar):
        b = e.kept(b)
    shape, dtype = out_shape(eqn), out_type(eqn)
    free_a = [k for k in range(len(a.shape)) if k not in (*along_a, *batch_a)]
    free_b = [k for k in range(len(b.shape)) if k not in (*along_b, *batch_b)]
    loop = e.loop(shape)
    total = f"a{len(loop.table)}"
    loop.lines.append(f"let {total}=0;")
    inner = e.loop([a.shape[k] for k in along_a], loop)
    count = len(batch_a)
    places_a = {
        **dict(zip(batch_a, loop.indices[:count], strict=True)),
        **dict(zip(free_a, loop.indices[count : count + len(free_a)], strict=True)),
        **dict(zip(along_a, inner.indices, strict=True)),
    }
    places_b = {
        **dict(zip(batch_b, loop.indices[:count], strict=True)),
        **dict(zip(free_b, loop.indices[count + len(free_a) :], strict=True)),
        **dict(zip(along_b, inner.indices, strict=True)),
    }
    x = read(a, inner, [places_a[k] for k in range(len(a.shape))])
    y = read(b, inner, [places_b[k] for k in range(len(b.shape))])
    inner.lines.append(f"{total}+={x}*{y};")
    loop.lines.append(inner.text())
    return _ended(e, loop, shape, dtype, total)


def _sort(e: Emitter, eqn: JaxprEqn, *values: Value) -> list[Value]:
    axis, keys = eqn.params["dimension"], eqn.params["num_keys"]
    shape = out_shape(eqn)
    sources = [e.whole(v) for v in values]
    made = [e.buffer(shape, v.dtype) for v in sources]
    inner = 1
    for size in shape[axis + 1 :]:
        inner *= size
    lists = ",".join(v.buffer for v in sources), ",".join(v.buffer for v in made)
    e.line(f"sort([{lists[0]}],[{lists[1]}],{shape[axis]},{inner},{keys});")
    return list(made)


def _top_k(e: Emitter, eqn: JaxprEqn, value: Value) -> list[Value]:
    source, count = e.whole(value), eqn.params["k"]
    made = [e.buffer(out_shape(eqn, k), out_type(eqn, k)) for k in (0, 1)]
    size = value.shape[-1]
    e.line(f"top_k({source.buffer},{made[0].buffer},{made[1].buffer},{size},{count});")
    return list(made)


SUMMED: dict[str, Rule] = {
    **{name: _reduce for name in _SUMS if name.startswith("reduce")},
}
REDUCTIONS: dict[str, Rule] = {
    **{name: _running for name in _SUMS if name.startswith("cum")},
    "argmax": _extreme,
    "argmin": _extreme,
    "dot_general": _dot,
    "sort": _sort,
    "top_k": _top_k,
}
