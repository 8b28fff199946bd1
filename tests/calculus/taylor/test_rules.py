"""Every function against nested jvp, the slow and obvious way, at order 4."""

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import numpy as np
import pytest
from jax import lax
from jax.extend.core import jaxpr_as_fun

from gradart.calculus.derivatives import jet
from gradart.errors import ArtWarning

ORDER = 4
MATRIX = np.array([[3.0, 0.4, -0.2], [0.1, 2.0, 0.3], [0.2, -0.5, 1.5]])
KNOTS = np.linspace(-2, 2, 9)


def moving(t):
    """A bent path of five numbers, for what acts on arrays."""
    return jnp.sin(jnp.arange(1.0, 6.0) * t) + 0.3 * t**2 + jnp.arange(5.0) / 3


def matrix(t):
    return MATRIX + jnp.array([[jnp.sin(t), t, 0], [t**2, jnp.cos(t), t], [t, 0.3, jnp.exp(t)]])


def symmetric(t):
    a = matrix(t)
    return a @ a.T


def loop(t):
    return lax.fori_loop(0, 5, lambda i, x: jnp.sin(x) * t + 0.1 * i, t)


def scanned(t):
    def step(carry, x):
        carry = jnp.tanh(carry * x + t)
        return carry, carry**2

    last, all_ = lax.scan(step, t, moving(t))
    return last + all_.sum() + lax.scan(step, 0.1, jnp.arange(3.0), reverse=True)[1].prod()


def halved(t):
    return lax.while_loop(lambda c: c[0] < 6, lambda c: (c[0] + 1, c[1] * jnp.cos(c[1])), (0, t))[1]


def branch(t):
    return lax.cond(t > 10, jnp.cos, lambda t: jnp.exp(t) * t, t) + lax.switch(
        1, [jnp.sin, jnp.tan], t
    )


@jax.custom_vjp
def doubled(t):
    return 2 * jnp.sin(t)


doubled.defvjp(lambda t: (doubled(t), t), lambda t, g: (2 * g * jnp.cos(t),))

ELEMENTWISE = (
    {
        name: getattr(jnp, name)
        for name in [
            "sin",
            "cos",
            "tan",
            "arcsin",
            "arccos",
            "arctan",
            "sinh",
            "cosh",
            "tanh",
            "arcsinh",
            "arctanh",
            "exp",
            "exp2",
            "expm1",
            "cbrt",
            "log1p",
            "square",
            "reciprocal",
            "abs",
            "sign",
            "floor",
            "ceil",
            "round",
            "sinc",
            "negative",
            "deg2rad",
            "nan_to_num",
            "positive",
            "trunc",
        ]
    }
    | {
        name: getattr(jax.nn, name)
        for name in [
            "relu",
            "softplus",
            "sigmoid",
            "silu",
            "gelu",
            "elu",
            "selu",
            "celu",
            "swish",
            "relu6",
            "hard_tanh",
            "leaky_relu",
            "soft_sign",
            "log_sigmoid",
            "mish",
            "squareplus",
            "hard_sigmoid",
            "hard_swish",
        ]
    }
    | {
        "arccosh": lambda t: jnp.arccosh(t + 2),
        "log": lambda t: jnp.log(t + 2),
        "log2": lambda t: jnp.log2(t + 2),
        "log10": lambda t: jnp.log10(t + 2),
        "sqrt": lambda t: jnp.sqrt(t + 2),
        "rsqrt": lambda t: lax.rsqrt(t + 2),
        "cbrt below 0": lambda t: jnp.cbrt(jnp.sin(t) - 3),
        "erf": special.erf,
        "erfc": special.erfc,
        "erf_inv": lambda t: special.erfinv(jnp.sin(t) / 2),
        "lgamma": lambda t: special.gammaln(jnp.sin(t) + 2),
        "digamma": lambda t: special.digamma(t + 2),
        "polygamma": lambda t: special.polygamma(1, jnp.exp(t)),
        "i0e": special.i0e,
        "i1e": special.i1e,
        "i0": special.i0,
        "i1": special.i1,
        "gammainc": lambda t: special.gammainc(1.7, t + jnp.exp(t)),
        "gammaincc": lambda t: special.gammaincc(1.7, t**2 + 2),
        "betainc": lambda t: special.betainc(1.5, 2.5, jax.nn.sigmoid(t)),
        "gamma": lambda t: special.gamma(t + 2.5),
        "logit": lambda t: special.logit(jax.nn.sigmoid(3 * t)),
        "expit": special.expit,
        "ndtr": special.ndtr,
        "ndtri": lambda t: special.ndtri(jax.nn.sigmoid(t)),
        "log_ndtr": special.log_ndtr,
        "entr": lambda t: special.entr(t + 2),
        "xlogy": lambda t: special.xlogy(t, t + 2),
        "xlog1py": lambda t: special.xlog1py(t, t),
        "expi": lambda t: special.expi(t + 2),
        "logaddexp": lambda t: jnp.logaddexp(t, jnp.sin(3 * t)),
        "logaddexp2": lambda t: jnp.logaddexp2(t, jnp.sin(3 * t)),
        "whole powers": lambda t: jnp.sin(t) ** 5 + t**2 + (t + 2) ** -3 + jnp.sin(t) ** 2.0,
        "real powers": lambda t: (t + 2) ** 2.7 + (jnp.sin(t) + 2) ** -0.3,
        "array of powers": lambda t: (t ** np.arange(6)).sum() + (jnp.sin(t) ** np.arange(6)).sum(),
        "t to the t": lambda t: (t + 2) ** (2 * t) + 2.5**t,
        "float_power": lambda t: jnp.float_power(t + 2, 1.5),
        "division": lambda t: jnp.sin(t) / (2 + t) + 1 / (3 + jnp.cos(t)) + t / 3,
        "arctan2": lambda t: jnp.arctan2(jnp.sin(t) + 0.5, jnp.cos(2 * t)),
        "hypot": lambda t: jnp.hypot(t + 2, jnp.sin(t)),
        "maximum": lambda t: jnp.maximum(jnp.sin(3 * t), t**2) + jnp.minimum(t, t**3),
        "clip": lambda t: jnp.clip(2 * t, -0.9, 0.9) ** 2,
        "mod": lambda t: jnp.mod(5 * t**2, 0.7) + jnp.fmod(5 * t, 0.8 + 0.1 * t),
        "where": lambda t: jnp.where(t > 0.1, jnp.sin(t), t**3),
        "heaviside": lambda t: jnp.heaviside(t, 0.5) * jnp.cos(t),
        "complex": lambda t: (jnp.exp((0.2 + 3j) * t) / (2 + 1j * t)).real,
        "complex functions": lambda t: jnp.abs(
            jnp.sin(t + 1j) * jnp.sqrt(t + 2j) + jnp.log(t + 1j)
        ),
        "complex angle": lambda t: jnp.angle(2 + 1j * t) + jnp.conj(jnp.tanh(t + 0.4j)).imag,
    }
)

ARRAYS = {
    "sum": lambda t: moving(t).sum() + jnp.mean(moving(t) ** 2),
    "prod": lambda t: moving(t).prod(),
    "max": lambda t: moving(t).max() + moving(t).min(),
    "var": lambda t: jnp.std(moving(t)) + jnp.var(moving(t)),
    "cumsum": lambda t: jnp.cumsum(moving(t)),
    "cumprod": lambda t: jnp.cumprod(moving(t)),
    "cummax": lambda t: lax.cummax(moving(t)) + lax.cummin(moving(t), reverse=True),
    "cumlogsumexp": lambda t: lax.cumlogsumexp(moving(t)),
    "logsumexp": lambda t: special.logsumexp(moving(t)),
    "softmax": lambda t: jax.nn.softmax(moving(t)),
    "log_softmax": lambda t: jax.nn.log_softmax(moving(t)),
    "sort": lambda t: jnp.sort(moving(t)),
    "median": lambda t: jnp.median(moving(t)),
    "top_k": lambda t: lax.top_k(moving(t), 3)[0],
    "argmax": lambda t: moving(t)[jnp.argmax(moving(t))],
    "dot": lambda t: moving(t) @ moving(2 * t),
    "matmul": lambda t: matrix(t) @ matrix(2 * t),
    "einsum": lambda t: jnp.einsum("ij,jk,k->i", matrix(t), matrix(t), moving(t)[:3]),
    "outer": lambda t: jnp.outer(moving(t), moving(t)),
    "cross": lambda t: jnp.cross(moving(t)[:3], moving(2 * t)[1:4]),
    "convolve": lambda t: jnp.convolve(moving(t), moving(2 * t)),
    "norm": lambda t: jnp.linalg.norm(moving(t)),
    "indexing": lambda t: moving(t)[jnp.array([0, 3, 3])] + moving(t)[-1] + moving(t)[1:4],
    "gather outside": lambda t: moving(t).at[jnp.array([1, 9])].get(mode="fill", fill_value=2.0),
    "gather at": lambda t: moving(t)[jnp.floor(3 + t).astype(int)],
    "dynamic_slice": lambda t: lax.dynamic_slice(moving(t), ((t > 0).astype(int),), (2,)),
    "at set": lambda t: moving(t).at[2].set(t**3).at[1:3].add(jnp.sin(t)).at[0].multiply(2.0),
    "at multiply": lambda t: (
        moving(t).at[jnp.array([0, 2])].multiply(jnp.sin(t), unique_indices=True)
    ),
    "at max": lambda t: moving(t).at[jnp.array([0, 2])].max(jnp.sin(t)),
    "dynamic_update": lambda t: lax.dynamic_update_slice(moving(t), moving(t**2)[:2], (1,)),
    "roll pad flip": lambda t: jnp.flip(jnp.pad(jnp.roll(moving(t), 2), 1)),
    "stack": lambda t: jnp.stack([moving(t), jnp.ones(5)]).reshape(5, 2).T,
    "split tile": lambda t: jnp.tile(jnp.split(moving(t)[:4], 2)[1], 3),
    "repeat": lambda t: jnp.repeat(moving(t), 2),
    "interp": lambda t: jnp.interp(t, KNOTS, KNOTS**3) + jnp.interp(0.3, KNOTS, KNOTS * t),
    "polyval": lambda t: jnp.polyval(jnp.array([1.0, -2.0, 0.5, 3.0]), t),
    "fft": lambda t: jnp.abs(jnp.fft.fft(moving(t))) ** 2,
    "rfft": lambda t: jnp.fft.irfft(jnp.fft.rfft(moving(t)[:4]) ** 2),
    "reduce window": lambda t: lax.reduce_window(moving(t), 0.0, lax.add, (2,), (1,), "VALID"),
    "solve": lambda t: jnp.linalg.solve(matrix(t), moving(t)[:3]),
    "inverse": lambda t: jnp.linalg.inv(matrix(t)),
    "det": lambda t: jnp.linalg.det(matrix(t)),
    "cholesky": lambda t: jnp.linalg.cholesky(symmetric(t)),
    "lu": lambda t: lax.linalg.lu(matrix(t))[0],
    "triangular_solve": lambda t: lax.linalg.triangular_solve(
        matrix(t), matrix(2 * t), left_side=True, lower=True, transpose_a=True, unit_diagonal=True
    ),
    "eigh": lambda t: jnp.linalg.eigh(symmetric(t)[:2, :2])[0],
    "fori_loop": loop,
    "scan": scanned,
    "while_loop": halved,
    "cond": branch,
    "jit": lambda t: jax.jit(lambda x: x * jnp.sin(x))(t),
    "checkpoint": lambda t: jax.checkpoint(lambda x: x * jnp.sin(x))(t),
    "grad inside": lambda t: jax.grad(lambda x: jnp.tanh(x) * x)(t),
    "jvp inside": lambda t: jax.jvp(lambda x: jnp.tanh(x) * x, (t,), (jnp.cos(t),))[1],
    "vmap inside": lambda t: jax.vmap(lambda x: x * jnp.sin(x * t))(moving(t)),
    "constant": lambda t: jnp.ones(2),
    "stop_gradient": lambda t: lax.stop_gradient(jnp.sin(t)) * t,
    "random": lambda t: jax.random.normal(jax.random.key(0), (3,)) * t**2,
}


def nested(f, t, order):
    """The derivatives by jvp of jvp of jvp of what f is traced to, at every t."""

    def further(known):
        def more(t):
            values, slopes = jax.jvp(known, (t,), (jnp.ones_like(t),))
            return (*values, slopes[-1])

        return more

    chain = jaxpr_as_fun(jax.make_jaxpr(f)(t[0]))
    for _ in range(order):
        chain = further(chain)
    return jax.jit(lambda t: jnp.stack(jax.vmap(chain)(t)))(t)


def together(table, names):
    """One function of all of them, so that there are few programs to compile, and its pieces."""

    def f(t):
        return jnp.concatenate([jnp.ravel(jnp.asarray(table[name](t), float)) for name in names])

    sizes = [jax.eval_shape(table[name], jnp.ones(())).size for name in names]
    return f, np.cumsum(sizes)[:-1]


def batches(table, size):
    names = list(table)
    return [names[i : i + size] for i in range(0, len(names), size)]


def check(table, names, points, order=ORDER):
    with jax.enable_x64(True):
        f, ends = together(table, names)
        t = jnp.asarray(points)
        mine, theirs = np.asarray(jet(f, t, order)), np.asarray(nested(f, t, order))
    assert mine.shape == theirs.shape
    for name, a, b in zip(names, *(np.split(x, ends, -1) for x in (mine, theirs)), strict=True):
        tiny = 1e-2 * np.abs(b).max() + 1e-300
        assert np.all(np.abs(a - b) <= 1e-10 * np.maximum(np.abs(b), tiny)), name
    return theirs, ends


def check_single(table, names, point, truth, ends):
    """At a point alone, in single precision, against the truth in double precision."""
    single = np.asarray(jet(together(table, names)[0], np.float32(point), len(truth) - 1))
    assert single.dtype == np.float32
    for name, a, b in zip(names, *(np.split(x, ends, -1) for x in (single, truth)), strict=True):
        assert np.all(np.abs(a - b) <= 1e-3 * (1 + np.abs(b).max())), f"{name}, in float32"


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", batches(ELEMENTWISE, 6), ids=",".join)
def test_elementwise(names):
    truth, ends = check(ELEMENTWISE, names, [-0.35, 0.2, 0.45])
    check_single(ELEMENTWISE, names, 0.45, truth[:, -1], ends)


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", batches(ARRAYS, 4), ids=",".join)
def test_arrays(names):
    check(ARRAYS, names, [0.2, 0.45])


def test_zero_to_a_power_that_moves():
    def f(t):
        return jnp.stack([0.0, 1.0, t - 1, 1 - t, (t - 1) ** 2]) ** (t + 2)

    with jax.enable_x64(True):
        np.testing.assert_allclose(jet(f, [1.0], 3), nested(f, jnp.ones(1), 3), rtol=1e-12)
        with pytest.warns(ArtWarning, match="not finite at t = 1"):
            beyond = jet(f, 1.0, 4)[4]
    assert not beyond[:2].any()
    assert np.all(np.isinf(beyond[2:4]))  # as the slope of s^s is, which is log s + 1
