"""A plant that rules grow: P. Prusinkiewicz and A. Lindenmayer, 1990, figure 1.24."""

import jax.numpy as jnp

import gradart as ga

BERRIES = ("#d9a441", "#cf6b3a", "#a8382a")  # from the youngest


@ga.sketch(page="a4", seed=10)
def plant(key, n=6, angle=22.5):
    rules = {"X": {"F-[[X]+X]+F[+FX]-X": 2, "F+[[X]-X]-F[-FX]+X": 1}, "F": {"FF": 8, "F": 1}}
    twigs, depth = ga.turtle(ga.rewrite("X", rules, n, key=key), angle, heading=90)
    last = jnp.isfinite(twigs[..., 0]).sum(1) - 1
    tips = twigs[jnp.arange(len(twigs)), last]
    young = depth.max() - depth  # the last of all are the youngest
    return ga.scene(
        ga.lines(twigs, width=1.5 * 0.72**depth, stroke="#3d4a34"),
        [ga.dots(tips[young // 2 == k], 0.75, fill=ink) for k, ink in enumerate(BERRIES)],
        paper="#f6f3ea",
    )


if __name__ == "__main__":
    ga.main(plant)
