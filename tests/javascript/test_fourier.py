"""Fourier's transforms in JavaScript are those of NumPy, along any axes, and of any length."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.javascript.translation import translate
from tests.javascript.node import needs_node, run

pytestmark = needs_node
RNG = np.random.default_rng(8)
# One element, products of 2, 3, 5, 7, 11 and 13, larger primes, and multiples of such.
LENGTHS = (1, 2, 3, 4, 5, 6, 8, 9, 12, 13, 64, 77, 100, 17, 34, 97, 239, 289, 478, 1021)
MANY = (*range(1, 300), 512, 720, 997, 1000, 1018, 1023, 2048, 2049, 4097, 10_000, 10_007)


def differences(function, *given):
    """How far each result is from NumPy's, next to the largest number in that.

    `function` takes a module, of JAX or of NumPy, and arrays, of which it gives transforms.
    """

    def apart(*arrays):
        made = function(jnp, *arrays)
        return [part for z in made for part in (z.real, z.imag)]

    with jax.enable_x64(True):
        translation = translate(jax.make_jaxpr(apart)(*given), [0] * len(given))
    ((rows,),) = run([(translation, [[given]])])
    found = map(np.array, rows)
    for z in function(np, *given):
        got = next(found) + 1j * next(found)
        yield float(np.abs(got - z.ravel()).max() / np.abs(z).max())


def of_lengths(lengths, x, y):
    """Each of the four transforms for each length."""

    def transforms(xp, x, y):
        for n in lengths:
            z, half = (x + 1j * y)[:n], (x + 1j * y)[: n // 2 + 1]
            yield xp.fft.fft(z)
            yield xp.fft.ifft(z)
            yield xp.fft.rfft(x[:n])
            yield xp.fft.irfft(half, n)

    return list(differences(transforms, x, y))


def test_lines_of_any_length_are_transformed_as_numpy_does():
    assert max(of_lengths(LENGTHS, *RNG.normal(size=(2, 1021)))) < 3e-15


@pytest.mark.exhaustive
def test_lines_of_many_lengths_are_transformed_as_numpy_does():
    for some in np.array_split(MANY, 6):
        assert max(of_lengths(some.tolist(), *RNG.normal(size=(2, 10_007)))) < 3e-15


def test_arrays_are_transformed_along_any_axes():
    def transforms(xp, x, y):
        z = x + 1j * y  # (2, 3, 10, 15)
        for axis in range(4):
            yield xp.fft.fft(z, axis=axis)
            yield xp.fft.irfft(z, axis=axis)
        yield xp.fft.fft2(z)
        yield xp.fft.ifft2(z, axes=(0, 2))
        yield xp.fft.fftn(z, axes=(1, 2, 3))
        yield xp.fft.rfft2(x)
        yield xp.fft.rfftn(x, axes=(3, 0, 2))
        yield xp.fft.irfft2(z, s=(10, 27))
        yield xp.fft.irfftn(z, s=(4, 12), axes=(0, 2))

    assert max(differences(transforms, *RNG.normal(size=(2, 2, 3, 10, 15)))) < 3e-15


def test_lines_are_transformed_each_by_itself():
    """What is not finite in one, or far larger, does not touch those beside it."""

    def transforms(x):
        return jnp.fft.rfft(x).real, jnp.fft.fft(x).imag

    x = RNG.normal(size=(9, 34)) * 10.0 ** np.arange(0, -90, -10)[:, None]
    x[3, 7] = np.nan
    with jax.enable_x64(True):
        translation = translate(jax.make_jaxpr(transforms)(x), [0])
    ((rows,),) = run([(translation, [[[x]]])])
    for row, wanted in zip(rows, (np.fft.rfft(x).real, np.fft.fft(x).imag), strict=True):
        got = np.float64(row).reshape(wanted.shape)
        others = np.arange(9) != 3
        assert np.isnan(got[3]).any()
        assert not np.isnan(got[others]).any()
        off = np.abs(got - wanted)[others].max(1) / np.abs(wanted)[others].max(1)
        assert off.max() < 3e-15


def test_numbers_of_32_bits_are_transformed_as_such():
    x = RNG.normal(size=(3, 20)).astype(np.float32)

    def spectrum(x):
        return jnp.fft.irfft(jnp.fft.rfft(x) * 2)

    translation = translate(jax.make_jaxpr(spectrum)(x), [0])
    (((row,),),) = run([(translation, [[[x]]])])
    assert np.abs(np.float64(row) - 2 * x.ravel().astype(float)).max() < 1e-6


def test_a_transform_runs_in_loops_and_keeps_what_never_moves():
    def waves(u):
        still = jnp.fft.rfft(jnp.arange(12.0) ** 2)  # computed here and now
        turned = jax.lax.fori_loop(0, 5, lambda k, z: jnp.fft.fft(z) * u, still)
        return jnp.abs(turned)

    with jax.enable_x64(True):
        closed = jax.make_jaxpr(waves)(0.5)
        wanted = jax.jit(waves)(0.5)
        translation = translate(closed, [0])
    (((row,),),) = run([(translation, [[[0.5]]])])
    np.testing.assert_allclose(np.float64(row), wanted, rtol=1e-13)
