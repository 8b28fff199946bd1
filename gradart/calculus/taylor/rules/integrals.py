"""Taylor rules of integrals and series: sinc, sici, fresnel, expn, spence, hyp1f1, hyp2f1.

Their derivatives are known, but a quotient such as sin(x) / x, or a rational function that fits the
values, loses all digits of the high ones. Here they are the derivatives under an integral, by
Gauss's quadrature, or their own recurrence where that loses nothing.
"""

import math

import jax
import jax.numpy as jnp
from jax.extend.core import JaxprEqn
from jax.scipy import special

from gradart.calculus.jaxprs import bind
from gradart.calculus.taylor.rules.normal_distribution import legendre
from gradart.calculus.taylor.series import (
    Series,
    compose,
    integral,
    multiply,
    sine_cosine,
    slope,
)


def _waves(x: jax.Array, k: int) -> jax.Array:
    """The k-th derivative of the sine."""
    return (jnp.sin, jnp.cos)[k % 2](x) * (1, 1, -1, -1)[k % 4]


def _sinc(x: jax.Array, n: int) -> list[jax.Array]:
    """The Taylor coefficients of sin(x) / x, the mean of cos(s x) over s in [0, 1]."""
    close = jnp.abs(x) < 8
    near, away = jnp.where(close, x, 0), jnp.where(close, 8, x)
    s, weight = legendre(24 + n, x)
    terms, far = [], [jnp.sin(away) / away]
    for k in range(n + 1):
        terms.append(jnp.sum(weight * _waves(s * near, k + 1), 0))
        weight = weight * s / (k + 1)
    for k in range(1, n + 1):
        far.append((_waves(away, k) / float(math.factorial(k)) - far[-1]) / away)
    return [jnp.where(close, a, b) for a, b in zip(terms, far, strict=True)]


def sinc(u: Series, y: jax.Array, n: int) -> Series:
    """jnp.sinc, of pi x."""
    outer = _sinc(math.pi * u[0], n)
    return compose([y, *[math.pi**k * a for k, a in enumerate(outer) if k]], u, n)


def sici(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    u = inputs[-1]
    si, ci = bind(eqn, [v[0] for v in inputs])
    x = u[0]
    cosines = [jnp.cos(x) / x]
    for k in range(1, n):
        cosines.append((_waves(x, k + 1) / float(math.factorial(k)) - cosines[-1]) / x)
    both = (si, _sinc(x, n - 1)), (ci, cosines)
    return [compose([y, *[a / (k + 1) for k, a in enumerate(slopes)]], u, n) for y, slopes in both]


def fresnel(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """The integrals of the sine and the cosine of pi x^2 / 2."""
    *given, u = inputs
    values, starts = jax.jvp(
        lambda x: bind(eqn, [*[v[0] for v in given], x]), (u[0],), (jnp.ones_like(u[0]),)
    )
    angle = tuple(math.pi / 2 * a for a in multiply(u, u, n - 1))
    sine, cosine = starts
    waves = sine_cosine(angle, sine, cosine, -1, n - 1)
    return [
        integral(y, multiply(wave, slope(u), n - 1)) for y, wave in zip(values, waves, strict=True)
    ]


def spence(u: Series, y: jax.Array, n: int) -> Series:
    """-y' is log(x) / (x - 1), the integral of 1 / (1 + (x - 1) s) over [0, 1].

    Its coefficients, with s x = q (1 + (x - 1) s), are (-1)^k x^-(k + 1) times the integrals of
    q^k / (1 - (1 - 1 / x) q) over [0, 1]. Far from 1 their recurrence upward is as good.
    """
    x = u[0]
    close = (x > 0.1) & (x < 10)
    near, away = jnp.where(close, x, 1), jnp.where(close, 10, x)
    q, weight = legendre(36 + n, x)
    inside = weight / (1 - (1 - 1 / near) * q) / near
    far = jnp.log(away) / (away - 1)
    power = 1 / away
    outer = [y]
    for k in range(1, n + 1):
        outer.append(-jnp.where(close, jnp.sum(inside, 0), far) / k)
        inside = -inside * q / near
        far = ((-1) ** (k + 1) * power / k - far) / (away - 1)
        power = power / away
    return compose(outer, u, n)


def expn(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """E_m from x E_m' = (m - 1) E_m - exp(-x), with m a constant.

    JAX 0.10 loses m, a whole number, where it differentiates twice, so a value tells it: near 0,
    E_0 is large, E_1 is -log(x) - 0.58, and E_m is exp(-x) / (m - 1).
    """
    *given, x = [v[0] for v in inputs]
    y = bind(eqn, (*given, x))[0]
    near = bind(eqn, (*given, jnp.full_like(x, 1e-3)))[0]
    less = jnp.where(near < 1, jnp.rint(math.exp(-1e-3) / near), jnp.where(near < 9, 0, -1))
    # One x may meet many m: behind the axis of the points, as NumPy spreads it.
    wide = tuple(
        a.reshape(*x.shape[:1], *[1] * (y.ndim - x.ndim), *x.shape[1:]) for a in inputs[-1]
    )
    wide = tuple(jnp.broadcast_to(a, y.shape) for a in wide)
    x = wide[0]
    outer, bell = [y], jnp.exp(-x)
    for k in range(1, n + 1):
        further = ((less - (k - 1)) * outer[-1] - bell) / (k * jnp.where(x == 0, 1, x))
        bell = -bell / k
        at_zero = bell / jnp.maximum(less - k, 0)
        outer.append(jnp.where(x == 0, at_zero, further))
    return [compose(outer, wide, n)]


def hypergeometric(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """hyp1f1 and hyp2f1 in x: each derivative is one with all other arguments raised by 1.

    1F1(a, b, x) = exp(x) 1F1(b - a, b, -x), whose terms have one sign where those on the left do
    not. (Digital Library of Mathematical Functions, 13.2.39, 13.3.15 and 15.5.1.)
    """
    *given, x = [v[0] for v in inputs]
    (y,) = bind(eqn, (*given, x))
    if y.shape != x.shape or any(a.shape not in ((), x.shape) for a in given):
        raise NotImplementedError("one x meets many other arguments")
    *above, below = given
    k = jnp.arange(n + 1, dtype=x.dtype).reshape(-1, *[1] * x.ndim)
    if len(above) > 1:
        values = special.hyp2f1(*(a + k for a in given), x)
    else:
        turned = (x < 0) & (below > above[0]) & (below > 0)
        first = jnp.where(turned, below - above[0], above[0] + k)
        values = special.hyp1f1(first, below + k, jnp.where(turned, -x, x))
        values = values * jnp.where(turned, jnp.exp(x), 1)
    outer, factor = [y], jnp.ones_like(x)
    for i in range(1, n + 1):
        for a in above:
            factor = factor * (a + (i - 1))
        factor = factor / ((below + (i - 1)) * i)
        outer.append(factor * values[i])
    return [compose(outer, inputs[-1], n)]
