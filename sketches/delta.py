"""A delta: fifty thousand descents from everywhere run together into rivers.

Each line starts somewhere in the mountains and only ever goes down the slope. No line knows of
another, but the land leads them into the same valleys, and there their faint light adds up.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=4)
def delta(
    key,
    n: Annotated[int, ga.Bounds(100, 1_000_000), "springs"] = 50_000,
    fall: Annotated[float, ga.Bounds(0, 10), "of the whole land, toward the sea"] = 4.5,
    smooth: Annotated[float, ga.Bounds(0, 20), "samples of blur"] = 3.5,
    steps: Annotated[int, ga.Bounds(10, 5000), "of each descent"] = 1000,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    hills, mouth = ga.terrain(file, smooth=smooth), jnp.array([0.2, -1.0])

    def land(p):
        return hills(p) + fall * ga.safe_norm(p - mouth)

    angle, share = ga.scatter(key, n, ((0, 0), (2 * jnp.pi, 1))).T
    springs = 0.94 * jnp.sqrt(share)[:, None] * jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1)
    high = ga.value(hills, springs)
    shade = ga.ramp("#05668d", "#2ec4e6", "#e9c46a")(jnp.argsort(jnp.argsort(high)) / n)
    blocks = -(-n // 5000)

    def rivers(i):
        paths = ga.descend(land, springs[i::blocks], rate=0.0008, steps=steps)[:, ::5]
        out = jnp.linalg.norm(paths, axis=-1, keepdims=True) > 0.95
        paths = jnp.where(out, jnp.nan, paths)
        return ga.lines(paths, width=0.1, stroke=shade[i::blocks], alpha=0.02)

    return ga.scene(
        ga.many(blocks, rivers, blend="light"),
        paper="#0b141b",
        box=((-0.95, -0.95), (0.95, 0.95)),
    )


if __name__ == "__main__":
    ga.main(delta)
