"""Order and chaos: a population whose growth alternates between two rates, in a fixed rhythm.

Across is one rate, up the other. In the black a small difference grows, and nothing can be
foretold; in the light it dies out, and the faster it does, the deeper the color: on the fine dark
lines at once. After Mario Markus.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def chaos(
    rhythm: Annotated[str, "of the two rates"] = "AABAB",
    steps: Annotated[int, ga.Bounds(10, 2000), "rounds that are followed"] = 60,
    pixels: Annotated[int, ga.Bounds(50, 2000), "across"] = 500,
):
    def exponent(rates):  # a field: of the two rates
        def round_of_years(x):
            for letter in rhythm:
                x = rates["AB".index(letter)] * x * (1 - x)
            return x

        return ga.lyapunov(round_of_years, jnp.array([0.5001]), steps=steps)[0] / len(rhythm)

    box = ((2.6, 2.6), (4.0, 4.0))
    calm = ga.value(exponent, ga.grid(2 * pixels, 2 * pixels, box))
    tone = jnp.where(calm > 0, 0, jnp.exp(0.9 * calm))  # 1 at the border of chaos
    color = ga.ramp("#10131c", "#3b2a4a", "#b5482f", "#e9b44c", "#fbf3dc")(tone)[..., :3]
    color = color.reshape(pixels, 2, pixels, 2, 3).mean((1, 3))  # no jagged edges
    return ga.scene(ga.raster(color, box), paper="#0d0d12")


if __name__ == "__main__":
    ga.main(chaos)
