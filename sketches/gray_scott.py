"""Two chemicals that react and spread: level lines of what is left of one of them.

After John E. Pearson, "Complex patterns in a simple system" (1993), who computed the equations of
P. Gray and S. K. Scott; with his names, u + 2 v becomes 3 v, u is fed and v is removed.
"""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=4)
def gray_scott(key, feed=0.037, kill=0.06, n=160, steps=7000, levels=5):
    def react(u, v):
        return feed * (1 - u) - u * v**2, u * v**2 - (feed + kill) * v

    box = ((-1, -1), (1, 1))
    seeds = ga.worley(key, size=0.45, tile=2)
    v = jnp.where(ga.value(seeds, ga.grid(n + 1, n + 1, box)) < 0.05, 0.5, 0.0)
    u, v = ga.reaction_diffusion(
        react, (1 - v, v), steps, diffusion=(2e-5, 1e-5), steps=steps, box=box, edges="periodic"
    )
    left = ga.tabulated(u, box=box)
    shade = ga.ramp("#7c2d12", "#c2410c", "#e8a15c")
    return ga.scene(
        [
            ga.lines(ga.contours(left, [level]), width=0.45, stroke=shade(i / (levels - 1)))
            for i, level in enumerate(jnp.linspace(0.4, 0.7, levels))
        ]
    )


if __name__ == "__main__":
    ga.main(gray_scott)
