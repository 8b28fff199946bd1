"""Curves that turning draws: spirals, cycloids, epicycles, harmonographs, torus knots.

Formulas as in J. D. Lawrence, "A Catalog of Special Plane Curves" (1972).
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import not_zero, plain, short, unmasked
from gradart.calculus.checks.artist_functions import as_count, as_floats, one_number
from gradart.errors import ArtError
from gradart.types import MadeCurve, Numbers


@plain
def cycloid(radius: float = 1.0, pen: float = 1.0) -> MadeCurve:
    """The trochoid: a point of a wheel that rolls along the x axis.

    (radius t - pen sin t, radius - pen cos t) for a wheel of `radius` and a point `pen` from its
    center. One arch per tau; for pen = radius the speed is 0 at the cusps, t = 0, tau ...

    >>> ga.curve(ga.cycloid(pen=1.5), 0, 25)
    """

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([radius * t - pen * jnp.sin(t), radius - pen * jnp.cos(t)])

    return curve


@plain
def hypotrochoid(fixed: float = 8.0, rolling: float = 5.0, pen: float = 4.0) -> MadeCurve:
    """The spirograph: a pen in a wheel that rolls around the inside of a ring.

    The wheel's radius is `rolling`, the ring's is `fixed`, and the pen is `pen` from the wheel's
    center. With k = fixed - rolling: (k cos t + pen cos(k t / rolling), k sin t - pen sin(k t /
    rolling)). Period tau rolling / gcd(fixed, rolling). pen = rolling gives the cusped
    hypocycloids: the deltoid (3, 1, 1), the astroid (4, 1, 1).

    >>> ga.curve(ga.hypotrochoid(8, 5, 4), 0, 31.416)
    """
    not_zero(rolling, "rolling")
    k = fixed - rolling

    def curve(t: ArrayLike) -> jax.Array:
        return polar(k, t) + polar(pen, -k / rolling * t)

    return curve


@plain
def epitrochoid(fixed: float = 5.0, rolling: float = 3.0, pen: float = 5.0) -> MadeCurve:
    """A pen in a wheel that rolls around the outside of another, as on a spirograph.

    The rolling wheel's radius is `rolling`, the other's is `fixed`, and the pen is `pen` from the
    rolling one's center. With k = fixed + rolling: (k cos t - pen cos(k t / rolling), k sin t - pen
    sin(k t / rolling)). Period tau rolling / gcd(fixed, rolling). pen = rolling gives the cusped
    epicycloids: the cardioid (1, 1, 1), the nephroid (2, 1, 1).

    >>> ga.curve(ga.epitrochoid(5, 3, 5), 0, 18.85)
    """
    not_zero(rolling, "rolling")
    k = fixed + rolling

    def curve(t: ArrayLike) -> jax.Array:
        return polar(k, t) - polar(pen, k / rolling * t)

    return curve


def fourier(coefficients: Numbers) -> MadeCurve:
    """Circles that turn on circles: the sum of c exp(i k t), x real and y imaginary; period tau.

    The complex `coefficients` (n,) belong to the frequencies k = 0, 1, -1, 2, -2, ... in this
    order: `fourier([0, 1, 0.3])` is an ellipse, and one more coefficient changes none of the
    others.

    >>> ga.curve(ga.fourier([0, 1, 0.3, 0.2j, 0.1]), 0, 6.2832)
    """
    try:
        c = jnp.asarray(unmasked(coefficients))
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"coefficients is {short(coefficients)}: give complex numbers") from error
    if c.ndim != 1 or not jnp.issubdtype(c.dtype, jnp.number):
        raise ArtError(f"coefficients is {short(coefficients)}: give complex numbers, shape (n,)")
    n = jnp.arange(c.size)
    k = jnp.where(n % 2, (n + 1) // 2, -n // 2)
    re, im = c.real, c.imag

    def curve(t: ArrayLike) -> jax.Array:
        cos, sin = jnp.cos(k * one_number(t)), jnp.sin(k * t)
        return jnp.array([re @ cos - im @ sin, re @ sin + im @ cos])

    return curve


def epicycles(points: Numbers, terms: int = 21) -> MadeCurve:
    """The closed curve of a few turning circles that best follows given points; period tau.

    Of `points` (n, 2) the `terms` lowest terms of their discrete Fourier transform; terms = n goes
    through every point, point j at t = tau j / n.

    >>> corners = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    >>> ga.curve(ga.epicycles(corners, terms=5), 0, 6.2832)
    """
    p = as_floats(points, "points")
    if p.ndim != 2 or p.shape[1] != 2:
        raise ArtError(f"epicycles takes points of shape (n, 2), not {p.shape}")
    n = np.arange(min(as_count(terms, "terms", 1), len(p)))
    spectrum = jnp.fft.fft(p[:, 0] + 1j * p[:, 1]) / len(p)
    return fourier(spectrum[np.where(n % 2, (n + 1) // 2, -n // 2)])


@plain
def harmonograph(
    x: tuple[float, float] = (2.0, 3.003),
    y: tuple[float, float] = (3.0, 2.002),
    phases: tuple[float, float, float, float] = (0.0, 1.2, 0.6, 2.4),
    damping: float = 0.008,
) -> MadeCurve:
    """Two pendulums that swing a pen along x and two along y, all dying away together.

    Each axis is exp(-damping t) (sin(f1 t + p1) + sin(f2 t + p2)): `x` and `y` are the two
    frequencies of each, `phases` the four phases in radians, first those of x, and `damping` is how
    fast they die away. Frequencies a little off whole numbers make the figure drift; 60 tau of it
    is a drawing.

    >>> t = jnp.linspace(0, 200, 3000)
    >>> ga.lines(ga.point(ga.harmonograph(), t), width=0.1)
    """

    def curve(t: ArrayLike) -> jax.Array:
        a, b, c, d = (jnp.sin(f * t + p) for f, p in zip((*x, *y), phases, strict=True))
        return jnp.exp(-damping * t) * jnp.array([a + b, c + d])

    return curve


@plain
def torus_knot(p: float = 2.0, q: float = 3.0, radius: float = 2.0, tube: float = 1.0) -> MadeCurve:
    """A knot in space, (3,): p times around a torus' axis and q times around its tube; period tau.

    ((radius + tube cos qt) cos pt, (radius + tube cos qt) sin pt, tube sin qt), for whole `p` and
    `q` without a common factor; (2, 3) is the trefoil. The torus is a tube of the radius `tube`
    around a circle of `radius`.

    >>> view = ga.camera(azimuth=20, elevation=60)
    >>> ga.lines(view(ga.point(ga.torus_knot(2, 3), jnp.linspace(0, 6.2832, 300))))
    """

    def curve(t: ArrayLike) -> jax.Array:
        r = radius + tube * jnp.cos(q * t)
        return jnp.array([r * jnp.cos(p * t), r * jnp.sin(p * t), tube * jnp.sin(q * t)])

    return curve


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
        angle = math.pi / 2 * (one_number(t) * nodes) ** 2
        return jnp.array([weights @ jnp.cos(angle), weights @ jnp.sin(angle)]) * scale * t

    return curve
