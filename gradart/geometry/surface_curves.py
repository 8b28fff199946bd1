"""Curves on a surface where something is 0: its silhouettes, its edges, the level lines of a field.

Each is found on the surface's mesh, and its points are then moved by Newton's method onto it.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks import FIELD, checked, outside, plain_numbers
from gradart.calculus.compiled_once import held, traced
from gradart.calculus.present_values import present
from gradart.calculus.vectors import dot
from gradart.errors import ArtError
from gradart.geometry.cameras import Camera, as_camera
from gradart.geometry.paths import padded
from gradart.geometry.polyhedra import Polyhedron, last_edges, level_lines, turning_edges
from gradart.geometry.surface_meshes import chains, crossing, zero_crossed
from gradart.geometry.surfaces import Surface, evaluated, newton, smooth
from gradart.types import Field, Numbers

SHORTEST = 1e-6  # of the surface's size: what is shorter has shrunk to a point


def silhouettes(surface: Surface | Polyhedron, eye: Camera) -> np.ndarray:
    """The lines of a surface along which it turns away from the eye: (n, m, 3), padded with NaN.

    There the normal of `surface` is at right angles to the ray to the `eye`; of a mesh, they are
    the edges between faces that are turned to it and faces that are not. What lies behind
    something else is among them: `opaque` takes it away. A line ends where it began, or where the
    surface does.

    >>> eye = ga.camera()
    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> ga.lines(eye(ga.silhouettes(ball, eye)))
    """
    outside("silhouettes", as_camera(eye))
    still = present(eye)
    if isinstance(surface, Polyhedron):
        lines = turning_edges(surface, still)
        return padded(lines, (len(lines),), 3)
    smooth(surface, "silhouettes")

    def facing(place: jax.Array) -> jax.Array:
        return dot(surface.normal(place), still.way(surface.point(place)))

    (lines,) = lines_on(surface, facing, np.zeros(1))
    return padded(lines, (len(lines),), 3)


def sections(surface: Surface | Polyhedron, field: Field, levels: Numbers) -> np.ndarray:
    """The level lines of a field in space on a surface: (levels, m, 3), NaN between the lines.

    `field` is (3,) -> (), and `levels` are its values on the `surface`: of a coordinate, as in
    `lambda p: p[2]`, the lines are cuts by planes. A row has all lines of its level.

    >>> eye = ga.camera()
    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> ga.lines(eye(ga.sections(ball, lambda p: p[2], [-0.5, 0, 0.5])))
    """
    outside("sections")
    wanted = np.ravel(plain_numbers(levels, "levels"))
    if not np.isfinite(wanted).all() or not len(wanted):
        raise ArtError("levels of sections are one or more finite numbers")
    f = held(traced(checked(field, FIELD), jnp.zeros(3)))
    if isinstance(surface, Polyhedron):
        return _level_rows(level_lines(surface, evaluated(f), wanted))
    smooth(surface, "sections")

    def height(place: jax.Array) -> jax.Array:
        return f(surface.point(place))

    return _level_rows(lines_on(surface, height, wanted))


def _level_rows(found: list[list[np.ndarray]]) -> np.ndarray:
    """Lines (m, 3) of each level as a row of it, with NaN between them."""
    gap = np.full((1, 3), np.nan)
    rows = [
        np.concatenate([np.empty((0, 3)), *(part for line in lines for part in (line, gap))])
        for lines in found
    ]
    return padded(rows, (len(rows),), 3)


def edges(surface: Surface | Polyhedron) -> np.ndarray:
    """The lines at which a surface ends: (n, m, 3), padded with NaN.

    Of a field they are where `within` cuts the `surface`, of a map also the sides of its box, but
    for those that meet one another, as two sides of a cylinder's do.

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
        on = np.abs(evaluated(keep)(mesh.points)) <= SHORTEST * surface.size
        ends = ends[on[ends].all(1)]
    ends = _once(np.sort(_welded(mesh.points, ends, SHORTEST * surface.size), 1))
    lines = [mesh.points[line] for line in chains(ends)]
    return padded(lines, (len(lines),), 3)


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
    surface: Surface, f: Callable[[jax.Array], jax.Array], levels: np.ndarray
) -> list[list[np.ndarray]]:
    """For each of the levels, the lines (m, 3) on a surface where f, of places, has that value."""
    mesh = surface.mesh
    values = evaluated(f)(mesh.places)
    found = [zero_crossed(mesh.triangles, values - level) for level in levels]
    starts = [
        crossing(mesh.places, values - level, between)
        for level, (between, *_) in zip(levels, found, strict=True)
    ]
    counts = [len(places) for places in starts]
    places = newton(surface, f)(np.concatenate(starts), np.repeat(levels, counts))
    points = np.split(evaluated(surface.point)(places), np.cumsum(counts)[:-1])
    return [
        joined(at, segments, SHORTEST * surface.size)
        for at, (_, segments, _) in zip(points, found, strict=True)
    ]


def joined(points: np.ndarray, segments: np.ndarray, near: float) -> list[np.ndarray]:
    """Segments (s, 2) between points (n, 3) as lines (m, 3)."""
    if not len(segments):
        return []
    welded = np.unique(np.sort(_welded(points, segments, near), 1), axis=0)
    return [points[line] for line in chains(welded)]
