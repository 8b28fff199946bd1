"""Complex functions give in JavaScript what JAX computes, also on the cuts of their branches."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import gradart as ga
from gradart.errors import ArtError
from gradart.javascript.translation import translate
from tests.javascript.node import checked, needs_node

pytestmark = needs_node
RNG = np.random.default_rng(7)
CUTS = [0.5, 1.0, 2.0, 30.0, -0.5, -1.0, -2.0, -30.0]
# Random numbers, near and far; on both axes each side of the cuts, whose sides are told by zeros.
NUMBERS = np.concatenate(
    [
        RNG.normal(size=(60, 2)) * np.geomspace(1e-6, 20, 60)[:, None],
        [(x, y) for x in CUTS for y in (0.0, -0.0)],
        [(x, y) for x in (0.0, -0.0) for y in CUTS],
    ]
)
OTHERS = RNG.normal(size=NUMBERS.shape)
UNARY = """
    abs acos acosh asin asinh atan atanh conj cos cosh exp exp2 expm1 imag log log1p logistic neg
    real rsqrt sign sin sinh sqrt square tan tanh
"""
BINARY = "add sub mul div pow eq ne"


def of_parts(*functions):
    """Functions of complex numbers as one of arrays of points (n, 2), and real parts of results."""

    def call(*points):
        numbers = [lax.complex(p[:, 0], p[:, 1]) for p in points]
        made = jax.tree.leaves([f(*numbers) for f in functions])
        return [x for y in made for x in ([y.real, y.imag] if jnp.iscomplexobj(y) else [y])]

    return call


def test_functions_of_a_number():
    functions = [getattr(lax, name) for name in UNARY.split()]
    powers = [lambda z, n=n: lax.integer_pow(z, n) for n in (-3, -1, 0, 1, 2, 5)]
    odd = ~np.isin(np.arange(len(NUMBERS)), np.flatnonzero(np.abs(NUMBERS).max(1) == 1))
    assert not checked({"at": (of_parts(*functions, *powers), NUMBERS[odd])}, 1e-9)


def test_functions_of_two_numbers():
    functions = [getattr(lax, name) for name in BINARY.split()]
    some = np.concatenate([OTHERS, NUMBERS[:3], [(0.0, 0.0), (2.0, 0.0)]])
    same = np.concatenate([NUMBERS, NUMBERS[:3], [(0.0, 0.0), (0.0, 0.0)]])
    order = np.abs(some[:, 0]) + np.abs(some[:, 1]) > 0  # JAX has two answers for 0 / 0
    assert not checked({"of": (of_parts(*functions), same[order], some[order])}, 1e-9)


def arrays(z, w):
    m = z[:20].reshape(4, 5)
    return [
        [jnp.prod(m, 1), jnp.prod(m), jnp.prod(m[:0], 0), jnp.sum(m, 0), jnp.cumsum(m, 1)],
        [jnp.cumprod(m, 1), jnp.cumprod(m, 0), m.T @ m, jnp.vdot(z, w), jnp.outer(z[:3], w[:2])],
        [jnp.take(z, jnp.array([1, 500]), mode="fill"), z[jnp.array([3, -1])], z[1:9:3][::-1]],
        [z.at[2].set(1j), z.at[jnp.array([1, 1])].add(w[:2]), jnp.pad(m, 1, constant_values=2j)],
        [jnp.tile(z, 2), jnp.stack([z, w]), jnp.roll(m, 1, 1), jnp.linspace(0, 1j, 5) * z[0]],
        [jnp.where(z.real > 0, z, w), z.astype(bool), (z == w[0]), jnp.arange(3) * z[0]],
        [jnp.polyval(jnp.array([1j, 2, 3 + 1j]), z), lax.dynamic_slice(z, (3,), (4,))],
        [lax.pow(z, jnp.arange(len(z)) % 7 - 2)],
    ]


def loops(z, w):
    def slope(z):
        return jax.jvp(lambda x: jnp.sin(x) / (x - 3j) ** 2, (z,), (jnp.ones_like(z),))

    return [
        lax.scan(lambda c, x: (c * x / 9 + 1j * c.real, jnp.conj(c)), z[0], z),
        lax.fori_loop(0, 200, lambda k, c: jnp.tanh(c) + 0.1j * w, z),
        jax.vmap(lambda s: lax.while_loop(lambda c: abs(c) < 3, lambda c: 1.1 * c + 0.3j, s / 9))(
            z
        ),
        lax.while_loop(lambda c: jnp.abs(c).sum() < 99, lambda c: 1.5 * c, z[:9]),
        lax.switch(jnp.int32(z[0].real > 0), [lambda c: c * 1j, jnp.sin], z),
        lax.map(jax.vmap(lambda s: jnp.abs(s * 1j + jnp.exp(s / 9))), z[:20].reshape(4, 5)),
        jax.vmap(slope)(z),
    ]


@pytest.mark.parametrize("function", [arrays, loops])
def test_programs(function):
    some = slice(24, 60)
    assert not checked({"of": (of_parts(function), NUMBERS[some], OTHERS[some])}, 1e-9)


def test_pixels_of_a_complex_function():
    def pixels(turn, depth):
        def f(z):
            return jnp.log(z**2.5 - jnp.exp(1j * turn)) / (z - 0.5j)

        box = (-2, -2), (2, 2)
        return ga.domain_coloring(f, box, depth=depth, resolution=16).shape.pixels

    assert not checked({"pixels": (pixels, 0.7, 0.3)}, 1e-9)


def test_none_goes_in_or_out():
    with pytest.raises(ArtError, match="a complex number as an input or a result has no"):
        translate(jax.make_jaxpr(lambda u: jnp.exp(1j * u))(1.0), [0])


def test_what_never_moves_is_computed_by_jax():
    def frame(u):
        roots = jnp.roots(jnp.array([1.0, 2.0, 5.0]), strip_zeros=False)  # by eigenvalues
        return jnp.abs(roots * jnp.exp(1j * u))

    assert not checked({"roots": (frame, 0.3)})
