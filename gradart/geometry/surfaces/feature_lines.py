"""Lines that the shape of a surface draws on it: parabolic lines, crests, suggestive contours."""

from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import outside
from gradart.calculus.programs.present_values import present
from gradart.calculus.vectors import divided, dot, safe_norm
from gradart.geometry.surfaces.bounded_lines import UNTURNED, Array, bounded_lines
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.shape_operator import shape_at, sharpest
from gradart.geometry.surfaces.surface_point_derivatives import surface_moves
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
        return jnp.where(noise, jnp.nan, rise), jnp.stack([most, other, bend]), ahead

    def bound(seen: Array, xp: ModuleType) -> Array:
        most, other, bend = (seen[..., k] for k in range(3))
        lowest = floor if xp is jnp else present(floor)
        found: Array = xp.maximum(xp.maximum(xp.abs(other), lowest) - most, bend)
        return found

    kept = "valleys" if valleys else "crests"
    return bounded_lines(surface, look, bound, moved=surface_moves(surface, least), kept=kept)


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
        return jnp.where(noise, jnp.nan, value), -jnp.ones(1), jnp.asarray(UNTURNED)

    return bounded_lines(surface, look, _first, moved=surface_moves(surface))


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
        seen = jnp.ravel(floor * size - rise * jnp.sign(facing))
        return bent, seen, jnp.asarray(UNTURNED)

    return bounded_lines(surface, look, _first, moved=surface_moves(surface, eye, least))


def _first(seen: Array, xp: ModuleType) -> Array:
    """The one number that a bound is."""
    found: Array = seen[..., 0]
    return found
