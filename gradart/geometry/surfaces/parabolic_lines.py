"""Parabolic lines of a surface: they part where it bends one way from where it is a saddle."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks import outside
from gradart.geometry.surfaces.bounded_lines import UNTURNED, bounded_lines
from gradart.geometry.surfaces.moving_points import surface_moves
from gradart.geometry.surfaces.shape_operator import shape_at
from gradart.geometry.surfaces.surfaces import Surface, digits, smooth


def parabolic_lines(surface: Surface) -> np.ndarray | jax.Array:
    """The lines of a surface on which its Gaussian curvature is 0, the longest first: (n, m, 3).

    To one side of them it bends one way, as an egg, to the other two ways, as a saddle; seen as a
    mirror, reflections are born and die there. Of a height field, a map (x, y) -> (x, y, height),
    they are where its Hessian's determinant is 0. Points are roots, right to rounding, by exact
    second derivatives. Rows are padded with NaN. Where a `surface` is flat in one direction all
    over, as a cylinder is, there are none.

    Differentiated, which lines there are stays, and their points move across them.

    >>> def ring(p):
    ...     return (ga.safe_norm(p[:2]) - 1) ** 2 + p[2] ** 2 - 0.2
    >>> body = ga.surface(ring, box=((-2,) * 3, (2,) * 3))
    >>> eye = ga.camera()
    >>> ga.lines(ga.opaque(body, eye)(ga.parabolic_lines(body)))
    """
    outside("parabolic_lines")
    smooth(surface, "parabolic_lines")
    size = jnp.asarray(surface.size)

    def curvature(place: jax.Array) -> jax.Array:
        (a, b), (_, d) = shape_at(surface, place)[0] * size
        return a * d - b * b

    def look(place: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        shape, back = shape_at(surface, place)
        bent = jnp.sum((shape * size) ** 2)
        value, rise = jax.jvp(curvature, (place,), (back[:, 0],))
        _, run = jax.jvp(curvature, (place,), (back[:, 1],))
        # What is flat in one direction all over has but noise for a curvature.
        noise = jnp.abs(value) + (jnp.abs(rise) + jnp.abs(run)) * size <= digits() * bent
        return jnp.where(noise, jnp.nan, value), -jnp.ones_like(value), jnp.asarray(UNTURNED)

    return bounded_lines(surface, look, moved=surface_moves(surface))
