"""Lines on a surface where one function is 0, as far as another one is negative."""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.geometry.surfaces.surface_curves import SHORTEST, joined
from gradart.geometry.surfaces.surface_meshes import crossed_edges
from gradart.geometry.surfaces.surface_point_derivatives import (
    Traced,
    each,
    moving_places,
    points_at,
)
from gradart.geometry.surfaces.surfaces import Surface, digits, newton

CHUNK = 1024  # places at once: of the edges but a few are looked at to the end
ROUNDS = 16  # of false position, until the zero on an edge is found
SETTLED = 1e-4  # of how much the function changes along an edge: where it stays more, it jumps
UNTURNED = (1.0, 0.0, 0.0)  # the direction for a function that has a sign of its own

Look = Callable[[jax.Array], tuple[jax.Array, jax.Array, jax.Array]]
Array = jax.Array | np.ndarray
# Of numbers (..., q) that are seen at places, by `numpy` or `jax.numpy`: what is to be negative.
Bound = Callable[[Array, ModuleType], Array]


class _Crossings(NamedTuple):
    """Where lines cross the edges of a mesh, whatever they are bounded by."""

    segments: np.ndarray
    """(s, 2), the numbers of those that follow one another"""
    places: np.ndarray
    """(e, d)"""
    seen: np.ndarray
    """(e, q), what a bound is told by; NaN where there is no line"""
    points: np.ndarray
    """(e, 3)"""


def bounded_lines(
    surface: Surface, look: Look, bound: Bound, *, moved: bool, kept: str = ""
) -> np.ndarray | jax.Array:
    """Lines on a surface, the longest first, where a function is 0 and a bound negative: (n, m, 3).

    `look`, of a place (d,), gives the function, without a unit, numbers (q,) that the `bound` is
    told by, and a direction (3,). A function whose sign is that of a direction, which has none of
    its own, is told by it from one point to the next: turned, it would be the other number. For one
    with a sign of its own the direction is always the same. Where a value is NaN at a vertex of the
    surface's mesh, it is not looked for.

    On the edges of the mesh it is found to rounding, and the end of a line on the way from one of
    them to the next. Their points are differentiated if they are `moved`. What depends on the
    surface alone is looked for once, if that is to be `kept` under a name.
    """
    found = surface.kept.get(kept)
    if not isinstance(found, _Crossings):
        found = _crossings(surface, look)
        if kept:
            surface.kept[kept] = found
    segments, places, seen, points = found
    beyond = np.asarray(bound(seen, np))
    inside = beyond < 0
    through = segments[inside[segments].all(1)]
    last = segments[(inside[segments].sum(1) == 1) & np.isfinite(beyond[segments]).all(1)]
    inner, outer = np.where(inside[last[:, :1]], last, last[:, ::-1]).T
    share = beyond[inner] / (beyond[inner] - beyond[outer])
    ends = points[inner] + share[:, None] * (points[outer] - points[inner])
    tails = np.stack([inner, len(points) + np.arange(len(ends))], -1)
    lines = joined(
        np.concatenate([points, ends]), np.concatenate([through, tails]), SHORTEST * surface.size
    )
    traced = Traced(lines, np.concatenate([points, ends]), None)
    if moved and lines:
        traced = traced._replace(moving=_moving(surface, look, bound, places, (inner, outer)))
    order = np.argsort([-_length(line) for line in traced.rows()], kind="stable")
    traced = traced._replace(lines=[lines[k] for k in order])
    return traced.laid(traced.rows())


def _crossings(surface: Surface, look: Look) -> _Crossings:
    mesh, looked = surface.mesh, batched(look, CHUNK)
    value, _, way = looked(mesh.places)
    corners = mesh.triangles
    turned = np.stack([_against(way[corners[:, k]], way[corners[:, 0]]) for k in range(3)], 1)
    # Around what such a triangle holds the direction makes half a turn, and it has none in there.
    whole = _against(way[corners[:, 1]], way[corners[:, 2]]) == (turned[:, 1] ^ turned[:, 2])
    known = np.isfinite(value)[corners].all(1) & whole
    edges, segments, _ = crossed_edges(corners, (value < 0)[corners] ^ turned, known)
    places, seen = _zeros(surface, looked, edges, value, way)
    return _Crossings(segments, places, seen, batched(surface.point)(places))


def _length(line: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _moving(
    surface: Surface,
    look: Look,
    bound: Bound,
    places: np.ndarray,
    last: tuple[np.ndarray, np.ndarray],
) -> jax.Array:
    """The points (e, 3) at places on edges, and behind them the ends between two of these."""
    moving = moving_places(surface, places, lambda place: look(place)[0])
    points = points_at(surface, moving)
    if not len(last[0]):
        return points
    bounds = each(
        lambda place: jnp.asarray(bound(look(place)[1], jnp)), taken_rows(moving, np.stack(last))
    )
    return _with_ends(points, bounds, *last)


@jax.jit
def _with_ends(
    points: jax.Array, bounds: jax.Array, inner: jax.Array, outer: jax.Array
) -> jax.Array:
    """Points (e, 3), and behind them ends (k, 3) on the way to others, where a bound is 0.

    The bounds (2 k, 1) are those at the inner ones, and at the outer ones.
    """
    before, after = jnp.split(bounds, 2)
    share = before / (before - after)
    return jnp.concatenate([points, points[inner] + share * (points[outer] - points[inner])])


def _zeros(
    surface: Surface,
    looked: Callable[[np.ndarray], tuple[np.ndarray, ...]],
    edges: np.ndarray,
    value: np.ndarray,
    way: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Places (e, d) on edges (e, 2) where a function is 0, and what is seen there, NaN if nowhere.

    A line may jump over an edge, and not cross it.
    """
    from_, to = surface.mesh.places[edges[:, 0]], surface.mesh.places[edges[:, 1]]
    ahead = way[edges[:, 0]]
    onto = newton(surface) if surface.implicit else None

    def at(share: np.ndarray, some: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        places = from_[some] + share[:, None] * (to - from_)[some]
        places = onto(places) if onto is not None else places
        found, seen, here = looked(places)
        return places, np.where(_against(here, ahead[some]), -found, found), seen

    low, high = np.zeros(len(edges)), np.ones(len(edges))
    before = value[edges[:, 0]]
    after = np.where(_against(way[edges[:, 1]], ahead), -value[edges[:, 1]], value[edges[:, 1]])
    change = np.abs(before) + np.abs(after)
    going = np.arange(len(edges))
    # The Illinois rule: the end that stays counts for half, so that it does not stay for long.
    for _ in range(ROUNDS):
        if not len(going):
            break
        step = after[going] * _over((high - low)[going], (after - before)[going])
        share = high[going] - step
        found = at(share, going)[1]
        passed = found * after[going] < 0
        low[going] = np.where(passed, high[going], low[going])
        before[going] = np.where(passed, after[going], before[going] / 2)
        high[going], after[going] = share, found
        # Most are there after a few rounds; the others go on alone.
        going = going[(np.abs(step) > digits() ** 2) & (found != 0)]
    places, found, seen = at(high, np.arange(len(edges)))
    there = np.abs(found) <= SETTLED * change + digits()
    return places, np.where(there[:, None], seen, np.nan)


def _over(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.divide(a, b, out=np.zeros_like(a), where=b != 0)


def _against(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which of the directions (n, 3) point away from others."""
    return (one * other).sum(1) < 0
