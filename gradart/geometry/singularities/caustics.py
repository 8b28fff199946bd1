"""Caustics of a map: where it folds the plane, what the folds are mapped to, and their cusps."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import MAP, as_count, checked, outside
from gradart.calculus.forward_mode import explained
from gradart.calculus.null_directions import (
    determinant,
    longer,
    null_directions,
    settled,
    singular_step,
)
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.few_lengths import length, rows_again
from gradart.calculus.programs.present_values import present, stepped
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import dot
from gradart.geometry.contours.contours import contours
from gradart.geometry.contours.ridges import longest_first, rows_longest_first
from gradart.geometry.points import domain, square_cells
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
