"""What fits a curve most closely at a point: circles, Taylor arcs; and how curves bend and twist.

All of these can be traced and map over t of any shape, but for `monotone_arcs`.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.artist_functions import (
    CURVE,
    PLANE,
    as_count,
    as_order,
    checked,
    for_each,
)
from gradart.calculus.curves.frames import curvature, speed
from gradart.calculus.curves.special_points import vertices
from gradart.calculus.derivatives import derivative, jet
from gradart.calculus.programs.batching import interval
from gradart.calculus.programs.padded_lengths import for_padded_lengths, unstacked
from gradart.calculus.vectors import cross, divided, left
from gradart.errors import ArtError
from gradart.types import Curve


def osculating_circles(curve: Curve, t: ArrayLike) -> tuple[jax.Array, jax.Array]:
    """The circles that fit a curve best: centers (*t.shape, 2) and radii (*t.shape,).

    They touch `curve` at every number `t` to second order. NaN where it is straight or has no
    speed. Between two vertices they are nested and none meets another (Tait, 1896; Kneser, 1912),
    though they all touch the curve: see `monotone_arcs`.

    >>> t = jnp.linspace(0, 1.5708, 30)
    >>> ga.circles(*ga.osculating_circles(ga.ellipse(2.0, 1.0), t), width=0.1)
    """
    return _osculating(*unstacked(jet(checked(curve, PLANE), t, 2)))


@for_padded_lengths(1, 1, 1)
@jax.jit
def _osculating(
    position: jax.Array, velocity: jax.Array, acceleration: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Centers (..., 2) and radii (...) from positions, velocities and accelerations."""
    reach = divided(jnp.sum(velocity**2, axis=-1), cross(velocity, acceleration))
    arm = left(velocity) * reach[..., None]
    return position + arm, jnp.sqrt(jnp.sum(arm**2, axis=-1))


def taylor_arcs(
    curve: Curve, t: ArrayLike, reach: ArrayLike, order: int = 2, n: int = 33
) -> jax.Array:
    """The Taylor polynomials of a curve around many of its points, as polylines (*t.shape, n, d).

    The polynomial of `order` of `curve` at every `t`, drawn from t - reach to t + reach by `n`
    points. `reach` is in units of t, one for all or one for each t.

    >>> t = jnp.linspace(0, 6.2832, 40)
    >>> ga.lines(ga.taylor_arcs(ga.ellipse(2.0, 1.0), t, 0.5, order=2))  # parabolas
    """
    t, reach = for_each(t, reach, "reach")
    offsets = jnp.linspace(-1, 1, as_count(n)) * reach[..., None]
    derivatives = jet(checked(curve, CURVE), t, order)
    arcs = jnp.zeros(())
    for k in range(len(derivatives) - 1, -1, -1):
        arcs = arcs * offsets[..., None] + derivatives[k][..., None, :] / float(math.factorial(k))
    return jnp.broadcast_to(arcs, (*jnp.shape(t), n, derivatives.shape[-1]))


def taylor_beziers(curve: Curve, t: ArrayLike, reach: ArrayLike, order: int = 3) -> jax.Array:
    """The Taylor polynomials of a curve, of order up to 3, as cubic Beziers: (*t.shape, 4, d).

    The polynomial of `order` of `curve` at every `t`, from t - reach to t + reach, as what it is: a
    cubic. `reach` is in units of t, one for all or one for each t. ArtError for an order above 3.

    >>> t = jnp.linspace(0, 6.2832, 40)
    >>> ga.beziers(ga.taylor_beziers(ga.ellipse(2.0, 1.0), t, 0.5))
    """
    if as_order(order) > 3:
        raise ArtError(f"order is {order}: a cubic Bezier holds 3, taylor_arcs holds any")
    t, reach = for_each(t, reach, "reach")
    derivatives = jet(checked(curve, CURVE), t, order)
    r = reach[..., None]
    terms = [d * r**k / float(math.factorial(k)) for k, d in enumerate(derivatives)]
    # 1, s, s^2, s^3 on [-1, 1] in Bernstein's basis.
    powers = ((1, 1, 1, 1), (-1, -1 / 3, 1 / 3, 1), (1, -1 / 3, -1 / 3, 1), (-1, 1, -1, 1))
    corners = [
        sum(power[i] * term for power, term in zip(powers, terms, strict=False)) for i in range(4)
    ]
    return jnp.stack(jnp.broadcast_arrays(*corners), axis=-2)


def monotone_arcs(curve: Curve, a: float, b: float, n: int) -> np.ndarray:
    """Parameters on the arcs into which the vertices split a plane curve: (k, n) on k arcs.

    `curve` is taken from t = `a` to t = `b`, and each arc has `n` parameters, evenly spaced. On
    each the curvature is monotone, so that its osculating circles are nested.

    >>> egg = ga.ellipse(2.0, 1.0)
    >>> arcs = ga.monotone_arcs(egg, 0, 6.2832, 12)
    >>> ga.circles(*ga.osculating_circles(egg, arcs), width=0.1)
    """
    a, b = interval(a, b)
    inside = [v for v in vertices(curve, a, b) if min(v - a, b - v) > 1e-9 * (b - a)]
    ends = np.array([a, *inside, b])
    return np.linspace(ends[:-1], ends[1:], as_count(n, least=1), axis=-1)


def curvature_slope(curve: Curve, t: ArrayLike) -> jax.Array:
    """How fast the curvature changes along a curve, per unit of length: (*t.shape,).

    The derivative of the `curvature` of `curve` by arc length, at every number `t`, which no
    parametrization alters. 0 at vertices.

    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.lines(jnp.stack([t, ga.curvature_slope(ga.ellipse(2.0, 1.0), t)], -1))  # its graph
    """
    rate = derivative(lambda s: curvature(curve, s), t)
    pace = speed(curve, t)
    return jnp.where(pace > 0, rate / jnp.where(pace > 0, pace, 1), jnp.nan)


def torsion(curve: Curve, t: ArrayLike) -> jax.Array:
    """How fast a curve in space leaves its osculating plane, per unit of length: (*t.shape,).

    det(c', c'', c''') / |c' x c''|^2 of `curve` at every number `t`, positive for a right-handed
    screw; NaN where it is straight.

    ArtError for a plane curve.

    >>> def helix(t):
    ...     return jnp.array([jnp.cos(t), jnp.sin(t), t])
    >>> round(float(ga.torsion(helix, 0.3)), 4)
    0.5
    """
    _, velocity, acceleration, jerk = jet(checked(curve, CURVE), t, 3)
    if velocity.shape[-1] != 3:
        raise ArtError("torsion is of a curve in space: return jnp.array([x, y, z])")
    binormal = jnp.cross(velocity, acceleration)
    square = jnp.sum(binormal**2, axis=-1)
    bent = square > 0
    twist = jnp.sum(binormal * jerk, axis=-1) / jnp.where(bent, square, 1)
    return jnp.where(bent, twist, jnp.nan)
