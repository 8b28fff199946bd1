"""A photograph as land: its slope is where the edges are.

Light is high, dark is low, and then a picture has a slope at every point. Where the slope is large
something ends and something else begins; a line drawn around those places finds the outlines again.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="300x140mm")
def photograph(
    smooth: Annotated[float, ga.Bounds(0, 30), "pixels that are blurred into one"] = 1.8,
    edge: Annotated[float, ga.Bounds(0.01, 1), "a slope that is an edge, to the largest"] = 0.17,
    pixels: Annotated[int, ga.Bounds(20, 2000), "of a panel, from left to right"] = 400,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, land = ga.photograph(file, smooth=0.5), ga.photograph(file, smooth=smooth)
    x, y = land.box[1]
    cells = ga.grid(round(pixels * y / x), pixels, land.box)

    def steepness(p):  # the magnitude of the gradient, a field again
        return ga.safe_norm(ga.gradient(land, p))

    slope = ga.value(steepness, cells)
    tone = ga.value(sharp, cells)
    level = edge * slope.max()
    edges = ga.contours(steepness, [level], box=land.box, resolution=500)
    w, gap = 84, 9
    h = w * y / x
    left, middle, right = (
        ga.panel(box=land.box, onto=((k * (w + gap), 0), (k * (w + gap) + w, h))) for k in range(3)
    )
    gray = ga.ramp("#1b1b1e", "#f7f4ed")
    pale = ga.ramp("#c4c1ba", "#f7f4ed")
    steep = jnp.maximum(slope / slope.max(), 1e-9)  # a power of 0 has no derivative
    rust = ga.ramp("#f7f4ed", "#c2410c", "#4a1604")
    outline = ga.rounded(ga.simplify(right(edges), 0.02), 2)
    words = [("light and dark: $f$", "#1b1b1e"), (r"how steep: $|\nabla f|$", "#c2410c")]
    words += [("where it is steep", "#c2410c")]
    return ga.scene(
        ga.raster(gray(tone), left(land.box)),
        ga.raster(rust(steep**0.85), middle(land.box)),
        ga.raster(pale(tone), right(land.box)),
        ga.lines(outline, width=0.25, stroke="#c2410c"),
        [
            ga.text(word, at=(k * (w + gap), -7), size=4.4, fill=tint)
            for k, (word, tint) in enumerate(words)
        ],
    )


if __name__ == "__main__":
    ga.main(photograph)
