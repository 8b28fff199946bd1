"""A plant that rules grow: P. Prusinkiewicz and A. Lindenmayer, 1990, figure 1.24."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", seed=5)
def plant(key, n=6, angle=22.5):
    rules = {"X": {"F-[[X]+X]+F[+FX]-X": 2, "F+[[X]-X]-F[-FX]+X": 1}, "F": {"FF": 8, "F": 1}}
    twigs, depth = ga.turtle(ga.rewrite("X", rules, n, key=key), angle, heading=90)
    leaf = depth >= depth.max() - 5
    ends = jnp.nanmax(
        jnp.where(jnp.isfinite(twigs[..., :1]), jnp.arange(twigs.shape[1])[:, None], -1), 1
    )
    tips = jnp.take_along_axis(jnp.asarray(twigs), ends[:, None], 1)[:, 0]
    return ga.scene(
        ga.lines(twigs, width=1.1 * 0.72**depth, stroke="#3d4a34"),
        ga.dots(tips[leaf], 0.5, fill="#c8553d", alpha=0.8),
        paper="#f6f3ea",
    )


if __name__ == "__main__":
    ga.main(plant)
