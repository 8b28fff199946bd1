"""A film: what moves, and what stands still behind it."""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="40x40mm", seconds=0.5, fps=10, at=0.25, seed=5)
def swing(key, n=40):
    still = jax.random.normal(key, (n, 2))
    blend = jax.random.normal(jax.random.fold_in(key, 1), (600, n)) / 30

    def frame(u):
        places = (blend @ jnp.cos(still + 2 * jnp.pi * u))[:n]
        return ga.scene(ga.lines(still), ga.dots(places, 1, fill="red"))

    return frame
