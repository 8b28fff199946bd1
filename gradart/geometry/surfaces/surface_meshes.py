"""Triangles on a surface, whose vertices lie on it: where to begin to look for what is exact.

Of a field in space by surface nets: S. F. F. Gibson, "Constrained elastic surface nets", MICCAI
(1998): a vertex in each cell of a grid that the surface passes, and four of them around each edge
of the grid that it crosses.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

AROUND = np.array([(-1, -1), (0, -1), (0, 0), (-1, 0)])  # cells around an edge, one after the other


@dataclass(frozen=True)
class Mesh:
    """Triangles (k, 3) of vertices: their `places` (n, d) and their `points` in space (n, 3).

    A vertex's place is what its surface is a function of: its point, or two parameters. `cell` is
    the size of a cell of the grid, in the units of places, and `reach` about that in space.
    """

    places: np.ndarray
    points: np.ndarray
    triangles: np.ndarray
    cell: float
    reach: float


def net(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (n, 3) and triangles (k, 3) where values (a, b, c) at whole numbers are 0."""
    inside, known = values < 0, np.isfinite(values)
    shape = np.array(values.shape) - 1
    owners, crossings, squares = [], [], []
    for axis in range(3):
        first = tuple(slice(None, -1) if k == axis else slice(None) for k in range(3))
        second = tuple(slice(1, None) if k == axis else slice(None) for k in range(3))
        crossed = (inside[first] != inside[second]) & known[first] & known[second]
        edge = np.argwhere(crossed)
        before, after = values[first][crossed], values[second][crossed]
        point = edge.astype(float)
        point[:, axis] += before / (before - after)
        cells = np.repeat(edge[:, None], 4, 1)
        cells[:, :, [k for k in range(3) if k != axis]] += AROUND
        there = ((cells >= 0) & (cells < shape)).all(-1)
        index = np.ravel_multi_index(tuple(np.moveaxis(cells, -1, 0)), tuple(shape), mode="clip")
        owners.append(index[there])
        crossings.append(np.repeat(point[:, None], 4, 1)[there])
        squares.append(index[np.all(there, axis=1)])
    owner, crossing = np.concatenate(owners), np.concatenate(crossings)
    kept, number = np.unique(owner, return_inverse=True)
    count = np.bincount(number, minlength=len(kept))
    vertices = np.stack([np.bincount(number, c, len(kept)) for c in crossing.T], -1)
    square = np.searchsorted(kept, np.concatenate(squares))
    triangles = np.concatenate([square[:, [0, 1, 2]], square[:, [0, 2, 3]]])
    return vertices / np.maximum(count, 1)[:, None], triangles


def lattice(columns: int, rows: int) -> np.ndarray:
    """Triangles (k, 3) over the nodes of a grid (columns, rows), in the order of such an array."""
    number = np.arange(columns * rows).reshape(columns, rows)
    corners = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    a, b, c, d = (x.ravel() for x in corners)
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])


def crossed_edges(
    triangles: np.ndarray, below: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where triangles (k, 3) are crossed: edges (e, 2), segments (s, 2), triangles' numbers (s,).

    An edge is crossed where one of its corners is `below` (k, 3) and the other is not, in a
    triangle that is `known` (k,). A segment joins two of the edges, by their numbers, through one.
    """
    number = np.flatnonzero(known & below.any(1) & ~below.all(1))
    chosen, corner = triangles[number], below[number]
    # The corner that is on its own side: both crossed edges begin at it.
    lone = np.where(corner.sum(1) == 1, corner.argmax(1), (~corner).argmax(1))
    each = np.arange(len(chosen))
    apex = chosen[each, lone]
    ends = [np.sort(np.stack([apex, chosen[each, (lone + k) % 3]], -1), 1) for k in (1, 2)]
    edges, index = np.unique(np.concatenate(ends), axis=0, return_inverse=True)
    return edges, index.reshape(2, -1).T, number


def zero_crossed(
    triangles: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The edges, segments and triangles of `crossed_edges` where values (n,) change their sign."""
    known = np.isfinite(values)[triangles].all(1)
    return crossed_edges(triangles, (values < 0)[triangles], known)


def chains(segments: np.ndarray) -> list[np.ndarray]:
    """Segments (s, 2) between numbered nodes joined to lines, each as the nodes along it.

    A line that closes has its first node again at the end.
    """
    at: dict[int, list[int]] = {}
    pairs = segments.tolist()
    for k, (a, b) in enumerate(pairs):
        at.setdefault(a, []).append(k)
        at.setdefault(b, []).append(k)
    used = [False] * len(pairs)

    def walk(node: int) -> list[int]:
        line = [node]
        while True:
            step = next((k for k in at[node] if not used[k]), None)
            if step is None:
                return line
            used[step] = True
            a, b = pairs[step]
            node = b if node == a else a
            line.append(node)

    ends = [node for node, around in at.items() if len(around) % 2]
    lines = [walk(node) for node in [*ends, *at]]
    return [np.array(line) for line in lines if len(line) > 1]


def cut(
    mesh: Mesh, values: np.ndarray, polished: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
) -> Mesh:
    """The part of a mesh where values (n,) at its vertices are negative.

    `polished` takes places (e, d) between two vertices to where the values are 0, and their points.
    """
    edges, segments, number = zero_crossed(mesh.triangles, values)
    places, points = polished(crossing(mesh.places, values, edges))
    whole = (values[mesh.triangles] < 0).all(1)
    corners = mesh.triangles[number]
    inner = values[corners] < 0
    lone = np.where(inner.sum(1) == 1, inner.argmax(1), (~inner).argmax(1))
    each = np.arange(len(corners))
    apex = corners[each, lone]
    second, third = corners[each, (lone + 1) % 3], corners[each, (lone + 2) % 3]
    one, other = (len(mesh.places) + segments).T
    tip = inner.sum(1) == 1
    parts = [
        mesh.triangles[whole],
        np.stack([apex, one, other], -1)[tip],
        np.stack([one, second, third], -1)[~tip],
        np.stack([one, third, other], -1)[~tip],
    ]
    return Mesh(
        np.concatenate([mesh.places, places]),
        np.concatenate([mesh.points, points]),
        np.concatenate(parts),
        mesh.cell,
        mesh.reach,
    )


def crossing(places: np.ndarray, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Where values (n,), linear along edges (e, 2) between places (n, d), are 0: (e, d).

    They are taken to have different signs at the two ends, whichever they have.
    """
    before, after = np.abs(values[edges]).T
    share = before / (before + after)
    begin, end = places[edges[:, 0]], places[edges[:, 1]]
    return begin + share[:, None] * (end - begin)
