"""A coffee cup: the bright curve that a lamp draws in it.

Every ray leaves the wall at the angle at which it came. None of them is bright; where neighbors
cross, their light adds up, and they all cross along one curve with a point in its middle.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def coffee_cup(
    lamp: Annotated[float, ga.Bounds(-180, 180), "where the light comes from, in degrees"] = 150.0,
    n: Annotated[int, ga.Bounds(10, 4000), "rays"] = 1400,
    bounces: Annotated[int, ga.Bounds(1, 5), "off the wall"] = 2,
    alpha: Annotated[float, ga.Bounds(0.01, 1), "light of one ray"] = 0.09,
):
    cup, to = ga.circle(), jnp.deg2rad(lamp + 180)
    place = to + jnp.arcsin(jnp.linspace(-1, 1, n + 2)[1:-1])  # parallel rays, evenly spaced
    light = jnp.array([jnp.cos(to), jnp.sin(to)])
    came = ga.point(cup, place) - 2 * light
    beams = []
    for k in range(bounces):
        turned = jax.vmap(lambda u, source: ga.derivative(ga.rays(cup, source=source)(u), 0.0))
        wall, way = ga.point(cup, place), turned(place, came)
        end = wall - 2 * (wall * way).sum(-1, keepdims=True) * way  # where the chord ends
        beams.append(ga.segments(wall, end, width=0.2, stroke="#ffcf87", alpha=alpha * 0.5**k))
        came, place = wall, jnp.arctan2(end[:, 1], end[:, 0])
    grip = jnp.array([(-0.7, -0.7), (-0.95, -0.95)])
    return ga.scene(
        ga.circles((0, 0), 1.45, stroke=None, fill="#efe4d2"),
        ga.lines(grip, width=12, stroke="#fffdf8"),
        ga.circles((0, 0), 1.07, stroke=None, fill="#fffdf8"),
        ga.circles((0, 0), 1, stroke=None, fill="#24120c"),
        beams[::-1],
        paper="#d8c3a5",
    )


if __name__ == "__main__":
    ga.main(coffee_cup)
