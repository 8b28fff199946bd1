"""Caustics of a map: where it folds the plane, what the folds are mapped to, cusps, swallowtails.

At a swallowtail a caustic that moves gets two cusps more, or loses them.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.artist_functions import MAP, as_count, checked, outside
from gradart.calculus.checks.misuse import member_of, taking
from gradart.calculus.forward_mode import explained
from gradart.calculus.null_directions import (
    determinant,
    longer,
    null_directions,
    settled,
    singular_step,
)
from gradart.calculus.programs.batching import chunked, interval
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.padded_lengths import length, rows_again
from gradart.calculus.programs.present_values import moves, present, stepped
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import dot
from gradart.geometry.contours.contours import contours
from gradart.geometry.contours.ridges import longest_first, rows_longest_first
from gradart.geometry.points import corners, domain, square_cells
from gradart.types import Array, Corners, Map

NEAR = 3.0  # cells of the grid, within which a cusp lies of where it is looked for
SAME = 1e-6  # of a cell: cusps as near as that are one
CHUNK = 512  # places at once
FEW = 16  # of cusps


class Caustics(NamedTuple):
    """Where a map folds, and what is there: k lines of m points at most, and c cusps."""

    lines: Array
    """(k, m, 2), what the folds are mapped to: where light gathers"""
    folds: Array
    """(k, m, 2), where the Jacobian's determinant is 0, point by point"""
    cusps: Array
    """(c, 2), where a line turns back"""
    places: Array
    """(c, 2), what is mapped to the cusps"""


def caustics(mapping: Map, *, box: Corners | None = None, resolution: int = 400) -> Caustics:
    """The caustics of a map of the plane, along which light gathers, and their cusps.

    `mapping`, (2,) -> (2,), tells where a ray ends: of one that falls through water at p, its place
    on the ground; of one that leaves a mirror at u, where it is after a way t. In `box`, ((x0, y0),
    (x1, y1)), the map's own by default, it folds where its Jacobian's determinant is 0: along
    `folds` (k, m, 2), a row for each line, the longest first, padded with NaN. They are mapped to
    `lines` (k, m, 2), the caustics. These have `cusps` (c, 2) where the direction that the map
    makes nothing of lies along a fold: at `places` (c, 2), by Newton's method and exact to
    rounding. They are among the points of folds and lines, too.

    The folds are contours of the determinant, with `resolution` points of a grid along the longer
    side of the box. What is smaller than a cell may be missed, as two cusps in one are. Where the
    whole Jacobian is 0, as in an umbilic, there is no such direction, and no cusp is told.
    Differentiated, what is found moves, and its number stays.

    H. Whitney, "On singularities of mappings of Euclidean spaces I", Annals of Mathematics 62
    (1955).

    >>> ray = ga.rays(ga.circle(), direction=(1, 0))
    >>> found = ga.caustics(lambda p: ray(p[0])(p[1]), box=((-1.5, 0), (1.5, 2)))
    >>> ga.scene(ga.lines(found.lines), ga.dots(found.cusps, 1))
    """
    outside("caustics")
    f = traced(checked(mapping, MAP), jnp.zeros(2))
    edges = domain(mapping, box)
    line = contours(determinant(f), [0.0], box=edges, resolution=resolution)[0]
    cell = cell_of(np.asarray(present(edges)), as_count(resolution, "resolution"))
    still = held(f)
    at, places = _cusps_on(still, np.asarray(present(line)), cell)
    if not isinstance(line, np.ndarray):
        return _moving(f, line, at, places)
    folds = np.asarray(longest_first(np.insert(line, at + 1, places, axis=0)))
    return Caustics(mapped(still, folds), folds, mapped(still, places), places)


def _moving(f: TracedFunction, line: jax.Array, at: np.ndarray, places: np.ndarray) -> Caustics:
    """What is found of a map that is differentiated: a line (m, 2), and cusps (c, 2) behind `at`.

    All of it is computed in few programs, whose shapes are few, and then put in its places.
    """
    fold = np.flatnonzero(np.isfinite(np.asarray(present(line))).all(1))
    cusps = followed(f, places) if len(places) else places
    points = _points_of(taken_rows(line, fold[rows_again(len(fold))]), cusps)
    ends = jit_with(images, f)(points)
    number = np.full(len(line), -1)
    number[fold] = np.arange(len(fold))
    own = length(len(fold)) + np.arange(len(places))
    number = np.insert(number, at + 1, own)
    rows = rows_longest_first(np.insert(np.asarray(present(line)), at + 1, places, axis=0))
    order = np.where(rows < 0, -1, number[rows])
    return Caustics(*(taken_rows(x, i) for i in (order, own) for x in (ends, points)))


@jax.jit
def _points_of(line: jax.Array, cusps: jax.Array) -> jax.Array:
    return jnp.concatenate([line, cusps])


def cell_of(corner: np.ndarray, resolution: int) -> np.ndarray:
    """The sides (2,) of a cell of the grid over a box (2, 2) on which `contours` looks."""
    rows, columns = square_cells(corner, resolution)
    return np.asarray((corner[1] - corner[0]) / (columns - 1, rows - 1))


def _cusps_on(
    f: TracedFunction, line: np.ndarray, cell: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The cusps on folds (m, 2): behind which points (c,), and at which places (c, 2)."""
    at, starts = near_cusps(f, line)
    places, fine = settled_apart(f, starts, cell)
    fine &= (np.abs(places - starts) <= NEAR * cell).all(1)
    return at[fine], places[fine]


def near_cusps(f: TracedFunction, line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Behind which points (c,) of folds (m, 2) there are cusps, and places (c, 2) near them.

    They are between points of which at one the determinant goes up along the null direction, and
    at the other down, that direction pointing to one side at both; or where it does neither.
    """
    if not len(line):
        return np.empty(0, int), np.empty((0, 2))
    ways, rates = chunked(jit_with(_looked, f), CHUNK)(line)
    turned = (ways[:-1] * ways[1:]).sum(-1) * rates[:-1] * rates[1:]
    near, off = np.abs(rates[:-1]), np.abs(rates[:-1]) + np.abs(rates[1:])
    # Along a fold that all becomes one point no rate is other than 0, and there is no cusp.
    at = np.flatnonzero((turned <= 0) & (off > 0))
    share = near[at] / off[at]
    return at, line[at] + share[:, None] * (line[at + 1] - line[at])


def settled_apart(
    f: TracedFunction, starts: np.ndarray, cell: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What Newton's method finds from starts (n, d), and which (n,) of it, each place but once."""
    if not len(starts):
        return starts, np.empty(0, bool)
    cells = np.broadcast_to(cell, starts.shape)
    places, fine = chunked(jit_with(settled, f), FEW)(starts, cells)
    kept: list[np.ndarray] = []
    for k in np.flatnonzero(fine):
        fine[k] = all(np.abs((places[k] - other) / cell).max() > SAME for other in kept)
        kept += [places[k]] * bool(fine[k])
    return places, fine


def followed(f: TracedFunction, places: np.ndarray) -> jax.Array:
    """Cusps or swallowtails (n, d) of what is differentiated, as they move.

    They come again and again, as many as are computed at once.
    """
    size = -(-len(places) // FEW) * FEW
    return jit_with(_followed, f)(np.resize(places, (size, *places.shape[1:])))


def _followed(f: TracedFunction, places: jax.Array) -> jax.Array:
    return stepped(places, jax.vmap(lambda place: singular_step(f, place))(places))


def _looked(f: TracedFunction, places: jax.Array) -> tuple[jax.Array, jax.Array]:
    """At places (n, 2) of folds: null directions (n, 2), and the determinant's rates along them."""

    def look(place: jax.Array) -> tuple[jax.Array, jax.Array]:
        ways = null_directions(f, place)
        way = ways[longer(ways)]
        return way, dot(explained(jax.jacfwd(determinant(f)))(place), way)

    return jax.vmap(look)(places)


def mapped(f: TracedFunction, places: np.ndarray) -> np.ndarray:
    """What places (..., d) are mapped to, (..., 2); NaN stays."""
    flat = places.reshape(-1, places.shape[-1])
    return chunked(jit_with(images, f), CHUNK)(flat).reshape(*places.shape[:-1], 2)


def images(f: TracedFunction, places: jax.Array) -> jax.Array:
    """What places (n, d) are mapped to, (n, 2); NaN stays."""
    lifted = jnp.isnan(places[..., :1])
    return jnp.where(lifted, jnp.nan, jax.vmap(f)(jnp.where(lifted, 0, places)))


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
