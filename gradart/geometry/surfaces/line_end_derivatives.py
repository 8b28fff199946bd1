"""Where lines vanish behind a surface, as these points move with the eye, the lines and surfaces.

What hides a line at its end is a silhouette or an edge of a surface. Behind one, the end moves
along its line to where the two cross on the page. Where a line on a surface turns away with it, the
end moves along the line to where it crosses the silhouette in space.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.present_values import present, stepped
from gradart.calculus.vectors import cross, dot, safe_norm
from gradart.geometry.surfaces.cameras import Camera
from gradart.geometry.surfaces.polyhedra import Polyhedron
from gradart.geometry.surfaces.sight import on_page
from gradart.geometry.surfaces.surface_curves import edges, silhouettes
from gradart.geometry.surfaces.surfaces import Surface

CHUNK = 256  # ends at once
BESIDE = 0.02  # of the size of what is drawn: what hides an end is no farther beside it
ALONG = 0.1  # sines of angles: where lines cross at less, an end stays where it is along its own


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
    for begin in range(0, len(ends), CHUNK):
        some = slice(begin, begin + CHUNK)
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
