"""Suggestive contours: lines that would be silhouettes, were the eye a little elsewhere."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.arguments import as_number
from gradart.calculus.checks import outside
from gradart.calculus.vectors import dot, safe_norm
from gradart.geometry.surfaces.bounded_lines import UNTURNED, bounded_lines
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.moving_points import surface_moves
from gradart.geometry.surfaces.shape_operator import shape_at
from gradart.geometry.surfaces.surfaces import Surface, smooth
from gradart.types import Number


def suggestive_contours(
    surface: Surface, eye: Camera, *, least: Number = 0.0
) -> np.ndarray | jax.Array:
    """Lines that would be silhouettes, were the eye a little elsewhere, longest first: (n, m, 3).

    There the `surface` is not bent in the direction that leads to the `eye`, and begins to bulge
    towards it: so the product of its normal and the way to the eye, which is 0 on a silhouette, is
    a minimum along that direction. They go on where silhouettes end, and show folds that no
    silhouette shows. What lies behind something else is among them: `opaque` takes it away. Points
    are roots, right to rounding, by exact derivatives: of the second order the radial curvature,
    which is 0, and of the third its slope towards the eye, which is positive. Rows are padded with
    NaN.

    Faint ones, which come and go when the eye moves, are left out by a `least` slope, in one over
    the square of the surface's units. It is that by which the paper prunes, times the cube of the
    sine of the angle at which the surface is seen, so that what faces the eye goes too.

    D. DeCarlo, A. Finkelstein, S. Rusinkiewicz and A. Santella, "Suggestive contours for conveying
    shape", ACM Transactions on Graphics 22 (2003).

    Differentiated, which lines there are stays, and their points move across them.

    >>> eye = ga.camera()
    >>> hills = ga.surface(lambda q: jnp.append(q, ga.peaks()(q) / 3), box=((-3, -3), (3, 3)))
    >>> seen = ga.opaque(hills, eye)
    >>> ga.lines(seen(ga.silhouettes(hills, eye)), width=0.4)
    >>> ga.lines(seen(ga.suggestive_contours(hills, eye)), width=0.2)
    """
    outside("suggestive_contours", as_camera(eye))
    smooth(surface, "suggestive_contours")
    floor = jnp.asarray(as_number(least, "least", least=0))
    size = jnp.asarray(surface.size)

    def radial(place: jax.Array) -> tuple[jax.Array, jax.Array]:
        """How much the surface bends towards the eye, and the way there along it, (d,)."""
        shape, back = shape_at(surface, place)
        sight = eye.way(surface.point(place))
        basis = jax.vmap(lambda w: jax.jvp(surface.point, (place,), (w,))[1])(back.T)
        ahead = basis @ (sight / safe_norm(sight))
        return size * ahead @ shape @ ahead, back @ ahead

    def look(place: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        way = radial(place)[1]
        (bent, _), (rise, _) = jax.jvp(radial, (place,), (way,))
        facing = dot(surface.normal(place), eye.way(surface.point(place)))
        return bent, floor * size - rise * jnp.sign(facing), jnp.asarray(UNTURNED)

    return bounded_lines(surface, look, moved=surface_moves(surface, eye, least))
