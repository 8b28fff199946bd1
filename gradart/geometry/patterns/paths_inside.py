"""Hatching by paths: what lies inside of regions of spirals and of lines of a flow, as it moves.

A point that is kept moves with its path; one where the path is cut lies on it and on an edge of the
polygon, and moves to where these cross. Which paths there are, and what of them is kept, stays.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.checks.artist_functions import checked
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import rows_again
from gradart.calculus.programs.present_values import moves, with_derivatives_of
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import cross
from gradart.geometry.paths.paths import padded, ring_bounds
from gradart.geometry.paths.polygon_derivatives import Edges, moving_cuts
from gradart.geometry.paths.polygons import outlines
from gradart.geometry.patterns.parallel_lines import NOTHING
from gradart.geometry.streamlines.streamlines import FLOW, laid_lines
from gradart.types import Field, Map, Numbers

TURN = 200  # points of each turn of a spiral


class Paths(NamedTuple):
    """Parts of paths, of points from `begins` (k,) to before `ends` (k,), in the regions `owner`.

    `moving` are the points (p, 2) that are differentiated, if any is.
    """

    points: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    owner: np.ndarray
    moving: jax.Array | None = None

    def inside(self, shapes: np.ndarray) -> list[list[np.ndarray]]:
        """What lies in the regions (n,) that own the paths: of each region its paths (m_i, 2)."""
        sizes = self.ends - self.begins
        drawn = np.concatenate([np.arange(0), *map(np.arange, self.begins, self.ends)])
        lines = np.full(len(sizes), None, object)
        lines[sizes > 0] = shapely.linestrings(
            self.points[drawn], indices=np.repeat(np.arange((sizes > 0).sum()), sizes[sizes > 0])
        )
        cut, of = shapely.get_parts(
            shapely.intersection(lines, shapes[self.owner]), return_index=True
        )
        whole = shapely.get_dimensions(cut) == 1
        rows: list[list[np.ndarray]] = [[] for _ in shapes]
        for n, line in zip(self.owner[of[whole]], cut[whole], strict=True):
            rows[n].append(shapely.get_coordinates(line))
        return rows

    def moved(self, found: np.ndarray, polygons: Numbers, size: int) -> np.ndarray | jax.Array:
        """What lies inside, as rows (n, m, 2), as paths and polygons move, of `size` points."""
        edges = Edges.of([polygons], "hatch")
        again, begin = rows_again(len(self.points)), len(edges.points)
        now = self.points[again]
        paths = now if self.moving is None else taken_rows(floats(self.moving), again)
        own = _of_rows(edges, len(found), size)
        for first, last, n in zip(self.begins, self.ends, self.owner, strict=True):
            number = begin + np.arange(first, last)
            own[n].append(np.stack([number[:-1], number[1:]], 1))
        both = Edges([*edges.sources, paths], np.concatenate([edges.points, now]), edges.ends)
        return moving_cuts(found, both, [np.concatenate(row) for row in own])


def _of_rows(edges: Edges, n: int, size: int) -> list[list[np.ndarray]]:
    """The edges of one array of polygons, in its n rows of so many points."""
    bounds = np.searchsorted(edges.ends[:, 0], size * np.arange(1, n))
    return [[ends] for ends in np.split(edges.ends, bounds)][:n]


def spirals(shapes: np.ndarray, gaps: np.ndarray, polygons: Numbers, spacing: Numbers) -> Paths:
    """Archimedes' spiral around the middle of each region, of polygons that are so far apart."""
    centers, turns = np.full((len(shapes), 2), np.nan), []
    for n, (shape, gap) in enumerate(zip(shapes, gaps, strict=True)):
        centers[n] = center = shapely.get_coordinates(shape.centroid)[:1].sum(0)
        far = np.linalg.norm(shapely.get_coordinates(shape) - center, axis=1).max(initial=0.0)
        count = int(np.ceil(far / gap)) * TURN
        turns.append(np.linspace(0, np.ceil(far / gap), count + 1)[: count + bool(count)])
    row = np.repeat(np.arange(len(shapes)), list(map(len, turns)))
    turn = np.concatenate([np.arange(0.0), *turns])
    angle = 2 * np.pi * turn
    way = np.stack([np.cos(angle), np.sin(angle)], -1)
    ends = np.cumsum(list(map(len, turns)), dtype=int)
    points = centers[row] + (gaps[row] * turn)[:, None] * way
    paths = Paths(points, ends - list(map(len, turns)), ends, np.arange(len(shapes)))
    if not len(points) or not moves((polygons, spacing)):
        return paths
    again = rows_again(len(points))
    middles = _moving_centers(shapes, centers, polygons)
    gap = jnp.ravel(jnp.asarray(spacing, float))
    arm = (turn[:, None] * way)[again]
    return paths._replace(moving=_wound(middles, gap, row[again], arm, points[again]))


@jax.jit
def _wound(
    centers: jax.Array, gap: jax.Array, row: jax.Array, arm: jax.Array, points: jax.Array
) -> jax.Array:
    far = gap[row if gap.size > 1 else 0 * row]
    return with_derivatives_of(centers[row] + far[:, None] * arm, points)


def _moving_centers(shapes: np.ndarray, centers: np.ndarray, polygons: Numbers) -> jax.Array:
    """The middles (n, 2) of regions as their polygons move."""
    if not moves(polygons):
        return jnp.asarray(centers)
    found = padded([outlines(shape) for shape in shapes], (len(shapes),))
    edges = Edges.of([polygons], "hatch")
    size = np.shape(unmasked(polygons))[-2]
    own = [np.concatenate(row) for row in _of_rows(edges, len(shapes), size)]
    corners = floats(moving_cuts(found, edges, own))
    pairs, row = [np.empty((0, 2), int)], [np.empty(0, int)]
    for n, each in enumerate(found):
        for begin, end in ring_bounds(each):
            ring = n * found.shape[1] + np.arange(begin, end)
            pairs.append(np.stack([ring, np.roll(ring, -1)], 1))
            row.append(np.full(len(ring), n))
    ends, of = np.concatenate(pairs), np.concatenate(row)
    again = rows_again(len(ends))
    ends = ends[again]
    ends[len(of) :] = ends[len(of) :, :1]  # from a point to itself, which adds nothing
    flat = taken_rows(corners, rows_again(found.shape[0] * found.shape[1]))
    return _centers(flat, ends, of[again], centers[rows_again(len(centers))])


@jax.jit
def _centers(points: jax.Array, ends: jax.Array, row: jax.Array, centers: jax.Array) -> jax.Array:
    a, b = (points[ends[:, side]] - centers[row] for side in (0, 1))
    area = cross(a, b)
    sums = jnp.zeros((len(centers), 3)).at[row]
    total = sums.add(jnp.concatenate([area[:, None] * (a + b) / 3, area[:, None]], 1))
    size = total[:, 2:]
    off = total[:, :2] / jnp.where(size == 0, 1, size)
    return with_derivatives_of(off, centers)


def streams(shapes: np.ndarray, gaps: np.ndarray, along: Field | Map) -> Paths:
    """Lines of a flow over all regions, one time for each gap, near the regions of that gap."""
    none = np.empty(0, int)
    paths = Paths(NOTHING, none, none, none)
    low, high = shapely.total_bounds(shapes).reshape(2, 2)
    if np.isnan(low).any():
        return paths
    of_field = jax.eval_shape(checked(along, FLOW), jnp.zeros(2)).shape == ()
    for gap in np.unique(gaps):
        box = low - gap, high + gap
        lines, moving = laid_lines(along, gap, box, across=of_field)
        some = np.flatnonzero(gaps == gap)
        begins, ends, owner = _near(lines.reshape(-1, 2), lines.shape[-2], shapes[some])
        before = len(paths.points)
        points = lines.reshape(-1, 2)
        moved = paths.moving
        if moving is not None:
            flat = taken_rows(moving, np.arange(len(points)))
            moved = flat if moved is None else jnp.concatenate([moved, flat])
        paths = Paths(
            np.concatenate([paths.points, points]),
            np.append(paths.begins, before + begins),
            np.append(paths.ends, before + ends),
            np.append(paths.owner, some[owner]),
            moved,
        )
    return paths


def _near(
    points: np.ndarray, m: int, shapes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The parts of paths, of m points each, in the boxes of shapes, and of which shape each is.

    Where they begin, and where they end.
    """
    step = np.isfinite(points[:-1] + points[1:]).all(-1) & (np.arange(1, len(points)) % m > 0)
    start = np.flatnonzero(step)
    tree = shapely.STRtree(shapely.linestrings(np.stack([points[start], points[start + 1]], 1)))
    owner, hit = tree.query(shapes)
    order = np.lexsort([hit, owner])
    owner, hit = owner[order], start[hit[order]]
    first = np.flatnonzero((np.diff(owner, prepend=-1) != 0) | (np.diff(hit, prepend=-2) != 1))
    last = np.append(first[1:], len(hit))[: len(first)] - 1
    return hit[first], hit[last] + 2, owner[first]
