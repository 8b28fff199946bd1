"""Fields an artist reaches for: factories that return a plain function of one point.

A field takes a point (2,) and returns a height, `(2,) -> ()`; its attribute `box` is the part of
the plane where it is worth looking at. Each is smooth, with all its derivatives everywhere, unless
its docstring says where it is not.
"""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp

from gradart.calculus.arguments import as_number, factory, plain, short
from gradart.calculus.checks import as_floats
from gradart.calculus.vectors import safe_norm, safe_sqrt
from gradart.errors import ArtError
from gradart.library.boxed_fields import UNIT, Box, BoxedField, boxed, planar
from gradart.types import Field, Map, Numbers

Point = Sequence[float]


# Hills and hollows.


@plain
def bump(height: float = 1.0, width: float = 0.4, center: Point = (0.0, 0.0)) -> BoxedField:
    """A Gaussian hill: height exp(-r^2 / (2 width^2)), r the distance from the center."""

    as_number(width, "width", "length", above=0)

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        dx, dy = p[0] - center[0], p[1] - center[1]
        return height * jnp.exp(-(dx * dx + dy * dy) / (2 * width * width))

    return field


def saddle() -> BoxedField:
    """The saddle x^2 - y^2: level at (0, 0), up along x, down along y."""

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return p[0] ** 2 - p[1] ** 2

    return field


def monkey_saddle() -> BoxedField:
    """The field x^3 - 3 x y^2: a saddle for two legs and a tail; its Hessian at (0, 0) is 0."""

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return p[0] ** 3 - 3 * p[0] * p[1] ** 2

    return field


@plain
def ripple(wavelength: float = 0.5, reach: float = 0.8) -> BoxedField:
    """Rings on water: cos(tau r / wavelength) exp(-r^2 / (2 reach^2)).

    r is sqrt(x^2 + y^2 + s^2) - s with s an eighth of the wavelength: the distance from 0 with its
    point rounded off, so that the field is smooth there too.
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
    """The three hills and three hollows of MATLAB's `peaks`, on [-3, 3]^2, from -6.55 to 8.11."""

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
    """The signed distance from a circle; at the center, where it has a tip, its slope is 0."""

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        return safe_norm(p - jnp.array([center[0], center[1]])) - radius

    return field


@plain
def rectangle(width: float = 1.2, height: float = 0.8, center: Point = (0.0, 0.0)) -> BoxedField:
    """The signed distance from a rectangle (Quilez). Its slope jumps on the ridges inside."""

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        beyond = jnp.abs(p - jnp.array([center[0], center[1]])) - jnp.array([width, height]) / 2
        inside = beyond.max()
        return jnp.where(inside > 0, safe_norm(jnp.maximum(beyond, 0)), inside)

    return field


def polygon(points: Numbers) -> BoxedField:
    """The signed distance from a closed polygon (n, 2), wound either way (Quilez).

    The slope jumps on the ridges inside, as far from one side as from another, and is taken as 0
    on the outline itself.
    """
    start = as_floats(points, "points")
    if start.ndim != 2 or start.shape[1] != 2 or len(start) < 3:
        raise ArtError(f"polygon takes points of shape (3 or more, 2), not {start.shape}")
    end = jnp.roll(start, -1, axis=0)
    side = end - start
    square = (side**2).sum(axis=1)

    @planar(UNIT)
    def field(p: jax.Array) -> jax.Array:
        to = p - start
        share = jnp.clip((to * side).sum(axis=1) / square, 0, 1)
        distance = safe_sqrt(((to - share[:, None] * side) ** 2).sum(axis=1).min())
        # A ray to the right crosses the outline an odd number of times from inside.
        spans = (start[:, 1] <= p[1]) != (end[:, 1] <= p[1])
        crosses = spans & ((side[:, 0] * to[:, 1] > side[:, 1] * to[:, 0]) == (side[:, 1] > 0))
        return jnp.where(crosses.sum() % 2 == 1, -distance, distance)

    return field


# Fields out of fields.


def add(*fields: Field) -> BoxedField:
    """The sum of fields, within the box of the first."""

    @boxed(_first(fields))
    def field(p: jax.Array) -> jax.Array:
        return jnp.stack([f(p) for f in fields]).sum()

    return field


@plain
def scale(field: Field, factor: float) -> BoxedField:
    """The field times a number."""
    return boxed(_box(field))(lambda p: factor * field(p))


@plain
def blend(*fields: Field, soft: float = 0.1) -> BoxedField:
    """The smooth minimum of fields: their shapes flow together like drops.

    -soft log(sum(exp(-f / soft))), below the true minimum by at most soft log(number of fields),
    within the box of the first.
    """

    as_number(soft, "soft", "height", above=0)

    @boxed(_first(fields))
    def field(p: jax.Array) -> jax.Array:
        return -soft * jax.nn.logsumexp(jnp.stack([f(p) for f in fields]) / -soft)

    return field


def warp(field: Field, map: Map) -> BoxedField:
    """The field seen through a map (2,) -> (2,): its value at map(p). The box stays."""
    if not callable(map):
        raise ArtError(f"map is {short(map)}: give a function of a point to a point")
    return boxed(_box(field))(lambda p: field(map(p)))


@plain
def place(
    field: Field, at: Point = (0.0, 0.0), angle: float = 0.0, size: float = 1.0
) -> BoxedField:
    """The field enlarged by `size`, turned by `angle` (radians) about 0, and moved by `at`.

    Its box is enlarged and moved, and stays upright.
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
