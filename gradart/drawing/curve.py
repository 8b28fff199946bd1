"""A curve as a mark: true curves in SVG and PDF, with as few pieces as its tolerance allows."""

from collections.abc import Callable
from typing import Any

from gradart.drawing.marks import Mark, beziers
from gradart.geometry.beziers import to_beziers


def curve(
    f: Callable[[Any], Any], a: float, b: float, *, tolerance: float | None = None, **style: Any
) -> Mark:
    """The plane curve f, a function of one number that returns (2,), from t = a to t = b.

    It is drawn as cubic Bezier pieces with the curve's exact tangents, within `tolerance` of it, in
    the artist's units (by default a 20,000th of its size): see `to_beziers`. It breaks where the
    curve jumps or is NaN. Style as in `beziers`. In a film's frame it must stand still, since a
    curve that moves has another number of pieces each time: draw `lines` through its points.

    >>> curve(heart(), 0, math.tau, fill="#c2410c")
    """
    return beziers(to_beziers(f, a, b, tolerance), **style)
