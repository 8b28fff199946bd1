"""Functions of JAX whose derivatives it loses where they are smooth, with the right ones.

`hypot` and `betaln` where both sides are alike, `sinc` near 0, the Bessel functions at 0, powers of
0 whose exponents are whole, even powers of an absolute value, Spence's function and Fresnel's
integrals at 1, `hyp2f1` left of -1, determinants of low rank. `lost_derivatives` finds them. Those
that have a derivative of their own here are entered by `taylor`, which has rules for what is in
them.
"""

import functools
import math
from collections.abc import Sequence
from itertools import combinations

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.custom_derivatives import SymbolicZero
from jax.extend.core import ClosedJaxpr, Jaxpr
from jax.scipy import special
from jax.typing import ArrayLike

from gradart.calculus.programs.jaxprs import source_of
from gradart.calculus.taylor.rules.integrals import fresnel_slopes, legendre
from gradart.calculus.taylor.rules.special_functions import gauss

BESSEL_TERMS = 28  # of their series, for numbers below 4: the last is 1e-42
SINC_TERMS = 16  # of its series, for angles below 1: the last is 1e-36


def is_smooth(jaxpr: ClosedJaxpr | Jaxpr) -> bool:
    """Whether a jaxpr is that of a function in this file."""
    return source_of(jaxpr)[1] == __file__


def even_power(x: jax.Array, n: int) -> jax.Array:
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


def _power_change(
    primals: Sequence[jax.Array], changes: Sequence[jax.Array]
) -> tuple[jax.Array, jax.Array]:
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


@jax.custom_jvp
def spence(x: jax.Array) -> jax.Array:
    """Spence's function, where JAX has a constant in place of its value at 1."""
    return special.spence(x)


@spence.defjvp
def _(primals: tuple[jax.Array], changes: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (x,), (dx,) = primals, changes
    return spence(x), _spence_slope(x) * dx


def _spence_slope(x: jax.Array) -> jax.Array:
    """-log(x) / (x - 1): minus the integral of 1 / (1 + (x - 1) s) over s in [0, 1]."""
    close = (x > 0.1) & (x < 10)
    s, weight = legendre(36, x)
    near = jnp.sum(weight / (1 + (jnp.where(close, x, 1) - 1) * s), 0)
    away = jnp.where(close, 10, x)
    return -jnp.where(close, near, jnp.log(away) / (away - 1))


@jax.custom_jvp
def fresnel(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The integrals of the sine and the cosine of pi x^2 / 2.

    JAX has constants in their slopes where these are 0.
    """
    return special.fresnel(x)


@fresnel.defjvp
def _(
    primals: tuple[jax.Array], changes: tuple[jax.Array]
) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]:
    (x,), (dx,) = primals, changes
    sine, cosine = fresnel_slopes(x)
    return fresnel(x), (sine * dx, cosine * dx)


@functools.partial(jax.jit, static_argnums=(1, 2))
def bessel_jn(x: jax.Array, v: int, steps: int) -> jax.Array:
    """J_0, ..., J_v along a new first axis of x: near 0, where JAX has NaN, by their series."""
    near = jnp.abs(x) < 4
    half = jnp.where(near, x, 0) / 2
    terms, power = [], jnp.ones_like(x)
    for m in range(v + 1):
        series = jnp.ones_like(x)
        for k in reversed(range(1, BESSEL_TERMS)):
            series = 1 - half**2 / (k * (k + m)) * series
        terms.append(power * series)
        power = power * half / (m + 1)
    away = special.bessel_jn(jnp.where(near, 4, x), v=v, n_iter=steps)
    return jnp.where(near, jnp.stack(terms), away)


@jax.custom_jvp
def hyp2f1(a: jax.Array, b: jax.Array, c: jax.Array, x: jax.Array) -> jax.Array:
    """The hypergeometric function 2F1, which JAX gets wrong from about -1 to the left."""
    return gauss(a, b, c, x)


def _hyp2f1_change(
    primals: Sequence[jax.Array], changes: Sequence[jax.Array]
) -> tuple[jax.Array, jax.Array]:
    (a, b, c, x), (*given, dx) = primals, changes
    value = hyp2f1(a, b, c, x)
    change = jnp.zeros_like(value)
    if not isinstance(dx, SymbolicZero):
        change += a * b / c * hyp2f1(a + 1, b + 1, c + 1, x) * dx
    moving = [i for i, d in enumerate(given) if not isinstance(d, SymbolicZero)]
    if moving:

        def of_some(*some: jax.Array) -> jax.Array:
            numbers = [a, b, c]
            for i, number in zip(moving, some, strict=True):
                numbers[i] = number
            a_, b_, c_ = numbers
            left = x < 0
            z = jnp.where(left, x / jnp.where(left, x - 1, 1), x)
            scale = jnp.where(left, (1 - jnp.where(left, x, 0)) ** -a_, 1)
            return scale * special.hyp2f1(a_, jnp.where(left, c_ - b_, b_), c_, z)

        at = [primals[i] for i in moving]
        change += jax.jvp(of_some, at, [given[i] for i in moving])[1]
    return value, change.astype(value.dtype)


hyp2f1.defjvp(_hyp2f1_change, symbolic_zeros=True)


def determinant(x: jax.Array) -> jax.Array:
    """The determinant by the minors of the first rows, each of which is a sum of those before.

    Nothing is divided, so that matrices of any rank have all derivatives.
    """
    n = x.shape[-1]
    minors = jnp.ones((*x.shape[:-2], 1), x.dtype)
    before: dict[tuple[int, ...], int] = {(): 0}
    for k in range(n):
        columns = list(combinations(range(n), k + 1))
        rest = [[before[(*c[:j], *c[j + 1 :])] for j in range(k + 1)] for c in columns]
        signs = jnp.asarray((-1.0) ** (np.arange(k + 1) + k), x.dtype)
        factors = signs * x[..., k, np.array(columns)]
        minors = jnp.sum(factors * minors[..., np.array(rest)], -1)
        before = {c: i for i, c in enumerate(columns)}
    return minors[..., 0]
