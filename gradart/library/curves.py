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
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import not_zero, plain
from gradart.calculus.checks.artist_functions import as_floats, one_number
from gradart.errors import ArtError
from gradart.library.turning_curves import archimedes as archimedes
from gradart.library.turning_curves import clothoid as clothoid
from gradart.library.turning_curves import cycloid as cycloid
from gradart.library.turning_curves import epicycles as epicycles
from gradart.library.turning_curves import epitrochoid as epitrochoid
from gradart.library.turning_curves import fermat as fermat
from gradart.library.turning_curves import fourier as fourier
from gradart.library.turning_curves import harmonograph as harmonograph
from gradart.library.turning_curves import hypotrochoid as hypotrochoid
from gradart.library.turning_curves import polar
from gradart.library.turning_curves import spiral as spiral
from gradart.library.turning_curves import torus_knot as torus_knot
from gradart.types import MadeCurve, Numbers

Point = Sequence[float]


@plain
def line(start: Point = (0.0, 0.0), end: Point = (1.0, 1.0)) -> MadeCurve:
    """A straight line: its `start` at t = 0, its `end` at t = 1, and on beyond both.

    In the plane or, with ends of three numbers, in space.

    >>> ga.curve(ga.curves.line((0, 0), (3, 1)), 0, 1)
    """

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([a + t * (b - a) for a, b in zip(start, end, strict=True)])

    return curve


@plain
def circle(radius: float = 1.0, center: Point = (0.0, 0.0)) -> MadeCurve:
    """A circle: radius (cos t, sin t) around its center; period tau.

    Of `radius`, around `center` (2,), counterclockwise from its rightmost point.

    >>> ga.curve(ga.circle(2.0), 0, 6.2832, closed=True)
    """
    return _ellipse(radius, radius, center)


@plain
def ellipse(a: float = 1.0, b: float = 0.6, center: Point = (0.0, 0.0)) -> MadeCurve:
    """An ellipse: (a cos t, b sin t) around its center; period tau.

    `a` and `b` are half its width and half its height, `center` (2,) is its middle.

    >>> ga.curve(ga.ellipse(2.0, 1.0), 0, 6.2832)
    """
    return _ellipse(a, b, center)


def _ellipse(a: float, b: float, center: Point) -> MadeCurve:
    """The one formula of circles and ellipses."""

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([center[0] + a * jnp.cos(t), center[1] + b * jnp.sin(t)])

    return curve


@plain
def lissajous(x: float = 3.0, y: float = 4.0, phase: float = math.pi / 4) -> MadeCurve:
    """Lissajous' figure: (sin(x t + phase), sin(y t)); period tau for whole x and y.

    `x` and `y` are the frequencies of the two swings, whose ratio makes the figure; `phase`, in
    radians, is how far the first is ahead.

    >>> ga.curve(ga.lissajous(3, 4), 0, 6.2832)
    """

    def curve(t: ArrayLike) -> jax.Array:
        return jnp.array([jnp.sin(x * t + phase), jnp.sin(y * t)])

    return curve


@plain
def rose(n: float = 5.0, d: float = 1.0, radius: float = 1.0) -> MadeCurve:
    """Grandi's rose: radius cos(n t / d) at the angle t.

    For `n` / `d` in lowest terms: n petals and period pi d if both are odd, else 2 n and tau d.
    `radius` is the length of a petal.

    >>> ga.curve(ga.rose(5, 2), 0, 12.5664)
    """

    not_zero(d, "d")

    def curve(t: ArrayLike) -> jax.Array:
        return polar(radius * jnp.cos(n * t / d), t)

    return curve


@plain
def lemniscate(a: float = 1.0) -> MadeCurve:
    """Bernoulli's figure eight: a (cos t, sin t cos t) / (1 + sin(t)^2); period tau.

    `a` is half its width.

    >>> ga.curve(ga.lemniscate(), 0, 6.2832)
    """

    def curve(t: ArrayLike) -> jax.Array:
        x = a * jnp.cos(t) / (1 + jnp.sin(t) ** 2)
        return jnp.array([x, x * jnp.sin(t)])

    return curve


@plain
def heart(size: float = 1.0) -> MadeCurve:
    """A heart, its tip down; period tau.

    size / 16 (16 sin(t)^3, 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t), about 2 `size` wide. The speed
    is 0 at t = 0 and pi, the notch and the tip.

    >>> ga.curve(ga.heart(), 0, 6.2832, fill="#c2410c", stroke=None)
    """

    def curve(t: ArrayLike) -> jax.Array:
        y = 13 * jnp.cos(t) - 5 * jnp.cos(2 * t) - 2 * jnp.cos(3 * t) - jnp.cos(4 * t)
        return size / 16 * jnp.array([16 * jnp.sin(t) ** 3, y])

    return curve


def butterfly() -> MadeCurve:
    """T. H. Fay's butterfly (1989): r (sin t, cos t), r = exp(cos t) - 2 cos 4t - sin(t / 12)^5.

    Period 24 pi; the first half of it, which closes too, is the butterfly as it is usually drawn.

    >>> ga.lines(ga.point(ga.butterfly(), jnp.linspace(0, 12 * np.pi, 2000)))
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

    Flowers, stars and rounded polygons: `m` is the number of corners, `n1` says how deep the bays
    between them are, and `n2` and `n3` how sharp they are. Period tau for even m or n2 = n3, else 2
    tau. |x| is taken as sqrt(x^2 + round^2): `round` rounds a corner, which is there for n2 or n3
    below 2, so that every derivative exists.

    >>> ga.curve(ga.superformula(m=5, n1=2, n2=7, n3=7), 0, 6.2832)
    """

    not_zero(n1, "n1")

    def curve(t: ArrayLike) -> jax.Array:
        angle = m / 4 * t
        c = (jnp.cos(angle) ** 2 + round**2) ** (n2 / 2)
        s = (jnp.sin(angle) ** 2 + round**2) ** (n3 / 2)
        return polar((c + s) ** (-1 / n1), t)

    return curve


def bezier(points: Numbers) -> MadeCurve:
    """The Bezier curve of any degree through its first and last control point; t from 0 to 1.

    `points` are the control points, (degree + 1, 2), or (degree + 1, 3) in space. By de Casteljau's
    algorithm, one loop whatever the degree.

    >>> ga.curve(ga.bezier([(0, 0), (1, 2), (2, -2), (3, 0)]), 0, 1)
    """
    control = as_floats(points, "points")
    if control.ndim != 2 or len(control) < 2:
        raise ArtError(f"bezier takes points of shape (degree + 1, 2), not {control.shape}")

    def curve(t: ArrayLike) -> jax.Array:
        def halve(b: jax.Array, _: None) -> tuple[jax.Array, None]:
            # The last rows wrap around and mean nothing; row 0 never hears of them.
            return b + number * (jnp.roll(b, -1, axis=0) - b), None

        number = one_number(t)
        start = control.astype(jnp.result_type(control, t, float))
        end, _ = jax.lax.scan(halve, start, length=len(control) - 1)
        return end[0]

    return curve
