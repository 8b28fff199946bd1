"""Surfaces of flat triangles, as files have them: their silhouettes, creases, ends and sections."""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import outside, still_numbers
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.surfaces.cameras import Camera
from gradart.geometry.surfaces.surface_meshes import chains, zero_crossed
from gradart.library.readers.mesh_files import read_mesh

FARTHEST = 1e70  # a coordinate, so that squares of areas are finite
WELDED = 1e-9  # of its size: nearer points are one
PARTS = 100  # of its size, of which no piece of a line is longer, so that each can be hidden
HALVINGS = 50  # of an edge, until it is parted where a section crosses it
LEVEL = 1e-9  # of an angle's sine: a face that is turned to the eye by less is seen edge-on


class Sides(NamedTuple):
    """The edges (e, 2) of triangles, by points, and the two triangles (e, 2) at each.

    The second one is -1 where a surface ends, and -2 where more than two meet. `turned` (e,) says
    whether the two go around in different senses.
    """

    ends: np.ndarray
    faces: np.ndarray
    turned: np.ndarray


@dataclass(frozen=True, eq=False)
class Polyhedron:
    """A surface of flat triangles. `mesh` makes one of a file.

    Or it is made of `points` (n, 3) and `triangles` (k, 3), each of the numbers of three of them.

    >>> corners = np.array([(0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)])
    >>> pyramid = ga.Polyhedron(np.eye(4, 3), corners)
    >>> ga.lines(ga.camera()(ga.creases(pyramid)))
    """

    points: np.ndarray
    """(n, 3)"""
    triangles: np.ndarray
    """(k, 3), each of the numbers of three points"""

    def __post_init__(self) -> None:
        points, corners = (
            still_numbers(self.points, "points"),
            still_numbers(self.triangles, "triangles"),
        )
        if points.ndim != 2 or points.shape[1] != 3 or not (np.abs(points) < FARTHEST).all():
            raise ArtError(
                f"points is {short(self.points)}: give points in space, shape (n, 3), whose"
                f" coordinates are finite and below {FARTHEST:g}"
            )
        if corners.ndim != 2 or corners.shape[1] != 3 or not len(corners):
            raise ArtError(
                f"triangles is {short(self.triangles)}: give three numbers of points for each of"
                " them, shape (k, 3)"
            )
        # NaN is no number of a point either.
        if not ((corners % 1 == 0) & (corners >= 0) & (corners < len(points))).all():
            raise ArtError(
                f"triangles are of points that are not there: give whole numbers from 0 to"
                f" {len(points) - 1}"
            )
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "triangles", corners.astype(int))
        if not np.isfinite(self.normals).any():
            raise ArtError("no triangle of this mesh has an area")

    @property
    def size(self) -> float:
        """The diagonal of what it fills in space."""
        return float(np.linalg.norm(np.ptp(self.points[self.triangles].reshape(-1, 3), axis=0)))

    @functools.cached_property
    def normals(self) -> np.ndarray:
        """The normals (k, 3) of its triangles, of length 1, and NaN of those without an area."""
        a, b, c = np.moveaxis(self.points[self.triangles], 1, 0)
        normal = np.cross(b - a, c - a)
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        return np.divide(normal, length, out=np.full_like(normal, np.nan), where=length > 0)

    @functools.cached_property
    def sides(self) -> Sides:
        """Its edges, and which triangles they part."""
        count = len(self.triangles)
        pairs = np.concatenate([self.triangles[:, [k, (k + 1) % 3]] for k in range(3)])
        ends, index, counts = np.unique(
            np.sort(pairs, 1), axis=0, return_inverse=True, return_counts=True
        )
        order = np.argsort(index.ravel(), kind="stable")
        first = np.cumsum(counts) - counts
        one, other = order[first], order[np.minimum(first + 1, len(order) - 1)]
        second = np.where(counts == 2, other % count, np.where(counts == 1, -1, -2))
        same = (pairs[one] == pairs[other]).all(1)
        return Sides(ends, np.stack([one % count, second], -1), (counts == 2) & same)


def mesh(file: str | os.PathLike[str], *, up: Literal["y", "z"] = "z") -> Polyhedron:
    """The mesh of a file, STL, OBJ, PLY or OFF: a surface of flat triangles.

    It is drawn by its `silhouettes`, `creases`, `edges` and `sections`, and hides lines, alone or
    among others, by `opaque`, as a `surface` does. `up` is the axis that is upward in the `file`,
    whose units stay. Points that are alike are one. What needs derivatives, as lines of curvature
    do, it has not.

    By trimesh: `pip install 'gradart[meshes]'`. ArtError where the file is broken or has no faces.

    >>> from pathlib import Path
    >>> tent = "v 1 0 0\\nv 0 0 1\\nv 0 0 -2\\nv 0 5 0\\nf 1 2 4\\nf 2 3 4\\n"
    >>> _ = Path("tent.obj").write_text(tent)
    >>> ga.lines(ga.camera()(ga.edges(ga.mesh("tent.obj", up="y"))))
    """
    outside("mesh")
    if not (isinstance(up, str) and up in ("y", "z")):
        raise ArtError(f"up is {short(up)}: give 'y' or 'z'")
    points, triangles = read_mesh(file)
    if up == "y":
        points = points[:, [0, 2, 1]] * np.array([1, -1, 1])
    return welded(points, triangles)


def welded(points: np.ndarray, triangles: np.ndarray) -> Polyhedron:
    """A polyhedron of points (n, 3) and triangles (k, 3); points that are alike are one."""
    extent = float(np.ptp(points, axis=0).max())
    steps = np.round((points - points.min(0)) / (WELDED * (extent or 1.0)))
    _, first, number = np.unique(steps, axis=0, return_index=True, return_inverse=True)
    corners = number.ravel()[triangles]
    whole = (corners != np.roll(corners, 1, 1)).all(1)
    if not whole.any():
        raise ArtError("no triangle of this mesh has an area")
    return Polyhedron(points[first], corners[whole])


def creases(mesh: Polyhedron, angle: float = 30.0) -> np.ndarray:
    """The edges at which a mesh is sharp: (n, m, 3), padded with NaN.

    There the normals of two faces of the `mesh` are `angle` degrees or more apart, or more than two
    faces meet. What lies behind something else is among them: `opaque` takes it away. Of a
    `surface`, which is smooth, `crest_lines` are what creases are of a mesh. They are edges of the
    mesh, and move with nothing.

    >>> corners = np.array([(0, 1, 2), (0, 3, 1), (1, 3, 2), (2, 3, 0)])
    >>> pyramid = ga.Polyhedron(np.eye(4, 3), corners)
    >>> ga.lines(ga.opaque(pyramid, ga.camera())(ga.creases(pyramid)))
    """
    if not isinstance(mesh, Polyhedron):
        raise ArtError("creases takes a mesh; those of a smooth surface are its crest_lines")
    outside("creases", angle)
    least = np.radians(float(present(as_number(angle, "angle", "angle in degrees", least=0))))
    ends, faces, turned = mesh.sides
    one, other = (mesh.normals[faces[:, k]] for k in (0, 1))
    cosine = (one * other).sum(1) * np.where(turned, -1, 1)
    sharp = (faces[:, 1] >= 0) & (cosine <= np.cos(least) + LEVEL)
    lines = edge_lines(mesh, ends[sharp | (faces[:, 1] == -2)])
    return padded(lines, (len(lines),), 3)


def turning_edges(of: Polyhedron, eye: Camera) -> list[np.ndarray]:
    """The lines (m, 3) of a polyhedron whose one side is turned to an eye, and the other is not."""
    ends, faces, turned = of.sides
    middle = of.points[of.triangles].mean(1)
    way = np.asarray(eye.way(middle), float)
    facing = (of.normals * way).sum(1) / np.linalg.norm(way, axis=1)
    side = np.where(np.abs(facing) > LEVEL, np.sign(facing), 0)
    one, other = side[faces[:, 0]], side[faces[:, 1]] * np.where(turned, -1, 1)
    return edge_lines(of, ends[(faces[:, 1] >= 0) & (one != other)])


def last_edges(of: Polyhedron) -> list[np.ndarray]:
    """The lines (m, 3) at which a polyhedron ends."""
    return edge_lines(of, of.sides.ends[of.sides.faces[:, 1] == -1])


class Level(NamedTuple):
    """The lines of one level on a mesh: points where it crosses edges, and lines of these."""

    points: np.ndarray
    """(e, 3)"""
    ends: np.ndarray
    """(e, 2), the edges that they lie on, by points of the mesh"""
    lines: list[np.ndarray]
    """(m,) each"""


def level_lines(
    of: Polyhedron, f: Callable[[np.ndarray], np.ndarray], levels: np.ndarray
) -> list[Level]:
    """For each of the levels, the lines on a polyhedron where f, of points, has that value.

    Where they cross an edge they are on their level, and straight from one to the next.
    """
    values, found = f(of.points), []
    for level in levels:
        edges, segments, _ = zero_crossed(of.triangles, values - level)
        low, high = (of.points[edges[:, k]] for k in (0, 1))
        below = values[edges[:, :1]] < level
        for _ in range(HALVINGS if len(edges) else 0):
            middle = (low + high) / 2
            same = (f(middle)[:, None] < level) == below
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found.append(Level(low, edges, chains(segments)))
    return found


def edge_lines(of: Polyhedron, ends: np.ndarray) -> list[np.ndarray]:
    """Edges (e, 2) as lines (m, 3), with points between theirs where these are far apart."""
    return [fine_line(of.points[line], of.size / PARTS) for line in chains(ends)]


def fine_line(line: np.ndarray, longest: float) -> np.ndarray:
    """A line (m, 3) with more points on it, none farther from the next than the longest."""
    at = fine_places(line, longest)
    return np.stack([np.interp(at, np.arange(len(line)), axis) for axis in line.T], -1)


def fine_places(line: np.ndarray, longest: float) -> np.ndarray:
    """Where on a line (m, 3) these points lie, (k,): 1.5 is halfway from the second on."""
    lengths = np.linalg.norm(np.diff(line, axis=0), axis=1)
    counts = np.maximum(np.ceil(lengths / longest), 1).astype(int)
    at = np.concatenate([k + np.arange(n) / n for k, n in enumerate(counts)])
    return np.append(at, len(line) - 1)
