"""A portrait in spots and stripes: two substances react and spread, and light feeds one of them.

What makes more of itself spreads slowly, and what holds it back spreads fast; so spots grow, and
stand apart. Where there is more light they are larger, and join to stripes. Far from the face both
spread faster, and everything is coarser there. Alan Turing, "The chemical basis of morphogenesis"
(1952); the reaction is that of R. FitzHugh and J. Nagumo.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="180x216mm", seed=1)
def turing(
    key,
    light: Annotated[float, ga.Bounds(0, 0.8), "how much it feeds"] = 0.6,
    contrast: Annotated[float, ga.Bounds(0, 2), "of small things to large ones"] = 0.3,
    coarse: Annotated[float, ga.Bounds(0.5, 2.6), "far from the face"] = 2.6,
    cells: Annotated[int, ga.Bounds(50, 800), "from side to side"] = 440,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    face, broad = (ga.photograph(file, smooth=s, crop=((0.12, 0.2), (0.88, 0.98))) for s in (2, 20))
    (x0, y0), (x1, y1) = face.box
    cell = (x1 - x0) / cells
    places = ga.grid(round((y1 - y0) / cell) + 1, cells + 1, face.box)
    tones = ga.value(face, places)
    tones = tones + contrast * (tones - ga.value(broad, places))
    fed = light * (jnp.clip(tones, 0.222, 0.85) - 0.41)

    def react(spots, held):
        return spots - spots**3 - held + fed, 3 * spots - 2 * held

    away = jax.nn.sigmoid(9 * (jnp.linalg.norm(places - jnp.array([-0.05, 0.25]), axis=-1) - 0.75))
    spread = 0.33 * cell**2 * (1 + (coarse - 1) * away)
    noise = 0.1 * jax.random.normal(key, tones.shape)
    spots, _ = ga.reaction_diffusion(
        react, (noise, 0 * noise), 42.0, diffusion=(spread, 14 * spread), steps=1600, box=face.box
    )
    framed = jnp.pad(spots[1:-1, 1:-1], 1, constant_values=1.0)  # where it is dark ends before it
    dark = ga.contours(ga.tabulated(-framed, box=face.box), [0.0], resolution=1000)
    return ga.scene(ga.polygons(ga.rounded(dark, 4), fill="#14213d"), box=face.box)


if __name__ == "__main__":
    ga.main(turing)
