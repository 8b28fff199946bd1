"""Points turned, scaled, moved, sheared and reflected, and copies of them around and along.

A row of points (..., m, 2) is one path, and a number may be given for each: angles (n,) turn n
paths (n, m, 2) each by its own, and one path (m, 2) to n copies of it. All can be traced.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_count, as_floats, as_points
from gradart.calculus.programs.padded_lengths import at_padded_lengths
from gradart.errors import ArtError
from gradart.types import Number, Numbers, Points

_ORIGIN = (0.0, 0.0)


def rotate(points: Numbers, degrees: Numbers, about: Numbers = _ORIGIN) -> Points:
    """Points turned counterclockwise by an angle in degrees: (..., m, 2).

    Of `points` (..., m, 2) each row is one path. `degrees` and the point `about` are one for all,
    or one for each path, (...) and (..., 2), broadcast as NumPy does it: one path and n angles give
    n paths. Points (n, 2) that turn each by an angle of its own are `points[:, None]`.

    >>> square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    >>> ga.lines(ga.rotate(square, range(0, 90, 10)), closed=True)
    """
    cos, sin = _turn(degrees)
    return _applied(as_plane(points), (cos, -sin, sin, cos), about)


def scale(
    points: Numbers, x: Numbers, y: Numbers | None = None, about: Numbers = _ORIGIN
) -> Points:
    """Points stretched away from a point by a factor: (..., m, 2).

    By `x` in both directions, or across by `x` and upward by `y`. These and the point `about` are
    one for all `points` (..., m, 2), or one for each path, as in `rotate`.

    >>> ring = ga.point(ga.circle(), jnp.linspace(0, 6.2832, 100))
    >>> ga.lines(ga.scale(ring, jnp.linspace(0.2, 1, 9), 0.7))
    """
    across = as_floats(x, "x")
    upward = across if y is None else as_floats(y, "y")
    return _applied(as_plane(points), (across, 0, 0, upward), about)


def translate(points: Numbers, by: Numbers) -> Points:
    """Points moved by a vector: (..., m, 2).

    `by` (2,) is one for all `points` (..., m, 2), or one for each path, (..., 2), as in `rotate`:
    one path moved by the points of a grid is a copy at each of them.

    >>> star = 0.04 * ga.point(ga.superformula(5), jnp.linspace(0, 6.2832, 80))
    >>> ga.polygons(ga.translate(star, ga.grid(5, 8, box=((0, 0), (1, 0.6)))))
    """
    vector = as_floats(by, "by")
    if vector.shape[-1:] != (2,):
        raise ArtError(f"points are translated by (x, y), shape (..., 2), not {vector.shape}")
    p = as_plane(points)
    if p.ndim == 1 or vector.ndim == 1:
        return at_padded_lengths(lambda rows: _shifted(rows, vector), [p], p.ndim - 1)
    return _of_as_many(p, vector[..., 0]) + vector[..., None, :]


def shear(points: Numbers, x: Numbers = 0.0, y: Numbers = 0.0, about: Numbers = _ORIGIN) -> Points:
    """Points slanted by an angle in degrees, as upright type becomes italic: (..., m, 2).

    What stands upright leans by `x` degrees to the right, and what lies flat rises by `y`, both
    above -90 and below 90; what is level with the point `about`, or right above it, stays. They are
    one for all `points` (..., m, 2), or one for each path, as in `rotate`.

    >>> square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    >>> ga.lines(ga.shear(square, x=[0, 15, 30, 45]), closed=True)
    """
    across = jnp.tan(jnp.radians(as_floats(x, "x")))
    upward = jnp.tan(jnp.radians(as_floats(y, "y")))
    return _applied(as_plane(points), (1, across, upward, 1), about)


def reflect(points: Numbers, degrees: Numbers = 90.0, about: Numbers = _ORIGIN) -> Points:
    """Points on the other side of a straight mirror: (..., m, 2).

    The mirror runs through the point `about` at `degrees` counterclockwise from the x axis; upright
    as it is by default, it exchanges left and right. Both are one for all `points` (..., m, 2), or
    one for each path, as in `rotate`.

    >>> half = jnp.array([(0, -1), (0.7, -0.2), (0.3, 0.1), (0.5, 0.8), (0, 1)])
    >>> ga.polygons([half, ga.reflect(half)], fill=["teal", "orange"])
    """
    cos, sin = _turn(2 * as_floats(degrees, "degrees"))
    return _applied(as_plane(points), (cos, sin, sin, -cos), about)


def repeat(
    points: Numbers,
    n: int,
    *,
    by: Numbers | None = None,
    degrees: Number | None = None,
    about: Numbers = _ORIGIN,
) -> Points:
    """Copies of points, around a point or along a line: (n, ..., m, 2).

    `n` of them, `points` (..., m, 2) themselves first. Around the point `about` they are spread
    over a full turn, or follow each other by `degrees`; with `by` each lies that vector farther
    than the one before, not turned unless there are `degrees` too.

    >>> petal = ga.point(ga.circle(0.4), jnp.linspace(0, 6.2832, 90)) + jnp.array([0.7, 0])
    >>> ga.lines(ga.repeat(petal, 24))
    >>> ga.lines(ga.repeat([(0, 0), (1, 1), (2, 0)], 9, by=(0, 0.2)))
    """
    p, count = as_plane(points), as_count(n, least=0)
    if p.ndim == 1:
        return repeat(p[None], count, by=by, degrees=degrees, about=about)[:, 0]
    step = as_number(degrees, "degrees", "angle") if degrees is not None else None
    if step is None:
        step = 360 / max(1, count) if by is None else 0.0
    each = jnp.arange(count).reshape(count, *(1,) * (p.ndim - 2))
    turned = rotate(p, each * step, about)
    if by is None:
        return turned
    vector = as_floats(by, "by")
    if vector.shape[-1:] != (2,) or not vector.size:
        raise ArtError(f"by is {short(by)}: give the vector (x, y) from one copy to the next")
    return translate(turned, each[..., None] * vector)


def as_plane(points: Numbers) -> jax.Array:
    """Points of the plane as floats, (..., 2); ArtError for any others."""
    p = as_points(points, "points")
    if p.shape == (0,):  # a list of nothing
        p = p.reshape(0, 2)
    if p.shape[-1] != 2:
        raise ArtError(f"points must have shape (..., 2), not {p.shape}")
    return p


def _turn(degrees: Numbers) -> tuple[jax.Array, jax.Array]:
    """The cosine and the sine of an angle in degrees, exact for quarter turns."""
    return _circle(as_floats(degrees, "degrees"))


@jax.jit
def _circle(angle: jax.Array) -> tuple[jax.Array, jax.Array]:
    quarters = angle / 90
    whole = quarters == jnp.round(quarters)

    def exact(x: jax.Array) -> jax.Array:  # with the derivative of x
        return x + jax.lax.stop_gradient(jnp.where(whole, jnp.round(x) - x, 0))

    return exact(jnp.cos(jnp.radians(angle))), exact(jnp.sin(jnp.radians(angle)))


def _applied(p: jax.Array, matrix: tuple[ArrayLike, ...], about: Numbers) -> jax.Array:
    """A matrix, row by row, applied to paths about a point; each may be one for each path."""
    if p.ndim == 1:
        return _applied(p[None], matrix, about)[..., 0, :]
    center = as_floats(about, "about")
    if center.shape[-1:] != (2,):
        raise ArtError(f"about is a point (x, y), or one for each path, not {short(about)}")
    if center.ndim == 1 and not any(map(jnp.ndim, matrix)):
        entries = [jnp.asarray(entry, p.dtype) for entry in matrix]
        run = functools.partial(_moved, matrix=entries, center=center)
        return at_padded_lengths(run, [p], p.ndim - 1)
    p = _of_as_many(p, *matrix, center[..., 0])
    return _moved(p, [jnp.asarray(entry, p.dtype) for entry in matrix], center)


@jax.jit
def _shifted(p: jax.Array, vector: jax.Array) -> jax.Array:
    return p + vector


@jax.jit
def _moved(p: jax.Array, matrix: list[jax.Array], center: jax.Array) -> jax.Array:
    a, b, c, d = (entry[..., None] for entry in matrix)
    around = center[..., None, :]
    x, y = jnp.moveaxis(p - around, -1, 0)
    return around + jnp.stack([a * x + b * y, c * x + d * y], -1)


def _of_as_many(p: jax.Array, *numbers: ArrayLike) -> jax.Array:
    """Paths (..., m, 2), repeated for numbers of which there is one for each path."""
    lead, shapes = p.shape[:-2], [jnp.shape(x) for x in numbers]
    try:
        shape = np.broadcast_shapes(lead, *shapes)
    except ValueError:
        given = " and ".join(dict.fromkeys(str(shape) for shape in shapes if shape))
        raise ArtError(
            f"numbers of shape {given} do not fit paths of shape {p.shape}: give one for all, or"
            f" one for each path, of shape {lead}; points[..., None, :] makes paths of points"
        ) from None
    return jnp.broadcast_to(p, (*shape, *p.shape[-2:]))
