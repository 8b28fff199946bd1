"""A million whiskers: from each derivative of a wave to the next.

The wave is wound around a ring, its derivatives around smaller rings inside. Each differentiation
lets the faster waves grow. One whisker is too faint to be seen; where they crowd, a fold appears.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INKS = "#12355b", "#2a6f97", "#7b4b94", "#d1495b", "#edae49"


@ga.sketch(page="square")
def whiskers(
    n: Annotated[int, ga.Bounds(1000, 5_000_000), "whiskers in all"] = 1_000_000,
    swing: Annotated[float, ga.Bounds(0, 1), "of a wave, as a share of its ring"] = 0.22,
    shrink: Annotated[float, ga.Bounds(0.3, 1), "a ring's size, to the one before"] = 0.765,
    twist: Annotated[float, ga.Bounds(-2, 2), "from a ring to the next, in radians"] = 0.3,
):
    def wave(t):
        return jnp.cos(3 * t) + 0.6 * jnp.cos(5 * t + 1) + 0.25 * jnp.sin(8 * t)

    t = jnp.linspace(0, 2 * jnp.pi, n // len(INKS), endpoint=False)
    orders = ga.jet(wave, t, order=len(INKS))  # (6, n / 5)
    orders = orders / jnp.abs(orders).max(1, keepdims=True)
    k = jnp.arange(len(INKS) + 1)[:, None]
    angle = t + twist * k
    radius = shrink**k * (1 + swing * orders)
    rings = radius[..., None] * jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1)
    look = {"width": 0.04, "alpha": 0.01, "blend": "ink"}
    pairs = zip(rings[:-1], rings[1:], INKS, strict=True)
    return ga.scene([ga.segments(a, b, stroke=ink, **look) for a, b, ink in pairs])


if __name__ == "__main__":
    ga.main(whiskers)
