"""Circles packed into a circle: each grows where it fell until it meets another.

After Jared Tarbell, "Circle packing" in Processing (2003), and the older question of Apollonius.
"""

from typing import Annotated

import jax

import gradart as ga


@ga.sketch(page="square", seed=3)
def packing(
    key,
    n: Annotated[int, ga.Bounds(1, 20_000), "circles at most"] = 3000,
    smallest: Annotated[float, ga.Bounds(0.003, 0.1), "radius, of the whole's"] = 0.006,
    largest: Annotated[float, ga.Bounds(0.01, 0.6), "radius, of the whole's"] = 0.24,
    gap: Annotated[float, ga.Bounds(0, 0.05), "between two"] = 0.004,
):
    where, paint = jax.random.split(key)
    centers, radii = ga.pack(where, ga.fields.disk(1), (smallest, largest), n, gap=gap)
    inks = ga.color(["#1b1b1e", "#c2410c", "#e8c07d", "#3f5e5a"])
    fill = inks[
        jax.random.categorical(
            paint, jax.numpy.log(jax.numpy.array([6, 1, 2, 2])), shape=radii.shape
        )
    ]
    return ga.scene(ga.circles(centers, radii, fill=fill, stroke=None))


if __name__ == "__main__":
    ga.main(packing)
