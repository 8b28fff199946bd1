"""Basins: at which place the path from a start comes to rest, how fast; and the borders."""

import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import as_count, outside
from gradart.calculus.checks.misuse import explain, taking
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import compiled
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError, kind_of
from gradart.geometry.contours.isolines import isolines_beside_gaps
from gradart.geometry.paths.paths import padded
from gradart.geometry.points import corners, grid, square_cells
from gradart.types import Corners

Walk = Callable[[jax.Array], jax.Array]  # from starts (n, 2) to paths (n, m, 2)

CHUNK = 4096  # starts that are followed at once
HALVINGS = 16  # of a grid's cell, until a point of a border is found
RESTED = 0.01  # of the distance that is near: a last step at rest
MOST_ROOTS = 1000


class Basins(NamedTuple):
    """Where the starts of a grid go: k places at which they come to rest, and the way there."""

    roots: np.ndarray
    """(k, 2), from left to right"""
    labels: np.ndarray
    """(rows, columns), which of the roots; -1 for a start that comes to no rest"""
    steps: np.ndarray
    """(rows, columns), how many steps it takes, with fractions; NaN for no rest"""
    borders: np.ndarray
    """(k, m, 2), the border of each basin, NaN between its lines"""


def basins(walk: Walk, box: Corners, *, resolution: int = 800, near: float = 1e-4) -> Basins:
    """The basins of a method: where each start comes to rest, how fast, and the borders as lines.

    `walk` takes starts (n, 2) to their paths (n, m, 2): `descend` does, `iterate` of a step of
    Newton's, `stream`. The starts are a grid over `box`, ((x0, y0), (x1, y1)), with `resolution`
    points along its longer side, the bottom row first, as `raster` takes pixels. Given back are
    `roots` (k, 2), the ends of paths, from left to right; `labels` (rows, columns), which of them a
    start goes to; `steps` (rows, columns), the number of steps until it is, and stays, as near as
    `near` diagonals of the box; and `borders` (k, m, 2), a row for each basin, NaN between its
    lines. A path that has not come so near to where others end, or leaves the finite numbers, is
    in no basin: label -1, steps NaN.

    Steps have fractions, as if between two points the logarithm of the distance grew as it does if
    each step multiplies the number of digits: so they have no jumps between starts. A point of a
    border lies on a line of the grid, between two starts of which one is in the basin, and is found
    there by bisection, to a millionth of the box or better. Differentiated, all of it stays.

    ArtError where no path comes to rest.

    >>> newton = ga.householder(lambda z: z**3 - 1)
    >>> found = ga.basins(
    ...     lambda p: ga.iterate(newton, p, steps=30), ((-2, -2), (2, 2)), resolution=100
    ... )
    >>> found.roots.shape, found.labels.shape
    ((3, 2), (100, 100))
    >>> ga.lines(found.borders)
    """
    outside("basins")
    taking(walk, "walk", "of starts (n, 2), lambda p: ga.descend(field, p)", 1)
    near = float(present(as_number(near, "near", above=0.0)))
    corner = np.asarray(present(corners(box)))
    nodes = np.asarray(grid(*square_cells(corner, as_count(resolution, "resolution")), corner))
    diagonal = float(np.linalg.norm(corner[1] - corner[0]))
    walked, size = _followed(walk, near, diagonal), min(CHUNK, nodes[..., 0].size)
    # Of the many starts that bisection follows only the ends are asked for.
    ends_of = chunked(compiled(lambda starts: walked(starts)[0], still=True), size)
    ends, last, steps = chunked(compiled(walked, still=True), size)(nodes.reshape(-1, 2))
    roots = _roots(ends, last, near * diagonal)

    def root_of(starts: np.ndarray) -> np.ndarray:
        # A border of two basins is one of both: nearly each of its points is asked for twice.
        each, again = np.unique(
            np.ascontiguousarray(starts, float).view(complex), return_inverse=True
        )
        ends = ends_of(each.view(float).reshape(-1, 2))
        return _nearest(ends, roots, near * diagonal)[again.ravel()]

    labels = _nearest(ends, roots, near * diagonal).reshape(nodes.shape[:2])
    steps = np.where(labels < 0, np.nan, steps.reshape(labels.shape))
    return Basins(roots, labels, steps, _borders(nodes, labels, len(roots), root_of))


def _is_step(walk: Walk, start: jax.Array) -> bool:
    try:
        return np.shape(jax.eval_shape(walk, start)) == (2,)
    except Exception:
        return False


def _followed(
    walk: Walk, near: float, diagonal: float
) -> Callable[[jax.Array], tuple[jax.Array, jax.Array, jax.Array]]:
    """From starts (n, 2) to the ends (n, 2), the last steps' lengths (n,), and the steps (n,)."""

    def follow(starts: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        try:
            paths = walk(starts)
        except Exception as error:
            if text := explain(error):
                raise ArtError(f"walk: {text}") from error
            if _is_step(walk, starts[0]):
                raise ArtError(
                    "walk is a step, from a point to the next: give the paths that it makes,"
                    " lambda p: ga.iterate(step, p, steps=30)"
                ) from error
            raise
        if not isinstance(paths, jax.Array | np.ndarray):
            raise ArtError(f"walk returns {kind_of(paths)}: return paths, an array (n, m, 2)")
        n = len(starts)
        shape = np.shape(paths)
        if len(shape) != 3 or shape[::2] != (n, 2) or shape[1] < 2:
            raise ArtError(
                f"walk takes {n} starts to an array of shape {shape}: paths are ({n}, m, 2), m > 1"
            )
        if jnp.iscomplexobj(paths):
            raise ArtError(
                "walk takes starts to complex numbers: return jnp.stack([z.real, z.imag], -1)"
            )
        ends = paths[:, -1]
        away = jnp.linalg.norm(paths - ends[:, None], axis=-1) / diagonal
        last = jnp.linalg.norm(ends - paths[:, -2], axis=-1)
        return ends, last, jax.vmap(lambda e: _steps(e, near))(away)

    return follow


def _steps(away: jax.Array, near: float) -> jax.Array:
    """After how many steps the distances (m,) to an end stay below `near`, between two steps too.

    A method that multiplies the number of digits by a constant raises log(-log(distance)) evenly.
    """
    far = jnp.where(away >= near, jnp.arange(len(away)), -1).max()
    before = jnp.clip(far, 0, len(away) - 2)
    inside = jnp.clip(away, 1e-300 if away.dtype == float else 1e-37, 0.9)
    digits = jnp.log(-jnp.log(inside))
    a, b = digits[before], digits[before + 1]
    part = (math.log(-math.log(min(near, 0.9))) - a) / jnp.where(b > a, b - a, 1)
    return jnp.where(far < 0, 0, before + jnp.clip(part, 0, 1))


def _roots(ends: np.ndarray, last: np.ndarray, near: float) -> np.ndarray:
    """The places (k, 2) where paths come to rest, of their ends (n, 2) and last steps (n,)."""
    rested = np.isfinite(ends).all(1) & (last <= RESTED * near)
    # The stillest first: what ends near it is on its way there.
    left = ends[rested][np.argsort(last[rested], kind="stable")]
    roots: list[np.ndarray] = []
    while len(left):
        roots.append(left[0])
        left = left[np.linalg.norm(left - left[0], axis=1) > 2 * near]
        if len(roots) > MOST_ROOTS:
            raise ArtError(f"paths end at more than {MOST_ROOTS} places: let the walk go on longer")
    if not roots:
        raise ArtError("no path comes to rest: let the walk go on longer, or take smaller steps")
    found = np.array(roots)
    return found[np.lexsort(np.round(found / near)[:, ::-1].T)]


def _nearest(ends: np.ndarray, roots: np.ndarray, near: float) -> np.ndarray:
    """Which of the roots (k, 2) the ends (n, 2) are near to: (n,), -1 for none."""
    from scipy.spatial import cKDTree

    fine = np.isfinite(ends).all(1)
    _, found = cKDTree(roots).query(np.where(fine[:, None], ends, 0))
    away = np.linalg.norm(ends - roots[found], axis=1)
    return np.where(fine & (away <= near), found, -1)


def _borders(
    nodes: np.ndarray, labels: np.ndarray, count: int, root_of: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The borders (k, m, 2) of basins over a grid's nodes, on its lines, by bisection."""
    lines = [isolines_beside_gaps((labels == k).astype(float))(0.5) for k in range(count)]
    sizes = [len(line) for line in lines]
    line, owner = np.concatenate(lines), np.repeat(np.arange(count), sizes)
    inked = np.isfinite(line[:, 0])
    # In rows and columns: a point lies halfway between two nodes.
    ends = [way(line[inked][:, ::-1]).astype(int) for way in (np.floor, np.ceil)]
    a, b = (tuple(end.T) for end in ends)
    here = owner[inked]
    first = (labels[a] == here)[:, None]
    within, beyond = np.where(first, nodes[a], nodes[b]), np.where(first, nodes[b], nodes[a])
    for _ in range(HALVINGS):
        middle = (within + beyond) / 2
        same = (root_of(middle) == here)[:, None]
        within, beyond = np.where(same, middle, within), np.where(same, beyond, middle)
    found = np.full_like(line, np.nan)
    found[inked] = (within + beyond) / 2
    return padded(np.split(found, np.cumsum(sizes)[:-1]), (count,))
