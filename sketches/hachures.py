"""Hachures: nine thousand strokes down the slopes, until their ink is the shade of the mountains.

A stroke may choose where it lies and how long it is. It points as water runs there, and bends with
it. How bright the land is follows from its derivative, and by that of the picture strokes move.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(seed=4)
def hachures(
    key,
    n: Annotated[int, ga.Bounds(10, 50_000), "strokes"] = 9000,
    length: Annotated[float, ga.Bounds(0.5, 60), "of the longest stroke, in mm"] = 7.0,
    steps: Annotated[int, ga.Bounds(0, 2000), "that each stroke goes"] = 80,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.27,
    light: Annotated[float, ga.Bounds(-180, 180), "where it comes from, in degrees"] = 135.0,
    relief: Annotated[float, ga.Bounds(0.05, 5), "how much the heights are raised"] = 0.35,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's long side, for the fit"] = 640,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land, soft = ga.terrain(file, smooth=2.5), ga.terrain(file, smooth=8)
    x, y = (0.97 * side for side in land.box[1])  # away from the edge, where the slope is cut off
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 90
    sun = ga.point(ga.circle(), jnp.deg2rad(light))  # 45 degrees high
    where, fit = jax.random.split(key)

    def shade(p):
        slope = relief * ga.gradient(land, p)
        lit = (1 - slope @ sun) / jnp.sqrt(2 * (1 + slope @ slope))
        return jnp.clip(0.05 + 0.9 * lit, 0.15, 0.95)

    def uphill(p):
        return ga.gradient(soft, p) / ga.safe_norm(ga.gradient(soft, p))

    def stroke(p):
        reach = length / 2 * millimeter * (0.15 + 0.85 * jax.nn.sigmoid(p["reach"]))
        way, turn = jax.jvp(uphill, (p["middle"],), (uphill(p["middle"]),))
        turn = reach * turn / (1 + reach * ga.safe_norm(turn))  # within a radian
        t = jnp.linspace(-1, 1, 5)[:, None]
        return p["middle"] + reach * (t * way + t**2 / 2 * turn)

    def drawing(p):
        ink = {"stroke": "#2d2019", "blend": ga.ink(exposure=1)}
        return ga.scene(ga.lines(jax.vmap(stroke)(p), width=pen, **ink), box=box)

    start = {"middle": ga.scatter(where, n, box), "reach": jnp.zeros(n)}
    return ga.fit(drawing, shade, start, steps=steps, px=pixels, prune=10, key=fit).scene


if __name__ == "__main__":
    ga.main(hachures)
