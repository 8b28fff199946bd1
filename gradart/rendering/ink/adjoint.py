"""The derivative of summed density by all that it is drawn of, both ways.

`accumulate` is linear in densities, and piecewise smooth in points and sizes. `pull` is its
vector-Jacobian product, from weights of the pixels to what their weighted sum gains by each number;
`push` its Jacobian-vector product, from rates of the numbers to those of the pixels. Each is the
other's transpose, and neither depends on the number of threads.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gradart.rendering.ink.density import Disks, Part, Strokes, parts, read_only
from gradart.rendering.thread_pool import cores

Block = Strokes | Disks
_ROWS = 64  # that are scattered to at a time: so many whatever the workers, for the same bits
_CELL = 128  # px: of the squares in which strokes begin that are walked after each other
_WHOLE = 30  # a band of so many rows, to base 2, is the whole canvas


class Gains(NamedTuple):
    """What is gained by a unit of each number of a block: in its points, its sizes, its density.

    As the block has them: points (n, m, 2) or centers (n, 2), width or radius () or (n,), density
    (c,) or (n, c). Float64.
    """

    points: np.ndarray
    size: np.ndarray
    density: np.ndarray


class Rates(NamedTuple):
    """How fast the numbers of a block change, of the same shapes; None where they do not."""

    points: np.ndarray | None = None
    size: np.ndarray | None = None
    density: np.ndarray | None = None


def pull(blocks: Sequence[Block], weights: np.ndarray, inked: Sequence[bool]) -> list[Gains]:
    """Return what the sum of weights (h, w, c) times density gains by a unit of each number.

    The weights are float32; the gain by densities is computed of those blocks that are `inked`.

    >>> pull(blocks, np.ones((400, 600, 3), np.float32), [True])[0].points
    """
    height, _, channels = weights.shape
    weights = read_only(weights, np.float32)
    none = np.empty((0, 0, channels))
    workers = cores()
    gains = []
    with ThreadPoolExecutor(workers) as pool:
        turned = _turned(weights, pool)
        for block, inks in zip(blocks, inked, strict=True):
            whole = _whole(block, channels)
            for part, mine in _parted(block, whole, channels):
                walk = _walker(part, weights.shape[:2], turned, pool)
                order = _by_place(part)
                cuts = _cuts(len(order), 4 * workers)
                shares = [order[first:last] for first, last in pairwise(cuts)]
                through = False, inks, weights, none, none, 0, height
                list(pool.map(partial(walk, through, mine), shares))
            gains.append(_folded(block, whole))
    return gains


def push(size: tuple[int, int], blocks: Sequence[Block], rates: Sequence[Rates]) -> np.ndarray:
    """Return how fast the density (h, w, 3), float32, of a canvas (h, w) changes.

    >>> push((400, 600), [strokes], [Rates(moves)])
    """
    (height, width), channels = size, 3
    sums = np.zeros((height, width, channels))
    none, left = np.empty((2, 0, 0, channels))
    if any(rate.density is not None for rate in rates):
        left = np.zeros((height, width + 1, channels))
    weights = read_only(np.empty((0, 0, channels)), np.float32)
    cuts = [*range(0, height, _ROWS), height]
    with ThreadPoolExecutor(cores()) as pool:
        for block, rate in zip(blocks, rates, strict=True):
            whole = _unfolded(block, rate, channels)
            own = none if rate.density is None else left
            for part, mine in _parted(block, whole, channels):
                walk = _walker(part, size, weights.ravel(), pool)
                inks, every = rate.density is not None, np.arange(len(part.points))
                through = [(True, inks, weights, sums, own, *rows) for rows in pairwise(cuts)]
                list(pool.map(partial(walk, whole=mine, rows=every), through))
    if left.size:  # what lies to the left of each: from the right edge on
        sums += np.cumsum(left[:, :0:-1], 1)[:, ::-1]
    return sums.astype(np.float32)


def _turned(weights: np.ndarray, pool: ThreadPoolExecutor) -> np.ndarray:
    """Return weights (h, w, c) column after column, in one axis."""
    height, width, channels = weights.shape
    pixels = weights.reshape(height, -1).view(np.dtype((np.void, 4 * channels)))  # moved whole
    turned = np.empty((width, height), pixels.dtype)

    def turn(first: int, last: int) -> None:
        turned[:, first:last] = pixels[first:last].T

    cuts = _cuts(height, cores())
    list(pool.map(turn, cuts[:-1], cuts[1:]))
    return read_only(turned.view(np.float32).ravel(), np.float32)


def _by_place(part: Part) -> np.ndarray:
    """Return the numbers of strokes or disks, of which neighbors are walked after each other.

    So what one has read of the weights is still near for the next. Each gains for itself alone.
    """
    firsts = part.points[:, 0] if part.points.ndim == 3 else part.points
    with np.errstate(invalid="ignore"):  # what is not a number, or far out, may be anywhere
        cells = (np.clip(firsts, -1e6, 1e6) / _CELL).astype(np.int64)
    return np.lexsort((cells[:, 0], cells[:, 1]))


def _cuts(count: int, shares: int) -> list[int]:
    return [count * k // shares for k in range(shares + 1)]


# As `adjoint_edges.Walk`, but for copies of the weights, and room.
_Through = tuple[bool, bool, np.ndarray, np.ndarray, np.ndarray, int, int]
_Whole = tuple[np.ndarray, np.ndarray, np.ndarray]  # (n, m, 2), (n,), (n, c)


def _shape(block: Block) -> tuple[int, int]:
    """The strokes or disks of a block, and the points of each."""
    if isinstance(block, Strokes):
        return np.shape(block.points)[0], np.shape(block.points)[1]
    return len(block.centers), 1


def _whole(block: Block, channels: int) -> _Whole:
    n, m = _shape(block)
    return np.zeros((n, m, 2)), np.zeros(n), np.zeros((n, channels))


def _unfolded(block: Block, rates: Rates, channels: int) -> _Whole:
    """Rates for each stroke of its own; widths as half widths."""
    whole = _whole(block, channels)
    for to, rate in zip(whole, rates, strict=True):
        if rate is not None:
            to[...] = rate.reshape(to.shape) if to.ndim == 3 else rate
    if isinstance(block, Strokes):
        whole[1][...] /= 2
    return whole


def _folded(block: Block, whole: _Whole) -> Gains:
    """The transpose of `_unfolded`."""
    points, size, density = whole
    if isinstance(block, Strokes):
        size /= 2
        alike = np.ndim(block.width) == 0
    else:
        points = points[:, 0]
        alike = np.ndim(block.radius) == 0
    one = np.ndim(block.density) == 1
    return Gains(points, size.sum() if alike else size, density.sum(0) if one else density)


def _parted(block: Block, whole: _Whole, channels: int) -> Iterator[tuple[Part, _Whole]]:
    """Yield what is planned at a time with its rates."""
    first = 0
    for part in parts(block, channels):
        last = first + len(part.points)
        yield part, (whole[0][first:last], whole[1][first:last], whole[2][first:last])
        first = last


def _walker(
    part: Part, size: tuple[int, ...], turned: np.ndarray, pool: ThreadPoolExecutor
) -> Callable[..., None]:
    """Plan a part, and return what walks the borders of some of its strokes."""
    from gradart.rendering.ink import adjoint_borders, adjoint_edges, adjoint_strokes, binning
    from gradart.rendering.ink.adjoint_inks import room
    from gradart.rendering.ink.coverage import LANES, LEAST

    n, workers = len(part.points), cores()
    if part.closed is None:
        disks = part.points, part.sizes, part.inks
    else:
        slots = part.points.shape[1] - (not part.closed)
        # Of no width none is planned; but what it would gain by some is known.
        half = read_only(np.maximum(part.sizes / 2, LEAST), np.float64)
        polylines = binning.Polylines(part.points, half, part.closed)
        pieces, bands = np.empty((n * slots, binning.FIELDS)), np.empty((n * slots, 2), np.int32)
        raster = binning.Raster(size[1], size[0], _WHOLE)
        cuts = _cuts(n, workers)

        def plan_share(k: int) -> None:
            plan = binning.Plan(pieces, bands, np.zeros(1, np.int64))
            binning.plan_strokes(polylines, cuts[k], cuts[k + 1], raster, plan)

        list(pool.map(plan_share, range(workers)))
        plan = binning.Plan(pieces, bands, np.zeros(1, np.int64))
        drawn = adjoint_strokes.Drawn(polylines, plan, part.inks)

    def walk(through: _Through, whole: _Whole, rows: np.ndarray) -> None:
        scatters, inked, weights, sums, left, low, high = through
        read = weights, weights.ravel(), turned
        lanes = np.empty(6 * LANES)
        here = adjoint_edges.Walk(scatters, inked, *read, sums, left, low, high, lanes)
        rates, own = adjoint_borders.Rates(*whole), room(*size)
        if part.closed is None:
            adjoint_strokes.walk_disks(here, disks, rates, rows, own)
        else:
            adjoint_strokes.walk_strokes(here, drawn, rates, rows, own)

    return walk
