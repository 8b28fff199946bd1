"""Surfaces in space: where a field of three coordinates is 0, or what a map of two makes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.boxes import own_box
from gradart.calculus.checks.arguments import short
from gradart.calculus.checks.artist_functions import (
    FIELD,
    Kind,
    as_count,
    as_floats,
    checked,
    outside,
)
from gradart.calculus.forward_mode import explained, gradient_of
from gradart.calculus.programs.batching import batched
from gradart.calculus.programs.compiled_once import TracedFunction, traced
from gradart.calculus.programs.present_values import present
from gradart.calculus.vectors import divided, safe_norm
from gradart.errors import ArtError
from gradart.geometry.surfaces.surface_meshes import Mesh, cut, lattice, net
from gradart.types import Field, Function, Numbers

SHEET: Kind = ("surface", "(3,)", ((3,),))
CELLS = 100  # along the longest side of a field's box
PATCHES = 240  # along each side of a map's
MOST = 16_000_000  # nodes of a grid
CHUNK = 4096  # places at which something is computed at once
STEPS = 12  # of Newton's method

Evaluated = Callable[..., np.ndarray]
Several = Callable[..., tuple[np.ndarray, ...]]


@dataclass(frozen=True)
class Surface:
    """A surface in space. `surface` makes one.

    A place on it is what its `function` takes: a point (3,) of a field, two parameters of a map.
    It is kept `within` what that field says, was looked for in a `box`, and has a `mesh`.

    >>> ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2))).implicit
    True
    """

    function: TracedFunction
    """the field (3,) -> (), or the map (2,) -> (3,)"""
    within: TracedFunction | None
    """(3,) -> (), negative where the surface is kept; None, everywhere"""
    box: np.ndarray
    """(2, d), of places"""
    mesh: Mesh
    kept: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """what was looked for on it, and depends on nothing else"""

    @property
    def implicit(self) -> bool:
        """Whether it is where a field is 0."""
        return self.box.shape[1] == 3

    @cached_property
    def size(self) -> float:
        """The diagonal of what it fills in space."""
        points = self.mesh.points[np.unique(self.mesh.triangles)]
        return float(np.linalg.norm(np.ptp(points, axis=0)))

    def point(self, place: jax.Array) -> jax.Array:
        """The point (3,) at a `place`.

        >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
        >>> ball.point(jnp.array([0.0, 0.0, 1.0]))
        Array([0., 0., 1.], dtype=float32)
        """
        return place if self.implicit else self.function(place)

    def off(self, place: jax.Array) -> jax.Array:
        """What is 0 where a `place` is on the surface: of a field its value (1,), of a map (0,).

        >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
        >>> ball.off(jnp.array([0.0, 0.0, 2.0]))
        Array([3.], dtype=float32)
        """
        return self.function(place)[None] if self.implicit else jnp.zeros(0, place.dtype)

    def normal(self, place: jax.Array) -> jax.Array:
        """The normal (3,) at a `place`, of any length: towards where the field is positive.

        >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
        >>> ball.normal(jnp.array([0.0, 0.0, 1.0]))
        Array([0., 0., 2.], dtype=float32)
        """
        if self.implicit:
            return gradient_of(self.function)(place)
        along, across = explained(jax.jacfwd(self.function))(place).T
        return jnp.cross(along, across)


def surface(
    function: Function,
    *,
    box: Numbers | None = None,
    within: Field | None = None,
    resolution: int | None = None,
) -> Surface:
    """A surface in space, to be drawn by its silhouettes, its edges and the lines on it.

    `function` is a field in space, (3,) -> (), and the surface where it is 0, in `box`, ((x0, y0,
    z0), (x1, y1, z1)); a solid is where it is negative. Or it is a map, (2,) -> (3,), and the
    surface what that makes of the `box` ((u0, v0), (u1, v1)). Without a box it is the function's
    own. With `within`, a field in space, only what lies where that is negative is kept: a ball or a
    slab cuts a surface that goes on for ever.

    What is to be seen is found on a grid with `resolution` cells along the longest side of the box,
    100 for a field, or along each side, 240 for a map, and made exact by Newton's method; what is
    smaller than a cell may be missed. Differentiated by numbers of the function, lines that are
    found on it move, and so do geodesics.

    ArtError where the field is nowhere 0 in its box.

    >>> ball = ga.surface(lambda p: p @ p - 1, box=((-2, -2, -2), (2, 2, 2)))
    >>> eye = ga.camera()
    >>> ga.lines(eye(ga.silhouettes(ball, eye)))
    """
    outside("surface")
    corner = _corners(function, box)
    flat = corner.shape[1] == 2
    start = jnp.asarray(corner.mean(0))
    f = traced(checked(function, SHEET if flat else FIELD), start)
    keep = None if within is None else traced(checked(within, FIELD), jnp.zeros(3))
    count = as_count((PATCHES if flat else CELLS) if resolution is None else resolution)
    sides = corner[1] - corner[0]
    nodes = np.full(2, count) if flat else np.maximum(np.ceil(count * sides / sides.max()), 2)
    if np.prod(nodes + 1) > MOST:
        raise ArtError(f"resolution is {count}: give less, as a grid has 16 million nodes at most")
    mesh = _patches(f, corner, nodes) if flat else _isosurface(f, corner, nodes)
    found = Surface(f, keep, corner, mesh)
    if keep is None:
        return found
    depth = batched(lambda place: keep(found.point(place)), CHUNK)(mesh.places)

    def polished(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        onto = newton(found, lambda place: keep(found.point(place)))
        exact = onto(places, np.zeros(len(places)))
        return exact, batched(found.point, CHUNK)(exact)

    part = cut(mesh, depth, polished)
    if not len(part.triangles):
        raise ArtError("within is nowhere negative on the surface: nothing of it is left")
    return Surface(f, keep, corner, part)


def _corners(function: Function, box: Numbers | None) -> np.ndarray:
    """The corners (2, 2) or (2, 3) of a surface's box, or of its function's own."""
    box = own_box(function) if box is None else box
    if box is None:
        raise ArtError(
            "this surface does not say where it lives: give box=((x0, y0, z0), (x1, y1, z1)) of a"
            " field in space, or ((u0, v0), (u1, v1)) of a map to it"
        )
    corner = np.asarray(present(as_floats(box, "box")), float)
    if corner.shape not in ((2, 2), (2, 3)):
        raise ArtError(f"the box of a surface is two points (x, y, z), or (u, v), not {short(box)}")
    if not (np.isfinite(corner).all() and (corner[0] < corner[1]).all()):
        raise ArtError("the box of a surface has a side of no length: give x0 < x1, y0 < y1 ...")
    return corner


def _isosurface(f: TracedFunction, corner: np.ndarray, counts: np.ndarray) -> Mesh:
    """The mesh of a field in a box, with so many cells along its sides."""
    shape = tuple((counts.astype(int) + 1).tolist())
    cell = (corner[1] - corner[0]) / counts
    nodes = corner[0] + cell * np.moveaxis(np.indices(shape), 0, -1)
    values = batched(f, CHUNK)(nodes.reshape(-1, 3)).reshape(shape)
    vertices, triangles = net(values)
    if not len(triangles):
        raise ArtError("the field is nowhere 0 in its box, or the surface smaller than a cell")
    size = float(cell.max())
    bare = Surface(f, None, corner, Mesh(vertices, vertices, triangles, size, size))
    places = newton(bare)(corner[0] + cell * vertices)
    return Mesh(places, places, triangles, size, size)


def _patches(f: TracedFunction, corner: np.ndarray, counts: np.ndarray) -> Mesh:
    """The mesh of a map of a box, with so many cells along its sides."""
    columns, rows = counts.astype(int) + 1
    (u0, v0), (u1, v1) = corner
    ticks = np.linspace(u0, u1, columns), np.linspace(v0, v1, rows)
    places = np.stack(np.meshgrid(*ticks, indexing="ij"), -1).reshape(-1, 2)
    points = batched(f, CHUNK)(places)
    triangles = lattice(columns, rows)
    known = np.flatnonzero(np.isfinite(points).all(1))
    triangles = triangles[np.isin(triangles, known).all(1)]
    if not len(triangles):
        raise ArtError("the surface is nowhere finite in its box")
    sides = np.linalg.norm(points[triangles] - points[np.roll(triangles, 1, 1)], axis=-1)
    cell = ((corner[1] - corner[0]) / counts).max()
    return Mesh(places, points, triangles, float(cell), float(np.median(sides)))


def smooth(surface: object, name: str) -> None:
    """ArtError, by the name of what takes a surface, where it is none that has derivatives."""
    if not isinstance(surface, Surface):
        raise ArtError(
            f"{name} takes a surface, which ga.surface makes of a field or a map,"
            f" and not {short(surface)}"
        )


def digits() -> float:
    """By how much, of a length, what Newton's method has found may be off: half of all digits."""
    return float(np.sqrt(jnp.finfo(jnp.result_type(float)).eps))


def newton(on: Surface, also: Callable[[jax.Array], jax.Array] | None = None) -> Evaluated:
    """A function of places (n, d) to those near them that are on a surface; compiled once.

    Of places and values (n, ...), where `also`, of a place, has these values there. By Newton's
    method, each step the shortest that will do. Where it does not settle within two cells, a place
    stays.
    """
    cell = on.mesh.cell

    def settled(start: jax.Array, *value: jax.Array) -> jax.Array:
        def off(place: jax.Array) -> tuple[jax.Array, jax.Array]:
            r = on.off(place)
            if also is not None:
                r = jnp.append(r, also(place) - value[0])
            return r, r

        def step(_: int, state: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            place = state[0]
            slopes, r = explained(jax.jacfwd(off, has_aux=True))(place)
            move = shortest(slopes, r)
            length = safe_norm(move)
            return place - move / jnp.maximum(1, length / cell), length

        far = jnp.asarray(jnp.inf, start.dtype)
        end, last = jax.lax.fori_loop(0, STEPS, step, (start, far))
        near = last <= digits() * cell
        return jnp.where(near & (safe_norm(end - start) <= 2 * cell), end, start)

    return batched(settled, 1024)


def shortest(slopes: jax.Array, r: jax.Array) -> jax.Array:
    """The shortest x (d,) with slopes (k, d) x = r (k,), k at most 3; written out, and so quick."""
    if len(r) == 1:
        (a,) = slopes
        return a * divided(r[0], a @ a)
    if len(r) == 2:
        a, b = slopes
        aa, ab, bb = a @ a, a @ b, b @ b
        area = aa * bb - ab * ab
        return a * divided(bb * r[0] - ab * r[1], area) + b * divided(aa * r[1] - ab * r[0], area)
    a, b, c = slopes
    across = jnp.cross(b, c), jnp.cross(c, a), jnp.cross(a, b)
    volume = a @ across[0]
    x, y, z = (divided(part, volume) * way for part, way in zip(r, across, strict=True))
    return x + y + z
