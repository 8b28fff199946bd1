"""A loop of noise: sheets of a sea heave, one in the evening sun, and end where they began.

After Etienne Jacob, "Drawing from noise, and then making animated loopy GIFs from there" (2017):
noise over a circle in time has no first moment, and a delay along an edge makes it swing.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=3, seed=3, at=0.4)
def noise_loop(key, sheets=13, n=160, reach=0.62, delay=0.35):
    noise = ga.noise(key, size=0.55, octaves=1)
    s, y = jnp.linspace(0, 1, n), jnp.linspace(0.66, -0.72, sheets)  # along an edge; of each
    sea = ga.ramp("#d9e4df", "#8db4b8", "#3b7189", "#1f4263", "#13243f")
    shade = sea(jnp.linspace(0, 1, sheets)).at[sheets // 3].set(ga.color("#d1571b"))
    feet = jnp.broadcast_to(jnp.array([[1.0, -1], [-1, -1]]), (sheets, 2, 2))

    def frame(u):
        def place(y, s):  # of an edge, which knows the past at its middle
            moment = u - delay * jnp.sin(jnp.pi * s)
            at = jnp.array([2 * s - 1, y])
            one, other = (ga.looped(noise, moment + shift, radius=0.22)(at) for shift in (0, 0.5))
            return at + reach * jnp.sin(jnp.pi * s) * jnp.stack([one, other])

        edges = jax.vmap(lambda y: jax.vmap(lambda s: place(y, s))(s))(y)
        return ga.scene(
            ga.polygons(jnp.concatenate([edges, feet], 1), fill=shade), box=((-1, -1), (1, 1))
        )

    return frame


if __name__ == "__main__":
    ga.main(noise_loop)
