"""A star in a galaxy, seen each time it comes through one plane: a hundred orbits of one energy.

Where an orbit is calm, its passages lie on a curve, and where it is caught in a rhythm, on a chain
of islands; one that is chaotic fills the sea. The color is the time from one passage to the next.
After Michel Hénon and Carl Heiles.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

SLOWER = "#2f7fc1", "#9fd3b5", "#f3d98b", "#ec8a4b", "#ea7f93", "#fbd0c9"
SEA = "#6b3157"


@ga.sketch(page="square")
def islands(
    key,
    orbits: Annotated[int, ga.Bounds(1, 2000), "that are followed"] = 110,
    passages: Annotated[int, ga.Bounds(10, 5000), "of each"] = 900,
    energy: Annotated[float, ga.Bounds(0.02, 0.16), "of the star"] = 0.118,
):
    def move(p):  # the place, the velocity, and the time
        x, y, u, v, _ = p
        return jnp.array([u, v, -x - 2 * x * y, -y - x**2 + y**2, 1.0])

    def across(y, v):  # what is left of the energy, as the speed through the plane
        return jnp.sqrt(2 * energy - v**2 - y**2 + 2 / 3 * y**3)

    y, v = ga.quasirandom(key, 4 * orbits, box=((-0.5, 0), (0.9, 0.6))).T
    starts = jnp.stack([0 * y, y, across(y, v), v, 0 * y], -1)
    starts = starts[jnp.isfinite(starts[:, 2])][:orbits]
    found = ga.poincare(move, starts, lambda p: p[0], n=passages, step=0.05, steps=200 * passages)
    time = found[:, :, 4]
    half = passages // 2
    early, late = time[:, half - 1], time[:, 2 * half - 1] - time[:, half - 1]
    calm = jnp.abs(early - late) < 0.0006 * late  # chaos does not keep its time
    color = ga.ramp(*SLOWER, at=(0, 0.25, 0.38, 0.5, 0.75, 1))((early / half - 5.7) / 1.6)
    points = found[..., jnp.array([1, 3])]
    both = jnp.stack([points, points * jnp.array([1, -1])], 1)  # the orbit, and its way back
    of_each = jnp.broadcast_to(color[:, None, None], (*both.shape[:3], 4))
    return ga.scene(
        ga.dots(both[~calm, :, ::6], 0.13, fill=SEA),
        ga.dots(both[calm], 0.15, fill=of_each[calm]),
        paper="#0d0d12",
    )


if __name__ == "__main__":
    ga.main(islands)
