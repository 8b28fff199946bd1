"""What moves along a curve: point, tangent, normal, speed, curvature.

A curve is a function of one number t that returns (2,) or (3,). All of these map over t of any
shape. Where a curve has no speed it has no direction: its tangent, normal and curvature are NaN
there, which lifts the pen, and a warning counts those places.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.artist_functions import (
    CURVE,
    as_floats,
    checked,
    concrete,
    name_of,
    warn_where,
)
from gradart.calculus.derivatives import derivative, jet
from gradart.calculus.programs.padded_lengths import for_padded_lengths, unstacked
from gradart.calculus.vectors import dot, left, safe_norm, unit
from gradart.types import Curve


def point(curve: Curve, t: ArrayLike) -> jax.Array:
    """The points of a curve at every number: (*t.shape, 2), or in space (*t.shape, 3).

    `curve` is a function of one number, and is mapped over the numbers `t`, of any shape.

    >>> ga.lines(ga.point(ga.circle(), jnp.linspace(0, 6.2832, 200)))
    """
    return derivative(checked(curve, CURVE), t, 0)


def speed(curve: Curve, t: ArrayLike) -> jax.Array:
    """How fast a curve runs, in its units per unit of its parameter: (*t.shape,).

    The length of the velocity of `curve` at every number `t`.

    >>> ga.speed(ga.circle(2.0), 0.3)
    Array(2., dtype=float32)
    >>> t = jnp.linspace(0, 6.2832, 60)
    >>> ga.dots(ga.point(ga.rose(), t), 0.2 * ga.speed(ga.rose(), t))
    """
    return safe_norm(derivative(checked(curve, CURVE), t))


def tangent(curve: Curve, t: ArrayLike) -> jax.Array:
    """The unit vectors in which a curve runs: (*t.shape, 2), or in space (*t.shape, 3).

    The direction of `curve` at every number `t`; NaN, with a warning, where it has no speed.

    >>> t = jnp.linspace(0, 6.2832, 90)
    >>> p = ga.point(ga.circle(), t)
    >>> ga.segments(p, p + 0.5 * ga.tangent(ga.circle(), t))
    """
    velocity = derivative(checked(curve, CURVE), t)
    return unit(velocity, _moving(curve, t, velocity))


def normal(curve: Curve, t: ArrayLike) -> jax.Array:
    """The unit normals of a curve: (*t.shape, 2), or in space (*t.shape, 3).

    Of a plane `curve`, at every number `t`, the tangent turned left by a quarter, so that a
    counterclockwise circle's points inward and curvature is positive where the curve bends towards
    it. In space, the principal normal, the direction in which the tangent turns; NaN where the
    curve is straight. NaN, with a warning, where the curve has no speed.

    >>> t = jnp.linspace(0, 6.2832, 90)
    >>> p = ga.point(ga.ellipse(), t)
    >>> ga.segments(p, p + 0.3 * ga.normal(ga.ellipse(), t))
    """
    orders = jet(checked(curve, CURVE), t, 1 if _is_plane(curve, t) else 2)
    _, velocity, *rest = unstacked(orders)
    moving = _moving(curve, t, velocity)
    if not rest:
        return unit(left(velocity), moving)
    return _principal_normal(velocity, rest[0], moving)


@for_padded_lengths(1, 1, 0)
@jax.jit
def _principal_normal(velocity: jax.Array, acceleration: jax.Array, moving: jax.Array) -> jax.Array:
    """The unit vector in which the tangent turns: (..., 3); NaN where it does not."""
    square = jnp.sum(velocity**2, -1, keepdims=True)
    turning = acceleration * square - velocity * jnp.sum(velocity * acceleration, -1, keepdims=True)
    return unit(turning, moving & (safe_norm(turning) > 0))


def curvature(curve: Curve, t: ArrayLike) -> jax.Array:
    """How strongly a curve bends: one over the radius of its osculating circle, (*t.shape,).

    Per unit of length, of `curve` at every number `t`. In the plane it has a sign, positive where
    the curve turns left: x' y'' - y' x'' over the cube of the speed. In space it is |c' x c''| /
    |c'|^3. NaN, with a warning, where the curve has no speed.

    >>> round(float(ga.curvature(ga.circle(2.0), 0.3)), 4)
    0.5
    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> p, bend = ga.point(ga.ellipse(), t), ga.curvature(ga.ellipse(), t)
    >>> ga.segments(p, p - 0.2 * bend[:, None] * ga.normal(ga.ellipse(), t))  # its comb
    """
    _, velocity, acceleration = unstacked(jet(checked(curve, CURVE), t, 2))
    moving = _moving(curve, t, velocity)
    return _bend(velocity, acceleration, moving)


@for_padded_lengths(1, 1, 0)
@jax.jit
def _bend(velocity: jax.Array, acceleration: jax.Array, moving: jax.Array) -> jax.Array:
    """The curvature (...) from velocities and accelerations (..., d), NaN where nothing moves."""
    if velocity.shape[-1] == 3:
        turn = safe_norm(jnp.cross(velocity, acceleration))
    else:
        turn = dot(left(velocity), acceleration)
    return jnp.where(moving, turn / jnp.where(moving, safe_norm(velocity), 1) ** 3, jnp.nan)


@for_padded_lengths(1)
@jax.jit
def _nonzero(v: jax.Array) -> jax.Array:
    """Whether any coordinate of vectors (..., d) is not 0: (...)."""
    return jnp.any(v != 0, axis=-1)


def _is_plane(curve: Curve, t: ArrayLike) -> bool:
    """Whether a curve's points have two coordinates."""
    one = jax.ShapeDtypeStruct((), as_floats(t, "t").dtype)
    return jax.eval_shape(checked(curve, CURVE), one).shape == (2,)


def _moving(curve: Curve, t: ArrayLike, velocity: jax.Array) -> jax.Array:
    """Where the curve has speed; with numbers at hand, a warning counts where it has none."""
    moving = _nonzero(velocity)
    at = as_floats(t, "t")
    if concrete(at, moving):
        name = name_of(curve, CURVE)
        warn_where(~np.asarray(moving), at, f"{name} has no speed", "the pen lifts there")
    return moving
