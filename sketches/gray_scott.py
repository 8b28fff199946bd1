"""Two chemicals that react and spread: level lines of what is left of one of them.

After John E. Pearson, "Complex patterns in a simple system" (1993), who computed the equations of
P. Gray and S. K. Scott; with his names, u + 2 v becomes 3 v, u is fed and v is removed.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=4)
def gray_scott(key, feed=0.037, kill=0.06, n=200, steps=7000, levels=5):
    def spread(w):  # the Laplacian on a torus
        rings = [jnp.roll(w, shift, axis) for axis in (0, 1) for shift in (1, -1)]
        return sum(rings) - 4 * w

    def react(uv, _):
        u, v = uv
        made = u * v * v
        u = u + 0.16 * spread(u) - made + feed * (1 - u)
        return (u, v + 0.08 * spread(v) + made - (feed + kill) * v), None

    box = ((-1, -1), (1, 1))
    seeds = ga.worley(key, size=0.45, tile=2)
    v = jnp.where(ga.value(seeds, ga.grid(n, n, box)) < 0.05, 0.5, 0.0)
    (u, v), _ = jax.lax.scan(react, (1 - v, v), length=steps)
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
