"""JavaScript of Fourier's transforms: those of real numbers by those of complex ones in parts."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.core import ShapedArray
from jax.extend.core import JaxprEqn, Primitive
from jax.interpreters import mlir

from gradart.javascript.array_values import Value, steps_of
from gradart.javascript.emitter import Emitter, Rule, out_shape, out_type
from gradart.javascript.rules.complex_functions import Input, Parts


def in_parts(eqn: JaxprEqn, x: Input) -> Input:
    """The transform of an equation, of the parts of what it takes."""
    kind, lengths = eqn.params["fft_type"], eqn.params["fft_lengths"]
    ndim = (x.re if isinstance(x, Parts) else x).ndim
    axes = tuple(range(ndim - len(lengths), ndim))
    if kind == lax.FftType.RFFT:
        assert not isinstance(x, Parts)
        return _along(_of_real(x), axes[:-1])
    assert isinstance(x, Parts)
    if kind == lax.FftType.IRFFT:
        return _to_real(_along(x, axes[:-1], back=True), lengths[-1])
    return _along(x, axes, back=kind == lax.FftType.IFFT)


def _along(z: Parts, axes: Sequence[int], back: bool = False) -> Parts:
    """The transform along some axes, one after the other."""
    if not axes or not z.re.size:
        return z
    return Parts(*_fft.bind(*z, axes=tuple(axes), back=back))


def _of_real(x: jax.Array) -> Parts:
    """The transform of real numbers (..., n), as far as it is not the mirror image of itself.

    If n is even, those at even places are real parts, the others imaginary ones: of both together
    each half is told by its symmetry.
    """
    n = x.shape[-1]
    if n % 2:
        return Parts(*(y[..., : n // 2 + 1] for y in _along(Parts(x, 0 * x), [x.ndim - 1])))
    z = _along(Parts(x[..., ::2], x[..., 1::2]), [x.ndim - 1])
    z, other = (Parts(*(_around(y, flipped) for y in z)) for flipped in (False, True))
    cos, sin = _turns(n, x.dtype)
    odd = Parts(z.im + other.im, other.re - z.re)
    re = z.re + other.re + (cos * odd.re + sin * odd.im)
    return Parts(re / 2, (z.im - other.im + (cos * odd.im - sin * odd.re)) / 2)


def _around(y: jax.Array, flipped: bool) -> jax.Array:
    """Elements 0, 1, ..., n - 1, 0 of n, or those in the other order."""
    whole = jnp.concatenate([y, y[..., :1]], -1)
    return jnp.flip(whole, -1) if flipped else whole


def _to_real(z: Parts, n: int) -> jax.Array:
    """The n real numbers whose transform begins with these complex ones.

    The first one, and that in the middle, are taken as real.
    """
    axis = z.re.ndim - 1
    middle = (n + 1) // 2
    inner = z.im[..., 1:middle]
    none = jnp.zeros_like(z.im[..., :1])
    if n % 2:
        re = jnp.concatenate([z.re, jnp.flip(z.re[..., 1:], -1)], -1)
        im = jnp.concatenate([none, inner, -jnp.flip(inner, -1)], -1)
        return _along(Parts(re, im), [axis], back=True).re
    z = Parts(z.re, jnp.concatenate([none, inner, none], -1))
    other = Parts(*(jnp.flip(y, -1)[..., :-1] for y in z))
    z = Parts(*(y[..., :-1] for y in z))
    cos, sin = (y[:-1] for y in _turns(n, z.re.dtype))
    odd = Parts(z.re - other.re, z.im + other.im)
    re = z.re + other.re - (cos * odd.im + sin * odd.re)
    im = z.im - other.im + (cos * odd.re - sin * odd.im)
    found = _along(Parts(re / 2, im / 2), [axis], back=True)
    return jnp.stack(found, -1).reshape(*z.re.shape[:-1], n)


def _turns(n: int, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Cosines and sines of k / n of a turn, for k up to n / 2."""
    angles = 2 * np.pi * np.arange(n // 2 + 1) / n
    return np.cos(angles).astype(dtype), np.sin(angles).astype(dtype)


def _now(re: jax.Array, im: jax.Array, *, axes: Sequence[int], back: bool) -> list[jax.Array]:
    transform = jnp.fft.ifft if back else jnp.fft.fft
    z = lax.complex(re, im)
    for axis in axes:
        z = transform(z, axis=axis)
    return [z.real, z.imag]


def _made(re: ShapedArray, im: ShapedArray, **how: object) -> list[ShapedArray]:
    return [ShapedArray(x.shape, x.dtype) for x in (re, im)]


# JAX's own takes complex numbers; this one takes their parts (..., n, ...).
_fft = Primitive("fft")
_fft.multiple_results = True
_fft.def_impl(_now)
_fft.def_abstract_eval(_made)
mlir.register_lowering(_fft, mlir.lower_fun(_now, multiple_results=True))


def _rule(e: Emitter, eqn: JaxprEqn, re: Value, im: Value) -> list[Value]:
    shape, back = out_shape(eqn), int(eqn.params["back"])
    made = [e.buffer(shape, out_type(eqn)) for _ in (0, 1)]
    given = [e.whole(x) for x in (re, im)]
    for axis in eqn.params["axes"]:
        names = ",".join(v.buffer for v in (*made, *given))
        plan = e.object(f"fft_plan({shape[axis]})")
        e.line(f"fft({names},{plan},{steps_of(shape, out_type(eqn))[axis]},{back});")
        given = made
    return [*made]


FOURIER: dict[str, Rule] = {"fft": _rule}
