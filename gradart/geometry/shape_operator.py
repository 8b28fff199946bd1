"""How a surface bends: its shape operator, and the directions in which it bends most and least."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from gradart.calculus.forward_mode import explained, hessian_of
from gradart.calculus.vectors import divided, safe_norm
from gradart.geometry.surfaces import Surface

ROUND = 1e-6  # of the curvatures: where they differ by less, there is no direction of the greatest


def principal(surface: Surface, across: bool) -> Callable[[jax.Array], jax.Array]:
    """The direction of the greatest curvature at a place (d,), or across it of the least: (d,).

    It is a change of the place that moves its point by 1, with either sign; NaN where the curvature
    is alike in all directions. It is positive where the surface bends away from its normal's side.
    """

    def direction(place: jax.Array) -> jax.Array:
        shape, back = (_of_a_field if surface.implicit else _of_a_map)(surface, place)
        difference, twist = shape[0, 0] - shape[1, 1], 2 * shape[0, 1]
        apart, size = jnp.hypot(difference, twist), jnp.abs(shape[0, 0]) + jnp.abs(shape[1, 1])
        angle = jnp.arctan2(twist, difference) / 2 + (jnp.pi / 2 if across else 0)
        way = back @ jnp.array([jnp.cos(angle), jnp.sin(angle)])
        return jnp.where(apart > ROUND * size, way, jnp.nan)

    return direction


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
