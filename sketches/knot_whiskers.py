"""A knot in space, with its velocity drawn forward from every point.

The whiskers touch the curve and run straight on, as a bead would that leaves the wire. Together
they are a surface that could be unrolled onto a table without a crease.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def knot_whiskers(
    p: Annotated[int, ga.Bounds(1, 9), "turns around the axis"] = 2,
    q: Annotated[int, ga.Bounds(1, 13), "turns around the tube"] = 3,
    n: Annotated[int, ga.Bounds(30, 10000), "whiskers"] = 1600,
    reach: Annotated[float, ga.Bounds(-2, 2), "length, to the velocity"] = 0.5,
    azimuth: Annotated[float, ga.Bounds(-360, 360), "of the eye, in degrees"] = -95.0,
    elevation: Annotated[float, ga.Bounds(-90, 90), "of the eye, in degrees"] = 70.0,
):
    knot = ga.torus_knot(p, q, 2.0, 0.95)
    start, velocity = ga.jet(knot, jnp.arange(n) * 2 * jnp.pi / n, order=1)
    eye = ga.camera(azimuth, elevation)
    near = ga.camera(azimuth, elevation - 90)(start)[:, 1]  # what is up for an eye a quarter lower
    order = jnp.argsort(near)  # the farthest first
    here, tip = eye(start)[order], eye(start + reach * velocity)[order]
    along = jnp.stack([eye(start), eye(jnp.roll(start, -1, 0))], 1)[order]
    light = (near[order] - near.min()) / (near.max() - near.min())
    shade = ga.ramp("#3a4a80", "#7065b0", "#cf5878", "#f0a04b", "#fbe6b8")(light)
    return ga.scene(
        ga.segments(here, tip, width=0.2, stroke=shade, alpha=0.6),
        ga.lines(along, width=0.4 + 0.9 * light, stroke=shade),
        paper="#0d0d12",
    )


if __name__ == "__main__":
    ga.main(knot_whiskers)
