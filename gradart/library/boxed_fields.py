"""A field with the box to look at it in: what fields of the library are, and how they are made."""

import functools
from collections.abc import Callable, Sequence
from typing import Protocol, cast

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import Box as Box
from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError
from gradart.types import Field, Numbers, Scalar

UNIT: Box = ((-1.0, -1.0), (1.0, 1.0))


class BoxedField(Protocol):
    """A field of the library: a plain function (2,) -> () with a box to look at it in.

    `field(p)` is the value at one point `p`, `field.box` the part of the plane, ((x0, y0), (x1,
    y1)), that contours, streamlines and relief take where none is given.

    >>> ga.peaks().box
    ((-3.0, -3.0), (3.0, 3.0))
    """

    box: Box

    def __call__(self, p: Numbers, /) -> Scalar: ...


def plane(p: Numbers, name: str) -> jax.Array:
    """Check that p is one point (2,), and return it; the ArtError names the field."""
    point = listed(p)
    if np.shape(point) != (2,):
        raise ArtError(wanted(name, np.shape(point)))
    return point


def listed(p: Numbers) -> jax.Array:
    """A list of numbers as an array, if one is traced: NumPy cannot tell the shape of [x, u].

    What else it may be is left as it is, and used as an array is.
    """
    if isinstance(p, list | tuple) and any(isinstance(x, jax.core.Tracer) for x in p):
        return jnp.stack(cast(Sequence[jax.Array], p))  # numbers among them are as good
    return cast(jax.Array, p)  # which, traced or called at one point, it is; NumPy's is as good


def wanted(name: str, shape: tuple[int, ...], points: str = "a point (x, y), shape (2,)") -> str:
    """The error's text for a field that was given an array of a shape that it does not take."""
    one = "1 to" in points  # a point of any number of coordinates
    many = "; ga.value(field, points) is for many" if len(shape) > 1 else ""
    if one and len(shape) == 1:
        many = "; ga.value(field, t[:, None]) is for many numbers t"
    if not shape:
        hint = "write jnp.array([t]) for one" if one else "ga.value(field, p) is of fields"
        return f"{name} takes {points}, and not a number: {hint}"
    return f"{name} takes {points}, not an array of shape {shape}{many}"


def boxed(box: Box, tile: np.ndarray | None = None) -> Callable[[Field], BoxedField]:
    """A decorator that gives a function of points its `box`, ((x0, y0), (x1, y1)).

    Where the function repeats, it is given its `tile` too, the lengths after which it does.
    """
    try:
        (_, _), (_, _) = box
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"box is {short(box)}: give ((x0, y0), (x1, y1))") from error

    def give(field: Field) -> BoxedField:
        field.__dict__["box"] = box
        if tile is not None:
            field.__dict__["tile"] = tile
        return cast(BoxedField, field)  # now that it has a box

    return give


def planar(box: Box) -> Callable[[Field], BoxedField]:
    """A decorator that gives a field its `box`, and refuses what is no point of the plane.

    A third coordinate, a film's time, would be ignored without a word.
    """

    give_box = boxed(box)

    def give(field: Field) -> BoxedField:
        name, _, _ = field.__qualname__.partition(".")  # the factory's

        @functools.wraps(field)
        def held(p: Numbers) -> Scalar:
            return field(plane(p, name))

        return give_box(held)

    return give
