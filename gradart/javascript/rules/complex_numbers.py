"""Complex numbers as their real and imaginary parts: what each primitive computes of these.

A rule takes the equation and its inputs, a pair of parts for each that is complex, and returns what
the equation makes, in parts again.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn

from gradart.calculus.programs import jaxprs
from gradart.calculus.programs.jaxprs import bind, shaped
from gradart.javascript.rules import fourier
from gradart.javascript.rules.complex_functions import (
    FUNCTIONS,
    Function,
    Input,
    Parts,
    divide,
    multiply,
    of_real,
    ones_like,
)

ComplexRule = Callable[..., Input | Sequence[Input]]  # of the equation and its inputs
Call: TypeAlias = Callable[..., list[Input]]
# Takes what makes a jaxpr a function of parts, the equation, and its inputs.
ControlRule = Callable[..., Sequence[Input]]
InParts = Callable[[ClosedJaxpr | Jaxpr], Call]


def _function(function: Function) -> ComplexRule:
    return lambda eqn, *z: function(*z)


def _each_part(eqn: JaxprEqn, *inputs: Input) -> Input | list[Input]:
    """What is done to both parts alike: moves, choices, sums; real inputs say which."""
    re, im = (bind(eqn, [x[k] if isinstance(x, Parts) else x for x in inputs]) for k in (0, 1))
    made: list[Input] = [
        Parts(x, y) if jnp.issubdtype(shaped(v).dtype, jnp.complexfloating) else x
        for v, x, y in zip(eqn.outvars, re, im, strict=True)
    ]
    return made if eqn.primitive.multiple_results else made[0]


def _gather(eqn: JaxprEqn, z: Parts, where: jax.Array) -> Parts:
    """What lies outside is NaN in its real part alone."""
    filled = eqn.params["fill_value"]
    first, second = (np.nan, 0.0) if filled is None else (np.real(filled), np.imag(filled))
    one, other = (
        eqn.replace(params={**eqn.params, "fill_value": float(x)}) for x in (first, second)
    )
    return Parts(bind(one, [z.re, where])[0], bind(other, [z.im, where])[0])


_SCATTERED: dict[str, Callable[..., jax.Array]] = {
    "scatter": lax.scatter,
    "scatter-add": lax.scatter_add,
    "scatter-sub": lax.scatter_sub,
}


def _scatter(eqn: JaxprEqn, z: Parts, where: jax.Array, updates: Parts) -> Parts:
    names = "dimension_numbers", "indices_are_sorted", "unique_indices", "mode"
    how = {name: eqn.params[name] for name in names}
    put = _SCATTERED[eqn.primitive.name]
    return Parts(put(z.re, where, updates.re, **how), put(z.im, where, updates.im, **how))


def _complex(eqn: JaxprEqn, re: jax.Array, im: jax.Array) -> Parts:
    return Parts(re, im)


def _converted(eqn: JaxprEqn, x: Input) -> Input:
    new = np.dtype(eqn.params["new_dtype"])
    if not isinstance(x, Parts):
        return of_real(x.astype(_part_of(new)))
    if new.kind == "b":
        return (x.re != 0) | (x.im != 0)
    if new.kind != "c":
        return x.re.astype(new)
    return Parts(x.re.astype(_part_of(new)), x.im.astype(_part_of(new)))


def _part_of(dtype: np.dtype) -> np.dtype:
    return np.empty(0, dtype).real.dtype


def _iota(eqn: JaxprEqn, *sizes: jax.Array) -> Parts:
    part = _part_of(np.dtype(eqn.params["dtype"]))
    return of_real(bind(eqn.replace(params={**eqn.params, "dtype": part}), sizes)[0])


def _conj(eqn: JaxprEqn, x: Input) -> Parts:
    return Parts(x.re, -x.im) if isinstance(x, Parts) else of_real(x)


def _integer_pow(eqn: JaxprEqn, z: Parts) -> Parts:
    """By repeated squares."""
    left, found = abs(eqn.params["y"]), None
    while left:
        if left % 2:
            found = z if found is None else multiply(found, z)
        left //= 2
        z = multiply(z, z) if left else z
    found = ones_like(z) if found is None else found
    return found if eqn.params["y"] >= 0 else divide(ones_like(z), found)


def _polynomial(eqn: JaxprEqn, x: Input, *coefficients: Input) -> Parts:
    """By Horner's rule; coefficients begin with the constant one."""
    z, found, *rest = (
        y if isinstance(y, Parts) else of_real(y) for y in (x, *reversed(coefficients))
    )
    for lower in rest:
        higher = multiply(found, z)
        found = Parts(higher.re + lower.re, higher.im + lower.im)
    return found


def _reduce_prod(eqn: JaxprEqn, z: Parts) -> Parts:
    """Half by half: the first elements times the last ones."""
    axes = eqn.params["axes"]
    rest = [k for k in range(z.re.ndim) if k not in axes]
    rows = Parts(*(x.transpose(*axes, *rest).reshape(-1, *shaped(eqn.outvars[0]).shape) for x in z))
    if not len(rows.re):
        return ones_like(Parts(*(x.sum(0) for x in rows)))
    while (count := len(rows.re)) > 1:
        half = count // 2
        first, last, odd = (
            Parts(*(x[part] for x in rows))
            for part in (slice(half), slice(half, 2 * half), slice(2 * half, count))
        )
        rows = Parts(*map(jnp.concatenate, zip(multiply(first, last), odd, strict=True)))
    return Parts(*(x[0] for x in rows))


def _cumprod(eqn: JaxprEqn, z: Parts) -> Parts:
    axis, reverse = eqn.params["axis"], eqn.params["reverse"]
    return lax.associative_scan(multiply, z, reverse=reverse, axis=axis)


def _dot(eqn: JaxprEqn, a: Parts, b: Parts) -> Parts:
    made = eqn.params["preferred_element_type"]
    real = eqn.replace(
        params={**eqn.params, "preferred_element_type": made and _part_of(np.dtype(made))}
    )

    def dot(x: jax.Array, y: jax.Array) -> jax.Array:
        return bind(real, [x, y])[0]

    re = dot(a.re, b.re) - dot(a.im, b.im)
    return Parts(re, dot(a.re, b.im) + dot(a.im, b.re))


_ALIKE = """
    add add_any sub neg copy stop_gradient select_n broadcast_in_dim reshape squeeze transpose slice
    rev concatenate stack tile pad split unstack dynamic_slice dynamic_update_slice
    optimization_barrier name device_put reduce_sum cumsum
"""

# By the name of the primitive, where anything that it takes or makes is complex.
COMPLEX: dict[str, ComplexRule] = {
    **{name: _function(function) for name, function in FUNCTIONS.items()},
    **dict.fromkeys(_ALIKE.split(), _each_part),
    "complex": _complex,
    "conj": _conj,
    "convert_element_type": _converted,
    "iota": _iota,
    "gather": _gather,
    **dict.fromkeys(_SCATTERED, _scatter),
    "integer_pow": _integer_pow,
    "polynomial": _polynomial,
    "reduce_prod": _reduce_prod,
    "cumprod": _cumprod,
    "dot_general": _dot,
    "fft": fourier.in_parts,
}


def _scan(in_parts: InParts, eqn: JaxprEqn, *inputs: Input) -> list[Input]:
    loop = jaxprs.scan(eqn)
    first, rest = loop.consts, loop.consts + loop.carry
    body = in_parts(loop.body)

    def step(carry: list[Input], x: list[Input]) -> tuple[list[Input], list[Input]]:
        made = body(*inputs[:first], *carry, *x)
        return made[: loop.carry], made[loop.carry :]

    start, rows = list(inputs[first:rest]), list(inputs[rest:])
    last, ys = lax.scan(step, start, rows, loop.length, reverse=loop.reverse)
    return [*last, *ys]


def _while(in_parts: InParts, eqn: JaxprEqn, *inputs: Input) -> list[Input]:
    """Of loops side by side those that have ended stay as they are."""
    loop = jaxprs.while_loop(eqn)
    first, rest = loop.cond_consts, loop.cond_consts + loop.body_consts
    cond, body = in_parts(loop.cond), in_parts(loop.body)

    def going(carry: Sequence[Input]) -> jax.Array:
        (on,) = cond(*inputs[:first], *carry)
        assert isinstance(on, jax.Array)
        return on

    def step(carry: list[Input]) -> list[Input]:
        on, made = going(carry), body(*inputs[first:rest], *carry)

        def kept(new: jax.Array, old: jax.Array) -> jax.Array:
            return lax.select(lax.broadcast_in_dim(on, old.shape, range(on.ndim)), new, old)

        return jax.tree.map(kept, made, carry) if on.ndim else made

    return lax.while_loop(lambda carry: jnp.any(going(carry)), step, list(inputs[rest:]))


def _cond(in_parts: InParts, eqn: JaxprEqn, which: jax.Array, *inputs: Input) -> list[Input]:
    return lax.switch(which, [in_parts(branch) for branch in jaxprs.branches(eqn)], *inputs)


COMPLEX_CONTROL: dict[str, ControlRule] = {"scan": _scan, "while": _while, "cond": _cond}
