"""What hides: the insides of shapes in front, and of masks what is without."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gradart.geometry.paths.cubic_strokes import Strokes, as_points, bend, looked, parted
from gradart.geometry.paths.polygons import areas, insides
from gradart.geometry.paths.windings import within

FINE = 1e-4  # of a shape's size: how near the chords are that say what is in
SAME = 1e-9  # of all strokes: what lies no farther from a shape is in it
BATCH = 64  # shapes that are laid over all others at once, first; then twice as many, ...

# Rows from one to before another, seen inside of those to before a third, surely in a region.
Window = tuple[int, int, int, shapely.Geometry]


@dataclass(frozen=True)
class Cover:
    """The insides (k,) of rows (k,) that hide what is behind them, and how near is in.

    The insides have chords for curves. `kernels` (k,) are parts of them that are inside of the
    curves themselves, as far as `windows` show them, and beyond `reach` (k,) from the insides
    there is none of these. What is between lies near the `outlines`.
    """

    outlines: Strokes
    insides: np.ndarray
    kernels: np.ndarray
    reach: np.ndarray
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
        bent = np.isin(rows, outlines.row[bend(outlines.pieces) > 0])
        reach = np.where(bent, 2 * FINE * sizes[piece], 0)
        # Chords of what bulges lie within it; others may lie without.
        kernels, loose = shapes.copy(), bent.copy()
        hulls = shapely.area(shapely.convex_hull(shapes[bent]))
        loose[bent] = hulls > (1 + 1e-12) * shapely.area(shapes[bent])
        kernels[loose] = shapely.buffer(shapes[loose], -reach[loose], quad_segs=1)
        return Cover(outlines, shapes, kernels, reach, rows, SAME * size)

    def masked(self, masks: Sequence[tuple[int, int, int]]) -> "Cover":
        """What rows from `begin` to before `end` hide, only inside of those from there to `stop`.

        The latter are the outlines of a mask, and hide nothing themselves.
        """
        kernels, reach = self.kernels.copy(), self.reach.copy()
        windows = []
        for begin, end, stop in masks:
            low, middle, high = np.searchsorted(self.row, [begin, end, stop])
            region = shapely.union_all(kernels[middle:high])
            shapely.prepare(region)
            kernels[low:middle] = areas(shapely.intersection(kernels[low:middle], region))
            if (wide := reach[middle:high].max(initial=0)) > 0:
                reach[low:middle] = np.maximum(reach[low:middle], wide)
            windows.append((begin, end, stop, region))
        return replace(self, kernels=kernels, reach=reach, windows=tuple(windows))

    def hides(self, points: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of points (n, 2), of these rows (n,), lies inside of a later row.

        Or outside of a mask.
        """
        hidden = np.zeros(len(points), bool)
        seen = np.flatnonzero(np.isfinite(points).all(-1))
        points, rows = points[seen], rows[seen]
        places = shapely.points(points)
        hides = ~self._of_masks
        out = self._later(self.kernels[hides], self.row[hides], places, rows, "dwithin", self.near)
        left = np.flatnonzero(~out)
        cover, place = self._near(places[left], hides)
        place = left[place]
        behind = self.row[cover] > rows[place]
        cover, place = cover[behind], place[behind]
        out[place[self._holds_points(points[place], self.row[cover])]] = True
        for begin, end, stop, region in self.windows:
            some = np.flatnonzero(~out & (begin <= rows) & (rows < end))
            out[some] = ~self._shown(points[some], end, stop, region)
        hidden[seen] = out
        return hidden

    @property
    def _of_masks(self) -> np.ndarray:
        """Which rows (k,) are outlines of masks."""
        found = np.zeros(len(self.row), bool)
        for _, end, stop, _ in self.windows:
            found |= (end <= self.row) & (self.row < stop)
        return found

    def _near(self, places: np.ndarray, some: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of curved rows, of those chosen (k,), and of places in reach of their insides."""
        bent = np.flatnonzero((self.reach > 0) & some)
        tree = shapely.STRtree(places)
        cover, place = tree.query(self.insides[bent], "dwithin", self.reach[bent])
        return bent[cover], place

    def _holds_points(self, points: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether points (n, 2) are inside of the curves of their rows (n,), where these show."""
        found = within(self.outlines, points @ (1, 1j), rows, self.near)
        for begin, end, stop, region in self.windows:
            some = np.flatnonzero(found & (begin <= rows) & (rows < end))
            found[some] = self._shown(points[some], end, stop, region)
        return found

    def _shown(
        self, points: np.ndarray, end: int, stop: int, region: shapely.Geometry
    ) -> np.ndarray:
        """Whether points (n, 2) lie in a mask, whose rows are from `end` to before `stop`."""
        places = shapely.points(points)
        found = shapely.dwithin(region, places, self.near)
        left = np.flatnonzero(~found)
        cover, place = self._near(places[left], (end <= self.row) & (self.row < stop))
        place = left[place]
        inside = within(self.outlines, points[place] @ (1, 1j), self.row[cover], self.near)
        found[place[inside]] = True
        return found

    @property
    def holed(self) -> bool:
        """Whether a shape may lie around what is not hidden, though its outline is."""
        return bool(shapely.get_num_interior_rings(shapely.get_parts(self.kernels)).any())

    def holds(self, shapes: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Whether each of shapes (n,), of these rows (n,), lies within one later row."""
        hides = ~self._of_masks
        return self._later(self.kernels[hides], self.row[hides], shapes, rows, "contains_properly")

    @staticmethod
    def _later(
        covers: np.ndarray,
        of: np.ndarray,
        shapes: np.ndarray,
        rows: np.ndarray,
        relation: str,
        *far: float,
    ) -> np.ndarray:
        """Whether one of the covers of rows (k,), if it is later, has a relation to each of shapes.

        From the front on, for what is hidden need not be looked at any more.
        """
        hidden = np.zeros(len(shapes), bool)
        order = np.argsort(-of)
        left, tree, begin, count = np.arange(len(shapes)), shapely.STRtree(shapes), 0, BATCH
        while begin < len(order):
            some = order[begin : begin + count]
            begin, count = begin + count, 2 * count
            behind = left[~hidden[left] & (rows[left] < of[some[0]])]
            if 2 * len(behind) < len(left):
                left, tree = behind, shapely.STRtree(shapes[behind])
            cover, shape = tree.query(covers[some], relation, *far)
            shape = left[shape]
            hidden[shape[of[some][cover] > rows[shape]]] = True
        return hidden
