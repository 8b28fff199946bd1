"""Ridges: the mountains around Jacksboro, Tennessee, drawn by lines that run from west to east.

Every line is the land cut open along one parallel. What stands behind a ridge is hidden, and where
the slope is nothing, on water and on flats, nothing is drawn.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch
def ridges(
    lines: Annotated[int, ga.Bounds(5, 500), "from south to north"] = 160,
    tilt: Annotated[float, ga.Bounds(5, 90), "degrees above the horizon"] = 56.0,
    height: Annotated[float, ga.Bounds(0.05, 3), "of the mountains"] = 1.1,
    flat: Annotated[float, ga.Bounds(0, 5), "a slope that is not drawn any more"] = 0.4,
    smooth: Annotated[float, ga.Bounds(0, 20), "samples that are blurred into one"] = 2.0,
    name: Annotated[str, "of the place, by itself that of the file"] = "",
    country: Annotated[str, "where it is"] = "",
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land, plain = ga.terrain(file, smooth=smooth), ga.terrain(file, smooth=8)
    bare = ga.terrain(file, smooth=0)  # whose heights are those of the file
    if file:
        name = name or file.stem.replace("_", " ")
    else:
        name, country = name or "Jacksboro", country or "Tennessee"
    page = ga.relief(land, tilt=tilt, height=height)
    places = ga.grid(lines, 1500, land.box)
    slope = jnp.linalg.norm(ga.gradient(plain, places), axis=-1)
    blank = (slope < flat) & (ga.value(plain, places) < 0.5)
    profiles = page(jnp.where(blank[..., None], jnp.nan, places))
    low, high = jnp.nanmin(profiles[..., 1]), jnp.nanmax(profiles[..., 1])
    x = land.box[1][0]
    wide = jnp.minimum(90, 225 * x / (high - low))  # half of it, above the name
    foot = 267 - wide / x * (high - low)
    sheet = ga.panel(box=((-x, low), (x, high)), onto=((90 - wide, foot), (90 + wide, 267)))
    ink = ga.rounded(ga.simplify(sheet(profiles), 0.02), 2)
    heights = f"{bare.low:.0f} to {bare.high:.0f} m"
    return ga.scene(
        ga.lines(ink, width=jnp.linspace(0.28, 0.17, lines)),
        ga.text(name.upper(), at=(90, 24), size=12, align="center", tracking=0.32),
        ga.text(country, at=(90, 13), size=6.5, align="center", font="italic"),
        ga.text(heights, at=(90, 3), size=4.8, align="center", fill="#6b675e"),
        box=((0, 0), (180, 267)),
    )


if __name__ == "__main__":
    ga.main(ridges)
