"""Functions of JAX whose second derivatives it loses where they are smooth, with the right ones.

`hypot` and `betaln` where both sides are alike, `sinc` near 0, the modified Bessel functions at 0,
powers of 0 whose exponents are whole, and even powers of an absolute value. `forward_mode` puts
these in their place in all that is differentiated. Those that are called here with a derivative of
their own are entered by `taylor`, which has rules for what is in them.
"""

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.core import Atom
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var
from jax.typing import ArrayLike

from gradart.calculus.jaxprs import CALLS, JAX, called, parts, source_of
from gradart.calculus.taylor.rules.special_functions import bessel_functions

Computed = Callable[..., jax.Array]  # what an equation computes of its inputs

BESSEL_TERMS = 28  # of their series, for numbers below 4: the last is 1e-42
SINC_TERMS = 16  # of its series, for angles below 1: the last is 1e-36


def replaced(jaxpr: Jaxpr) -> dict[Var, tuple[Computed, Sequence[Atom]]]:
    """What is to be computed in another way, and of what: output -> the function, its inputs."""
    found: dict[Var, tuple[Computed, Sequence[Atom]]] = {
        **{y: (_BESSEL[nu], [x]) for y, (nu, x) in bessel_functions(jaxpr).items()},
        **_ordered(jaxpr),
    }
    insides: dict[Var, Atom] = {}
    for eqn in jaxpr.eqns:
        if eqn.primitive.name == "abs":
            insides[eqn.outvars[0]] = eqn.invars[0]
        elif (function := _in_place_of(eqn, insides)) is not None:
            found[eqn.outvars[0]] = function
    return found


def is_smooth(jaxpr: ClosedJaxpr | Jaxpr) -> bool:
    """Whether a jaxpr is that of a function in this file."""
    return source_of(jaxpr)[1] == __file__


def _in_place_of(eqn: JaxprEqn, insides: dict[Var, Atom]) -> tuple[Computed, Sequence[Atom]] | None:
    """A function, and its inputs, to compute instead of an equation; None if that is as it is.

    `insides` are what those variables are absolute values of that are.
    """
    power = _whole_power(eqn)
    first = eqn.invars[0] if eqn.invars else None
    if power is not None and power % 2 == 0 and isinstance(first, Var) and first in insides:
        return (lambda x: _even_power(x, power)), [insides[first]]
    if eqn.primitive.name == "pow":
        if power is not None:
            return (lambda x: lax.integer_pow(x, power)), eqn.invars[:1]
        exponent = eqn.invars[1]
        alone = isinstance(exponent, Literal) and jnp.ndim(exponent.val) == 0
        return None if alone else (power_of, eqn.invars)
    if eqn.primitive.name not in CALLS:
        return None
    name, file = source_of(called(eqn))
    if not file.startswith(JAX):
        return None
    inside = parts(called(eqn))[0]
    for y, (nu, x) in bessel_functions(inside).items():
        if inside.outvars == [y] and x is inside.invars[0]:  # since 0.11 with a derivative by JAX
            return _BESSEL[nu], eqn.invars
    function = _BY_NAME.get((name, len(eqn.invars)))
    return None if function is None else (function, eqn.invars)


def _ordered(jaxpr: Jaxpr) -> dict[Var, tuple[Computed, Sequence[Atom]]]:
    """The lesser and the greater of two numbers in `betaln`, which leaves its equations.

    Where they are alike, JAX takes half of each for either; what depends on both is symmetric.
    """
    of_gamma = {eqn.invars[0] for eqn in jaxpr.eqns if eqn.primitive.name == "lgamma"}
    pairs: dict[tuple[int, ...], list[JaxprEqn]] = {}
    for eqn in jaxpr.eqns:
        if eqn.primitive.name in ("min", "max") and eqn.outvars[0] in of_gamma:
            pairs.setdefault(tuple(map(id, eqn.invars)), []).append(eqn)
    return {
        eqn.outvars[0]: ((_lesser if eqn.primitive.name == "min" else _greater), eqn.invars)
        for pair in pairs.values()
        if {eqn.primitive.name for eqn in pair} == {"min", "max"}
        for eqn in pair
    }


def _lesser(x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.where(x <= y, x, y)


def _greater(x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.where(x <= y, y, x)


def _whole_power(eqn: JaxprEqn) -> int | None:
    """The whole number by which an equation raises its first input to a power, if it does."""
    match eqn.primitive.name:
        case "integer_pow":
            return int(eqn.params["y"])
        case "square":
            return 2
        case "mul" if eqn.invars[0] is eqn.invars[1]:
            return 2
        case "pow" if isinstance(exponent := eqn.invars[1], Literal):
            known = jnp.ndim(exponent.val) == 0 and not jnp.iscomplexobj(exponent.val)
            if known and float(exponent.val).is_integer() and abs(exponent.val) <= 64:
                return int(exponent.val)
    return None


def _even_power(x: jax.Array, n: int) -> jax.Array:
    """The n-th power of |x|, as a power of x, or of the sum of its parts' squares."""
    if jnp.iscomplexobj(x):
        x, n = x.real**2 + x.imag**2, n // 2
    return lax.integer_pow(x, n)


def hypot(x: ArrayLike, y: ArrayLike) -> jax.Array:
    """The length of (x, y), with the derivatives of a length; at 0 they are 0, as in `safe_norm`.

    JAX's own is of the larger and the smaller side, and where these are alike, each has half of the
    derivative, and what depends on their difference has none. Here the size is a constant.
    """
    size = lax.stop_gradient(jnp.maximum(jnp.abs(x), jnp.abs(y)))
    size = jnp.where((size > 0) & jnp.isfinite(size), size, 1.0)
    square = (x / size) ** 2 + (y / size) ** 2
    there = square > 0
    length = size * jnp.sqrt(jnp.where(there, square, 1.0))
    return jnp.where(there, length, lax.stop_gradient(square))  # 0, or NaN


@jax.custom_jvp
def power_of(x: jax.Array, y: jax.Array) -> jax.Array:
    """x to the power y, where JAX has NaN for 0 times an infinite power of 0 in derivatives."""
    return lax.pow(x, y)


def _power_change(primals: Sequence[Any], changes: Sequence[Any]) -> tuple[jax.Array, jax.Array]:
    (x, y), (dx, dy) = primals, changes
    value = power_of(x, y)
    change = jnp.zeros_like(value)
    if not isinstance(dx, SymbolicZero):
        constant = (x == 0) & (y == 0)
        lower = power_of(x, jnp.where(constant, 1, y - 1).astype(y.dtype))
        change += jnp.where(constant, 0, y * lower) * dx
    if not isinstance(dy, SymbolicZero):  # as JAX has it
        change += jnp.log(jnp.where(x == 0, 1, x)) * value * dy
    return value, change.astype(value.dtype)


power_of.defjvp(_power_change, symbolic_zeros=True)


@jax.custom_jvp
def sinc(x: jax.Array) -> jax.Array:
    """sin(pi x) / (pi x), where JAX's derivatives near 0 are differences of what is alike."""
    return jnp.sinc(x)


@sinc.defjvp
def _(primals: tuple[jax.Array], changes: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    return jnp.sinc(*primals), jax.jvp(_smooth_sinc, primals, changes)[1]


def _smooth_sinc(x: jax.Array) -> jax.Array:
    """The same by its series near 0, and by the quotient elsewhere."""
    angle = jnp.pi * x
    near = jnp.abs(angle) < 1
    square = jnp.where(near, angle, 0) ** 2
    series = jnp.zeros_like(square)
    for k in reversed(range(SINC_TERMS)):
        series = series * square + (-1) ** k / math.factorial(2 * k + 1)
    away = jnp.where(near, 1, angle)
    return jnp.where(near, series, jnp.sin(away) / away)


@jax.custom_jvp
def i0(x: jax.Array) -> jax.Array:
    """The modified Bessel function I_0, whose slope is I_1; JAX has parts of it that |x| bends."""
    return jnp.exp(jnp.abs(x)) * lax.bessel_i0e(x)


@jax.custom_jvp
def i1(x: jax.Array) -> jax.Array:
    """The modified Bessel function I_1."""
    return jnp.exp(jnp.abs(x)) * lax.bessel_i1e(x)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0,))
def _bessel_ratio(nu: int, x: jax.Array) -> jax.Array:
    """I_nu(x) / x^nu, an even function, whose slope is x times the next one."""
    near = jnp.abs(x) < 4
    quarter = jnp.where(near, x, 0) ** 2 / 4
    series = jnp.ones_like(x)
    for k in reversed(range(1, BESSEL_TERMS)):
        series = 1 + quarter / (k * (k + nu)) * series
    away = jnp.where(near, 4, x)
    before, here = i0(away), i1(away)
    for k in range(1, nu):
        before, here = here, before - 2 * k / away * here
    return jnp.where(near, series / (2**nu * math.factorial(nu)), here / away**nu)


i0.defjvp(lambda x, dx: (i0(*x), x[0] * _bessel_ratio(1, x[0]) * dx[0]))


@i1.defjvp
def _(primals: tuple[jax.Array], changes: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (x,), (dx,) = primals, changes
    return i1(x), (_bessel_ratio(1, x) + x**2 * _bessel_ratio(2, x)) * dx


@_bessel_ratio.defjvp
def _(nu: int, primals: tuple[jax.Array], changes: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (x,), (dx,) = primals, changes
    return _bessel_ratio(nu, x), x * _bessel_ratio(nu + 1, x) * dx


_BESSEL: dict[int, Computed] = {0: i0, 1: i1}

# By the name of JAX's function, and the number of what it takes.
_BY_NAME: dict[tuple[str, int], Computed] = {
    ("hypot", 2): hypot,
    ("sinc", 1): sinc,
}
