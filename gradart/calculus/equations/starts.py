"""The points from which paths and orbits begin, checked."""

import jax
from jax.typing import ArrayLike

from gradart.calculus.checks import as_count, as_points, fitting
from gradart.errors import ArtError


def as_starts(p: object, name: str) -> jax.Array:
    """Points as `as_points` has them, whose number of coordinates is told: (..., d), d > 0."""
    array = as_points(p, name)
    if not array.shape[-1]:
        raise ArtError(f"{name} has shape {array.shape}: give points, shape (..., 2)")
    return array


def starts_and_steps(starts: ArrayLike, steps: int) -> tuple[jax.Array, int]:
    """The points (..., d) at which paths begin, and the number of their steps, checked."""
    points = as_starts(starts, "starts")
    return points, fitting(as_count(steps, "steps", 0), "steps", points.size)
