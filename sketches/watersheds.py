"""Watersheds: a mountain range's ridges in brown, its valleys in blue; they cross in passes alone.

From each pass two lines climb to summits, and two fall into valleys; heavy are those that lead to
what stands out. A label is a height, and how far the summit rises above its pass.
"""

from pathlib import Path
from typing import Annotated

import numpy as np

import gradart as ga

PEAKS = {"name": ["Cross Mountain"], "longitude": [-84.23056], "latitude": [36.19833]}
PENS = ((0.003, 0.06), (0.012, 0.11), (0.05, 0.25), (0.15, 0.52))  # prominence, of all; a width


@ga.sketch
def watersheds(
    least: Annotated[float, ga.Bounds(1, 5000), "prominence of a summit with a label, in m"] = 100,
    title: Annotated[str, "of the range"] = "Cumberland Mountains",
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
    peaks: Annotated[Path | None, "a CSV with columns name, longitude, latitude"] = None,
):
    land, bare = ga.terrain(file, smooth=1.5), ga.terrain(file, smooth=0)
    web = ga.morse_smale(land)
    tall = 180 * np.divide(*np.ptp(web.box, axis=0)[::-1])
    sheet = ga.panel(box=web.box, onto=((0, -tall), (180, 0)))  # in mm
    left = [(web.simplified(share), width) for share, width in PENS]
    marks = [ga.lines(sheet(x.valleys), width=0.8 * w, stroke="#33739b") for x, w in left]
    marks += [ga.lines(sheet(x.ridges), width=w, stroke="#43301f") for x, w in left]
    at, heavy, names = *(np.asarray(sheet(x)) for x in (web.maxima, left[2][0].ridges)), {}
    tops = np.asarray(bare.low + (bare.high - bare.low) * ga.value(bare, web.maxima))
    if peaks or not file:
        known = ga.table(peaks) if peaks else PEAKS
        places = np.asarray(sheet(land.place(known["longitude"], known["latitude"])))
        away = np.linalg.norm(at[:, None] - places, axis=-1)
        names = {i: known["name"][j] for j, i in enumerate(away.argmin(0)) if away[i, j] < 5}
    rises = (land.high - land.low) * web.prominences
    inner = (np.abs(at - [90, -tall / 2]) < [85, tall / 2 - 5]).all(1)
    high = np.flatnonzero(inner & (rises > least))
    high = [*names, *(i for i in high[np.argsort(-rises[high])] if i not in names)]
    above = {i: f" ↑{rises[i]:.0f}" if web.key_saddles[i] >= 0 else "" for i in high}
    texts = [f"{names.get(i, '')}\n{tops[i]:.0f}{x}".strip() for i, x in above.items()]
    where = {"gap": 1.8, "box": ((0, -tall), (180, 0)), "avoid": heavy}
    called = ga.labels(texts, at[high], **where, size=2.8, fill="#b23a1c")
    marks += [
        ga.polygons(called.boxes, fill="#f5f0e6", alpha=0.8),
        ga.dots(at[high][called.placed], 0.9, fill="#b23a1c", stroke="#f5f0e6"),
        called.texts,
    ]
    marks += [ga.text(f"{bare.low:.0f} to {bare.high:.0f} m", (90, -tall - 31), align="center")]
    marks += [ga.text(title.upper(), (90, -tall - 21), size=7.5, align="center", tracking=0.3)]
    return ga.scene(marks, paper="#f5f0e6", box=((0, -tall - 33), (180, 0)))


if __name__ == "__main__":
    ga.main(watersheds)
