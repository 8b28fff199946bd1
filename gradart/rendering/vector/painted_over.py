"""Which filled strokes of a pen are painted over which others, and so must come after them."""

from collections.abc import Sequence

import numpy as np
import shapely

from gradart.geometry.paths.polygons import insides

_SEEN = 0.01  # mm of overlap that nobody sees
_BLOCK = 1000  # shapes that are compared with all others at once
_PAIRS = 4_000_000  # that overlap, above which all keep their order


def painted_over(
    shapes: Sequence[Sequence[np.ndarray]], width: float, solid: bool
) -> list[np.ndarray]:
    """For each of some shapes the numbers of those before it that it overlaps.

    A shape is runs of points (m, 2), in mm, filled and stroked alike by a pen of this width. Solid
    shapes whose outlines are closed may touch: what the inside of one hides of the other's stroke
    lies under its own.
    """
    areas = insides([[run for run in shape if len(run) > 2] for shape in shapes])
    lines = np.array([shapely.multilinestrings(list(map(shapely.linestrings, s))) for s in shapes])
    closed = np.array([all((run[0] == run[-1]).all() for run in shape) for shape in shapes])
    grown = shapely.buffer(shapely.union(areas, lines), width / 2)
    alone = solid & closed & (shapely.area(areas) > 0)
    found = np.where(alone, shapely.buffer(areas, -_SEEN), grown)
    tree, pairs = shapely.STRtree(found), 0
    below: list[np.ndarray] = []
    for first in range(0, len(found), _BLOCK):
        some = found[first : first + _BLOCK]
        which, other = tree.query(some, "intersects")
        earlier = other < which + first
        which, other = which[earlier], other[earlier]
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(np.bincount(which, minlength=len(some)))
        below += np.split(other[order], ends[:-1])
        pairs += len(which)
        if pairs > _PAIRS:
            return [np.arange(max(k - 1, 0), k) for k in range(len(found))]
    return below
