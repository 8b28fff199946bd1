"""Skiers: many gradient descents down the same mountains, as a film."""

from pathlib import Path
from typing import Annotated

import gradart as ga


@ga.sketch(seconds=4, at=0.5)
def skiers(
    key,
    n: Annotated[int, ga.Bounds(1, 5000), "skiers"] = 150,
    rate=0.01,
    steps=400,
    tail=0.2,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land = ga.terrain(file)  # a field: (2,) -> (), real elevation data
    page = ga.relief(land, tilt=35, height=0.7)  # a view: (..., 2) -> (..., 2); hidden points are NaN
    start = ga.scatter(key, n, box=land.box)
    ridges = page(ga.grid(70, 400, box=land.box))  # (70, 400, 2)
    tracks = page(ga.descend(land, start, rate=rate, steps=steps))  # (n, steps + 1, 2)

    def frame(u):  # playhead u in [0, 1): only this runs per frame
        head = u * (1 + tail)
        return ga.scene(
            ga.lines(ridges, width=0.2),
            ga.lines(ga.window(tracks, head - tail, head), width=0.7, stroke="#d6336c"),
            paper="#fbfaf6",
        )

    return frame


if __name__ == "__main__":
    ga.main(skiers)
