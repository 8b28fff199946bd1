"""A spiral and its derivative, side by side.

From every point of the curve a whisker runs forward: which way the pen is going there, and how
fast. Carry the whiskers to one place, and their tips draw a curve of their own: the derivative. It
shows at once what the eye hardly sees in the spiral, a ripple.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True)
def title(
    turns: Annotated[int, ga.Bounds(1, 9), "of the spiral"] = 4,
    growth: Annotated[float, ga.Bounds(0.02, 0.3), "how fast it opens"] = 0.11,
    ripple: Annotated[float, ga.Bounds(0, 0.1), "a wave in the curve, to its radius"] = 0.009,
    waves: Annotated[int, ga.Bounds(1, 40), "in a turn"] = 8,
    whiskers: Annotated[int, ga.Bounds(12, 720), "in a turn"] = 240,
    way: Annotated[float, ga.Bounds(-180, 180), "in which the spiral ends, in degrees"] = -90.0,
):
    end = 2 * jnp.pi * turns

    def spiral(t):
        radius = 60 * jnp.exp(growth * (t - end)) * (1 + ripple * jnp.cos(waves * t))
        return radius * jnp.array([jnp.cos(t + jnp.deg2rad(way)), jnp.sin(t + jnp.deg2rad(way))])

    start, whisker = ga.jet(spiral, jnp.linspace(0, end, turns * whiskers + 1), order=1)
    inner = jnp.concatenate([jnp.zeros((whiskers, 2)), whisker[:-whiskers]])
    tips = start + whisker
    top = jnp.array([whisker[:, 0].min(), whisker[:, 1].max()])
    there = tips.max(0) + jnp.array([8, 0]) - top  # beside the spiral, as high
    corner = jnp.array([there[0] + whisker[:, 0].max(), tips[:, 1].min()])

    def hodograph(t):
        return there + ga.derivative(spiral, t)

    return ga.scene(
        ga.segments(start, tips, width=0.13, stroke="#c2410c"),
        ga.curve(spiral, 0, end, width=0.6),
        ga.segments(there + inner, there + whisker, width=0.13, stroke="#c2410c", alpha=0.7),
        ga.curve(hodograph, 0, end, width=0.6, stroke="#c2410c"),
        ga.text("gradart", corner, size=13, align="right", tracking=0.06),
    )


if __name__ == "__main__":
    ga.main(title)
