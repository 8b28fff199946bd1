"""Curves on a surface where something is 0: its silhouettes, its edges, the level lines of a field.

Each is found on the surface's mesh, and its points are then moved by Newton's method onto it.
"""

import itertools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import FIELD, checked, outside, plain_numbers
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.calculus.programs.precision import constant
from gradart.calculus.programs.present_values import moves, present, stepped
from gradart.calculus.vectors import divided, dot
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.polyhedra import (
    PARTS,
    Level,
    Polyhedron,
    fine_line,
    fine_places,
    last_edges,
    level_lines,
    turning_edges,
)
from gradart.geometry.surfaces.surface_meshes import chains, crossing, zero_crossed
from gradart.geometry.surfaces.surface_point_derivatives import (
    Traced,
    each,
    moving_places,
    points_at,
    surface_moves,
)
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, newton, smooth
from gradart.types import Field, Numbers

SHORTEST = 1e-6  # of the surface's size: what is shorter has shrunk to a point


def silhouettes(surface: Surface | Polyhedron, eye: Camera) -> np.ndarray | jax.Array:
    """The lines of a surface along which it turns away from the eye: (n, m, 3), padded with NaN.

    There the normal of `surface` is at right angles to the ray to the `eye`; of a mesh, they are
    the edges between faces that are turned to it and faces that are not. What lies behind
    something else is among them: `opaque` takes it away. A line ends where it began, or where the
    surface does.

    Differentiated, by the `eye` or by numbers of the surface, which lines there are stays, and
    their points move across them; a mesh's own edges stay where they are.

    >>> eye = ga.camera()
    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> ga.lines(eye(ga.silhouettes(ball, eye)))
    """
    outside("silhouettes", as_camera(eye))
    if isinstance(surface, Polyhedron):
        lines = turning_edges(surface, present(eye))
        return padded(lines, (len(lines),), 3)
    smooth(surface, "silhouettes")

    def facing(place: jax.Array) -> jax.Array:
        return dot(surface.normal(place), eye.way(surface.point(place)))

    found, _ = lines_on(surface, facing, np.zeros(1), moved=surface_moves(surface, eye))
    return found.laid(found.rows())


def sections(
    surface: Surface | Polyhedron, field: Field, levels: Numbers
) -> np.ndarray | jax.Array:
    """The level lines of a field in space on a surface: (levels, m, 3), NaN between the lines.

    `field` is (3,) -> (), and `levels` are its values on the `surface`: of a coordinate, as in
    `lambda p: p[2]`, the lines are cuts by planes. A row has all lines of its level.

    Differentiated, by the levels or by numbers of the field or the surface, which lines there are
    stays, and their points move across them; those of a mesh along its edges.

    >>> eye = ga.camera()
    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> ga.lines(eye(ga.sections(ball, lambda p: p[2], [-0.5, 0, 0.5])))
    """
    outside("sections")
    wanted = np.ravel(plain_numbers(levels, "levels"))
    if not np.isfinite(wanted).all() or not len(wanted):
        raise ArtError("levels of sections are one or more finite numbers")
    f = traced(checked(field, FIELD), jnp.zeros(3))
    if isinstance(surface, Polyhedron):
        return _on_mesh(surface, f, wanted, levels)
    smooth(surface, "sections")

    def height(place: jax.Array) -> jax.Array:
        return f(surface.point(place))

    moved = surface_moves(surface, f, levels)
    return _level_rows(*lines_on(surface, height, wanted, levels, moved=moved))


def _level_rows(found: Traced, counts: list[int]) -> np.ndarray | jax.Array:
    """So many of the lines for each level as a row of it, with NaN between them."""
    gap, lines, rows = np.full((1, 3), np.nan), iter(found.rows()), []
    for count in counts:
        parts = [x for _ in range(count) for x in (next(lines), gap)]
        rows.append(np.concatenate([np.empty((0, 3)), *parts]))
    return found.laid(rows)


def _on_mesh(
    mesh: Polyhedron, f: TracedFunction, levels: np.ndarray, moving_levels: Numbers
) -> np.ndarray | jax.Array:
    """The level lines of a field on a mesh, a row for each level."""
    found = level_lines(mesh, batched(f, CHUNK), levels)
    longest, points, moving = mesh.size / PARTS, [np.empty((0, 3))], [jnp.empty((0, 3))]
    moved = moves((f, moving_levels))
    wanted = jnp.ravel(jnp.asarray(moving_levels if moved else levels))
    for level, one in zip(wanted, found, strict=True):
        points += [fine_line(one.points[line], longest) for line in one.lines]
        if moved and one.lines:
            places = _along_edges(mesh, f, level, one)
            for line in one.lines:
                at = fine_places(one.points[line], longest)
                k = np.minimum(at.astype(int), len(line) - 2)
                a, b = places[line[k]], places[line[k + 1]]
                moving.append(a + (at - k)[:, None] * (b - a))
    ends = np.cumsum([len(row) for row in points])
    lines = [np.arange(a, b) for a, b in itertools.pairwise(ends.tolist())]
    every = Traced(lines, np.concatenate(points), jnp.concatenate(moving) if moved else None)
    return _level_rows(every, [len(one.lines) for one in found])


def _along_edges(mesh: Polyhedron, f: TracedFunction, level: jax.Array, found: Level) -> jax.Array:
    """The points (e, 3) at which a level crosses edges, differentiated: they move along these."""
    low, high = (mesh.points[found.ends[:, k]] for k in (0, 1))
    way = high - low

    def slope(point: jax.Array, way: jax.Array) -> jax.Array:
        return explained(jax.jvp)(f, (point,), (way,))[1]

    rise = jnp.asarray(batched(slope, CHUNK)(found.points, way))[:, None]
    return stepped(found.points, way * divided(each(f, found.points) - level, rise))


def edges(surface: Surface | Polyhedron) -> np.ndarray | jax.Array:
    """The lines at which a surface ends: (n, m, 3), padded with NaN.

    Of a field they are where `within` cuts the `surface`, of a map also the sides of its box, but
    for those that meet one another, as two sides of a cylinder's do.

    Differentiated by numbers of the surface or of `within`, they move across themselves, and the
    sides of a map's box with the map; a mesh's own edges stay where they are.

    >>> eye = ga.camera()
    >>> box = (-2, -2, -2), (2, 2, 2)
    >>> bowl = ga.surface(lambda p: p @ p - 1, box=box, within=lambda p: p[2])
    >>> ga.lines(eye(ga.edges(bowl)))
    """
    outside("edges")
    if isinstance(surface, Polyhedron):
        lines = last_edges(surface)
        return padded(lines, (len(lines),), 3)
    smooth(surface, "edges")
    mesh = surface.mesh
    corners = mesh.triangles
    sides = np.sort(np.concatenate([corners[:, [k, (k + 1) % 3]] for k in range(3)]), 1)
    ends = _once(sides)
    if surface.implicit:  # at the sides of its box it has but been left out
        keep = surface.within
        if keep is None:
            return np.empty((0, 1, 3))
        on = np.abs(batched(keep, CHUNK)(mesh.points)) <= SHORTEST * surface.size
        ends = ends[on[ends].all(1)]
    ends = _once(np.sort(_welded(mesh.points, ends, SHORTEST * surface.size), 1))
    found = Traced(chains(ends), mesh.points, None)
    if surface_moves(surface) and found.lines:
        found = found._replace(moving=_moving_edges(surface, np.unique(ends)))
    return found.laid(found.rows())


def _moving_edges(surface: Surface, number: np.ndarray) -> jax.Array:
    """All points (n, 3) of a surface's mesh, differentiated at its ends, with these numbers."""
    keep, places = surface.within, surface.mesh.places
    points = jnp.asarray(constant(surface.mesh.points))
    if keep is not None:

        def depth(place: jax.Array) -> jax.Array:
            return keep(surface.point(place))

        near = SHORTEST * surface.size
        cut = number[np.abs(batched(depth, CHUNK)(places[number])) <= near]
        number = np.setdiff1d(number, cut)
        if len(cut):
            moved = points_at(surface, moving_places(surface, places[cut], depth))
            points = points.at[cut].set(moved)
    if len(number):
        points = points.at[number].set(points_at(surface, places[number]))
    return points


def _once(pairs: np.ndarray) -> np.ndarray:
    """Those of the pairs (n, 2) that are there once."""
    found, count = np.unique(pairs, axis=0, return_counts=True)
    return found[count == 1]


def _welded(points: np.ndarray, segments: np.ndarray, near: float) -> np.ndarray:
    """Segments (s, 2) between points (n, 3), of which those that are near are taken for one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    used = np.unique(segments)
    pairs = KDTree(points[used]).query_pairs(near, output_type="ndarray")
    size = len(used), len(used)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=size)
    label = connected_components(links, directed=False)[1]
    first = used[np.unique(label, return_index=True)[1]]
    joined = first[label[np.searchsorted(used, segments)]]
    return joined[joined[:, 0] != joined[:, 1]]


def lines_on(
    surface: Surface,
    f: Callable[[jax.Array], jax.Array],
    levels: np.ndarray,
    moving_levels: Numbers | None = None,
    *,
    moved: bool,
) -> tuple[Traced, list[int]]:
    """The lines on a surface where f, of places, has one of the levels, and how many each has.

    Their points are differentiated if they are `moved`.
    """
    mesh = surface.mesh
    values = batched(f, CHUNK)(mesh.places)
    found = [zero_crossed(mesh.triangles, values - level) for level in levels]
    starts = [
        crossing(mesh.places, values - level, between)
        for level, (between, *_) in zip(levels, found, strict=True)
    ]
    counts = [len(places) for places in starts]
    number = np.repeat(np.arange(len(levels)), counts)
    places = newton(surface, f)(np.concatenate(starts), levels[number])
    points, first = batched(surface.point, CHUNK)(places), np.cumsum([0, *counts])
    lines = [
        [first[k] + line for line in joined(points[first[k] : first[k + 1]], segments, near)]
        for near in [SHORTEST * surface.size]
        for k, (_, segments, _) in enumerate(found)
    ]
    moving = None
    if moved and len(places):
        wanted = jnp.ravel(jnp.asarray(levels if moving_levels is None else moving_levels))
        moving = points_at(surface, moving_places(surface, places, f, wanted[number]))
    every = [line for some in lines for line in some]
    return Traced(every, points, moving), [len(some) for some in lines]


def joined(points: np.ndarray, segments: np.ndarray, near: float) -> list[np.ndarray]:
    """Segments (s, 2) between points (n, 3) as lines (m,) of the numbers of points."""
    if not len(segments):
        return []
    return chains(np.unique(np.sort(_welded(points, segments, near), 1), axis=0))
