"""A circle that grows longer everywhere and keeps apart from itself. A. Hoff, 2015."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=5)
def differential_growth(key, gap=0.05, steps=450):
    t = jnp.linspace(0, 2 * jnp.pi, 400)
    ring, wall = ga.point(ga.circle(0.35), t), ga.point(ga.circle(), t)
    folds = ga.differential_growth(key, ring, steps, gap=gap, within=wall)

    before, after = jnp.roll(folds, 1, 0), jnp.roll(folds, -1, 0)  # a smooth spline of the nodes
    ends, near, far = (before + 4 * folds + after) / 6, 2 * folds + after, folds + 2 * after
    spline = jnp.stack([ends, near / 3, far / 3], 1).reshape(-1, 2)
    return ga.scene(
        ga.beziers(
            jnp.concatenate([spline, spline[:1]]), width=0.35, stroke="#7c2d12", fill="#f2c4a5"
        ),
        paper="#f7f1e6",
    )


if __name__ == "__main__":
    ga.main(differential_growth)
