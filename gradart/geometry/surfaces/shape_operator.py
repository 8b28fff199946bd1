"""How a surface bends: its shape operator, and the directions in which it bends most and least."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from gradart.calculus.forward_mode import explained, hessian_of
from gradart.calculus.vectors import divided, dot, safe_norm
from gradart.geometry.surfaces.surfaces import Surface
from gradart.types import Function

ROUND = 1e-6  # of the curvatures: where they differ by less, there is no direction of the greatest


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
