"""Taylor rules of what moves, adds up, multiplies and orders the elements of arrays.

A rule takes the order, the primitive's equation and the series of its inputs, and returns one
series for each output.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from gradart.calculus.jaxprs import bind
from gradart.calculus.series import Series, multiply, padded, plus, product
from gradart.calculus.taylor_functions import exponential, logarithm, maximum, minimum

Rule = Callable[..., Sequence[Series]]


def linear(*places: int) -> Rule:
    """Linear in the inputs at those places together: each order passes by itself."""

    def rule(n: int, eqn: Any, *inputs: Series) -> list[Series]:
        varying = places or range(len(inputs))
        size = max(len(inputs[i]) for i in varying)
        arguments = [u[0] for u in inputs]
        outputs = [bind(eqn, arguments)]
        for k in range(1, min(size, n + 1)):
            for i in varying:
                u = inputs[i]
                arguments[i] = u[k] if k < len(u) else jnp.zeros_like(u[0])
            outputs.append(bind(eqn, arguments))
        return list(zip(*outputs, strict=True))

    return rule


def _gather(n: int, eqn: Any, u: Series, places: Series) -> list[Series]:
    """What lies outside of the array and is filled in does not vary."""
    still = dict(eqn.params, fill_value=0)
    (y,) = bind(eqn, (u[0], places[0]))
    return [(y, *[eqn.primitive.bind(a, places[0], **still) for a in u[1 : n + 1]])]


def _bilinear(n: int, eqn: Any, u: Series, v: Series) -> list[Series]:
    return [product(lambda a, b: bind(eqn, (a, b))[0], u, v, n)]


def _sort(n: int, eqn: Any, *inputs: Series) -> list[Series]:
    """Every order goes where the values go."""
    axis = eqn.params["dimension"]
    start = [u[0] for u in inputs]
    places = lax.broadcasted_iota(int, start[0].shape, axis)
    *ordered, places = lax.sort(
        [*start, places], dimension=axis, is_stable=True, num_keys=eqn.params["num_keys"]
    )
    return [
        (y, *[jnp.take_along_axis(a, places, axis) for a in u[1:]])
        for u, y in zip(inputs, ordered, strict=True)
    ]


def _top_k(n: int, eqn: Any, u: Series) -> list[Series]:
    values, places = bind(eqn, (u[0],))
    axis = eqn.params.get("axis", u[0].ndim - 1)
    return [(values, *[jnp.take_along_axis(a, places, axis) for a in u[1:]]), (places,)]


def _reduce_extreme(n: int, eqn: Any, u: Series) -> list[Series]:
    """The mean over the places where the extreme is reached, as JAX has it."""
    axes = eqn.params["axes"]
    (y,) = bind(eqn, (u[0],))
    reached = (u[0] == jnp.expand_dims(y, axes)).astype(y.dtype)
    weight = reached / reached.sum(axes, keepdims=True)
    return [(y, *[(weight * a).sum(axes) for a in u[1:]])]


def _reduce_prod(n: int, eqn: Any, u: Series) -> list[Series]:
    for axis in sorted(eqn.params["axes"], reverse=True):
        u = _fold(n, u, axis)
    return [u]


def _fold(n: int, u: Series, axis: int) -> Series:
    """The product along an axis: halves times halves, so that the program grows as a logarithm."""
    size = u[0].shape[axis]
    if size == 0:
        return (jnp.ones_like(u[0], shape=u[0].shape[:axis] + u[0].shape[axis + 1 :]),)
    while size > 1:
        half = size // 2
        first, second, odd = (
            tuple(lax.slice_in_dim(a, low, high, axis=axis) for a in u)
            for low, high in ((0, half), (half, 2 * half), (2 * half, size))
        )
        u = multiply(first, second, n)
        if size % 2:
            u = _append(u, odd, axis)
        size = half + size % 2
    return tuple(jnp.squeeze(a, axis) for a in u)


def _append(u: Series, v: Series, axis: int) -> Series:
    """u with v behind it along an axis."""
    last = max(len(u), len(v)) - 1
    pairs = zip(padded(u, last), padded(v, last), strict=True)
    return tuple(jnp.concatenate(pair, axis) for pair in pairs)


def _cumulative(combine: Callable[[int, Series, Series], Series]) -> Rule:
    """A running product, maximum or minimum, by an associative scan of the whole series."""

    def rule(n: int, eqn: Any, u: Series) -> list[Series]:
        def both(v: Series, w: Series) -> Series:
            return padded(combine(n, v, w), n)

        axis, reverse = eqn.params["axis"], eqn.params["reverse"]
        return [lax.associative_scan(both, padded(u, n), reverse=reverse, axis=axis)]

    return rule


def _cumlogsumexp(n: int, eqn: Any, u: Series) -> list[Series]:
    axis, reverse = eqn.params["axis"], eqn.params["reverse"]
    (y,) = bind(eqn, (u[0],))
    top = lax.stop_gradient(jnp.max(u[0], axis, keepdims=True))
    weights = exponential(plus(u, -top), n)
    sums = tuple(lax.cumsum(a, axis, reverse=reverse) for a in weights)
    return [(y, *logarithm(sums, n)[1:])]


def _select(n: int, eqn: Any, which: Series, *cases: Series) -> Sequence[Series]:
    return linear(*range(1, len(cases) + 1))(n, eqn, which, *cases)


LINEAR: dict[Rule, tuple[str, ...]] = {
    linear(0): (
        *("neg", "real", "imag", "conj", "copy", "copy_p", "convert_element_type"),
        *("reduce_precision", "broadcast_in_dim", "reshape", "transpose", "squeeze", "rev"),
        *("expand_dims", "slice", "split", "tile", "unstack", "dynamic_slice"),
        *("reduce_sum", "cumsum", "reduce_window_sum", "fft"),
    ),
    linear(0, 1): ("complex", "pad", "dynamic_update_slice"),
    linear(0, 2): ("scatter", "scatter-add", "scatter-sub"),
    linear(): ("concatenate", "stack", "optimization_barrier"),
}

ARRAYS: dict[str, Rule] = {
    **{name: rule for rule, names in LINEAR.items() for name in names},
    "select_n": _select,
    "gather": _gather,
    "dot_general": _bilinear,
    "conv_general_dilated": _bilinear,
    "sort": _sort,
    "top_k": _top_k,
    "reduce_max": _reduce_extreme,
    "reduce_min": _reduce_extreme,
    "reduce_prod": _reduce_prod,
    "cumprod": _cumulative(lambda n, u, v: multiply(u, v, n)),
    "cummax": _cumulative(maximum),
    "cummin": _cumulative(minimum),
    "cumlogsumexp": _cumlogsumexp,
}
