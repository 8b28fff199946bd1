"""A delta: thousands of descents from everywhere run together into rivers.

Each line starts somewhere in the mountains and only ever goes down the slope. No line knows of
another, but the land leads them into the same valleys, and there their faint ink adds up.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=4)
def delta(
    key,
    spacing: Annotated[float, ga.Bounds(1, 20), "between the springs, in mm"] = 2.3,
    fall: Annotated[float, ga.Bounds(0, 10), "of the whole land, toward the sea"] = 4.5,
    smooth: Annotated[float, ga.Bounds(0, 20), "samples of blur"] = 3.5,
    steps: Annotated[int, ga.Bounds(10, 5000), "of each descent"] = 1000,
):
    hills, mouth, mm = ga.terrain(smooth=smooth), jnp.array([0.2, -1.0]), 2 / 170

    def land(p):
        return hills(p) + fall * ga.safe_norm(p - mouth)

    springs = ga.poisson(key, spacing * mm, hills.box)
    springs = springs[jnp.linalg.norm(springs, axis=-1) < 0.94]
    rivers = ga.descend(land, springs, rate=0.0008, steps=steps)
    out = jnp.linalg.norm(rivers, axis=-1, keepdims=True) > 0.95
    rivers = ga.simplify(jnp.where(out, jnp.nan, rivers), 0.15 * mm)
    high = ga.value(hills, springs)
    shade = ga.ramp("#4fa3b8", "#bfe3f0", "#f6e3bd")(jnp.argsort(jnp.argsort(high)) / len(high))
    return ga.scene(
        ga.lines(rivers, width=0.25, stroke=shade, alpha=0.18),
        paper="#0b141b",
    )


if __name__ == "__main__":
    ga.main(delta)
