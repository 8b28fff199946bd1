"""Circles packed into a shape: none overlaps another, none leaves the shape."""

import functools
import math
from collections.abc import Callable

import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import box_of
from gradart.calculus.checks.arguments import as_key, as_number, short
from gradart.calculus.checks.artist_functions import FIELD, as_count, checked, plain_numbers
from gradart.errors import ArtError
from gradart.geometry.paths.paths import runs
from gradart.geometry.patterns.partitions import held_box, refuse_derivatives
from gradart.geometry.points import survey
from gradart.library import keys
from gradart.types import Corners, Field, Key, Number, Numbers

MOST = 300_000  # circles
BATCH = 4096  # darts
PATIENCE = 50 * BATCH  # darts in a row that miss, where cells are divided no more
COARSE = 64  # cells along the longer side, to begin with
BUCKETS = 512  # along the longer side, at most, in which circles of a size are listed
CELLS = 400_000  # that may have room, at most: then they are divided no more
LEAST = 1e-4  # of the box: the smallest radius

Distance = Callable[[np.ndarray], np.ndarray]  # places (k, 2) to signed distances (k,)


def pack(
    key: Key,
    shape: Field | Numbers,
    radii: Numbers,
    n: int | None = None,
    *,
    gap: Number = 0.0,
    box: Corners | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Circles packed into a shape, centers (k, 2) and radii (k,): none overlaps, none leaves it.

    With `n`, `radii` are the smallest and the largest that a circle may have, (2,); each is as
    large as there is room where it lies, until there are n, or no room is left for another one of
    the smallest. Without, `radii` are one for each circle: the largest find their places first, and
    those that find none are left out. Both come in the order in which circles were placed, ready
    for `ga.circles(*ga.pack(...))`.

    `shape` is a box, ((x0, y0), (x1, y1)); a polygon (m, 2), or several (k, m, 2), in which NaN
    parts an outline from a hole; or a field, the signed distance from an outline, negative inside,
    as `ga.fields.disk()` is, within `box`, by default its own. At least `gap` is kept between
    circles, and to the outline. `key` is a random key: another key, other circles.

    Darts are thrown into cells that may have room, which become ever smaller: as in Ebeida and
    others, "A simple algorithm for maximal Poisson-disk sampling in high dimensions" (2012). 10,000
    circles take a second or two. ArtError for a radius that is not above 0, or below a 10,000th of
    the box. No derivatives.

    >>> heart = ga.point(ga.heart(), jnp.linspace(0, 2 * jnp.pi, 200))
    >>> ga.circles(*ga.pack(jax.random.key(1), heart, (0.02, 0.2), 300))
    """
    refuse_derivatives("pack", key, radii, gap, box)
    key = as_key(key)
    keep = float(np.asarray(as_number(gap, "gap", "length", least=0)))
    distance, low, high = _shape(shape, box)
    wanted = _wanted(radii, n, float((high - low).max()))
    rng = keys.rng(key)
    if not len(wanted):
        return np.empty((0, 2)), np.empty(0)
    circles = _packed(rng, lambda p: -distance(low + p) - keep, high - low, wanted, keep)
    return low + circles[:, :2], circles[:, 2] - keep


def _wanted(radii: Numbers, n: int | None, size: float) -> np.ndarray:
    """The least and the largest radius of each circle, (n, 2), the largest first."""
    given = plain_numbers(radii, "radii")
    least = float(given.min(initial=math.inf))
    if not np.isfinite(given).all() or least <= 0:
        raise ArtError(f"radii are {short(given.tolist())}: give finite lengths above 0")
    if least < LEAST * size:
        raise ArtError(f"a radius is {least:.3g} in a box of {size:.3g}: give {LEAST * size:.3g}")
    if n is None:
        wanted = np.repeat(-np.sort(-given.ravel())[:, None], 2, axis=1)
    else:
        n = as_count(n, "n", 0)
        if given.shape != (2,) or given[0] > given[1]:
            raise ArtError(f"radii are {short(given.tolist())}: with n, (smallest, largest)")
        wanted = np.broadcast_to(given, (n, 2))
    if len(wanted) > MOST:
        raise ArtError(f"{len(wanted):,} circles are wanted: give {MOST:,} at most")
    return np.ascontiguousarray(wanted)


def _shape(shape: Field | Numbers, box: Corners | None) -> tuple[Distance, np.ndarray, np.ndarray]:
    """The signed distance from a shape's outline, and the corners of a box around it."""
    from gradart.geometry.patterns.packing_kernel import signed_distance

    if callable(shape):
        land = checked(shape, FIELD)
        low, high = held_box(box_of(shape, box))
        return functools.partial(_field_distance, land), low, high
    if box is not None:
        raise ArtError("a box is given with a field alone: a polygon or a box lies where it lies")
    refuse_derivatives("pack", shape)
    outline = plain_numbers(shape, "shape")
    if outline.shape == (2, 2):
        (x0, y0), (x1, y1) = held_box(outline)
        outline = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    if outline.ndim < 2 or outline.shape[-1] != 2 or outline.shape[-2] < 3:
        raise ArtError(
            f"shape has shape {outline.shape}: give a polygon (m, 2), a box ((x0, y0), (x1, y1)),"
            " or a field"
        )
    if np.isinf(outline).any():
        raise ArtError("shape is infinite somewhere: give finite corners, NaN between outlines")
    lines = _outline_lines(outline.reshape(-1, *outline.shape[-2:]))
    if not len(lines):
        raise ArtError("shape has no corner: give a polygon (m, 2)")

    def distance(places: np.ndarray) -> np.ndarray:
        found = np.empty(len(places))
        signed_distance(np.ascontiguousarray(places), lines, found)
        return found

    low, high = lines[:, :2].min(axis=0), lines[:, :2].max(axis=0)
    if not (low < high).all():
        raise ArtError("shape has no area: give a polygon whose corners are not all on one line")
    return distance, low, high


def _outline_lines(rows: np.ndarray) -> np.ndarray:
    """The lines (m, 4) of polygons (k, m, 2), each outline between NaN closed by itself."""
    lines = []
    for row in rows:
        fine = np.isfinite(row).all(axis=1)
        for start, end in runs(fine):
            ring = row[start:end]
            lines.append(np.hstack([ring, np.roll(ring, -1, axis=0)]))
    return np.concatenate(lines) if lines else np.empty((0, 4))


def _field_distance(land: Field, places: np.ndarray) -> np.ndarray:
    # Padded to few lengths, so that few programs are compiled.
    size = 256
    while size < len(places):
        size *= 4
    padding = np.broadcast_to(places[:1], (size - len(places), 2))
    nodes = jnp.asarray(np.concatenate([places, padding]).reshape(-1, 256, 2))
    values = survey(land, nodes)
    refuse_derivatives("pack", values)
    found = np.asarray(values, np.float64).ravel()[: len(places)]
    return np.where(np.isnan(found), np.inf, found)


def _packed(
    rng: np.random.Generator,
    inside: Distance,
    size: np.ndarray,
    wanted: np.ndarray,
    gap: float,
) -> np.ndarray:
    """Circles (k, 3), x, y and the radius with the gap, in a shape from (0, 0) to size (2,).

    `inside` says how large a circle the shape has room for at each place.
    """
    from gradart.geometry.patterns import packing_kernel as kernel

    n, largest, smallest = len(wanted), float(wanted[0, 1]), float(wanted[-1, 0])
    levels = 1 + max(math.ceil(math.log2((largest + gap) / (smallest + gap))), 0)
    reach = (largest + gap) / 2.0 ** np.arange(levels)
    plan = np.stack([reach, np.maximum(2 * reach, size.max() / BUCKETS)], axis=1)
    buckets = int(size.max() / plan[-1, 1]) + 1
    heads = np.full((levels, buckets, buckets), -1)
    placed = kernel.Placed(heads, np.full(n, -1), np.empty((n, 3)), plan)
    tally = np.zeros(2, int)

    side = float(size.max()) / COARSE
    x, y = ((np.arange(math.ceil(s / side)) + 0.5) * side for s in size)
    cells = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    sides, off = np.full(len(cells), side), inside(cells)
    while tally[kernel.COUNT] < n and len(cells):
        # A place in a cell has at most as much more room as it is away from the middle.
        (least, most), slack = wanted[tally[kernel.COUNT]], sides * math.sqrt(0.5)
        found = np.empty(len(cells))
        limits = smallest - slack
        kernel.rooms(cells, off, most, limits, placed, found)
        may = found >= limits
        cells, sides, off, bound = cells[may], sides[may], off[may], (found + slack)[may]
        usable = bound >= least
        if not usable.any():  # no room for the next that is wanted: on to one that may find some
            fits = wanted[:, 0] <= bound.max(initial=0.0)
            fits[: tally[kernel.COUNT]] = True
            wanted = wanted[fits]
            n = len(wanted)
            continue
        before = tally[kernel.COUNT]
        share = np.cumsum(np.where(usable, sides**2, 0))
        chosen = np.searchsorted(share, rng.random(BATCH) * share[-1], side="right")
        darts = cells[chosen] + sides[chosen, None] * (rng.random((BATCH, 2)) - 0.5)
        kernel.throw(darts, inside(darts), wanted, gap, placed, tally)
        hits = tally[kernel.COUNT] - before
        if hits < min(BATCH // 64, n - before) and usable.sum() < CELLS:
            quarter = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)]) * sides[usable, None, None] / 4
            parts = (cells[usable, None] + quarter).reshape(-1, 2)
            cells = np.concatenate([cells[~usable], parts])
            sides = np.concatenate([sides[~usable], np.repeat(sides[usable] / 2, 4)])
            off = np.concatenate([off[~usable], inside(parts)])
        elif tally[kernel.MISSED] > PATIENCE:
            break
    return placed.circles[: tally[kernel.COUNT]]
