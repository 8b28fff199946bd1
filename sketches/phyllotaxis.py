"""Phyllotaxis: seeds of a sunflower, each turned by the golden angle. After Helmut Vogel, 1979."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", margin=22)
def phyllotaxis(n=900, angle=137.508, seed_size=1.2):
    k = jnp.arange(1, n + 1)
    seeds = ga.rotate(jnp.stack([jnp.sqrt(k), 0 * k], -1)[:, None], angle * k)
    color = ga.ramp("#3b1f14", "#c2410c", "#e8a33d")(jnp.sqrt(k / n))
    return ga.scene(ga.dots(seeds, 0.8 + seed_size * jnp.sqrt(k / n), fill=color))


if __name__ == "__main__":
    ga.main(phyllotaxis)
