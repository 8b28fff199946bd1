"""A raindrop on a pane: where the light of one lamp gathers behind it, from near to far.

Each line is the caustic at one distance, with all of its cusps: where the drop folds the light.
Near the pane are only creases; farther away they open, grow and run into each other. In the red
dots two cusps come out of a smooth line: swallowtails, found by derivatives of order four.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=19)
def raindrop(
    key,
    waves: Annotated[int, ga.Bounds(1, 20), "that bend the drop"] = 7,
    rough: Annotated[float, ga.Bounds(0, 2), "how much they do"] = 0.55,
    near: Annotated[float, ga.Bounds(0.1, 1), "distance of the first wall"] = 0.3,
    far: Annotated[float, ga.Bounds(0.5, 3), "distance of the last"] = 1.5,
    walls: Annotated[int, ga.Bounds(2, 200)] = 28,
    resolution: Annotated[int, ga.Bounds(20, 1000), "of the search for folds"] = 200,
):
    turn, phase = jax.random.uniform(key, (2, waves)) * 2 * jnp.pi
    pace = jnp.linspace(1.0, 2.6, waves)
    way = pace * jnp.stack([jnp.cos(turn), jnp.sin(turn)])

    def thickness(p):
        swell = (jnp.sin(p @ way + phase) / pace).sum()
        return (1 + rough * swell) * jnp.exp(-0.5 * p @ p)

    def thrown(distance):  # a map: where light falls on a wall that passes the drop at p
        return lambda p: p + distance * jax.grad(thickness)(p)

    box, shade = ((-3.2, -3.2), (3.2, 3.2)), ga.ramp("#e0562b", "#a8404f", "#345c86", "#14283d")
    rows, tints = [], []
    for part in jnp.linspace(1, 0, walls):
        bright = ga.caustics(
            thrown(near + part * (far - near)), box=box, resolution=resolution
        ).lines
        rows += list(bright)
        tints += [shade(part)] * len(bright)
    tails = ga.swallowtails(thrown, near, far, box=box, steps=walls, resolution=resolution // 2)
    return ga.scene(
        ga.lines(rows, width=0.15, stroke=jnp.stack(tints)),
        ga.dots(tails.points, 0.9, fill="#f4efe4", stroke="#e0562b", width=0.4),
        paper="#f4efe4",
    )


if __name__ == "__main__":
    ga.main(raindrop)
