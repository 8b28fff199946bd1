"""Seven roots, sought by methods of order 1, 2, 4, 8: each start has the color of the one it finds.

Newton follows a tangent, and on the border between two roots his method is chaos. Householder's use
more derivatives, and the more they use, the less is left to chance: at last every start finds what
lies nearest, and the borders are those that a ruler would draw.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

ROOTS = (-0.9 + 0.4j, -0.5 - 0.7j, -0.1 + 0.9j, -0.1 + 0.1j, 0.4 - 0.9j, 0.6 + 0.6j, 0.9 - 0.2j)
INKS = ("#1d4e89", "#c2410c", "#e9c46a", "#2a6f6b", "#8fb4c8", "#5b2a4a", "#dca27a")


@ga.sketch(page="square")
def root_cells(
    pixels: Annotated[int, ga.Bounds(50, 2000), "across a method"] = 425,
    depth: Annotated[float, ga.Bounds(0, 1), "of the shade, a step of a method"] = 0.065,
):
    def f(z):  # the polynomial with these roots
        return jnp.prod(z - jnp.array(ROOTS))

    box = jnp.array([(-1.4, -1.4), (1.4, 1.4)])
    marks = []
    for k, order in enumerate((1, 2, 4, 8)):
        step = ga.householder(f, order)
        found = ga.basins(lambda p, s=step: ga.iterate(s, p, steps=60), box, resolution=pixels)
        color = jnp.asarray(ga.color(INKS))[found.labels, :3]
        shade = jnp.exp(-depth * jnp.minimum(jnp.nan_to_num(found.steps) // 1, 9))
        place = 2.95 * jnp.array([k % 2, -(k // 2)])
        marks += [
            ga.raster(color * shade[..., None], box + place),
            ga.lines(found.borders + place, width=0.13, stroke="#f7f4ed"),
            ga.dots(found.roots + place, 0.7, fill="#f7f4ed"),
        ]
    return ga.scene(marks)


if __name__ == "__main__":
    ga.main(root_cells)
