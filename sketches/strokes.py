"""A portrait in five thousand strokes of one pen: each has found its place by itself.

They begin anywhere, in any direction. The picture on the sheet can be differentiated, so every
stroke knows which way it should move for the sheet to look more like the photograph, and all of
them move, a little at a time. Nobody has told them where the face is.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(seed=3)
def strokes(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "strokes"] = 5000,
    length: Annotated[float, ga.Bounds(0.5, 60), "of a stroke at first, in mm"] = 8.0,
    steps: Annotated[int, ga.Bounds(0, 2000), "that each stroke goes"] = 120,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.3,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's long side, for the fit"] = 768,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, broad = ga.photograph(file, smooth=1), ga.photograph(file, smooth=20)
    x, y = sharp.box[1]
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 90
    where, turn, fit = jax.random.split(key, 3)
    angle = jnp.pi * jax.random.uniform(turn, (n,))
    reach = length / 2 * millimeter * jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1)
    middle = ga.scatter(where, n, box)

    def drawing(p):
        ends = p["middle"] - p["reach"], p["middle"] + p["reach"]
        return ga.scene(ga.segments(*ends, width=pen, blend=ga.ink(exposure=1)), box=box)

    def tone(p):
        return 0.25 + 0.75 * jnp.clip(sharp(p) + 0.5 * (sharp(p) - broad(p)), 0, 1)

    start = {"middle": middle, "reach": reach}
    return ga.fit(drawing, tone, start, steps=steps, px=pixels, prune=15, key=fit).scene


if __name__ == "__main__":
    ga.main(strokes)
