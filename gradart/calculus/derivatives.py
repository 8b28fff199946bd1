"""Derivatives as arrays: of curves, of fields, of maps, at every order, at many places at once.

Functions are written for one number or one point, as for `jax.grad`; everything here maps over the
leading axes. All of it can be traced: jit, vmap and grad work through it.
"""

import math
from collections.abc import Callable
from typing import overload

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks import (
    ANY,
    CURVE,
    FIELD,
    as_floats,
    as_order,
    as_points,
    checked,
    concrete,
    for_each,
    name_of,
    warn_not_finite,
)
from gradart.calculus.compiled_once import jit_with, traced
from gradart.calculus.field_recorder import notice
from gradart.calculus.forward_mode import explained, gradient_of, hessian_of
from gradart.calculus.taylor.interpreter import taylor
from gradart.errors import ArtError
from gradart.types import Field, Function, Map

Direction = ArrayLike | tuple[ArrayLike, ...]


@overload
def jet(f: Function, at: ArrayLike, order: int, /) -> jax.Array: ...
@overload
def jet(f: Function, at: ArrayLike, /, *, order: int) -> jax.Array: ...
@overload
def jet(f: Function, at: ArrayLike, along: Direction, /, order: int) -> jax.Array: ...
def jet(
    f: Function, at: ArrayLike, along: Direction | int | None = None, /, order: int | None = None
) -> jax.Array:
    """The derivatives of f of order 0, 1, ..., order, in one pass.

    `jet(f, t, order)` differentiates a function of one number at every t, and has shape
    (order + 1, *t.shape, *out). `jet(f, p, v, order)` differentiates s -> f(p + s v) at s = 0 for
    points p (..., d) and directions v (..., d), broadcast against each other; a tuple
    v = (v1, v2, ...) is a path instead, given by its own derivatives: p + s v1 + s^2 v2 / 2 + ...
    The order may be any whole number from 0. Derivatives that are not finite are warned of; at a
    kink they are what JAX says, 0 for abs and relu at 0, the mean for max where two meet.

    Derivatives grow like factorials, and so do their errors: the error of derivative k is about
    k! eps / r^k, with r the distance to the nearest singularity, and eps 1e-16 in float64, 1e-7 in
    float32. Measured in float32, of a spiral, tanh(sin 3t) and 1 / (1 - t) on [0, 1/2]: of the
    largest value of a derivative, 2e-7 at order 2, 5e-7 at order 8, 1e-6 at order 16. From order
    35 on, k! itself overflows in float32.

    >>> position, velocity, acceleration = jet(circle(), t, order=2)
    """
    if order is None:
        along, order = None, along
    n = as_order(order)
    if along is None:
        t = as_floats(at, "t")
        path, batch = [t, jnp.asarray(np.ones(t.shape, t.dtype))][: n + 1], t.ndim
    else:
        path = _path(at, along)[: n + 1]
        batch = path[0].ndim - 1
    derivatives = explained(taylor)(checked(f), path, batch, n)
    if n and concrete(derivatives):
        found = np.asarray(derivatives)
        warn_not_finite(f, ANY, path[0], batch, found[0], np.moveaxis(found[1:], 0, -1))
    return derivatives


def _path(p: ArrayLike, v: Direction) -> list[jax.Array]:
    """The Taylor coefficients p, v1, v2 / 2, v3 / 6, ... of a path, broadcast to one shape."""
    points = as_points(p, "p")
    directions = v if isinstance(v, tuple) and all(jnp.ndim(x) for x in v) else (v,)
    terms = [as_points(d, "v") for d in directions]
    terms = [d / math.factorial(k) if k > 1 else d for k, d in enumerate(terms, 1)]
    try:
        shape = np.broadcast_shapes(points.shape, *(x.shape for x in terms))
        return [jnp.broadcast_to(x, shape) for x in (points, *terms)]
    except ValueError as error:
        shapes = ", ".join(str(x.shape) for x in terms)
        raise ArtError(f"points {points.shape} and directions {shapes} do not fit") from error


def derivative(f: Function, t: ArrayLike, order: int = 1) -> jax.Array:
    """The derivative of that order of a function of one number at every t: (*t.shape, *out)."""
    return _last(jet(f, t, order))


@jax.jit
def _last(derivatives: jax.Array) -> jax.Array:
    return derivatives[-1]


def value(field: Field | Map, p: ArrayLike) -> jax.Array:
    """A field or map at every point p (..., d): (..., *out)."""
    points = as_points(p, "p")
    if (heights := _on_lattice(field, points, 0)) is not None:
        return heights
    notice(field)
    values = _last(explained(taylor)(checked(field), [points], points.ndim - 1, 0))
    if values.ndim == points.ndim + 1 and values.shape[-1] == points.shape[-1]:
        _no_curve(field, points)
    return values


def _no_curve(f: Function, points: jax.Array) -> None:
    """A curve takes arrays for its number too, and would give one of a shape that nobody wants."""
    try:
        one = jax.eval_shape(f, jax.ShapeDtypeStruct((), points.dtype)).shape
    except Exception:  # it takes points
        return
    if one in ((2,), (3,)):
        raise ArtError(f"{name_of(f, CURVE)} is given for a field: ga.point(curve, t) is of curves")


def gradient(field: Field, p: ArrayLike) -> jax.Array:
    """The gradient of a field at points p (..., d): (..., d), pointing uphill."""
    return _forward(field, p, 1)


def hessian(field: Field, p: ArrayLike) -> jax.Array:
    """The second derivatives of a field at points p (..., d): (..., d, d), symmetric."""
    return _forward(field, p, 2)


def _forward(field: Field, p: ArrayLike, order: int) -> jax.Array:
    points = as_points(p, "p")
    if (found := _on_lattice(field, points, order)) is not None:
        return found
    one = jax.ShapeDtypeStruct(points.shape[-1:], points.dtype)
    f = traced(checked(field, FIELD), one)
    heights, slopes = jit_with(_gradients if order == 1 else _hessians, f)(points)
    warn_not_finite(field, FIELD, points, points.ndim - 1, heights, slopes)
    return slopes


def _on_lattice(field: Function, points: jax.Array, order: int) -> jax.Array | None:
    """What a field with a faster way over whole lattices says, if the points (r, c, 2) are one.

    Such a field has a method `on_lattice(x, y, order)` for x (c,) and y (r,): all its derivatives
    of that order at every (x, y), as those functions give them that ask here.
    """
    known = getattr(field, "on_lattice", None)
    if known is None or points.ndim != 3 or points.shape[-1] != 2 or not points.size:
        return None
    if not concrete(points):
        return None
    places = np.asarray(points)
    x, y = places[0, :, 0], places[:, 0, 1]
    if (places[..., 0] == x).all() and (places[..., 1] == y[:, None]).all():  # False for a NaN
        return known(x, y, order)
    return None


def _gradients(f: Function, points: jax.Array) -> tuple[jax.Array, jax.Array]:
    return _mapped(lambda x: (f(x), gradient_of(f)(x)), points)


def _hessians(f: Function, points: jax.Array) -> tuple[jax.Array, jax.Array]:
    return _mapped(lambda x: (f(x), hessian_of(f)(x)), points)


def _mapped(
    f: Callable[[jax.Array], tuple[jax.Array, jax.Array]], points: jax.Array
) -> tuple[jax.Array, jax.Array]:
    batch = points.shape[:-1]
    heights, slopes = jax.vmap(f)(points.reshape(-1, points.shape[-1]))
    return heights.reshape(batch), slopes.reshape(*batch, *slopes.shape[1:])


def along(field: Field, p: ArrayLike, v: ArrayLike) -> jax.Array:
    """The slope of a field at points p (..., d) in the direction v (..., d), per unit of v: (...).

    v is not normalized: twice as long a v gives twice the slope.
    """
    return _last(jet(checked(field, FIELD), p, as_floats(v, "v"), 1))


def secant(f: Function, t: ArrayLike, run: ArrayLike) -> jax.Array:
    """The slope from t to t + run, (f(t + run) - f(t)) / run: (*t.shape, *out).

    The finite difference that a derivative is the limit of; run may be negative, one number or one
    for each t.
    """
    start, step = for_each(t, run, "run")
    return _slope(jet(f, start, 0), jet(f, start + step, 0), step)


@jax.jit
def _slope(start: jax.Array, end: jax.Array, run: jax.Array) -> jax.Array:
    rise = end[0] - start[0]
    return rise / run.reshape(*run.shape, *[1] * (rise.ndim - run.ndim))
