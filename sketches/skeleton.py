"""The skeleton of a flow: what it parts is red, what it gathers is blue.

Two whirls sway, and what floats in them seems to go anywhere. But neighbors on two sides of a red
line will soon be far apart, and those on two sides of a blue one have come from far. Each color is
a derivative: of where a place goes, and of whence it came, by the place.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="297x170mm")
def skeleton(
    time: Annotated[float, ga.Bounds(1, 20), "forward and backward"] = 12.0,
    sway: Annotated[float, ga.Bounds(0, 0.5), "of the border between the whirls"] = 0.25,
    contrast: Annotated[float, ga.Bounds(0.2, 3), "of strong to faint"] = 1.6,
    pixels: Annotated[int, ga.Bounds(50, 2000), "from bottom to top"] = 640,
):
    def water(p, t):  # the double gyre of Shadden, Lekien and Marsden
        e = sway * jnp.sin(2 * jnp.pi * t / 10)
        f, slope = e * p[0] ** 2 + (1 - 2 * e) * p[0], 2 * e * p[0] + 1 - 2 * e
        u = -jnp.sin(jnp.pi * f) * jnp.cos(jnp.pi * p[1])
        v = jnp.cos(jnp.pi * f) * jnp.sin(jnp.pi * p[1]) * slope
        return 0.1 * jnp.pi * jnp.array([u, v])

    box, fine = ((0, 0), (2, 1)), (pixels, 2 * pixels)
    paper, *inks = jnp.asarray(ga.color(["#f7f4ed", "#b5300a", "#12406f"]))[:, :3]
    sheet = paper
    for way, ink in zip((time, -time), inks, strict=True):
        rate = ga.value(ga.stretching(water, way, steps=40), ga.grid(*fine, box))
        strong = jnp.clip(rate / jnp.quantile(rate, 0.98), 0, 1) ** contrast
        sheet = sheet * (1 - strong[..., None] * (1 - ink / paper))
    sheet = sheet.reshape(pixels // 2, 2, pixels, 2, 3).mean((1, 3))  # no jagged edges
    return ga.scene(ga.raster(sheet, box))


if __name__ == "__main__":
    ga.main(skeleton)
