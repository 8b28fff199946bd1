"""Taylor rules of functions that are integrals, those of the normal distribution among them.

These are sinc, sici, fresnel, expn, spence, and log_ndtr, ndtri, erfcx, dawsn.

Their derivatives are known, but a quotient such as sin(x) / x, or a rational function that fits the
values, loses all digits of the high ones, and the differences that JAX writes for those of the
normal distribution cancel far out. Here they are the derivatives under an integral, by Gauss's
quadrature, sums of numbers of one sign, or their own recurrence where that loses nothing.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import JaxprEqn
from jax.scipy import special

from gradart.calculus.programs.jaxprs import bind
from gradart.calculus.taylor.rules.elementwise import logarithm
from gradart.calculus.taylor.series import (
    Series,
    Unknown,
    compose,
    convolve,
    integral,
    multiply,
    recur,
    sine_cosine,
    slope,
)


def legendre(count: int, x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The points of [0, 1] and the weights of Gauss's quadrature, along a new first axis of x."""
    at, weights = np.polynomial.legendre.leggauss(count)
    shape = (-1, *[1] * x.ndim)
    return (
        jnp.asarray((at + 1) / 2, x.dtype).reshape(shape),
        jnp.asarray(weights / 2, x.dtype).reshape(shape),
    )


def _mills(x: jax.Array, n: int) -> list[jax.Array]:
    """The integrals I_k of s^k exp(-x s - s^2 / 2) / k! over s > 0, k = 0, ..., n and x >= 1.

    I_0 is Mills' ratio, (1 - Phi) / phi, and (-1)^k I_k its Taylor coefficients. By parts,
    I_(k - 1) = x I_k + (k + 1) I_(k + 1), with 1 for I_(-1); downward, that loses nothing. Above
    n + 1, I_k falls as exp(-2 x sqrt(2 k)), which tells where to begin. (W. Gautschi, Computational
    aspects of three-term recurrence relations, SIAM Review 9 (1967), 24-82.)
    """
    begin = math.ceil((math.sqrt(n) + 13) ** 2)

    def further(i: jax.Array, ratio: jax.Array) -> jax.Array:
        return 1 / (x + (begin - i) * ratio)

    ratios = [lax.fori_loop(0, begin - n, further, 1 / (x + math.sqrt(begin)))]  # I_n / I_(n - 1)
    for k in range(n, 0, -1):
        ratios.append(1 / (x + k * ratios[-1]))
    terms = [ratios.pop()]
    while ratios:
        terms.append(terms[-1] * ratios.pop())
    return terms


def log_ndtr(u: Series, y: jax.Array, n: int) -> Series:
    """log Phi: its slope is r = phi / Phi, that of r is -r (x + r), where x + r cancels far left.

    There Phi is phi times Mills' ratio of -x.
    """
    x = u[0]
    left = x <= -1
    away, near = jnp.where(left, -x, 1), jnp.where(left, 0, x)
    low = list(logarithm(tuple(_mills(away, n)), n))
    low[1] = low[1] + away
    low[2:3] = [a - 0.5 for a in low[2:3]]

    def step(k: int, r: Unknown, sum_: Unknown) -> None:
        term = -convolve(r, sum_, k - 1) / k
        r.append(term)
        sum_.append(term + (k == 1))

    density = jnp.exp(-near * near / 2) / math.sqrt(2 * math.pi)
    start = density / special.ndtr(near)
    slopes = recur(n - 1, [start, near + start], step)[0]
    outer = [jnp.where(left, a, slopes[k - 1] / k) for k, a in enumerate(low) if k]
    return compose([y, *outer], u, n)


def ndtri(u: Series, y: jax.Array, n: int) -> Series:
    """The inverse of Phi: y' = e u' and e' = y y' e, for e = sqrt(2 pi) exp(y^2 / 2)."""
    du = tuple(k * a for k, a in enumerate(u))

    def step(k: int, y: Unknown, change: Unknown, e: Unknown) -> None:
        y.append(convolve(du, e, k) / k)  # du has no term 0
        change.append(convolve(y, y, k) * (k / 2))  # k times that of y^2 / 2
        e.append(convolve(change, e, k) / k)

    start = math.sqrt(2 * math.pi) * jnp.exp(y * y / 2)
    return recur(n, [y, jnp.zeros_like(y), start], step)[0]


def erfcx(u: Series, y: jax.Array, n: int) -> Series:
    """exp(x^2) erfc(x), from y' = 2 x y - 2 / sqrt(pi); far right, by Mills' ratio."""
    x = u[0]
    right = x > 1
    ratio = _mills(math.sqrt(2) * jnp.where(right, x, 1), n)
    near = jnp.where(right, 0, x)
    terms = [jnp.where(right, 1, y)]
    terms.append(2 * near * terms[0] - 2 / math.sqrt(math.pi))
    for k in range(1, n):
        terms.append(2 * (near * terms[k] + terms[k - 1]) / (k + 1))
    scale = [math.sqrt(2 / math.pi) * (-math.sqrt(2)) ** k for k in range(n + 1)]
    outer = [jnp.where(right, c * a, b) for c, a, b in zip(scale, ratio, terms, strict=True)]
    return compose([y, *outer[1:]], u, n)


def dawsn(u: Series, y: jax.Array, n: int) -> Series:
    """Dawson's integral: F(z) is the integral of exp(v^2 - 2 v z) over [0, z].

    About x that is the one over [0, x], whose coefficients have an integrand of one sign, and a
    rest R with R' = -2 z R + exp(x^2 - 2 x z), R(x) = 0. F is odd.
    """
    x = jnp.abs(u[0])
    sign = jnp.where(u[0] < 0, -1, 1)
    end = jnp.minimum(x, (44 + 3 * n) / jnp.maximum(x, 1))  # the integrand has ended there
    at, weight = legendre(56 + n, x)
    v = end * at
    inside = weight * end * jnp.exp(-v * (2 * x - v))
    bell = jnp.exp(-x * x)
    outer, rest, below = [y], bell, jnp.zeros_like(x)
    for k in range(1, n + 1):
        inside = -2 * v * inside / k
        outer.append(sign ** (k + 1) * (jnp.sum(inside, 0) + rest))
        bell = -2 * x * bell / k
        rest, below = (bell - 2 * x * rest - 2 * below) / (k + 1), rest
    return compose(outer, u, n)


def _sine_derivative(x: jax.Array, k: int) -> jax.Array:
    """The k-th derivative of the sine."""
    return (jnp.sin, jnp.cos)[k % 2](x) * (1, 1, -1, -1)[k % 4]


def _sinc(x: jax.Array, n: int) -> list[jax.Array]:
    """The Taylor coefficients of sin(x) / x, the mean of cos(s x) over s in [0, 1]."""
    close = jnp.abs(x) < 8
    near, away = jnp.where(close, x, 0), jnp.where(close, 8, x)
    s, weight = legendre(24 + n, x)
    terms, far = [], [jnp.sin(away) / away]
    for k in range(n + 1):
        terms.append(jnp.sum(weight * _sine_derivative(s * near, k + 1), 0))
        weight = weight * s / (k + 1)
    for k in range(1, n + 1):
        far.append((_sine_derivative(away, k) / float(math.factorial(k)) - far[-1]) / away)
    return [jnp.where(close, a, b) for a, b in zip(terms, far, strict=True)]


def sinc(u: Series, y: jax.Array, n: int) -> Series:
    """jnp.sinc: sin(pi x) / (pi x)."""
    outer = _sinc(math.pi * u[0], n)
    return compose([y, *[math.pi**k * a for k, a in enumerate(outer) if k]], u, n)


def sici(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """The integrals of sin(x) / x and of cos(x) / x."""
    u = inputs[-1]
    si, ci = bind(eqn, [v[0] for v in inputs])
    x = u[0]
    cosines = [jnp.cos(x) / x]
    for k in range(1, n):
        cosines.append((_sine_derivative(x, k + 1) / float(math.factorial(k)) - cosines[-1]) / x)
    both = (si, _sinc(x, n - 1)), (ci, cosines)
    return [compose([y, *[a / (k + 1) for k, a in enumerate(slopes)]], u, n) for y, slopes in both]


def fresnel(n: int, eqn: JaxprEqn, *inputs: Series) -> list[Series]:
    """The integrals of the sine and the cosine of pi x^2 / 2."""
    u = inputs[-1]
    values, (sine, cosine) = bind(eqn, [v[0] for v in inputs]), fresnel_slopes(u[0])
    angle = tuple(math.pi / 2 * a for a in multiply(u, u, n - 1))
    waves = sine_cosine(angle, sine, cosine, -1, n - 1)
    return [
        integral(y, multiply(wave, slope(u), n - 1)) for y, wave in zip(values, waves, strict=True)
    ]


def fresnel_slopes(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The sine and the cosine of pi x^2 / 2, where x is large, too."""
    rest = x - lax.stop_gradient(2 * jnp.round(x / 2))  # half the square of what is even is even
    angle = math.pi * (rest * (x - rest / 2))
    return jnp.sin(angle), jnp.cos(angle)


def spence(u: Series, y: jax.Array, n: int) -> Series:
    """Spence's function: -y' is log(x) / (x - 1), the integral of 1 / (1 + (x - 1) s) over [0, 1].

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
    """The exponential integrals E_m, m a constant, from x E_m' = (m - 1) E_m - exp(-x).

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
