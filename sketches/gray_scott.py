"""Two chemicals that react and spread, from holes to stripes to spots: one is removed ever faster.

After John E. Pearson, "Complex patterns in a simple system" (1993), who computed the equations of
P. Gray and S. K. Scott; with his names, u + 2 v becomes 3 v, u is fed and v is removed, on the
right more than on the left. Level lines of what is left of u, filled.
"""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=4)
def gray_scott(key, feed=0.039, kill_left=0.0583, kill_right=0.0643, cells=220, steps=8000):
    box = ((-1, -1), (1, 1))
    places = ga.grid(cells + 1, cells + 1, box)
    kill = kill_left + (kill_right - kill_left) * (places[..., 0] + 1) / 2

    def react(u, v):
        return feed * (1 - u) - u * v**2, u * v**2 - (feed + kill) * v

    seeds = ga.worley(key, size=0.15)
    v = jnp.where(ga.value(seeds, places) < 0.05, 0.5, 0.0)
    u, v = ga.reaction_diffusion(
        react, (1 - v, v), steps, diffusion=(1e-5, 0.5e-5), steps=steps, box=box
    )
    used = ga.tabulated(1 - jnp.pad(u[1:-1, 1:-1], 1, constant_values=1.0), box=box)
    shapes = ga.contours(used, [0.34, 0.53], resolution=600)
    return ga.scene(ga.polygons(ga.rounded(shapes, 4), fill=["#d9773a", "#6b260f"]), box=box)


if __name__ == "__main__":
    ga.main(gray_scott)
