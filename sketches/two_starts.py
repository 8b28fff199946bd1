"""Two starts beside a ridge, one on either side, and then a thousand everywhere.

A descent sees only the slope underfoot. Two that begin as neighbors, with the ridge between them,
end in different valleys. Every path has the color of the valley where it ends.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


def land(p):
    x, y = p
    course = 0.35 + 0.45 * x + 0.4 * jnp.sin(2 * x)
    there = 1 / ((1 + jnp.exp(4 * x - 8)) * (1 + jnp.exp(-4 * x - 6.4)))
    small = 0.5 * there * jnp.exp(-(((y - course) / 0.3) ** 2))
    large = 2.4 * jnp.exp(-(((x + 1.9) / 1.25) ** 2) - ((0.35 * x + y + 1.2) / 0.85) ** 2)
    other = 1.5 * jnp.exp(-((x - 2.1) ** 2) - ((y + 0.95) / 0.9) ** 2)
    return 0.3 * x + 0.22 * y + 0.07 * x**2 + 0.12 * y**2 - small - large - other


@ga.sketch(page="a4", landscape=True, seconds=6, seed=1, at=0.8)
def two_starts(
    key,
    spacing: Annotated[float, ga.Bounds(0.05, 1), "between the many starts"] = 0.16,
    apart: Annotated[float, ga.Bounds(0.1, 2), "between the two starts"] = 0.4,
    rate: Annotated[float, ga.Bounds(0.005, 0.1, log=True), "step, by the slope"] = 0.04,
):
    box = ((-3.72, -2.5), (3.72, 2.5))
    heights = ga.contours(land, 40, box=box, resolution=400)
    ridge = ga.separatrices(land, box=box)[:, :2]  # from the pass uphill, to both sides
    points, _, kinds = ga.critical_points(land, box=box)
    two = jnp.array([(3, 1.1 + apart / 2), (3, 1.1 - apart / 2)])
    starts = jnp.concatenate([two, ga.poisson(key, spacing, box)])
    walks = ga.descend(land, starts, rate=rate, steps=600)
    away = jnp.linalg.norm(walks[:, -1, None] - points[kinds == "minimum"], axis=-1)
    tints = jnp.asarray(ga.color(["#c2410c", "#1d4e89"]))[away.argmin(1)]
    paths = ga.resample(walks, 60)

    def frame(u):
        first, all_others = ga.ease(u, 0, 0.3), ga.ease(u, 0.4, 0.76)
        gone = ga.ease(u, 0.87, 0.99)
        shown = ga.ease(u, 0.34, 0.4) - gone
        return ga.scene(
            ga.lines(heights, width=0.12, stroke="#8a8578"),
            ga.lines(ga.window(paths[2:], gone, all_others), width=0.15, stroke=tints[2:]),
            ga.dots(starts[2:], 0.45, fill=tints[2:], alpha=shown),
            ga.lines(ridge, width=0.5),
            ga.lines(ga.window(paths[:2], gone, first), width=0.8, stroke=tints[:2]),
            ga.dots(two, 1.3, fill=tints[:2]),
            box=box,
        )

    return frame


if __name__ == "__main__":
    ga.main(two_starts)
