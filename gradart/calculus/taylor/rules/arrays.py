"""Taylor rules of what moves, adds up, multiplies and orders the elements of arrays.

A rule takes the order, the primitive's equation and the series of its inputs, and returns one
series for each output.
"""

import math
from collections.abc import Callable, Sequence
from typing import NoReturn

import jax
import jax.numpy as jnp
from jax import lax
from jax.extend.core import JaxprEqn

from gradart.calculus.programs.jaxprs import bind
from gradart.calculus.taylor.rules.elementwise import exponential, logarithm, maximum, minimum
from gradart.calculus.taylor.series import Series, multiply, padded, plus, product
from gradart.errors import ArtError

EquationRule = Callable[..., Sequence[Series]]


def refuse(eqn: JaxprEqn, message: str, error: Exception | None = None) -> NoReturn:
    """Raise the message, with a cause that seems to come from the line that wrote the equation."""
    raise ArtError(message) from placed(eqn, error or NotImplementedError(eqn.primitive.name))


def placed(eqn: JaxprEqn, error: Exception) -> Exception:
    """The error, as if it came from the line that wrote the equation."""
    written = getattr(eqn.source_info, "traceback", None)
    return error if written is None else error.with_traceback(written.as_python_traceback())


def linear(*places: int) -> EquationRule:
    """The rule of what is linear in the inputs at those places together: each order by itself."""

    def rule(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
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


def _gather(n: int, eqn: JaxprEqn, u: Series, places: Series) -> list[Series]:
    """Elements from their places; what lies outside of the array and is filled in does not vary."""
    still = dict(eqn.params, fill_value=0)
    (y,) = bind(eqn, (u[0], places[0]))
    return [(y, *[eqn.primitive.bind(a, places[0], **still) for a in u[1 : n + 1]])]


def _scatter(n: int, eqn: JaxprEqn, *inputs: Series) -> Sequence[Series]:
    """Numbers put in their places, which JAX tells from .at[].apply by the jaxpr of a function."""
    if eqn.params["update_jaxpr"] is not None:
        refuse(eqn, ".at[i].apply(f) has no derivative: write x.at[i].set(f(x[i]))")
    return linear(0, 2)(n, eqn, *inputs)


def _scatter_multiply(n: int, eqn: JaxprEqn, u: Series, places: Series, v: Series) -> list[Series]:
    """u times arrays of ones in which the factors v stand at their places.

    A place may be named more than once, so the factors come one after the other.
    """
    index, p = places[0], eqn.params
    numbers = p["dimension_numbers"]
    held = numbers.scatter_indices_batching_dims
    window = numbers.update_window_dims
    axes = [axis for axis in range(v[0].ndim) if axis not in window]  # those of the indices
    moving = [i for i in range(index.ndim - 1) if i not in held]
    sizes = [1 if p["unique_indices"] else index.shape[i] for i in moving]
    scatter = {
        "dimension_numbers": numbers,
        "indices_are_sorted": False,
        "unique_indices": True,
        "mode": p["mode"],
    }

    def one(x: jax.Array, i: jax.Array, axes: Sequence[int]) -> jax.Array:
        if p["unique_indices"]:
            return x
        for axis, place in zip(axes, jnp.unravel_index(i, sizes), strict=True):
            x = lax.dynamic_slice_in_dim(x, place, 1, axis)
        return x

    def step(i: jax.Array, u: Series) -> Series:
        at = one(index, i, moving)
        factors = tuple(
            lax.scatter(
                jnp.full_like(u[0], k == 0), at, one(a, i, [axes[j] for j in moving]), **scatter
            )
            for k, a in enumerate(v)
        )
        return padded(multiply(u, factors, n), n)

    return [lax.fori_loop(0, math.prod(sizes), step, padded(u, n))]


def _bilinear(n: int, eqn: JaxprEqn, u: Series, v: Series) -> list[Series]:
    """A product that is linear in each of its two factors."""
    return [product(lambda a, b: bind(eqn, (a, b))[0], u, v, n)]


def _sort(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """Sorted by their values; every order goes where the values go."""
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


def _top_k(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
    """The largest and their places; every order goes where the values go."""
    values, places = bind(eqn, (u[0],))
    axis = eqn.params.get("axis", u[0].ndim - 1)
    return [(values, *[jnp.take_along_axis(a, places, axis) for a in u[1:]]), (places,)]


def _reduce_extreme(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
    """The extreme along axes: the mean of the places where it is reached, as JAX has it."""
    axes = eqn.params["axes"]
    (y,) = bind(eqn, (u[0],))
    reached = (u[0] == jnp.expand_dims(y, axes)).astype(y.dtype)
    weight = reached / reached.sum(axes, keepdims=True)
    return [(y, *[(weight * a).sum(axes) for a in u[1:]])]


def _reduce_prod(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
    """The product along axes."""
    for axis in sorted(eqn.params["axes"], reverse=True):
        u = _product_along(n, u, axis)
    return [u]


def _product_along(n: int, u: Series, axis: int) -> Series:
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


def _cumulative(combine: Callable[[int, Series, Series], Series]) -> EquationRule:
    """A running product, maximum or minimum, by an associative scan of the whole series."""

    def rule(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
        def both(v: Series, w: Series) -> Series:
            return padded(combine(n, v, w), n)

        axis, reverse = eqn.params["axis"], eqn.params["reverse"]
        return [lax.associative_scan(both, padded(u, n), reverse=reverse, axis=axis)]

    return rule


def _cumlogsumexp(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
    """The running log of the sum of exp, as the log of running sums of exp."""
    axis, reverse = eqn.params["axis"], eqn.params["reverse"]
    (y,) = bind(eqn, (u[0],))
    top = lax.stop_gradient(jnp.max(u[0], axis, keepdims=True))
    weights = exponential(plus(u, -top), n)
    sums = tuple(lax.cumsum(a, axis, reverse=reverse) for a in weights)
    return [(y, *logarithm(sums, n)[1:])]


def _select(n: int, eqn: JaxprEqn, which: Series, *cases: Series) -> Sequence[Series]:
    """One of the cases at each place, as the first input, which does not vary, has it."""
    return linear(*range(1, len(cases) + 1))(n, eqn, which, *cases)


LINEAR: dict[EquationRule, tuple[str, ...]] = {
    linear(0): (
        *("neg", "real", "imag", "conj", "copy", "convert_element_type"),
        *("reduce_precision", "broadcast_in_dim", "reshape", "transpose", "squeeze", "rev"),
        *("slice", "split", "tile", "unstack", "dynamic_slice"),
        *("reduce_sum", "cumsum", "reduce_window_sum", "fft"),
    ),
    linear(0, 1): ("complex", "pad", "dynamic_update_slice"),
    linear(0, 2): ("scatter-add", "scatter-sub"),
    linear(): ("concatenate", "stack", "optimization_barrier"),
}

ARRAYS: dict[str, EquationRule] = {
    **{name: rule for rule, names in LINEAR.items() for name in names},
    "select_n": _select,
    "gather": _gather,
    "scatter": _scatter,
    "scatter-mul": _scatter_multiply,
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
