"""A face between two patterns of rings: the one is regular, the other bent by less than a gap.

Where rings lie on rings, paper is left between them, and where they lie in the gaps, none is. From
afar one sees how much, and by the derivative of that picture each ring has learned where to give
way.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga

BOX = ((-85, -85), (85, 85))  # mm


@ga.sketch(page="square")
def moire(
    rings: Annotated[int, ga.Bounds(3, 300), "of the regular pattern"] = 84,
    steps: Annotated[int, ga.Bounds(0, 2000), "in which the others are bent"] = 50,
    share: Annotated[float, ga.Bounds(0.1, 0.6), "of the paper that a pattern covers"] = 0.45,
    face: Annotated[tuple[float, float], "the middle, on the photograph"] = (0.05, 0.3),
    reach: Annotated[float, ga.Bounds(0.1, 2), "from there to the rim"] = 0.78,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's side, for the fit"] = 1000,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    photograph = ga.photograph(file, smooth=1.5)
    gap = 85 / rings
    angle = jnp.linspace(0, 2 * jnp.pi, 400, endpoint=False)
    way = jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1)
    radius = gap * (jnp.arange(rings)[:, None, None] + 0.5)

    def drawing(bend):
        between = radius[:-1] + gap / 2 * jax.nn.sigmoid(bend)[..., None]
        style = {"closed": True, "width": share * gap, "blend": ga.ink(exposure=1)}
        return ga.scene([ga.lines(r * way, **style) for r in (radius, between)], box=BOX)

    def tone(p):
        light = photograph(jnp.array(face) + reach / 85 * p)
        return jnp.where(ga.safe_norm(p) < 85, 1 - 0.9 * share * (2 - light), 1)

    def roughness(bend):
        return 0.0005 * sum(jnp.mean(jnp.diff(bend, axis=k) ** 2) for k in (0, 1))

    start = jnp.zeros((rings - 1, 400))
    afar = {"loss": ga.losses.tone, "scales": (0.7 * gap, 2 * gap), "penalty": roughness}
    return ga.fit(
        drawing, tone, start, steps=steps, rate=0.05, page="square", px=pixels, **afar
    ).scene


if __name__ == "__main__":
    ga.main(moire)
