"""A circle that grows longer everywhere and keeps apart from itself. A. Hoff, 2015."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=5)
def differential_growth(key, gap=0.05, steps=75, stages=6):
    ring = ga.point(ga.circle(0.35), jnp.linspace(0, 2 * jnp.pi, 400)[:-1])
    wall = ga.point(ga.circle(), jnp.linspace(0, 2 * jnp.pi, 400)[:-1])
    folds = ga.differential_growth(key, ring, stages * steps, gap=gap, within=wall)
    return ga.scene(
        ga.lines(folds, closed=True, width=0.35, stroke="#7c2d12", fill="#f2c4a5"), paper="#f7f1e6"
    )


if __name__ == "__main__":
    ga.main(differential_growth)
