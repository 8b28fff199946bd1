"""Two curves that fill the plane: D. Hilbert's (1891), and the dragon of J. Heighway (1966)."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4")
def dragon_and_hilbert(folds=12, order=5):
    dragon = ga.space_filling("dragon", folds)
    hilbert = ga.space_filling("hilbert", order)

    def fitted(path, middle, scale):
        return scale * (path - (path.min(0) + path.max(0)) / 2) / jnp.ptp(path, axis=0).max() + middle

    rounded = fitted(dragon, jnp.array([0, 0]), 1)
    return ga.scene(
        ga.lines(rounded),
        ga.lines(fitted(hilbert, jnp.array([0, -1.0]), .8)),
    )


if __name__ == "__main__":
    ga.main(dragon_and_hilbert)
