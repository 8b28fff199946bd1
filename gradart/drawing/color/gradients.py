"""Gradients: colors that change over the drawing, along a line or outward from a point."""

from typing import cast

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.drawing.color.ramps import Ramp, ramp
from gradart.drawing.style import ColorLike, Gradient, numbers
from gradart.errors import ArtError
from gradart.types import Array, Number, Numbers

_STOPS = 33  # between which painters mix in sRGB, as even to the eye as makes no difference


def linear_gradient(start: Numbers, end: Numbers, *colors: ColorLike | Ramp) -> Gradient:
    """A fill whose color changes along a line, as `fill=` of a mark takes it.

    From the point `start` to the point `end` of the drawing, evenly to the eye through two `colors`
    or more, or those of a `ramp`; beyond them, and across, the color stays. All that it fills
    shares it: each shape shows its part of the drawing. For lines, polygons, curves, circles and
    dots that lie over what is below, alike in PNG, SVG and PDF; ArtError with ink or light.

    >>> sky = ga.linear_gradient((0, 0), (0, 3), *ga.palette("dusk"))
    >>> ga.polygons([(0, 0), (5, 0), (5, 3), (0, 3)], fill=sky)
    """
    a, b = _point(start, "start"), _point(end, "end")
    if not _traced(a, b) and np.array_equal(a, b):
        raise ArtError("a gradient runs from one point to another: start and end are the same")
    return Gradient(_ends(a, b), _stops(colors))


def radial_gradient(center: Numbers, radius: Number, *colors: ColorLike | Ramp) -> Gradient:
    """A fill whose color changes from a point outward, as `fill=` of a mark takes it.

    From `center` to a circle of `radius` around it, in the units of the drawing, evenly to the eye
    through two `colors` or more, or a `ramp`; beyond the circle the last color stays. All else is
    as for `linear_gradient`.

    >>> glow = ga.radial_gradient((0, 0), 2, "#f8d376", "#c94c2d", "#1c100e")
    >>> ga.circles((0, 0), 2, fill=glow, stroke=None)
    """
    middle, size = _point(center, "center"), as_number(radius, "radius", above=0)
    return Gradient(
        _ends(middle, middle + jnp.asarray(size) * np.array([1.0, 0.0])), _stops(colors), "radial"
    )


def _point(value: Numbers, name: str) -> Array:
    point = numbers(value, name)
    if point.shape != (2,):
        raise ArtError(f"{name} is {short(value)}: give one point (x, y)")
    if not _traced(point) and not np.isfinite(point).all():
        raise ArtError(f"{name} of a gradient must be finite, not {np.asarray(point).tolist()}")
    return point


def _traced(*points: Array) -> bool:
    return any(isinstance(point, jax.core.Tracer) for point in points)


def _ends(a: Array, b: Array) -> Array:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.stack([a, b])
    return jnp.stack([jnp.asarray(a), jnp.asarray(b)])


def _stops(colors: tuple[ColorLike | Ramp, ...]) -> Array:
    if len(colors) == 1 and isinstance(colors[0], Ramp):
        return colors[0](np.linspace(0, 1, _STOPS))
    if len(colors) < 2:
        raise ArtError(
            "a gradient needs two colors or more, like '#1b1b1e', '#c2410c' or *ga.palette('dusk')"
        )
    plain = cast("tuple[ColorLike, ...]", colors)  # a ramp among them is refused as no color
    return ramp(*plain)(np.linspace(0, 1, _STOPS))
