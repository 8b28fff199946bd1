"""A portrait in one line: a tour through dots, which crosses itself nowhere.

After Craig S. Kaplan and Robert Bosch, "TSP art" (2005).
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch
def one_tour(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "dots that it goes through"] = 9000,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.4,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    face = ga.photograph(file, smooth=2)
    x, y = face.box[1]
    box = ((-min(x, y * 0.67), -min(y, x / 0.67)), (min(x, y * 0.67), min(y, x / 0.67)))

    def dark(p):  # a line through dots is as dark as the root of how many there are
        return jnp.clip(0.95 - face(p), 0.03, 1) ** 2

    return ga.scene(ga.lines(ga.tour(ga.stipple(key, dark, n, box=box)), width=pen), box=box)


if __name__ == "__main__":
    ga.main(one_tour)
