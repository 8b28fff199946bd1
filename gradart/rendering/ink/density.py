"""The density that fine strokes and disks add to the pixels that they cover, as ink or as light.

Each stroke adds coverage times density to the pixels under it. As ink the sum is an optical density
that filters the paper, paper * exp(-sum) in each channel; as light it fills up what is dark,
1 - (1 - paper) * exp(-sum). For one stroke this is multiply and screen blending.
Coordinates are pixels: x to the right, y along the rows, pixel (i, j) is [i, i+1] x [j, j+1].
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from gradart.errors import ArtError
from gradart.rendering.thread_pool import cores
from gradart.types import Array

if TYPE_CHECKING:
    from gradart.rendering.ink.binning import Raster

BLOCK = 1 << 24  # bytes planned at a time: enough that every band has many
BAND = 1 << 20  # bytes of canvas in a band of rows: as many as fit in a usual second cache
MOST = 500_000  # density of a stroke, at which a thousand on one pixel can be added; size in px


@dataclass(frozen=True)
class Strokes:
    """n polylines (n, m, 2) of one width or (n,), density of a fully covered pixel (c,) or (n, c).

    A point that is not finite lifts the pen. Ends are round; ink is length * width * density.
    """

    points: Array
    width: Array
    density: np.ndarray
    closed: bool = False


@dataclass(frozen=True)
class Disks:
    """Disks around centers (n, 2) of one radius or (n,), density (c,) or (n, c)."""

    centers: Array
    radius: Array
    density: np.ndarray


@dataclass(frozen=True)
class Part:
    """What is planned at a time: points are float64; a size or density is for all, or for each."""

    closed: bool | None  # of strokes; None of disks
    points: np.ndarray
    sizes: np.ndarray  # (1,) or (n,)
    inks: np.ndarray  # (1, c) or (n, c)


def accumulate(
    size: tuple[int, int],
    blocks: Iterable[Strokes | Disks],
    channels: int = 3,
    threads: int | None = None,
) -> np.ndarray:
    """Return the summed density (h, w, channels), float32, of all blocks on a canvas (h, w).

    Blocks may come from a generator: one is held at a time. Neither their order, nor the order of
    the strokes in them, nor the number of threads changes a bit of the result, since it is added
    up in fixed point.

    >>> accumulate((400, 600), [Strokes(points, 0.7, density(color("#1b1b1e", 0.1), "ink"))])
    """
    height, width = size
    total = np.empty((height, width, channels), np.float32)
    workers = threads or cores()
    planned = (part for block in blocks for part in parts(block, channels, BLOCK, 32))
    # Of a list of one block it can be known that its first part is all there is.
    first = list(islice(planned, 2)) if isinstance(blocks, Sequence) and len(blocks) == 1 else []
    with ThreadPoolExecutor(workers) as pool:
        if len(first) == 1 and not _are_specks(first[0], total):
            _add(None, total, first[0], pool, workers)
            return total
        canvas = np.zeros(total.shape, np.int64)
        for part in chain(first, planned):
            if _are_specks(part, canvas):
                _add_specks(canvas, part, pool, workers)
            else:
                _add(canvas, total, part, pool, workers)
        _finish(canvas, total, pool, workers)
    return total


def _finish(canvas: np.ndarray, total: np.ndarray, pool: ThreadPoolExecutor, workers: int) -> None:
    """Write the canvas as float32."""
    from gradart.rendering.ink import coverage

    cuts = [canvas.size * k // workers for k in range(workers + 1)]

    def finish(k: int) -> None:
        coverage.finish(canvas.ravel(), total.ravel(), cuts[k], cuts[k + 1])

    list(pool.map(finish, range(workers)))


def _add(
    canvas: np.ndarray | None,
    total: np.ndarray,
    part: Part,
    pool: ThreadPoolExecutor,
    workers: int,
) -> None:
    """Plan the strokes, or disks where closed is None, sort them into bands of rows, draw these.

    The workers share the strokes in the first two steps, then the bands, which interleave. Without
    a canvas this part is all there is: every band is drawn and finished within the cache.
    """
    from gradart.rendering.ink import (
        binning,
        coverage,
        dot_kernel,
        straight_strokes,
        stroke_kernel,
    )

    raster = _raster(total)
    bands = -(-raster.height >> raster.shift)
    closed, points, sizes = part.closed, part.points, part.sizes
    n = len(points)
    straight = closed is not None and points.shape[1] == 2
    slots = 1 if closed is None or straight else points.shape[1] - (not closed)
    cuts = [n * k // workers for k in range(workers + 1)]
    shares = 4 * workers  # of the bands: small enough that none waits long for a slow worker
    inks = read_only(part.inks / coverage.QUANTUM, np.float64)
    none = np.empty(0, np.float32)

    def all_workers(work: Callable[[int], None]) -> None:
        list(pool.map(work, range(workers)))

    def plan_share(k: int) -> None:
        share = cuts[k], cuts[k + 1]
        plan = binning.Plan(pieces, band, counts[k])
        if closed is None:
            binning.plan_disks(points, sizes, *share, raster, plan)
        elif straight:
            straight_strokes.plan_straight(pieces, sizes, *share, raster, plan)
        else:
            polylines = binning.Polylines(points, sizes, closed)
            binning.plan_strokes(polylines, *share, raster, plan)

    def sort_share(k: int) -> None:
        share = cuts[k] * slots, cuts[k + 1] * slots
        plan = binning.Plan(pieces, band, counts[k])
        binning.sort_bands(plan, *share, free[k], ordered)

    def draw_share(k: int) -> None:
        room = coverage.room(raster)
        if canvas is None:
            mine, last = np.zeros(total[: 1 << raster.shift].size, np.int64), total.ravel()
        else:
            mine, last = canvas.ravel(), none
        work = coverage.Canvas(mine, last, raster), k, shares, banded
        if closed is None:
            dot_kernel.draw_disks(*work, sizes[:1].copy(), inks[:1].copy(), room)
        else:
            stroke_kernel.draw_strokes(*work, sizes, inks, room)

    alike = len(sizes) == len(inks) == 1
    if closed is not None:
        sizes = read_only(sizes / 2, np.float64)
    if straight:
        ends = points.reshape(n, 4)
        pieces = ends if alike else read_only(np.column_stack([ends, np.arange(n)]), np.float64)
    elif closed is not None:
        pieces = np.empty((n * slots, binning.FIELDS))
    elif alike:
        pieces = points
    else:
        each = (np.broadcast_to(own, (n, own.shape[-1])) for own in (sizes[:, None], inks))
        pieces = read_only(np.column_stack([points, *each]), np.float64)
    band = np.empty((len(pieces), 2), np.int32)
    counts = np.zeros((workers, bands), np.int64)
    all_workers(plan_share)
    # Each worker's pieces have their own room in each band.
    ends = np.cumsum(counts.T).reshape(bands, workers).T
    free = ends - counts
    starts = np.append(0, ends[-1])
    ordered = np.empty((starts[-1], pieces.shape[1]))
    banded = binning.BandedPieces(ordered, starts)
    all_workers(sort_share)
    list(pool.map(draw_share, range(shares)))


def _are_specks(part: Part, canvas: np.ndarray) -> bool:
    """Whether a part is what `_add_specks` takes: alike, within a pixel, in one channel."""
    from gradart.rendering.ink.coverage import SIDE
    from gradart.rendering.ink.dot_kernel import WIDEST

    alike = part.closed is None and len(part.sizes) == 1 and part.inks.shape == (1, 1)
    return alike and 0 < part.sizes[0] * SIDE <= 1 and max(canvas.shape) <= WIDEST


def _add_specks(canvas: np.ndarray, part: Part, pool: ThreadPoolExecutor, workers: int) -> None:
    """The same for specks, packed and sorted in one step."""
    from gradart.rendering.ink import coverage, dot_kernel

    raster = _raster(canvas)
    bands, n = -(-raster.height >> raster.shift), len(part.points)
    cuts = [n * k // workers for k in range(workers + 1)]
    shares = 4 * workers
    side, ink = float(part.sizes[0] * coverage.SIDE), float(part.inks[0, 0] / coverage.QUANTUM)
    whole = coverage.Canvas(canvas.ravel(), np.empty(0, np.float32), raster)
    # A speck is in two bands at most; of each band one chunk may be hardly begun.
    most = 2 * (n // workers + 1) // dot_kernel.CHUNK + bands + 1
    corners = np.empty((workers, most * dot_kernel.CHUNK), np.uint64)
    earlier = np.empty((workers, most), np.int64)
    ends = np.zeros((workers, bands), np.uint64)

    def pack_share(k: int) -> None:
        share = cuts[k], cuts[k + 1]
        chunks = dot_kernel.Chunks(corners[k], earlier[k], ends[k])
        dot_kernel.pack(part.points, side, *share, raster, chunks)

    def draw_share(k: int) -> None:
        chunks = dot_kernel.Chunks(corners, earlier, ends)
        dot_kernel.draw_specks(whole, k, shares, chunks, side, ink, n // bands)

    list(pool.map(pack_share, range(workers)))
    list(pool.map(draw_share, range(shares)))


def _raster(canvas: np.ndarray) -> "Raster":
    """Return the size of a canvas (h, w, channels) and of its bands, which have 8 rows at least."""
    from gradart.rendering.ink.binning import Raster

    height, width, channels = canvas.shape
    return Raster(width, height, max(3, (BAND // (8 * width * channels)).bit_length() - 1))


def parts(
    block: Strokes | Disks, channels: int, most: int = BLOCK, straight: int = 160
) -> Iterator[Part]:
    """Yield what is planned at a time: about `most` bytes, of which a straight stroke takes some.

    They are fewer where straight strokes are sorted by their ends alone.
    """
    closed = block.closed if isinstance(block, Strokes) else None
    match block:
        case Strokes():
            points, sizes, rank = np.asarray(block.points), np.asarray(block.width, float), 3
        case Disks():
            points, sizes, rank = np.asarray(block.centers), np.asarray(block.radius, float), 2
    inks = np.asarray(block.density, float)
    if points.ndim != rank or points.shape[-1] != 2:
        raise ArtError(f"strokes are (n, m, 2) and disks (n, 2), not {points.shape}")
    n = len(points)
    if sizes.shape not in ((), (n,)) or inks.shape not in ((channels,), (n, channels)):
        raise ArtError(
            f"{n} strokes in {channels} channels take a size () or ({n},) and a density"
            f" ({channels},) or ({n}, {channels}), not {sizes.shape} and {inks.shape}"
        )
    if not ((sizes >= 0) & (sizes <= MOST)).all() or not ((inks >= 0) & (inks <= MOST)).all():
        raise ArtError(f"widths, radii and densities must be numbers from 0 to {MOST:,}")
    if rank == 3 and points.shape[1] < 2:
        return  # a point is no stroke
    alike = sizes.ndim == 0 and inks.ndim == 1  # only their places are planned
    each = 80 * points.shape[1] if rank == 3 else 4 if alike else 16
    if rank == 3 and points.shape[1] == 2:
        each = straight
    rows = max(1, most // each)
    for start in range(0, n, rows):
        cut = slice(start, start + rows)
        yield Part(
            closed,
            read_only(points[cut], np.float64),
            read_only(sizes[cut] if sizes.ndim else sizes[None], np.float64),
            read_only(inks[cut] if inks.ndim == 2 else inks[None], np.float64),
        )


def read_only(array: np.ndarray, dtype: type[np.floating]) -> np.ndarray:
    """Return an array as compiled code takes what it reads, of whatever kind it is.

    For each kind, laid out in rows or in columns, writable or not, all would be compiled anew.
    """
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view
