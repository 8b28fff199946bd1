"""Streamlines of a flow, about equally far apart all over a box.

After B. Jobard and W. Lefer, Creating Evenly-Spaced Streamlines of Arbitrary Density (1997): each
line sends out seeds at the separation to both of its sides, and a line grows until it comes nearer
to another than a part of that. Of several seeds the one that makes the longest line is taken, as
long lines are what the eye follows.
"""

import math
import warnings

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import Kind, checked, outside
from gradart.calculus.derivatives import gradient
from gradart.calculus.forward_mode import gradient_of
from gradart.calculus.programs.compiled_once import held, traced
from gradart.calculus.programs.present_values import (
    closes_over_moving,
    present,
    with_derivatives_of,
)
from gradart.calculus.vectors import cross
from gradart.errors import ArtError, ArtWarning
from gradart.geometry.paths.paths import moved_rows, padded
from gradart.geometry.points import domain, grid, survey
from gradart.geometry.streamlines.streamline_derivatives import Grown, following
from gradart.types import Corners, Field, Map

FLOW: Kind = ("field", "() or a map's (2,)", ((), (2,)))

NODE = 1 / 3  # separations from node to node of the grid on which the flow is looked up
LEAST = 256  # nodes along the longer side
MOST = 4_000_000  # nodes, or squares of the separation
SURE = 0.05  # radians between the flow and what every other node makes of it
SEEDS = 0.5  # separations from seed to seed along a line
FIRST = 12.0  # separations between the seeds to begin with
LONGEST = 8.0  # widths and heights of the box
TRIES = 12  # lines that are grown for one that is kept


def streamlines(
    flow: Field | Map,
    *,
    separation: float,
    box: Corners | None = None,
    across: bool = False,
    nearest: float = 0.5,
) -> np.ndarray | jax.Array:
    """Lines along a flow, everywhere about a separation apart: (n, m, 2), rows padded with NaN.

    `flow` is a field, whose lines of steepest slope are drawn, or a map, (2,) -> (2,), which is the
    vector field itself. With `across` they are drawn at right angles to it: the level lines of a
    field. A line begins at the `separation` from others and ends at the edge of `box` (by default
    the field's own), where the flow is 0 or NaN, where it closes, or where it comes nearer to a
    line than `nearest` times the separation. Its points are a quarter of the separation apart, in
    the artist's units as the separation is.

    The flow is computed at the nodes of a grid, exactly, and is cubic in between; the grid is as
    fine as it must be for that to be right to a fraction of a degree, up to 4 million nodes. Lines
    follow it by Runge and Kutta's method of order 4. The first call on a machine takes some seconds
    more, to compile that.

    Differentiated, the lines are the same, from the same seeds in the same steps, and move with the
    flow; how far apart they are decides which lines there are, and has no derivative.

    >>> ga.lines(ga.streamlines(ga.peaks(), separation=0.15), width=0.2)
    """
    outside("streamlines")
    found, moving = laid_lines(flow, separation, box, across=across, nearest=nearest)
    return found if moving is None else moving


def laid_lines(
    flow: Field | Map,
    separation: float,
    box: Corners | None = None,
    *,
    across: bool = False,
    nearest: float = 0.5,
) -> tuple[np.ndarray, jax.Array | None]:
    """What `streamlines` gives, without derivatives, and with them if the flow is differentiated.

    The errors are its own.
    """
    low, high = np.asarray(present(domain(flow, box)), dtype=float)
    separation, nearest = as_number(separation, "separation"), as_number(nearest, "nearest")
    separation, nearest = float(present(separation)), float(present(nearest))
    if not (np.isfinite(separation) and separation > 0 and 0.25 <= nearest <= 1):
        raise ArtError(
            f"separation is {separation}, nearest {nearest}: give a length above 0, and a part of"
            " it from 0.25 to 1"
        )
    with np.errstate(over="ignore"):
        sides = (high - low) / separation
        cells = sides.prod()
    if not np.all(sides >= 1):
        raise ArtError(f"separation is {separation}: give less than the sides of the box")
    if not cells <= MOST:
        raise ArtError(
            f"separation is {separation}, in a box {sides[0]:.3g} times as wide and"
            f" {sides[1]:.3g} times as high: give more"
        )
    moves = closes_over_moving(checked(flow, FLOW), jnp.zeros(2))
    courses = sampled(_held(flow) if moves else flow, low, high, NODE * separation)
    nodes = grid(courses.shape[0], courses.shape[1], (low, high))
    if across:
        courses = np.stack([-courses[..., 1], courses[..., 0]], axis=-1)
    kept = spread(courses, low, high, separation, nearest * separation)
    found = padded([grown.line for grown in kept], (len(kept),))
    if not kept or not moves:
        return found, None
    moving = _looked_up(flow, nodes)
    if across:
        moving = jnp.stack([-moving[..., 1], moving[..., 0]], axis=-1)
    inked = np.concatenate([grown.line for grown in kept])
    return found, moved_rows(found, with_derivatives_of(following(moving, low, high, kept), inked))


def _held(flow: Field | Map) -> Field | Map:
    """The flow as it is now, without derivatives."""
    if hasattr(flow, "on_lattice"):
        return present(flow)
    return held(traced(checked(flow, FLOW), jnp.zeros(2)))


def _looked_up(flow: Field | Map, nodes: jax.Array) -> jax.Array:
    """The flow at the nodes of a grid (rows, columns, 2); of a field, its slope."""
    f = checked(flow, FLOW)
    if jax.eval_shape(f, jnp.zeros(2)).shape != ():
        return survey(f, nodes)
    if hasattr(flow, "on_lattice"):
        return gradient(flow, nodes)
    return survey(gradient_of(traced(f, jnp.zeros(2))), nodes)


def sampled(flow: Field | Map, low: np.ndarray, high: np.ndarray, cell: float) -> np.ndarray:
    """The flow at the nodes of a grid over the box, as fine as it needs: (rows, columns, 2)."""
    sides = high - low
    cell = max(min(cell, sides.max() / LEAST), np.sqrt(sides.prod() / MOST))
    counts = np.maximum(np.ceil(sides / cell), 8).astype(int)
    while True:
        columns, rows = 2 * (counts // 2) + 1
        nodes = grid(rows, columns, (low, high))
        with warnings.catch_warnings():  # a line ends where a derivative is not finite
            warnings.simplefilter("ignore", ArtWarning)
            found = _looked_up(flow, nodes)
        courses = np.array(found, float)  # a copy: numba would compile again for one not writable
        courses[~np.isfinite(courses).all(-1)] = np.nan
        # To numbers that can be multiplied: by a power of two, which changes no digit.
        size = np.fmax.reduce(np.abs(courses), axis=None, initial=0.0)
        courses = np.ldexp(courses, -np.frexp(size)[1])
        if 4 * rows * columns > MOST or _doubt(courses) <= SURE:
            return courses
        counts = 2 * counts


def _doubt(courses: np.ndarray) -> float:
    """The angle that cubic interpolation misses nodes by that are left out: nine in ten by less."""
    worst = 0.0
    for axis in (0, 1):
        rows = np.moveaxis(courses, axis, 0)
        even = rows[::2]
        guess = (9 * (even[1:-2] + even[2:-1]) - even[:-3] - even[3:]) / 16
        there = rows[3::2][: len(guess)]
        angle = np.abs(np.arctan2(cross(guess, there), np.sum(guess * there, axis=-1)))
        angle = angle[np.isfinite(angle)]
        worst = max(worst, float(np.quantile(angle, 0.9)) if len(angle) else 0.0)
    return worst


def spread(
    courses: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    separation: float,
    nearest: float,
    axes: bool = False,
) -> list[Grown]:
    """The lines along a flow that is given at the nodes (rows, columns, 2) of the box.

    If it is of `axes`, which have no sign, what is given are vectors at the doubled angle.
    """
    from gradart.geometry.streamlines import streamline_kernel as g

    size = high - low
    nodes = (np.array(courses.shape[1::-1]) - 1) / size
    plan = np.array([*low, *high, separation, nearest, *nodes, axes])
    counts = np.ceil(size / separation).astype(int)
    heads = np.full(counts + 2, -1)
    # What should fit into the cells, and some.
    most = heads.size * math.ceil(1.5 * separation / (g.STEP * nearest))
    places, following, owners = np.empty((most, 3)), np.empty(most, int), np.empty(most, int)
    pen = np.empty((2, int(2 * LONGEST * size.sum() / (g.STEP * separation)), 3))
    tally = np.zeros(7, int)
    ground = g.Ground(plan, heads, places, following, owners)
    kept: list[Grown] = []
    for gap in (FIRST * separation, separation):  # the second for what no line sent a seed to
        pool = np.ascontiguousarray(_lattice(low, high, gap))  # as those that are added
        tally[g.POOL] = len(pool)
        while tally[g.POOL]:
            seed = np.array(g.longest(courses, ground, tally, pen, pool, TRIES))
            if not np.isfinite(seed[0]):
                continue
            back, forward = pen[1, : tally[g.BACK]], pen[0, : tally[g.FORWARD]]
            kept.append(Grown(seed, forward.copy(), back.copy()))
            seeds = _beside(kept[-1].line, separation)
            end = tally[g.POOL] + len(seeds)
            if end > len(pool):
                pool = np.concatenate([pool, np.empty((end, 2))])
            pool[tally[g.POOL] : end] = seeds
            tally[g.POOL] = end
    return kept


def _beside(line: np.ndarray, separation: float) -> np.ndarray:
    """Seeds (k, 2) at the separation to either side of a line (m, 2)."""
    at = np.append(0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1)))
    index = np.unique(at // (SEEDS * separation), return_index=True)[1]
    along = np.gradient(line, axis=0)[index]
    out = np.stack([-along[:, 1], along[:, 0]], 1) / np.linalg.norm(along, axis=1, keepdims=True)
    return np.concatenate([line[index] + separation * sign * out for sign in (1, -1)])


def _lattice(low: np.ndarray, high: np.ndarray, gap: float) -> np.ndarray:
    """Seeds (k, 2) all over the box, in the middles of squares."""
    counts = np.ceil((high - low) / gap).astype(int)
    return low + (np.indices(counts).reshape(2, -1).T + 0.5) / counts * (high - low)
