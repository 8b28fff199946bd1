"""Taylor rules of the special functions: erf, gamma and its kin, zeta, Bessel."""

import math
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gradart.calculus.series import (
    Series,
    compose,
    integral,
    multiply,
    negative,
    plus,
    slope,
    subtract,
)
from gradart.calculus.taylor_functions import Function, exponential, logarithm


def _from_slope(g: Callable[[Series, int], Series]) -> Function:
    """The rule of a function whose derivative g is made of functions that have rules."""

    def rule(u: Series, y: jax.Array, n: int) -> Series:
        return integral(y, multiply(g(u, n - 1), slope(u), n - 1))

    return rule


def _bell(u: Series, n: int) -> Series:
    """2 exp(-u^2) / sqrt(pi), the slope of erf."""
    bell = exponential(negative(multiply(u, u, n)), n)
    return tuple(2 / math.sqrt(math.pi) * a for a in bell)


def _lgamma(u: Series, y: jax.Array, n: int) -> Series:
    zetas = _zetas(u[0], n + 1)
    outer = [y, lax.digamma(u[0]), *[(-1) ** j / j * zetas[j - 2] for j in range(2, n + 1)]]
    return compose(outer, u, n)


def _digamma(u: Series, y: jax.Array, n: int) -> Series:
    zetas = _zetas(u[0], n + 2)
    return compose([y, *[(-1) ** (j + 1) * zetas[j - 1] for j in range(1, n + 1)]], u, n)


def _column(numbers: range, x: jax.Array) -> jax.Array:
    """Numbers along a new first axis of x."""
    return jnp.asarray(numbers, x.dtype).reshape(-1, *[1] * x.ndim)


def _zetas(q: jax.Array, end: int) -> jax.Array:
    """zeta(s, q) for s = 2, ..., end - 1, in one call: each is a long program of its own."""
    return lax.zeta(*jnp.broadcast_arrays(_column(range(2, max(end, 3)), q), q))


def _bessel(nu: int) -> Function:
    """exp(-|x|) I_nu(x), nu 0 or 1.

    The derivatives of I_nu at x < 30 are the means of cos(a)^(nu + k) exp(x cos(a)) over a circle,
    which 64 points give to full precision; beyond, Bessel's equation as a recurrence.
    """
    angles = (np.arange(32) + 0.5) * (math.pi / 32)

    def rule(u: Series, y: jax.Array, n: int) -> Series:
        x = u[0]
        cosine = jnp.cos(angles).astype(x.dtype).reshape(-1, *[1] * x.ndim)
        weight = jnp.exp(cosine * x - jnp.abs(x))
        near = [jnp.mean(cosine ** (nu + k) * weight, 0) / math.factorial(k) for k in range(n + 1)]
        far_x = jnp.where(jnp.abs(x) < 30, 30, x)
        far: tuple[list[jax.Array], list[jax.Array]] = (
            [lax.bessel_i0e(far_x)],
            [lax.bessel_i1e(far_x)],
        )
        for k in range(n):
            before = far[0][k - 1] if k else 0
            far[0].append(far[1][k] / (k + 1))
            far[1].append((far[0][k] + (before - (k + 1) * far[1][k]) / far_x) / (k + 1))
        outer = [jnp.where(jnp.abs(x) < 30, a, b) for a, b in zip(near, far[nu], strict=True)]
        sign = jnp.sign(x)
        fall = exponential((jnp.zeros_like(x), *[-sign * a for a in u[1:]]), n)
        return (y, *multiply(fall, compose(outer, u, n), n)[1:])

    return rule


def _polygamma(n: int, m: Series, u: Series) -> Series:
    raised = m[0] + _column(range(n + 1), u[0])
    outer = lax.polygamma(*jnp.broadcast_arrays(raised, u[0]))
    return compose([a / math.factorial(j) for j, a in enumerate(outer)], u, n)


def _hurwitz(n: int, s: Series, u: Series) -> Series:
    raised = s[0] + _column(range(n + 1), u[0])
    outer, rising = [], jnp.ones_like(u[0])
    for j, a in enumerate(lax.zeta(*jnp.broadcast_arrays(raised, u[0]))):
        outer.append(rising * a)
        rising = -rising * (s[0] + j) / (j + 1)
    return compose(outer, u, n)


def _igamma(sign: int, n: int, a: Series, u: Series) -> Series:
    """x^(a - 1) e^-x / gamma(a)."""
    m = n - 1
    log = logarithm(u, m) if m else (jnp.log(u[0]),)
    weight = subtract(multiply((a[0] - 1,), log, m), plus(u, lax.lgamma(a[0])))
    density = exponential(weight[: m + 1], m)
    value = lax.igamma(a[0], u[0]) if sign > 0 else lax.igammac(a[0], u[0])
    change = multiply(density, slope(u), m)
    return integral(value, change if sign > 0 else negative(change))


SPECIAL: dict[str, Function] = {
    "erf": _from_slope(_bell),
    "erfc": _from_slope(lambda u, n: negative(_bell(u, n))),
    "lgamma": _lgamma,
    "digamma": _digamma,
    "bessel_i0e": _bessel(0),
    "bessel_i1e": _bessel(1),
}

# These have a rule in their last argument only.
PARAMETRIC: dict[str, Callable[..., Series]] = {
    "polygamma": _polygamma,
    "zeta": _hurwitz,
    "igamma": partial(_igamma, 1),
    "igammac": partial(_igamma, -1),
}
