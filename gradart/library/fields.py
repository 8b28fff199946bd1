"""Fields an artist reaches for: factories that return a plain function of one point.

A field takes a point (2,) and returns a height, `(2,) -> ()`; its attribute `box` is the part of
the plane where it is worth looking at. Each is smooth, with all its derivatives everywhere, unless
its docstring says where it is not.
"""

import itertools
import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number, factory, plain, short
from gradart.calculus.checks.artist_functions import as_floats
from gradart.calculus.programs.present_values import known, present
from gradart.calculus.vectors import safe_norm, safe_sqrt
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT, Box, BoxedField, boxed, listed, planar
from gradart.types import Field, Map, Number, Numbers

Point = Sequence[float]


# Hills and hollows.


@plain
def bump(height: float = 1.0, width: float = 0.4, center: Point = (0.0, 0.0)) -> BoxedField:
    """A Gaussian hill: height exp(-r^2 / (2 width^2)), r the distance from the center.

    `height` is that of its top, at `center` (2,); a hollow if it is negative. `width` is the
    standard deviation: at twice that distance a seventh of the height is left.

    >>> ga.lines(ga.contours(ga.bump(), 12))
    """

    as_number(width, "width", "length", above=0)

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        dx, dy = p[0] - center[0], p[1] - center[1]
        return height * jnp.exp(-(dx * dx + dy * dy) / (2 * width * width))

    return field


def saddle() -> BoxedField:
    """The saddle x^2 - y^2: level at (0, 0), up along x, down along y.

    >>> ga.lines(ga.contours(ga.saddle(), 16))
    """

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return p[0] ** 2 - p[1] ** 2

    return field


def monkey_saddle() -> BoxedField:
    """The field x^3 - 3 x y^2: a saddle for two legs and a tail.

    Its Hessian at (0, 0) is 0.

    >>> ga.lines(ga.contours(ga.monkey_saddle(), 24))
    """

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return p[0] ** 3 - 3 * p[0] * p[1] ** 2

    return field


@plain
def ripple(wavelength: float = 0.5, reach: float = 0.8) -> BoxedField:
    """Rings on water: cos(tau r / wavelength) exp(-r^2 / (2 reach^2)).

    The rings are a `wavelength` apart, and fade within `reach` of the center (0, 0). r is sqrt(x^2
    + y^2 + s^2) - s with s an eighth of the wavelength: the distance from 0 with its point rounded
    off, so that the field is smooth there too.

    >>> ga.lines(ga.contours(ga.ripple(), 8))
    """
    as_number(wavelength, "wavelength", "length", above=0)
    as_number(reach, "reach", "length", above=0)
    s = wavelength / 8

    @planar(((-2.0, -2.0), (2.0, 2.0)))
    def field(p: jax.Array) -> jax.Array:
        square = p[0] ** 2 + p[1] ** 2
        r = jnp.sqrt(square + s * s) - s
        return jnp.cos(math.tau * r / wavelength) * jnp.exp(-square / (2 * reach * reach))

    return field


def peaks() -> BoxedField:
    """The three hills and three hollows of MATLAB's `peaks`, on [-3, 3]^2.

    Its heights go from -6.55 to 8.11.

    >>> ga.lines(ga.contours(ga.peaks(), 20))
    """

    @planar(((-3.0, -3.0), (3.0, 3.0)))
    def field(p: jax.Array) -> jax.Array:
        x, y = p[0], p[1]
        return (
            3 * (1 - x) ** 2 * jnp.exp(-(x**2) - (y + 1) ** 2)
            - 10 * (x / 5 - x**3 - y**5) * jnp.exp(-(x**2) - y**2)
            - jnp.exp(-((x + 1) ** 2) - y**2) / 3
        )

    return field


# Shapes, as the signed distance from their outline: negative inside, slope 1.


@plain
def disk(radius: float = 0.6, center: Point = (0.0, 0.0)) -> BoxedField:
    """The signed distance from a circle: negative inside, 0 on it, positive outside.

    The circle has `radius` and `center` (2,); there, where the field has a tip, its slope is 0.

    >>> ga.lines(ga.contours(ga.fields.disk(), 10))
    """

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return safe_norm(p - jnp.array([center[0], center[1]])) - radius

    return field


@plain
def rectangle(width: float = 1.2, height: float = 0.8, center: Point = (0.0, 0.0)) -> BoxedField:
    """The signed distance from a rectangle: negative inside, 0 on it, positive outside.

    The rectangle is `width` by `height` around its `center` (2,). The slope jumps on the ridges
    inside. As by I. Quilez, "2D distance functions".

    >>> ga.lines(ga.contours(ga.fields.rectangle(), 10))
    """

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        beyond = jnp.abs(p - jnp.array([center[0], center[1]])) - jnp.array([width, height]) / 2
        inside = beyond.max()
        return jnp.where(inside > 0, safe_norm(jnp.maximum(beyond, 0)), inside)

    return field


def polygon(points: Numbers) -> BoxedField:
    """The signed distance from a closed polygon: negative inside, 0 on it, positive outside.

    Its corners are `points` (n, 2), in either sense; or (..., m, 2) of several, each with its holes
    parted by NaN, as those of `outlines`: inside is what an odd number of outlines surrounds. The
    slope jumps on the ridges inside, as far from one side as from another, and is taken as 0 on the
    outline itself. As by I. Quilez, "2D distance functions". ArtError for fewer than three corners.

    >>> ga.lines(ga.contours(ga.fields.polygon([(-0.6, -0.5), (0.6, -0.5), (0, 0.7)]), 10))
    """
    start, end = _sides(points)
    # x and y apart, which XLA computes four times as fast as pairs.
    (x, y), top, (width, rise) = start.T, end[:, 1], (end - start).T
    square = width**2 + rise**2

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        right, up = p[0] - x, p[1] - y
        share = jnp.clip((right * width + up * rise) / square, 0, 1)
        distance = safe_sqrt(((right - share * width) ** 2 + (up - share * rise) ** 2).min())
        # A ray to the right crosses the outline an odd number of times from inside.
        spans = (y <= p[1]) != (top <= p[1])
        crosses = spans & ((width * up > rise * right) == (rise > 0))
        return jnp.where(crosses.sum() % 2 == 1, -distance, distance)

    return field


def _sides(points: Numbers) -> tuple[jax.Array, jax.Array]:
    """Where the sides of closed outlines begin and end, (n, 2) each."""
    corners = as_floats(points, "points")
    if corners.ndim < 2 or corners.shape[-1] != 2 or corners.shape[-2] < 3:
        raise ArtError(f"polygon takes points of shape (3 or more, 2), not {corners.shape}")
    if corners.ndim == 2 and not (known(corners) and np.isnan(present(corners)).any()):
        return corners, jnp.roll(corners, -1, axis=0)
    parted = jnp.pad(
        corners, [*[(0, 0)] * (corners.ndim - 2), (0, 1), (0, 0)], constant_values=jnp.nan
    )
    flat = parted.reshape(-1, 2)
    lifted = np.flatnonzero(np.isnan(np.asarray(present(flat))).any(-1))
    runs = [flat[a + 1 : b] for a, b in itertools.pairwise([-1, *lifted]) if b - a > 3]
    if not runs:
        raise ArtError("polygon takes outlines of three corners or more; there is none")
    return jnp.concatenate(runs), jnp.concatenate([jnp.roll(run, -1, axis=0) for run in runs])


# Fields out of fields.


def add(*fields: Field) -> BoxedField:
    """The sum of fields, within the box of the first.

    Each of `fields` is a function of one point, (2,) -> ().

    >>> ga.lines(ga.contours(ga.fields.add(ga.saddle(), ga.bump()), 12))
    """

    @boxed(_first(fields))
    def field(p: jax.Array) -> jax.Array:
        return jnp.stack([f(p) for f in fields]).sum()

    return field


@plain
def scale(field: Field, factor: float) -> BoxedField:
    """A field times a number, within its box.

    `field` is a function of one point, (2,) -> (), and each of its values is multiplied by
    `factor`.

    >>> deeper = ga.fields.scale(ga.peaks(), -2.0)
    >>> float(deeper((0.0, 0.0)) / ga.peaks()((0.0, 0.0)))
    -2.0
    """
    return boxed(_box(field))(lambda p: factor * field(p))


@plain
def blend(*fields: Field, soft: float = 0.1) -> BoxedField:
    """The smooth minimum of fields: their shapes flow together like drops.

    -soft log(sum(exp(-f / soft))) of `fields`, within the box of the first. It is below the true
    minimum by at most soft log(number of fields): `soft`, in units of the fields, is how far they
    feel each other.

    >>> left, right = ga.fields.disk(0.4, (-0.4, 0)), ga.fields.disk(0.4, (0.4, 0))
    >>> ga.lines(ga.contours(ga.fields.blend(left, right, soft=0.2), [0, 0.1, 0.2]))
    """

    as_number(soft, "soft", "height", above=0)

    @boxed(_first(fields))
    def field(p: jax.Array) -> jax.Array:
        return -soft * jax.nn.logsumexp(jnp.stack([f(p) for f in fields]) / -soft)

    return field


def warp(
    field: Field,
    map: Map | None = None,
    *,
    by: Map | Sequence[Field] | None = None,
    amount: Number = 1.0,
) -> BoxedField:
    """A field seen through a map, or displaced by one: a value is looked up at another place.

    `field` is a function of one point, (2,) -> (), `map` one of a point to a point, (2,) -> (2,):
    the value at p is field(map(p)). With `by`, a map too, or a field for each coordinate, it is
    field(p + amount by(p)): the domain warp of noise (I. Quilez, 2002), `amount` in the artist's
    units. Points of other than two coordinates are taken if the field and the map do. The box stays
    that of the field. ArtError where both `map` and `by` are given, or neither.

    >>> one, two, three = jax.random.split(jax.random.key(2), 3)
    >>> land = ga.warp(ga.noise(one), by=(ga.noise(two), ga.noise(three)), amount=0.4)
    >>> ga.raster(0.5 + ga.value(land, ga.grid(80, 80, land.box)) / 2, land.box)
    """
    if by is None:
        if not callable(map):
            raise ArtError(f"map is {short(map)}: give a function of a point to a point")
        to = map
        return boxed(_box(field))(lambda p: field(to(p)))
    if map is not None:
        raise ArtError(
            "warp is given map and by: give map=f for field(f(p)), by=f for field(p + f(p))"
        )
    as_number(amount, "amount", "length")
    parts = [by] if callable(by) else list(by) if isinstance(by, tuple | list) else []
    if not parts or not all(callable(part) for part in parts):
        raise ArtError(f"by is {short(by)}: give a function of a point to a point, or two fields")

    @boxed(_box(field))
    def warped(p: jax.Array) -> jax.Array:
        p = jnp.asarray(listed(p), dtype=float)
        away = parts[0](p) if callable(by) else jnp.stack([part(p) for part in parts])
        if jnp.shape(away) != p.shape:
            raise ArtError(
                f"by returns shape {jnp.shape(away)} at a point {p.shape}: give a map, like"
                " ga.curl(field), or a field for each coordinate"
            )
        return field(p + amount * away)

    return warped


@plain
def place(
    field: Field, at: Point = (0.0, 0.0), angle: float = 0.0, size: float = 1.0
) -> BoxedField:
    """A field enlarged, turned and moved.

    `field` is enlarged by `size`, turned by `angle` (radians, counterclockwise) about (0, 0), and
    moved by `at` (2,). Its box is enlarged and moved, and stays upright.

    >>> box = ga.fields.rectangle(1.2, 0.4)
    >>> ga.lines(ga.contours(ga.fields.place(box, at=(0.2, 0), angle=0.5), [0, 0.1, 0.2]))
    """
    as_number(size, "size", "factor", above=0)
    (x0, y0), (x1, y1) = _box(field)
    low = (at[0] + size * x0, at[1] + size * y0)
    high = (at[0] + size * x1, at[1] + size * y1)

    @boxed((low, high))
    def placed(p: jax.Array) -> jax.Array:
        x, y = (p[0] - at[0]) / size, (p[1] - at[1]) / size
        cos, sin = jnp.cos(angle), jnp.sin(angle)
        return field(jnp.array([cos * x + sin * y, cos * y - sin * x]))

    return placed


def _box(field: Field) -> Box:
    """The box of a field that another is made of."""
    if not callable(field):
        raise ArtError(f"{short(field)} is given for a field: give a function of a point")
    if text := factory(field):
        raise ArtError(text)
    return getattr(field, "box", UNIT)


def _first(fields: Sequence[Field]) -> Box:
    if not fields:
        raise ArtError("no field is given: give one or more")
    boxes = [_box(field) for field in fields]
    return boxes[0]
