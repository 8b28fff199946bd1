"""How a surface bends: its shape operator, and umbilics, where it bends alike all around."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.artist_functions import outside
from gradart.calculus.forward_mode import explained, hessian_of
from gradart.calculus.programs.batching import batched
from gradart.calculus.vectors import divided, dot, safe_norm
from gradart.geometry.surfaces.surface_curves import SHORTEST
from gradart.geometry.surfaces.surface_point_derivatives import (
    each,
    moving_places,
    points_at,
    surface_moves,
)
from gradart.geometry.surfaces.surfaces import CHUNK, Surface, digits, shortest, smooth
from gradart.types import Function

ROUND = 1e-6  # of the curvatures: where they differ by less, there is no direction of the greatest
STEPS = 20  # of Newton's method
NEAR = 2.0  # cells of the mesh: what its first step finds is no farther
CLEAR = 1e-6  # of a number: what is less is taken for 0


class Umbilics(NamedTuple):
    """Where a surface bends alike in all directions: k points, how much, and their kinds."""

    points: np.ndarray | jax.Array
    """(k, 3)"""
    curvatures: np.ndarray | jax.Array
    """(k,), positive where the surface bends away from its normal's side, as a solid bulges"""
    kinds: np.ndarray
    """(k,) of "lemon", "monstar", "star", or "other" where third derivatives do not tell"""


def principal(surface: Surface, across: bool) -> Callable[[jax.Array], jax.Array]:
    """The direction of the greatest curvature at a place (d,), or across it of the least: (d,).

    It is a change of the place that moves its point by 1, with either sign; NaN where the curvature
    is alike in all directions. It is positive where the surface bends away from its normal's side.
    """

    def direction(place: jax.Array) -> jax.Array:
        shape, back = shape_at(surface, place)
        difference, twist = shape[0, 0] - shape[1, 1], 2 * shape[0, 1]
        apart, size = jnp.hypot(difference, twist), jnp.abs(shape[0, 0]) + jnp.abs(shape[1, 1])
        angle = jnp.arctan2(twist, difference) / 2 + (jnp.pi / 2 if across else 0)
        way = back @ jnp.array([jnp.cos(angle), jnp.sin(angle)])
        return jnp.where(apart > ROUND * size, way, jnp.nan)

    return direction


def shape_at(surface: Surface, place: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The shape operator (2, 2) at a place (d,), and the basis (d, 2) in which it is that.

    The basis is orthonormal in the tangent plane, and given by the changes of the place that are
    its vectors.
    """
    return (_of_a_field if surface.implicit else _of_a_map)(surface, place)


def sharpest(
    surface: Surface, place: jax.Array, side: jax.Array | int = 1
) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
    """The greatest and the least curvature at a place (d,); of the greatest its way (d,) and slope.

    The way is as `principal` has it, with either sign, and the slope is that of the greatest
    curvature along it. From the other `side`, -1, all that bulges is hollow.

    By its third derivatives along that way: Y. Ohtake, A. Belyaev and H.-P. Seidel, "Ridge-valley
    lines on meshes via implicit surface fitting", ACM Transactions on Graphics 23 (2004).
    """
    shape, back = shape_at(surface, place)
    shape = side * shape
    difference, twist = shape[0, 0] - shape[1, 1], 2 * shape[0, 1]
    # Of two numbers that are alike the second derivative of JAX's hypot is wrong.
    apart = safe_norm(jnp.stack([difference, twist])) / 2
    mean = (shape[0, 0] + shape[1, 1]) / 2
    angle = jnp.arctan2(twist, difference) / 2
    way, most = back @ jnp.array([jnp.cos(angle), jnp.sin(angle)]), mean + apart
    normal = surface.normal(place)
    length = safe_norm(normal)

    def along(f: Function, way: jax.Array) -> Function:
        return lambda q: jax.jvp(f, (q,), (way,))[1]

    first = along(surface.function, way)
    second = along(first, way)
    third = along(second, way)(place)
    if surface.implicit:
        tilt = along(first, normal / length)(place)
        return most, mean - apart, way, (side * third - 3 * most * tilt) / length
    turn = dot(first(place), second(place))
    return most, mean - apart, way, -(side * dot(normal, third) / length + 3 * most * turn)


def _of_a_field(surface: Surface, place: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The shape operator (2, 2) in an orthonormal basis of the tangent plane, and that (3, 2).

    Of a field's surface it is the Hessian in the plane, over the length of the gradient:
    B. O'Neill, Elementary Differential Geometry (1966), chapter 5.
    """
    normal = surface.normal(place)
    length = safe_norm(normal)
    n = normal / length
    axis = jnp.eye(3, dtype=n.dtype)[jnp.argmin(jnp.abs(n))]
    first = jnp.cross(n, axis)
    first = first / safe_norm(first)
    basis = jnp.stack([first, jnp.cross(n, first)], -1)
    return basis.T @ hessian_of(surface.function)(place) @ basis / length, basis


def _of_a_map(surface: Surface, place: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The shape operator (2, 2) in an orthonormal basis of the tangent plane, and that of (2, 2).

    The basis is given by the changes of the two parameters that are its vectors.
    """
    slopes = explained(jax.jacfwd(surface.function))(place)
    bends = explained(jax.jacfwd(jax.jacfwd(surface.function)))(place)
    normal = surface.normal(place)
    n = normal / safe_norm(normal)
    first = slopes[:, 0] / safe_norm(slopes[:, 0])
    basis = jnp.stack([first, jnp.cross(n, first)])
    (a, b), (_, d) = basis @ slopes
    back = jnp.array([[divided(1.0, a), divided(-b, a * d)], [0, divided(1.0, d)]])
    return -back.T @ jnp.tensordot(n, bends, 1) @ back, back


def umbilics(surface: Surface) -> Umbilics:
    """The points where a surface bends alike in all directions: points (k, 3), curvatures, kinds.

    Lines of curvature have no direction there. Around a "star" their direction makes half a turn
    against the way around, and three of them run into it; around a "lemon" or a "monstar" it makes
    half a turn along with it, and one or three do. Of a height field, a map (x, y) -> (x, y,
    height), they may be looked for as of any `surface`. By Newton's method from the vertices of its
    mesh; two in one cell may be missed. Where it bends alike on a whole patch, as a ball does,
    none are told, and of a line of them some. Differentiated by numbers of the surface, points and
    curvatures move.

    M. V. Berry and J. H. Hannay, "Umbilic points on Gaussian random surfaces", Journal of Physics A
    10 (1977).

    >>> egg = ga.surface(lambda p: p @ (p * jnp.array([1, 2, 3])) - 1, box=((-2,) * 3, (2,) * 3))
    >>> ga.umbilics(egg).kinds.tolist()
    ['lemon', 'lemon', 'lemon', 'lemon']
    """
    outside("umbilics")
    smooth(surface, "umbilics")
    mesh, size = surface.mesh, jnp.asarray(surface.size)
    cell, reach = jnp.asarray(mesh.cell), jnp.asarray(mesh.reach)
    low, high = surface.box

    def bent(place: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Half the difference of curvatures and their twist, (2,), and their mean, by the size."""
        (a, b), (_, d) = shape_at(surface, place)[0] * size
        return jnp.stack([(a - d) / 2, b]), (a + d) / 2

    def off(place: jax.Array) -> tuple[jax.Array, jax.Array]:
        r = jnp.concatenate([surface.off(place), bent(place)[0]])
        return r, r

    def move(place: jax.Array) -> tuple[jax.Array, jax.Array]:
        slopes, r = jax.jacfwd(off, has_aux=True)(place)
        step = shortest(slopes, r)
        return jnp.where(jnp.isfinite(step), step, 0), jnp.sum(slopes[-2:] ** 2)

    def first(place: jax.Array) -> jax.Array:
        step, steep = move(place)
        clear = jnp.sqrt(steep) * cell > CLEAR * jnp.abs(bent(place)[1])
        return clear & (safe_norm(step) <= NEAR * cell)

    def settled(start: jax.Array) -> tuple[jax.Array, ...]:
        def step(_: int, place: jax.Array) -> jax.Array:
            newton = move(place)[0]
            # A zero that is a double one, as the pole of what turns has, is twice as far away.
            twice = safe_norm(off(place - 2 * newton)[0]) < safe_norm(off(place - newton)[0])
            way = jnp.where(twice, 2, 1) * newton
            return place - way / jnp.maximum(1, safe_norm(way) / cell)

        place = jax.lax.fori_loop(0, STEPS, step, start)
        slopes = jax.jacfwd(lambda q: bent(q)[0])(place) @ shape_at(surface, place)[1]
        mean = bent(place)[1]
        scale = safe_norm(bent(start)[0]) + jnp.abs(mean)
        fine = safe_norm(off(place)[0]) <= digits() * scale
        fine &= jnp.all((place >= low) & (place <= high))
        fine &= safe_norm(place - start) <= 2 * NEAR * cell
        point = surface.point(place)
        fine &= jnp.asarray(True) if surface.within is None else surface.within(point) < 0
        # How far away what is as good as 0 may be, by the least of the slopes' singular values.
        steep = jnp.linalg.svd(slopes, compute_uv=False)[-1]
        unsure = jnp.where(steep > 0, divided(digits() * scale, steep), cell)
        unsure = jnp.minimum(unsure, cell)
        return place, point, mean / size, divided(reach, scale) * slopes, unsure, fine

    used = mesh.places[np.unique(mesh.triangles)]
    found = batched(settled, CHUNK)(used[batched(first, CHUNK)(used)])
    places, points, curvatures, slopes, unsure, _ = (x[found[-1]] for x in found)
    one = _one_of_each(points, np.maximum(SHORTEST * surface.size, 2 * unsure))
    kinds = np.array([_kind(slope) for slope in slopes[one]], dtype=str)
    if not surface_moves(surface) or not len(one):
        return Umbilics(points[one], curvatures[one], kinds)
    moving = moving_places(surface, places[one], lambda place: bent(place)[0])
    curvature = each(lambda place: bent(place)[1] / size, moving)
    return Umbilics(points_at(surface, moving), curvature[:, 0], kinds)


def _one_of_each(points: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The numbers of points (n, 3), of which those that are near (n,) are one: the surest."""
    from scipy.spatial import KDTree

    if not len(points):
        return np.arange(0)
    tree = KDTree(points)
    left, kept = np.ones(len(points), bool), []
    for i in np.argsort(near, kind="stable"):
        if left[i]:
            kept.append(i)
            reach = float(near.max())
            around = np.array(tree.query_ball_point(points[i], reach), int)
            away = np.linalg.norm(points[around] - points[i], axis=1)
            left[around[away <= np.maximum(near[i], near[around])]] = False
    return np.sort(np.array(kept, int))


def _kind(slopes: np.ndarray) -> str:
    """What changes (2, 2), over a cell, of half the curvatures' difference and the twist tell."""
    (a, b), (c, d) = slopes
    turn = a * d - b * c
    if abs(turn) <= CLEAR**2:
        return "other"
    if turn < 0:
        return "star"
    # The directions (x, y) in which lines of curvature run straight into it are those of a cubic.
    p, q, r, s = c, d - 2 * a, -c - 2 * b, -d
    three = 18 * p * q * r * s - 4 * q**3 * s + (q * r) ** 2 - 4 * p * r**3 - 27 * (p * s) ** 2
    return "monstar" if three > 0 else "lemon"
