"""Paths clipped: to a box, to polygons, and to where a field is negative, cut exactly there.

Where paths, a box or a field are differentiated, what is cut off stays so, and the ends move.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import unmasked
from gradart.calculus.checks.artist_functions import FIELD, as_points, checked, outside
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.compiled_once import TracedFunction, held, jit_with, traced
from gradart.calculus.programs.present_values import (
    closes_over_moving,
    known,
    moves,
    present,
    stepped,
    with_derivatives_of,
)
from gradart.errors import ArtError
from gradart.geometry.paths.paths import as_rows, moved_rows, padded
from gradart.geometry.paths.sign_changes import refined, values_of
from gradart.geometry.points import corners
from gradart.types import Corners, Field, Numbers, Polygons

HALVINGS = 52  # of a segment, until its two halves are one number


def clip(
    paths: Numbers, box: Corners | Polygons | None = None, *, where: Field | None = None
) -> np.ndarray | jax.Array:
    """The part of each path inside a box, a polygon or a field's shape, cut exactly: (..., m', 2).

    One of `paths` (..., m, 2) that leaves `box`, ((x0, y0), (x1, y1)), and comes back is broken by
    NaN. Polygons (..., m, 2), of three corners or more, may stand for the box: what lies in any of
    them is kept, by the rules of `polygons`. `where` is a field, (2,) -> (), and what lies where it
    is negative is kept, as inside of the shapes in `ga.fields`; segments are cut where it is 0, to
    the last digit, also where they cross it there and back between two points. For this a field is
    looked at in steps of a 64th of the paths' extent, and in shorter ones where its slope lets it
    reach 0: give a path as many points as a field has wiggles that are finer.

    Paths and a box that are traced, as in a film's frame, have as many points whatever is cut off:
    three for each segment, NaN where there is none. Polygons and fields cut what is known.

    For lines, not for the outlines of polygons (see `intersection`). Liang and Barsky, "A new
    concept and method for line clipping", ACM TOG 3 (1984). ArtError without box or field.

    >>> rings = ga.point(ga.archimedes(0.2), jnp.linspace(0, 60, 900))
    >>> ga.lines(ga.clip(rings, ((-1, -1), (1, 1)), where=lambda p: p[0] * p[1] - 0.1))
    """
    if where is None and box is not None and not known((paths, box)) and not _are_polygons(box):
        return _traced_to_box(paths, box)
    outside("clip", paths, box)
    if where is None:
        if box is None:
            raise ArtError("clip to what? give box=((x0, y0), (x1, y1)), polygons, or where=field")
        return _inside(paths, box)
    return _to_field(paths if box is None else _inside(paths, box), where)


def _inside(paths: Numbers, box: Corners | Polygons) -> np.ndarray | jax.Array:
    return _to_polygons(paths, box) if _are_polygons(box) else _to_box(paths, box)


def _are_polygons(box: Corners | Polygons) -> bool:
    try:
        shape = jnp.asarray(unmasked(present(box))).shape
    except (TypeError, ValueError, OverflowError):
        return False
    return len(shape) >= 2 and shape[-1] == 2 and shape != (2, 2)


def _plane(paths: Numbers) -> tuple[np.ndarray, tuple[int, ...]]:
    points, lead = as_rows(paths, "clip")
    if points.shape[-1] != 2:
        raise ArtError(f"a box clips paths of shape (..., m, 2), not {(*lead, *points.shape[-2:])}")
    return points, lead


def _to_polygons(paths: Numbers, polygons: Polygons) -> np.ndarray | jax.Array:
    # Here, for shapely takes long to import, and a box needs none of it.
    from gradart.geometry.paths.covers import Cover
    from gradart.geometry.paths.cubic_strokes import strokes
    from gradart.geometry.paths.cut_derivatives import moving_parts
    from gradart.geometry.paths.cutting import as_paths, kept_parts

    points, lead = _plane(paths)
    edges, _ = as_rows(polygons, "clip")
    drawn = np.arange(len(points) + len(edges)) < len(points)
    no = False, False
    lines = strokes([points, edges], cubic=no, closed=no)
    cover = Cover.of(lines.chosen(~drawn[lines.row]), lines.extent)
    kept = kept_parts(lines, cover, drawn=drawn, edges=~drawn, inside=True)
    found = as_paths(kept.pieces()[: len(points)], lead)
    if not moves((paths, polygons)):
        return found
    given = [floats(unmasked(x)) for x in (paths, polygons)]
    moving = moving_parts([points, edges], given, no, kept)
    return moving.of(found, as_paths(moving.rows[: len(points)], lead))


@dataclass(frozen=True)
class _Cut:
    """What is left of segments (n, m - 1): whence and how far, in parts of each, if it is seen."""

    enter: np.ndarray
    leave: np.ndarray
    seen: np.ndarray

    @property
    def way(self) -> np.ndarray:
        ends = np.stack([self.enter, self.leave], -1)
        return np.where(self.seen[..., None], ends, 0)

    @property
    def kept(self) -> np.ndarray:
        """Which of the begin, the end and the lifted pen behind it, of each segment, are needed."""
        # A segment that goes on where the last one ended needs neither the break nor its begin.
        joined = (self.leave[:, :-1] == 1) & (self.enter[:, 1:] == 0)
        on = self.seen[:, :-1] & self.seen[:, 1:] & joined
        fresh, ended = self.seen.copy(), self.seen.copy()
        fresh[:, 1:] &= ~on
        ended[:, :-1] &= ~on
        return np.stack([fresh, self.seen, ended], -1)

    def nodes(self, points: np.ndarray) -> np.ndarray:
        """Begin and end of what is left of each segment, and a NaN: (n, m - 1, 3, 2)."""
        a, b, way = points[:, :-1, None], points[:, 1:, None], self.way[..., None]
        ends = np.where(way == 1, b, a + way * (b - a))
        return np.concatenate([ends, np.full_like(ends[:, :, :1], np.nan)], 2)


def _rows_of(nodes: np.ndarray, kept: np.ndarray, lead: tuple[int, ...]) -> np.ndarray:
    return padded([node[here] for node, here in zip(nodes, kept, strict=True)], lead)


def _to_box(paths: Numbers, box: Corners) -> np.ndarray | jax.Array:
    points, lead = _plane(paths)
    with jax.ensure_compile_time_eval():  # in a frame, what does not move can be clipped
        low, high = np.sort(np.asarray(corners(present(box)), np.float64), axis=0)
    a, b = points[:, :-1], points[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        walls = np.stack([(low - a) / (b - a), (high - a) / (b - a)])
    within = np.where((low <= a) & (a <= high), np.inf, -np.inf)  # for a segment along the wall
    enter = np.where(a == b, -within, walls.min(0)).max(-1).clip(0)
    leave = np.where(a == b, within, walls.max(0)).min(-1).clip(None, 1)
    cut = _Cut(enter, leave, enter < leave)  # never seen where a or b is NaN
    nodes = cut.nodes(points).clip(low, high)
    found = _rows_of(nodes, cut.kept, lead)
    if not moves((paths, box)):
        return found
    sides = jnp.sort(jnp.asarray(corners(box), float), axis=0)
    row, segment, end = np.nonzero(cut.kept[..., :2])
    moving = jnp.asarray(unmasked(paths), float).reshape(points.shape)
    start, stop = moving[row, segment], moving[row, segment + 1]
    part = cut.way[row, segment, end]
    # The wall that a cut end lies on.
    off = np.abs(nodes[row, segment, end][:, None] - np.stack([low, high])).reshape(-1, 4)
    side, axis = np.divmod(np.argmin(off, axis=1), 2)
    each = np.arange(len(row))
    inner = (part > 0) & (part < 1)
    run = jnp.where(inner, stop[each, axis] - start[each, axis], 1)
    moved = jnp.where(inner, (sides[side, axis] - start[each, axis]) / run, part)
    ends = jnp.where((part == 1)[:, None], stop, start + moved[:, None] * (stop - start))
    return moved_rows(found, with_derivatives_of(ends, nodes[row, segment, end]))


def _traced_to_box(paths: Numbers, box: Corners) -> jax.Array:
    """Paths (..., m, 2) cut to a box segment by segment: (..., 3 (m - 1), 2)."""
    points = as_points(paths, "paths")
    if points.ndim < 2 or points.shape[-1] != 2:
        raise ArtError(f"a box clips paths of shape (..., m, 2), not {points.shape}")
    low, high = jnp.sort(corners(box), axis=0)
    a, b = points[..., :-1, :], points[..., 1:, :]
    along = a == b  # the wall
    run = jnp.where(along, 1, b - a)
    within = jnp.where((low <= a) & (a <= high), jnp.inf, -jnp.inf)
    walls = (low - a) / run, (high - a) / run
    enter = jnp.where(along, -within, jnp.minimum(*walls)).max(-1, keepdims=True).clip(0)
    leave = jnp.where(along, within, jnp.maximum(*walls)).min(-1, keepdims=True).clip(None, 1)
    seen = enter < leave
    start, end = (
        jnp.where(seen, jnp.where(way == 1, b, a + way * (b - a)).clip(low, high), jnp.nan)
        for way in (enter, leave)
    )
    # A segment that goes on where this one ended needs no break.
    on = (leave[..., :-1, :] == 1) & (enter[..., 1:, :] == 0) & seen[..., :-1, :] & seen[..., 1:, :]
    on = jnp.concatenate([on, jnp.zeros_like(seen[..., :1, :])], -2)
    nodes = jnp.stack([start, end, jnp.where(on, end, jnp.nan)], -2)
    return nodes.reshape(*points.shape[:-2], -1, 2)


def below(
    points: np.ndarray, field: TracedFunction, levels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where paths (n, m, 2) lie lower on a field than levels (n, m), one for each segment's begin.

    The nodes that `clip` joins to rows, (n, m - 1, 3, 2), which of them are kept, and how far along
    its segment each is, (n, m - 1, 2).
    """
    flat = jnp.asarray(np.nan_to_num(points.reshape(-1, 2)))
    values = np.asarray(jit_with(values_of, field)(flat)).reshape(points.shape[:2])
    inked = np.isfinite(points).all(-1)
    pair = inked[:, :-1] & inked[:, 1:]
    level = levels[:, :-1]
    first, last = values[:, :-1] < level, values[:, 1:] < level  # not where they are NaN
    turn = pair & (first != last)
    at = np.zeros(turn.shape)
    if turn.any():
        a, b = points[:, :-1][turn], points[:, 1:][turn]
        low, high = (np.where(first[turn][:, None], *x) for x in ((a, b), (b, a)))
        share = np.asarray(jit_with(_roots, field)(*map(jnp.asarray, (low, high, level[turn]))))
        at[turn] = np.where(first[turn], share, 1 - share)
    cut = _Cut(np.where(first, 0, at), np.where(last, 1, at), pair & (first | last))
    return cut.nodes(points), cut.kept, cut.way


def _to_field(paths: Numbers, field: Field) -> np.ndarray | jax.Array:
    points, lead = _plane(paths)
    moving = traced(checked(field, FIELD), jnp.zeros(2))
    with jax.ensure_compile_time_eval():  # in a frame, what does not move can be clipped
        fine = refined(points, held(moving))
        nodes, kept, way = below(fine.points, held(moving), np.zeros(fine.points.shape[:2]))
    # A point between, and with ink on both sides of it, is none of the path's.
    kept[:, :-1, 1] &= kept[:, :-1, 2] | fine.own[:, 1:-1]
    found = _rows_of(nodes, kept, lead)
    if not moves(paths) and not closes_over_moving(checked(field, FIELD), jnp.zeros(2)):
        return found
    row, segment, end = np.nonzero(kept[..., :2])
    now = nodes[row, segment, end]
    given = jnp.asarray(unmasked(paths), float).reshape(points.shape)
    part = way[row, segment, end]
    inner = (part > 0) & (part < 1)
    # As a part of the path's own segment.
    begin = fine.share[row, segment]
    after = np.where(fine.own[row, segment + 1], 1.0, fine.share[row, segment + 1])
    part, segment = begin + part * (after - begin), fine.segment[row, segment]
    start, run = given[row, segment], given[row, segment + 1] - given[row, segment]
    # The root moves as one step of Newton's method along the segment from where it is.
    value, slope = jax.vmap(lambda p, v: jax.jvp(moving, (p,), (v,)))(
        start + part[:, None] * run, run
    )
    slope = jnp.where(inner & (slope != 0), slope, 1)
    share = stepped(part, jnp.where(inner, value / jax.lax.stop_gradient(slope), 0))
    ends = start + share[:, None] * run
    return moved_rows(found, with_derivatives_of(ends, now))


def _roots(field: Field, inside: jax.Array, beyond: jax.Array, level: jax.Array) -> jax.Array:
    """How far it is from points inside to points beyond until a field is at a level: (n,)."""

    def halve(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        low, high = ends
        middle = (low + high) / 2
        is_in = jax.vmap(field)(inside + middle[:, None] * (beyond - inside)) < level
        return jnp.where(is_in, middle, low), jnp.where(is_in, high, middle)

    none = jnp.zeros(len(inside), inside.dtype)
    return jax.lax.fori_loop(0, HALVINGS, halve, (none, none + 1))[0]
