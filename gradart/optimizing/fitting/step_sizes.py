"""How large a step of each parameter is, told by how far the picture moves."""

from typing import assert_never

import jax
import jax.numpy as jnp
import numpy as np

from gradart.drawing.scene import Scene
from gradart.drawing.shapes import Beziers, Dots, Group, Lines, Many, Raster
from gradart.optimizing.fitting.settings import Drawing, Parameters

_TINT = 10.0  # mm that count as much as a color's whole way from 0 to 1


def millimeters(drawing: Drawing, start: Parameters, scale: float) -> Parameters:
    """The change of each of the arrays in `start` that moves what it draws by a millimeter.

    All numbers of an array are changed at once, up or down by lot, as a step of a fit does it; what
    counts is the root of the mean square of all movement on the page: of points, which are `scale`
    mm to a unit, of edges by widths and radii, and of colors, as if 0.1 of them were 1 mm. An array
    that moves nothing gets 1.
    """
    leaves, tree = jax.tree.flatten(start)
    lots = np.random.default_rng(0)
    signs = [lots.choice([-1.0, 1.0], leaf.shape).astype(leaf.dtype) for leaf in leaves]

    def page(leaves: list[jax.Array]) -> list[jax.Array]:
        return _on_the_page(drawing(jax.tree.unflatten(tree, leaves)), scale)

    @jax.jit  # with the way as an argument: one program for all arrays
    def unit(leaves: list[jax.Array], way: list[np.ndarray]) -> jax.Array:
        return _unit(jax.jvp(page, (leaves,), (way,))[1])

    still = [np.zeros_like(sign) for sign in signs]
    ways = ([*still[:k], sign, *still[k + 1 :]] for k, sign in enumerate(signs))
    return jax.tree.unflatten(tree, [unit(leaves, way) for way in ways])


def _unit(ways: list[jax.Array]) -> jax.Array:
    """1 over the root of the mean square of what moves, or 1 where nothing does."""
    way = jnp.concatenate([jnp.ravel(way) for way in ways])
    live = jnp.isfinite(way) & (way != 0)
    mean = jnp.sum(jnp.where(live, way, 0) ** 2) / jnp.maximum(live.sum(), 1)
    return jnp.where(mean > 0, 1 / jnp.sqrt(jnp.where(mean > 0, mean, 1)), 1)


def _on_the_page(scene: Scene, scale: float) -> list[jax.Array]:
    """What of a scene can move, all of it in millimeters."""
    found = []
    for mark in scene.marks:
        match mark.shape:
            case Lines(points) | Beziers(points, _, None):
                found.append(jnp.asarray(points) * scale)
            case Dots(centers, radius):
                found += [jnp.asarray(centers) * scale, jnp.asarray(radius)]
            case Beziers() | Raster() | Many() | Group():
                pass  # type of a size in mm, which moves with nothing; a picture refuses the others
            case _:
                assert_never(mark.shape)
        found.append(jnp.asarray(mark.style.width) / 2)
        for paint in (mark.style.stroke, mark.style.fill):
            if paint is not None:
                found.append(jnp.asarray(paint) * _TINT)
    return found
