"""How the outlines of polygons that are offset move with those, and with the distance.

A corner of such an outline is as far as the distance from an edge, or from a corner around which
the outline is round; there it keeps its part of the arc. Or two of these cross there; then what is
round is the chord that is drawn, whose ends keep their parts of the arc. That are two equations for
its place, of which one step of Newton's method is differentiated.
"""

import math
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import shapely

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import rows_again
from gradart.calculus.programs.present_values import moves, present, stepped
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import cross, dot
from gradart.geometry.paths.paths import as_rows, moved_rows, ring_bounds, runs
from gradart.types import Numbers

ARC = 32  # pieces of a quarter of a circle, which are right to 0.03 % of its radius
SAME = 1e-6  # of the distance
ROUND = 1e-3  # of the distance: chords of arcs are not farther from them
GRAZED = 1e-4  # sines of angles at which two outlines do not cross but touch


class _Places(NamedTuple):
    """What corners (k,) are offset from: an edge or a corner, and another where the two cross."""

    row: np.ndarray
    """(k,)"""
    times: np.ndarray
    """(k,), how many times the distance away"""
    one: np.ndarray
    """(k, 2), the ends of an edge; twice a corner"""
    other: np.ndarray
    """(k, 2), the same of what is crossed"""
    around: np.ndarray
    """(k, 2, 4), of both the ends of the edges before and behind a corner"""
    chord: np.ndarray
    """(k, 2, 2), of both the parts of the turn at which the chord ends that is crossed; or NaN"""
    share: np.ndarray
    """(k,), the part of the way along the edge, or of the turn at the corner"""
    crossed: np.ndarray
    """(k,), whether something is"""
    known: np.ndarray
    """(k,), whether there is anything"""


def moving_offsets(
    found: np.ndarray,
    polygons: Numbers,
    distance: Numbers,
    *,
    closed: bool,
    times: np.ndarray | None = None,
) -> np.ndarray | jax.Array:
    """Rows (..., m', 2) of polygons or paths that are offset, as they and the distance move.

    By so many times the distance, (..., m'), if these are given.
    """
    if not moves((polygons, distance)) or not np.isfinite(found).any():
        return found
    rows = found.reshape(-1, *found.shape[-2:])
    inked = np.isfinite(rows).all(-1)
    points, _ = as_rows(polygons, "buffer")
    far = np.abs(np.asarray(present(distance), float).ravel())
    reach = np.broadcast_to(far, len(points))
    each = np.ones(inked.shape) if times is None else times.reshape(inked.shape)
    parts = []
    for n, row in enumerate(points):
        own = each[n][inked[n]]
        one = _places(rows[n][inked[n]], _neighbors(row, closed=closed), row, reach[n] * own)
        begin = n * len(row)
        at = [begin + indices for indices in (one.one, one.other, one.around)]
        parts.append((np.full(len(own), n), own, *at, *one[5:]))
    places = _Places(*map(np.concatenate, zip(*parts, strict=True)))
    again = rows_again(int(inked.sum()))
    every = rows_again(points.shape[0] * points.shape[1])
    flat = taken_rows(floats(unmasked(polygons)), every)
    far_now = jnp.ravel(jnp.asarray(distance, float))
    moving = _followed(flat, far_now, rows[inked][again], _Places(*(x[again] for x in places)))
    return moved_rows(found, moving)


def _neighbors(row: np.ndarray, *, closed: bool) -> np.ndarray:
    """The numbers of the point before each one of a row (m, 2), and the one behind it: (m, 2).

    Points that lie on it are passed over, as the last one of a ring that ends where it begins. Of
    the end of a path that is its only neighbor; of a single point itself.
    """
    own = np.arange(len(row))
    number = own[:, None].repeat(2, 1)
    if closed:
        for begin, end in ring_bounds(row):
            ring = np.arange(begin, end)
            number[ring] = np.stack([np.roll(ring, 1), np.roll(ring, -1)], 1)
    else:
        for begin, end in runs(np.isfinite(row).all(-1)):
            path = np.arange(begin, end)
            number[path, 0], number[path, 1] = (
                np.maximum(path - 1, begin),
                np.minimum(path + 1, end - 1),
            )
    step = number.copy()
    for side in (0, 1):
        for _ in row:
            same = (row[number[:, side]] == row).all(-1) & (number[:, side] != own)
            if not same.any():
                break
            on = step[number[same, side], side]
            number[same, side] = np.where(on == number[same, side], own[same], on)
    return number


def _places(corners: np.ndarray, near: np.ndarray, row: np.ndarray, reach: np.ndarray) -> _Places:
    """Of corners (k, 2) that are so far, (k,), from a row (m, 2) of points with neighbors."""
    k, m = len(corners), len(row)
    inked = np.isfinite(row).all(-1)
    edges = np.stack([np.arange(m), near[:, 1]], 1)[inked]  # from each point to the one behind it
    one, other, around = np.zeros((k, 2), int), np.zeros((k, 2), int), np.zeros((k, 2, 4), int)
    chord = np.full((k, 2, 2), np.nan)
    share, crossed, known = np.zeros(k), np.zeros(k, bool), np.zeros(k, bool)
    places = _Places(np.zeros(k, int), np.ones(k), one, other, around, chord, share, crossed, known)
    if not k or not len(edges):
        return places
    tree = shapely.STRtree(shapely.linestrings(row[edges]))
    number, found = tree.query(shapely.points(corners), "dwithin", reach * (1 + SAME))
    a, b, p, far = row[edges[found, 0]], row[edges[found, 1]], corners[number], reach[number]
    way = b - a
    size = (way**2).sum(1)
    part = np.divide(((p - a) * way).sum(1), size, out=np.zeros(len(size)), where=size > 0)
    foot = a + part.clip(0, 1)[:, None] * way
    gap = np.hypot(*(p - foot).T)
    straight = (size > 0) & (np.abs(part - part.clip(0, 1)) * np.sqrt(size) <= SAME * far)
    fine = np.abs(gap - far) <= np.where(straight, SAME, ROUND) * far
    number, found, part, foot, straight, far = (
        x[fine] for x in (number, found, part, foot, straight, far)
    )
    c, begin = np.unique(number, return_index=True)
    first = np.lexsort((~straight, number))[begin]  # an edge, if there is one
    firsts = first.repeat(np.diff([*begin, len(number)]))
    arms = (p[fine] - foot) / gap[fine, None]
    apart = np.hypot(*(foot - foot[firsts]).T) > ROUND * far
    sines = np.where(apart, np.abs(cross(arms[firsts], arms)), 0)
    second = np.lexsort((-sines, number))[begin]
    nearer = edges[found, (part > 0.5).astype(int)]
    ends = np.where(straight[:, None], edges[found], nearer[:, None])
    one[c], other[c] = ends[first], ends[second]
    crossed[c], known[c] = sines[second] > GRAZED, True
    share[c] = part[first]
    for side, ends in enumerate((one, other)):
        turned = c[ends[c, 0] == ends[c, 1]]
        corner = ends[turned, 0]
        around[turned, side] = np.stack([near[corner, 0], corner, corner, near[corner, 1]], 1)
        cut = turned[crossed[turned]]
        chord[cut, side] = _chords(row, around[cut, side], corners[cut], reach[cut])
    turned = c[one[c, 0] == one[c, 1]]
    share[turned] = _turned(row, around[turned, 0], corners[turned])
    return places


def _chords(row: np.ndarray, around: np.ndarray, points: np.ndarray, far: np.ndarray) -> np.ndarray:
    """The parts of the turns, `around` (k, 4), between which lie the chords through points (k, 2).

    Those of a turn are as long as each other: (k, 2). NaN where none goes through, as beside a
    corner that is so nearly straight that GEOS leaves it out: there the circle is crossed instead.
    """
    before, corner, _, behind = around.T
    start, end = np.angle((row[around[:, 1::2]] - row[around[:, ::2]]) @ [1, 1j]).T
    begin, turn = _arc(start, end, before == corner, behind == corner)
    count = np.floor(np.abs(turn) * ARC / (np.pi / 2) + 0.5).clip(1)
    side = np.angle((points - row[corner]) @ [1, 1j]) - begin
    share = np.copysign(1, turn) * side % (2 * np.pi) / np.where(turn == 0, 1, np.abs(turn))
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.floor(share * count).clip(0, count - 1)
        shares = np.stack([first, first + 1], 1) / count[:, None]
        angles = begin[:, None] + shares * turn[:, None]
        ends = far[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], -1)
        ends += row[corner][:, None]
        way = ends[:, 1] - ends[:, 0]
        gap = np.abs(cross(way, points - ends[:, 0])) / np.hypot(*way.T)
    return np.where((gap <= SAME * far)[:, None], shares, np.nan)


Angles = TypeVar("Angles", np.ndarray, jax.Array)


def _arc(start: Angles, end: Angles, first: Angles, last: Angles) -> tuple[Angles, Angles]:
    """In which direction from a corner its arc begins, and how far that turns, in radians.

    By the directions of the edges before and behind it; at the `first` point of a path and at its
    `last` one the arc is half a circle.
    """
    xp = jnp if isinstance(start, jax.Array) else np
    turn = (end - start + math.pi) % (2 * math.pi) - math.pi
    begin = start - xp.copysign(math.pi / 2, turn)
    outward = xp.where(first, end + math.pi, start)
    single = first | last
    half = xp.full_like(turn, -math.pi)
    return xp.where(single, outward + math.pi / 2, begin), xp.where(single, half, turn)


def _turned(row: np.ndarray, around: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The parts of the turns at corners, `around` (k, 4), at which points (k, 2) lie: (k,)."""
    before, corner, _, behind = around.T
    start, end = np.angle((row[around[:, 1::2]] - row[around[:, ::2]]) @ [1, 1j]).T
    turn = (end - start + np.pi) % (2 * np.pi) - np.pi
    side = np.angle((points - row[corner]) @ [1, 1j]) + np.copysign(np.pi / 2, turn) - start
    single = (before == corner) | (behind == corner) | (turn == 0)  # an end, with its only edge
    share = ((side + np.pi) % (2 * np.pi) - np.pi) / np.where(single, 1, turn)
    return np.where(single, before == corner, share.clip(0, 1))


@jax.jit
def _followed(
    points: jax.Array, distance: jax.Array, corners: jax.Array, places: _Places
) -> jax.Array:
    row, times, one, other, around, chord, share, crossed, known = places
    far = times * jnp.abs(distance)[row if distance.size > 1 else 0 * row]

    def step(each: tuple[jax.Array, ...]) -> jax.Array:
        corner, far, edges, turns, chords, share, crossed, known = each
        a, b = edges[0]
        start, end = (_angle(turns[0, k + 1] - turns[0, k]) for k in (0, 2))
        # The direction from a corner turns as the edges beside it do.
        turned = (1 - share) * start + share * end
        turned = turned - jax.lax.stop_gradient(turned)
        arm = present(corner - a)
        arm = jnp.stack([arm[0] - turned * arm[1], arm[1] + turned * arm[0]])

        def off(p: jax.Array) -> jax.Array:
            way = b - a
            straight = (present(way) != 0).any()
            along = jnp.where(straight, dot(p - a, way) - share * dot(way, way), cross(arm, p - a))
            one, other = (
                jnp.where(
                    jnp.isfinite(chord[0]),
                    _beside(p, _chord(turn, chord, far)),
                    _gap(p, *ends) - far,
                )
                for ends, turn, chord in zip(edges, turns, chords, strict=True)
            )
            return jnp.stack([one, jnp.where(crossed, other, along)])

        slopes = jax.lax.stop_gradient(jax.jacfwd(off)(corner))
        slopes = jnp.where(known, slopes, jnp.eye(2))
        return jnp.where(known, jnp.linalg.solve(slopes, off(corner)), 0)

    edges = points[jnp.stack([jnp.asarray(one), jnp.asarray(other)], 1)]
    every = (corners, far, edges, points[around], chord, share, crossed, known)
    return stepped(corners, jax.vmap(step)(tuple(map(jnp.asarray, every))))


def _chord(turn: jax.Array, shares: jax.Array, far: jax.Array) -> jax.Array:
    """The ends (2, 2) of a chord of the arc at a corner, by the edges `turn` (4, 2) beside it."""
    before, behind = turn[1] - turn[0], turn[3] - turn[2]
    first, last = ((present(way) == 0).all() for way in (before, behind))
    begin, angle = _arc(_angle(before), _angle(behind), first, last)
    angles = begin + jnp.nan_to_num(shares, nan=0.5) * angle
    return turn[1] + far * jnp.stack([jnp.cos(angles), jnp.sin(angles)], -1)


def _beside(p: jax.Array, ends: jax.Array) -> jax.Array:
    """How far a point is from the line through two, to one of its sides."""
    way = ends[1] - ends[0]
    there = (present(way) != 0).any()
    way = jnp.where(there, way, jnp.array([1.0, 0.0], way.dtype))
    return cross(way, p - ends[0]) / jnp.sqrt(dot(way, way))


def _angle(way: jax.Array) -> jax.Array:
    there = (present(way) != 0).any()
    x, y = jnp.where(there, way, jnp.array([1.0, 0.0], way.dtype))
    return jnp.arctan2(y, x)


def _gap(p: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
    """How far a point is from the line through two, or from one that is given twice."""
    way = b - a
    straight = (present(way) != 0).any()
    ahead = jnp.where(straight, way, jnp.array([1.0, 0.0], way.dtype))
    beside = jnp.abs(cross(ahead, p - a)) / jnp.sqrt(dot(ahead, ahead))
    off = jnp.where(straight, jnp.array([1.0, 0.0], way.dtype), p - a)
    return jnp.where(straight, beside, jnp.sqrt(dot(off, off)))
