"""Mountains: one land, and four ways to look at it.

A height for every place is a function of two numbers. Colors and level lines show the height, light
and arrows its slope: each arrow points straight uphill, and is as long as the hill is steep there.
"""

from pathlib import Path
from typing import Annotated, Literal

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="200x222mm")
def mountains(
    look: Annotated[Literal["all", "height", "light", "slope", "relief"], "one of them"] = "all",
    arrows: Annotated[int, ga.Bounds(5, 120), "from west to east"] = 58,
    ridges: Annotated[int, ga.Bounds(5, 400), "lines of the relief"] = 100,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land = ga.terrain(file, smooth=2.5)
    box, (width, length) = land.box, land.box[1]
    cells = ga.grid(round(420 * length / width), 420, box)

    def height(view):
        tint = ga.ramp("#4f7368", "#9db08a", "#e6d9b0", "#d9a441", "#b4551f", "#7c2d12")
        levels = ga.simplify(ga.contours(land, 20, resolution=300), 0.0007)
        yield ga.raster(tint(ga.value(land, cells)), view(box))
        yield ga.lines(jnp.round(view(levels), 2), width=0.1, alpha=0.75)

    def light(view):
        uphill, sun = 0.13 * ga.gradient(land, cells), jnp.array([-1, 1, 1.2])
        lit = (sun[2] - uphill @ sun[:2]) / jnp.sqrt(1 + (uphill**2).sum(-1)) / 1.86  # a cosine
        yield ga.raster(ga.ramp("#1b1b1e", "#6f6c68", "#d8d2c4", "#fffdf6")(lit), view(box))

    def slope(view):
        gap = 2 * width / arrows
        foot = ga.grid(round(arrows * length / width), arrows, (1 - gap) * jnp.array(box))
        up = ga.gradient(land, foot) + 1e-9  # so that on a level sea there is a side, too
        side = gap * up[..., ::-1] * jnp.array([-0.1, 0.1]) / ga.safe_norm(up, keepdims=True)
        needles = jnp.stack([foot + side, foot + 0.24 * gap * up, foot - side], -2)
        yield ga.polygons(jnp.round(view(needles), 2), fill="#c2410c")

    def relief(view):
        lines = ga.relief(land, tilt=53, height=0.8)(ga.grid(ridges, 900, box))
        lines = lines - jnp.array([0, jnp.nanmin(lines[..., 1]) + length])
        yield ga.lines(jnp.round(view(ga.simplify(lines, 0.0004)), 2), width=0.16)

    looks = [one for one in (height, light, slope, relief) if look in ("all", one.__name__)]
    w, marks = 82 if look == "all" else 170, []
    for k, draw in enumerate(looks):
        x, y = k % 2 * (w + 6), -(k // 2) * (w * length / width + 10)
        view = ga.panel(box=box, onto=((x, y), (x + w, y + w * length / width)))
        marks += [*draw(view), ga.text(draw.__name__, at=(x, y - 5.2), font="italic")]
    return ga.scene(marks)


if __name__ == "__main__":
    ga.main(mountains)
