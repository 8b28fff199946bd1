"""A secant: rise over run, while the run shrinks, until it is the tangent.

Two points of a curve give a slope: how far it rises, over how far it runs. Bring the second point
up to the first, and the slope settles on one number. That number is the derivative.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=6, at=0.18)
def secant(
    x: Annotated[float, ga.Bounds(0, 1), "the first point"] = 0.75,
    run: Annotated[float, ga.Bounds(0.1, 2.25), "at first"] = 2.25,
    ghosts: Annotated[int, ga.Bounds(1, 100), "secants that stay in sight"] = 36,
):
    sheet = ga.panel(box=((-1.4, -1.2), (3.2, 10)), onto=((0, 0), (170, 170)))

    def curve(t):  # x squared, on the sheet
        return sheet(jnp.stack([t, t**2]))

    def line(way):  # through the first point, from edge to edge
        ends = jnp.stack([(-here / way).max(-1), ((170 - here) / way).min(-1)], -1)
        return here + ends[..., None] * way[..., None, :]

    here, velocity = ga.jet(curve, x, order=1)
    runs = run * jnp.arange(1, ghosts + 1) / ghosts
    before = line(ga.secant(curve, jnp.full(ghosts, x), runs))

    def frame(u):
        now = 1e-4 + run * jnp.cos(jnp.pi * u) ** 6  # lingers where it is small
        end, there = curve(x + now), jnp.clip(1 - 20 * now, 0, 1)
        foot, wide = jnp.stack([end[0], here[1]]), jnp.clip(2.5 * now - 1, 0, 1)
        tint = ga.ramp("#1d4e89", "#c2410c")(there)
        slope = ga.secant(jnp.square, x, now)
        return ga.scene(
            ga.lines(before, width=0.12, stroke="#1d4e89", alpha=0.7 * (runs > now)),
            ga.curve(curve, -1.4, 3.16, width=0.7),
            ga.lines([here, foot, end], width=0.35, stroke="#8a8578"),
            ga.lines(line(ga.secant(curve, x, now)), width=0.6, stroke="#1d4e89"),
            ga.lines(line(velocity), width=0.6, stroke="#c2410c", alpha=there),
            ga.dots([here, end], 1.3),
            ga.text("run", (here + foot) / 2 - jnp.array([3, 6]), fill="#8a8578", alpha=wide),
            ga.text("rise", (foot + end) / 2 + jnp.array([2, 0]), fill="#8a8578", alpha=wide),
            ga.digits(slope, (0, 150), decimals=3, size=15, fill=tint),
            box=((0, 0), (170, 170)),
        )

    return frame


if __name__ == "__main__":
    ga.main(secant)
