"""Lines in space without those parts of them that surfaces hide, and how their ends move.

What hides a line at its end is a silhouette or an edge of a surface. Behind one, the end moves
along its line to where the two cross on the page. Where a line on a surface turns away with it, the
end moves along the line to where it crosses the silhouette in space.
"""

import itertools
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import as_points, outside
from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.present_values import moves, present, stepped
from gradart.calculus.recorder import notice_view
from gradart.calculus.vectors import cross, dot, safe_norm
from gradart.errors import ArtError
from gradart.geometry.paths.paths import as_rows, moved_rows, padded
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.polyhedra import Polyhedron
from gradart.geometry.surfaces.sight import Hider, hider, on_page
from gradart.geometry.surfaces.surface_curves import edges, silhouettes
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, newton
from gradart.types import Numbers, View

Solid = Surface | Polyhedron

HALVINGS = 32  # until the end of a line is found
ON = 1e-4  # of the surface's size: nearer points are taken to lie on it
_ENDS = 256  # ends at once
BESIDE = 0.02  # of the size of what is drawn: what hides an end is no farther beside it
ALONG = 0.1  # sines of angles: where lines cross at less, an end stays where it is along its own


def opaque(surfaces: Solid | list[Solid] | tuple[Solid, ...], eye: Camera) -> View:
    """A view of paths in space, hidden where a surface is before them: (..., m, 3) -> (..., m', 2).

    `surfaces`, one or a list of them, hide what lies behind them from the `eye`, also of
    themselves. Each path has NaN for its hidden points, and more points where it vanishes or
    appears, found by halving; between two points it is looked at only if one of them is hidden.

    Differentiated, each point moves as it is given and as the `eye` does, and what is hidden stays,
    but for the ends of what is seen: these go along their lines with the silhouettes and edges that
    hide them.
    A field's surface hides exactly, and so does a mesh; one that a map makes, as a mesh of its own
    does: on paper, where its sides are 170 mm and its curves not tight, to 0.02 mm.

    >>> eye = ga.camera()
    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> seen = ga.opaque(ball, eye)
    >>> ga.lines(seen(ga.sections(ball, lambda p: p[2], np.linspace(-0.9, 0.9, 12))))
    """
    outside("opaque", as_camera(eye))
    notice_view()
    solids = surfaces if isinstance(surfaces, list | tuple) else [surfaces]
    for solid in solids:
        if not isinstance(solid, Surface | Polyhedron):
            raise ArtError("opaque takes surfaces, which ga.surface makes of a field or a map")
    hiders = [hider(solid, present(eye)) for solid in solids]

    def hidden(points: np.ndarray) -> np.ndarray:
        return np.any([hides(points) for hides in hiders], axis=0)

    def page(paths: Numbers) -> jax.Array:
        rows, lead = as_rows(paths, "opaque")
        if rows.shape[-1] != 3:
            raise ArtError(f"opaque takes paths of shape (..., m, 3), not {rows.shape}")
        # Which of the points each is goes with them, so that it moves as that does; ends are < 0.
        number = np.arange(rows[..., 0].size).reshape(*rows.shape[:-1], 1)
        kept, sides = _cut(np.concatenate([rows, number], -1), hidden, solids)
        found, source = np.split(padded(kept, lead, 4), [3], axis=-1)
        if not moves((paths, eye)):
            return jnp.asarray(on_page(found, eye)[0])
        points = as_points(paths, "paths").reshape(-1, 3)
        inked = np.isfinite(found).all(-1)
        index = source[inked][:, 0].astype(int)
        ends = np.flatnonzero(index < 0)
        moving = points[np.maximum(index, 0)]
        if len(ends):
            a, b = (points[sides[~index[ends], k]] for k in (0, 1))
            moving = moving.at[ends].set(moving_ends(found[inked][ends], (a, b), solids, eye))
        return moved_rows(on_page(found, present(eye))[0], eye(moving))

    return page


def _cut(
    rows: np.ndarray, hidden: Hider, solids: Sequence[Solid]
) -> tuple[list[np.ndarray], np.ndarray]:
    """Each of the rows (n, m, 4) with NaN for what is hidden, and points where that changes.

    The last of a point's four numbers is its own one; of those that are new, -1, -2 ..., of which
    each lies on the way from a point to another one: (k, 2) of their numbers.
    """
    points = rows[..., :3]
    inked = np.isfinite(points).all(-1)
    seen = np.zeros(inked.shape, bool)
    seen[inked] = ~hidden(points[inked])
    row, at = np.nonzero(inked[:, :-1] & inked[:, 1:] & (seen[:, :-1] != seen[:, 1:]))
    begins = seen[row, at]
    a = np.where(begins[:, None], points[row, at], points[row, at + 1])
    b = np.where(begins[:, None], points[row, at + 1], points[row, at])
    ends = _ends(a, b, hidden, solids) if len(a) else a
    ends = np.concatenate([ends, -1.0 - np.arange(len(ends))[:, None]], axis=1)
    shown = np.where(seen[..., None], rows, np.nan)
    bounds = np.searchsorted(row, np.arange(len(rows) + 1))
    parts = [slice(*pair) for pair in itertools.pairwise(bounds)]
    first = row * rows.shape[1] + at
    sides = np.stack([first + ~begins, first + begins], -1)
    return [
        np.insert(path, at[part] + 1, ends[part], axis=0)
        for path, part in zip(shown, parts, strict=True)
    ], sides


def _ends(a: np.ndarray, b: np.ndarray, hidden: Hider, solids: Sequence[Solid]) -> np.ndarray:
    """The last visible points (k, 3) on ways from visible ones, a, to hidden ones, b (k, 3)."""
    smooth = [solid for solid in solids if isinstance(solid, Surface) and solid.implicit]
    onto = [(_near(solid, a) & _near(solid, b), newton(solid)) for solid in smooth]
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        for on, moved in onto:  # the middle of a chord lies below a surface that is curved
            if on.any():
                middle[on] = moved(middle[on])
        seen = ~hidden(middle)[:, None]
        a, b = np.where(seen, middle, a), np.where(seen, b, middle)
    return a


def _near(solid: Surface, points: np.ndarray) -> np.ndarray:
    """Which points (k, 3) lie on a surface."""

    def distance(p: jax.Array) -> jax.Array:
        return jnp.abs(solid.function(p)) / jnp.linalg.norm(solid.normal(p))

    return batched(distance, CHUNK)(points) <= ON * solid.size


def moving_ends(
    ends: np.ndarray,
    lines: tuple[jax.Array, jax.Array],
    solids: Sequence[Surface | Polyhedron],
    eye: Camera,
) -> jax.Array:
    """Ends (k, 3) of what is seen of lines from points to others, (k, 3) each: differentiated.

    Where nothing is found that hides one, or that runs along it, it keeps its part of the way.
    """
    a, b = lines
    start, way = np.asarray(present(a)), np.asarray(present(b - a))
    part = np.clip((way * (ends - start)).sum(1) / np.maximum((way**2).sum(1), 1e-300), 0, 1)
    beside = ends - start - part[:, None] * way  # as the middle of a chord lies below its surface
    hiding = jnp.concatenate([*(_segments(solid, eye) for solid in solids), jnp.empty((0, 2, 3))])
    if not len(hiding):
        return a + part[:, None] * (b - a) + beside
    nearest, how = _hiding(ends, way, np.asarray(present(hiding)), present(eye))
    return _stepped(eye, (a, b), hiding[nearest], part, beside, how)


@jax.jit
def _stepped(
    eye: Camera,
    lines: tuple[jax.Array, jax.Array],
    hiding: jax.Array,
    part: jax.Array,
    beside: jax.Array,
    how: jax.Array,
) -> jax.Array:
    """Ends (k, 3) at these parts (k,) of their lines, which move with what hides them (k, 2, 3)."""
    a, b = lines
    first, last = hiding[:, 0], hiding[:, 1]
    end = a + part[:, None] * (b - a) + beside
    still, way = present(end), present(b - a)
    # On the page the end lies on the segment's line: its cross product with that is 0.
    low, high = eye(first), eye(last)
    speed = jax.jvp(present(eye), (still,), (way,))[1]
    chord = present(high - low)
    rate, off = cross(speed, chord), cross(eye(end) - low, high - low)
    steep = jnp.abs(rate) > ALONG * safe_norm(speed) * safe_norm(chord)
    behind = jnp.where(steep, off / jnp.where(steep, rate, 1), 0)
    # In space it lies on the segment, but for what is at right angles to both.
    chord = present(last - first)
    ww, wc, cc = dot(way, way), dot(way, chord), dot(chord, chord)
    area = ww * cc - wc**2
    share = dot(still - present(first), chord) / jnp.maximum(cc, 1e-300)
    gap = end - first - share[:, None] * (last - first)
    steep = area > ALONG**2 * ww * cc
    turned = (cc * dot(gap, way) - wc * dot(gap, chord)) / jnp.where(steep, area, 1)
    step = jnp.where(how == 2, jnp.where(steep, turned, 0), jnp.where(how == 1, behind, 0))
    return a + stepped(part, step)[:, None] * (b - a) + beside


def _segments(solid: Surface | Polyhedron, eye: Camera) -> jax.Array:
    """What hides beside a surface: its silhouettes and edges, as segments (s, 2, 3)."""
    found = []
    for rows in (silhouettes(solid, eye), edges(solid)):
        pairs = jnp.stack([rows[:, :-1], rows[:, 1:]], 2).reshape(-1, 2, 3)
        found.append(pairs[np.isfinite(np.asarray(present(pairs))).all((1, 2))])
    return jnp.concatenate(found)


def _hiding(
    ends: np.ndarray, way: np.ndarray, segments: np.ndarray, eye: Camera
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the segments (s, 2, 3) hides at each of the ends (k, 3), and how, (k,).

    2 where a line that goes a way (k, 3) turns away at the segment itself, 1 where it goes behind
    the segment, 0 where nothing is found.
    """
    flat, nearness = on_page(segments, eye)
    at, own = on_page(ends, eye)
    size = float(np.linalg.norm(np.ptp(segments.reshape(-1, 3), axis=0)))
    chord = segments[:, 1] - segments[:, 0]
    length = np.linalg.norm(chord, axis=1)
    number, how = np.zeros(len(ends), int), np.zeros(len(ends), int)
    for begin in range(0, len(ends), _ENDS):
        some = slice(begin, begin + _ENDS)
        each = np.arange(len(ends[some]))
        apart, _ = _apart(ends[some], segments)
        touched = apart.argmin(1)
        sine = np.linalg.norm(np.cross(way[some], chord[touched]), axis=1)
        sine /= np.maximum(np.linalg.norm(way[some], axis=1) * length[touched], 1e-300)
        reach = 2 * length[touched]
        turning = (apart[each, touched] < reach) & (sine > ALONG)
        gap, share = _apart(at[some], flat)
        ahead = nearness[:, 0] + share * (nearness[:, 1] - nearness[:, 0]) > own[some, None]
        gap[~ahead | (apart < reach[:, None])] = np.inf
        behind = gap.argmin(1)
        # A line that just meets the silhouette may turn away there or go behind it beside that.
        turning &= gap[each, behind] > 0.01 * reach
        number[some] = np.where(turning, touched, behind)
        how[some] = np.where(turning, 2, gap[each, behind] < BESIDE * size)
    return number, how


def _apart(points: np.ndarray, segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far points (k, d) are from segments (s, 2, d), and at which parts of these: (k, s)."""
    start, way = segments[:, 0], segments[:, 1] - segments[:, 0]
    ahead = points[:, None] - start
    with np.errstate(invalid="ignore"):
        share = np.clip((ahead * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-300), 0, 1)
        gap = np.linalg.norm(ahead - share[..., None] * way, axis=-1)
    return np.where(np.isnan(gap), np.inf, gap), share
