"""A spiral, with its velocity drawn forward from every point."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def forward_spiral(turns=5.0, growth=0.08, n=900, reach=1.0):
    def spiral(t):  # a curve: () -> (2,)
        return jnp.exp(growth * t) * jnp.array([jnp.cos(t), jnp.sin(t)])

    t = jnp.linspace(0, turns * 2 * jnp.pi, n)
    point, velocity = ga.jet(spiral, t, order=1)  # (2, n, 2): the curve and its derivative
    return ga.scene(
        ga.segments(point, point + reach * velocity, width=0.12),
        ga.lines(point, width=0.6, stroke="#c2410c"),
        paper="#f7f3ea",
    )


if __name__ == "__main__":
    ga.main(forward_spiral)
