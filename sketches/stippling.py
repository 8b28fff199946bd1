"""A portrait in dots, all of one size: as many as it is dark, and evenly apart.

After Adrian Secord, "Weighted Voronoi stippling" (2002).
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="180x206mm")
def stippling(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "dots"] = 10_000,
    radius: Annotated[float, ga.Bounds(0.1, 3), "of a dot, in mm"] = 0.36,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, broad = ga.photograph(file, smooth=1.2), ga.photograph(file, smooth=14)
    box = sharp.box if file else ((-0.47, -0.32), (0.43, 0.74))  # the face

    def dark(p):
        tone = sharp(p) + 0.3 * (sharp(p) - broad(p))
        return jnp.clip(0.9 - tone, 0.02, 0.9) ** 1.5

    return ga.scene(ga.dots(ga.stipple(key, dark, n, box=box), radius), box=box)


if __name__ == "__main__":
    ga.main(stippling)
