"""The Morse-Smale complex of a field: maxima, minima and saddles, and the lines between them."""

from dataclasses import dataclass
from functools import cached_property

import jax.numpy as jnp
import numpy as np

from gradart.calculus.arguments import as_number
from gradart.calculus.checks import FIELD, as_count, checked, outside
from gradart.calculus.compiled_once import held, traced
from gradart.calculus.derivatives import gradient, value
from gradart.calculus.present_values import closes_over_moving, present
from gradart.errors import ArtError, Untraceable
from gradart.geometry.paths.paths import padded
from gradart.geometry.points import domain, grid, square_cells
from gradart.geometry.skeletons.box_edge import edge_of
from gradart.geometry.skeletons.gradient_winding import Landscape, turns
from gradart.geometry.skeletons.persistence import Pairs, all_paired, network, pairs, ranked
from gradart.geometry.skeletons.saddle_lines import SaddleLines, downhill, uphill, without_spurs
from gradart.library.sampled import Sampled
from gradart.types import Corners, Field

RESOLUTION = 400
FINEST = 2000  # points of a grid along the longer side of a table's box, else two for each sample
SMALLEST = 1e-6  # part of the box, of a cell
SLIGHT = 1e-5  # of all heights: what rises by less is part of level ground
LEVEL = 1e-6  # of the slopes, across the edge of a field that comes to rest there


@dataclass(frozen=True, eq=False)
class MorseSmale:
    """Maxima, minima and saddles of a field, how they belong together, and lines between them."""

    maxima: np.ndarray
    """(a, 2), from the highest to the lowest"""
    summits: np.ndarray
    """(a,), which of them lie within the box, not on its edge"""
    prominences: np.ndarray
    """(a,), how far each rises above its key saddle; the highest, above the lowest place"""
    key_saddles: np.ndarray
    """(a,), which saddle: the highest over which one comes to a higher maximum; or -1"""
    minima: np.ndarray
    """(b, 2), from the lowest to the highest"""
    depths: np.ndarray
    """(b,), how far each lies below its spill saddle"""
    spill_saddles: np.ndarray
    """(b,), which saddle: the lowest over which one comes to a lower minimum, or out of the box"""
    saddles: np.ndarray
    """(c, 2), from the highest to the lowest"""
    saddle_maxima: np.ndarray
    """(c, 2), the two maxima to which lines lead up from each saddle"""
    saddle_minima: np.ndarray
    """(c, 2), the two minima to which lines lead down from each saddle; -1 for out of the box"""
    ridges: np.ndarray
    """(r, m, 2), lines of steepest slope from saddles, or from the edge, up to maxima"""
    valleys: np.ndarray
    """(v, m, 2), lines of steepest slope from saddles down to minima"""
    box: np.ndarray
    """(2, 2), the corners of the box in which they are"""

    whole: "Whole"
    """all that was found, of which the rest is what is left"""

    def simplified(self, persistence: float) -> "MorseSmale":
        """The complex without what rises or lies deep by less than `persistence`, at no cost.

        Units are those of the field's values. A maximum or minimum goes together with its saddle,
        so that maxima - saddles + minima stay 1, and the lines that led there go on over that
        saddle to another. Lines that are part of such
        a way are there once, and where it would go to and fro side by side, it is cut short. The
        others stay as they are, with their prominences.

        >>> web = ga.morse_smale(ga.peaks())
        >>> len(web.maxima), len(web.simplified(1.5).maxima)
        (4, 2)
        """
        weak = float(present(as_number(persistence, "persistence", least=0.0)))
        return _left(self.whole, max(weak, self.whole.slight))

    def cells(self) -> np.ndarray:
        """The cells into which ridges and valleys part the box, as polygons (k, m, 2).

        In each all lines of steepest slope run from one minimum to one maximum. Cells that are
        smaller than a millionth of the box are left out: there lines run together.

        >>> ga.polygons(ga.morse_smale(ga.peaks()).cells())
        """
        import shapely

        (x0, y0), (x1, y1) = self.box
        rows = [row[np.isfinite(row[:, 0])] for row in (*self.ridges, *self.valleys)]
        lines = [shapely.LineString(row) for row in rows if len(row) > 1]
        ring = shapely.LinearRing([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
        faces = shapely.get_parts(shapely.polygonize([shapely.unary_union([*lines, ring])]))
        faces = faces[shapely.area(faces) > SMALLEST * (x1 - x0) * (y1 - y0)]
        outlines = [np.array(face.exterior.coords)[:-1] for face in faces]
        return padded(outlines, (len(outlines),))


@dataclass(frozen=True, eq=False)
class Whole:
    """A complex before anything is left out: points with their heights, and lines from saddles."""

    maxima: np.ndarray
    minima: np.ndarray
    saddles: np.ndarray
    tops: np.ndarray  # heights of the maxima,
    floors: np.ndarray  # of the minima,
    passes: np.ndarray  # and of the saddles
    inside: int  # how many maxima lie within the box; they are the first
    lowest: float
    slight: float  # what rises by less is never told
    up: SaddleLines
    down: SaddleLines
    box: np.ndarray
    tilt: np.ndarray  # which tells apart what is equally high

    @cached_property
    def paired(self) -> tuple[Pairs, Pairs]:
        """The pairs of maxima and saddles, and of minima and saddles; no saddle is in two.

        A saddle joins two hills, or else it parts two hollows: so it is in a pair with a maximum or
        with a minimum.
        """
        sea = np.append(self.floors, -np.inf), np.append(self.minima, [[0, 0]], 0)  # the last
        tops, floors, passes = (
            ranked(heights, points, self.tilt)
            for heights, points in ((self.tops, self.maxima), sea, (self.passes, self.saddles))
        )
        every = np.ones(len(self.saddles), bool)
        above = pairs(tops, passes, self.up.joins, self.lowest, every)
        free = _without(every, above)
        below = pairs(floors.over(), passes.over(), self.down.joins, -np.inf, free)
        free = _without(free, below)
        above = all_paired(above, (tops, self.maxima), (passes, self.saddles), free)
        free = _without(free, above)
        below = all_paired(below, (floors.over(), sea[1]), (passes.over(), self.saddles), free)
        return above, below


def morse_smale(
    field: Field, *, box: Corners | None = None, resolution: int | None = None
) -> MorseSmale:
    """The Morse-Smale complex of a field: peaks, pits and saddles, ridges, valleys and prominences.

    From each saddle two lines of steepest slope lead up to maxima, two down to minima: of a
    landscape, the divides and the rivers. `prominences` (a,) say how far each of the `maxima` (a,
    2) rises above the highest saddle on the way to a higher one, `depths` (b,) how far each of the
    `minima` (b, 2) lies below where it would overflow, both in units of `field`. `ridges` and
    `valleys` are ready for `lines`, `cells()` for `polygons`; each row begins at a saddle, or where
    a ridge comes into the box.

    `simplified(0.1)` is the complex without what rises or lies deep by less than 0.1.

    Beyond the `box`, ((x0, y0), (x1, y1)), the field's own by default, is taken to be a sea, lower
    than all. So there are maxima and saddles on its edge too, where the field rises outward, and
    with them maxima - saddles + minima = 1. Lines end at the edge. A field that is level across
    its edge, as `terrain` is, is looked at from one cell of the grid within.

    Cells of a grid are found around which the gradient turns, which proves what is in them, and the
    points in them by Newton's method. The grid has `resolution` points along the box's longer side,
    by default 400, or, for a table's field, two for each sample and at most 2000. Lines are Runge
    and Kutta's, of order 4, in steps of half a cell. Level ground counts as tilted a very little,
    and what rises by less than 1e-5 of all heights is left out: so a level sea has no summits, and
    a level lake is one minimum. Of a crest that is level all along, as of a ring around a crater,
    one maximum and one saddle are told, of a trough one minimum and one saddle, and lines that come
    to it go along it. A table that is not smoothed swings beside a shore, by about a hundredth of
    the step there: `simplified(0.01)`.

    H. Edelsbrunner, J. Harer and A. Zomorodian, "Hierarchical Morse-Smale complexes for piecewise
    linear 2-manifolds", Discrete and Computational Geometry 30 (2003). ArtError where the field is
    not finite.

    >>> land = ga.terrain(smooth=6)
    >>> web = ga.morse_smale(land).simplified(50 / (land.high - land.low))  # 50 m
    >>> ga.scene(
    ...     ga.lines(web.ridges, width=0.4),
    ...     ga.lines(web.valleys, width=0.2, stroke="#1d4e6b"),
    ...     ga.dots(web.maxima[web.summits], 1),
    ... )
    """
    outside("morse_smale")
    land = _landscape(field, box, resolution)
    inner, edge = turns(land), edge_of(land)
    maxima = np.concatenate([inner.maxima, edge.points[edge.maxima]])
    saddles = np.concatenate([inner.saddles, edge.points[edge.saddles]])
    tops, floors, passes = (_heights(field, x) for x in (maxima, inner.minima, saddles))
    whole = Whole(
        maxima,
        inner.minima,
        saddles,
        tops,
        floors,
        passes,
        len(inner.maxima),
        min(land.heights.min(), floors.min(initial=np.inf)),
        SLIGHT * float(np.ptp(land.heights)),
        uphill(land, inner, edge),
        downhill(land, inner, edge),
        land.corner,
        land.tilt,
    )
    return _left(whole, whole.slight)


def _without(free: np.ndarray, found: Pairs) -> np.ndarray:
    """Those of the saddles (c,) that are free, and in none of the pairs."""
    return free & ~np.isin(np.arange(len(free)), found.keys)


def _left(whole: Whole, weak: float) -> MorseSmale:
    """What is left of a complex without pairs that are apart by less than `weak`."""
    above, below = whole.paired
    gone_up, gone_down = ((x.rises < weak) & (x.keys >= 0) for x in (above, below))
    left = np.ones(len(whole.saddles), bool)
    left[above.gone(gone_up)] = left[below.gone(gone_down)] = False
    ridges = network(above, whole.up.joins, gone_up, left)
    valleys = network(below, whole.down.joins, gone_down, left)
    a, b, c = (
        np.flatnonzero(kept)[np.argsort(by[kept], kind="stable")]
        for kept, by in (
            (~gone_up, -whole.tops),
            (~gone_down[:-1], whole.floors),
            (left, -whole.passes),
        )
    )
    return MorseSmale(
        maxima=whole.maxima[a],
        summits=a < whole.inside,
        prominences=above.rises[a],
        key_saddles=_renumbered(above.keys[a], c),
        minima=whole.minima[b],
        depths=below.rises[b],
        spill_saddles=_renumbered(below.keys[b], c),
        saddles=whole.saddles[c],
        saddle_maxima=_renumbered(ridges.joins[c], a),
        saddle_minima=_renumbered(valleys.joins[c], b),
        ridges=_rows(without_spurs(whole.up, ridges.used, gone_up)),
        valleys=_rows(without_spurs(whole.down, valleys.used, gone_down)),
        box=whole.box,
        whole=whole,
    )


def _landscape(field: Field, box: Corners | None, resolution: int | None) -> Landscape:
    checked(field, FIELD)
    if closes_over_moving(field, jnp.zeros(2)):
        raise Untraceable(
            "the field is of numbers that are differentiated, and its complex would not move with"
            " them: ga.critical_points do"
        )
    corner = np.asarray(present(domain(field, box)))
    resolution = _own_resolution(field, corner) if resolution is None else resolution
    rows, columns = square_cells(corner, as_count(resolution, "resolution", 3))
    land = _seen(field, corner, rows, columns)
    if land.heights.min() == land.heights.max():
        raise ArtError("the field is level: it has no peaks, pits and ridges in this box")
    slopes = np.abs(land.slopes)
    across = max(slopes[[0, -1], :, 1].max(), slopes[:, [0, -1], 0].max())
    if min(rows, columns) > 4 and across <= LEVEL * slopes.max():
        # A table's field comes to rest at its edge, where then nothing would rise or fall outward.
        return _seen(field, corner + np.array([[1], [-1]]) * land.cell, rows - 2, columns - 2)
    return land


def _own_resolution(field: Field, corner: np.ndarray) -> int:
    if not isinstance(field, Sampled):
        return RESOLUTION
    cells = np.array(np.shape(field.coefficients)[::-1]) - field.degree
    spacing = np.min(np.diff(field.box, axis=0)[0] / cells)
    return min(round(float(2 * np.max(corner[1] - corner[0]) / spacing)) + 1, FINEST)


def _seen(field: Field, corner: np.ndarray, rows: int, columns: int) -> Landscape:
    nodes = grid(rows, columns, corner)
    heights, slopes = np.asarray(value(field, nodes)), np.asarray(gradient(field, nodes))
    if not (fine := np.isfinite(heights) & np.isfinite(slopes).all(-1)).all():
        x, y = np.asarray(nodes)[~fine][0]
        raise ArtError(
            f"the field or its slope is not finite at ({x:.4g}, {y:.4g}): give a box in which it is"
        )
    return Landscape(held(traced(field, jnp.zeros(2))), corner, heights, slopes)


def _heights(field: Field, points: np.ndarray) -> np.ndarray:
    return np.asarray(value(field, points), float) if len(points) else np.zeros(0)


def _renumbered(numbers: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Numbers of things as they are among those that are kept, -1 where they are not."""
    found = {int(old): new for new, old in enumerate(kept)}
    return np.array([found.get(int(i), -1) for i in numbers.ravel()], int).reshape(numbers.shape)


def _rows(lines: list[np.ndarray]) -> np.ndarray:
    return padded(lines, (len(lines),))
