"""Carlson's winged tiles: Truchet patterns of tiles that are halved, and halved again."""

from collections.abc import Sequence

import numpy as np

from gradart.calculus.checks.arguments import as_key, short
from gradart.calculus.checks.artist_functions import plain_numbers
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.patterns.partitions import refuse_derivatives
from gradart.library import keys
from gradart.types import Key, Numbers

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
