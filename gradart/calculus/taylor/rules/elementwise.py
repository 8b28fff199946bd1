"""Taylor rules of the elementwise functions.

Each takes the series of its argument, its value there (from the primitive itself, so that order 0
is exactly what JAX computes) and the order.
"""

import functools
import math
import operator
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gradart.calculus.taylor.series import (
    UNROLLED,
    Series,
    add,
    compose,
    divide,
    integral,
    multiply,
    negative,
    plus,
    power,
    riccati,
    sine_cosine,
    slope,
    square_root,
    subtract,
    whole_power,
)

Function = Callable[[Series, jax.Array, int], Series]
SeveralRule = Callable[..., Series]  # the order, and the series of each argument


def _slope_one_over(v: Callable[[Series, int], Series], sign: int = 1) -> Function:
    """The rule of a function with the slope sign u' / v(u)."""

    def rule(u: Series, y: jax.Array, n: int) -> Series:
        du = slope(u)
        return integral(y, divide(du if sign == 1 else negative(du), v(u, n - 1), n - 1))

    return rule


def _riccati(a: float, b: float, c: float) -> Function:
    """The rule of a function with y' = (a + b y + c y^2) u'."""
    return lambda u, y, n: riccati(u, y, a, b, c, n)


def root(u: Series, n: int) -> Series:
    """The root of a series."""
    return square_root(u, jnp.sqrt(u[0]), n) if len(u) > 1 else (jnp.sqrt(u[0]),)


def exponential(u: Series, n: int) -> Series:
    """exp of a series."""
    return riccati(u, jnp.exp(u[0]), 0, 1, 0, n)


def logarithm(u: Series, n: int) -> Series:
    """log of a series."""
    return integral(jnp.log(u[0]), divide(slope(u), u, n - 1))


def _one_minus_square(u: Series, n: int) -> Series:
    """(1 - u) (1 + u), which keeps its digits near 1."""
    return multiply(plus(negative(u), 1), plus(u, 1), n)


def _one_plus_square(u: Series, n: int) -> Series:
    """1 + u^2."""
    return plus(multiply(u, u, n), 1)


def _acosh_slope(u: Series, n: int) -> Series:
    """sqrt(u - 1) sqrt(u + 1), which keeps its digits near 1."""
    return multiply(root(plus(u, -1), n), root(plus(u, 1), n), n)


def _sine(u: Series, y: jax.Array, n: int) -> Series:
    """sin u, whose series comes together with that of cos u."""
    return sine_cosine(u, y, jnp.cos(u[0]), -1, n)[0]


def _cosine(u: Series, y: jax.Array, n: int) -> Series:
    """cos u, together with sin u."""
    return sine_cosine(u, jnp.sin(u[0]), y, -1, n)[1]


def _sinh(u: Series, y: jax.Array, n: int) -> Series:
    """sinh u, together with cosh u."""
    return sine_cosine(u, y, jnp.cosh(u[0]), 1, n)[0]


def _cosh(u: Series, y: jax.Array, n: int) -> Series:
    """cosh u, together with sinh u."""
    return sine_cosine(u, jnp.sinh(u[0]), y, 1, n)[1]


def _absolute(u: Series, y: jax.Array, n: int) -> Series:
    """|u|: real, the sign times u, so that at 0 every derivative is 0; complex, by its parts."""
    if not jnp.iscomplexobj(u[0]):
        sign = jnp.sign(u[0])
        return (y, *[sign * a for a in u[1:]])
    x, z = tuple(map(jnp.real, u)), tuple(map(jnp.imag, u))
    return square_root(add(multiply(x, x, n), multiply(z, z, n)), y, n)


FUNCTIONS: dict[str, Function] = {
    "exp": _riccati(0, 1, 0),
    "exp2": _riccati(0, math.log(2), 0),
    "expm1": _riccati(1, 1, 0),
    "tan": _riccati(1, 0, 1),
    "tanh": _riccati(1, 0, -1),
    "logistic": _riccati(0, 1, -1),
    "log": _slope_one_over(lambda u, n: u),
    "log1p": _slope_one_over(lambda u, n: plus(u, 1)),
    "sin": _sine,
    "cos": _cosine,
    "sinh": _sinh,
    "cosh": _cosh,
    "asin": _slope_one_over(lambda u, n: root(_one_minus_square(u, n), n)),
    "acos": _slope_one_over(lambda u, n: root(_one_minus_square(u, n), n), -1),
    "atan": _slope_one_over(_one_plus_square),
    "asinh": _slope_one_over(lambda u, n: root(_one_plus_square(u, n), n)),
    "acosh": _slope_one_over(_acosh_slope),
    "atanh": _slope_one_over(_one_minus_square),
    "sqrt": square_root,
    "rsqrt": lambda u, y, n: power(u, -0.5, y, n),
    "cbrt": lambda u, y, n: power(u, 1 / 3, y, n),
    "square": lambda u, y, n: multiply(u, u, n),
    "abs": _absolute,
}


# Their derivative is 0 wherever it exists.
FLAT = ("sign", "floor", "ceil", "round", "nextafter", "stop_gradient")


def integer_power(n: int, u: Series, *, y: int) -> Series:
    """u to a whole power y, which may be below 0."""
    if y > 0:
        return whole_power(u, y, n)
    return divide((jnp.ones_like(u[0]),), whole_power(u, -y, n), n)


def _pow(n: int, u: Series, r: Series) -> Series:
    """u^r; a whole exponent that is known multiplies, which is exact where u passes through 0."""
    exponent = r[0]
    if len(r) > 1:
        return _moving_power(n, u, r)
    known = isinstance(exponent, np.ndarray) and exponent.ndim == 0
    whole = known and exponent.imag == 0 and float(exponent.real).is_integer()
    if whole and 0 < abs(exponent) <= 64:
        return integer_power(n, u, y=int(exponent.real))
    if known or len(u) == 2:
        return _real_power(u, exponent, n)
    return compose(_binomial(u[0], exponent, n), u, n)


def _moving_power(n: int, u: Series, r: Series) -> Series:
    """u^r as exp(r log u); a u that passes through 0 has the power that r_0 is, finite up to there.

    A u that stays at 0 does so in any power above 0.
    """
    y, zero = jnp.power(u[0], r[0]), u[0] == 0
    safe = (jnp.where(zero, 1, u[0]), *u[1:])
    log = logarithm(safe, n) if len(u) > 1 else (jnp.log(safe[0]),)
    found = riccati(multiply(r, log, n), y, 0, 1, 0, n)
    if len(u) == 1:
        return found
    stays = functools.reduce(operator.and_, [a == 0 for a in u])
    terms, lead = [y], u[1]
    for k, a in enumerate(found[1:], 1):
        beyond = jnp.where(stays & (jnp.real(r[0]) > 0), 0, jnp.inf * lead)
        at_zero = jnp.where(k > jnp.real(r[0]), beyond, _from_zero(k, r[0]) * lead)
        terms.append(jnp.where(zero, at_zero, a))
        lead = lead * u[1]
    return tuple(terms)


def _real_power(u: Series, r: jax.Array, n: int) -> Series:
    """By recurrence; from u_0 = 0, coefficient k is 0 below r, u_1^k at r, infinite above.

    A whole r, which stops at u_1^r, must have u = u_0 + u_1 s. Of a complex r the real part says
    what is below it.
    """
    y = jnp.power(u[0], r)
    if n > UNROLLED and len(u) == 2:
        return _long_real_power(u, r, y, n)
    zero = u[0] == 0
    terms, lead = [y], u[1]
    for k, a in enumerate(power((jnp.where(zero, 1, u[0]), *u[1:]), r, y, n)[1:], 1):
        terms.append(jnp.where(zero, _from_zero(k, r) * lead, a))
        lead = lead * u[1]
    return tuple(terms)


def _long_real_power(u: Series, r: jax.Array, y: jax.Array, n: int) -> Series:
    """The same of u = u_0 + u_1 s, to an order where a loop compiles sooner."""
    zero = u[0] == 0
    h = u[1] / jnp.where(zero, 1, u[0])
    Pair = tuple[jax.Array, jax.Array]

    def step(so_far: Pair, k: jax.Array) -> tuple[Pair, jax.Array]:
        a, lead = so_far
        a, lead = h * a * (r + 1 - k) / k, lead * u[1]
        return (a, lead), jnp.where(zero, _from_zero(k, r) * lead, a)

    orders = jnp.arange(1, n + 1, dtype=jnp.real(r).dtype)
    return (y, *lax.scan(step, (y, jnp.ones_like(y)), orders)[1])


def _from_zero(k: int | jax.Array, r: jax.Array) -> jax.Array:
    """What coefficient k of (u_1 s)^r is, over u_1^k."""
    below = jnp.real(r)
    beyond = jnp.where(jnp.floor(below) == r, 0, jnp.inf)
    return jnp.where(k < below, 0, jnp.where(r == k, 1, beyond))


def _binomial(x: jax.Array, r: jax.Array, n: int) -> list[jax.Array]:
    """The Taylor coefficients of x^r, with no power of 0 where the coefficient before it is 0."""
    terms, choose = [jnp.power(x, r)], jnp.ones_like(r, dtype=x.dtype)
    for k in range(1, n + 1):
        choose = choose * (r - (k - 1)) / k
        terms.append(choose * jnp.power(x, jnp.where(choose == 0, 1, r - k)))
    return terms


def _atan2(n: int, u: Series, v: Series) -> Series:
    """The angle of (v, u), with the slope (v u' - u v') / (u^2 + v^2)."""
    top = subtract(multiply(v, slope(u), n - 1), multiply(u, slope(v), n - 1))
    below = add(multiply(u, u, n - 1), multiply(v, v, n - 1))
    return integral(jnp.arctan2(u[0], v[0]), divide(top, below, n - 1))


def choose(mask: jax.Array, u: Series, v: Series) -> Series:
    """u where the mask is true, v elsewhere."""
    zero = jnp.zeros((), jnp.result_type(u[0]))
    longest = max(len(u), len(v))
    u, v = (*u, *[zero] * (longest - len(u))), (*v, *[zero] * (longest - len(v)))
    return tuple(jnp.where(mask, a, b) for a, b in zip(u, v, strict=True))


def maximum(n: int, u: Series, v: Series) -> Series:
    """The greater of two; where they meet, the mean, as JAX has it."""
    mean = tuple(0.5 * a for a in add(u, v))
    return choose(u[0] > v[0], u, choose(v[0] > u[0], v, mean))


def minimum(n: int, u: Series, v: Series) -> Series:
    """The lesser of two; where they meet, the mean."""
    return negative(maximum(n, negative(u), negative(v)))


def _clamp(n: int, low: Series, u: Series, high: Series) -> Series:
    """u inside of the bounds; on them and beyond, the bounds."""
    return choose(u[0] >= high[0], high, choose(u[0] <= low[0], low, u))


def _rem(n: int, u: Series, v: Series) -> Series:
    """The remainder of u / v, with the sign of u: u - trunc(u / v) v."""
    return subtract(u, multiply((jnp.trunc(u[0] / v[0]),), v, n))


SEVERAL: dict[str, SeveralRule] = {
    "pow": _pow,
    "atan2": _atan2,
    "max": maximum,
    "min": minimum,
    "clamp": _clamp,
    "rem": _rem,
    "add": lambda n, u, v: add(u, v),
    "add_any": lambda n, u, v: add(u, v),
    "sub": lambda n, u, v: subtract(u, v),
    "mul": lambda n, u, v: multiply(u, v, n),
    "div": lambda n, u, v: divide(u, v, n),
}
