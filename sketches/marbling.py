"""Marbling: drops of ink on a bath that two whirls stir.

Each drop was a set of round rings. Where a point of it has come to is a function of where it was:
so no two outlines cross, however far they are drawn out, and every ring still covers as much of the
bath as at first.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INKS = ("#1d3557", "#c2410c", "#e9c46a", "#2a6f6b", "#f7f4ed")


@ga.sketch(page="297x170mm", seed=2)
def marbling(
    key,
    time: Annotated[float, ga.Bounds(0, 20), "for which it is stirred"] = 9.0,
    sway: Annotated[float, ga.Bounds(0, 0.5), "of the border between the whirls"] = 0.25,
    spacing: Annotated[float, ga.Bounds(0.1, 0.6), "of the drops"] = 0.22,
):
    def bath(p, t):  # the double gyre of Shadden, Lekien and Marsden
        e = sway * jnp.sin(2 * jnp.pi * t / 10)
        f, slope = e * p[0] ** 2 + (1 - 2 * e) * p[0], 2 * e * p[0] + 1 - 2 * e
        u = -jnp.sin(jnp.pi * f) * jnp.cos(jnp.pi * p[1])
        v = jnp.cos(jnp.pi * f) * jnp.sin(jnp.pi * p[1]) * slope
        return 0.1 * jnp.pi * jnp.array([u, v])

    stirred = ga.flow_map(bath, time, steps=60)
    rim = 0.49 * spacing
    drops = ga.poisson(key, spacing, ((rim, rim), (2 - rim, 1 - rim)))
    t = jnp.linspace(0, 2 * jnp.pi, 2000)
    rings = ga.point(ga.circle(), t) * rim * jnp.array([1, 2 / 3, 1 / 3])[:, None, None]
    shapes = ga.value(stirred, drops[:, None, None] + rings)  # (drops, 3, 2000, 2)
    inks = jnp.asarray(ga.color(INKS))[(jnp.arange(len(drops))[:, None] + jnp.arange(3)) % 5]
    return ga.scene(
        ga.polygons(ga.simplify(shapes.reshape(-1, 2000, 2), 0.0002), fill=inks.reshape(-1, 4)),
        paper="#dfe5e3",
        box=((0, 0), (2, 1)),
    )


if __name__ == "__main__":
    ga.main(marbling)
