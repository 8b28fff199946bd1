"""Three pens, cyan, magenta and yellow, whose strokes overprint to a photograph in color.

No stroke has a color that is in the face. Where inks overlap, each takes its part of the light, and
the eye mixes what lies side by side. The picture's derivative, color by color, moves the strokes.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp
import matplotlib.cbook
import numpy as np
from PIL import Image

import gradart as ga


@ga.sketch(seed=8)
def three_pens(
    key,
    n: Annotated[int, ga.Bounds(10, 20_000), "strokes of each pen"] = 2200,
    length: Annotated[float, ga.Bounds(0.5, 60), "of a stroke at first, in mm"] = 9.0,
    steps: Annotated[int, ga.Bounds(0, 2000), "that each stroke goes"] = 120,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.5,
    inks: tuple[str, str, str] = ("#00a3dc", "#e0177b", "#ffd900"),
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's long side, for the fit"] = 512,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    source = file or matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    picture = np.asarray(Image.open(source).convert("RGB"))[::-1] / 255
    channels = [ga.tabulated(channel, smooth=1) for channel in np.moveaxis(picture, -1, 0)]
    x, y = channels[0].box[1]
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 90
    where, turn, fit = jax.random.split(key, 3)
    stroke = jnp.repeat(ga.color(list(inks)), n, 0)

    def drawing(p):
        ends = p["middle"] - p["reach"], p["middle"] + p["reach"]
        strokes = ga.segments(*ends, width=pen, stroke=stroke, blend=ga.ink(exposure=1))
        return ga.scene(strokes, paper="#fbfaf6", box=box)

    def colors(p):
        return 0.15 + 0.85 * jnp.clip(jnp.stack([channel(p) for channel in channels]), 0, 1)

    angle = jnp.pi * jax.random.uniform(turn, (3 * n,))
    way = jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1)
    start = {"middle": ga.scatter(where, 3 * n, box), "reach": length / 2 * millimeter * way}
    return ga.fit(drawing, colors, start, steps=steps, px=pixels, prune=15, key=fit).scene


if __name__ == "__main__":
    ga.main(three_pens)
