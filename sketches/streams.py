"""Streams: lines of equal height, evenly spaced, through a landscape of waves.

The gradient points straight up the slope. Who keeps walking at a right angle to it stays at the
same height for ever; the color tells which height that is.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", seed=3)
def streams(
    key,
    separation: Annotated[float, ga.Bounds(0.5, 10), "of the lines, in mm"] = 1.2,
    size: Annotated[float, ga.Bounds(10, 100), "of the hills, in mm"] = 38.0,
):
    box = ((0, 0), (180, 267))
    land = ga.waves(key, size, box=box)
    lines = ga.streamlines(land, separation=separation, box=box, across=True)
    lines = ga.simplify(lines, 0.02)
    height = ga.value(land, jnp.asarray(lines[:, 0]))
    tone = jnp.argsort(jnp.argsort(height)) / len(height)
    shade = ga.ramp("#274c77", "#5f9ea0", "#e9dcc0", "#d9a441", "#c2410c")
    return ga.scene(
        ga.lines(lines, width=0.5, stroke=shade(tone)),
        paper="#101820",
        box=box,
    )


if __name__ == "__main__":
    ga.main(streams)
