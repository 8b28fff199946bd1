"""A tower of derivatives: a circle with a ripple, and each floor is the slope of the one below."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", margin=32)
def tower(orders=5, strands=30, ripple=0.0006, rise=0.72):
    def curve(t):
        return sum(size * jnp.array([jnp.cos(k * t), jnp.sin(k * t)]) for k, size in waves)

    waves = (1, 1.0), (-4, ripple)
    t = jnp.linspace(0, 2 * jnp.pi, 900)
    floors = ga.jet(curve, t, orders)  # (orders + 1, 900, 2): what is fastest grows fastest
    floors = ga.rotate(floors, -90 * jnp.arange(orders + 1))  # a slope is a quarter turn ahead
    floors /= jnp.abs(floors).max((1, 2), keepdims=True)
    level = jnp.linspace(0, orders, orders * strands + 1)
    walls = ga.keyframes(dict(enumerate(floors)))(level)
    height = jnp.broadcast_to(rise * level[:, None, None], (*walls.shape[:-1], 1))
    rings = ga.camera(20, 30)(jnp.concatenate([walls, height], -1))
    glow = ga.ramp("#4a6fa5", "#8e3b6f", "#e4572e", "#f4d58d")(level / orders)
    return ga.scene(ga.polygons(rings, fill="#0d0d12", stroke=glow, width=0.2), paper="#0d0d12")


if __name__ == "__main__":
    ga.main(tower)
