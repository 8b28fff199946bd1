"""A flow field: even strokes that follow the curl of noise, so that none of them gather.

After Tyler Hobbs, "Flow fields" (2020). The flow is along the level lines of a land that is warped
by its own curl; its divergence is 0, and lines that begin an even distance apart stay so.
"""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", seed=5)
def flow_field(key, size=150.0, separation=2.4, swirl=18.0):
    box = ((0, 0), (180, 267))
    land = ga.noise(ga.subkey(key, "land"), size, octaves=2, kind="simplex", roughness=0.25)
    flow = ga.curl(ga.warp(land, by=ga.curl(land), amount=swirl * size / 10))
    lines = ga.streamlines(flow, separation=separation, box=box, nearest=0.8)
    n = len(lines)
    widths = 0.4 + 1.3 * ga.quasirandom(ga.subkey(key, "widths"), n, ((0, 0), (1, 1)))[:, 0] ** 2
    colors = ["#1f3a4d", "#c8553d", "#e0b15e", "#7a9e9f"]
    fills = ga.rng(ga.subkey(key, "colors")).choice(colors, n, p=[0.6, 0.14, 0.12, 0.14])
    return ga.scene(
        ga.lines(ga.simplify(jnp.asarray(lines), 0.02), width=widths, stroke=list(fills)),
        box=box,
    )


if __name__ == "__main__":
    ga.main(flow_field)
