"""Ridges of a field: the lines along which it falls to both sides."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import FIELD, checked
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.present_values import present
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import cross, dot, left
from gradart.geometry.contours.contours import contours
from gradart.geometry.paths.clipping import clip
from gradart.geometry.paths.paths import runs
from gradart.geometry.points import domain
from gradart.types import Corners, Field


def ridges(
    field: Field, *, box: Corners | None = None, resolution: int = 400
) -> np.ndarray | jax.Array:
    """The ridges of a field, a row for each, the longest first: (k, m, 2), ready for `lines`.

    On a ridge `field` is a maximum across the line, in the direction in which it bends down most:
    there the gradient is an eigenvector of the Hessian, and the other eigenvalue is negative and
    the lower one. The valleys are the ridges of -field. `box`, ((x0, y0), (x1, y1)), is the
    field's own by default, and `resolution` the number of points along its longer side between
    which ridges are looked for: what is finer is missed. Their points are exact, as those of
    `contours` are; each ridge ends where one of the conditions does, or in a summit. Of a field
    that is alike all around a point, or all along a direction, the gradient is an eigenvector
    everywhere: it has none.

    The field is differentiated three times, at each point of the grid twice. Of one that takes
    long, as `stretching` does, take the ridges of `tabulated` values.

    D. Eberly, R. Gardner, B. Morse, S. Pizer and C. Scharlach, "Ridges for image analysis", Journal
    of Mathematical Imaging and Vision 4 (1994).

    >>> land = ga.peaks()
    >>> ga.scene(ga.lines(ga.contours(land, 20), width=0.1), ga.lines(ga.ridges(land), width=0.5))
    """
    height = checked(field, FIELD)
    edges = domain(field, box)

    def gradient_twice(p: jax.Array) -> tuple[jax.Array, jax.Array]:
        g = explained(jax.jacfwd(height))(p)
        return g, g

    def bend(p: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        """The gradient, and how it changes along itself, and across."""
        h, g = jax.jacfwd(gradient_twice, has_aux=True)(p)
        return g, h @ g, h @ left(g)

    def aside(p: jax.Array) -> jax.Array:
        g, along, _ = bend(p)
        return cross(g, along)

    def elsewhere(p: jax.Array) -> jax.Array:
        g, along, across = bend(p)
        down = dot(left(g), across)
        return jnp.maximum(down, down - dot(g, along))

    lines = clip(contours(aside, [0.0], box=edges, resolution=resolution), where=elsewhere)
    return longest_first(lines[0])


def longest_first(line: np.ndarray | jax.Array) -> np.ndarray | jax.Array:
    """The parts of a line (m, 2) between its NaN as rows (k, n, 2)."""
    rows = rows_longest_first(np.asarray(present(line)))
    if isinstance(line, np.ndarray):
        return np.where(rows[..., None] < 0, np.nan, line[rows])
    return taken_rows(line, rows)


def rows_longest_first(places: np.ndarray) -> np.ndarray:
    """The numbers of a line's points (m, 2) in rows (k, n); -1 behind the last of a row."""
    inked = np.isfinite(places).all(1)
    turns = runs(inked)
    steps = np.where(inked[1:] & inked[:-1], np.linalg.norm(np.diff(places, axis=0), axis=1), 0)
    ways = np.concatenate([[0], np.nancumsum(steps)])
    turns = turns[np.argsort(ways[turns[:, 0]] - ways[turns[:, 1] - 1], kind="stable")]
    lengths = turns[:, 1] - turns[:, 0]
    column = np.arange(lengths.max(initial=0))
    return np.where(column < lengths[:, None], turns[:, :1] + column, -1)
