"""Waves on an egg with three axes: they leave a point of its back and meet again in front.

On a ball they would come together in one point. Here they fold along a curve with four cusps:
Jacobi's last geometric statement, of 1843, that J. Itoh and K. Kiyohara proved in 2004. Red is what
of a wave has been there, and goes on.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def jacobi(
    depth: Annotated[float, ga.Bounds(0.5, 1.5), "of the egg, of its width"] = 0.88,
    height: Annotated[float, ga.Bounds(0.5, 1.5), "of the egg, of its width"] = 0.76,
    fronts: Annotated[int, ga.Bounds(10, 200), "one behind the other"] = 90,
    reach: Annotated[float, ga.Bounds(1, 6), "of the last of them"] = 3.2,
    rays: Annotated[int, ga.Bounds(100, 4000)] = 1440,
):
    axes = jnp.array([depth, 1.0, height])
    egg = ga.surface(lambda p: ((p / axes) ** 2).sum() - 1, box=((-1.6,) * 3, (1.6,) * 3))
    start = axes * jnp.array([-0.83, 0.42, 0.36])
    turn = jnp.linspace(0, 2 * jnp.pi, rays)[:, None]
    ways = jnp.cos(turn) * jnp.array([0.0, 1, 0]) + jnp.sin(turn) * jnp.array([0.0, 0, 1])
    points = jnp.swapaxes(ga.geodesics(egg, start, ways, length=reach, steps=8 * fronts), 0, 1)
    waves, ahead = points[8::8], points[8::8] - points[7::8]
    beside = jnp.roll(waves[:, :-1], -1, 1) - waves[:, :-1]  # the first ray is the last one, too
    beside = jnp.concatenate([beside, beside[:, :1]], 1)
    folded = (jnp.cross(ahead, beside) * waves / axes**2).sum(-1, keepdims=True) > 0
    eye = ga.camera(-18, -12)
    seen = ga.opaque(egg, eye)
    return ga.scene(
        ga.lines(seen(jnp.where(folded, jnp.nan, waves)), width=0.15),
        ga.lines(seen(jnp.where(folded, waves, jnp.nan)), width=0.15, stroke="#c2410c"),
        ga.lines(seen(ga.silhouettes(egg, eye)), width=0.5),
    )


if __name__ == "__main__":
    ga.main(jacobi)
