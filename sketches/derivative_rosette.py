"""A rosette: a closed curve and its derivatives, each fitted inside the one before.

The curve is nearly a circle. Each derivative turns it by a quarter and lets the fast wave in it
grow: corners, then cusps, then petals.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=6, at=0.5)
def derivative_rosette(
    petals: Annotated[int, ga.Bounds(3, 16), "corners, cusps, petals"] = 7,
    orders: Annotated[int, ga.Bounds(1, 8), "the highest derivative"] = 4,
    strands: Annotated[int, ga.Bounds(1, 60), "curves from one order to the next"] = 30,
    shrink: Annotated[float, ga.Bounds(0.4, 1), "size of an order, to the one before"] = 0.74,
):
    fast = petals - 1

    def curve(t):
        slow_wave = jnp.array([jnp.cos(t), jnp.sin(t)])
        return slow_wave + jnp.array([jnp.cos(fast * t), -jnp.sin(fast * t)]) / fast**2

    t = jnp.linspace(0, 2 * jnp.pi, 900)
    orders_of_curve = ga.jet(curve, t, orders)  # (orders + 1, 900, 2)
    floors = jnp.linspace(0, orders, orders * strands + 1)

    def fitted(rings):
        return rings / jnp.linalg.norm(rings, axis=-1).max(1)[:, None, None]

    def frame(u):
        level = jnp.minimum(floors, orders * (1 - jnp.cos(2 * jnp.pi * u)) / 2)
        k = jnp.clip(level.astype(int), 0, orders - 1)
        turn = (jnp.pi / 2 * (level - k))[:, None, None]
        rings = fitted(orders_of_curve)
        woven = fitted(jnp.cos(turn) * rings[k] + jnp.sin(turn) * rings[k + 1])
        woven = woven * (shrink**level)[:, None, None]
        tint = ga.ramp("#1d3557", "#5b4b8a", "#b5446e", "#e4703a", "#f0a83c")(level / orders)
        return ga.scene(
            ga.lines(woven, width=0.14, stroke=tint, alpha=0.8),
            ga.lines(woven[::strands], width=0.35),
            box=((-1, -1), (1, 1)),
        )

    return frame


if __name__ == "__main__":
    ga.main(derivative_rosette)
