"""The Cumberland Mountains as islands in a sea that has risen, as engravers of charts cut water.

Around each shore run lines at distances that grow, as its water deepens. The slopes of the land go
on below the sea, so that each shore is one clean line, of which the others are made.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp
import numpy as np

import gradart as ga

INK, PAPER = "#1d3a52", "#f4eee0"


@ga.sketch(page="square")
def archipelago(
    sea: Annotated[int, ga.Bounds(-500, 9000), "its height, in m; of a real coast 0"] = 550,
    waters: Annotated[int, ga.Bounds(1, 30), "lines around a shore"] = 7,
    heights: Annotated[int, ga.Bounds(1, 30), "level lines of the land"] = 4,
    smooth: Annotated[int, ga.Bounds(0, 20), "blur of the land, in samples"] = 3,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land = ga.terrain(file, sea=sea, smooth=smooth)
    half = np.array(land.box[1]) - 0.02

    def ground(p):  # land, and nothing beyond the frame: so each island has a closed outline
        return jnp.minimum(land(p), jnp.min(half - jnp.abs(p)))

    isles = ga.union(ga.contours(ground, [0.0], box=land.box, resolution=600))
    far = 0.01 * np.cumsum(1.3 ** np.arange(waters))
    waves = [ga.clip(ga.union(ga.buffer(isles, x)), (-half, half)) for x in far]
    hills = ga.contours(land, heights, box=(-half, half), resolution=500)
    frame = half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    return ga.scene(
        [ga.lines(x, width=0.3 * 0.9**k, stroke=INK) for k, x in enumerate(waves)],
        ga.polygons(isles, fill=INK),
        ga.lines(hills, width=0.16, stroke=PAPER),
        ga.lines(frame, width=0.3, stroke=INK, closed=True),
        paper=PAPER,
    )


if __name__ == "__main__":
    ga.main(archipelago)
