"""Operations on polylines: a moving window, resampling, simplifying, dashes.

Paths are (..., m, 2): each of the leading axes' rows is one path of m points, and a NaN point lifts
the pen. What a film's frame needs, `window` and `resample`, has a fixed shape and can be traced;
`simplify` and `dash` answer with as many points as it takes, in NumPy, rows padded with NaN, so
that a row keeps its place and with it its color and width. Where these are differentiated (an array
of JAX is given back then), what is kept and dashed stays, and its ends move.
"""

import functools
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import as_number, is_key, short, unmasked
from gradart.calculus.checks.artist_functions import as_count, as_floats, as_points, outside
from gradart.calculus.programs.by_numpy import floats
from gradart.calculus.programs.padded_lengths import longer, shorter
from gradart.calculus.programs.present_values import known, moves, present
from gradart.calculus.programs.taken_rows import taken_rows
from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.types import Numbers, Points

_ONE_MORE = (0, 0), (0, 1), (0, 0)  # point at the end of each row
DASHES = 3_000_000  # on all paths, which are padded to the longest


def _traced(paths: Numbers, least: int) -> jax.Array:
    points = as_points(paths, "paths")
    if points.shape == (0,):  # a list of nothing
        points = points.reshape(0, least, 2)
    if points.ndim < 2 or points.shape[-2] < least:
        raise ArtError(f"paths have shape (..., m, 2), m at least {least}, not {points.shape}")
    return points


def _numbers(values: object, name: str) -> np.ndarray:
    if is_key(values):
        raise ArtError(f"{name} must be numbers, not a random key; jax.random.normal(key, shape)")
    try:
        given = unmasked(values)
        if not np.iscomplexobj(given):
            return np.asarray(given, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ArtError(f"{name} must be an array of numbers, not {short(values)}") from error
    raise ArtError(f"{name} must be real numbers, not complex: give z.real and z.imag")


def as_rows(paths: Numbers, name: str) -> tuple[np.ndarray, tuple[int, ...]]:
    """Paths in NumPy, the leading axes folded into one, (n, m, d); and those axes."""
    outside(name, paths)
    points = _numbers(present(paths), "paths")
    if points.shape == (0,):  # a list of nothing
        points = np.empty((0, 0, 2))
    if points.ndim < 2:
        raise ArtError(f"paths have shape (..., m, 2), not {points.shape}")
    if np.isinf(points).any():
        raise ArtError(f"paths are infinite at index {np.argwhere(np.isinf(points))[0].tolist()}")
    lead = points.shape[:-2]
    return points.reshape(int(np.prod(lead)), *points.shape[-2:]), lead


def padded(rows: Sequence[np.ndarray], lead: tuple[int, ...], d: int = 2) -> np.ndarray:
    """Rows (m_i, d) as one array (*lead, max m_i, d), the shorter ones padded with NaN.

    A pen that is lifted at the end of a row needs no point there.
    """
    rows = [row[:-1] if np.isnan(row[-1:]).any() else row for row in rows]
    paths = np.full((len(rows), max(map(len, rows), default=0), d), np.nan)
    for path, row in zip(paths, rows, strict=True):
        path[: len(row)] = row
    return paths.reshape(*lead, *paths.shape[1:])


def runs(inked: np.ndarray) -> np.ndarray:
    """Where what is inked (m,), true or false, begins and ends to be so: (k, 2)."""
    return np.flatnonzero(np.diff(inked, prepend=False, append=False)).reshape(-1, 2)


def ring_bounds(polygon: np.ndarray) -> list[tuple[int, int]]:
    """Where outlines of a polygon (m, 2) begin and end, their first point not repeated."""
    inked = ~np.isnan(polygon).any(-1)
    found = [(i, j - bool((polygon[i] == polygon[j - 1]).all())) for i, j in runs(inked)]
    return [(i, j) for i, j in found if j - i >= 3]


def moved_rows(
    found: np.ndarray, points: jax.Array, numbers: np.ndarray | None = None
) -> jax.Array:
    """Padded rows (..., m, d) whose inked points, in order, are those points (k, d), which move.

    Or those of them that have `numbers`.
    """
    inked = np.isfinite(found).all(-1)
    source = np.full(inked.shape, -1)
    source[inked] = np.arange(inked.sum()) if numbers is None else numbers
    return taken_rows(floats(points), source)


def window(paths: Numbers, start: Numbers, end: Numbers) -> Points:
    """The part of each path between two fractions of its way; the rest is NaN: (..., m, 2).

    Of `paths` (..., m, 2). 0 is the first point, 1 the last, and every segment counts the same; the
    ends lie exactly at `start` and `end`, between two points. Both may be traced; each is one
    number, or one for each path (...). What lies outside [0, 1] is cut off, and nothing is left
    where start >= end.

    >>> ga.window([(0, 0), (1, 0), (2, 0)], 0.25, 1)[:, 0]
    Array([0.5, 1. , 2. ], dtype=float32)
    """
    points = _traced(paths, 1)
    size = points.shape[-2]
    ends = as_floats(start, "start"), as_floats(end, "end")
    lead = points.shape[:-2]
    for where, name in zip(ends, ("start", "end"), strict=True):
        try:
            lead = np.broadcast_shapes(where.shape, lead)
        except ValueError:
            given = f"{name} has shape {where.shape}"
            raise ArtError(f"{given}: give one number, or one for each path") from None
    parts = _window(longer(points, -2), *ends, size)
    return shorter(parts, -2, size)


@jax.jit
def _window(points: jax.Array, start: jax.Array, end: jax.Array, size: ArrayLike) -> jax.Array:
    """The parts (..., m, 2) of paths (..., m, 2), of which the first `size` points count."""
    last = size - 1
    tail = jnp.clip(start, 0, 1)[..., None] * last
    head = jnp.clip(end, 0, 1)[..., None] * last
    # A point beyond an end slides back to it; one that would slide past its neighbor is cut off.
    index = jnp.arange(points.shape[-2])
    slide = jnp.clip(index, tail, head) - index
    inside = (jnp.abs(slide) < 1) & (tail < head)
    ahead = jnp.concatenate([points[..., 1:, :], points[..., -1:, :]], -2)
    behind = jnp.concatenate([points[..., :1, :], points[..., :-1, :]], -2)
    slide, inside = slide[..., None], inside[..., None]
    # The neighbor of a point that stays is itself, so that a NaN next to it does no harm.
    neighbor = jnp.where(slide > 0, ahead, jnp.where(slide < 0, behind, points))
    return jnp.where(inside, points + jnp.abs(slide) * (neighbor - points), jnp.nan)


def resample(paths: Numbers, n: int) -> Points:
    """Points along each path, equally far apart along it: (..., n, 2), traceable.

    `n` of them for each of `paths` (..., m, 2). The first and last point stay. NaN at the ends of a
    path are passed over; over a break within it the pen stays lifted, while the points go on in a
    straight line.

    >>> ga.dots(ga.resample([(0, 0), (1, 2), (3, 0)], 20))
    """
    points = _traced(paths, 2)
    n = as_count(n)
    return _resample(longer(points, -2), n, points.shape[-2])


@functools.partial(jax.jit, static_argnames="n")
@functools.partial(jnp.vectorize, excluded={1, 2}, signature="(m,d)->(n,d)")
def _resample(path: jax.Array, n: int, size: ArrayLike) -> jax.Array:
    """Points along paths (..., m, d), of which the first `size` points count: (..., n, d)."""
    inked = ~jnp.isnan(path).any(-1)
    # Each missing point waits at the one before it, or at the first: gaps become long segments.
    index = jnp.where(inked, jnp.arange(len(path)), jnp.argmax(inked))
    filled = path[jax.lax.cummax(index)]
    length = safe_norm(jnp.diff(filled, axis=0))
    along = jnp.concatenate([jnp.zeros(1, length.dtype), jnp.cumsum(length)])
    target = jnp.linspace(0, 1, n, dtype=along.dtype) * along[size - 1]
    along = jnp.where(jnp.arange(len(path)) < size, along, jnp.inf)
    k = jnp.clip(jnp.searchsorted(along, target, side="right") - 1, 0, size - 2)
    way = (target - along[k]) / jnp.where(length[k] > 0, length[k], 1)
    lifted = (length[k] > 0) & (way > 0) & ~(inked[k] & inked[k + 1])
    spaced = filled[k] + way[:, None] * (filled[k + 1] - filled[k])
    spaced = spaced.at[-1].set(filled[size - 1])
    return jnp.where(lifted[:, None], jnp.nan, spaced)


def simplify(paths: Numbers, tolerance: float) -> np.ndarray | jax.Array:
    """Each path with fewer points, the dropped ones within a tolerance of it: (..., m', 2).

    No dropped point of `paths` (..., m, 2) is farther than `tolerance` from what stays. Douglas and
    Peucker, "Algorithms for the reduction of the number of points required to represent a digitized
    line or its caricature", Cartographica 10 (1973). Of paths that are traced, as in a film's
    frame, all points stay.

    >>> ga.lines(ga.simplify(ga.point(ga.heart(), jnp.linspace(0, 6.2832, 500)), 0.05))
    """
    outside("simplify", tolerance)
    tolerance = float(present(as_number(tolerance, "tolerance", "length", least=0)))
    if not known(paths):
        return _traced(paths, 0)
    points, lead = as_rows(paths, "simplify")
    points = np.pad(points, _ONE_MORE, constant_values=np.nan)  # parts the rows
    flat = points.reshape(-1, points.shape[-1])
    inked = ~np.isnan(flat).any(-1)
    before, after = np.append(False, inked[:-1]), np.append(inked[1:], False)
    kept = inked & ~(before & after)
    loose = np.flatnonzero(inked & ~kept)  # from which the chord may be too far
    # To numbers whose squares a float holds: by a power of two, which changes no digit.
    exponent = np.frexp(np.abs(flat[inked]).max(initial=0.0))[1]
    flat, tolerance = np.ldexp(flat, -exponent), np.ldexp(tolerance, -exponent)
    while len(loose):
        mark = np.flatnonzero(kept)
        chord = (np.cumsum(kept) - 1)[loose]
        off = _distance(flat[loose], flat[mark[chord]], flat[mark[chord + 1]])
        first = np.flatnonzero(np.diff(chord, prepend=-1))
        farthest = np.maximum.reduceat(off, first)
        farthest = np.repeat(farthest, np.diff(first, append=len(off)))
        new = (off > tolerance) & (off == farthest)
        kept[loose[new]] = True
        loose = loose[(farthest > tolerance) & ~new]
    keep = (kept | (before & ~inked)).reshape(points.shape[:2])
    rows = [path[here] for path, here in zip(points, keep, strict=True)]
    found = padded(rows, lead, points.shape[-1])
    if not moves(paths):
        return found
    inked = np.isfinite(points).all(-1) & keep
    moving = jnp.asarray(unmasked(paths), float).reshape(len(points), -1, points.shape[-1])
    moving = jnp.pad(moving, _ONE_MORE)
    return moved_rows(found, moving[np.nonzero(inked)])


def _distance(p: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The distances (n,) from points p to the segments from a to b, all (n, d)."""
    ab, ap = b - a, p - a
    square = np.einsum("nd,nd->n", ab, ab)
    way = np.einsum("nd,nd->n", ap, ab) / np.where(square > 0, square, 1)
    apart = ap - way.clip(0, 1)[:, None] * ab
    return np.sqrt(np.einsum("nd,nd->n", apart, apart))


def dash(paths: Numbers, lengths: Sequence[float]) -> np.ndarray | jax.Array:
    """Each path as dashes, pen down for the first length, up for the second, ...: (..., m', 2).

    `lengths` are in the artist's units, measured along `paths` (..., m, 2); an odd number of them
    is gone through twice. A dash of length 0 is a dot. The pattern begins anew where the pen was
    lifted.

    >>> ga.lines(ga.dash([(0, 0), (2, 1)], (0.1, 0.05)))
    """
    outside("dash", paths, lengths)
    points, lead = as_rows(paths, "dash")
    pattern = _numbers(present(lengths), "dash lengths").ravel()
    if not (np.isfinite(pattern).all() and (pattern >= 0).all() and pattern.any()):
        raise ArtError(f"dash lengths are {short(lengths)}: give lengths of 0 or more, one above 0")
    if len(pattern) % 2:
        pattern = np.tile(pattern, 2)
    most = DASHES // max(1, len(points))
    found = [[_Dashes(run, pattern, most) for run in _runs(path)] for path in points]
    none = np.empty((0, points.shape[-1]))
    drawn = padded(
        [np.concatenate([none, *(dashes.points() for dashes in row)]) for row in found],
        lead,
        points.shape[-1],
    )
    if not moves((paths, lengths)):
        return drawn
    rows = jnp.asarray(unmasked(paths), float).reshape(points.shape)
    given = jnp.ravel(jnp.asarray(lengths, float))
    moving = jnp.tile(given, len(pattern) // len(given))
    ends = [
        dashes.moved(row[begin:end], moving)
        for row, path, each in zip(rows, points, found, strict=True)
        for (begin, end), dashes in zip(_spans(path), each, strict=True)
    ]
    return moved_rows(drawn, jnp.concatenate([jnp.asarray(none), *ends]))


def _spans(path: np.ndarray) -> np.ndarray:
    """Where the runs of ink in a path (m, d) begin and end: (k, 2)."""
    return runs(~np.isnan(path).any(-1))


def _runs(path: np.ndarray) -> list[np.ndarray]:
    return [path[begin:end] for begin, end in _spans(path)]


class _Dashes:
    """The dashes on a run of ink (m, d), by the lengths of a pattern, at most so many repeats."""

    def __init__(self, run: np.ndarray, pattern: np.ndarray, most: int) -> None:
        with np.errstate(over="ignore"):
            steps = np.hypot.reduce(np.diff(run, axis=0), axis=-1)
            along = np.concatenate([[0.0], np.cumsum(steps)])
            repeats = np.floor(along[-1] / pattern.sum()) + 1
        if not repeats <= most:
            raise ArtError(f"dash lengths {pattern.tolist()} repeat {repeats:g} times: raise them")
        turns = np.concatenate([[0.0], np.cumsum(np.tile(pattern, int(repeats)))])[:-1]
        down, up = turns.reshape(-1, 2).T
        drawn = (down < along[-1]) | (down == 0)
        down, up = down[drawn], np.minimum(up[drawn], along[-1])
        # The points within a dash, between its two ends.
        owner = np.searchsorted(down, along) - 1
        within = (owner >= 0) & (along < up[owner])
        number = np.arange(len(down))
        place = np.repeat([0, 1, 2], [len(down), within.sum(), len(down)])
        order = np.lexsort([place, np.concatenate([number, owner[within], number])])
        self.run, self.along, self.repeats, self.drawn = run, along, int(repeats), drawn
        self.within, self.order, self.lifted = within, order, np.flatnonzero(place[order] == 2) + 1
        self.at = np.concatenate([down, along[within], up])[order]

    def points(self) -> np.ndarray:
        """Begins, points within and ends of all dashes, a NaN behind each."""
        ink = np.stack([np.interp(self.at, self.along, x) for x in self.run.T], -1)
        return np.insert(ink, self.lifted, np.nan, axis=0)

    def moved(self, run: jax.Array, pattern: jax.Array) -> jax.Array:
        """The points without NaN, where the run and the pattern are differentiated."""
        if len(self.run) == 1:
            return jnp.repeat(run, len(self.at), axis=0)
        along = jnp.concatenate([jnp.zeros(1), jnp.cumsum(safe_norm(jnp.diff(run, axis=0)))])
        turns = jnp.concatenate([jnp.zeros(1), jnp.cumsum(jnp.tile(pattern, self.repeats))])[:-1]
        down, up = turns.reshape(-1, 2).T[:, self.drawn]
        up = jnp.minimum(up, along[-1])
        at = jnp.concatenate([down, along[self.within], up])[self.order]
        k = np.clip(np.searchsorted(self.along, self.at, "right") - 1, 0, len(self.along) - 2)
        span = self.along[k + 1] - self.along[k]
        way = (at - along[k]) / jnp.where(span > 0, along[k + 1] - along[k], 1)
        return run[k] + way[:, None] * (run[k + 1] - run[k])
