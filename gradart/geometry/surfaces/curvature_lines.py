"""Lines of curvature on a surface, evenly apart as they are seen."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import as_number
from gradart.calculus.checks.artist_functions import outside
from gradart.calculus.equations.runge_kutta import stride
from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.present_values import present
from gradart.calculus.vectors import dot, safe_norm
from gradart.errors import ArtError
from gradart.geometry.paths.paths import padded
from gradart.geometry.streamlines.streamlines import spread
from gradart.geometry.surfaces.cameras import Camera, as_camera
from gradart.geometry.surfaces.shape_operator import principal
from gradart.geometry.surfaces.sight import hider, on_page
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, digits, newton, smooth
from gradart.types import Function, Number

NEAREST = 0.5  # separations from a line at which another one ends
TAIL = 10  # steps of a line's end to what hides it,
STEP = 1 / 10  # separations long on the page,
SLOWEST = 1 / 4  # but no longer in space than that part of them says
HALVINGS = 32  # of the last of them
NODE = 1 / 5  # separations from node to node
MOST = 4_000_000  # nodes
LEVEL = 0.5  # of two neighbors' distance: more off their tangent planes, one is behind the other


@dataclass(frozen=True)
class Seen:
    """What an eye sees of a surface: `places` (rows, columns, d) at nodes from `low` (2,) on.

    They are `node` apart, and NaN where the surface is not, or another part of it hides that here.
    """

    surface: Surface
    eye: Camera
    low: np.ndarray
    node: float
    places: np.ndarray

    @property
    def there(self) -> np.ndarray:
        """Which of the nodes (rows, columns) the surface is at."""
        return np.isfinite(self.places).all(-1)

    @property
    def high(self) -> np.ndarray:
        """The last node's place on the page, (2,)."""
        return self.low + self.node * (np.array(self.places.shape[1::-1]) - 1)

    def index(self, points: np.ndarray) -> np.ndarray:
        """The column and row (n, 2) of the node to the lower left of points (n, 2) of the page."""
        most = np.array(self.places.shape[1::-1]) - 3
        return np.clip(np.floor((points - self.low) / self.node).astype(int), 1, most)

    def lifted(self, lines: list[np.ndarray]) -> list[np.ndarray]:
        """Lines (m, 2) of the page as places (m, d); points that are off the surface go."""
        at = np.concatenate(lines)
        index, there = self.index(at), self.there
        starts = np.full((len(at), self.places.shape[-1]), np.nan)
        for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
            column, row = (index + corner).T
            missing = np.isnan(starts[:, 0]) & there[row, column]
            starts[missing] = self.places[row, column][missing]
        places, exact = _exact(self.surface, self.eye, starts, at, self.node)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        return [places[exact & (owner == k)] for k in range(len(lines))]

    def ends_near(self, places: np.ndarray) -> np.ndarray:
        """Which places (n, d) have a node around them that the surface is not at."""
        points, _ = on_page(batched(self.surface.point, CHUNK)(places), self.eye)
        index, there = self.index(points), self.there
        around = [(i, j) for i in range(-1, 3) for j in range(-1, 3)]
        return np.any([~there[index[:, 1] + j, index[:, 0] + i] for i, j in around], axis=0)


def curvature_lines(
    surface: Surface, eye: Camera, *, separation: Number, across: bool = False
) -> np.ndarray:
    """Lines along which a surface bends most, evenly apart as the eye sees them: (n, m, 3).

    Only what the `eye` sees of the `surface` has lines; on the page they are about a `separation`
    apart, in the artist's units. They follow the greatest principal curvature, or with `across` the
    least, at right angles to it: curvature is positive where a solid bulges. Lines end where the
    surface turns away, ends, or is hidden by itself, where it bends alike in all directions, as at
    an egg's tip, and where they come nearer to another line than half the separation. Rows are
    padded with NaN.

    The directions are those of the shape operator, from exact second derivatives, at the nodes of
    a grid on the page, five to a separation; the lines are laid as `streamlines` does it, and their
    points are then brought onto the surface by Newton's method. To what hides them they go by steps
    of Runge and Kutta on the surface itself. Differentiated, they stay where they are in space.

    ArtError where the surface bends alike everywhere, as a ball does.

    >>> eye = ga.camera()
    >>> egg = ga.surface(lambda p: p @ (p * jnp.array([1, 2, 3])) - 1, box=((-2,) * 3, (2,) * 3))
    >>> ga.lines(eye(ga.curvature_lines(egg, eye, separation=0.05)), width=0.2)
    """
    outside("curvature_lines", as_camera(eye))
    smooth(surface, "curvature_lines")
    gap = float(jnp.asarray(present(as_number(separation, "separation", "length", above=0))))
    eye = present(eye)
    sight = seen(surface, eye, gap)
    way = principal(surface, across)

    def axis(place: jax.Array) -> jax.Array:
        """The direction on the page, at the doubled angle."""
        x, y = jax.jvp(lambda p: eye(surface.point(p)), (place,), (way(place),))[1]
        return jnp.stack([x * x - y * y, 2 * x * y]) / (x * x + y * y)

    there = sight.there
    axes = np.full((*there.shape, 2), np.nan)
    axes[there] = batched(axis, CHUNK)(sight.places[there])
    if not np.isfinite(axes).any():
        raise ArtError("the surface bends alike in all directions: it has no lines of curvature")
    lines = spread(axes, sight.low, sight.high, gap, NEAREST * gap, axes=True)
    if not lines:
        return np.empty((0, 0, 3))
    rows = sight.lifted([line.line for line in lines])
    tails = _tails(sight, way, gap, [row[::side] for row in rows for side in (1, -1)])
    parts = [
        np.concatenate([start[::-1], row, end])
        for row, end, start in zip(rows, tails[::2], tails[1::2], strict=True)
    ]
    points = batched(surface.point, CHUNK)(np.concatenate(parts))
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return padded(np.split(points, ends), (len(parts),), 3)


def _tails(sight: Seen, way: Function, gap: float, rows: list[np.ndarray]) -> list[np.ndarray]:
    """Places (m, d) by which lines (m, d) go on behind their last point, until they are hidden."""
    surface, eye = sight.surface, sight.eye
    tails = [row[:0] for row in rows]
    last = np.array([row[-1] for row in rows if len(row) > 1])
    number = np.array([k for k, row in enumerate(rows) if len(row) > 1])
    if not len(number):
        return tails
    some = sight.ends_near(last)
    number, last = number[some], last[some]
    before = np.array([rows[k][-2] for k in number]).reshape(last.shape)

    def march(place: jax.Array, heading: jax.Array) -> jax.Array:
        def step(
            state: tuple[jax.Array, jax.Array], _: None
        ) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
            def course(q: jax.Array) -> jax.Array:
                turn = way(q)
                speed = jax.jvp(lambda p: eye(surface.point(p)), (q,), (turn,))[1]
                turn = turn * jnp.where(dot(turn, state[1]) < 0, -1, 1)
                return turn / jnp.maximum(safe_norm(speed), SLOWEST)

            after = stride(course, state[0], STEP * gap, course(state[0]))
            return after, after[0]

        return jax.lax.scan(step, (place, heading), length=TAIL)[1]

    paths = batched(march, 256)(last, last - before)
    flat = paths.reshape(-1, paths.shape[-1])
    paths = newton(surface)(flat).reshape(paths.shape) if surface.implicit else paths
    visible = _visibility(surface, eye, last)
    steps = np.repeat(np.arange(len(last)), TAIL)
    shown = visible(paths.reshape(flat.shape), steps).reshape(paths.shape[:2])
    count = np.where(shown.all(1), TAIL, shown.argmin(1))
    each = np.arange(len(last))
    whole = np.concatenate([last[:, None], paths], axis=1)
    a, b = whole[each, count], whole[each, np.minimum(count + 1, TAIL)]
    onto = newton(surface)
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        middle = onto(middle) if surface.implicit else middle
        shown = visible(middle, each)[:, None]
        a, b = np.where(shown, middle, a), np.where(shown, b, middle)
    for k, path, n, end in zip(number, paths, count, a, strict=True):
        tails[k] = np.concatenate([path[:n], end[None]])
    return tails


def _visibility(
    surface: Surface, eye: Camera, starts: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Whether places (n, d) can be seen and are on the side of those of the starts, by number."""
    hides, keep, (low, high) = hider(surface, eye), surface.within, surface.box

    def look(place: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        point = surface.point(place)
        inside = jnp.all((place >= low) & (place <= high))
        inside = inside if keep is None else inside & (keep(point) < 0)
        return point, dot(surface.normal(place), eye.way(point)), inside

    looked = batched(look, 512)
    side = looked(starts)[1] > 0

    def visible(places: np.ndarray, number: np.ndarray) -> np.ndarray:
        point, facing, inside = looked(places)
        found = inside & ((facing > 0) == side[number]) & np.isfinite(facing)
        found[found] = ~hides(point[found])
        return found

    return visible


def seen(surface: Surface, eye: Camera, separation: float) -> Seen:
    """What an eye sees of a surface, at the nodes of a grid fine enough for that separation."""
    from gradart.geometry.surfaces.sight_kernel import Flat, Nearest, paint

    mesh, node = surface.mesh, NODE * separation
    flat, nearness = on_page(mesh.points, eye)
    used = flat[np.unique(mesh.triangles)]
    low, high = np.nanmin(used, axis=0) - node, np.nanmax(used, axis=0)
    sides = np.ceil((high - low) / node) + 3
    if not sides.prod() <= MOST:
        width = (high - low).max()
        raise ArtError(f"separation is {separation}, of a surface {width:.3g} wide: give more")
    columns, rows = sides.astype(int)
    shape = columns, rows
    found = Nearest(np.full(shape, -np.inf), np.full(shape, -1), np.zeros((*shape, 3)))
    paint(Flat(flat, nearness, mesh.triangles, np.array([*low, node])), found)
    depth, number, share = (np.swapaxes(x, 0, 1) for x in found)
    row, column = np.nonzero(number >= 0)
    corners = mesh.places[mesh.triangles[number[row, column]]]
    starts = np.einsum("nk,nkd->nd", share[row, column], corners)
    at = low + node * np.stack([column, row], -1)
    exact, fine = _exact(surface, eye, starts, at, node)
    places = np.full((rows, columns, starts.shape[1]), np.nan)
    places[row, column] = np.where(fine[:, None], exact, np.nan)
    places[_behind(surface, places, depth)] = np.nan
    return Seen(surface, eye, low, node, places)


def _exact(
    surface: Surface, eye: Camera, starts: np.ndarray, at: np.ndarray, node: float
) -> tuple[np.ndarray, np.ndarray]:
    """Places (n, d) near the starts that are at points (n, 2) of the page; and whether so."""

    def page(place: jax.Array) -> jax.Array:
        return eye(surface.point(place))

    def off(place: jax.Array, q: jax.Array) -> jax.Array:
        return safe_norm(page(place) - q) + jnp.abs(surface.off(place)).sum()

    places = newton(surface, page)(starts, at)
    return places, batched(off, CHUNK)(places, at) <= digits() * node


def _behind(surface: Surface, places: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Which nodes (rows, columns) are farther than a neighbor on another part of the surface."""
    there = np.isfinite(places).all(-1)
    points, normals = np.full((2, *there.shape, 3), np.nan)
    points[there] = batched(surface.point, CHUNK)(places[there])
    normals[there] = batched(surface.normal, CHUNK)(places[there])
    with np.errstate(invalid="ignore", divide="ignore"):
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    behind = np.zeros(there.shape, bool)
    for one, other in ((np.s_[:-1], np.s_[1:]), (np.s_[:, :-1], np.s_[:, 1:])):
        chord = points[other] - points[one]
        off = [np.abs((chord * normals[side]).sum(-1)) for side in (one, other)]
        torn = np.maximum(*off) > LEVEL * np.linalg.norm(chord, axis=-1)
        behind[one] |= torn & (depth[one] < depth[other])
        behind[other] |= torn & (depth[one] > depth[other])
    return behind
