"""A field along the edge of its box: where it is highest and lowest there, and what is beyond.

Beyond the box is taken to be a sea, lower than all of the field. So a place on the edge is a summit
if the field is highest there along the edge and rises outward; and a saddle if it is lowest there
along the edge and rises outward: two ways up along the edge, and two down, inward and to the sea.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.forward_mode import gradient_of
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with
from gradart.geometry.topology.gradient_winding import Landscape

HALVINGS = 50  # of the way from node to node
AT_ONCE = 64  # places on the edge
ALONG = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])  # the sides, counterclockwise
OUTWARD = np.array([[0, -1], [1, 0], [0, 1], [-1, 0]])  # from them


@dataclass(frozen=True)
class Edge:
    """The turns of a field along the edge of its box, counterclockwise from the lower left corner.

    A way along the edge is a number in [0, 4): 1.5 is in the middle of the right side.
    """

    ways: np.ndarray  # (n,), where they are
    points: np.ndarray  # (n, 2)
    heights: np.ndarray  # (n,)
    high: np.ndarray  # (n,), whether the field is highest there, or lowest
    rises: np.ndarray  # (n,), whether it rises outward
    inward: np.ndarray  # (n, 2), the direction into the box

    @property
    def maxima(self) -> np.ndarray:
        """Which of them are maxima of the field in its box."""
        return np.flatnonzero(self.high & self.rises)

    @property
    def saddles(self) -> np.ndarray:
        """Which of them are saddles, by the sea beyond."""
        return np.flatnonzero(~self.high & self.rises)

    def highest(self, way: float) -> int:
        """Which of the turns lies uphill along the edge."""
        after = int(np.searchsorted(self.ways, way)) % len(self.ways)
        return after if self.high[after] else (after - 1) % len(self.ways)

    def beside(self, turn: int) -> tuple[int, int]:
        """The turns before and after one."""
        return (turn - 1) % len(self.ways), (turn + 1) % len(self.ways)


def edge_of(land: Landscape) -> Edge:
    """The turns of a field along the edge of its box."""
    rows, columns = land.heights.shape
    ways = np.concatenate(
        [i + np.arange(n - 1) / (n - 1) for i, n in enumerate([columns, rows] * 2)]
    )
    # Before and after each node, whether the field rises along the edge: it turns where that does,
    # from one node to the next or at a corner.
    slopes = _around(land.slopes) + land.tilt
    side = np.floor(ways).astype(int)
    after = (slopes * ALONG[side]).sum(1) > 0
    before = np.where(ways % 1 == 0, (slopes * ALONG[side - 1]).sum(1) > 0, after)
    at_node, between = before != after, after != np.roll(before, -1)
    ends = np.stack([ways, np.append(ways[1:], 4.0)], 1)
    ends = np.concatenate([ends[at_node][:, [0, 0]], ends[between]])
    high = np.concatenate([before[at_node], after[between]])
    order = np.argsort(ends[:, 0], kind="stable")
    ends, high = ends[order], high[order]
    corner = ends[:, 0] == ends[:, 1]
    side = np.floor(ends[:, 0]).astype(int)
    along = ALONG[side]
    starts, stops = (place(land.corner, x) for x in ends.T)
    halve = chunked(jit_with(_halved, land.field), AT_ONCE)
    tilts = np.broadcast_to(land.tilt, along.shape)
    points, heights, slopes = halve(
        starts, stops, along * np.where(high, 1.0, -1.0)[:, None], tilts
    )
    size = land.corner[1] - land.corner[0]
    span = np.linalg.norm(points - place(land.corner, side), axis=1)
    ways = side + span / size[side % 2]
    outward = OUTWARD[side] + np.where(corner[:, None], OUTWARD[side - 1], 0)
    # Where the edge turns a corner, the field is highest there only if it rises to both sides.
    rises = np.where(corner, high, np.sum(slopes * outward, 1) > 0)
    inward = -outward / np.linalg.norm(outward, axis=1)[:, None]
    return Edge(ways, points, heights, high, rises, inward)


def _around(table: np.ndarray) -> np.ndarray:
    """The outer values of a table (rows, columns, ...), counterclockwise from its first."""
    sides = table[0, :-1], table[:-1, -1], table[-1, :0:-1], table[:0:-1, 0]
    return np.concatenate(sides)


def place(corner: np.ndarray, way: np.ndarray) -> np.ndarray:
    """The points (n, 2) of ways (n,) along the edge of a box."""
    around = corner[[0, 1, 1, 0, 0]][:, 0], corner[[0, 0, 1, 1, 0]][:, 1]
    return np.stack([np.interp(way, range(5), x) for x in around], -1)


def way_of(corner: np.ndarray, point: np.ndarray) -> float:
    """How far along the edge a point (2,) is that lies on it."""
    x, y = (point - corner[0]) / (corner[1] - corner[0])
    side = int(np.argmin([abs(y), abs(x - 1), abs(y - 1), abs(x)]))
    return (side + float(np.clip([x, y, 1 - x, 1 - y][side], 0, 1))) % 4


def _halved(
    f: TracedFunction, starts: jax.Array, stops: jax.Array, along: jax.Array, tilts: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Where between starts and stops (n, 2) the slope along the edge is 0; heights, slopes there.

    `along` is the edge's direction where the field is highest in between, its opposite where it is
    lowest.
    """
    gradient = gradient_of(f)

    def one(
        start: jax.Array, stop: jax.Array, along: jax.Array, tilt: jax.Array
    ) -> tuple[jax.Array, jax.Array, jax.Array]:
        def halve(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            a, b = ends
            middle = (a + b) / 2
            before = jnp.dot(gradient(middle) + tilt, along) > 0
            return jnp.where(before, middle, a), jnp.where(before, b, middle)

        a, b = jax.lax.fori_loop(0, HALVINGS, halve, (start, stop))
        return (a + b) / 2, f((a + b) / 2), gradient((a + b) / 2) + tilt

    return jax.vmap(one)(starts, stops, along, tilts)
