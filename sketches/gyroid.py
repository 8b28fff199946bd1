"""A gyroid cut out by a ball, hatched along the directions in which it bends most and least.

A. Schoen found this surface in 1970: it parts space in two halves that are alike, and in each of
its points bends one way as much as the other. Where it is flat, three lines meet instead of two.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def gyroid(
    waves: Annotated[float, ga.Bounds(2, 8), "how many of its cells the ball holds"] = 4.6,
    spacing: Annotated[float, ga.Bounds(0.008, 0.1), "between lines, of the radius"] = 0.0125,
    azimuth: Annotated[float, ga.Bounds(-180, 180), "of the eye, in degrees"] = 28.0,
    elevation: Annotated[float, ga.Bounds(-90, 90), "of the eye, in degrees"] = 24.0,
):
    def sheet(p):  # a field in space
        x, y, z = waves * p
        return jnp.sin(x) * jnp.cos(y) + jnp.sin(y) * jnp.cos(z) + jnp.sin(z) * jnp.cos(x)

    body = ga.surface(sheet, box=((-1.1,) * 3, (1.1,) * 3), within=lambda p: p @ p - 1)
    eye = ga.camera(azimuth, elevation, distance=5)
    seen = ga.opaque(body, eye)
    most = ga.curvature_lines(body, eye, separation=spacing)
    least = ga.curvature_lines(body, eye, separation=spacing, across=True)

    normal = ga.gradient(sheet, least)  # on whichever side is seen
    normal *= jnp.sign((normal * eye.way(least)).sum(-1, keepdims=True))
    light = eye.up - 0.8 * eye.right + 0.5 * eye.back
    dark = normal @ light < 0.35 * jnp.linalg.norm(normal, axis=-1) * jnp.linalg.norm(light)
    return ga.scene(
        ga.lines(eye(most), width=0.14),
        ga.lines(eye(jnp.where(dark[..., None], least, jnp.nan)), width=0.14),
        [ga.lines(seen(x), width=0.45) for x in (ga.silhouettes(body, eye), ga.edges(body))],
    )


if __name__ == "__main__":
    ga.main(gyroid)
