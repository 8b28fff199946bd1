"""What an eye sees of a surface, at the nodes of a grid on the page."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.batching import batched
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.surfaces.cameras import Camera
from gradart.geometry.surfaces.sight import on_page
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, digits, newton

NODE = 1 / 5  # separations from node to node
MOST = 4_000_000  # nodes
LEVEL = 0.5  # of two neighbors' distance: more off their tangent planes, one is behind the other


@dataclass(frozen=True)
class Seen:
    """What an eye sees of a surface: `places` (rows, columns, d) at nodes from `low` (2,) on.

    They are `node` apart, and NaN where the surface is not, or another part of it hides that here.
    """

    surface: Surface
    eye: Camera
    low: np.ndarray
    node: float
    places: np.ndarray

    @property
    def there(self) -> np.ndarray:
        """Which of the nodes (rows, columns) the surface is at."""
        return np.isfinite(self.places).all(-1)

    @property
    def high(self) -> np.ndarray:
        """The last node's place on the page, (2,)."""
        return self.low + self.node * (np.array(self.places.shape[1::-1]) - 1)

    def index(self, points: np.ndarray) -> np.ndarray:
        """The column and row (n, 2) of the node to the lower left of points (n, 2) of the page."""
        most = np.array(self.places.shape[1::-1]) - 3
        return np.clip(np.floor((points - self.low) / self.node).astype(int), 1, most)

    def lifted(self, lines: list[np.ndarray]) -> list[np.ndarray]:
        """Lines (m, 2) of the page as places (m, d); points that are off the surface go."""
        at = np.concatenate(lines)
        index, there = self.index(at), self.there
        starts = np.full((len(at), self.places.shape[-1]), np.nan)
        for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
            column, row = (index + corner).T
            missing = np.isnan(starts[:, 0]) & there[row, column]
            starts[missing] = self.places[row, column][missing]
        places, exact = _exact(self.surface, self.eye, starts, at, self.node)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        return [places[exact & (owner == k)] for k in range(len(lines))]

    def ends_near(self, places: np.ndarray) -> np.ndarray:
        """Which places (n, d) have a node around them that the surface is not at."""
        points, _ = on_page(batched(self.surface.point, CHUNK)(places), self.eye)
        index, there = self.index(points), self.there
        around = [(i, j) for i in range(-1, 3) for j in range(-1, 3)]
        return np.any([~there[index[:, 1] + j, index[:, 0] + i] for i, j in around], axis=0)


def seen(surface: Surface, eye: Camera, separation: float) -> Seen:
    """What an eye sees of a surface, at the nodes of a grid fine enough for that separation."""
    from gradart.geometry.surfaces.sight_kernel import Flat, Nearest, paint

    mesh, node = surface.mesh, NODE * separation
    flat, nearness = on_page(mesh.points, eye)
    used = flat[np.unique(mesh.triangles)]
    low, high = np.nanmin(used, axis=0) - node, np.nanmax(used, axis=0)
    sides = np.ceil((high - low) / node) + 3
    if not sides.prod() <= MOST:
        width = (high - low).max()
        raise ArtError(f"separation is {separation}, of a surface {width:.3g} wide: give more")
    columns, rows = sides.astype(int)
    shape = columns, rows
    found = Nearest(np.full(shape, -np.inf), np.full(shape, -1), np.zeros((*shape, 3)))
    paint(Flat(flat, nearness, mesh.triangles, np.array([*low, node])), found)
    depth, number, share = (np.swapaxes(x, 0, 1) for x in found)
    row, column = np.nonzero(number >= 0)
    corners = mesh.places[mesh.triangles[number[row, column]]]
    starts = np.einsum("nk,nkd->nd", share[row, column], corners)
    at = low + node * np.stack([column, row], -1)
    exact, fine = _exact(surface, eye, starts, at, node)
    places = np.full((rows, columns, starts.shape[1]), np.nan)
    places[row, column] = np.where(fine[:, None], exact, np.nan)
    places[_behind(surface, places, depth)] = np.nan
    return Seen(surface, eye, low, node, places)


def _exact(
    surface: Surface, eye: Camera, starts: np.ndarray, at: np.ndarray, node: float
) -> tuple[np.ndarray, np.ndarray]:
    """Places (n, d) near the starts that are at points (n, 2) of the page; and whether so."""

    def page(place: jax.Array) -> jax.Array:
        return eye(surface.point(place))

    def off(place: jax.Array, q: jax.Array) -> jax.Array:
        return safe_norm(page(place) - q) + jnp.abs(surface.off(place)).sum()

    places = newton(surface, page)(starts, at)
    return places, batched(off, CHUNK)(places, at) <= digits() * node


def _behind(surface: Surface, places: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Which nodes (rows, columns) are farther than a neighbor on another part of the surface."""
    there = np.isfinite(places).all(-1)
    points, normals = np.full((2, *there.shape, 3), np.nan)
    points[there] = batched(surface.point, CHUNK)(places[there])
    normals[there] = batched(surface.normal, CHUNK)(places[there])
    with np.errstate(invalid="ignore", divide="ignore"):
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    behind = np.zeros(there.shape, bool)
    for one, other in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        chord = points[other] - points[one]
        off = [np.abs((chord * normals[side]).sum(-1)) for side in (one, other)]
        torn = np.maximum(*off) > LEVEL * np.linalg.norm(chord, axis=-1)
        behind[one] |= torn & (depth[one] < depth[other])
        behind[other] |= torn & (depth[one] > depth[other])
    return behind
