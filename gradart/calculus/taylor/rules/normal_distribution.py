"""Taylor rules of what is made of the normal distribution: log_ndtr, ndtri, erfcx, dawsn.

JAX writes their derivatives as differences that cancel far out, the more the higher the order. Here
each coefficient is a sum of numbers of one sign.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy import special

from gradart.calculus.taylor.rules.elementwise import logarithm
from gradart.calculus.taylor.series import Series, Unknown, compose, convolve, recur


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
