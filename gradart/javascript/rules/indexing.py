"""JavaScript of gather and scatter: elements from, and to, places that are numbers themselves."""

import json
from collections.abc import Sequence

import numpy as np
from jax.extend.core import JaxprEqn

from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.values import KEY, Scalar, Value, View, literal

_SCATTERS = {
    "scatter": "set",
    "scatter-add": "add",
    "scatter-sub": "sub",
    "scatter-mul": "mul",
    "scatter-min": "min",
    "scatter-max": "max",
}


def _mode(eqn: JaxprEqn) -> str:
    """What becomes of places outside: they are filled (or dropped), or the nearest are taken."""
    name = str(eqn.params["mode"]).upper()
    return "fill" if "FILL" in name or "DROP" in name else "clip"


def _gather(e: Emitter, eqn: JaxprEqn, operand: Value, places: Value) -> Value:
    numbers = eqn.params["dimension_numbers"]
    shape, to = out_shape(eqn), e.buffer(out_shape(eqn), out_type(eqn))
    fill = _filling(eqn, operand.dtype)
    table = {
        "operand": list(operand.shape),
        "out": list(shape),
        "places": list(places.shape),
        "offset": list(numbers.offset_dims),
        "collapsed": list(numbers.collapsed_slice_dims),
        "starts": list(numbers.start_index_map),
        "batch": list(numbers.operand_batching_dims),
        "placesBatch": list(numbers.start_indices_batching_dims),
        "sizes": list(eqn.params["slice_sizes"]),
        "mode": _mode(eqn),
        "words": 2 if operand.dtype == KEY else 1,
    }
    return _called(e, "gather", table, to, [operand, places], f",{fill}")


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


def _called(
    e: Emitter, name: str, table: object, to: View, given: Sequence[Value], more: str = ""
) -> View:
    """A function of the runtime, made for a table and called with whole buffers."""
    wholes = (
        [e.whole(e.copied(v)) if not isinstance(v, Scalar) else one(e, v) for v in given]
        if any(isinstance(v, Scalar) for v in given)
        else [e.whole(v) for v in given]
    )
    function = e.object(f"{name}({json.dumps(table, separators=(',', ':'), default=int)})")
    buffers = ",".join(v.buffer for v in wholes)
    e.line(f"{function}({to.buffer},{buffers}{more});")
    return to


def one(e: Emitter, number: Scalar) -> View:
    to = e.buffer((), number.dtype)
    e.line(f"{to.buffer}[0]={number.text};")
    return to


def _scatter(e: Emitter, eqn: JaxprEqn, operand: Value, places: Value, updates: Value) -> Value:
    numbers = eqn.params["dimension_numbers"]
    if isinstance(operand, Scalar):
        operand = one(e, operand)
        to: View = operand
    else:
        to = e.buffer(operand.shape, operand.dtype)
        e.store([(operand, to)])
    table = {
        "operand": list(operand.shape),
        "updates": list(updates.shape),
        "places": list(places.shape),
        "window": list(numbers.update_window_dims),
        "inserted": list(numbers.inserted_window_dims),
        "starts": list(numbers.scatter_dims_to_operand_dims),
        "batch": list(numbers.operand_batching_dims),
        "placesBatch": list(numbers.scatter_indices_batching_dims),
        "mode": _mode(eqn),
        "how": _SCATTERS[eqn.primitive.name],
    }
    return _called(e, "scatter", table, to, [places, updates])


INDEXING: dict[str, Rule] = {"gather": _gather, **dict.fromkeys(_SCATTERS, _scatter)}
