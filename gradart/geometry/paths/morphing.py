"""One path that becomes another: both walked along at the same pace, point to point."""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import as_floats
from gradart.calculus.programs.present_values import known, present
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.transforms import as_plane
from gradart.types import Numbers, Points

_STARTS = 256  # on a closed path, that are tried


def morph(a: Numbers, b: Numbers, *, closed: bool = False) -> Callable[[Numbers], Points]:
    """One path that becomes another, as a function of how far it has: 0 is the first, 1 the second.

    Of paths `a` (..., m, 2) and `b` (..., k, 2), each with its own, it returns (..., m + k, 2), two
    points more if `closed`; how far is one number, or one for each path. At 0 it is exactly the one
    path and at 1 the other, for the corners of both stay corners. NaN at the end of a path is
    passed over.

    Points that are equally far along both, measured by arc length, belong together. If `closed`,
    each is joined at its end, and of 256 starts and both ways round those are taken on which the
    points are nearest to each other, both paths being laid on one center. All can be traced, and
    differentiated. ArtError for a path that is broken by NaN or has fewer than two points.

    >>> t, row = jnp.linspace(0, 6.2832, 120), 2.5 * jnp.arange(9)[:, None, None]
    >>> shape = ga.morph(ga.point(ga.circle(), t), [(-1, -1), (1, -1), (0, 1)], closed=True)
    >>> ga.lines(shape(jnp.linspace(0, 1, 9)) + row * jnp.array([1, 0]))
    """
    first, second = _whole(a, "a"), _whole(b, "b")
    try:
        np.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    except ValueError:
        raise ArtError(
            f"paths of shape {first.shape} and {second.shape} do not pair: give as many of each"
        ) from None
    start, end = _pairs(first, second, closed)

    def between(u: Numbers) -> Points:
        part = as_floats(u, "u")[..., None, None]
        return (1 - part) * start + part * end

    return between


def _whole(paths: Numbers, name: str) -> jax.Array:
    """Paths (..., m, 2), each in one piece; NaN may fill up a row."""
    points = as_plane(paths)
    if points.ndim < 2 or points.shape[-2] < 2:
        raise ArtError(f"morph takes paths of two points or more, (..., m, 2), not {points.shape}")
    if known(points):
        seen = np.isfinite(np.asarray(present(points))).all(-1)
        if (seen[..., 1:] & ~seen[..., :-1]).any():
            raise ArtError(f"path {name} is broken by NaN: morph one piece into one piece")
        if (seen.sum(-1) < 2).any():
            raise ArtError(f"morph takes paths of two points or more: one of {name} has fewer")
    return points


@functools.partial(jax.jit, static_argnames="closed")
def _pairs(a: jax.Array, b: jax.Array, closed: bool) -> tuple[jax.Array, jax.Array]:
    """The points that belong together of each path and its own other."""
    matched = functools.partial(_matched, closed=closed)
    whole = jnp.vectorize(matched, signature="(m,d),(k,d)->(n,d),(n,d)")
    start, end = whole(_filled(a), _filled(b))
    return start, end


def _filled(paths: jax.Array) -> jax.Array:
    """Paths whose last point stands for the NaN that fills up a row."""
    inked = jnp.isfinite(paths).all(-1)
    last = jax.lax.cummax(jnp.where(inked, jnp.arange(inked.shape[-1]), 0), inked.ndim - 1)
    return jnp.take_along_axis(paths, last[..., None], -2)


def _matched(a: jax.Array, b: jax.Array, closed: bool) -> tuple[jax.Array, jax.Array]:
    """Points of both paths that belong together, as many as both have corners."""
    if not closed:
        return _together(a, b, _along(a), _along(b))
    rings = [jnp.concatenate([p, p[:1]]) for p in (a, b)]
    a, b = rings
    even = jnp.arange(_STARTS) / _STARTS
    p, q = (_at(ring, _along(ring), even) for ring in rings)
    # Where the sum of products is largest, the sum of squared distances is least.
    forward, backward = (_products(p - p.mean(0), x) for x in (q, jnp.roll(q[::-1], 1, axis=0)))
    back = backward.max() > forward.max()
    shift = jnp.where(back, backward.argmax(), forward.argmax()) / _STARTS
    b = jnp.where(back, b[::-1], b)
    around = _along(b)
    # The second path's start, and its corners as the first path's clock counts them.
    return _together(a, b, _along(a), (around - shift) % 1, shift)


def _products(p: jax.Array, q: jax.Array) -> jax.Array:
    """For each k the sum over i of the inner products of p[i] and q[i + k], of points (n, 2)."""
    i = jnp.arange(len(p))
    return jnp.einsum("id,kid->k", p, q[(i[:, None] + i) % len(p)], precision="highest")


def _together(
    a: jax.Array, b: jax.Array, of_a: jax.Array, of_b: jax.Array, shift: jax.Array | float = 0.0
) -> tuple[jax.Array, jax.Array]:
    times = jnp.sort(jnp.concatenate([of_a, of_b]))
    return _at(a, _along(a), times), _at(b, _along(b), _wrapped(times + shift))


def _wrapped(time: jax.Array) -> jax.Array:
    """A time along a closed path, from 0 to 1, of which 1 stays 1."""
    return jnp.where(time > 1, time - 1, time)


def _along(path: jax.Array) -> jax.Array:
    """How far along the path each of its points is, from 0 to 1."""
    length = jnp.cumsum(safe_norm(jnp.diff(path, axis=0)))
    length = jnp.concatenate([jnp.zeros(1, length.dtype), length])
    return length / jnp.where(length[-1] > 0, length[-1], 1)


def _at(path: jax.Array, along: jax.Array, times: jax.Array) -> jax.Array:
    """The points of a path at some times along it."""
    i = jnp.clip(jnp.searchsorted(along, times, side="right") - 1, 0, len(path) - 2)
    gap = along[i + 1] - along[i]
    part = jnp.clip((times - along[i]) / jnp.where(gap > 0, gap, 1), 0, 1)
    return path[i] + part[:, None] * (path[i + 1] - path[i])
