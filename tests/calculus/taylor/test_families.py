"""More functions against nested jvp: linear algebra, transforms, windows, scatters, chance.

And which of all the functions go by a rule of their own, follow their own derivative, or refuse.
"""

import math
import traceback

import jax
import jax.numpy as jnp
import jax.scipy.linalg as linalg
import jax.scipy.special as special
import numpy as np
import pytest
from jax import lax
from scipy.special import expn, iv, jv

import gradart.calculus.taylor.interpreter as taylor
from gradart.calculus.derivatives import jet
from gradart.errors import ArtError
from tests.calculus.taylor.test_rules import (
    ARRAYS,
    ELEMENTWISE,
    batches,
    check,
    matrix,
    moving,
    symmetric,
)

PLACES = jnp.array([0, 2])
AT = np.array([0.2, 0.45])


def tall(t):
    return (
        1
        + jnp.sin(jnp.arange(12.0) ** 2).reshape(4, 3)
        + t * jnp.cos(jnp.arange(12.0) * t).reshape(4, 3)
    )


def grown(t):
    """2 x 2, of which the eigenvalues are complex."""
    return jnp.array([[1 + t, -2.0], [1.5 + t**2, jnp.sin(t)]])


MORE = {
    "power i": lambda t: ((t + 2) ** 1j).imag,
    "powers of a complex base": lambda t: ((t + 2j) ** 2.5).real + ((t + 2j) ** (1.5 + 0.3j)).imag,
    "complex to the t": lambda t: ((1 + 2j) ** t + (t + 2j) ** (t + 1j)).imag,
    "array of complex powers": lambda t: jnp.abs((t + 2j) ** np.array([1j, 2, 0.5])),
    "spence": lambda t: special.spence(t + 2),
    "betaln": lambda t: special.betaln(t + 2, 1.5),
    "factorial": lambda t: special.factorial(t + 2),
    "kl_div": lambda t: special.kl_div(t + 2, 1.5) + special.rel_entr(t + 2, 1.5),
    "multigammaln": lambda t: special.multigammaln(t + 4, 2),
    "matrix_power": lambda t: jnp.linalg.matrix_power(matrix(t), 3),
    "multi_dot": lambda t: jnp.linalg.multi_dot([matrix(t), matrix(2 * t), moving(t)[:3]]),
    "solve_triangular": lambda t: linalg.solve_triangular(matrix(t), moving(t)[:3]),
    "block_diag": lambda t: linalg.block_diag(grown(t), grown(2 * t)),
    "toeplitz": lambda t: linalg.toeplitz(moving(t)[:3]),
    "kron trace": lambda t: jnp.kron(grown(t), grown(t)).sum(0) + jnp.trace(matrix(t)),
    "fft2": lambda t: jnp.abs(jnp.fft.fft2(tall(t))),
    "ifft": lambda t: jnp.fft.ifft(moving(t)).imag,
    "rfft hfft": lambda t: jnp.fft.hfft(jnp.fft.rfft(moving(t)[:4])),
    "fftshift": lambda t: jnp.fft.fftshift(jnp.fft.ifftshift(moving(t)) * t),
    "cumsum": lambda t: lax.cumsum(moving(t) ** 2, reverse=True),
    "cumprod reverse": lambda t: lax.cumprod(moving(t), reverse=True),
    "window max": lambda t: lax.reduce_window(moving(t), -jnp.inf, lax.max, (2,), (1,), "VALID"),
    "conv": lambda t: lax.conv(
        moving(t)[None, None], jnp.stack([t, t * t, 1.0])[None, None], (1,), "SAME"
    ),
    "correlate": lambda t: jnp.correlate(moving(t), moving(2 * t)[:3], mode="same"),
    "trapezoid diff": lambda t: jnp.diff(moving(t)) * jnp.trapezoid(moving(t)),
    "gradient": lambda t: jnp.gradient(moving(t)),
    "at min": lambda t: moving(t).at[PLACES].min(jnp.sin(t)),
    "at subtract divide": lambda t: moving(t).at[PLACES].subtract(jnp.sin(t)).at[3].divide(t + 2),
    "at power": lambda t: (moving(t) + 3).at[2].power(2.5),
    "at set many": lambda t: tall(t).at[PLACES, 1].set(t**3).at[3, :].add(jnp.sin(t)),
    "select_n": lambda t: lax.select_n(moving(t) > 1, moving(t), t**2 * moving(t)),
    "argsort": lambda t: moving(t)[jnp.argsort(moving(t))] * jnp.sort(moving(t))[::-1],
    "lexsort": lambda t: moving(t)[jnp.lexsort((jnp.arange(5), jnp.round(moving(t))))],
    "quantile": lambda t: jnp.quantile(moving(t), 0.3) + jnp.percentile(moving(t), 60),
    "searchsorted": lambda t: (
        jnp.searchsorted(jnp.arange(5.0), t) * t + jnp.digitize(t, PLACES) * t
    ),
    "ptp average": lambda t: jnp.ptp(moving(t)) + jnp.average(moving(t), weights=moving(2 * t)),
    "nanmax nansum": lambda t: jnp.nanmax(moving(t)) * jnp.nansum(moving(t)),
    "unwrap": lambda t: jnp.unwrap(3 * moving(t)),
    "associative_scan": lambda t: lax.associative_scan(jnp.multiply, moving(t)),
    "map": lambda t: lax.map(lambda x: jnp.sin(x * t), moving(t)),
    "tensordot": lambda t: jnp.tensordot(grown(t), grown(2 * t), 2),
    "polynomials": lambda t: jnp.polyval(jnp.polymul(moving(t), moving(t)[:2]), t),
    "apply_along_axis": lambda t: jnp.apply_along_axis(jnp.cumsum, 0, grown(t)),
    "take tril": lambda t: jnp.take(tall(t), PLACES, axis=0).sum() * jnp.tril(grown(t)),
    "rot90": lambda t: jnp.rot90(grown(t)) + jnp.fliplr(grown(t)) + jnp.swapaxes(grown(t), 0, 1),
    "piecewise": lambda t: jnp.piecewise(t, [t < 0.3, t >= 0.3], [jnp.sin, lambda t: t**2]),
    "select": lambda t: jnp.select([t < 0.3, t < 0.4], [jnp.sin(t), t**2], t**3),
    "fmax fmin": lambda t: jnp.fmax(t, t**3) - jnp.fmin(jnp.sin(t), t**2),
    "modf ldexp": lambda t: jnp.modf(3 * t)[0] + jnp.ldexp(t, 2),
    "divmod": lambda t: jnp.divmod(5 * t, 0.8)[1] + jnp.remainder(7 * t, 0.9),
    "erfcx dawsn": lambda t: special.erfcx(t) + special.dawsn(t),
    "sici fresnel": lambda t: jnp.stack([*special.sici(t + 1), *special.fresnel(t)]),
    "normal quantile": lambda t: jax.random.truncated_normal(jax.random.key(1), t - 1, 2.0),
    "uniform between": lambda t: jax.random.uniform(jax.random.key(1), (2,), minval=t, maxval=2.0),
    "pareto": lambda t: jax.random.pareto(jax.random.key(1), t + 2),
}

# Their programs are long, and grow with the order.
LONG = {
    "lu of 4 x 3": lambda t: linalg.lu(tall(t))[1],
    "lu of 3 x 4": lambda t: linalg.lu(tall(t).T)[2],
    "qr": lambda t: jnp.linalg.qr(tall(t))[1],
    "svd": lambda t: jnp.linalg.svd(tall(t), compute_uv=False),
    "svd vectors": lambda t: jnp.abs(jnp.linalg.svd(grown(t))[0]),
    "polar by svd": lambda t: linalg.polar(grown(t), method="svd")[0],
    "pinv": lambda t: jnp.linalg.pinv(tall(t)),
    "slogdet": lambda t: jnp.linalg.slogdet(matrix(t))[1],
    "norms": lambda t: jnp.linalg.norm(grown(t), 2) + jnp.linalg.norm(grown(t), "fro"),
    "hyp1f1": lambda t: special.hyp1f1(0.7, 1.9, t),
    "polar": lambda t: linalg.polar(grown(t))[0],
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", batches(MORE, 8), ids=",".join)
def test_families(names):
    check(MORE, names, AT)


@pytest.mark.exhaustive
@pytest.mark.parametrize("names", batches(LONG, 4), ids=",".join)
def test_families_of_long_programs(names):
    check(LONG, names, AT, order=2)


ALL = {**ELEMENTWISE, **{f"array {k}": f for k, f in ARRAYS.items()}, **MORE, **LONG}

# What follows its own first derivative, order by order, at order 2.
FOLLOWS = {
    *("relu", "softplus", "relu6", "log_sigmoid", "mish", "hard_sigmoid", "hard_swish"),
    *("erf_inv", "betainc", "logit", "entr", "xlogy", "xlog1py", "expi", "kl_div"),
    *("logaddexp", "logaddexp2", "modf ldexp", "normal quantile", "array at max", "at min"),
    *(
        "array eigh",
        "qr",
        "svd",
        "svd vectors",
        "polar by svd",
        "polar",
        "pinv",
        "slogdet",
        "norms",
    ),
    "window max",
}
# Other versions of JAX gave more of its functions derivatives of their own, or took them.
if jax.__version_info__[:2] >= (0, 11):
    FOLLOWS |= {"log2", "array det", "array grad inside", "array jvp inside"}
if jax.__version_info__[:2] >= (0, 12):
    FOLLOWS |= {"polynomials", "array polyval"}
if jax.__version_info__ >= (0, 12, 0, 1):
    FOLLOWS -= {"array det"}
REFUSES = {
    "betainc in a": (lambda t: special.betainc(t + 1, 2.0, 0.4), 1, "beta"),
    "gammainc in a": (lambda t: special.gammainc(t + 1, 2.0), 2, "igamma_grad_a"),
    "zeta in s": (lambda t: special.zeta(t + 2, 1.5), 1, "zeta"),
    "schur": (lambda t: jnp.abs(linalg.schur(grown(t))[0]), 1, "schur"),
    "hessenberg": (lambda t: linalg.hessenberg(matrix(t)), 1, "hessenberg"),
    "sqrtm": (lambda t: linalg.sqrtm(symmetric(t)).real, 1, "schur"),
    "composite": (lambda t: lax.composite(jnp.sin, "my.sine")(t), 1, "composite at many points"),
    "at apply": (
        lambda t: moving(t).at[2].apply(jnp.sin),
        1,
        r"write x.at\[i\].set\(f\(x\[i\]\)\)",
    ),
}


def traced(f, order):
    """The derivatives as they are traced, without compiling them."""
    with jax.enable_x64(True):
        return jax.eval_shape(lambda t: jet(f, t, order), jax.ShapeDtypeStruct((2,), float))


@pytest.mark.exhaustive
def test_which_go_by_a_rule_and_which_follow(monkeypatch):
    followed = []

    def follow(run, eqn, inputs):
        followed.append(eqn.primitive.name)
        return known(run, eqn, inputs)

    known = taylor.follow  # type: ignore[attr-defined]
    monkeypatch.setattr(taylor, "follow", follow)
    found = set()
    for name, f in ALL.items():
        followed.clear()
        traced(lambda t, f=f: jnp.asarray(f(t), float), 1)
        found |= {name} if followed else set()
    assert found == FOLLOWS


@pytest.mark.parametrize("name", REFUSES)
def test_what_refuses_says_so_in_a_line(name):
    f, order, says = REFUSES[name]
    if order > 1:
        traced(f, order - 1)
    with pytest.raises(ArtError, match=says) as caught:
        traced(f, order)
    assert "\n" not in str(caught.value)


@pytest.mark.exhaustive
def test_eigenvalues_and_vectors_of_any_matrix():
    """A V = V D and the length hold at every order; JAX itself has the first of D only."""

    def laws(t):
        w, left, right = lax.linalg.eig(grown(t))
        a = grown(t).astype(complex)
        largest = jnp.take_along_axis(right, jnp.abs(right).argmax(0)[None], 0)
        held = [a @ right - right * w, left.conj().T @ a - w[:, None] * left.conj().T]
        sizes = [jnp.linalg.norm(v, axis=0) for v in (left, right)]
        parts = jnp.concatenate([jnp.ravel(x) for x in (*held, *sizes, largest.imag)])
        return jnp.concatenate([parts.real, parts.imag, w.real, w.imag])

    with jax.enable_x64(True):
        mine = np.asarray(jet(laws, 0.3, 4))
        values = lambda t: jnp.linalg.eigvals(grown(t))  # noqa: E731
        first = np.asarray(jax.jvp(values, (0.3,), (1.0,))[1])
        roots = jet(lambda t: jnp.concatenate([(x := values(t)).real, jnp.abs(x)]), 0.3, 4)
    np.testing.assert_allclose(mine[1:, :-4], 0, atol=1e-10)
    np.testing.assert_allclose(mine[1, -4:], [*first.real, *first.imag], rtol=1e-12)
    np.testing.assert_allclose(roots[:, :2], mine[:, -4:-2], rtol=1e-12)


def test_factors_at_one_place_twice():
    with jax.enable_x64(True):
        twice = jet(lambda t: moving(t).at[jnp.array([1, 1, 9])].multiply(jnp.sin(t)), 0.3, 3)
        plain = jet(lambda t: moving(t).at[1].set(moving(t)[1] * jnp.sin(t) ** 2), 0.3, 3)
    np.testing.assert_allclose(twice, plain, rtol=1e-12, atol=1e-12)


def derivatives(functions, at, order):
    with jax.enable_x64(True):
        return np.asarray(jet(lambda t: jnp.stack([f(t) for f in functions]), at, order))


def test_bessel_functions_at_order_16():
    """I' and J' are known by their neighbors: no digit is lost at any order."""
    at, n = np.array([-3.0, 0.4, 5.0, 12.0, 20.0]), 16
    j = [lambda t, m=m: special.bessel_jn(t, v=3)[m] for m in (0, 3)]
    mine = derivatives([special.i0, special.i1, *j], at, n)
    for i, (known, nu, sign) in enumerate([(iv, 0, 1), (iv, 1, 1), (jv, 0, -1), (jv, 3, -1)]):
        for k in range(n + 1):
            terms = [sign**m * math.comb(k, m) * known(nu - k + 2 * m, at) for m in range(k + 1)]
            np.testing.assert_allclose(mine[k, :, i], np.sum(terms, 0) / 2**k, 1e-11, 1e-14)


def test_scaled_bessel_functions_far_out():
    """exp(-x) I_0(x) falls as 1 / sqrt(2 pi x), and its derivatives with it."""
    mine = derivatives([special.i0e], 4e3, 8)[:, 0]
    slope = lambda k: math.prod(-0.5 - i for i in range(k)) / 4e3**k  # noqa: E731
    near = [slope(k) / math.sqrt(2 * math.pi * 4e3) for k in range(9)]
    np.testing.assert_allclose(mine, near, rtol=1e-3)


@pytest.mark.exhaustive
def test_exponential_integrals():
    at = np.array([0.3, 2.0, 20.0])
    many = lambda t: special.expn(jnp.array([0, 3]), t)  # noqa: E731
    functions = [special.exp1, lambda t: many(t)[0], lambda t: many(t)[1]]
    mine = derivatives(functions, at, 3)
    truth = [[(-1) ** k * _expint(m - k, at) for m in (1, 0, 3)] for k in range(4)]
    np.testing.assert_allclose(np.moveaxis(mine, 1, 2), truth, rtol=1e-11)


def _expint(m, x):
    """E_m, below 1 too: E_(m - 1) = (exp(-x) + (1 - m) E_(m - 1 + 1)) / x."""
    return expn(m, x) if m >= 0 else (np.exp(-x) - m * _expint(m + 1, x)) / x


@pytest.mark.exhaustive
def test_numbers_by_chance_whose_shape_moves():
    key = jax.random.key(1)

    def f(t):
        return jnp.stack([jax.random.gamma(key, t + 2.0), jax.random.t(key, t + 2.0)])

    with jax.enable_x64(True):
        truth = jax.jvp(jax.vmap(f), (AT,), (jnp.ones_like(AT),))
        np.testing.assert_allclose(jet(f, AT, 1), truth, rtol=1e-12)


def test_an_error_points_at_the_line_that_wrote_the_function():
    with pytest.raises(ArtError) as caught:
        traced(REFUSES["schur"][0], 1)
    names, cause = [], caught.value.__cause__
    while cause is not None:
        names += [f.f_code.co_name for f, _ in traceback.walk_tb(cause.__traceback__)]
        cause = cause.__cause__
    assert "<lambda>" in names
