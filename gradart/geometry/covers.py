"""What hides: the insides of shapes in front, and of masks what is without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gradart.geometry.cubic_strokes import Strokes, as_points, bend, looked, parted
from gradart.geometry.polygons import areas, insides

FINE = 1e-4  # of a shape's size: how near the chords are that say what is in
SAME = 1e-9  # of all strokes: what lies no farther from a shape is in it
BATCH = 64  # shapes that are laid over all others at once, first; then twice as many, ...

Window = tuple[int, int, shapely.Geometry]  # rows from one to before another, seen only in a region


@dataclass(frozen=True)
class Cover:
    """The insides (k,) of rows (k,) that hide what is behind them, and how near is in.

    `kernels` (k,) are parts of them that are inside of the shapes themselves, of whose curves the
    insides have chords.
    """

    insides: np.ndarray
    kernels: np.ndarray
    row: np.ndarray
    near: float
    windows: tuple[Window, ...] = ()

    @staticmethod
    def of(outlines: Strokes, size: float) -> "Cover":
        """Of closed runs, each row by the nonzero winding rule, in a drawing of a size."""
        sizes = outlines.sizes()
        owner, t = parted(outlines.pieces, sizes, FINE)
        start = as_points(looked(outlines.powers[:, owner], t[:, 0])[0])
        first = np.flatnonzero(np.diff(outlines.run[owner], prepend=-1))
        rows, piece = np.unique(outlines.row, return_index=True)
        by_row: dict[int, list[np.ndarray]] = {n: [] for n in rows}
        for n, loop in zip(outlines.row[owner][first], np.split(start, first[1:]), strict=False):
            if len(loop) >= 3:
                by_row[n].append(loop)
        shapes = insides(list(by_row.values()))
        kernels = shapes.copy()
        # Chords of what bulges lie within it; others may lie without.
        loose = np.isin(rows, outlines.row[bend(outlines.pieces) > 0])
        hulls = shapely.area(shapely.convex_hull(shapes[loose]))
        loose[loose] = hulls > (1 + 1e-12) * shapely.area(shapes[loose])
        deep = 2 * FINE * sizes[piece[loose]]
        kernels[loose] = shapely.buffer(shapes[loose], -deep, quad_segs=1)
        return Cover(shapes, kernels, rows, SAME * size)

    def masked(self, masks: Sequence[tuple[int, int, int]]) -> "Cover":
        """What rows from `begin` to before `end` hide, only inside of those from there to `stop`.

        The latter are the outlines of a mask, and hide nothing themselves.
        """
        shapes, kernels, kept = (
            self.insides.copy(),
            self.kernels.copy(),
            np.full(len(self.row), True),
        )
        windows = []
        for begin, end, stop in masks:
            low, middle, high = np.searchsorted(self.row, [begin, end, stop])
            for found in (kernels, shapes):
                region = shapely.union_all(found[middle:high])
                shapely.prepare(region)
                found[low:middle] = areas(shapely.intersection(found[low:middle], region))
            windows.append((begin, end, region))
            kept[middle:high] = False
        return Cover(shapes[kept], kernels[kept], self.row[kept], self.near, tuple(windows))

    def hides(self, points: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of points (n, 2), of these rows (n,), lies inside of a later row.

        Or outside of a mask.
        """
        hidden = np.zeros(len(points), bool)
        seen = np.flatnonzero(np.isfinite(points).all(-1))
        places = shapely.points(points[seen])
        out = self._later(self.insides, places, rows[seen], "dwithin", self.near)
        for begin, end, region in self.windows:
            some = ~out & (begin <= rows[seen]) & (rows[seen] < end)
            out[some] = ~shapely.dwithin(region, places[some], self.near)
        hidden[seen] = out
        return hidden

    @property
    def holed(self) -> bool:
        """Whether a shape may lie around what is not hidden, though its outline is."""
        return bool(shapely.get_num_interior_rings(shapely.get_parts(self.kernels)).any())

    def holds(self, shapes: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of shapes (n,), of these rows (n,), lies within one later row."""
        return self._later(self.kernels, shapes, rows, "contains_properly")

    def _later(
        self, covers: np.ndarray, shapes: np.ndarray, rows: np.ndarray, relation: str, *far: float
    ) -> np.ndarray:
        """Whether one of the covers of later rows has a relation to each of shapes (n,).

        From the front on, for what is hidden need not be looked at any more.
        """
        hidden = np.zeros(len(shapes), bool)
        order = np.argsort(-self.row)
        left, tree, begin, count = np.arange(len(shapes)), shapely.STRtree(shapes), 0, BATCH
        while begin < len(order):
            some = order[begin : begin + count]
            begin, count = begin + count, 2 * count
            behind = left[~hidden[left] & (rows[left] < self.row[some[0]])]
            if 2 * len(behind) < len(left):
                left, tree = behind, shapely.STRtree(shapes[behind])
            cover, shape = tree.query(covers[some], relation, *far)
            shape = left[shape]
            hidden[shape[self.row[some][cover] > rows[shape]]] = True
        return hidden
