"""Skiers: many gradient descents down the same mountains, as a film.

Each skier feels nothing but the slope underfoot, the gradient, and follows it down with some
momentum. Together they find the valleys.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True, seconds=5, at=0.4)
def skiers(
    key,
    n: Annotated[int, ga.Bounds(1, 5000), "skiers"] = 600,
    rate: Annotated[float, ga.Bounds(1e-5, 0.1, log=True), "step, by the slope"] = 0.003,
    tail: Annotated[float, ga.Bounds(0.01, 1), "of a run that is seen at once"] = 0.3,
    tilt: Annotated[float, ga.Bounds(5, 90), "degrees above the horizon"] = 38,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land = ga.terrain(file, smooth=4)  # a field: (2,) -> (), real elevation data
    page = ga.relief(land, tilt=tilt, height=0.45)  # a view: (..., 2) -> (..., 2)
    ridges = page(ga.grid(110, 1600, box=land.box))  # hidden points are NaN
    places, moment = jax.random.split(key)
    starts = ga.scatter(places, 3 * n, box=land.box)
    runs = ga.descend(land, starts, rate=rate, steps=400)
    heights = ga.value(land, runs)
    best = jnp.argsort(heights[:, -1] - heights[:, 0])[:n]  # those who come down farthest
    tracks = page(ga.resample(runs[best], 300))  # (n, 300, 2)
    setting_off = jax.random.uniform(moment, (n,))

    def frame(u):  # playhead u in [0, 1): only this runs per frame
        head = (u + setting_off) % 1 * (1 + tail)
        return ga.scene(
            ga.lines(ridges, width=0.13, stroke="#33415c"),
            ga.lines(tracks, width=0.12, stroke="#d6336c", alpha=0.2),
            ga.lines(ga.window(tracks, head - tail, head), width=0.4, stroke="#d6336c"),
            paper="#fbfaf6",
        )

    return frame


if __name__ == "__main__":
    ga.main(skiers)
