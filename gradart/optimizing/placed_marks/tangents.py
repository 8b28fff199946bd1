"""How what a sketch draws changes with each of its numbers: exactly, or by differences."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints
from gradart.optimizing.placed_marks.varied_numbers import inserted
from gradart.types import Array

How = Literal["exact", "differences", "jumps"]

_STEP = 1e-5  # of a slider, for differences
_AGREE = 0.05  # of two differences, with steps of which one is a quarter of the other
_TINY = 1e-9  # mm for a whole slider: rounding


class Tangent(NamedTuple):
    """How what is drawn changes for a slider's whole length, at the rate that it has here.

    `change` has the shapes of what is drawn; it is 0 where a pen lifts. "jumps" says that the
    drawing has other points, or more of them, however near one looks; its change is 0.
    """

    change: Drawn
    how: How


def tangents(
    drawing: PagePoints, vector: np.ndarray, u: float, *, traceable: bool = True
) -> tuple[Drawn, list[Tangent]]:
    """What is drawn at the numbers (k,) and a playhead, and its change by each of the numbers.

    A sketch that JAX can trace is differentiated as a whole; that is not tried if it is known not
    to be `traceable`. Else it is called with numbers that are differentiated, all at once; if that
    does not work each alone, and if that does not either, it is varied a little to both sides. Call
    it in float64.
    """
    scales = np.array([c.slope(x) for c, x in zip(drawing.coordinates, vector, strict=True)])
    here = _plain(drawing(vector, u))
    if traceable:
        # Whatever a sketch raises that is called with what it cannot take.
        with suppress(Exception):
            traced = _traced(drawing, vector, scales, u, here)
            return here, [Tangent(column, "exact") for column in traced]
    columns: list[Drawn | None] = [None] * len(vector)
    with suppress(Exception):  # as above
        columns = _together(drawing, vector, scales, u, here)
    found = []
    for i, column in enumerate(columns):
        if column is None:
            found.append(_alone(drawing, vector, scales, u, i, here))
        # A sketch that makes a Python number of a parameter loses its derivative: it looks like 0.
        elif _size(column) > _TINY:
            found.append(Tangent(column, "exact"))
        else:
            found.append(_differences(drawing, vector, u, i, here))
    return here, found


def _together(
    drawing: PagePoints, vector: np.ndarray, scales: np.ndarray, u: float, here: Drawn
) -> list[Drawn | None]:
    """The change by each of the numbers, None of those of which it is not finite.

    The sketch is called once and its programs compiled once, for all of them.
    """
    columns: list[Drawn | None] = []
    for change in _each(_pushed(drawing, scales, jnp.asarray(vector), u), len(vector)):
        try:
            columns.append(_change(here, change))
        except ValueError:
            columns.append(None)
    return columns


def _traced(
    drawing: PagePoints, vector: np.ndarray, scales: np.ndarray, u: float, here: Drawn
) -> list[Drawn]:
    if not len(vector):
        return []
    every = jax.jit(partial(_pushed, drawing, scales))(jnp.asarray(vector), u)
    return [_change(here, change) for change in _each(every, len(vector))]


def _pushed(drawing: PagePoints, scales: np.ndarray, x: jax.Array, u: float | jax.Array) -> Drawn:
    """The change by each of the numbers x (k,), along a new first axis."""
    return jax.vmap(lambda d: jax.jvp(lambda x: drawing(x, u), (x,), (d,))[1])(jnp.diag(scales))


def _each(changes: Drawn, count: int) -> Iterator[Drawn]:
    """The changes along a first axis one by one."""
    leaves, tree = jax.tree_util.tree_flatten(jax.tree_util.tree_map(np.asarray, changes))
    return (jax.tree_util.tree_unflatten(tree, [leaf[i] for leaf in leaves]) for i in range(count))


def _alone(
    drawing: PagePoints, vector: np.ndarray, scales: np.ndarray, u: float, i: int, here: Drawn
) -> Tangent:
    """The change by one number, the others being Python's as the sketch is used to."""
    rest = inserted(drawing.coordinates, vector, drawing.values)
    one = replace(drawing, coordinates=drawing.coordinates[i : i + 1], values=rest)
    try:
        x, along = (jnp.asarray(vector[[i]]),), (jnp.asarray(scales[[i]]),)
        change = _change(here, jax.jvp(lambda x: one(x, u), x, along)[1])
    except Exception:  # as above
        return _differences(drawing, vector, u, i, here)
    if _size(change) > _TINY:
        return Tangent(change, "exact")
    # A sketch that makes a Python number of a parameter loses its derivative: that looks like 0.
    return _differences(drawing, vector, u, i, here)


def _change(here: Drawn, change: Drawn) -> Drawn:
    """A derivative with 0 where the pen lifts; ValueError if it is not one of all that is drawn."""

    def held(leaf: Array, change: Array) -> Array:
        array = np.where(np.isnan(leaf), 0.0, change)
        if not np.isfinite(array).all():
            raise ValueError
        return array

    points = tuple(map(held, here.points, change.points))
    # Of a color that has no derivative, as of a maximum, it is enough that it changes.
    ink = tuple(np.nan_to_num(np.asarray(leaf), nan=1.0) for leaf in change.ink)
    return Drawn(points, ink)


def _differences(drawing: PagePoints, vector: np.ndarray, u: float, i: int, here: Drawn) -> Tangent:
    quotients = []
    for step in (_STEP, _STEP / 4):
        coordinate = drawing.coordinates[i]
        place = coordinate.place(vector[i])
        low, high = place - step, place + step
        if coordinate.bounded:
            low, high = max(0.0, low), min(1.0, high)
        ends = []
        for at in (low, high):
            moved = vector.copy()
            moved[i] = coordinate.value(at)
            ends.append(_plain(drawing(moved, u)))
        if not all(_same(here, end) for end in ends):
            return Tangent(_zero(here), "jumps")
        difference = jax.tree_util.tree_map(np.subtract, ends[1], ends[0])
        quotients.append(jax.tree_util.tree_map(partial(_times, 1 / (high - low)), difference))
    try:
        wide, narrow = (_change(here, q) for q in quotients)
    except ValueError:  # the pen lifts elsewhere
        return Tangent(_zero(here), "jumps")
    off = jax.tree_util.tree_map(np.subtract, wide, narrow)
    if _size(off) > max(_AGREE * _size(narrow), 1e-4):
        return Tangent(_zero(here), "jumps")
    return Tangent(wide, "differences")


def _times(factor: float, leaf: np.ndarray) -> np.ndarray:
    return factor * leaf


def _plain(drawn: Drawn) -> Drawn:
    return jax.tree_util.tree_map(lambda leaf: np.asarray(leaf, float), drawn)


def _same(one: Drawn, other: Drawn) -> bool:
    """Whether two drawings have as many points and colors, mark by mark."""
    return [np.shape(x) for x in jax.tree_util.tree_leaves(one)] == [
        np.shape(x) for x in jax.tree_util.tree_leaves(other)
    ]


def _zero(drawn: Drawn) -> Drawn:
    return jax.tree_util.tree_map(lambda leaf: np.zeros(np.shape(leaf)), drawn)


def _size(change: Drawn) -> float:
    return max(
        (float(np.max(np.abs(leaf), initial=0.0)) for leaf in jax.tree_util.tree_leaves(change)),
        default=0.0,
    )
