"""A portrait in one line: a tour through dots, which crosses itself nowhere.

After Craig S. Kaplan and Robert Bosch, "TSP art" (2005).
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="180x206mm")
def one_tour(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "dots that it goes through"] = 14_000,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.34,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, broad = ga.photograph(file, smooth=1.2), ga.photograph(file, smooth=14)
    box = sharp.box if file else ((-0.47, -0.32), (0.43, 0.74))  # the face

    def dark(p):  # squared, as four times as many dots have a line that is twice as long
        tone = sharp(p) + 0.3 * (sharp(p) - broad(p))
        return jnp.clip(0.95 - tone, 0.18, 0.85) ** 2.4

    return ga.scene(ga.lines(ga.tour(ga.stipple(key, dark, n, box=box)), width=pen), box=box)


if __name__ == "__main__":
    ga.main(one_tour)
