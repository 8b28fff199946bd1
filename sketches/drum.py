"""A drum is struck: a ring runs to the rim, which throws it back, and back, as an ornament.

The film runs from tile to tile, and each keeps how it has left it. The waves are sums of sines that
are zero along the rim, exact at any moment, and they keep all of their energy. Warm is what bulges
toward you, cool what bulges away; where the colors change, the skin has one height.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INKS = ["#1d3557", "#457b9d", "#a8c6d6", "#f3ecdc", "#f0c987", "#e07a3f", "#9b2226"]


@ga.sketch(page="square", seconds=6, fps=20, at=0.999)
def drum(
    x: Annotated[float, ga.Bounds(-1, 1), "of the blow, to the right"] = 0.0,
    y: Annotated[float, ga.Bounds(-1, 1), "of the blow, upward"] = 0.0,
    size: Annotated[float, ga.Bounds(0.02, 0.5), "of the stick's head"] = 0.07,
    time: Annotated[float, ga.Bounds(0.5, 50), "of the run; to the rim it takes 1"] = 7.2,
    side: Annotated[int, ga.Bounds(1, 8), "tiles in a row"] = 3,
    pixels: Annotated[int, ga.Bounds(40, 1000), "along a tile"] = 241,
):
    box = ((-1, -1), (1, 1))
    away = ga.grid(pixels, pixels, box) - jnp.array([x, y])
    blow = jnp.exp(-(away**2).sum(-1) / (2 * size**2)) / size**1.5
    inks = jnp.asarray(ga.color(INKS))

    def tile(k, moment):
        w = ga.wave_equation(0 * blow, moment, velocity=blow, edges="fixed", box=box)
        tone = 3 + 3.4 * jnp.tanh(1.2 * w)  # from the first ink to the last
        low, steep = jnp.floor(tone), jnp.hypot(*jnp.gradient(tone)) + 1e-9
        tone = low + jnp.clip((tone - low - 0.5) / steep + 0.5, 0, 1)  # an edge is a pixel wide
        shades = jnp.stack([jnp.interp(tone, jnp.arange(7.0), ink) for ink in inks.T], -1)
        corner = 2.2 * jnp.array([k % side, side - 1 - k // side])
        return ga.raster(shades, jnp.stack([corner - 1, corner + 1]))

    count, far = side**2, 2.2 * side - 1.2
    left = [tile(k, time * (k + 1) / count) for k in range(count)]

    def frame(u):
        now = tile(jnp.minimum(jnp.floor(count * u), count - 1), time * u)
        return ga.scene(left, now, box=((-1, -1), (far, far)))

    return frame


if __name__ == "__main__":
    ga.main(drum)
