"""A sheet cut into rectangles, of which a few are red, yellow and blue.

After Piet Mondrian, "Composition with red, blue and yellow" (1930).
"""

from typing import Annotated

import jax

import gradart as ga


@ga.sketch(page="square", seed=5)
def mondrian(
    key,
    n: Annotated[int, ga.Bounds(1, 100), "rectangles"] = 11,
    line: Annotated[float, ga.Bounds(0.5, 12), "their outlines, in mm"] = 4.0,
):
    cuts, paint = jax.random.split(key)
    rooms = ga.subdivide(cuts, ((0, 0), (1, 1)), n, cut=(0.25, 0.75), least=0.12)
    colors = ["#c8281e", "#f0c419", "#1f4e9c", *["#f4f1e8"] * len(rooms)][: len(rooms)]
    rooms = jax.random.permutation(paint, rooms)
    return ga.scene(ga.polygons(rooms, fill=colors, stroke="#141414", width=line))


if __name__ == "__main__":
    ga.main(mondrian)
