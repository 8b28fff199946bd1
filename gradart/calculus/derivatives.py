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

from gradart.calculus.checks.artist_functions import (
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
from gradart.calculus.forward_mode import explained, gradient_of, hessian_of
from gradart.calculus.programs.compiled_once import jit_with, traced
from gradart.calculus.programs.padded_lengths import at_padded_lengths, broadcast, part
from gradart.calculus.recorder import notice, notice_curve
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
    """The derivatives of a function, of order 0, 1, ..., `order`, in one pass.

    `jet(f, t, order)` differentiates a function `f` of one number `at` every t, and has shape
    (order + 1, *t.shape, *out). `jet(f, p, v, order)` differentiates s -> f(p + s v) at s = 0 for
    points p (..., d) and directions `along` v (..., d), broadcast against each other; a tuple v =
    (v1, v2, ...) is a path instead, given by its own derivatives: p + s v1 + s^2 v2 / 2 + ...
    `order` is any whole number from 0. Derivatives that are not finite are warned of; at a kink
    they are what JAX says, 0 for abs and relu at 0, the mean for max where two meet. Eigenvalues
    that meet have a kink there; from order 2 on they and their eigenvectors are NaN.

    Derivatives grow like factorials, and so do their errors: the error of derivative k is about k!
    eps / r^k, with r the distance to the nearest singularity, and eps 1e-16 in float64, 1e-7 in
    float32. Measured in float32, of a spiral, tanh(sin 3t) and 1 / (1 - t) on [0, 1/2]: of the
    largest value of a derivative, 2e-7 at order 2, 5e-7 at order 8, 1e-6 at order 16. From order 35
    on, k! itself overflows in float32.

    >>> t = jnp.linspace(0, 20, 150)
    >>> position, velocity, acceleration = ga.jet(ga.spiral(), t, order=2)
    >>> ga.segments(position, position + velocity, width=0.1)
    """
    if order is None:
        along, order = None, along
    n = as_order(order)
    if along is None:
        t = as_floats(at, "t")
        notice_curve(f, t)
        path, batch = [t], t.ndim
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
    terms = [d / float(math.factorial(k)) if k > 1 else d for k, d in enumerate(terms, 1)]
    try:
        return broadcast(points, *terms)
    except ValueError as error:
        shapes = ", ".join(str(x.shape) for x in terms)
        raise ArtError(f"points {points.shape} and directions {shapes} do not fit") from error


def derivative(f: Function, t: ArrayLike, order: int = 1) -> jax.Array:
    """One derivative of a function of one number, at every number: (*t.shape, *out).

    `f` takes a number and returns a number or an array of shape out, as a curve returns (2,); `t`
    are the numbers, of any shape; `order` is that of the derivative, from 0 for the value. `jet`
    gives all orders up to one at the price of the last.

    >>> t = jnp.linspace(0, 6.2832, 100)
    >>> velocity = ga.derivative(ga.circle(), t)
    >>> velocity.shape
    (100, 2)
    >>> ga.lines(jnp.stack([t, ga.derivative(jnp.tanh, t - 3, order=3)], -1))
    """
    return part(jet(f, t, order), -1)


def value(field: Field | Map, p: ArrayLike) -> jax.Array:
    """The values of a field or a map at points: (...), or (..., 2) of a map.

    `field` is a function of one point, (d,), and is mapped over the points `p` (..., d). ArtError
    for a curve, whose points `ga.point` gives.

    >>> box = ((-5, -5), (5, 5))
    >>> heights = ga.value(ga.himmelblau(), ga.grid(50, 50, box))
    >>> ga.raster(jnp.sqrt(heights / heights.max()), box)
    """
    points = as_points(p, "p")
    if (heights := _on_lattice(field, points, 0)) is not None:
        return heights
    notice(field, points.shape[-1])
    values = part(explained(taylor)(checked(field), [points], points.ndim - 1, 0), 0)
    if values.ndim == points.ndim + 1 and values.shape[-1] == points.shape[-1]:
        _no_curve(field, points)
    return values


def _no_curve(f: Function, points: jax.Array) -> None:
    """Refuse a curve: it takes arrays for its number too, and gives one of a shape nobody wants."""
    try:
        one = jax.eval_shape(f, jax.ShapeDtypeStruct((), points.dtype)).shape
    except Exception:  # it takes points
        return
    if one in ((2,), (3,)):
        raise ArtError(f"{name_of(f, CURVE)} is given for a field: ga.point(curve, t) is of curves")


def gradient(field: Field, p: ArrayLike) -> jax.Array:
    """The gradient of a field at points: (..., d), the direction of steepest ascent.

    `field` is a function of one point to a number, and is differentiated at the points `p` (...,
    d); the gradient is in units of the field per unit of `p`. A warning counts the points where it
    is not finite.

    >>> p = ga.grid(20, 20, ((-3, -3), (3, 3)))
    >>> ga.segments(p, p + 0.05 * ga.gradient(ga.peaks(), p))
    """
    return _gradient_or_hessian(field, p, 1)


def hessian(field: Field, p: ArrayLike) -> jax.Array:
    """The second derivatives of a field at points: (..., d, d), symmetric.

    `field` is a function of one point to a number, and is differentiated twice at the points `p`
    (..., d). The eigenvalues are the curvatures of the land along its principal directions. A
    warning counts the points where it is not finite.

    >>> ga.hessian(ga.saddle(), jnp.array([0.0, 0.0]))
    Array([[ 2.,  0.],
           [ 0., -2.]], dtype=float32)
    >>> p = ga.grid(20, 20, ((-3, -3), (3, 3)))
    >>> bend, axes = jnp.linalg.eigh(ga.hessian(ga.peaks(), p))
    >>> ga.segments(p, p + 0.2 * axes[..., 0])
    """
    return _gradient_or_hessian(field, p, 2)


def _gradient_or_hessian(field: Field, p: ArrayLike, order: int) -> jax.Array:
    """The derivatives of order 1 or 2 of a field at points p (..., d), with a warning for NaN."""
    points = as_points(p, "p")
    if (found := _on_lattice(field, points, order)) is not None:
        return found
    one = jax.ShapeDtypeStruct(points.shape[-1:], points.dtype)
    f = traced(checked(field, FIELD), one)
    run = jit_with(_gradients if order == 1 else _hessians, f)
    heights, slopes = at_padded_lengths(run, [points], points.ndim - 1)
    warn_not_finite(field, FIELD, points, points.ndim - 1, heights, slopes)
    return slopes


def _on_lattice(field: Function, points: jax.Array, order: int) -> jax.Array | None:
    """The derivatives by a field's own faster way over whole lattices, if the points are one.

    Such a field has a method `on_lattice(x, y, order)` for x (c,) and y (r,): all its derivatives
    of that order at every (x, y), as those functions give them that ask here.
    """
    known = getattr(field, "on_lattice", None)
    if known is None or points.ndim != 3 or points.shape[-1] != 2 or not points.size:
        return None
    if not concrete(points):
        return None
    x, y = _sides(points)
    return known(x, y, order) if _is_lattice(points, x, y) else None


@jax.jit
def _sides(points: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The x of the first row (c,) and the y of the first column (r,) of points (r, c, 2)."""
    return points[0, :, 0], points[:, 0, 1]


@jax.jit
def _is_lattice(points: jax.Array, x: jax.Array, y: jax.Array) -> jax.Array:
    """Whether points (r, c, 2) are all (x, y) of columns and rows; not so for a NaN."""
    return jnp.all((points[..., 0] == x) & (points[..., 1] == y[:, None]))


def _gradients(f: Function, points: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The values (...) and gradients (..., d) of a field at points (..., d)."""
    return _mapped(lambda x: (f(x), gradient_of(f)(x)), points)


def _hessians(f: Function, points: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The values (...) and Hessians (..., d, d) of a field at points (..., d)."""
    return _mapped(lambda x: (f(x), hessian_of(f)(x)), points)


def _mapped(
    f: Callable[[jax.Array], tuple[jax.Array, jax.Array]], points: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """What f gives of one point, value and slope, at points (..., d)."""
    batch = points.shape[:-1]
    heights, slopes = jax.vmap(f)(points.reshape(-1, points.shape[-1]))
    return heights.reshape(batch), slopes.reshape(*batch, *slopes.shape[1:])


def along(field: Field, p: ArrayLike, v: ArrayLike) -> jax.Array:
    """The slope of a field at points in given directions, per unit of the direction: (...).

    The slope of `field` at the points `p` (..., d) along `v` (..., d), one direction for all or one
    for each. `v` is not normalized: twice as long a `v` gives twice the slope.

    >>> box = ((-3, -3), (3, 3))
    >>> slope = ga.along(ga.peaks(), ga.grid(80, 80, box), jnp.array([1.0, 0.0]))  # eastward
    >>> ga.raster(0.5 + slope / 20, box)
    """
    return part(jet(checked(field, FIELD), p, as_floats(v, "v"), 1), 1)


def secant(f: Function, t: ArrayLike, run: ArrayLike) -> jax.Array:
    """The slope of a function between two numbers: (f(t + run) - f(t)) / run.

    The finite difference of which the derivative is the limit, of a function `f` of one number, at
    every `t`: (*t.shape, *out). `run` may be negative, one number or one for each `t`.

    >>> round(float(ga.secant(jnp.sin, 0.0, 0.1)), 4)  # nearly cos(0.05)
    0.9983
    >>> t = jnp.linspace(0, 6, 80)
    >>> slopes = jnp.stack([ga.secant(jnp.sin, t, run) for run in (0.1, 0.5, 1.0)])
    >>> ga.lines(jnp.stack([jnp.broadcast_to(t, slopes.shape), slopes], -1))
    """
    start, step = for_each(t, run, "run")
    return _slope(jet(f, start, 0), jet(f, start + step, 0), step)


@jax.jit
def _slope(start: jax.Array, end: jax.Array, run: jax.Array) -> jax.Array:
    """(end - start) / run, with run spread over the axes of what the function returns."""
    rise = end[0] - start[0]
    return rise / run.reshape(*run.shape, *[1] * (rise.ndim - run.ndim))
