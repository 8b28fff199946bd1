"""Taylor rules of the special functions: erf, gamma and its kin, zeta, Bessel, 1F1 and 2F1."""

import math
from collections.abc import Callable, Container
from functools import partial
from itertools import permutations

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import Atom
from jax.extend.core import Jaxpr, JaxprEqn, Literal, Var
from jax.scipy import special

from gradart.calculus.programs import jaxprs
from gradart.calculus.programs.jaxprs import bind, parts
from gradart.calculus.taylor.rules.elementwise import (
    Function,
    SeveralRule,
    choose,
    exponential,
    logarithm,
)
from gradart.calculus.taylor.series import (
    Series,
    compose,
    integral,
    multiply,
    negative,
    plus,
    slope,
    subtract,
)

TERMS = 100_000  # of the series of 2F1: enough for arguments of 0.9996


def _from_slope(g: Callable[[Series, int], Series]) -> Function:
    """The rule of a function whose derivative g is made of functions that have rules."""

    def rule(u: Series, y: jax.Array, n: int) -> Series:
        return integral(y, multiply(g(u, n - 1), slope(u), n - 1))

    return rule


def _erf_slope(u: Series, n: int) -> Series:
    """2 exp(-u^2) / sqrt(pi), the slope of erf."""
    bell = exponential(negative(multiply(u, u, n)), n)
    return tuple(2 / math.sqrt(math.pi) * a for a in bell)


def _lgamma(u: Series, y: jax.Array, n: int) -> Series:
    """log |gamma|, whose higher derivatives are Hurwitz's zeta function."""
    zetas = _zetas(u[0], n + 1)
    outer = [y, lax.digamma(u[0]), *[(-1) ** j / j * zetas[j - 2] for j in range(2, n + 1)]]
    return compose(outer, u, n)


def _digamma(u: Series, y: jax.Array, n: int) -> Series:
    """The slope of log gamma, whose derivatives are Hurwitz's zeta function."""
    zetas = _zetas(u[0], n + 2)
    return compose([y, *[(-1) ** (j + 1) * zetas[j - 1] for j in range(1, n + 1)]], u, n)


def _column(numbers: range, x: jax.Array) -> jax.Array:
    """Numbers along a new first axis of x."""
    return jnp.asarray(numbers, x.dtype).reshape(-1, *[1] * x.ndim)


def _zetas(q: jax.Array, end: int) -> jax.Array:
    """zeta(s, q) for s = 2, ..., end - 1, in one call: each is a long program of its own."""
    return lax.zeta(*jnp.broadcast_arrays(_column(range(2, max(end, 3)), q), q))


def _bessel(nu: int, scaled: bool = True) -> Function:
    """The rule of exp(-|x|) I_nu(x), or of I_nu itself, nu 0 or 1.

    I_nu(x) is the mean of cos(a)^nu exp(x cos(a)) over a circle, and so are its derivatives, with
    no cancellation. Half of them, taken where the tangent of a/2 is narrowed as 1/sqrt(x), lie so
    dense where the exponential peaks that their number does not depend on x.
    """

    def rule(u: Series, y: jax.Array, n: int) -> Series:
        x = u[0]
        size = jnp.abs(x)
        half = ((np.arange(32 + n) + 0.5) * (math.pi / (64 + 2 * n))).reshape(-1, *[1] * x.ndim)
        sine, cosine = (jnp.asarray(f(half) ** 2, x.dtype) for f in (np.sin, np.cos))
        narrow = 1 / jnp.sqrt(jnp.maximum(1, size / 30))
        below = cosine + narrow**2 * sine
        short = 2 * narrow**2 * sine / below  # 1 - cos(a), which keeps its digits near 0
        way = jnp.where(x < 0, -1, 1) * (1 - short)
        weight = way**nu * jnp.exp(-size * short) * (narrow / below)
        base = jnp.where(x == 0, way, -jnp.sign(x) * short) if scaled else way
        if not scaled:
            weight = weight * jnp.exp(size)
        outer = [y]
        for k in range(1, n + 1):
            weight = weight * base / k
            outer.append(jnp.mean(weight, 0))
        return (y, *compose(outer, u, n)[1:])

    return rule


def bessel_products(jaxpr: Jaxpr) -> dict[Var, tuple[Function, Atom]]:
    """The rules of the Bessel functions I_nu(x) in a jaxpr, and x.

    Of the product of the series of exp(|x|) and exp(-|x|) I_nu(x), as JAX has it, little would be
    left: they cancel as 3^k.
    """
    found = bessel_functions(jaxpr).items()
    return {y: (_bessel(nu, scaled=False), x) for y, (nu, x) in found}


def bessel_functions(jaxpr: Jaxpr) -> dict[Var, tuple[int, Atom]]:
    """What is written exp(|x|) times exp(-|x|) I_nu(x), as JAX has I_nu: nu, and x."""
    made = {eqn.outvars[0]: eqn for eqn in jaxpr.eqns if eqn.outvars}

    def maker(atom: Atom, names: Container[str]) -> JaxprEqn | None:
        eqn = None if isinstance(atom, Literal) else made.get(atom)
        return eqn if eqn is not None and eqn.primitive.name in names else None

    found = {}
    for eqn in jaxpr.eqns:
        if eqn.primitive.name != "mul":
            continue
        for one, other in (eqn.invars, eqn.invars[::-1]):
            grown, bessel = maker(one, ("exp",)), maker(other, _SCALED)
            size = grown and maker(grown.invars[0], ("abs",))
            if not size or not bessel:
                continue
            x, nu = size.invars[0], _SCALED[bessel.primitive.name]
            if bessel.invars[0] is x or (nu == 0 and bessel.invars[0] is size.outvars[0]):
                found[eqn.outvars[0]] = nu, x
    return found


def bessel_jn(n: int, eqn: JaxprEqn, u: Series) -> list[Series]:
    """J_0, ..., J_v: the means of cos(m a - x sin(a)) over a circle, along a new axis of x."""
    (y,) = bind(eqn, (u[0],))
    x, (scan,) = u[0], scans(eqn)
    if x.size == 0:
        return [(y, *[jnp.zeros_like(y)] * n)]
    orders = np.arange(y.size // x.size).reshape(-1, *[1] * x.ndim)
    # As many angles as JAX has steps: beyond x = steps, its own values are wrong.
    size = 2 * jaxprs.scan(scan).length + 2 * len(orders) + n + 32
    angle = (np.arange(size) * (2 * math.pi / size)).reshape(-1, *[1] * y.ndim)
    sine = jnp.asarray(np.sin(angle), x.dtype)
    phase = jnp.asarray(orders * angle, x.dtype) - x * sine
    weights, outer = (jnp.cos(phase), jnp.sin(phase)), [jnp.mean(jnp.cos(phase), 0)]
    for k in range(1, n + 1):
        weights = (weights[1] * sine / k, -weights[0] * sine / k)
        outer.append(jnp.mean(weights[0], 0))
    wide = compose(outer, tuple(a[None] for a in u), n)
    # vmap may have put the axes in any order; where two orders fit, the values tell.
    result: Series = ()
    for axes in permutations(range(y.ndim)):
        way = tuple(jnp.transpose(a, axes) for a in wide)
        if way[0].shape != y.shape:
            continue
        nearer = jnp.abs(way[0] - y).sum() < jnp.abs(result[0] - y).sum() if result else True
        result = choose(jnp.asarray(nearer), way, result or way)
    return [(y, *result[1:])]


def scans(eqn: JaxprEqn) -> list[JaxprEqn]:
    """The loops of an equation, in the calls of it too."""
    if eqn.primitive.name == "scan":
        return [eqn]
    every = [inner for x in jaxprs.inner_jaxprs(eqn.params) for inner in parts(x)[0].eqns]
    return [scan for inner in every for scan in scans(inner)]


def _polygamma(n: int, m: Series, u: Series) -> Series:
    """The m-th derivative of digamma in its argument: the next ones are polygamma of m + 1, ..."""
    raised = m[0] + _column(range(n + 1), u[0])
    outer = lax.polygamma(*jnp.broadcast_arrays(raised, u[0]))
    return compose([a / float(math.factorial(j)) for j, a in enumerate(outer)], u, n)


def _hurwitz(n: int, s: Series, u: Series) -> Series:
    """zeta(s, q) in q, whose derivative is -s zeta(s + 1, q)."""
    raised = s[0] + _column(range(n + 1), u[0])
    outer, rising = [], jnp.ones_like(u[0])
    for j, a in enumerate(lax.zeta(*jnp.broadcast_arrays(raised, u[0]))):
        outer.append(rising * a)
        rising = -rising * (s[0] + j) / (j + 1)
    return compose(outer, u, n)


def _igamma(sign: int, n: int, a: Series, u: Series) -> Series:
    """The incomplete gamma function in x, whose slope is x^(a - 1) e^-x / gamma(a)."""
    m = n - 1
    log = logarithm(u, m) if m else (jnp.log(u[0]),)
    weight = subtract(multiply((a[0] - 1,), log, m), plus(u, lax.lgamma(a[0])))
    density = exponential(weight[: m + 1], m)
    value = lax.igamma(a[0], u[0]) if sign > 0 else lax.igammac(a[0], u[0])
    change = multiply(density, slope(u), m)
    return integral(value, change if sign > 0 else negative(change))


_SCALED = {"bessel_i0e": 0, "bessel_i1e": 1}
SPECIAL: dict[str, Function] = {
    "erf": _from_slope(_erf_slope),
    "erfc": _from_slope(lambda u, n: negative(_erf_slope(u, n))),
    "lgamma": _lgamma,
    "digamma": _digamma,
    **{name: _bessel(nu) for name, nu in _SCALED.items()},
}
# These have a rule in their last argument only.
IN_LAST_ARGUMENT: dict[str, SeveralRule] = {
    "polygamma": _polygamma,
    "zeta": _hurwitz,
    "igamma": partial(_igamma, 1),
    "igammac": partial(_igamma, -1),
}


def gauss(a: jax.Array, b: jax.Array, c: jax.Array, x: jax.Array) -> jax.Array:
    """2F1(a, b, c, x), x < 1, where JAX adds 250 terms at most, also of series that diverge.

    Left of 0 it is (1 - x)^-a 2F1(a, c - b, c, x / (x - 1)), whose series converges everywhere.
    From 1 on it is JAX's. (Digital Library of Mathematical Functions, 15.8.1.)
    """
    a, b, c, x = jnp.broadcast_arrays(a, b, c, x)
    at = jnp.minimum(x, 0.9999)
    left = at < 0
    z = jnp.where(left, at / (at - 1), at)
    second = jnp.where(left, c - b, b)
    least = jnp.finfo(x.dtype).eps * (1 - z)  # what follows a term is about 1 / (1 - z) of it

    def go_on(state: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        k, term, total = state
        return (k < TERMS) & jnp.any(jnp.abs(term) > least * jnp.abs(total))

    def add(
        state: tuple[jax.Array, jax.Array, jax.Array],
    ) -> tuple[jax.Array, jax.Array, jax.Array]:
        k, term, total = state
        term = term * ((a + k) * (second + k) / ((c + k) * (k + 1)) * z)
        return k + 1, term, total + term

    one = jnp.ones_like(x)
    total = lax.while_loop(go_on, add, (jnp.zeros((), x.dtype), one, one))[2]
    scale = jnp.where(left, (1 - at) ** -a, 1)
    return jnp.where(x < 0.9999, scale * total, special.hyp2f1(a, b, c, jnp.maximum(x, 0.9999)))


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
        a, b, c = (number + k for number in given)
        values = gauss(a, b, c, x)
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
