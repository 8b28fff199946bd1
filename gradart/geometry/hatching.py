"""Hatching: polygons filled with lines, straight ones, along a field or the outline, in one stroke.

Straight lines are found by a sweep over the edges: where a line meets them, in order, the winding
number steps up or down, and the line lies inside as long as that is not 0.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.arguments import short
from gradart.calculus.checks import FIELD, as_floats, checked, outside
from gradart.calculus.compiled_once import jit_with, traced
from gradart.calculus.present_values import present
from gradart.errors import ArtError
from gradart.geometry.clipping import clip
from gradart.geometry.paths import as_rows, padded
from gradart.geometry.points import grid, survey
from gradart.geometry.polygons import ARC, regions, rings
from gradart.types import Field, Map, Number, Numbers

Along = Field | Map | Literal["outline", "spiral", "scribble"]

LINES = 1_000_000  # in all: hours of a plotter
LOOKS = 64  # at a field of spacings, on each side of a polygon's box, for the smallest
TONES = 256  # shares of lines that are left out
TURN = 200  # points of each turn of a spiral
NOTHING = np.empty((0, 2))


def hatch(
    polygons: Numbers,
    spacing: Numbers | Field,
    angle: Numbers = 45.0,
    *,
    along: Along | None = None,
) -> np.ndarray:
    """Lines that fill polygons, a spacing apart: (..., m, 2), all lines of a polygon in its row.

    Of each row of `polygons` (..., m, 2) the inside is told as in `ga.polygons`, holes too; its
    lines keep its place, and so its color, with NaN between them. `spacing`, in the artist's units,
    and `angle`, in degrees counterclockwise from the x axis, are one for all or one for each row.
    Lines lie on one lattice through (0, 0), so that those of neighbors meet. For cross-hatching,
    hatch twice: at 45 and at -45.

    A `spacing` may be a field, (2,) -> (), as of a photograph: the lines are as close as it asks
    where it is smallest, and of them just the share is drawn that makes the spacing so on average,
    every other, every fourth; where it is infinite or NaN, none. They end exactly where their turn
    does.

    `along` lays the lines otherwise: a field along its level lines, and a map, (2,) -> (2,), along
    the vectors (`jax.grad(field)` for lines of steepest slope), by `streamlines`, about the spacing
    apart; "outline" along outlines that shrink by the spacing, half of it first; "spiral" on one
    spiral around the middle; "scribble" on straight lines at the angle that are joined to and fro
    wherever the way lies inside, so that the pen seldom lifts.

    ArtError for a spacing that is not above 0 or makes more than a million lines.

    >>> star = ga.point(ga.superformula(m=5), jnp.linspace(0, 6.2832, 400))
    >>> ga.lines(ga.hatch(star, 0.05), width=0.2)
    """
    outside("hatch", polygons)
    points, lead = as_rows(polygons, "hatch")
    if points.shape[-1] != 2:
        raise ArtError(f"hatch takes polygons of shape (..., m, 2), not (..., {points.shape[-1]})")
    turns = _each(angle, "angle", len(points))
    loops = [rings(row) for row in points]
    if callable(spacing):
        if along is not None:
            raise ArtError("a spacing that is a field is for straight lines: leave out along=")
        rows = [_toned(row, spacing, turn) for row, turn in zip(loops, turns, strict=True)]
        return padded(rows, lead)
    gaps = _each(spacing, "spacing", len(points))
    if not (gaps > 0).all():
        raise ArtError(f"spacing is {short(spacing)}: give a length above 0, or one for each row")
    _limited(loops, gaps)
    match along:
        case None:
            rows = [_lifted(_straight(*row)[0]) for row in zip(loops, gaps, turns, strict=True)]
        case "scribble":
            shapes = regions(points, "hatch")
            rows = [_scribble(*row) for row in zip(shapes, loops, gaps, turns, strict=True)]
        case "outline":
            shapes = regions(points, "hatch")
            rows = [_outlines(*row) for row in zip(shapes, gaps, strict=True)]
        case "spiral":
            rows = [_spiral(*row) for row in zip(points, gaps, strict=True)]
        case _ if callable(along):
            rows = [_stream(*row, along) for row in zip(points, gaps, strict=True)]
        case _:
            words = "a field, a map, 'outline', 'spiral' or 'scribble'"
            raise ArtError(f"along is {short(along)}: give {words}")
    return padded(rows, lead)


def _each(values: Numbers, name: str, n: int) -> np.ndarray:
    """One finite number for each of n rows."""
    given = np.asarray(present(as_floats(values, name)), float)
    if given.size not in (1, n) or not np.isfinite(given).all():
        raise ArtError(f"{name} is {short(values)}: give a number, or one for each of {n} rows")
    return np.broadcast_to(given.ravel(), n)


def _limited(loops: list[list[np.ndarray]], gaps: np.ndarray) -> None:
    across = sum(
        float(np.ptp(np.concatenate(row), axis=0).max()) / gap
        for row, gap in zip(loops, gaps, strict=True)
        if row
    )
    if not across <= LINES:
        raise ArtError(f"spacing makes {across:.3g} lines of these polygons: give more")


def _straight(
    loops: list[np.ndarray], gap: float, degrees: float
) -> tuple[np.ndarray, np.ndarray]:
    """Segments (k, 2, 2) of parallel lines inside of outlines, and the number of each one's line.

    In the order of lines, and along each of them.
    """
    if not loops:
        return np.empty((0, 2, 2)), np.empty(0, int)
    turn = np.deg2rad(degrees)
    frame = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    a = np.concatenate(loops) @ frame.T
    b = np.concatenate([np.roll(loop, -1, axis=0) for loop in loops]) @ frame.T
    # Line k is at (k + 1/2) gap; an edge meets those from its lower end on, without its upper end.
    low, high = np.minimum(a, b)[:, 1], np.maximum(a, b)[:, 1]
    first, end = (np.ceil(y / gap - 0.5).astype(int) for y in (low, high))
    count = end - first
    edge = np.repeat(np.arange(len(a)), count)
    line = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    y = (line + 0.5) * gap
    share = (y - a[edge, 1]) / (b - a)[edge, 1]
    x = a[edge, 0] + share * (b - a)[edge, 0]
    order = np.lexsort([x, line])
    winding = np.cumsum(np.where((b - a)[edge, 1] > 0, 1, -1)[order])
    before = np.append(0, winding[:-1])
    begins, ends = order[(before == 0)], order[(winding == 0)]
    met = np.stack([x, y], -1)
    segments = np.stack([met[begins], met[ends]], 1)
    long = segments[:, 0, 0] < segments[:, 1, 0]
    return segments[long] @ frame, line[begins][long]


def _lifted(segments: np.ndarray) -> np.ndarray:
    """Segments, or paths of one length, (k, m, 2) as one path, with NaN between them."""
    return np.pad(segments, [(0, 0), (0, 1), (0, 0)], constant_values=np.nan).reshape(-1, 2)[:-1]


def _toned(loops: list[np.ndarray], spacing: Field, degrees: float) -> np.ndarray:
    """Straight lines, of which a share is drawn, as a field of spacings asks."""
    if not loops:
        return NOTHING
    field = traced(checked(spacing, FIELD), jnp.zeros(2))
    corners = np.concatenate(loops)
    box = corners.min(0), corners.max(0)
    asked = np.asarray(survey(field, grid(LOOKS, LOOKS, box)), float)
    gap = float(np.fmin.reduce(asked, axis=None))
    if not 0 < gap < np.inf:
        raise ArtError(f"the field of spacings is {gap} at its smallest: give lengths above 0")
    _limited([loops], np.array([gap]))
    segments, line = _straight(loops, gap, degrees)
    if not len(segments):
        return NOTHING
    # Line k is drawn where its place in the order of van der Corput, who spreads the first n of
    # them evenly for every n, is below the share that is asked for.
    bits = (line[:, None] % TONES) >> np.arange(8) & 1
    place = (bits @ (TONES >> np.arange(1, 9)) + 0.5) / TONES
    length = np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)
    steps = np.ceil(length / gap).astype(int) + 1
    rows = []
    for n in np.unique(steps):  # few, and each is compiled once
        some = steps == n
        way = np.linspace(0, 1, n + 1)[:, None]
        start, end = segments[some, None, 0], segments[some, None, 1]
        rows.append((start + way * (end - start), place[some]))
    return _parted(rows, field, gap)
