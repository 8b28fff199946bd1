"""Curves an artist reaches for: factories that return a plain function of one number.

A curve takes a scalar t and returns a point: `() -> (2,)`, or `(3,)` for those in space. Each is
smooth, with all its derivatives at every t, unless its docstring says where it is not. The
classic formulas are those of J. D. Lawrence, "A Catalog of Special Plane Curves" (1972), unless
another source is named.
"""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.arguments import plain, short, unmasked
from gradart.calculus.checks import as_count, as_floats
from gradart.errors import ArtError
from gradart.types import MadeCurve, Numbers

Point = Sequence[float]


@plain
def line(start: Point = (0.0, 0.0), end: Point = (1.0, 1.0)) -> MadeCurve:
    """The straight line from `start`, at t = 0, to `end`, at t = 1, and on beyond both."""

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([a + t * (b - a) for a, b in zip(start, end, strict=True)])

    return curve


@plain
def circle(radius: float = 1.0, center: Point = (0.0, 0.0)) -> MadeCurve:
    """A circle: radius (cos t, sin t), around the center. Period tau."""
    return ellipse(radius, radius, center)


@plain
def ellipse(a: float = 1.0, b: float = 0.6, center: Point = (0.0, 0.0)) -> MadeCurve:
    """An ellipse: (a cos t, b sin t), around the center. Period tau."""

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([center[0] + a * jnp.cos(t), center[1] + b * jnp.sin(t)])

    return curve


@plain
def spiral(growth: float = 0.08, radius: float = 1.0) -> MadeCurve:
    """The logarithmic spiral: radius exp(growth t) at the angle t.

    It winds inward for ever as t falls, and cuts every radius at the same angle.
    """

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(radius * jnp.exp(growth * t), t)

    return curve


@plain
def archimedes(gap: float = 1.0) -> MadeCurve:
    """Archimedes' spiral: radius gap t / tau at the angle t, its arms a `gap` apart."""

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(gap / math.tau * t, t)

    return curve


@plain
def fermat(gap: float = 1.0) -> MadeCurve:
    """Fermat's spiral: radius gap t at the angle t^2; its two arms, t > 0 and t < 0, join at 0."""

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(gap * t, t * t)

    return curve


@plain
def clothoid(scale: float = 1.0) -> MadeCurve:
    """Euler's spiral: the integral of scale (cos(pi s^2 / 2), sin(pi s^2 / 2)) from 0 to t.

    Curvature pi t / scale, speed `scale`: the curve of roads and railways. By 80-point
    Gauss-Legendre quadrature, which holds 12 digits for |t| up to 8.
    """
    nodes, weights = np.polynomial.legendre.leggauss(80)
    nodes, weights = (nodes + 1) / 2, weights / 2

    def curve(t: ArrayLike) -> jax.Array:
        angle = math.pi / 2 * (t * nodes) ** 2
        return jnp.array([weights @ jnp.cos(angle), weights @ jnp.sin(angle)]) * scale * t

    return curve


@plain
def lissajous(x: float = 3.0, y: float = 4.0, phase: float = math.pi / 4) -> MadeCurve:
    """Lissajous' figure: (sin(x t + phase), sin(y t)). Period tau for whole x and y."""

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([jnp.sin(x * t + phase), jnp.sin(y * t)])

    return curve


@plain
def harmonograph(
    x: tuple[float, float] = (2.0, 3.003),
    y: tuple[float, float] = (3.0, 2.002),
    phases: tuple[float, float, float, float] = (0.0, 1.2, 0.6, 2.4),
    damping: float = 0.008,
) -> MadeCurve:
    """Two pendulums swinging the pen along x and two along y, all dying away together.

    Each axis is exp(-damping t) (sin(f1 t + p1) + sin(f2 t + p2)). Frequencies a little off whole
    numbers make the figure drift; 60 tau of it is a drawing.
    """

    def curve(t: ArrayLike) -> jax.Array:
        a, b, c, d = (jnp.sin(f * t + p) for f, p in zip((*x, *y), phases, strict=True))
        return jnp.exp(-damping * t) * jnp.array([a + b, c + d])

    return curve


@plain
def rose(n: float = 5.0, d: float = 1.0, radius: float = 1.0) -> MadeCurve:
    """Grandi's rose: radius cos(n t / d) at the angle t.

    For n / d in lowest terms: n petals and period pi d if both are odd, else 2 n and tau d.
    """

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(radius * jnp.cos(n * t / d), t)

    return curve


@plain
def cycloid(radius: float = 1.0, pen: float = 1.0) -> MadeCurve:
    """A point `pen` from the center of a wheel that rolls along the x axis: the trochoid.

    (radius t - pen sin t, radius - pen cos t). One arch per tau; for pen = radius the speed is 0
    at the cusps, t = 0, tau ...
    """

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([radius * t - pen * jnp.sin(t), radius - pen * jnp.cos(t)])

    return curve


@plain
def hypotrochoid(fixed: float = 8.0, rolling: float = 5.0, pen: float = 4.0) -> MadeCurve:
    """The spirograph: a pen in a wheel of radius `rolling` inside a ring of radius `fixed`.

    With k = fixed - rolling: (k cos t + pen cos(k t / rolling), k sin t - pen sin(k t / rolling)).
    Period tau rolling / gcd(fixed, rolling). pen = rolling gives the cusped hypocycloids: the
    deltoid (3, 1, 1), the astroid (4, 1, 1).
    """
    k = fixed - rolling

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(k, t) + _polar(pen, -k / rolling * t)

    return curve


@plain
def epitrochoid(fixed: float = 5.0, rolling: float = 3.0, pen: float = 5.0) -> MadeCurve:
    """A pen in a wheel of radius `rolling` that rolls around the outside of a `fixed` one.

    With k = fixed + rolling: (k cos t - pen cos(k t / rolling), k sin t - pen sin(k t / rolling)).
    Period tau rolling / gcd(fixed, rolling). pen = rolling gives the cusped epicycloids: the
    cardioid (1, 1, 1), the nephroid (2, 1, 1).
    """
    k = fixed + rolling

    def curve(t: ArrayLike) -> jax.Array:
        return _polar(k, t) - _polar(pen, k / rolling * t)

    return curve


@plain
def lemniscate(a: float = 1.0) -> MadeCurve:
    """Bernoulli's figure eight: a (cos t, sin t cos t) / (1 + sin(t)^2). Period tau."""

    def curve(t: ArrayLike) -> jax.Array:
        x = a * jnp.cos(t) / (1 + jnp.sin(t) ** 2)
        return jnp.array([x, x * jnp.sin(t)])

    return curve


@plain
def heart(size: float = 1.0) -> MadeCurve:
    """A heart, its tip down, about 2 `size` wide. Period tau.

    size / 16 (16 sin(t)^3, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t).
    The speed is 0 at t = 0 and pi, the notch and the tip.
    """

    def curve(t: ArrayLike) -> jax.Array:
        y = 13 * jnp.cos(t) - 5 * jnp.cos(2 * t) - 2 * jnp.cos(3 * t) - jnp.cos(4 * t)
        return size / 16 * jnp.array([16 * jnp.sin(t) ** 3, y])

    return curve


def butterfly() -> MadeCurve:
    """T. H. Fay's butterfly (1989): r (sin t, cos t), r = exp(cos t) - 2 cos 4t - sin(t / 12)^5.

    Period 24 pi; the first half of it, which closes too, is the butterfly as it is usually drawn.
    """

    def curve(t: ArrayLike) -> jax.Array:
        r = jnp.exp(jnp.cos(t)) - 2 * jnp.cos(4 * t) - jnp.sin(t / 12) ** 5
        return r * jnp.array([jnp.sin(t), jnp.cos(t)])

    return curve


@plain
def superformula(
    m: float = 5.0, n1: float = 2.0, n2: float = 7.0, n3: float = 7.0, round: float = 1e-3
) -> MadeCurve:
    """J. Gielis' superformula (2003): (|cos(m t / 4)|^n2 + |sin(m t / 4)|^n3)^(-1 / n1) at angle t.

    Period tau for even m or n2 = n3, else 2 tau. |x| is taken as sqrt(x^2 + round^2): that rounds
    a corner, which is there for n2 or n3 below 2, so that every derivative exists.
    """

    def curve(t: ArrayLike) -> jax.Array:
        angle = m / 4 * t
        c = (jnp.cos(angle) ** 2 + round**2) ** (n2 / 2)
        s = (jnp.sin(angle) ** 2 + round**2) ** (n3 / 2)
        return _polar((c + s) ** (-1 / n1), t)

    return curve


def bezier(points: Numbers) -> MadeCurve:
    """The Bezier curve of any degree for control points (degree + 1, 2) or (.., 3); t from 0 to 1.

    By de Casteljau's algorithm, one loop whatever the degree.
    """
    control = as_floats(points, "points")
    if control.ndim != 2 or len(control) < 2:
        raise ArtError(f"bezier takes points of shape (degree + 1, 2), not {control.shape}")

    def curve(t: ArrayLike) -> jax.Array:
        def halve(b: jax.Array, _: None) -> tuple[jax.Array, None]:
            # The last rows wrap around and mean nothing; row 0 never hears of them.
            return b + t * (jnp.roll(b, -1, axis=0) - b), None

        start = control.astype(jnp.result_type(control, t, float))
        end, _ = jax.lax.scan(halve, start, length=len(control) - 1)
        return end[0]

    return curve


def fourier(coefficients: Numbers) -> MadeCurve:
    """Circles that turn on circles: the sum of c exp(i k t), x real and y imaginary. Period tau.

    The complex coefficients (n,) belong to the frequencies k = 0, 1, -1, 2, -2, ... in this order:
    `fourier([0, 1, 0.3])` is an ellipse, and one more coefficient changes none of the others.
    """
    try:
        c = jnp.asarray(unmasked(coefficients))
    except (TypeError, ValueError) as error:
        raise ArtError(f"coefficients is {short(coefficients)}: give complex numbers") from error
    if c.ndim != 1 or not jnp.issubdtype(c.dtype, jnp.number):
        raise ArtError(f"coefficients is {short(coefficients)}: give complex numbers, shape (n,)")
    n = jnp.arange(c.size)
    k = jnp.where(n % 2, (n + 1) // 2, -n // 2)
    re, im = c.real, c.imag

    def curve(t: ArrayLike) -> jax.Array:
        cos, sin = jnp.cos(k * t), jnp.sin(k * t)
        return jnp.array([re @ cos - im @ sin, re @ sin + im @ cos])

    return curve


def epicycles(points: Numbers, terms: int = 21) -> MadeCurve:
    """The closed curve of `terms` turning circles that best follows points (n, 2). Period tau.

    The lowest terms of their discrete Fourier transform; terms = n goes through every point, point
    j at t = tau j / n.
    """
    p = as_floats(points, "points")
    if p.ndim != 2 or p.shape[1] != 2:
        raise ArtError(f"epicycles takes points of shape (n, 2), not {p.shape}")
    n = np.arange(min(as_count(terms, "terms", 1), len(p)))
    spectrum = jnp.fft.fft(p[:, 0] + 1j * p[:, 1]) / len(p)
    return fourier(spectrum[np.where(n % 2, (n + 1) // 2, -n // 2)])


@plain
def torus_knot(p: float = 2.0, q: float = 3.0, radius: float = 2.0, tube: float = 1.0) -> MadeCurve:
    """A knot in space, (3,): p times around a torus' axis and q times around its tube. Period tau.

    ((radius + tube cos qt) cos pt, (radius + tube cos qt) sin pt, tube sin qt), for whole p and q
    without a common factor; (2, 3) is the trefoil.
    """

    def curve(t: ArrayLike) -> jax.Array:
        r = radius + tube * jnp.cos(q * t)
        return jnp.array([r * jnp.cos(p * t), r * jnp.sin(p * t), tube * jnp.sin(q * t)])

    return curve


def _polar(r: ArrayLike, angle: ArrayLike) -> jax.Array:
    return jnp.array([jnp.cos(angle), jnp.sin(angle)]) * r
