"""How corners of polygons that are united, cut or offset move with those that they were made of.

A corner that is kept moves with its polygon. One where two edges cross moves along one of them to
where it meets the other, by one step of Newton's method.
"""

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import length, rows_again
from gradart.calculus.programs.present_values import moves, present, stepped, with_derivatives_of
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import cross
from gradart.geometry.paths.paths import as_rows, moved_rows, ring_bounds
from gradart.types import Numbers

NEAR = 1e-9  # of the drawing: what is that near to an edge lies on it
GRAZED = 1e-6  # sines of angles at which edges do not cross but touch


class Edges(NamedTuple):
    """The closed outlines of some polygons, or other edges, which may be differentiated."""

    sources: list[jax.Array | np.ndarray]
    """the points of each of the arrays, (s, 2), the last of them again and again"""
    points: np.ndarray
    """(n, 2), those of all, as they are now"""
    ends: np.ndarray
    """(e, 2), the numbers of the two points of each edge"""

    @staticmethod
    def of(polygons: Sequence[Numbers], name: str) -> "Edges":
        """Those of arrays of polygons (..., m, 2)."""
        sources: list[jax.Array | np.ndarray] = []
        points, ends, before = [], [np.empty((0, 2), int)], 0
        for given in polygons:
            rows, _ = as_rows(given, name)
            flat = rows.reshape(-1, 2)
            for n, row in enumerate(rows):
                for begin, end in ring_bounds(row):
                    ring = before + n * rows.shape[1] + np.arange(begin, end)
                    ends.append(np.stack([ring, np.roll(ring, -1)], 1))
            again = rows_again(len(flat))
            now = flat[again]
            sources.append(taken_rows(floats(unmasked(given)), again) if moves(given) else now)
            points.append(now)
            before += length(len(flat))
        return Edges(sources, np.concatenate(points), np.concatenate(ends))


def moving_corners(
    found: np.ndarray, polygons: Sequence[Numbers], name: str
) -> np.ndarray | jax.Array:
    """Rows (n, m, 2) that were cut out of polygons, as they move with these.

    What lies on none of their outlines stays.
    """
    corners = found[np.isfinite(found).all(-1)]
    if not moves(polygons) or not len(corners):
        return found
    edges = Edges.of(polygons, name)
    return _moved(found, edges.sources, _places(corners, edges))


def moving_cuts(
    found: np.ndarray, edges: Edges, own: Sequence[np.ndarray]
) -> np.ndarray | jax.Array:
    """Rows (n, m, 2) whose points lie on edges that move, each row on `own` ones, (e_n, 2)."""
    inked = np.isfinite(found).all(-1)
    if not inked.any():
        return found
    rows = zip(found, inked, own, strict=True)
    each = [_places(row[there], edges._replace(ends=ends)) for row, there, ends in rows]
    return _moved(found, edges.sources, tuple(map(np.concatenate, zip(*each, strict=True))))


def _moved(
    found: np.ndarray, sources: list[jax.Array | np.ndarray], places: tuple[np.ndarray, ...]
) -> jax.Array:
    corners = found[np.isfinite(found).all(-1)]
    again = rows_again(len(corners))
    moving = _followed(sources, corners[again], *(x[again] for x in places))
    return moved_rows(found, moving)


def _places(
    corners: np.ndarray, edges: Edges
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where corners (k, 2) lie: on which edges (k, 2) at which shares (k,), and on which others.

    Last whether the two cross there, and whether there is an edge at all.
    """
    start, way = edges.points[edges.ends[:, 0]], np.diff(edges.points[edges.ends], axis=1)[:, 0]
    first, other = np.zeros((2, len(corners)), int)
    share, cut = np.zeros(len(corners)), np.zeros(len(corners), bool)
    # A point of the outlines that is kept has the same numbers, to the last digit.
    own, ends = corners @ [1, 1j], start @ [1, 1j]
    order = np.argsort(ends)
    at = order[np.searchsorted(ends, own, sorter=order).clip(0, len(ends) - 1)]
    known = ends[at] == own
    first[known] = at[known]
    size = np.hypot(*way.T)
    number, near = _beside(corners, edges, np.flatnonzero(~known))
    number, near = (x[size[near] > 0] for x in (number, near))
    k, begin = np.unique(number, return_index=True)
    one = near[begin]
    on = one.repeat(np.diff([*begin, len(near)]))
    sines = np.abs(cross(way[on], way[near])) / size[near] / size[on]
    steepest = np.lexsort((-sines, number))[begin]
    first[k], other[k], known[k] = one, near[steepest], True
    cut[k] = sines[steepest] > GRAZED
    share[k] = ((corners[k] - start[one]) * way[one]).sum(1) / size[one] ** 2
    return edges.ends[first], edges.ends[other], share, cut, known


def _beside(corners: np.ndarray, edges: Edges, some: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of some corners (k, 2) lie on which edges, by their numbers: a pair for each (p,).

    Pairs of one corner stand together.
    """
    if not len(some):
        return some, some
    lines = shapely.linestrings(edges.points[edges.ends])
    reach = NEAR * float(np.ptp(corners, axis=0).max())
    number, edge = shapely.STRtree(lines).query(shapely.points(corners[some]), "dwithin", reach)
    return some[number], edge


@jax.jit
def _followed(
    sources: Sequence[jax.Array],
    corners: jax.Array,
    one: jax.Array,
    other: jax.Array,
    share: jax.Array,
    cut: jax.Array,
    known: jax.Array,
) -> jax.Array:
    points = jnp.concatenate([jnp.asarray(x, corners.dtype) for x in sources])
    a, b, c, d = (points[ends] for ends in (*one.T, *other.T))
    off = cross(a + share[:, None] * (b - a) - c, d - c)
    rate = jnp.where(cut, present(cross(b - a, d - c)), 1)
    at = stepped(share, jnp.where(cut, off / rate, 0))[:, None]
    return jnp.where(known[:, None], with_derivatives_of(a + at * (b - a), corners), corners)
