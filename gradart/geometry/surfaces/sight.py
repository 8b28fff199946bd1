"""Whether a surface lies between points and the eye.

Of a field, the ray to the eye is looked at in steps of a cell; where the field changes its sign
from one to the next, or by its slopes turns back to 0 in between, its root or its turning point is
found by halving, so that a ray that just touches the surface is told from one that misses it. Of a
map it is the nearest triangle of the mesh, and where that is close, the map's own point there; of a
mesh it is that triangle.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.compiled_once import TracedFunction
from gradart.calculus.vectors import safe_norm
from gradart.geometry.surfaces.cameras import Camera
from gradart.geometry.surfaces.polyhedra import Polyhedron
from gradart.geometry.surfaces.surfaces import (
    Evaluated,
    Several,
    Surface,
    digits,
    newton,
)

NEAR = 1e-3  # of the surface's size: a point that lies on it does not hide itself so far
TOUCHING = 1e-6  # the same of one of flat triangles
BESIDE = 3.0  # cells of a mesh: a triangle that is farther before a point is of another part
HALVINGS = 50
RAYS = 512  # at once
WARY = 0.25  # of a value: where the tangents come so near to 0 between two steps, it is looked at

Hider = Callable[[np.ndarray], np.ndarray]


def hider(surface: Surface | Polyhedron, eye: Camera) -> Hider:
    """A function of points (n, 3) that says which of them (n,) a surface hides from an eye."""
    if isinstance(surface, Polyhedron):
        return _flat_hider(surface, eye)
    return _field_hider(surface, eye) if surface.implicit else _map_hider(surface, eye)


def _field_hider(surface: Surface, eye: Camera) -> Hider:
    f, keep = surface.function, surface.within
    low, high = surface.box
    count = int(np.ceil(np.linalg.norm(high - low) / surface.mesh.cell))
    near = NEAR * surface.size

    def ray(p: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        """The way to the eye, and from where to where on it, in lengths, the box is."""
        way = eye.way(p)
        length = safe_norm(way)
        way = way / length
        fine = jnp.where(way == 0, 1, way)
        ends = jnp.where(
            way == 0, jnp.array([-jnp.inf, jnp.inf])[:, None], (surface.box - p) / fine
        )
        start = jnp.maximum(near, ends.min(0).max())
        last = jnp.where(jnp.isfinite(length) & (eye.distance is not None), length, jnp.inf)
        return way, start, jnp.maximum(start, jnp.minimum(ends.max(0).min(), last))

    def along(p: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        way, start, stop = ray(p)
        t = jnp.linspace(start, stop, count + 1)
        values, slopes = jax.vmap(lambda s: jax.jvp(f, (p + s * way,), (way,)))(t)
        return values, slopes, t

    def turn(p: jax.Array, a: jax.Array, b: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Where between a and b the field's slope on the way changes its sign, and its value."""
        way = ray(p)[0]
        t = _halved(lambda s: jax.jvp(f, (p + s * way,), (way,))[1], a, b)
        return t, f(p + t * way)

    def root(p: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
        way = ray(p)[0]
        return _kept(keep, p + _halved(lambda t: f(p + t * way), a, b) * way)

    look, turned, rooted = batched(along, RAYS), batched(turn, RAYS), batched(root, RAYS)

    def hidden(points: np.ndarray) -> np.ndarray:
        found = np.zeros(len(points), bool)
        for start in range(0, len(points), 16 * RAYS):
            block = points[start : start + 16 * RAYS]
            found[start : start + len(block)] = _meets(block, look(block), turned, rooted)
        return found

    return hidden


def _halved(f: Callable[[jax.Array], jax.Array], a: jax.Array, b: jax.Array) -> jax.Array:
    """Where a function changes its sign between a and b, by halving."""
    side = f(a) < 0

    def step(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        a, b = ends
        middle = (a + b) / 2
        same = (f(middle) < 0) == side
        return jnp.where(same, middle, a), jnp.where(same, b, middle)

    a, b = jax.lax.fori_loop(0, HALVINGS, step, (a, b))
    return (a + b) / 2


def _kept(keep: TracedFunction | None, point: jax.Array) -> jax.Array:
    return jnp.asarray(True) if keep is None else keep(point) < 0


def _meets(
    points: np.ndarray,
    seen: tuple[np.ndarray, ...],
    turned: Several,
    rooted: Evaluated,
) -> np.ndarray:
    """Which rays from points (n, 3) meet the surface, by values, slopes and ways (n, m) there."""
    values, slopes, t = seen
    side = values < 0
    sign = np.where(side[:, :-1], -1.0, 1.0)
    same = side[:, :-1] == side[:, 1:]
    before, after = sign * values[:, :-1], sign * values[:, 1:]
    down, up = -sign * slopes[:, :-1], sign * slopes[:, 1:]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        # The tangents of both ends meet there.
        lowest = (before * up + after * down - np.diff(t) * down * up) / (down + up)
        dips = same & (down > 0) & (up > 0) & (lowest < WARY * np.minimum(before, after))
    ray, step = np.nonzero(dips)
    place, value = turned(points[ray], t[ray, step], t[ray, step + 1])
    through = (value < 0) != side[ray, step]
    first, (other, at) = ray[through], np.nonzero(~same)
    a = [t[other, at], t[first, step[through]], place[through]]
    b = [t[other, at + 1], place[through], t[first, step[through] + 1]]
    rays = np.concatenate([other, first, first])
    met = np.zeros(len(points), bool)
    if len(rays):
        met[rays[rooted(points[rays], np.concatenate(a), np.concatenate(b))]] = True
    return met


def _nearest(
    points: np.ndarray, triangles: np.ndarray, eye: Camera
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """A function of points (n, 2) of the page to the triangle that is nearest the eye there.

    To its nearness (n,), its number, and the shares (n, 3) of its corners; -inf and -1 if none is.
    """
    from gradart.geometry.surfaces.sight_kernel import Flat, Nearest, fill, nearest

    flat, nearness = on_page(points, eye)
    used = flat[np.unique(triangles)]
    if not np.isfinite(used).any():  # all of them are behind the eye
        return lambda page: Nearest(
            np.full(len(page), -np.inf), np.full(len(page), -1), np.zeros((len(page), 3))
        )
    low, high = np.nanmin(used, axis=0), np.nanmax(used, axis=0)
    cell = (float((high - low).max()) or 1.0) / np.sqrt(len(triangles) / 4 + 1)
    counts = np.ceil((high - low) / cell).astype(int) + 1
    laid = Flat(flat, nearness, triangles, np.array([*low, cell]))
    starts = np.zeros(counts, int)
    fill(laid, starts, np.empty(0, int))
    ends = np.cumsum(starts.ravel()).reshape(starts.shape)
    bins = np.empty(ends[-1, -1], int)
    fill(laid, ends - starts, bins)

    def at(page: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = Nearest(np.empty(len(page)), np.empty(len(page), int), np.zeros((len(page), 3)))
        nearest(laid, ends, bins, page, found)
        return found

    return at


def _flat_hider(surface: Polyhedron, eye: Camera) -> Hider:
    nearest, far = _nearest(surface.points, surface.triangles, eye), TOUCHING * surface.size

    def hidden(points: np.ndarray) -> np.ndarray:
        there, _, _ = nearest(on_page(points, eye)[0])
        before = _depth(points, eye) - _of_nearness(there, eye)
        return np.asarray(before > far)

    return hidden


def _map_hider(surface: Surface, eye: Camera) -> Hider:
    from scipy.spatial import KDTree

    mesh = surface.mesh
    nearest = _nearest(mesh.points, mesh.triangles, eye)
    ahead = mesh.reach * np.array([1 / 4, 1])
    vertices = KDTree(np.where(np.isfinite(mesh.points), mesh.points, 1e9))
    onto = newton(surface, lambda place: eye(surface.point(place)))
    point = batched(surface.point, 1024)

    def hidden(points: np.ndarray) -> np.ndarray:
        at, _ = on_page(points, eye)
        there, number, share = nearest(at)
        found = _depth(points, eye) - _of_nearness(there, eye) > BESIDE * mesh.reach
        # A triangle that is no farther may be of the part that the point itself lies on, and
        # beside an outline there may be none, as the mesh lies within: the map's own points are
        # sought, from there and from vertices a little before the point.
        close = np.flatnonzero(~found)
        way = _way(points[close], eye)
        corners = mesh.places[mesh.triangles[number[close]]]
        begins = [np.einsum("nk,nkd->nd", share[close], corners)]
        begins += [mesh.places[vertices.query(points[close] + s * way)[1]] for s in ahead]
        for begin in begins:
            exact = point(onto(begin, at[close]))
            off = np.linalg.norm(on_page(exact, eye)[0] - at[close], axis=-1)
            before = _depth(points[close], eye) - _depth(exact, eye)
            found[close] |= (off <= digits() * surface.size) & (before > NEAR * surface.size)
        return found

    return hidden


def _depth(points: np.ndarray, eye: Camera) -> np.ndarray:
    """How far points (n, 3) are from the eye's plane, or behind the origin's."""
    return -points @ np.asarray(eye.back)


def _way(points: np.ndarray, eye: Camera) -> np.ndarray:
    """Unit vectors (n, 3) from points (n, 3) to the eye."""
    # In NumPy: there is another number of points each time, for which JAX would compile anew.
    back = np.asarray(eye.back, float)
    way = np.broadcast_to(back, points.shape)
    if eye.distance is not None:
        way = float(eye.distance) * back - points
    return way / np.linalg.norm(way, axis=-1, keepdims=True)


def _of_nearness(nearness: np.ndarray, eye: Camera) -> np.ndarray:
    """The depth at a nearness (n,): infinite where it is that of nothing, minus infinity."""
    if eye.distance is None:
        return -nearness
    with np.errstate(divide="ignore"):
        return np.where(nearness > 0, 1 / nearness, np.inf) - float(eye.distance)


def on_page(points: np.ndarray, eye: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Points (..., 3) on the page, (..., 2), and their nearness (...), linear there in a plane."""
    right, up, back = (np.asarray(way, float) for way in (eye.right, eye.up, eye.back))
    flat, along = np.stack([points @ right, points @ up], -1), points @ back
    if eye.distance is None:
        return flat, along
    distance = float(eye.distance)
    depth = np.where(distance > along, distance - along, np.nan)
    return flat * (distance / depth)[..., None], 1 / depth
