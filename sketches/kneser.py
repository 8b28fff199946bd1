"""Osculating circles: a spiral that nobody drew.

At every point of a curve one circle fits it best: it has the same place, slope and bend. On a
spiral each of these circles lies inside the one before, and no two of them meet. Only circles are
painted here; the eye finds the spiral where they crowd.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def kneser(
    turns: Annotated[float, ga.Bounds(0.5, 8), "of the spiral"] = 5.0,
    growth: Annotated[float, ga.Bounds(0.05, 0.6), "how fast it opens"] = 0.16,
    n: Annotated[int, ga.Bounds(10, 1000), "circles in a turn"] = 76,
    bands: Annotated[float, ga.Bounds(0, 12), "of light in a turn"] = 1.0,
    way: Annotated[float, ga.Bounds(-180, 180), "in which the spiral ends, in degrees"] = 60.0,
):
    spiral = ga.curves.spiral(growth)
    t = jnp.deg2rad(way) - jnp.linspace(0, 2 * jnp.pi * turns, int(jnp.round(n * turns)) + 1)
    centers, radii = ga.osculating_circles(spiral, t)  # from the largest to the smallest
    light = 0.5 - 0.5 * jnp.cos(bands * (t - t[0]))
    shade = ga.ramp("#132a3a", "#1d4e89", "#7d9fb8", "#f2dfb8", "#d98b3a")(light)
    return ga.scene(
        ga.circles(centers, radii, fill=shade, stroke="#0d0d12", width=0.13 * radii / radii[0]),
        paper="#0d0d12",
    )


if __name__ == "__main__":
    ga.main(kneser)
