"""Swallowtails: where a caustic that moves gets two cusps more, or loses them."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.artist_functions import MAP, as_count, checked, outside
from gradart.calculus.checks.misuse import member_of, taking
from gradart.calculus.null_directions import determinant
from gradart.calculus.programs.batching import interval
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.present_values import moves, present
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.geometry.contours.contours import contours
from gradart.geometry.points import corners
from gradart.geometry.singularities.caustics import (
    cell_of,
    followed,
    images,
    mapped,
    near_cusps,
    settled_apart,
)
from gradart.types import Array, Corners, Map


class Swallowtails(NamedTuple):
    """The swallowtails of a family of maps: k of them, from the first to the last."""

    values: Array
    """(k,), in which map of the family each is"""
    points: Array
    """(k, 2), where it is on that map's caustic"""
    places: Array
    """(k, 2), what is mapped there"""


def swallowtails(
    family: Callable[[ArrayLike], Map],
    a: float,
    b: float,
    *,
    box: Corners,
    steps: int = 32,
    resolution: int = 100,
) -> Swallowtails:
    """Where a caustic that moves gets two cusps out of a smooth line, or loses them so.

    `family` takes a number to a map, (2,) -> (2,): how deep the water is, or when light falls
    through it, to where its rays end. Between the numbers `a` and `b` and in `box`, ((x0, y0),
    (x1, y1)), swallowtails are places where the direction that the map makes nothing of touches its
    fold more closely than in a cusp: the determinant of its Jacobian does not change along it, nor
    does that change. Newton's method solves these three equations, with derivatives of order four,
    from beside the cusps of `steps` maps of the family, found as `caustics` does with that
    `resolution`: exact to rounding, but for what has come and gone between two maps.

    Where cusps come and go by two from a fold that is born, meets another or itself (lips and
    beaks), the fold has a corner or is a point, and there is no swallowtail.

    >>> def family(s):
    ...     return lambda p: jnp.array([p[0], p[1]**4 + (s - 0.3) * p[1]**2 + p[0] * p[1]])
    >>> found = ga.swallowtails(family, -1, 1, box=((-1, -1), (1, 1)))
    >>> print(found.values.round(3))
    [0.3]
    """
    outside("swallowtails")
    first, last = interval(a, b)
    count = as_count(steps, "steps")
    edges = corners(box)
    corner = np.asarray(present(edges))
    cell = cell_of(corner, as_count(resolution, "resolution"))
    taking(family, "family", "of a number to a map", 1)
    moving = traced(lambda q: checked(member_of(family, q[2]), MAP)(q[:2]), jnp.zeros(3))
    every = held(moving)
    starts = [np.empty((0, 3))]
    for number in np.linspace(first, last, count):
        which = jnp.full(1, number)  # not a number, which would be a part of the program
        one = traced(_one_of(every, which), jnp.zeros(2))
        line = contours(determinant(one), [0.0], box=corner, resolution=resolution)[0]
        _, places = near_cusps(one, np.asarray(line))
        starts.append(np.insert(places, 2, number, axis=1))
    cells = np.append(cell, (last - first) / (count - 1))
    found, fine = settled_apart(every, np.concatenate(starts), cells)
    fine &= (found[:, :2] >= corner[0]).all(1) & (found[:, :2] <= corner[1]).all(1)
    fine &= (found[:, 2] >= first) & (found[:, 2] <= last)
    order = np.flatnonzero(fine)[np.argsort(found[fine, 2], kind="stable")]
    tails = found[order]
    if not moves(moving) or not len(tails):
        return Swallowtails(tails[:, 2], mapped(every, tails), tails[:, :2])
    again, rows = followed(moving, tails), np.arange(len(tails))
    points, there = (taken_rows(x, rows) for x in (jit_with(images, moving)(again), again))
    return Swallowtails(there[:, 2], points, there[:, :2])


def _one_of(every: TracedFunction, which: jax.Array) -> Map:
    """The map of a family (3,) -> (2,) at a number (1,)."""
    return lambda p: every(jnp.concatenate([p, which]))
