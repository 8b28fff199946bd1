"""Which filled strokes of a pen wait for others: those that are painted over them, or under."""

from collections.abc import Sequence

import numpy as np
import shapely

from gradart.geometry.paths.polygons import insides

_SEEN = 0.01  # mm of overlap that nobody sees
_BLOCK = 1000  # shapes that are compared with all others at once


def turns(shapes: Sequence[Sequence[np.ndarray]], width: float, solid: bool) -> np.ndarray:
    """When each of some shapes is drawn: (n,) numbers, from 0; those of one may change places.

    A shape is runs of points (m, 2), in mm, filled and stroked alike by a pen of this width. It
    comes after those before it that it overlaps. Solid shapes whose outlines are closed may touch:
    what the inside of one hides of the other's stroke lies under its own.
    """
    areas = insides([[run for run in shape if len(run) > 2] for shape in shapes])
    lines = np.array([shapely.multilinestrings(list(map(shapely.linestrings, s))) for s in shapes])
    closed = np.array([all((run[0] == run[-1]).all() for run in shape) for shape in shapes])
    grown = shapely.buffer(shapely.union(areas, lines), width / 2)
    alone = solid & closed & (shapely.area(areas) > 0)
    found = np.where(alone, shapely.buffer(areas, -_SEEN), grown)
    tree, turn = shapely.STRtree(found), np.zeros(len(found), int)
    for first in range(0, len(found), _BLOCK):
        which, other = tree.query(found[first : first + _BLOCK], "intersects")
        which = which + first
        order = np.flatnonzero(other < which)
        order = order[np.argsort(which[order], kind="stable")]
        begins = np.flatnonzero(np.diff(which[order], prepend=-1))
        covered = np.split(other[order], begins)[1:]
        for k, some in zip(which[order][begins].tolist(), covered, strict=True):
            turn[k] = turn[some].max() + 1
    return turn
