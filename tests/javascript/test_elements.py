"""Functions of each element give in JavaScript what JAX computes, of numbers plain and odd."""

import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.scipy.special import ndtri

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


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
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


def test_polynomials_by_their_coefficients():
    x, coefficients = np.linspace(-2, 2, 50).reshape(10, 5), np.linspace(-1, 1, 12)
    cases = {
        "many": (lambda x: jnp.polyval(jnp.asarray(coefficients), x), x),
        "moving": (lambda x, c: jnp.polyval(c, x), x, coefficients[:3]),
        "inside": (lambda x: ndtri((x + 2.1) / 4.3), x),
    }
    if hasattr(lax, "polynomial"):
        cases["rows"] = (lambda x, y: lax.polynomial(x, [1.0, y, 3.0]), x, x[:1])
    assert not checked(cases)


@pytest.mark.parametrize("shape", [(), (5,), (3, 2)])
def test_long_chains_of_operations_are_no_deep_expressions(shape):
    """Of numbers, of arrays, of what is moved and joined in between."""

    def chain(x):
        for k in range(500):
            x = jnp.cos(x + 0.1)
            if x.ndim and k % 50 == 7:
                x = jnp.concatenate([x[::-1], 2 * x[:1]])[:-1]
        return x

    checked(
        {
            "chain": (
                chain,
                np.linspace(0.1, 1.1, 5 if shape == (5,) else 6)[: int(np.prod(shape))].reshape(
                    shape
                ),
            )
        }
    )
