"""A loop of noise: two points go around circles, and the threads between them end where they began.

After Etienne Jacob, "Drawing from noise, and then making animated loopy GIFs from there" (2017):
noise over a circle in time has no first moment, and a delay along the thread makes it swing.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=3, seed=3, margin=18)
def noise_loop(key, threads=44, n=240, reach=0.34, delay=0.35):
    noise = ga.noise(key, size=0.55, octaves=1)
    start = jnp.linspace(-1, 1, threads)
    s = jnp.linspace(0, 1, n)  # along a thread

    def frame(u):
        def place(y, s):  # of a thread, which knows the past at its middle
            moment = u - delay * jnp.sin(jnp.pi * s)
            at = jnp.array([2 * s - 1, y])
            one, other = (ga.looped(noise, moment + shift, radius=0.22)(at) for shift in (0, 0.5))
            return at + reach * jnp.sin(jnp.pi * s) * jnp.stack([one, other])

        threads = jax.vmap(lambda y: jax.vmap(lambda s: place(y, s))(s))(start)
        shade = ga.ramp("#c2410c", "#e9b872", "#274c77")(jnp.linspace(0, 1, len(start)))
        return ga.scene(
            ga.lines(threads, width=0.35, stroke=shade),
            paper="#101418",
            box=((-1.1, -1.25), (1.1, 1.25)),
        )

    return frame


if __name__ == "__main__":
    ga.main(noise_loop)
