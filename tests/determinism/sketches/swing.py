"""A film: what moves, and what stands still behind it."""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="40x40mm", seconds=0.5, fps=10, at=0.25, seed=5)
def swing(key, n=40):
    # How these sums are rounded is decided by the number of threads; only the last bits are shown.
    wide = jax.random.normal(key, (1000, 200))
    still = 1e13 * jax.jit(lambda a: a.T @ a)(wide)[:n, :2] % 1.0

    def frame(u):
        places = jnp.cos(still + 2 * jnp.pi * u)
        return ga.scene(ga.lines(still), ga.dots(places, 1, fill="red"))

    return frame
