"""Special functions at order 16 against mpmath, near 0, far out and where formulas change."""

import jax
import jax.numpy as jnp
import jax.scipy.special as special
import mpmath
import numpy as np
import pytest
from mpmath import mp

from gradart.calculus.derivatives import jet

ORDER = 16


@pytest.fixture(autouse=True)
def doubles():
    with jax.enable_x64(True), mpmath.workdps(30):
        yield


def integral_of(slope):
    """Taylor coefficients 1, ..., ORDER of a function, from its slope."""

    def terms(x):
        return [c / (k + 1) for k, c in enumerate(mpmath.taylor(slope, x, ORDER - 1))]

    return terms


def sinc(x):
    """By its series: mpmath's differences around 0 would divide 0 by 0."""
    return mpmath.hyp0f1(1.5, -x * x / 4)


def erfcx(x):
    return mpmath.exp(x * x) * mpmath.erfc(x)


def dawsn(x):
    return mpmath.exp(-x * x) * mpmath.erfi(x) * mpmath.sqrt(mp.pi) / 2


def kummer(x):
    a, b = mpmath.mpf(0.75), mpmath.mpf(1.875)
    return [
        mpmath.rf(a, k) / mpmath.rf(b, k) / mpmath.factorial(k) * mpmath.hyp1f1(a + k, b + k, x)
        for k in range(1, ORDER + 1)
    ]


def gauss(x):
    a, b, c = mpmath.mpf(0.75), mpmath.mpf(1.25), mpmath.mpf(1.875)
    return [
        mpmath.rf(a, k) * mpmath.rf(b, k) / mpmath.rf(c, k) / mpmath.factorial(k)
        * mpmath.hyp2f1(a + k, b + k, c + k, x)
        for k in range(1, ORDER + 1)
    ]  # fmt: skip


# What is differentiated, at which points, and its Taylor coefficients from the first on.
KNOWN = {
    "log_ndtr": (
        special.log_ndtr,
        [-300.0, -30.0, -20.0, -5.0, -2.0, -1.0, 0.5, 9.0],
        integral_of(lambda x: mpmath.npdf(x) / mpmath.ncdf(x)),
    ),
    "ndtri": (
        special.ndtri,
        [1e-5, 0.01, 0.45, 0.9],
        lambda x: mpmath.taylor(lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1), x, ORDER)[1:],
    ),
    "erfcx": (
        special.erfcx,
        [-3.0, 0.0, 0.5, 1.5, 5.0, 50.0],
        integral_of(lambda x: 2 * x * erfcx(x) - 2 / mpmath.sqrt(mp.pi)),
    ),
    "dawsn": (
        special.dawsn,
        [-8.0, 0.1, 1.0, 3.0, 6.0, 20.0],
        integral_of(lambda x: 1 - 2 * x * dawsn(x)),
    ),
    "sinc": (
        jnp.sinc,
        [-2.2, 0.01, 0.3, 1.0, 5.5],
        lambda x: mpmath.taylor(lambda x: sinc(mp.pi * x), x, ORDER)[1:],
    ),
    "si": (lambda x: special.sici(x)[0], [-7.0, 0.1, 1.0, 5.0, 30.0], integral_of(sinc)),
    "ci": (
        lambda x: special.sici(x)[1],
        [0.1, 1.0, 5.0, 30.0],
        integral_of(lambda x: mpmath.cos(x) / x),
    ),
    "fresnel": (
        lambda x: special.fresnel(x)[1],
        [-4.0, 0.1, 1.0, 3.0],
        integral_of(lambda x: mpmath.cos(mp.pi / 2 * x * x)),
    ),
    "spence": (
        special.spence,
        [0.05, 0.2, 0.5, 0.9, 1.1, 3.0, 30.0],
        integral_of(lambda x: mpmath.log(x) / (1 - x)),
    ),
    "hyp1f1": (lambda x: special.hyp1f1(0.75, 1.875, x), [-20.0, -3.0, 0.3, 20.0], kummer),
    "hyp2f1": (lambda x: special.hyp2f1(0.75, 1.25, 1.875, x), [-0.6, 0.3, 0.8], gauss),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", KNOWN)
def test_order_16(name):
    """Within rounding, of the coefficient and of the place: |c_k| and |x c_(k + 1)|."""
    f, at, terms = KNOWN[name]
    mine = np.asarray(jet(f, jnp.array(at), ORDER))
    for i, x in enumerate(at):
        truth = np.array([0.0, *terms(mpmath.mpf(x))], float)
        scale = np.array([float(mpmath.factorial(k)) for k in range(ORDER + 1)])
        near = np.abs(truth) + np.append(np.abs(x * truth[1:]) * np.arange(1, ORDER + 1), 0)
        error = np.abs(mine[1:, i] / scale[1:] - truth[1:])
        assert np.all(error <= 1e-10 * near[1:] + 1e-300), (x, error / near[1:])


@pytest.mark.exhaustive
def test_a_function_that_is_written_out_is_found_inside_of_others():
    """JAX leaves the equations of spence and, before 0.12, of ndtri among those around it."""

    def f(t):
        inside = jax.jit(lambda t: special.ndtri(jnp.exp(-t)) * special.spence(t))(t)
        return inside + jax.vmap(special.ndtri)(jnp.stack([t, t * t])).sum()

    def same(t):
        inside = jnp.sqrt(2.0) * special.erfinv(2 * jnp.exp(-t) - 1) * special.spence(t)
        return inside + jnp.sqrt(2.0) * special.erfinv(2 * jnp.stack([t, t * t]) - 1).sum()

    t = jnp.array([0.3, 0.6])  # as many as stand in the stack: axes may be confused
    found = jet(f, t, 4)
    np.testing.assert_allclose(found, jet(same, t, 4), rtol=1e-10)
    narrow = jet(f, np.float32(0.3), 2)
    assert narrow.dtype == np.float32
    np.testing.assert_allclose(narrow, found[:3, 0], rtol=1e-3)
