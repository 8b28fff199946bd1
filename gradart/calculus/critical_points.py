"""Critical points of a field in a box, and the lines of steepest slope that part its basins."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.boxes import own_box
from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.checks.artist_functions import FIELD, checked
from gradart.calculus.equations.runge_kutta import stride
from gradart.calculus.forward_mode import gradient_of, hessian_of
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.present_values import moves, present, stepped, with_derivatives_of
from gradart.calculus.vectors import safe_norm, unit
from gradart.errors import ArtError, Untraceable
from gradart.types import ArrayT, Corners, Field

STARTS = 64  # Newton's method begins at 64 x 64 points of the box
NEWTON_STEPS = 60  # from each of them
STEP_LENGTH = 1 / 400  # of a step of a separatrix, in diagonals of the box
SUBSTEPS = 4  # of a step, for accuracy
STEPS_AT_ONCE = 150  # of all separatrices, until all have come to an end
MOST_ROUNDS = 10  # of so many steps
SIGNS = np.array([1.0, 1.0, -1.0, -1.0])  # of a separatrix: two uphill, two downhill


class CriticalPoints(NamedTuple):
    """Where the gradient of a field is 0: k points, the field's values there, and their kinds."""

    points: np.ndarray | jax.Array
    """(k, 2)"""
    values: np.ndarray | jax.Array
    """(k,), from the lowest to the highest"""
    kinds: np.ndarray
    """(k,) of "minimum", "saddle", "maximum", or "flat" where the Hessian does not tell"""


def critical_points(field: Field, *, box: Corners | None = None) -> CriticalPoints:
    """Every critical point of a field in a box: points (k, 2), values (k,) and kinds (k,).

    The kinds are "minimum", "saddle", "maximum", by the Hessian's eigenvalues, or "flat" where it
    does not tell; they come from the lowest value to the highest. `box`, ((x0, y0), (x1, y1)), is
    the one of `field` by default. Newton's method on the gradient, from 64 x 64 starts and with no
    step longer than a cell, so that each start finds what is near it. Two points in one cell may be
    missed, and of a whole curve of critical points only some are found.

    Differentiated, points and values move, while their number, order and kinds stay.

    >>> points, values, kinds = ga.critical_points(ga.himmelblau())
    >>> points[kinds == "minimum"].shape
    (4, 2)
    >>> ga.dots(points, radius=np.where(kinds == "minimum", 4.0, 2.0))
    """
    low, high = _corners(field, box)
    cell = (high - low) / STARTS
    moving = traced(checked(field, FIELD), jnp.zeros(2))
    f = held(moving)
    # Off center in their cells, so that no symmetry of the field puts a start where Newton fails.
    ticks = np.arange(STARTS) + np.array([[0.5123], [0.4871]])
    starts = np.stack(np.meshgrid(*ticks), -1).reshape(-1, 2) * cell + low
    found = jit_with(_settled, f)(starts, cell)
    if isinstance(found[0], jax.core.Tracer):
        raise Untraceable("critical points are found outside of jit: compute them before the frame")
    heights, points, values, hessians, newton_lengths = map(np.asarray, found)
    edge = 1e-9 * cell
    small = np.sqrt(np.finfo(points.dtype).eps)
    settled = newton_lengths <= small
    keep = settled & np.all((points >= low - edge) & (points <= high + edge), axis=1)
    points, values, hessians = points[keep], values[keep], hessians[keep]
    first = _first_of_each(points / cell)
    first = first[np.argsort(values[first], kind="stable")]
    flat = small * (np.nanmax(heights) - np.nanmin(heights)) / np.sum((high - low) ** 2)
    kinds = _kinds(hessians[first], flat)
    if not moves(moving):
        return CriticalPoints(points[first], values[first], kinds)
    steps = jax.vmap(_solve)(hessians[first], jax.vmap(gradient_of(moving))(points[first]))
    places = stepped(points[first], steps)
    return CriticalPoints(
        places, with_derivatives_of(jax.vmap(moving)(places), values[first]), kinds
    )


def _settled(f: Field, starts: jax.Array, cell: jax.Array) -> tuple[jax.Array, ...]:
    """Where Newton's method leads from starts (n, 2).

    The field's values (n,) at the starts, the places (n, 2), its values (n,) and Hessians there,
    and how long another step would be, (n,), in cells.
    """
    gradient_at, hessian_at = gradient_of(f), hessian_of(f)

    def newton(start: jax.Array) -> tuple[jax.Array, ...]:
        def step(_: int, p: jax.Array) -> jax.Array:
            return p - newton_step(gradient_at(p), hessian_at(p), cell)

        p = jax.lax.fori_loop(0, NEWTON_STEPS, step, start)
        hessian = hessian_at(p)
        newton_length = jnp.max(jnp.abs(_solve(hessian, gradient_at(p)) / cell))
        return f(start), p, f(p), hessian, newton_length

    return jax.vmap(newton)(starts)


def newton_step(slope: jax.Array, hessian: jax.Array, cell: ArrayLike) -> jax.Array:
    """Newton's step, to be subtracted, towards where the gradient is 0; no longer than a cell."""
    move = _solve(hessian, slope)
    return move / jnp.maximum(1, jnp.max(jnp.abs(move) / cell))


def separatrices(field: Field, *, box: Corners | None = None) -> np.ndarray | jax.Array:
    """The lines of steepest slope from each saddle, two uphill and two downhill: (k, 4, m, 2).

    They part `field` into basins and hills. Each runs from its saddle to the extremum where it
    ends, or to the edge of `box`, ((x0, y0), (x1, y1)), the field's own by default; the rest of its
    row is NaN.

    They are stepped by Runge and Kutta's method of order 4. Without a saddle there are none: k = 0.
    Differentiated, each keeps its steps and its end.

    >>> paths = ga.separatrices(ga.himmelblau())
    >>> ga.lines(paths)
    """
    low, high = _corners(field, box)
    critical = critical_points(field, box=box)
    points, saddle = np.asarray(present(critical.points)), critical.kinds == "saddle"
    saddles, ends = points[saddle], points[~saddle]
    if len(saddles) == 0:
        return np.empty((0, 4, 1, 2))
    length = STEP_LENGTH * float(np.linalg.norm(high - low))
    moving = traced(checked(field, FIELD), jnp.zeros(2))
    f = held(moving)
    axes = np.linalg.eigh(np.asarray(jit_with(_hessians, f)(saddles)))[1]
    lines_from = jit_with(_taken_on, f)
    tips = saddles[:, None] + length * _directions(axes, np)
    paths = np.repeat(saddles[:, None, None], 4, axis=1)
    lasts: list[_Last | None] = [None] * (4 * len(saddles))
    for _ in range(MOST_ROUNDS):
        tips, more = lines_from(tips, SIGNS, length)
        paths = np.concatenate([paths, more], axis=2)
        for row, path in enumerate(_rows(paths)):
            last = lasts[row] or _last(path, ends, low, high, 1.5 * length)
            if last is not None:
                if lasts[row] is None:
                    path[last.index] = last.place(path, ends)
                path[last.index + 1 :] = np.nan
            lasts[row] = last
        if None not in lasts:
            break
    paths = paths[:, :, : int(np.max(np.sum(np.isfinite(paths[..., 0]), -1)))]
    if not moves(moving):
        return paths
    ways = _ways(moving, critical, axes, lasts, length, paths.shape[2])
    rows = _rows(paths)
    ways = jnp.where(np.isfinite(rows), ways, 0)
    return with_derivatives_of(ways, rows).reshape(paths.shape)


def _hessians(f: Field, points: jax.Array) -> jax.Array:
    return jax.vmap(hessian_of(f))(points)


def _taken_on(
    f: Field, tips: jax.Array, signs: jax.Array, length: ArrayLike
) -> tuple[jax.Array, jax.Array]:
    """New tips of separatrices (k, 4, 2), by signs (4,) and steps of a length, and the ways."""
    gradient_at = gradient_of(f)

    def run_on(start: jax.Array, sign: jax.Array) -> tuple[jax.Array, jax.Array]:
        def course(p: jax.Array) -> jax.Array:
            slope = gradient_at(p)
            return sign * unit(slope, safe_norm(slope) > 0)

        def step(
            state: tuple[jax.Array, jax.Array], _: None
        ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            return stride(course, state[0], length / SUBSTEPS, state[1]), state[0]

        (end, _), path = jax.lax.scan(step, (start, course(start)), length=SUBSTEPS * STEPS_AT_ONCE)
        return end, path[::SUBSTEPS]

    found: tuple[jax.Array, jax.Array] = jax.vmap(jax.vmap(run_on), (0, None))(tips, signs)
    return found


def _ways(
    f: TracedFunction,
    critical: CriticalPoints,
    axes: np.ndarray,
    lasts: "Sequence[_Last | None]",
    length: float,
    longest: int,
) -> jax.Array:
    """Separatrices (4 k, longest, 2) of a field that is differentiated, stepped as they were.

    `axes` (k, 2, 2) are the eigenvectors along which they began.
    """
    points, saddle = jnp.asarray(critical.points), critical.kinds == "saddle"
    saddles, ends = points[saddle], points[~saddle]
    turned = jnp.linalg.eigh(jax.vmap(hessian_of(f))(saddles))[1]
    # An eigenvector points either way: here to where it did.
    turned = turned * np.sign(np.sum(np.asarray(present(turned)) * axes, 1, keepdims=True))
    lines_from = jit_with(_taken_on, f)
    tips = saddles[:, None] + length * _directions(turned, jnp)
    parts = [jnp.repeat(saddles[:, None, None], 4, axis=1)]
    while sum(part.shape[2] for part in parts) < longest:
        tips, more = lines_from(tips, SIGNS, length)
        parts.append(more)
    paths = _rows(jnp.concatenate(parts, axis=2)[:, :, :longest])
    for row, last in enumerate(lasts):
        if last is not None and last.index < longest:
            paths = paths.at[row, last.index].set(last.place(paths[row], ends))
    return paths


def _directions(axes: ArrayT, xp: ModuleType) -> ArrayT:
    """Both ways along the axes (k, 2, 2) of Hessians: (k, 4, 2).

    Uphill along the eigenvector of the positive curvature, downhill along the negative one.
    """
    downhill, uphill = axes[..., 0], axes[..., 1]
    return xp.stack([uphill, -uphill, downhill, -downhill], axis=1)


def _rows(paths: ArrayT) -> ArrayT:
    """The single paths (4 k, m, 2); of NumPy's they are views, which are ended in place."""
    return paths.reshape(-1, *paths.shape[2:])


@dataclass(frozen=True)
class _Last:
    """The last point of a path: at an extremum, by its number, or at an edge across an axis."""

    index: int
    extremum: int | None = None
    axis: int = 0
    edge: float | None = None

    def place(self, path: ArrayT, ends: ArrayT) -> ArrayT:
        """Where a path (m, 2) that has run on ends, of extrema (j, 2)."""
        if self.extremum is not None:
            return ends[self.extremum]
        if self.edge is None:
            return path[self.index]
        inner, step = path[self.index - 1], path[self.index] - path[self.index - 1]
        return inner + step * ((self.edge - inner[self.axis]) / step[self.axis])


def _last(
    path: np.ndarray, ends: np.ndarray, low: np.ndarray, high: np.ndarray, near: float
) -> _Last | None:
    """Where a path (m, 2) ends: at the first extremum it comes near to, or at the box's edge."""
    away = np.linalg.norm(path[:, None] - ends, axis=-1)
    arrived = np.any(away <= near, axis=1)
    left = ~np.all((path >= low) & (path <= high), axis=1)
    if not (arrived | left).any():
        return None
    index = int(np.argmax(arrived | left))
    if arrived[index]:
        return _Last(index, extremum=int(np.argmin(away[index])))
    if not np.isfinite(path[index]).all():
        return _Last(index)
    inner, step = path[index - 1], path[index] - path[index - 1]
    edges = np.where(step > 0, high, low)
    ways = np.where(step != 0, (edges - inner) / np.where(step != 0, step, 1), np.inf)
    axis = int(np.argmin(ways))
    return _Last(index, axis=axis, edge=float(edges[axis]))


def _solve(h: jax.Array, g: jax.Array) -> jax.Array:
    """h^-1 g for a 2 x 2 matrix by Cramer's rule; g itself where h is singular."""
    area = h[0, 0] * h[1, 1] - h[0, 1] * h[1, 0]
    move = jnp.array([h[1, 1] * g[0] - h[0, 1] * g[1], h[0, 0] * g[1] - h[1, 0] * g[0]])
    return jnp.where(area != 0, move / jnp.where(area != 0, area, 1), g)


def _kinds(hessians: np.ndarray, flat: float) -> np.ndarray:
    """What Hessians (k, 2, 2) say, if no eigenvalue is as small as `flat`."""
    curvatures = np.linalg.eigvalsh(hessians)
    named = np.array(["maximum", "saddle", "minimum"])[np.sum(curvatures > 0, axis=1)]
    return np.where(np.abs(curvatures).min(axis=1) <= flat, "flat", named)


def _first_of_each(points: np.ndarray) -> np.ndarray:
    """The first index of each of the points (n, 2) that differ by more than 1e-5."""
    kept: list[int] = []
    for i, p in enumerate(points):
        if not kept or np.abs(points[kept] - p).max(axis=1).min() > 1e-5:
            kept.append(i)
    return np.array(kept, dtype=int)


def _corners(field: Field, box: Corners | None) -> tuple[np.ndarray, np.ndarray]:
    """The lower and the upper corner, each (2,), of a box or of the field's own."""
    checked(field, FIELD)
    box = own_box(field, box)
    try:
        corners = np.asarray(unmasked(present(box)), dtype=float)
    except (TypeError, ValueError, OverflowError):
        corners = np.array(np.nan)
    if corners.shape != (2, 2) or not np.all(np.isfinite(corners)):
        raise ArtError("give box=((x0, y0), (x1, y1)), four finite numbers")
    if not np.all(corners[0] < corners[1]):
        raise ArtError(f"box from {tuple(corners[0])} to {tuple(corners[1])} has no area")
    return corners[0], corners[1]
