"""What hides strokes: the insides of shapes in front of them, and the outsides of masks.

What lies inside of curves is told by how often these wind around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gradart.calculus.programs.batching import numbered
from gradart.geometry.paths.cubic_strokes import Strokes, as_points, bend, looked, parted
from gradart.geometry.paths.polygons import areas, insides

FINE = 1e-4  # of a shape's size: how near the chords are that say what is in
SAME = 1e-9  # of all strokes: what lies no farther from a shape is in it
BATCH = 64  # shapes that are laid over all others at once, first; then twice as many, ...

# Rows from one to before another, seen inside of those to before a third, surely in a region.
Window = tuple[int, int, int, shapely.Geometry]
_SAMPLES = 9  # of a piece, to begin the search for its nearest point
_STEPS = 8  # of Newton's method towards that
_HALVINGS = 52  # of a parameter, until its two halves are one number


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


def within(outlines: Strokes, points: np.ndarray, rows: np.ndarray, near: float) -> np.ndarray:
    """Whether each of points (n,), complex, is inside of a row of its own (n,), or so near to it.

    By the nonzero rule and the curves themselves: a ray to the right meets a part of a cubic on
    which y only rises or falls once, or not at all.
    """
    first, stop = (np.searchsorted(outlines.row, rows, side) for side in ("left", "right"))
    count = stop - first
    point = np.repeat(np.arange(len(points)), count)
    piece = np.repeat(first, count) + numbered(count)
    found = np.zeros(len(points), bool)
    powers = outlines.powers[:, piece]
    on = _distance(powers, points[point]) <= near
    found[point[on]] = True
    turns = np.zeros(len(points), int)
    np.add.at(turns, point, _turns(outlines.pieces[piece] @ (1, 1j), powers, points[point]))
    return found | (turns != 0)


def _turns(corners: np.ndarray, powers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How often cubics (n, 4) go up, less how often down, where they are right of points (n,)."""
    a, b, c, _ = powers.imag
    root = np.sqrt(np.maximum(b * b - 3 * a * c, 0))
    larger = -b - np.where(b < 0, -root, root)  # without a difference of what is alike
    with np.errstate(divide="ignore", invalid="ignore"):
        turning = np.nan_to_num([larger / (3 * a), c / larger], nan=0, posinf=0, neginf=0)
    t = np.stack([np.zeros_like(a), *np.sort(turning.clip(0, 1), 0), np.ones_like(a)])
    heights = looked(powers[:, None], t)[0].imag
    heights[0], heights[-1] = corners[:, 0].imag, corners[:, 3].imag  # as their neighbors have them
    below = heights <= points.imag
    up = below[:-1].astype(int) - below[1:]
    part, n = np.nonzero(up)
    low, high = t[part, n], t[part + 1, n]
    rising = up[part, n] > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        past = (looked(powers[:, n], middle)[0].imag > points[n].imag) == rising
        low, high = np.where(past, low, middle), np.where(past, middle, high)
    right = looked(powers[:, n], low)[0].real > points[n].real
    return np.bincount(n, np.where(right, up[part, n], 0), len(points)).astype(int)


def _distance(powers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far cubics (4, n) are from points (n,), where these are near."""
    t = np.linspace(0, 1, _SAMPLES)[:, None]
    t = t[np.abs(looked(powers[:, None], t)[0] - points).argmin(0), 0]
    for _ in range(_STEPS):
        p, v = looked(powers, t)
        square = np.abs(v) ** 2
        step = (v.conj() * (points - p)).real / np.where(square > 0, square, 1)
        t = (t + step).clip(0, 1)
    found: np.ndarray = np.abs(looked(powers, t)[0] - points)
    return found
