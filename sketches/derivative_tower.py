"""A tower of tanh: each order of its derivative grows out of the one below."""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(seconds=6, at=0.5)
def derivative_tower(
    orders: Annotated[int, ga.Bounds(1, 12), "the highest derivative"] = 6,
    strands: Annotated[int, ga.Bounds(1, 60), "lines from one order to the next"] = 22,
    reach: Annotated[float, ga.Bounds(1, 10), "how far t runs to both sides"] = 3.6,
    rise: Annotated[float, ga.Bounds(0.2, 5), "from one order to the next"] = 1.5,
):
    t = jnp.linspace(-reach, reach, 1500)
    orders_of_tanh = ga.jet(jnp.tanh, t, orders)  # (orders + 1, 1500)
    waves = orders_of_tanh / jnp.abs(orders_of_tanh).max(1, keepdims=True)
    floors = jnp.linspace(0, orders, orders * strands + 1)

    def graph(y):
        return jnp.stack(jnp.broadcast_arrays(t, y), -1)

    def frame(u):
        grown = orders * (1 - jnp.cos(2 * jnp.pi * u)) / 2  # up, and down again
        level = jnp.minimum(floors, grown)
        k = jnp.clip(level.astype(int), 0, orders - 1)
        blend = 0.5 - 0.5 * jnp.cos(jnp.pi * (level - k))[:, None]
        y = rise * level[:, None] + (1 - blend) * waves[k] + blend * waves[k + 1]
        ahead = jax.lax.cummax(y, axis=0)[:-1]  # what stands before a strand hides it
        hidden = y.at[1:].set(jnp.where(y[1:] >= ahead, y[1:], jnp.nan))
        glow = ga.ramp("#f4d58d", "#e4572e", "#c03a5b", "#7d5ba6", "#5fa8d3")(level / orders)
        return ga.scene(
            ga.lines(graph(hidden), width=0.13, stroke=glow, alpha=0.8),
            ga.lines(graph(y[::strands]), width=0.5, stroke=glow[::strands]),
            paper="#0d0d12",
            box=((-reach, -1), (reach, rise * orders + 1)),
        )

    return frame


if __name__ == "__main__":
    ga.main(derivative_tower)
