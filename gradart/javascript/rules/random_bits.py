"""JavaScript of random keys and their bits: JAX's threefry, to the last bit."""

import math
from collections.abc import Sequence
from typing import Any

import jax
from jax.extend.core import JaxprEqn

from gradart.errors import Untraceable
from gradart.javascript.array_values import KEY, Scalar, Value, View, moved
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.loops import Index
from gradart.javascript.rules.indexing import one


def _whole(e: Emitter, value: Value) -> View:
    return one(e, value) if isinstance(value, Scalar) else e.whole(value)


def _checked(eqn: JaxprEqn) -> None:
    kinds = {str(getattr(v.aval, "dtype", "")) for v in (*eqn.invars, *eqn.outvars)}
    if any(kind.startswith("key<") and kind != KEY for kind in kinds):
        raise Untraceable("a key that is none of threefry's: use jax.random.key(seed)")
    config: Any = jax.config  # some versions of JAX declare its options, and some do not
    if not config.jax_threefry_partitionable:
        raise Untraceable("keys with jax_threefry_partitionable switched off")


def _made(function: str, *params: str) -> Rule:
    """The rule of what the runtime makes of whole buffers."""

    def rule(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> Value:
        _checked(eqn)
        to = e.buffer(out_shape(eqn), out_type(eqn))
        given = ",".join(_whole(e, v).buffer for v in inputs)
        more = "".join(f",{_param(eqn, p)}" for p in params)
        e.line(f"{function}({to.buffer},{given}{more});")
        return to

    return rule


def _param(eqn: JaxprEqn, name: str) -> int:
    value = eqn.params[name]
    return math.prod(value) if isinstance(value, tuple) else int(value)


def _fold_in(e: Emitter, eqn: JaxprEqn, keys: Value, data: Value) -> Value | Sequence[Value]:
    """Of one key and much data, or of many keys and one datum, that is taken again and again."""
    shape = out_shape(eqn)
    return _made("random_fold_in")(e, eqn, _wide(e, keys, shape), _wide(e, data, shape))


def _wide(e: Emitter, value: Value, shape: tuple[int, ...]) -> Value:
    if value.shape == shape:
        return value
    if isinstance(value, Scalar):
        value = one(e, value)
    sizes = value.shape
    return moved(
        e.kept(value),
        shape,
        lambda at: [Index() if size == 1 else k for k, size in zip(at, sizes, strict=False)],
    )


def _threefry(e: Emitter, eqn: JaxprEqn, *inputs: Value) -> list[Value]:
    made = [e.buffer(out_shape(eqn, k), out_type(eqn, k)) for k in (0, 1)]
    given = []
    for value in inputs:
        if isinstance(value, Scalar):
            value = one(e, value)
        elif value.shape != made[0].shape:
            value = e.whole(value)
        given.append(e.whole(value).buffer)
    e.line(f"threefry_arrays({made[0].buffer},{made[1].buffer},{','.join(given)});")
    return list(made)


RANDOM: dict[str, Rule] = {
    "random_seed": _made("random_seed"),
    "random_wrap": _made("random_wrap"),
    "random_unwrap": _made("random_wrap"),
    "random_clone": _made("random_wrap"),
    "random_split": _made("random_split", "shape"),
    "random_fold_in": _fold_in,
    "random_bits": _made("random_bits", "bit_width", "shape"),
    "threefry2x32": _threefry,
}
