"""A word of light: what a sheet of glass throws on a wall, whose thickness was found for it.

Parallel rays fall through the glass, and each is bent by the slope of its surface where it passes.
Nothing is taken away or added: where it is bright, light has gathered that is missing around it.
The picture of that light has a derivative by every wave that the glass is made of.
"""

import io
from typing import Annotated

import jax.numpy as jnp
import numpy as np
from PIL import Image

import gradart as ga

WIDE, HIGH = 216.0, 116.0  # mm
BOX = ((0.0, 0.0), (WIDE, HIGH))


@ga.sketch(page="240x140mm", margin=12)
def caustic_word(
    word: str = "light",
    waves: Annotated[int, ga.Bounds(2, 200), "in the glass, from top to bottom"] = 44,
    rays: Annotated[int, ga.Bounds(10, 2000), "that are drawn, from top to bottom"] = 450,
    steps: Annotated[int, ga.Bounds(0, 2000), "in which the glass is shaped"] = 200,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the wall's long side, for the fit"] = 360,
):
    page = ga.page("240x140mm", margin=12)
    letters = ga.text(word, (WIDE / 2, HIGH / 2), size=86, align="center", valign="middle")
    sheet = ga.render(ga.scene(letters, paper="white", box=BOX), format="png", page=page, px=pixels)
    dark = np.asarray(Image.open(io.BytesIO(sheet)).convert("L"), float) / 255
    up, across = jnp.pi * jnp.arange(waves) / HIGH, jnp.pi * jnp.arange(2 * waves) / WIDE
    long = (up[:, None] ** 2 + across**2).at[0, 0].set(1) ** -1.25  # long waves bend more light

    def light(glass, rows):
        columns = round(rows * WIDE / HIGH)
        y, x = (jnp.arange(rows) + 0.5) * HIGH / rows, (jnp.arange(columns) + 0.5) * WIDE / columns
        wave, y_phase, x_phase = glass["waves"] * long, y[:, None] * up, across[:, None] * x
        right = jnp.cos(y_phase) @ (wave * across) @ jnp.sin(x_phase)
        higher = jnp.sin(y_phase) @ (wave * up[:, None]) @ jnp.cos(x_phase)
        spots = jnp.stack([x + right, y[:, None] + higher], -1)
        alpha = 1 - jnp.exp(-0.57 * jnp.exp(glass["glow"]))  # of spots that overlap a little
        size = 0.75 * jnp.sqrt(WIDE * HIGH / (rows * columns))
        dots = ga.dots(spots, size, fill="#ffe9c4", alpha=alpha, blend=ga.light(exposure=1))
        return ga.scene(dots, paper="#0a0b0e", box=BOX)

    start = {"waves": jnp.zeros((waves, 2 * waves)), "glow": jnp.log(0.25)}
    seen = {"page": page, "px": pixels, "loss": ga.losses.tone, "scales": (0.8, 3, 9, 27)}
    found = ga.fit(
        lambda glass: light(glass, 2 * waves), 0.9 - 0.86 * dark, start, steps=steps, **seen
    )
    return light(found.parameters, rays)


if __name__ == "__main__":
    ga.main(caustic_word)
