"""Wavefronts: ripples from the rim of a pond run inward, through each other, and out again.

Each keeps the same distance from the rim all along. Where a front would have to bend more sharply
than it can, it folds, and the corners of all the folds lie on one curve with four points: the
centers of the rim's own bending.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=4, fps=10)
def wavefronts(
    b: Annotated[float, ga.Bounds(0.3, 1), "the ellipse's height, to its width"] = 0.62,
    n: Annotated[int, ga.Bounds(2, 100), "fronts"] = 22,
):
    rim, far = ga.ellipse(1.0, b), 1 + b
    t = jnp.linspace(0, 2 * jnp.pi, 601)
    evolute = ga.point(ga.evolute(rim), t)
    shade = ga.ramp("#f2dfb8", "#f0a04b", "#d1495b", "#7b5ea7", "#3f8fb5")

    def frame(u):
        run = (jnp.arange(n) + u) / n
        fronts = jax.vmap(lambda d: ga.point(ga.offset(rim, -d), t))(far * run)
        seen = jnp.clip(n * (1 - run) / 4, 0, 1)
        return ga.scene(
            ga.lines(evolute, width=0.12, stroke="#f2dfb8", alpha=0.5),
            ga.lines(fronts[::-1], width=0.35, stroke=shade(run)[::-1], alpha=seen[::-1]),
            ga.lines(ga.point(rim, t), width=0.7, stroke="#f2dfb8"),
            paper="#0d0d12",
            box=((-1, -1), (1, 1)),
        )

    return frame


if __name__ == "__main__":
    ga.main(wavefronts)
