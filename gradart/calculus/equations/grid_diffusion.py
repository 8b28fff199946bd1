"""How a quantity spreads over the nodes of a grid, on a plane or on land: div(D grad w).

A table (rows, columns) holds w at the points of `grid(rows, columns, box)`. Its energy, the
integral of D |grad w|^2 / 2, is summed cell by cell, and how w spreads is the slope of that sum
downhill: so what leaves a node arrives at others, on any land and with any D, and nothing grows.
On a plane with one D it is the stencil of nine points whose error is alike in all directions.
"""

import functools
from typing import Literal, NamedTuple, TypedDict

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import box_of_cells, checked_box
from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import as_floats, concrete
from gradart.calculus.programs.cache_blocking import stored
from gradart.calculus.programs.present_values import present
from gradart.errors import ArtError
from gradart.types import Corners, Numbers

Edges = Literal["reflecting", "periodic", "fixed"]


class GridKeywords(TypedDict, total=False):
    """What a grid lies on: keywords of `heat_equation`, which says what they mean."""

    heights: Numbers | None
    box: Corners | None
    edges: Edges


class Grid(NamedTuple):
    """What tables (rows, columns) lie on."""

    shape: tuple[int, ...]
    sides: tuple[float, float]  # of a cell
    edges: Edges
    heights: jax.Array | None


class Spreading(NamedTuple):
    """What each cell conducts, as arrays that broadcast to (..., rows - 1, columns - 1).

    D sqrt(g) times the inverse of the metric g, over the squares of the sides of a cell.
    """

    along_x: jax.Array
    mixed: jax.Array
    along_y: jax.Array
    area: jax.Array  # of the land over each cell, which is 1 where it is level
    mass: jax.Array  # of each node: its share of the areas around it


def as_table(x: Numbers, name: str) -> jax.Array:
    """x as a table (rows, columns) of finite floats."""
    table = as_floats(x, name)
    if table.ndim != 2 or min(table.shape) < 3:
        raise ArtError(
            f"{name} is {short(table)}: give a table (rows, columns) of 3 x 3 numbers or more, as"
            " ga.value(field, ga.grid(rows, columns, box))"
        )
    return finite(table, name)


def finite(x: jax.Array, name: str) -> jax.Array:
    """x, if its numbers are finite, or are not known."""
    if concrete(now := present(x)) and (bad := int((~np.isfinite(now)).sum())):
        raise ArtError(f"{name} holds {bad:,} numbers that are NaN or infinite: fill them first")
    return x


def as_grid(
    shape: tuple[int, ...],
    *,
    heights: Numbers | None = None,
    box: Corners | None = None,
    edges: Edges = "reflecting",
) -> Grid:
    """The grid of tables of a shape (rows, columns), by what `GridKeywords` say of it."""
    if edges not in ("reflecting", "periodic", "fixed"):
        raise ArtError(f"edges is {short(edges)}: give 'reflecting', 'periodic' or 'fixed'")
    land = None if heights is None else as_table(heights, "heights")
    if land is not None and land.shape != shape:
        raise ArtError(f"heights have shape {land.shape}, and start {shape}: give one shape")
    (x0, y0), (x1, y1) = box_of_cells(shape) if box is None else checked_box(box)
    sides = (x1 - x0) / (shape[1] - 1), (y1 - y0) / (shape[0] - 1)
    return Grid(shape, sides, edges, land)


def as_coefficient(x: object, name: str, shape: tuple[int, ...]) -> jax.Array:
    """x as one number, or a table of a shape, none of them negative."""
    given = as_floats(x, name)
    if given.shape not in ((), shape):
        raise ArtError(f"{name} is {short(x)}: give one number, or a table of shape {shape}")
    if concrete(now := present(finite(given, name))) and (now < 0).any():
        raise ArtError(f"{name} is negative, at the least {float(now.min()):g}: give 0 or more")
    return given


def spreading(diffusion: jax.Array, grid: Grid) -> Spreading:
    """What the cells of a grid conduct.

    By a diffusion of shape (), (species, 1, 1) or (..., rows, columns).
    """
    (dx, dy), periodic = grid.sides, grid.edges == "periodic"
    d = _middle(diffusion) if min(diffusion.shape[-2:], default=1) > 1 else diffusion
    area, x, y = jnp.ones((), d.dtype), jnp.zeros((), d.dtype), jnp.zeros((), d.dtype)
    if grid.heights is not None:
        up, along, _ = _slopes(grid.heights)
        x, y = along / dx, up / dy
        area = jnp.sqrt(1 + x**2 + y**2)
    d = d / area
    own = jnp.zeros(grid.shape, d.dtype)[: -1 if periodic else None, : -1 if periodic else None]
    mass = jax.grad(lambda u: jnp.sum(area * _middle(_whole(u, periodic))))(own)
    per_x, per_y = d * (1 + y**2) / dx**2, d * (1 + x**2) / dy**2
    return Spreading(per_x, -d * x * y / (dx * dy), per_y, area, mass)


def fastest(by: Spreading) -> jax.Array:
    """No pattern decays faster than this, per unit of time: Euler's steps must be below 2 / it."""
    total = by.along_x + by.along_y
    apart = jnp.hypot((by.along_x - by.along_y) / 2, by.mixed)
    # The three patterns of a cell: a slope of either direction, and the signs of a chessboard.
    return jnp.max(jnp.maximum(2 * total + 4 * apart, 8 / 3 * total) / by.area)


def fastest_now(by: Spreading) -> float:
    """`fastest`, as it is now; ArtError where that is no number."""
    pace = float(fastest(present(by)))
    if not np.isfinite(pace):
        raise ArtError(
            "what spreads does so faster than can be computed: give less diffusion or speed, lower"
            " heights, or a larger box"
        )
    return pace


def spread(by: Spreading, w: jax.Array, edges: Edges) -> jax.Array:
    """div(D grad w) of tables (..., rows, columns); 0 on a fixed edge."""
    periodic = edges == "periodic"
    own = w[..., :-1, :-1] if periodic else w
    if edges == "reflecting":
        # Four nodes have a part in each cell: what goes through it is computed once, not for each.
        slopes, to_nodes = jax.vjp(_slopes, own)
        through = jax.grad(functools.partial(_energy_of_slopes, by))(slopes)
        (grown,) = to_nodes(tuple(map(stored, through)))
    else:  # where XLA finds that by itself
        grown = jax.grad(functools.partial(_energy, by, periodic=periodic))(own)
    return held(_whole(-grown / by.mass, periodic), edges)


def seamless(w: jax.Array, edges: Edges) -> jax.Array:
    """Tables whose last row and column are the first again, if they are periodic."""
    return _whole(w[..., :-1, :-1], True) if edges == "periodic" else w


def held(rates: jax.Array, edges: Edges) -> jax.Array:
    """Rates of change (..., rows, columns) that leave an edge as it is, if it is fixed."""
    if edges != "fixed":
        return rates
    return jnp.pad(rates[..., 1:-1, 1:-1], [(0, 0)] * (rates.ndim - 2) + [(1, 1), (1, 1)])


def _energy(by: Spreading, own: jax.Array, *, periodic: bool) -> jax.Array:
    return _energy_of_slopes(by, _slopes(_whole(own, periodic)))


def _energy_of_slopes(by: Spreading, slopes: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
    up, along, twist = slopes
    # A slope that changes across its cell has more energy than in the middle: by a twelfth of the
    # change squared for bilinear elements, a quarter for the stencil of five points. Between them,
    # at a sixth, the error is alike in all directions.
    straight = by.along_x * along**2 + 2 * by.mixed * along * up + by.along_y * up**2
    return jnp.sum(straight + (by.along_x + by.along_y) * twist**2 / 6) / 2


def _whole(own: jax.Array, periodic: bool) -> jax.Array:
    """Tables with their first row and column once more at the end, if they are periodic."""
    if not periodic:
        return own
    return jnp.pad(own, [(0, 0)] * (own.ndim - 2) + [(0, 1), (0, 1)], mode="wrap")


def _corners(w: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    return w[..., :-1, :-1], w[..., :-1, 1:], w[..., 1:, :-1], w[..., 1:, 1:]


def _middle(w: jax.Array) -> jax.Array:
    """The mean of the corners of each cell."""
    a, b, c, d = _corners(w)
    return (a + b + c + d) / 4


def _slopes(w: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Per cell: how much w rises upward, to the right, and how the one changes along the other."""
    a, b, c, d = _corners(w)
    return (c + d - a - b) / 2, (b + d - a - c) / 2, a - b - c + d
