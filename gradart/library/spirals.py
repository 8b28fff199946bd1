"""Spirals: curves that wind around a point, as `gradart.library.curves` are made.

Formulas as in J. D. Lawrence, "A Catalog of Special Plane Curves" (1972).
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.arguments import plain
from gradart.types import MadeCurve


def polar(r: ArrayLike, angle: ArrayLike) -> jax.Array:
    """The point at a distance from (0, 0), in the direction of an angle from the x axis."""
    return jnp.array([jnp.cos(angle), jnp.sin(angle)]) * r


@plain
def spiral(growth: float = 0.08, radius: float = 1.0) -> MadeCurve:
    """The logarithmic spiral: radius exp(growth t) at the angle t.

    `radius` is its distance from (0, 0) at t = 0, `growth` how fast that grows. It winds inward for
    ever as t falls, and cuts every radius at the same angle.

    >>> ga.lines(ga.point(ga.spiral(growth=0.1), jnp.linspace(0, 30, 600)))
    """

    def curve(t: ArrayLike) -> jax.Array:
        return polar(radius * jnp.exp(growth * t), t)

    return curve


@plain
def archimedes(gap: float = 1.0) -> MadeCurve:
    """Archimedes' spiral: radius gap t / tau at the angle t.

    Its arms are a `gap` apart.

    >>> ga.lines(ga.point(ga.archimedes(), jnp.linspace(0, 60, 800)))
    """

    def curve(t: ArrayLike) -> jax.Array:
        return polar(gap / math.tau * t, t)

    return curve


@plain
def fermat(gap: float = 1.0) -> MadeCurve:
    """Fermat's spiral: radius gap t at the angle t^2.

    Its two arms, t > 0 and t < 0, join at 0; one turn after the other encloses the same area, of pi
    `gap`^2 tau.

    >>> ga.lines(ga.point(ga.fermat(), jnp.linspace(-6, 6, 800)))
    """

    def curve(t: ArrayLike) -> jax.Array:
        return polar(gap * t, t * t)

    return curve


@plain
def clothoid(scale: float = 1.0) -> MadeCurve:
    """Euler's spiral: the integral of scale (cos(pi s^2 / 2), sin(pi s^2 / 2)) from 0 to t.

    Curvature pi t / scale, speed `scale`: the curve of roads and railways. By 80-point
    Gauss-Legendre quadrature, which holds 12 digits for |t| up to 8.

    >>> ga.lines(ga.point(ga.clothoid(), jnp.linspace(-6, 6, 800)))
    """
    nodes, weights = np.polynomial.legendre.leggauss(80)
    nodes, weights = (nodes + 1) / 2, weights / 2

    def curve(t: ArrayLike) -> jax.Array:
        angle = math.pi / 2 * (t * nodes) ** 2
        return jnp.array([weights @ jnp.cos(angle), weights @ jnp.sin(angle)]) * scale * t

    return curve
