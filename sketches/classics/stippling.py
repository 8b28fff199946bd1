"""A portrait in dots, all of one size: as many as it is dark, and evenly apart.

After Adrian Secord, "Weighted Voronoi stippling" (2002).
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch
def stippling(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "dots"] = 12_000,
    radius: Annotated[float, ga.Bounds(0.1, 3), "of a dot, in mm"] = 0.42,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    face = ga.photograph(file, smooth=1.5)
    x, y = face.box[1]
    box = ((-min(x, y * 0.67), -min(y, x / 0.67)), (min(x, y * 0.67), min(y, x / 0.67)))

    def dark(p):
        return jnp.clip(0.92 - face(p), 0.02, 1) ** 1.3

    return ga.scene(ga.dots(ga.stipple(key, dark, n, box=box), radius), box=box)


if __name__ == "__main__":
    ga.main(stippling)
