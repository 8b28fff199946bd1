"""Lines in space without those parts of them that surfaces hide."""

import itertools
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import as_points, outside
from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.present_values import moves, present
from gradart.calculus.recorder import notice_view
from gradart.errors import ArtError
from gradart.geometry.paths.paths import as_rows, moved_rows, padded
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.line_end_derivatives import moving_ends
from gradart.geometry.surfaces.polyhedra import Polyhedron
from gradart.geometry.surfaces.sight import Hider, hider, on_page
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, newton
from gradart.types import Numbers, View

Solid = Surface | Polyhedron

HALVINGS = 32  # until the end of a line is found
ON = 1e-4  # of the surface's size: nearer points are taken to lie on it


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
