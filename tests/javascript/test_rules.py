"""Each primitive in JavaScript gives what JAX computes, on numbers that are plain and odd."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from tests.javascript.node import checked, needs_node

pytestmark = needs_node
RNG = np.random.default_rng(5)
X = np.array([-np.inf, -2.5, -1.0, -0.5, -0.0, 0.0, 0.3, 0.5, 1.0, 1.5, 2.5, 7.25, np.inf, np.nan])
POSITIVE = np.array([1e-300, 0.01, 0.3, 1.0, 2.5, 17.0, 1e5, np.inf])
WITHIN = np.array([-1.0, -0.999999, -0.7, -1e-9, 0.0, 0.2, 0.9, 1.0])
WHOLE = np.array([-(2**31), -7, -1, 0, 1, 2, 13, 2**31 - 1])
SHIFTS = np.array([0, 1, 31, 32, 5, 3, 2, 40])
UNSIGNED = np.array([0, 1, 7, 2**31, 2**32 - 1, 12345], np.uint32)
LONG = np.array([0, 1, 2**63, 2**64 - 1, 98765432123456789, 77], np.uint64)
A = RNG.normal(size=(3, 4, 5))
M = RNG.normal(size=(2, 4, 4))
SYMMETRIC = M @ M.transpose(0, 2, 1) + np.eye(4)


def test_functions_of_an_element():
    names = "sin cos tan atan sinh cosh tanh asinh exp exp2 expm1 logistic sign floor ceil abs neg"
    names += " cbrt square is_finite erf erfc"
    cases: dict = {name: (getattr(lax, name), X[1:-2]) for name in names.split()}
    cases |= {name: (getattr(lax, name), POSITIVE) for name in ("log", "log1p", "sqrt", "rsqrt")}
    cases |= {name: (getattr(lax, name), WITHIN) for name in ("asin", "acos", "erf_inv")}
    cases |= {
        "odd": (lambda x: [lax.sin(x), lax.exp(x), lax.tanh(x), lax.floor(x), abs(x), x**2], X),
        "atanh": (lax.atanh, WITHIN[1:-1]),
        "acosh": (lax.acosh, 1 + POSITIVE[:-1]),
        "lgamma": (lax.lgamma, np.array([-2.5, -0.5, 0.3, 1.0, 2.0, 5.5, 40.0, 1e6])),
        "digamma": (lax.digamma, np.array([-2.5, -0.5, 0.3, 1.0, 5.5, 1e6])),
        "bessel": (
            lambda x: [lax.bessel_i0e(x), lax.bessel_i1e(x)],
            np.array([-50.0, -3, 0, 1, 39, 41, 700]),
        ),
        "round": (
            lambda x: [lax.round(x), lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)],
            X[1:-2],
        ),
        "powers": (
            lambda x: [lax.integer_pow(x, n) for n in (-3, -1, 0, 1, 2, 3, 4, 7, 12)],
            X[1:-2],
        ),
    }
    assert not checked(cases)


def test_functions_of_two_elements():
    x, y = (a.ravel() for a in np.meshgrid(X, X))
    names = "add sub mul div max min atan2 nextafter eq ne lt le gt ge"
    cases: dict = {name: (getattr(lax, name), x, y) for name in names.split()}
    some = [1.5, -0.5, 2.0, -3.0, 0.0]
    a, b = (v.ravel() for v in np.meshgrid(some, some))
    cases |= {
        "rem": (lax.rem, a, b),
        "pow": (lax.pow, np.abs(a), b),
        "odd powers": (
            lax.pow,
            np.array([1.0, -1.0, 1.0, 0.0, -2.0]),
            np.array([np.nan, np.inf, np.inf, 0.0, 3.0]),
        ),
        "clamp": (lambda x: lax.clamp(-1.0, x, 2.0), X),
        "select": (lambda x, y: jnp.where(x > y, x, 7.0), x, y),
        "select of three": (
            lambda n, x: lax.select_n(n, x, -x, 2 * x),
            np.array([0, 2, 1], np.int32),
            X[6:9],
        ),
        "sizes of one": (lambda a, b: lax.add(a[:1], b) * 2.0, a, b),
        "in order": (lambda x: [jnp.sort(x), jnp.searchsorted(jnp.sort(x[:-1]), x)], X),
    }
    assert not checked(cases)


@pytest.mark.parametrize("dtype", ["int32", "int64", "int16", "int8"])
def test_whole_numbers(dtype):
    half = 2 if dtype == "int64" else 1
    x = (WHOLE // half).astype(dtype)
    y = np.roll(x, 3)
    small = np.array([3, -2, 5, 1, -7, 2, 4, -1], dtype)
    cases: dict = {
        "sums": (lambda x, y: [x + y, x - y, -x, abs(y // 2)], x // 2, y // 2),
        "products": (lambda x, y: [x * y, x**3], small, np.roll(small, 1)),
        "quotients": (lambda x, y: [lax.div(x, y), lax.rem(x, y), x // y, x % y], x, small),
        "bits": (lambda x, y: [x & y, x | y, x ^ y, ~x], x, y),
        "shifts": (
            lambda x, s: [
                lax.shift_left(x, s),
                lax.shift_right_logical(x, s),
                lax.shift_right_arithmetic(x, s),
            ],
            small,
            (SHIFTS % 8).astype(dtype),
        ),
        "order": (
            lambda x, y: [x < y, x >= y, jnp.maximum(x, y), jnp.minimum(x, y), jnp.sign(x)],
            x,
            y,
        ),
        "as others": (
            lambda x: [
                x.astype(t)
                for t in ("float64", "float32", "bool", "int64", "int32", "int8", "uint8", "uint32")
            ],
            x,
        ),
    }
    assert not checked(cases)


def test_whole_numbers_that_wrap():
    x = np.array([2**31 - 1, -(2**31), 123456789], np.int32)
    u = UNSIGNED
    cases: dict = {
        "int32": (lambda x: [x + x, x * x, x - 5, -x], x),
        "uint32": (
            lambda u: [
                u + u,
                u * u,
                u - 5,
                ~u,
                u // 3,
                u % 7,
                u << 3,
                u >> 5,
                u.astype(jnp.int32),
                u.astype(float),
            ],
            u,
        ),
        "uint64": (
            lambda u: [
                u + u,
                u * u,
                u >> 12,
                u | 3,
                u ^ 5,
                u << 9,
                u // 3,
                u % 7,
                ~u,
                u > 5,
                u.astype(float),
                u.astype(jnp.uint32),
            ],
            LONG,
        ),
        "from floats": (
            lambda x: [x.astype(t) for t in ("int32", "int64", "uint8", "bool", "float32")],
            X,
        ),
        "bits of floats": (
            lambda x: [
                lax.bitcast_convert_type(x, jnp.uint64),
                lax.bitcast_convert_type(x.astype("float32"), jnp.uint32),
            ],
            X[:-1],
        ),
        "shifts beyond": (
            lambda x, s: [lax.shift_left(x, s), lax.shift_right_arithmetic(x, s)],
            WHOLE.astype(np.int32),
            SHIFTS.astype(np.int32),
        ),
    }
    assert not checked(cases)


def test_single_precision_rounds_at_each_step():
    x = RNG.normal(size=40).astype(np.float32)
    cases: dict = {
        "float32": (
            lambda x: [x * x + x, x / (x + 3), jnp.cumsum(x.astype(float)), x.sum(dtype=float)],
            x,
        )
    }
    assert not checked(cases, 1e-15)


def test_elements_moved():
    cases: dict = {
        "reshape": (
            lambda a: [
                a.reshape(5, 12),
                a.reshape(-1),
                a[:, None] * 2,
                a.transpose(2, 0, 1).reshape(4, 15),
            ],
            A,
        ),
        "transpose": (lambda a: [a.T, jnp.swapaxes(a, 0, 1) + 1], A),
        "slices": (lambda a: [a[1:, ::2, ::-1], a[:, 1, :], a[..., -1], (a * 2)[:, 1:3, 4]], A),
        "broadcast": (
            lambda a: [a[:, :1] - a, jnp.broadcast_to(a[0, 0, 0], (2, 3)), a.sum(1)[:, None] + a],
            A,
        ),
        "joined": (
            lambda a: [
                jnp.concatenate([a, 2 * a, a[:1]]),
                jnp.stack([a, -a], 1),
                jnp.concatenate([a, a[:, :1]], 1),
            ],
            A,
        ),
        "tiled": (lambda a: [jnp.tile(a, (2, 1, 3)), jnp.repeat(a, 2, 1), jnp.roll(a, 2, 0)], A),
        "padded": (
            lambda a: [
                jnp.pad(a, 1, constant_values=3.0),
                lax.pad(a, 0.0, ((-1, 2, 1), (1, -2, 0), (0, 0, 2))),
            ],
            A,
        ),
        "split": (lambda a: jnp.split(a, [1, 3], axis=1), A),
        "iota": (
            lambda a: [
                jnp.arange(7) + a[0, 0, 0],
                lax.broadcasted_iota(float, (3, 4), 1) * a[..., 0],
            ],
            A,
        ),
        "dynamic": (
            lambda a, k: [
                lax.dynamic_slice(a, (k, 0, k), (2, 4, 2)),
                lax.dynamic_update_slice(a, a[:1, :1] * 9, (k, k, 0)),
                a[k],
            ],
            A,
            2,
        ),
        "beyond": (lambda a, k: [lax.dynamic_slice(a, (k, k, -k), (2, 2, 2))], A, 9),
        "linspace": (
            lambda a: [jnp.linspace(a[0, 0, 0], 3.0, 11), jnp.linspace(0, 1, 5) * a[0, 0, 0]],
            A,
        ),
    }
    assert not checked(cases)


def test_sums_orders_and_products():
    odd = np.where(A > 1.2, np.nan, A)
    cases: dict = {
        "sums": (lambda a: [a.sum(), a.sum(1), a.mean((0, 2)), (a * a).sum(-1), a.prod(1)], A),
        "extremes": (lambda a: [a.max(), a.min(2), a.argmax(1), a.argmin(0), jnp.argmax(a)], A),
        "with NaN": (
            lambda a: [
                a.max(1),
                a.argmax(1),
                jnp.nanmax(a, 1),
                jnp.nansum(a),
                jnp.sort(a, 1),
                jnp.argsort(a, 0),
            ],
            odd,
        ),
        "truth": (lambda a: [(a > 0).any(1), (a > 0).all(), (a > 0).sum(0)], A),
        "running": (
            lambda a: [
                jnp.cumsum(a, 1),
                jnp.cumprod(a),
                lax.cummax(a, 2),
                lax.cummin(a, 0, reverse=True),
                lax.cumlogsumexp(a, 1),
            ],
            A,
        ),
        "products": (
            lambda a, m: [
                a[:, :, :4] @ m[0],
                m @ m,
                jnp.einsum("ijk,ilk->jl", a, a),
                jnp.dot(a[0, 0], a[1, 1]),
                jnp.vecdot(a, a),
            ],
            A,
            M,
        ),
        "sorted": (
            lambda a: [
                jnp.sort(a, 0),
                jnp.argsort(-a, 1),
                *lax.sort((jnp.round(a), a), num_keys=1),
                *lax.top_k(a, 3),
            ],
            A,
        ),
        "median": (lambda a: [jnp.median(a), jnp.quantile(a, jnp.array([0.1, 0.9]), axis=1)], A),
        "whole": (
            lambda a: [
                jnp.round(a * 9).astype(int).sum(1),
                jnp.round(a * 9).astype(jnp.int32).prod(1),
                jnp.bitwise_or.reduce(jnp.round(a * 9).astype(int), axis=1),
            ],
            A,
        ),
    }
    assert not checked(cases)


def test_places_that_are_numbers():
    k = np.array([[2, 0], [1, -1], [7, 1]])
    cases: dict = {
        "rows": (
            lambda a, k: [a[k], a[k[:, 0], :, k[:, 1]], a[:, k[:2, 0]], jnp.take(a, k, axis=1)],
            A,
            k,
        ),
        "modes": (
            lambda a, k: [
                a.at[k].get(mode="fill"),
                a.at[k].get(mode="clip"),
                jnp.take(a, k, 0, mode="wrap"),
            ],
            A,
            k,
        ),
        "along": (lambda a: [jnp.take_along_axis(a, jnp.argsort(a, 1), 1)], A),
        "each its own": (lambda a: jax.vmap(lambda row, n: row[n])(a, jnp.array([1, 3, 0])), A),
        "set": (
            lambda a, k: [
                a.at[k[:, 0]].set(7.0),
                a.at[0, k[:2, 0]].add(a[1, :2]),
                a.at[:, 2].mul(3.0),
            ],
            A,
            k,
        ),
        "extremes": (lambda a: [a.at[1].max(0.0), a.at[:, jnp.array([0, 0])].min(-1.0)], A),
        "counts": (lambda a: jnp.zeros(4).at[jnp.array([1, 1, 3, 9])].add(1.0) + a[0, 0, 0], A),
        "interpolation": (
            lambda a: jnp.interp(a, jnp.array([-1.0, 0.0, 2.0]), jnp.array([3.0, 1.0, 5.0])),
            A,
        ),
        "of whole numbers": (
            lambda a: [
                jnp.round(a).astype(int).at[jnp.array([9])].get(mode="fill"),
                (a > 0).at[jnp.array([9])].get(mode="fill"),
            ],
            A,
        ),
    }
    assert not checked(cases)


def test_branches_and_loops():
    def spiral(x):
        def step(c, row):
            c = c + 0.1 * jnp.stack([-c[1], c[0]]) * row.sum()
            return c, (c, c.sum())

        return [lax.scan(step, x[0, 0, :2], x[0]), lax.scan(step, x[0, 0, :2], x[0], reverse=True)]

    def swapped(x):  # what is carried changes places
        return lax.fori_loop(
            0, 5, lambda k, c: (c[1], c[0] + k, c[2] + c[0][0, 0]), (x[0], x[1], 0.0)
        )

    def nested(x):
        def inner(k, c):
            return lax.fori_loop(0, 3, lambda j, d: d * 0.5 + j + k, c)

        return lax.fori_loop(0, 4, inner, x)

    cases: dict = {
        "scan": (spiral, A),
        "swapped": (swapped, A),
        "nested": (nested, A),
        "while": (
            lambda x: lax.while_loop(lambda c: c[1] < 20, lambda c: (c[0] * 1.5, c[1] + 3), (x, 0)),
            A,
        ),
        "each as long as it takes": (
            lambda x: jax.vmap(
                lambda y: lax.while_loop(
                    lambda c: c[0] < 10, lambda c: (c[0] + 1.5, c[1] + 1), (y, 0)
                )
            )(x[0, 0]),
            A,
        ),
        "none at all": (lambda x: lax.while_loop(lambda c: c.sum() > 1e9, lambda c: c * 2, x), A),
        "no rows": (lambda x: lax.scan(lambda c, r: (c + r, c), x[0], x[:0]), A),
        "cond": (
            lambda x: [
                lax.cond(x[0, 0, 0] > 0, lambda v: (v * 2, v.sum()), lambda v: (v - 1, 3.0), x)
            ],
            A,
        ),
        "switch": (
            lambda x, k: [
                lax.switch(k, [lambda v: v, lambda v: v * 2, lambda v: v.at[0].set(0.0)], x)
            ],
            A,
            2,
        ),
        "derivative of a loop": (
            lambda x: [jax.jvp(nested, (x,), (x,))[1], jax.grad(lambda v: nested(v).sum())(x)],
            A,
        ),
        "scalars": (
            lambda x: lax.fori_loop(
                0, 9, lambda k, c: (c[1], c[0] + c[1]), (x[0, 0, 0], x[0, 0, 1])
            ),
            A,
        ),
        "in place": (lambda x: lax.fori_loop(0, 3, lambda k, c: c.at[k].set(c[k - 1] * 2), x), A),
    }
    assert not checked(cases)


def test_keys_and_bits_to_the_last():
    key = jax.random.key(7)
    cases: dict = {
        "bits": (
            lambda k: [
                jax.random.bits(k, (5,), t) for t in ("uint64", "uint32", "uint16", "uint8")
            ],
            key,
        ),
        "numbers": (
            lambda k: [
                jax.random.uniform(k, (9,)),
                jax.random.uniform(k, (4,), "float32"),
                jax.random.randint(k, (9,), -5, 1000),
            ],
            key,
        ),
        "keys": (
            lambda k: [
                jax.random.split(k, 3),
                jax.random.split(k, (2, 2)),
                jax.random.fold_in(k, 99),
                jax.random.split(jax.random.split(k)[1]),
            ],
            key,
        ),
        "of a seed": (
            lambda s: [
                jax.random.key_data(jax.random.key(s)),
                jax.random.uniform(jax.random.key(s)),
            ],
            np.uint32(4000000000),
        ),
        "many keys": (
            lambda k: jax.vmap(lambda q: jax.random.uniform(q, (3,)))(jax.random.split(k, 4)),
            key,
        ),
        "orders": (
            lambda k: [jax.random.permutation(k, 9), jax.random.choice(k, 20, (5,), replace=False)],
            key,
        ),
        "a walk": (
            lambda k: lax.scan(
                lambda q, _: ((p := jax.random.split(q))[0], jax.random.uniform(p[1])), k, None, 6
            ),
            key,
        ),
    }
    assert not checked(cases, 0)


def test_distributions():
    key = jax.random.key(3)
    cases: dict = {
        "normal": (lambda k: jax.random.normal(k, (500,)), key),
        "others": (
            lambda k: [
                jax.random.exponential(k, (50,)),
                jax.random.gumbel(k, (50,)),
                jax.random.cauchy(k, (50,)),
                jax.random.bernoulli(k, 0.3, (50,)),
            ],
            key,
        ),
    }
    assert not checked(cases, 1e-13)


def test_linear_algebra():
    cases: dict = {
        "solve": (
            lambda m: [jnp.linalg.solve(m, m[:, :, :1]), jnp.linalg.inv(m), jnp.linalg.det(m)],
            M,
        ),
        "cholesky": (jnp.linalg.cholesky, SYMMETRIC),
        "eigenvalues": (
            lambda m: [jnp.linalg.eigvalsh(m), jnp.abs(jnp.linalg.eigh(m)[1])],
            SYMMETRIC,
        ),
        "triangles": (
            lambda m: [
                lax.linalg.triangular_solve(
                    m, m + 1, left_side=left, lower=lower, transpose_a=turned, unit_diagonal=unit
                )
                for left in (True, False)
                for lower in (True, False)
                for turned in (True, False)
                for unit in (True, False)
            ],
            M + 4 * np.eye(4),
        ),
    }
    assert not checked(cases, 1e-9)


def test_derivatives_of_a_curve():
    def curve(t):
        return jnp.stack([jnp.exp(-t) * jnp.cos(5 * t), jnp.sin(t**2)])

    t = np.linspace(0, 2, 9)
    cases: dict = {
        "forward": (lambda t: jax.vmap(jax.jacfwd(jax.jacfwd(curve)))(t), t),
        "field": (
            lambda t: jax.vmap(jax.hessian(lambda p: jnp.sin(p[0]) * p[1] ** 2))(
                jnp.stack([t, t], -1)
            ),
            t,
        ),
    }
    assert not checked(cases)
