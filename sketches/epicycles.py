"""Epicycles that draw a clef: circles that turn on circles, with a pen on the last.

Their sizes and where they begin are found by the derivative of the picture that the pen draws. Gray
are the circles in the course of a turn, and black at one moment of it.
"""

from typing import Annotated

import jax.numpy as jnp
from scipy.interpolate import CubicSpline

import gradart as ga

CLEF = [(-9, -30), (-12, -34), (-8, -38.5), (-1, -38), (3, -31), (1, -15), (-2.5, 8), (-3.5, 22)]
CLEF += [(0, 34), (5, 39.5), (8, 34), (6, 23), (-3, 12), (-14, 2), (-19, -10), (-13, -21)]
CLEF += [(1, -24.5), (13, -18), (15, -7), (7, 1), (-4, -1), (-9, -9), (-4, -16)]


@ga.sketch
def epicycles(
    circles: Annotated[int, ga.Bounds(2, 200), "that turn on one another"] = 40,
    steps: Annotated[int, ga.Bounds(0, 2000), "in which they are fitted"] = 250,
    moments: Annotated[int, ga.Bounds(1, 1000), "of a turn, that are seen"] = 90,
    now: Annotated[float, ga.Bounds(0, 1), "of a turn, that is seen in black"] = 0.2,
    pen: Annotated[float, ga.Bounds(0.1, 5), "in mm"] = 0.9,
):
    box, clef = ((-90, -133.5), (90, 133.5)), 2.75 * jnp.array(CLEF) + jnp.array([5, 7])  # mm
    place = jnp.pad(jnp.cumsum(jnp.sqrt(ga.safe_norm(jnp.diff(clef, axis=0)))), (1, 0))
    line = jnp.asarray(CubicSpline(place, clef)(jnp.linspace(0, place[-1], 400)))
    both_ways = jnp.concatenate([line, line[::-1]])  # for the circles come back to their beginning
    turns = jnp.arange(circles + 1) - circles // 2
    spectrum = jnp.fft.fft(both_ways @ jnp.array([1, 1j]))[turns] / len(both_ways)

    def joints(arms, t):  # of the arms, (circles + 1, 2), which are added up
        turned = (arms @ jnp.array([1, 1j])) * jnp.exp(2j * jnp.pi * t[..., None] * turns)
        return jnp.stack([jnp.cumsum(turned, -1).real, jnp.cumsum(turned, -1).imag], -1)

    def trace(arms):
        return joints(arms, jnp.linspace(0, 1, 801))[:, -1]

    def drawing(points):
        return ga.scene(ga.lines(points, width=pen, blend=ga.ink(exposure=1)), box=box)

    wanted, start = ga.picture(drawing(line), px=512), jnp.stack([spectrum.real, spectrum.imag], -1)
    found = ga.fit(lambda a: drawing(trace(a)), wanted, start, steps=steps, loss=ga.losses.tone)
    radius = jnp.where(turns == 0, jnp.inf, ga.safe_norm(found.parameters))  # first the middle
    order = jnp.argsort(-radius)
    arms, turns, radius = found.parameters[order], turns[order], radius[order][1:]
    gray, black = joints(arms, jnp.arange(moments) / moments), joints(arms, jnp.array(now))
    return ga.scene(
        ga.circles(gray[:, :-1], jnp.tile(radius, moments), width=0.1, stroke="#b5aea3"),
        [ga.circles(black[:-1], radius, width=0.2), ga.lines(black, width=0.3)],
        ga.lines(trace(arms), width=pen, stroke="#c2410c"),
        box=box,
    )


if __name__ == "__main__":
    ga.main(epicycles)
