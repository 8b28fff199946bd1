"""Whether a surface lies between points and the eye.

Of a field, the ray to the eye is looked at in steps of a cell; where the field changes its sign
from one to the next, or by its slopes turns back to 0 in between, its root or its turning point is
found by halving, so that a ray that just touches the surface is told from one that misses it. Of a
map it is the triangles of the mesh.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.compiled_once import TracedFunction
from gradart.calculus.vectors import safe_norm
from gradart.geometry.cameras import Camera
from gradart.geometry.surface_meshes import Mesh
from gradart.geometry.surfaces import Surface, evaluated

NEAR = 1e-3  # of the surface's size: a point that lies on it does not hide itself so far
BESIDE = 3.0  # cells, for that of a mesh
HALVINGS = 50
RAYS = 512  # at once
WARY = 0.25  # of a value: where the tangents come so near to 0 between two steps, it is looked at

Hider = Callable[[np.ndarray], np.ndarray]


def hider(surface: Surface, eye: Camera) -> Hider:
    """A function of points (n, 3) that says which of them (n,) a surface hides from an eye."""
    return _field_hider(surface, eye) if surface.implicit else _mesh_hider(surface.mesh, eye)


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
        ends = jnp.where(way == 0, jnp.array([-jnp.inf, jnp.inf])[:, None], (surface.box - p) / fine)
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
        slope = lambda t: jax.jvp(f, (p + t * way,), (way,))[1]
        t = _halved(slope, a, b)
        return t, f(p + t * way)

    def root(p: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
        way = ray(p)[0]
        return _kept(keep, p + _halved(lambda t: f(p + t * way), a, b) * way)

    look, turned, rooted = evaluated(along, RAYS), evaluated(turn, RAYS), evaluated(root, RAYS)

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
    seen: tuple[np.ndarray, np.ndarray, np.ndarray],
    turned: Callable[..., tuple[np.ndarray, np.ndarray]],
    rooted: Callable[..., np.ndarray],
) -> np.ndarray:
    """Which of the rays from points (n, 3) meet the surface, by values, slopes, ways (n, m) there."""
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


def _mesh_hider(mesh: Mesh, eye: Camera) -> Hider:
    from gradart.geometry.sight_kernel import fill, nearest_before

    flat, nearness = on_page(mesh.points, eye)
    used = flat[np.unique(mesh.triangles)]
    low, high = np.nanmin(used, axis=0), np.nanmax(used, axis=0)
    cell = float((high - low).max()) / np.sqrt(len(mesh.triangles) / 4 + 1)
    counts = np.ceil((high - low) / cell).astype(int) + 1
    frame, starts = np.array([*low, cell]), np.zeros(counts, int)
    fill(flat, mesh.triangles, frame, starts, np.empty(0, int))
    ends = np.cumsum(starts.ravel()).reshape(starts.shape)
    bins = np.empty(ends[-1, -1], int)
    starts = ends - starts
    fill(flat, mesh.triangles, frame, starts, bins)

    def hidden(points: np.ndarray) -> np.ndarray:
        at, here = on_page(points, eye)
        there = np.empty(len(points))
        nearest_before(flat, nearness, mesh.triangles, frame, ends, bins, at, there)
        if eye.distance is None:
            return there - here > BESIDE * mesh.reach
        with np.errstate(divide="ignore"):
            return (there > 0) & (1 / here - 1 / there > BESIDE * mesh.reach)

    return hidden


def on_page(points: np.ndarray, eye: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) on the page, (n, 2), and their nearness (n,), linear on the page in a plane."""
    along = points @ np.asarray(eye.back)
    if eye.distance is None:
        return np.array(eye(points), float), along
    depth = float(eye.distance) - along
    return np.array(eye(points), float), 1 / np.where(depth > 0, depth, np.nan)
