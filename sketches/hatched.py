"""Hatched disks that hide one another, in the manner of the first pen plotters.

Each disk is hatched in a direction of its own, and what lies behind another is not drawn. Hidden
lines are left out by computers since L. G. Roberts, "Machine perception of three-dimensional
solids" (1963).
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=3)
def hatched(key, n=26, spacing=0.045):
    where, size, turn, tone = jax.random.split(key, 4)
    t = jnp.linspace(0, 2 * jnp.pi, 181)[:-1]
    centers = ga.scatter(where, n, box=((-3, -3), (3, 3)))
    radii = jax.random.uniform(size, (n, 1, 1), minval=0.35, maxval=1.5)
    disks = centers[:, None] + radii * ga.point(ga.circle(), t)
    angles = jax.random.choice(turn, jnp.array([0, 45, 90, 135]), (n,))
    tones = jax.random.choice(tone, jnp.array([1, 1.6, 3]), (n,))
    strokes = ga.hatch(disks, spacing * tones, angles)
    inks = ["#1b1b1e"] * (n - 5) + ["#c2410c"] * min(n, 5)
    marks = [
        [ga.polygons(disk, stroke=ink, width=0.45), ga.lines(lines, stroke=ink)]
        for disk, lines, ink in zip(disks, strokes, inks, strict=True)
    ]
    return ga.scene(ga.occlude(marks))


if __name__ == "__main__":
    ga.main(hatched)
