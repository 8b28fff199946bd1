"""Cameras: projections of space onto the plane of the page, from afar or from nearby."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp

from gradart.calculus.checks.arguments import as_number, short
from gradart.calculus.checks.artist_functions import as_floats, as_points
from gradart.calculus.programs.padded_lengths import at_padded_lengths
from gradart.calculus.recorder import notice_view
from gradart.errors import ArtError
from gradart.types import Number, Numbers, Points


@dataclass(frozen=True)
class Camera:
    """A view of space: (..., 3) -> (..., 2), nothing hidden, traceable. `camera` makes one.

    `right` and `up` are what goes right and up on the page, and `back` points to the eye, which has
    that `distance` from the origin.

    >>> ga.camera(distance=5).distance
    Array(5., dtype=float32...)
    """

    right: jax.Array
    """(3,), the unit vector that is x on the page"""
    up: jax.Array
    """(3,), the unit vector that is y on the page"""
    back: jax.Array
    """(3,), the unit vector towards the eye"""
    distance: jax.Array | None
    """of the eye from the origin; None, infinitely far"""

    def __call__(self, points: Numbers) -> Points:
        """Points (..., 3) on the page: (..., 2); NaN where they are not in front of the eye.

        `points` have three coordinates, and z is upward.

        >>> ga.camera(azimuth=-90, elevation=0)([(1.0, 2.0, 3.0)]).round()
        Array([[1., 3.]], dtype=float32)
        """
        p = as_points(points, "points")
        if p.shape[-1] != 3:
            raise ArtError(f"a camera takes points of shape (..., 3), not {p.shape}")
        return at_padded_lengths(lambda q: _seen(self, q), [p], p.ndim - 1)

    def way(self, points: jax.Array) -> jax.Array:
        """From `points` (..., 3) to the eye: (..., 3); unit vectors if that is infinitely far.

        >>> ga.camera(azimuth=0, elevation=0, distance=5).way(jnp.zeros(3))
        Array([5., 0., 0.], dtype=float32)
        """
        if self.distance is None:
            return jnp.broadcast_to(self.back, points.shape)
        return self.distance * self.back - points


def as_camera(eye: object) -> Camera:
    """A camera, as it was given; ArtError for anything else."""
    if not isinstance(eye, Camera):
        raise ArtError(f"eye is {short(eye)}: give a camera, ga.camera()")
    return eye


jax.tree_util.register_dataclass(Camera, ["right", "up", "back", "distance"], [])


@jax.jit
def _seen(camera: Camera, p: jax.Array) -> jax.Array:
    flat = jnp.stack([(p * camera.right).sum(-1), (p * camera.up).sum(-1)], -1)
    if camera.distance is None:
        return flat
    depth = camera.distance - (p * camera.back).sum(-1)
    seen = depth > 0
    scale = jnp.where(seen, camera.distance / jnp.where(seen, depth, 1), jnp.nan)
    return flat * scale[..., None]


def camera(azimuth: Number = -60, elevation: Number = 30, distance: Number | None = None) -> Camera:
    """A view of space, z upward: (..., 3) -> (..., 2), nothing hidden, traceable.

    The viewer stands at `azimuth` degrees counterclockwise from the x axis and `elevation` degrees
    above the plane of x and y; from azimuth -90, the south, x points to the right. Without a
    `distance` the viewer is infinitely far away, and parallels stay parallel: an orthographic
    camera. With one, in the artist's units, the eye is that far from the origin and looks there, in
    perspective: what is near is larger, and what is at the origin keeps its size. Points that are
    not in front of the eye are NaN.

    >>> view = ga.camera(azimuth=20)
    >>> ga.lines(view(ga.point(ga.torus_knot(), jnp.linspace(0, 6.2832, 300))))
    """
    notice_view()
    a = jnp.radians(as_floats(as_number(azimuth, "azimuth"), "azimuth"))
    e = jnp.radians(as_floats(as_number(elevation, "elevation"), "elevation"))
    right = jnp.stack([-jnp.sin(a), jnp.cos(a), jnp.zeros_like(a)])
    up = jnp.stack([-jnp.sin(e) * jnp.cos(a), -jnp.sin(e) * jnp.sin(a), jnp.cos(e)])
    back = jnp.stack([jnp.cos(e) * jnp.cos(a), jnp.cos(e) * jnp.sin(a), jnp.sin(e)])
    if distance is None:
        return Camera(right, up, back, None)
    far = as_floats(as_number(distance, "distance", "length", above=0), "distance")
    return Camera(right, up, back, far)
