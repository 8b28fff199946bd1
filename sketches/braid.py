"""A braid: a wave and its derivatives, passing over and under each other.

Each strand is the derivative of the one before. Where two meet, the one on top is the one whose
own derivative is larger: the next strand tells how near this one is to the eye.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def braid(
    waves: Annotated[int, ga.Bounds(4, 40), "around the ring"] = 7,
    slower: Annotated[float, ga.Bounds(0, 1), "share of a slower wave"] = 0.3,
    width: Annotated[float, ga.Bounds(0.5, 12), "of a strand, in mm"] = 4.6,
    pieces: Annotated[int, ga.Bounds(50, 2000), "of a strand"] = 270,
):
    def wave(t):
        return jnp.cos(waves * t) + slower * jnp.cos((waves - 3) * t)

    n = 4 * pieces
    t = jnp.arange(n) * 2 * jnp.pi / n
    orders = ga.jet(wave, t, order=4)  # (5, n)
    orders = orders / jnp.abs(orders).max(1, keepdims=True)
    ring = jnp.stack([jnp.cos(t), jnp.sin(t)], -1)
    strands = (64 + 16 * orders[:4])[..., None] * ring  # (4, n, 2)
    first = 4 * jnp.arange(pieces)
    rows = strands[:, (first[:, None] + jnp.arange(-1, 6)) % n].reshape(-1, 7, 2)
    near = orders[1:, first + 2].ravel()
    tints = ga.color(["#1b1b1e", "#c2410c", "#1d4e89", "#d9a441"]).repeat(pieces, 0)
    tints = jnp.asarray(tints).at[:, :3].multiply(0.86 + 0.14 * near[:, None])
    rims = jnp.broadcast_to(ga.color("#f7f4ed"), tints.shape)
    order = jnp.argsort(jnp.concatenate([near - 0.75, near]))  # a rim cuts only what is well below
    return ga.scene(
        ga.lines(
            jnp.concatenate([rows, rows])[order],
            stroke=jnp.concatenate([rims, tints])[order],
            width=jnp.array([width + 1.6, width]).repeat(len(rows))[order],
        )
    )


if __name__ == "__main__":
    ga.main(braid)
