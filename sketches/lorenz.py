"""Lorenz's attractor by its tangents: at each moment of one path, the way in which it will be lost.

The path itself is not drawn. Each whisker lies along the direction in which a small error grows the
most. Where it is blue, errors shrink for a while; where it is red, they grow, and on the whole they
double in about one round.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", margin=20)
def lorenz(
    n: Annotated[int, ga.Bounds(100, 1_000_000), "whiskers"] = 400_000,
    length: Annotated[float, ga.Bounds(0, 20), "of a whisker"] = 3.0,
    turn: Annotated[float, ga.Bounds(-180, 180), "of the view, in degrees"] = 25.0,
):
    def velocity(p):
        x, y, z = p
        return jnp.array([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])

    def growth(p, v):  # of a small error along v, as a share of it, in the unit of time
        return v @ jax.jvp(velocity, (p,), (v,))[1]

    def seen(p):
        angle = jnp.deg2rad(turn)
        return jnp.stack([p[..., :2] @ jnp.array([jnp.cos(angle), jnp.sin(angle)]), p[..., 2]], -1)

    step = ga.flow_map(velocity, 0.011, steps=3)
    points, vectors = ga.lyapunov_vectors(step, [1.0, 1.0, 25.0], steps=n, settle=1000)
    along = vectors[:, 0]  # what grows the most
    shade = ga.ramp("#12355b", "#3f88c5", "#c9b79c", "#e0632f", "#a4161a")
    return ga.scene(
        ga.segments(
            seen(points - length / 2 * along),
            seen(points + length / 2 * along),
            stroke=shade((jax.vmap(growth)(points, along) + 12) / 24),
            width=0.06,
            alpha=0.02,
            blend="ink",
        )
    )


if __name__ == "__main__":
    ga.main(lorenz)
