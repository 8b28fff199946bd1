"""What an eye sees of a surface, at the nodes of a grid on the page."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.cameras import Camera
from gradart.geometry.sight import on_page
from gradart.geometry.surfaces import Surface, evaluated, newton

NODE = 1 / 5  # separations from node to node
MOST = 4_000_000  # nodes
LEVEL = 0.5  # of two neighbors' distance: more off their tangent planes, one is behind the other
EXACT = 1e-6  # separations that a point may be off its place on the page


class Seen:
    """What an eye sees of a surface, at the nodes of a grid on the page.

    `places` (rows, columns, d) are on the surface, where `there` (rows, columns) says that it is.
    """

    def __init__(self, surface: Surface, eye: Camera, gap: float) -> None:
        from gradart.geometry.sight_kernel import paint

        self.surface, self.eye, self.gap = surface, eye, gap
        mesh = surface.mesh
        flat, nearness = on_page(mesh.points, eye)
        used = flat[np.unique(mesh.triangles)]
        self.low, high = np.nanmin(used, axis=0), np.nanmax(used, axis=0)
        self.node = NODE * gap
        counts = np.ceil((high - self.low) / self.node).astype(int) + 4
        if not counts.prod() <= MOST:
            raise ArtError(f"separation is {gap}, on a surface {(high - self.low).max():.3g} wide")
        self.low = self.low - self.node
        self.high = self.low + (counts - 1) * self.node
        depth, number = np.full(counts, -np.inf), np.full(counts, -1)
        share = np.zeros((*counts, 3))
        frame = np.array([*self.low, self.node])
        paint(flat, nearness, mesh.triangles, frame, depth, number, share)
        depth, number, share = depth.T, number.T, np.swapaxes(share, 0, 1)
        self.there = number >= 0
        starts = mesh.places[mesh.triangles[number[self.there]]]
        starts = np.einsum("nk,nkd->nd", share[self.there], starts)
        row, column = np.nonzero(self.there)
        at = self.low + self.node * np.stack([column, row], -1)
        self.onto = newton(surface, lambda place: eye(surface.point(place)))
        self.places = np.full((*self.there.shape, starts.shape[1]), np.nan)
        self.places[self.there], exact = self.exact(starts, at)
        self.there[self.there] = exact
        self.there &= ~self._behind(depth)

    def exact(self, starts: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places (n, d) near the starts that are at points (n, 2) of the page; and whether so."""
        surface, eye = self.surface, self.eye

        def off(place: jax.Array, q: jax.Array) -> jax.Array:
            rest = surface.off(place)
            return safe_norm(eye(surface.point(place)) - q) + jnp.abs(rest).sum()

        places = self.onto(starts, at)
        return places, evaluated(off)(places, at) <= EXACT * self.gap

    def _behind(self, depth: np.ndarray) -> np.ndarray:
        """Which nodes are farther than a neighbor that is not on the same part of the surface."""
        surface = self.surface
        points, normals = np.full((2, *self.there.shape, 3), np.nan)
        points[self.there] = evaluated(surface.point)(self.places[self.there])
        normals[self.there] = evaluated(surface.normal)(self.places[self.there])
        with np.errstate(invalid="ignore", divide="ignore"):
            normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        behind = np.zeros(self.there.shape, bool)
        for one, other in (
            (np.s_[:-1], np.s_[1:]),
            (np.s_[:, :-1], np.s_[:, 1:]),
        ):
            chord = points[other] - points[one]
            most = LEVEL * np.linalg.norm(chord, axis=-1)
            off = [np.abs((chord * normals[side]).sum(-1)) > most for side in (one, other)]
            torn = off[0] | off[1]
            behind[one] |= torn & (depth[one] < depth[other])
            behind[other] |= torn & (depth[one] > depth[other])
        return behind

    def lifted(self, lines: list[np.ndarray]) -> list[np.ndarray]:
        """Lines (m, 2) of the page as places (m, d); points that are off the surface go."""
        if not lines:
            return []
        at = np.concatenate(lines)
        shape = np.array(self.there.shape)[::-1]
        index = np.clip(np.floor((at - self.low) / self.node).astype(int), 0, shape - 2)
        starts = np.full((len(at), self.places.shape[-1]), np.nan)
        for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
            column, row = (index + corner).T
            missing = np.isnan(starts[:, 0]) & self.there[row, column]
            starts[missing] = self.places[row, column][missing]
        places, exact = self.exact(starts, at)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        return [places[exact & (owner == k)] for k in range(len(lines))]

    def open(self, place: np.ndarray) -> np.ndarray:
        """Whether the grid ends near places (n, d), so that lines there end before they need to."""
        q, _ = on_page(evaluated(self.surface.point)(place), self.eye)
        shape = np.array(self.there.shape)[::-1]
        index = np.clip(np.floor((q - self.low) / self.node).astype(int), 1, shape - 3)
        found = np.zeros(len(place), bool)
        for i in range(-1, 3):
            for j in range(-1, 3):
                found |= ~self.there[index[:, 1] + j, index[:, 0] + i]
        return found
