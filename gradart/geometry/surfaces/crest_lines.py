"""Crest lines of a surface: where it is bent most, along the direction in which it bends most."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.arguments import as_number
from gradart.calculus.checks import outside
from gradart.calculus.vectors import divided
from gradart.geometry.surfaces.bounded_lines import bounded_lines
from gradart.geometry.surfaces.moving_points import surface_moves
from gradart.geometry.surfaces.shape_operator import sharpest
from gradart.geometry.surfaces.surfaces import Surface, digits, smooth
from gradart.types import Number


def crest_lines(
    surface: Surface, *, valleys: bool = False, least: Number = 0.0
) -> np.ndarray | jax.Array:
    """The crests of a surface, or its valleys, a row for each, the longest first: (n, m, 3).

    On a crest the greatest principal curvature of `surface` is a maximum along its own direction,
    as on the back of a fold, and bends more than the surface does the other way; with `valleys`,
    the same of the surface seen from its other side. A solid's crests bulge, and those of a height
    field, a map (x, y) -> (x, y, height), are seen from above. Each ends where one of these
    conditions does, where the curvature is below the `least`, in one over the surface's units, or,
    to a cell of the mesh, in an umbilic. Rows are padded with NaN.

    That the maximum is one is told by exact derivatives, of the third order that its slope is 0,
    and of the fourth that it falls to both sides; so the surface has to have these. A table of
    samples has them if its field is made with `degree=5`; else its lines are in pieces. Points are
    right to rounding. What is finer than the surface's `resolution` is missed.

    Y. Ohtake, A. Belyaev and H.-P. Seidel, "Ridge-valley lines on meshes via implicit surface
    fitting", ACM Transactions on Graphics 23 (2004).

    Differentiated, which lines there are stays, and their points move across them.

    >>> hills = ga.surface(lambda q: jnp.append(q, ga.peaks()(q) / 3), box=((-3, -3), (3, 3)))
    >>> eye = ga.camera()
    >>> ga.lines(ga.opaque(hills, eye)(ga.crest_lines(hills)))
    """
    outside("crest_lines")
    smooth(surface, "crest_lines")
    floor = jnp.asarray(as_number(least, "least", least=0))
    side, size = jnp.asarray(-1.0 if valleys else 1.0), jnp.asarray(surface.size)

    def slope(place: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        most, other, _, rise = sharpest(surface, place, side)
        return rise, most, other

    def look(place: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        way = sharpest(surface, place, side)[2]
        (rise, most, other), (bend, *_) = jax.jvp(slope, (place,), (way,))
        _, ahead = jax.jvp(surface.point, (place,), (way,))
        # What bends alike all along its way, as a torus does, has but noise for a slope.
        rise, bend = divided(rise * size, most), bend * size**2
        noise = jnp.abs(rise * most) + jnp.abs(bend) <= digits() * jnp.abs(most)
        bound = jnp.maximum(jnp.maximum(jnp.abs(other), floor) - most, bend)
        return jnp.where(noise, jnp.nan, rise), bound, ahead

    return bounded_lines(surface, look, moved=surface_moves(surface, least))
