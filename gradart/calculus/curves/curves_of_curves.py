"""Curves made of curves: evolute, involute, offset, pedal, envelope, caustic.

Each takes plane curves and returns one, a function of one number, so that the evolute of an
evolute works, and `jet` of any of them. Where a construction goes to infinity or has no direction
the result is NaN, which lifts the pen. Formulas: J. D. Lawrence, A Catalog of Special Plane Curves
(Dover, 1972); J. W. Bruce and P. J. Giblin, Curves and Singularities (Cambridge, 1992).
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import PLANE, as_floats, checked, one_number
from gradart.calculus.checks.misuse import taking
from gradart.calculus.curves.arc_length import length_from
from gradart.calculus.derivatives import jet
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.compiled_once import traced
from gradart.calculus.vectors import cross, divided, left, normalized
from gradart.errors import ArtError
from gradart.types import Curve

Family = Callable[[ArrayLike], Curve]
Place = Sequence[float] | jax.Array

NEWTON = 12  # steps; each doubles the digits, and the orders of derivative that are right


def evolute(curve: Curve) -> Curve:
    """The centers of a curve's osculating circles, which is the envelope of its normals.

    It has a cusp at each vertex of `curve`, and is NaN where the curvature is 0. Near there it runs
    as far as you like: give the scene a `box`, to which the page is fitted instead.

    The center is c + n / k, with the unit normal n and the curvature k.

    >>> egg = ga.ellipse(2.0, 1.2)
    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.lines(jnp.stack([ga.point(egg, t), ga.point(ga.evolute(egg), t)]))
    """
    checked(curve, PLANE)

    def evolved(t: ArrayLike) -> jax.Array:
        position, velocity, acceleration = jet(checked(curve, PLANE), one_number(t), 2)
        turn = cross(velocity, acceleration)
        reach = divided(jnp.sum(velocity**2, -1), turn)
        return position + left(velocity) * reach

    return evolved


def involute(curve: Curve, start: float = 0.0, free: float = 0.0) -> Curve:
    """The end of a taut string that is unwound from a curve.

    The string leaves `curve` at t = `start`. `free` is the length that is already off the curve
    there, in its units; with the radius of curvature at the start, the involute of an evolute is
    the curve again (up to the evolute's next cusp, where a string turns back).

    >>> t = jnp.linspace(0, 12, 200)
    >>> ga.lines(ga.point(ga.involute(ga.circle()), t))  # the flank of a gear's tooth
    """
    checked(curve, PLANE)
    as_number(start, "start")
    as_number(free, "free", "length")
    length = length_from(curve, start)

    def unwound(t: ArrayLike) -> jax.Array:
        position, velocity = jet(checked(curve, PLANE), one_number(t), 1)
        return position - normalized(velocity) * (length(t) + free)

    return unwound


def offset(curve: Curve, distance: float) -> Curve:
    """The parallel curve at a distance to the right, so outside a counterclockwise curve.

    A negative `distance` from `curve` is to the left. Its velocity is 1 + distance * curvature
    times the curve's, so it has cusps where that is 0 (`offset_cusps` finds them), and swallowtails
    between them (`trimmed_offset` cuts them off).

    >>> egg = ga.ellipse(2.0, 1.0)
    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.lines([ga.point(ga.offset(egg, d), t) for d in (-0.8, -0.4, 0.0, 0.4)])
    """
    checked(curve, PLANE)
    as_number(distance, "distance")

    def parallel(t: ArrayLike) -> jax.Array:
        position, velocity = jet(checked(curve, PLANE), one_number(t), 1)
        return position - distance * left(normalized(velocity))

    return parallel


def _checked_point(place: Place | None, name: str) -> None:
    """Refuse what is no point of the plane: one number would be taken for both coordinates."""
    if (shape := as_floats(place, name).shape) != (2,):
        given = short(place) if not shape else f"of shape {shape}"
        raise ArtError(f"{name} is {given}: give a point (x, y)")


def pedal(curve: Curve, about: Place = (0.0, 0.0)) -> Curve:
    """The feet of the perpendiculars from a point to the tangents of a curve.

    The point is `about`, (2,), and the feet are a curve of the parameter of `curve`.

    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.lines(ga.point(ga.pedal(ga.circle(), about=(1.0, 0.0)), t))  # a cardioid
    """
    checked(curve, PLANE)
    _checked_point(about, "about")

    def feet(t: ArrayLike) -> jax.Array:
        position, velocity = jet(checked(curve, PLANE), one_number(t), 1)
        across = left(normalized(velocity))
        pole = as_floats(about, "about").astype(position.dtype)
        return pole + jnp.sum((position - pole) * across, -1, keepdims=True) * across

    return feet


def envelope(family: Family, start: float = 0.0) -> Curve:
    """The curve that every member of a family of curves touches.

    `family` is a function of a number to a curve, and the envelope is a curve of this same number.
    At the touching point, moving along the member and moving on to the next one are parallel;
    Newton's method finds it from the member's parameter t = `start`. Straight lines touch once,
    from any start; of several points, `start` picks the nearest. NaN where a member does not touch.

    >>> def ladder(u):
    ...     return ga.curves.line((jnp.cos(u), 0.0), (0.0, jnp.sin(u)))
    >>> ga.lines(ga.point(ga.envelope(ladder), jnp.linspace(0, 6.2832, 200)))  # an astroid
    """

    taking(family, "family", "of a number to a curve", 1)

    def touching(u: ArrayLike) -> jax.Array:
        u = as_floats(one_number(u, "u"), "u")
        one = jnp.ones_like(u)

        def parallel(t: jax.Array) -> jax.Array:
            member = traced(checked(family(u), PLANE), t)
            members = traced(lambda w: checked(family(w), PLANE)(t), u)
            _, forward = explained(jax.jvp)(member, (t,), (one,))
            _, onward = explained(jax.jvp)(members, (u,), (one,))
            return cross(forward, onward)

        def newton(t: jax.Array, _: None) -> tuple[jax.Array, jax.Array]:
            miss, slope = jax.jvp(parallel, (t,), (one,))
            step = divided(miss, slope)
            return t - step, step

        begin = jnp.full_like(u, start)
        t, steps = jax.lax.scan(newton, begin, length=NEWTON)
        found = jnp.abs(steps[-1]) <= jnp.sqrt(jnp.finfo(t.dtype).eps) * (1 + jnp.abs(t))
        touched = checked(family(u), PLANE)(jnp.where(found, t, begin))
        return jnp.where(found, touched, jnp.nan)

    return touching


def rays(
    curve: Curve,
    *,
    source: Place | None = None,
    direction: Place | None = None,
    index: float | None = None,
) -> Family:
    """Light after it has met a curve: `rays(...)(u)` is the ray from the curve's point at u.

    A ray is a curve of unit speed, with t = 0 where it leaves `curve`. The light comes from a
    point, `source`, or in parallel from a `direction`. It is reflected, or with an `index`
    refracted by Snell's law: the index of refraction beyond the curve over the one before it, 1.33
    from air into water. NaN where light is totally reflected.

    ArtError unless there is one of `source` and `direction`.

    >>> ray = ga.rays(ga.circle(), direction=(1.0, 0.0))
    >>> ends = jnp.array([0.0, 1.5])
    >>> u = jnp.linspace(-1.5, 1.5, 40)
    >>> ga.lines(jax.vmap(lambda u: ga.point(ray(u), ends))(u))
    """
    checked(curve, PLANE)
    if (source is None) == (direction is None):
        raise ArtError("light comes from a source=(x, y) or in a direction=(x, y): give one")
    _checked_point(*((source, "source") if source is not None else (direction, "direction")))
    if index is not None:
        as_number(index, "index", "ratio", above=0)

    def family(u: ArrayLike) -> Curve:
        position, velocity = jet(checked(curve, PLANE), u, 1)
        if source is None:
            incoming = as_floats(direction, "direction").astype(position.dtype)
        else:
            incoming = position - as_floats(source, "source").astype(position.dtype)
        incoming, normal = normalized(incoming), left(normalized(velocity))
        cosine = jnp.sum(incoming * normal)
        if index is None:
            outgoing = incoming - 2 * cosine * normal
        else:
            beyond = 1 - (1 - cosine**2) / index**2
            through = jnp.sqrt(jnp.where(beyond > 0, beyond, jnp.nan))
            outgoing = incoming / index + (jnp.sign(cosine) * through - cosine / index) * normal

        def ray(t: ArrayLike) -> jax.Array:
            return position + t * outgoing

        return ray

    return family


def caustic(
    curve: Curve,
    *,
    source: Place | None = None,
    direction: Place | None = None,
    index: float | None = None,
) -> Curve:
    """The curve on which light gathers: the envelope of `rays`, with the same arguments.

    The light falls on `curve` from a point, `source`, or in parallel from a `direction`; it is
    reflected, or with an `index` of refraction refracted. Inside a cup, with parallel light, it is
    a nephroid. Where the rays spread out, it is the curve that they seem to come from, behind the
    mirror.

    ArtError unless there is one of `source` and `direction`.

    >>> cup = ga.circle()
    >>> bright = ga.caustic(cup, direction=(1.0, 0.0))
    >>> t = jnp.linspace(0, 6.2832, 200)
    >>> ga.lines(jnp.stack([ga.point(cup, t), ga.point(bright, t)]))
    """
    return envelope(rays(curve, source=source, direction=direction, index=index))
