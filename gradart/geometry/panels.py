"""A panel: a part of the sheet with a scale of its own, for graphs."""

import jax
import jax.numpy as jnp

from gradart.calculus.checks import as_floats, as_points
from gradart.calculus.field_recorder import notice_view
from gradart.errors import ArtError
from gradart.types import Corners, Numbers, Points, View


def panel(box: Corners, onto: Corners) -> View:
    """A view that stretches one box onto another, x and y each by its own factor: (..., 2).

    A sheet has one scale, a graph wants one for each axis, and several graphs have a place each.

    >>> left = panel(box=((-3, -1), (3, 1)), onto=((0, 0), (80, 50)))
    >>> lines(left(jnp.stack([t, jnp.tanh(t)], -1)))
    """
    notice_view()
    source, target = as_floats(box, "box"), as_floats(onto, "onto")
    if source.shape != (2, 2) or target.shape != (2, 2):
        raise ArtError(
            f"a panel takes two boxes ((x0, y0), (x1, y1)), not {source.shape} and {target.shape}"
        )

    def page(points: Numbers) -> Points:
        p = as_points(points, "points")
        if p.shape[-1] != 2:
            raise ArtError(f"a panel takes points of shape (..., 2), not {p.shape}")
        return _moved(p, source, target)

    # Any corner will do to find a side of no length, which would divide by zero at every point.
    if not isinstance(source, jax.core.Tracer) and bool(jnp.any(source[0] == source[1])):
        raise ArtError("the box of a panel has a side of no length; give x0 < x1 and y0 < y1")
    return page


@jax.jit
def _moved(p: jax.Array, source: jax.Array, target: jax.Array) -> jax.Array:
    return target[0] + (p - source[0]) / (source[1] - source[0]) * (target[1] - target[0])
