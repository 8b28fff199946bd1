"""Critical points of a field by a grid: cells around which the gradient turns.

How often the gradient turns around the edge of a cell is 1 around a maximum or a minimum and -1
around a saddle. So their kind is proven by signs, and what is finer than the grid is missed in
pairs that cancel: the sum over all cells is what the gradient turns around the box.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.critical_points import newton_step
from gradart.calculus.forward_mode import gradient_of, hessian_of
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, jit_with

Settled = tuple[jax.Array, jax.Array, jax.Array, jax.Array]
Evaluated = Callable[[np.ndarray], np.ndarray]

NEWTON_STEPS = 40
UNTILTED = 1e-2  # of a cell, that the tilt may move a point
QUICK, RESTING = (
    0.1,
    1e-12,
)  # a step that is so much shorter than the one before; and none, in cells
CREST_STEPS = 20
AT_ONCE = 256  # cells
FINER = 8  # times, a cell in which the gradient may vanish
DIVISIONS = 7  # at most
SPARE = 0.5  # of how much the slopes vary from corner to corner of a cell: how much more they may
UNSURE = 2.0  # radians, past which it may be that a slope turns the other way about
HALVINGS = 40  # of the edge of a cell, in which that is told
SLANT = np.array([0.6, 0.8])  # which way level ground is tilted


@dataclass(frozen=True)
class Landscape:
    """A field at the nodes of a grid over its box: its values there, and its gradients."""

    field: TracedFunction
    corner: np.ndarray  # (2, 2)
    heights: np.ndarray  # (rows, columns)
    slopes: np.ndarray  # (rows, columns, 2)

    @property
    def cell(self) -> np.ndarray:
        """Width and height (2,) of a cell."""
        return (self.corner[1] - self.corner[0]) / (np.array(self.heights.shape[::-1]) - 1)

    @property
    def tilt(self) -> np.ndarray:
        """A slope (2,) that only level ground feels: with it, nothing there rests or turns."""
        fine = np.finfo(self.slopes.dtype).eps ** (2 / 3)
        side = float(np.max(self.corner[1] - self.corner[0]))
        return fine * (float(np.ptp(self.heights)) or 1.0) / side * SLANT


@dataclass(frozen=True)
class Turns:
    """Where the gradient is 0 within the box: maxima, minima and saddles."""

    maxima: np.ndarray  # (a, 2)
    minima: np.ndarray  # (b, 2)
    saddles: np.ndarray  # (c, 2)
    axes: np.ndarray  # (c, 2, 2), columns: the directions in which a saddle falls, and rises


def turns(land: Landscape) -> Turns:
    """The critical points in cells around which the gradient turns, each by Newton's method."""
    centers, cells, index = _turning_cells(land)
    settle = chunked(jit_with(_settled, land.field), AT_ONCE)
    points, hessians, moves, crest = settle(
        centers, cells, np.broadcast_to(land.tilt, centers.shape)
    )
    away, aside = (np.abs(places - centers).max(1) / cells.max(1) for places in (points, crest))
    good = (away < 1.5) & (moves < 1e-6) & (np.sign(np.linalg.det(hessians)) == index)
    # Between pieces of a spline Newton's method may come to no rest, or on a level crest: then the
    # cell is the place, or the crest in it.
    near = np.where((aside < 1.5)[:, None], crest, centers)
    points = np.clip(np.where(good[:, None], points, near), *land.corner)
    up = np.trace(hessians, axis1=1, axis2=2) > 0
    extreme = index > 0
    if (unknown := extreme & ~good).any():
        up[unknown] = _rises(land, centers[unknown], cells[unknown])
    axes = np.linalg.eigh(hessians[~extreme])[1]
    return Turns(points[extreme & ~up], points[extreme & up], points[~extreme], axes)


def _rises(land: Landscape, centers: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Whether the field rises outward at the corners of cells (k, 2), which a kink does too."""
    outward = np.stack(np.meshgrid([-0.5, 0.5], [-0.5, 0.5]), -1) * cells[:, None, None]
    slopes_at = chunked(jit_with(_slopes, land.field), AT_ONCE)
    rises: np.ndarray = (slopes_at(centers[:, None, None] + outward) * outward).sum((1, 2, 3)) > 0
    return rises


def _turning_cells(land: Landscape) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centers (k, 2) and sizes (k, 2) of cells around which the gradient turns, and which way (k,).

    A cell around which it turns more than once is divided, since the tilt parts what is in it.
    """
    low, cell = _suspects(land), land.cell
    slopes_at = chunked(jit_with(_slopes, land.field), AT_ONCE)
    found = []
    for level in range(DIVISIONS):
        cell = cell / FINER
        nodes = low[:, None, None] + np.stack(np.meshgrid(*[np.arange(FINER + 1)] * 2), -1) * cell
        turned = _index(nodes, slopes_at, land.tilt)
        more = (np.abs(turned) > 1) & (level < DIVISIONS - 1)
        wanted = (turned != 0) & ~more
        centers = nodes[:, :-1, :-1][wanted] + cell / 2
        found.append((centers, np.broadcast_to(cell, centers.shape), np.sign(turned[wanted])))
        low = nodes[:, :-1, :-1][more]
        if not len(low):
            break
    centers, cells, index = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return centers, cells, index


def _suspects(land: Landscape) -> np.ndarray:
    """The lower left corners (k, 2) of the cells in which both slopes may be 0."""
    x = land.slopes + land.tilt
    corners = np.stack([x[:-1, :-1], x[:-1, 1:], x[1:, :-1], x[1:, 1:]])
    low, high = corners.min(0), corners.max(0)
    spare = SPARE * (high - low).max(-1, keepdims=True)
    rows, columns = np.nonzero(((low - spare < 0) & (high + spare > 0)).all(-1))
    return land.corner[0] + land.cell * np.stack([columns, rows], -1)


def _slopes(f: TracedFunction, nodes: jax.Array) -> jax.Array:
    return jax.vmap(jax.vmap(jax.vmap(gradient_of(f))))(nodes)


def _index(nodes: np.ndarray, slopes_at: Evaluated, tilt: np.ndarray) -> np.ndarray:
    """How often slopes turn around each cell of nodes (k, r, c, 2), to the left: (k, r-1, c-1)."""
    slopes = slopes_at(nodes) + tilt
    angles = np.arctan2(slopes[..., 1], slopes[..., 0])

    def turned(axis: int) -> np.ndarray:
        whole = _wrapped(np.diff(angles, axis=axis))
        # Across a crest or a trough a slope turns about: to which side is told from nearby.
        far, last = np.abs(whole) > UNSURE, nodes.shape[axis] - 1
        starts, ends = (np.take(nodes, range(i, last + i), axis)[far] for i in (0, 1))
        whole[far] = _turned(starts, ends, slopes_at, tilt, nodes.shape[1:])
        return whole

    across, up = turned(2), turned(1)
    around = across[:, :-1] + up[:, :, 1:] - across[:, 1:] - up[:, :, :-1]
    return np.rint(around / (2 * np.pi)).astype(int)


def _turned(
    starts: np.ndarray,
    ends: np.ndarray,
    slopes_at: Evaluated,
    tilt: np.ndarray,
    block: tuple[int, ...],
) -> np.ndarray:
    """By which angle (n,) slopes turn from starts (n, 2) to ends, told by halves and their halves.

    Slopes are looked at in blocks of such a shape, so that one program does.
    """

    def angles(at: np.ndarray) -> np.ndarray:
        size = block[0] * block[1]
        full = np.concatenate([at, np.repeat(at[-1:], -len(at) % size, 0)])
        slopes = slopes_at(full.reshape(-1, *block)).reshape(-1, 2)[: len(at)] + tilt
        return np.arctan2(slopes[:, 1], slopes[:, 0])

    total, row = np.zeros(len(starts)), np.arange(len(starts))
    if not len(row):
        return total
    first, last = angles(starts), angles(ends)
    for _ in range(HALVINGS):
        middles = (starts + ends) / 2
        middle = angles(middles)
        starts, ends = np.concatenate([starts, middles]), np.concatenate([middles, ends])
        first, last = np.concatenate([first, middle]), np.concatenate([middle, last])
        row = np.tile(row, 2)
        far = np.abs(_wrapped(last - first)) > UNSURE
        np.add.at(total, row[~far], _wrapped(last - first)[~far])
        starts, ends, first, last, row = (x[far] for x in (starts, ends, first, last, row))
        if not len(row):
            break
    np.add.at(total, row, _wrapped(last - first))
    return total


def crest_direction(hessian: jax.Array) -> jax.Array:
    """The direction (2,) in which a field bends least, by its Hessian: along a crest or trough."""
    mean, half = (hessian[0, 0] + hessian[1, 1]) / 2, (hessian[0, 0] - hessian[1, 1]) / 2
    # The double angle of the axis that bends by mean + root, the most if the mean is positive.
    turn = jnp.arctan2(hessian[0, 1], half) / 2 + jnp.where(mean > 0, jnp.pi / 2, 0)
    return jnp.stack([jnp.cos(turn), jnp.sin(turn)])


def crest_step(slope: jax.Array, hessian: jax.Array, longest: jax.Array | float) -> jax.Array:
    """Newton's step across a crest or trough, to be subtracted, towards where it is highest."""
    along = crest_direction(hessian)
    across = jnp.stack([-along[1], along[0]])
    bend = across @ hessian @ across
    size = jnp.dot(slope, across) / jnp.where(bend != 0, bend, 1)
    return across * jnp.clip(size, -jnp.asarray(longest), longest)


def _wrapped(angle: np.ndarray) -> np.ndarray:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _settled(f: TracedFunction, starts: jax.Array, cells: jax.Array, tilts: jax.Array) -> Settled:
    """Critical points (n, 2) near the starts, their Hessians, Newton's last moves in cells, crests.

    Crests are where the field is highest or lowest across, as far as Newton's method finds it.
    """
    gradient, hessian = gradient_of(f), hessian_of(f)

    def one(start: jax.Array, cell: jax.Array, tilt: jax.Array) -> Settled:
        def move(p: jax.Array) -> jax.Array:
            return newton_step(gradient(p) + tilt, hessian(p), cell)

        p = jax.lax.fori_loop(0, NEWTON_STEPS, lambda _, p: p - move(p), start)
        last = jnp.max(jnp.abs(move(p)) / cell)
        # The tilt has done its part where the ground is not level: there a second step is none.
        step = newton_step(gradient(p), hessian(p), cell)
        again = newton_step(gradient(p - step), hessian(p - step), cell)
        first, second = (jnp.max(jnp.abs(x) / cell) for x in (step, again))
        p = jnp.where((first < UNTILTED) & (second <= QUICK * first + RESTING), p - step, p)

        def aside(_: int, q: jax.Array) -> jax.Array:
            return q - crest_step(gradient(q), hessian(q), jnp.min(cell))

        return p, hessian(p), last, jax.lax.fori_loop(0, CREST_STEPS, aside, start)

    return jax.vmap(one)(starts, cells, tilts)
