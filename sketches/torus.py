"""A torus with its hidden lines removed, a classic of plotters since the 1960s.

Quadrilaterals from back to front, each of which hides what lies behind it: the painter's algorithm
of M. E. Newell, R. G. Newell and T. L. Sancha, "A solution to the hidden surface problem" (1972).
"""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def torus(around=84, across=32, tube=0.45, elevation=38.0):
    t = [jnp.linspace(0, 2 * jnp.pi, n + 1) for n in (around, across)]
    u, v = jnp.meshgrid(*t, indexing="ij")
    r = 1 + tube * jnp.cos(v)
    p = jnp.stack([r * jnp.cos(u), r * jnp.sin(u), tube * jnp.sin(v)], -1)
    quads = jnp.stack([p[:-1, :-1], p[1:, :-1], p[1:, 1:], p[:-1, 1:]], -2).reshape(-1, 4, 3)
    e = jnp.radians(elevation)
    nearness = quads.mean(1) @ jnp.array([0, -jnp.cos(e), jnp.sin(e)])  # the viewer is in the south
    order = jnp.argsort(nearness.round(9))  # mirror images are equally near, whatever is rounded
    flat = ga.camera(-90, elevation)(quads[order])
    return ga.scene(ga.occlude(ga.polygons(flat, stroke="#1b1b1e", width=0.22)))


if __name__ == "__main__":
    ga.main(torus)
