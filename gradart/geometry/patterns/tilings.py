"""Square tiles side by side: of Truchet, Smith and Carlson, and of Wang, whose edges match."""

from collections.abc import Sequence
from types import ModuleType

import jax
import numpy as np

from gradart.calculus.checks.arguments import as_key, short
from gradart.calculus.checks.artist_functions import as_count, as_points, outside, plain_numbers
from gradart.calculus.programs.by_numpy import by_numpy
from gradart.calculus.programs.padded_lengths import unstacked
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.patterns.partitions import refuse_derivatives
from gradart.geometry.points import corners
from gradart.library import keys
from gradart.types import Array, Corners, Key, Numbers, Points

# Two quarters of a circle around the lower left and the upper right corner of a unit square.
_BULGE = 2 / 3 * (np.sqrt(2) - 1)
_ARC = np.array([(0.5, 0), (0.5, _BULGE), (_BULGE, 0.5), (0, 0.5)])
_ARCS = np.stack([_ARC, 1 - _ARC])
_TILES = np.stack([_ARCS, np.abs((1, 0) - _ARCS)])  # and the same, seen in a mirror

TRIES = 500  # rows of Wang tiles that lead nowhere
PATIENCE = 8  # such rows at one height, before one row more is drawn anew


def truchet(key: Key, rows: int, columns: int, box: Corners | None = None) -> Points:
    """Truchet tiles, each with two quarter circles, turned at random: (rows, columns, 2, 4, 2).

    The arcs of `rows` by `columns` tiles, the bottom row first, as Bezier pieces that run from the
    middle of one edge to that of another, so that over the whole they join to smooth loops. They
    fill `box`, ((x0, y0), (x1, y1)); without one, tiles are squares of side 1 from (0, 0) on. `key`
    is a random key, which a sketch is given as its argument `key`; it turns each tile by a coin.

    C. S. Smith, "The tiling patterns of Sebastien Truchet and the topology of structural
    hierarchy", Leonardo 20 (1987).

    >>> ga.beziers(ga.truchet(jax.random.key(1), 12, 18), width=2)
    """
    key = as_key(key)
    shape = as_count(rows, "rows", 1), as_count(columns, "columns", 1)
    low, high = unstacked(corners(((0.0, 0.0), shape[::-1]) if box is None else box))
    return by_numpy(_turned, jax.random.bernoulli(key, shape=shape), low, high)


def _turned(xp: ModuleType, turned: Array, low: Array, high: Array) -> Array:
    """Tiles in a box, each turned or not: (rows, columns) to (rows, columns, 2, 4, 2)."""
    size = turned.shape[::-1]
    place = xp.stack(xp.meshgrid(*map(xp.arange, size)), -1)[:, :, None, None].astype(low.dtype)
    tiles = xp.asarray(_TILES, low.dtype)[turned.astype(int)]
    part = (place + tiles) / xp.array(size, low.dtype)
    return low + part * (high - low)


def wang(key: Key, tiles: Numbers, rows: int, columns: int) -> np.ndarray:
    """Wang tiles drawn at random so that edges which meet have the same color: (rows, columns).

    `tiles` (k, 4) are the colors, as numbers, of the top, right, bottom and left edge of each; the
    result says which of them lies where, on `rows` by `columns` places, the bottom row first: what
    is drawn on each is yours. A row is drawn from the left by `key`, of those tiles with which it
    can be finished; where no row fits on the one below, that is drawn anew, then more of them.

    ArtError where the tiles cannot go on, or have not after 500 tries. M. Cohen, J. Shade, S.
    Hiller and O. Deussen, "Wang tiles for image and texture generation", SIGGRAPH (2003).

    >>> tiles = jnp.indices((2, 2, 2, 2)).reshape(4, 16).T
    >>> edges = tiles[ga.wang(jax.random.key(1), tiles, 8, 12)]
    >>> middles = jnp.array([(0.5, 1), (1, 0.5), (0.5, 0), (0, 0.5)])
    >>> ways = jnp.stack([middles, jnp.full((4, 2), 0.5)], 1)
    >>> place = ga.grid(8, 12, ((0, 0), (11, 7)))[:, :, None, None]
    >>> ga.lines(place + jnp.where(edges[..., None, None] > 0, ways, jnp.nan))
    """
    outside("wang", key, tiles)
    colors = np.asarray(as_points(present(tiles), "tiles"))
    if colors.ndim != 2 or colors.shape[1] != 4 or not len(colors) or not np.isfinite(colors).all():
        say = "give (k, 4) colors, as numbers, of the edges at top, right, bottom, left of each"
        raise ArtError(f"tiles is {short(tiles)}: {say}")
    top, right, bottom, left = np.unique(colors, return_inverse=True)[1].reshape(-1, 4).T
    rng = keys.rng(key)
    height, width = as_count(rows, "rows", 1), as_count(columns, "columns", 1)
    found: list[np.ndarray] = []
    failures, farthest, here = 0, 0, 0
    while len(found) < height:
        below = np.ones((width, 1), bool) if not found else top[found[-1]][:, None] == bottom
        row = _row(rng, np.broadcast_to(below, (width, len(top))), left, right)
        if row is not None:
            found.append(row)
            continue
        if not found:
            raise ArtError(f"no {width} of the tiles fit side by side: add some, or lower columns")
        failures += 1
        if failures > TRIES:
            say = "add tiles, best one for each pair of colors at the bottom and left"
            raise ArtError(
                f"the tiles have not come beyond {farthest} rows in {TRIES} tries: {say}"
            )
        here = 0 if len(found) > farthest else here + 1
        farthest = max(farthest, len(found))
        del found[-1 - here // PATIENCE :]
    return np.stack(found)


def _row(
    rng: np.random.Generator, fits: np.ndarray, left: np.ndarray, right: np.ndarray
) -> np.ndarray | None:
    """One of the tiles (k,) that fit at each place (n, k) for each of them, or None."""
    ends = np.ones(max(left.max(), right.max()) + 1, bool)  # colors from which a row can go on
    fits = fits.copy()
    for place in range(len(fits) - 1, -1, -1):
        fits[place] &= ends[right]
        ends[:] = False
        ends[left[fits[place]]] = True
    chosen = np.empty(len(fits), int)
    for place, fitting in enumerate(fits):
        choices = np.flatnonzero(
            fitting if not place else fitting & (left == right[chosen[place - 1]])
        )
        if not len(choices):
            return None
        chosen[place] = choices[rng.integers(len(choices))]
    return chosen


# What of the middles of edges a motif joins: quarters of rings around corners, counted from the
# lower left counterclockwise, and bars, which lie and stand.
_MOTIFS = {
    "dots": ((), ()),
    "arc": ((0,), ()),
    "arcs": ((0, 2), ()),
    "bar": ((), (0,)),
    "cross": ((), (0, 1)),
    "tee": ((0, 1), (0,)),
    "star": ((0, 1, 2, 3), (0, 1)),
}
_STEPS = 16  # of a quarter of a circle
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
_MIDDLES = np.array([(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)])


def multiscale_truchet(
    key: Key, parts: Numbers, motifs: Sequence[str] = tuple(_MOTIFS)
) -> tuple[np.ndarray, np.ndarray]:
    """Truchet tiles of many sizes, whose lines go on from one to the other: polygons, and tones.

    On each of `parts` (n, 4, 2), squares or rectangles as `quadtree` gives them, lies a tile, as a
    ground and a figure on it: polygons (n, 2, m, 2), from the largest tiles to the smallest, in
    which order they are to be painted, and whether each is dark (n, 2): ground and figure change
    their tones with each halving. Lines are a third of a tile wide, and a tile's wings reach as far
    beyond its edges, to where those of a larger neighbor begin. `motifs` are drawn by `key` evenly
    of dots, arc, arcs (Smith's tile), bar, cross, tee and star, and turned at random.

    C. Carlson, "Multi-scale Truchet patterns", Bridges (2018). ArtError for what is no such part or
    motif. No derivatives.

    >>> box = ((0, 0), (1, 1))
    >>> parts = ga.quadtree(ga.scatter(jax.random.key(1), 40, box=box), box, 2, depth=4)
    >>> tiles, dark = ga.multiscale_truchet(jax.random.key(2), parts)
    >>> shades = jnp.where(dark[..., None], ga.color("#1d3557"), ga.color("#f1faee"))
    >>> ga.scene(ga.polygons(tiles, fill=shades), box=box, clip=True)
    """
    refuse_derivatives("multiscale_truchet", key, parts)
    places = plain_numbers(parts, "parts")
    if places.ndim != 3 or places.shape[1:] != (4, 2) or not np.isfinite(places).all():
        raise ArtError(
            f"parts have corners (n, 4, 2), as ga.quadtree gives them, not {short(parts)}"
        )
    for name in motifs:
        if name not in _MOTIFS:
            raise ArtError(f"a motif is one of {', '.join(_MOTIFS)}, not {short(name)}")
    if not len(motifs):
        raise ArtError(f"give motifs: one or more of {', '.join(_MOTIFS)}")
    low, high = places.min(1), places.max(1)
    sides = high - low
    if not (sides > 0).all():
        raise ArtError("a part has no area: each has four corners, counterclockwise")
    level = np.round(np.log2(sides.max(initial=1e-300) / sides.max(1))).astype(int)
    rng = keys.rng(as_key(key))
    chosen = rng.integers(len(motifs), size=len(low)), rng.integers(4, size=len(low))
    tiles = {
        (kind, turn): padded([_ground(), _figure(motifs[kind], turn)], (2,))
        for kind, turn in {(k, t) for k, t in zip(*map(np.ndarray.tolist, chosen), strict=True)}
    }
    order = np.argsort(level, kind="stable")
    most = max((tile.shape[1] for tile in tiles.values()), default=0)
    found = np.full((len(low), 2, most, 2), np.nan)
    for row, k in zip(found, order.tolist(), strict=True):
        tile = tiles[int(chosen[0][k]), int(chosen[1][k])]
        row[:, : tile.shape[1]] = low[k] + tile * sides[k]
    odd = level[order] % 2 == 1
    return found, np.stack([odd, ~odd], -1)


def _arc(center: np.ndarray, radius: float, start: float, quarters: int) -> np.ndarray:
    """Points on a circle, from a number of quarter turns on, counterclockwise."""
    turn = (start + np.arange(_STEPS * quarters + 1) / _STEPS) * np.pi / 2
    return center + radius * np.stack([np.cos(turn), np.sin(turn)], -1)


def _together(shapes: list[np.ndarray]) -> np.ndarray:
    """Outlines that are all counterclockwise as one polygon, which is what any of them holds."""
    lift = np.full((1, 2), np.nan)
    return np.concatenate([part for shape in shapes for part in (shape, lift)][:-1])


def _ground() -> np.ndarray:
    """The square and its wings: disks of a third around the corners."""
    return _together([_CORNERS, *(_arc(corner, 1 / 3, 0, 4)[:-1] for corner in _CORNERS)])


def _figure(motif: str, turn: int) -> np.ndarray:
    """A motif on a unit square, some quarter turns on, and its wings around edges' middles."""
    rings, bars = _MOTIFS[motif]
    shapes = [_arc(middle, 1 / 6, 0, 4)[:-1] for middle in _MIDDLES]
    for number in rings:
        corner = (number + turn) % 4
        outer, inner = (_arc(_CORNERS[corner], r / 3, corner, 1) for r in (2, 1))
        shapes.append(np.concatenate([outer, inner[::-1]]))
    for number in bars:
        low, high = np.array([(0.0, 1 / 3), (1.0, 2 / 3)])[
            :, :: 1 if (number + turn) % 2 == 0 else -1
        ]
        shapes.append(low + _CORNERS * (high - low))
    return _together(shapes)
