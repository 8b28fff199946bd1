"""A plant that rules grow: P. Prusinkiewicz and A. Lindenmayer, 1990, figure 1.24."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", seed=5)
def plant(key, n=6, angle=22.5):
    rules = {"X": {"F-[[X]+X]+F[+FX]-X": 2, "F+[[X]-X]-F[-FX]+X": 1}, "F": {"FF": 8, "F": 1}}
    twigs, depth = ga.turtle(ga.rewrite("X", rules, n, key=key), angle, heading=90)
    leaf = depth >= depth.max() - 5
    last = jnp.isfinite(twigs[..., 0]).sum(1) - 1
    tips = twigs[jnp.arange(len(twigs)), last]
    return ga.scene(
        ga.lines(twigs, width=0.8 * 0.78**depth, stroke="#3d4a34"),
        ga.dots(tips[leaf], 0.5, fill="#c8553d", alpha=0.8),
        paper="#f6f3ea",
    )


if __name__ == "__main__":
    ga.main(plant)
