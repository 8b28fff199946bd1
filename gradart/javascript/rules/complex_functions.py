"""Functions of complex numbers, by formulas of their real and imaginary parts.

The formulas are those of W. Kahan, "Branch Cuts for Complex Elementary Functions" (1987); on the
cuts they go on as JAX does.
"""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp


class Parts(NamedTuple):
    """Complex numbers as two arrays of real ones."""

    re: jax.Array
    im: jax.Array


Input: TypeAlias = jax.Array | Parts
Function = Callable[..., Input]


def of_real(x: jax.Array) -> Parts:
    """Real numbers as complex ones."""
    return Parts(x, jnp.zeros_like(x))


def _equal(a: Parts, b: Parts) -> jax.Array:
    return (a.re == b.re) & (a.im == b.im)


def multiply(a: Parts, b: Parts) -> Parts:
    """A product, part by part."""
    return Parts(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)


def _square(z: Parts) -> Parts:
    return Parts((z.re - z.im) * (z.re + z.im), 2 * z.re * z.im)


def divide(a: Parts, b: Parts) -> Parts:
    """A quotient, by the larger part of the divisor: so no square is too large or too small."""
    wide = jnp.abs(b.re) >= jnp.abs(b.im)
    large, small = jnp.where(wide, b.re, b.im), jnp.where(wide, b.im, b.re)
    ratio = jnp.where(large == 0, 0.0, small / large)
    size = large + small * ratio
    first, second = (jnp.where(wide, p, q) for p, q in ((a.re, a.im), (a.im, a.re)))
    across = second - first * ratio
    return Parts((first + second * ratio) / size, jnp.where(wide, across, -across) / size)


def _abs(z: Parts) -> jax.Array:
    x, y = jnp.abs(z.re), jnp.abs(z.im)
    large, small = jnp.maximum(x, y), jnp.minimum(x, y)
    ratio = jnp.where((large == 0) | jnp.isinf(large), 0.0, small / large)
    return large * jnp.sqrt(1 + ratio * ratio)


def _sign(z: Parts) -> Parts:
    size = _abs(z)
    return Parts(*(jnp.where(size == 0, 0.0, x / size) for x in z))


def _turned(z: Parts) -> Parts:
    """i z"""
    return Parts(-z.im, z.re)


def _back(z: Parts) -> Parts:
    """-i z"""
    return Parts(z.im, -z.re)


def _times(size: jax.Array, direction: jax.Array) -> jax.Array:
    """A product that is 0 where the direction is, however large the size."""
    return jnp.where(direction == 0, direction, size * direction)


def _exp(z: Parts) -> Parts:
    size = jnp.exp(z.re)
    return Parts(size * jnp.cos(z.im), _times(size, jnp.sin(z.im)))


def _expm1(z: Parts) -> Parts:
    less = jnp.expm1(z.re) * jnp.cos(z.im) - 2 * jnp.sin(z.im / 2) ** 2
    return Parts(less, _exp(z).im)


def _log(z: Parts) -> Parts:
    return Parts(jnp.log(_abs(z)), jnp.arctan2(z.im, z.re))


def _log1p(z: Parts) -> Parts:
    """Near 0 by the square of the size, less 1: there its logarithm would be lost."""
    x, y = z
    near = jnp.log1p(x * (2 + x) + y * y) / 2
    far = _log(Parts(1 + x, y))
    return Parts(jnp.where(_abs(z) < 0.5, near, far.re), far.im)


def _sqrt(z: Parts) -> Parts:
    large = jnp.sqrt((_abs(z) + jnp.abs(z.re)) / 2)
    small = jnp.where(large == 0, 0.0, jnp.abs(z.im) / (2 * large))
    re, im = (jnp.where(z.re >= 0, p, q) for p, q in ((large, small), (small, large)))
    return Parts(re, jnp.where(z.im < 0, -im, im))


def _rsqrt(z: Parts) -> Parts:
    log = _log(z)
    return _exp(Parts(-log.re / 2, -log.im / 2))


def ones_like(z: Parts) -> Parts:
    """As many ones."""
    return of_real(jnp.ones_like(z.re))


def _sinh(z: Parts) -> Parts:
    return Parts(jnp.sinh(z.re) * jnp.cos(z.im), _times(jnp.cosh(z.re), jnp.sin(z.im)))


def _cosh(z: Parts) -> Parts:
    im = _times(jnp.sinh(z.re), jnp.sin(z.im))
    return Parts(jnp.cosh(z.re) * jnp.cos(z.im), im)


def _tanh(z: Parts) -> Parts:
    """Of the real part's tanh and the imaginary part's tan; far away the slope of tanh is 0."""
    a, b = jnp.tanh(z.re), jnp.tan(z.im)
    size = 1 + (a * b) ** 2
    return Parts(a * (1 + b * b) / size, b / jnp.cosh(z.re) ** 2 / size)


def _sin(z: Parts) -> Parts:
    return _back(_sinh(_turned(z)))


def _cos(z: Parts) -> Parts:
    return _cosh(_turned(z))


def _tan(z: Parts) -> Parts:
    return _back(_tanh(_turned(z)))


def _roots(z: Parts) -> tuple[Parts, Parts]:
    """The roots of 1 - z and 1 + z."""
    return _sqrt(Parts(1 - z.re, -z.im)), _sqrt(Parts(1 + z.re, z.im))


def _asin(z: Parts) -> Parts:
    one, other = _roots(z)
    re = jnp.arctan2(z.re, one.re * other.re - one.im * other.im)
    im = jnp.abs(jnp.arcsinh(one.re * other.im - one.im * other.re))
    return Parts(re, jnp.where(z.im < 0, -im, im))


def _acos(z: Parts) -> Parts:
    one, other = _roots(z)
    return Parts(2 * jnp.arctan2(one.re, other.re), -_asin(z).im)


def _acosh(z: Parts) -> Parts:
    low, high = _sqrt(Parts(z.re - 1, z.im)), _sqrt(Parts(z.re + 1, z.im))
    re = jnp.arcsinh(low.re * high.re + low.im * high.im)
    return Parts(re, 2 * jnp.arctan2(low.im, high.re))


def _asinh(z: Parts) -> Parts:
    return _back(_asin(_turned(z)))


def _atanh(z: Parts) -> Parts:
    x, y = z
    size = jnp.abs(x)
    re = jnp.sign(x) * jnp.log1p(4 * size / ((1 - size) ** 2 + y * y)) / 4
    return Parts(re, jnp.arctan2(2 * y, (1 - x) * (1 + x) - y * y) / 2)


def _atan(z: Parts) -> Parts:
    return _back(_atanh(_turned(z)))


def _exp2(z: Parts) -> Parts:
    return _exp(Parts(z.re * math.log(2), z.im * math.log(2)))


def _logistic(z: Parts) -> Parts:
    half = _tanh(Parts(z.re / 2, z.im / 2))
    return Parts(0.5 + half.re / 2, half.im / 2)


def _pow(z: Parts, power: Input) -> Parts:
    """Of 0 it is 0, but for its power 0, which is 1. A power may be a whole number."""
    power = power if isinstance(power, Parts) else of_real(power.astype(z.re.dtype))
    found = _exp(multiply(power, _log(z)))
    none, zeroth = (z.re == 0) & (z.im == 0), (power.re == 0) & (power.im == 0)
    re = jnp.where(none, jnp.where(zeroth, 1.0, 0.0), found.re)
    return Parts(re, jnp.where(none, 0.0, found.im))


# By the name of the primitive. What each computes is that of jax.lax of the same name.
FUNCTIONS: dict[str, Function] = {
    "real": lambda z: z.re,
    "imag": lambda z: z.im,
    "abs": _abs,
    "sign": _sign,
    "mul": multiply,
    "div": divide,
    "square": _square,
    "exp": _exp,
    "exp2": _exp2,
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "pow": _pow,
    "sqrt": _sqrt,
    "rsqrt": _rsqrt,
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "logistic": _logistic,
    "eq": _equal,
    "ne": lambda a, b: ~_equal(a, b),
}
