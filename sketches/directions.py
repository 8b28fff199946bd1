"""Directions: standing at one point of a mountain, how steep is it every way one could go?

Uphill it is steepest, and level to both sides. Every way between, the slope is the dot product of
the gradient with that direction: drawn around the point, always a pair of circles.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True)
def directions(
    x: Annotated[float, ga.Bounds(-1, 1), "where one stands, to the east"] = -0.342,
    y: Annotated[float, ga.Bounds(-1, 1), "where one stands, to the north"] = -0.392,
    reach: Annotated[float, ga.Bounds(0.02, 1), "how far one sees"] = 0.18,
    roses: Annotated[int, ga.Bounds(2, 40), "on the map, from west to east"] = 7,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land, here = ga.terrain(file, smooth=4), jnp.array([x, y])
    center, r, around = jnp.array([62, 90.0]), 62, jnp.stack([here - reach, here + reach])
    east, north = land.box[1]
    middle, half = jnp.array([205, 90.0]), jnp.array(land.box[1]) * min(62 / east, 69 / north)
    near = ga.panel(box=around, onto=(center - r, center + r))  # onto the sheet, in mm
    far = ga.panel(box=land.box, onto=(middle - half, middle + half))
    uphill = ga.gradient(land, here)
    steep = jnp.linalg.norm(uphill)

    def rose(feet, view, size, n, width):
        a = jnp.linspace(0, 2 * jnp.pi, n + 1)
        feet, v = jnp.broadcast_arrays(feet[..., None, :], jnp.stack([jnp.cos(a), jnp.sin(a)], -1))
        slope, at = ga.along(land, feet, v), view(feet)  # the derivative that way
        dot = (ga.gradient(land, feet) * v).sum(-1)  # and the dot product, which is the same
        spoke, rim = (ga.rounded(at + size * jnp.abs(s)[..., None] * v, 2) for s in (slope, dot))
        tint = jnp.where(slope[..., None] > 0, ga.color("#c2410c"), ga.color("#1d4e89"))
        yield ga.segments(at, spoke, width=width / 3, stroke=tint)
        yield ga.segments(rim[..., :-1, :], rim[..., 1:, :], width=width, stroke=tint[..., 1:, :])
        yield ga.dots(at[..., 0, :], 1.6 * width)

    def label(word, way, tint):
        at = center + (r + 6) * way / steep
        return ga.text(word, at, size=6, align="center", valign="middle", fill=tint)

    levels = near(ga.contours(land, jnp.arange(0, 1, 0.015), box=around, resolution=300))
    seen = jnp.linalg.norm(levels - center, axis=-1, keepdims=True) < r
    close, wide = jnp.where(seen, levels, jnp.nan), far(ga.contours(land, 12, resolution=250))
    up, down = "up", "down"  # of heights without a scale
    if land.meters:
        percent = f"{100 * steep * (land.high - land.low) / land.meters:.0f} %"
        up, down = f"+{percent}", f"−{percent}"
    level = uphill[::-1] * jnp.array([-1, 1])  # at right angles to the gradient
    return ga.scene(
        ga.lines(ga.simplify(close, 0.02), width=0.12, stroke="#8a8578"),
        ga.lines(ga.simplify(wide, 0.02), width=0.12, stroke="#8a8578"),
        list(rose(here, near, 0.9 * r / steep, 144, 0.6)),
        list(rose(ga.grid(roses, roses, 0.86 * jnp.array(land.box)), far, 13 / roses, 36, 0.32)),
        ga.dots(far(here), 1.6, fill=None, stroke="#1B1B1E", width=0.5),
        [label(up, uphill, "#c2410c"), label("0", level, "#8a8578")],
        [label(down, -uphill, "#1d4e89"), label("0", -level, "#8a8578")],
        ga.text(r"slope toward $v\, =\, \nabla f \cdot v$", at=(267, 13), size=6, align="right"),
        box=((0, 0), (267, 180)),
    )


if __name__ == "__main__":
    ga.main(directions)
