"""A portrait engraved: lines that follow the edges of a photograph and swell where it is dark.

A photograph is land seen from above, light is high. Each line walks across the slope and never
climbs, as a path around a hill does, so it turns wherever the face turns. Where the picture is flat
a gentle tilt keeps the lines straight. Tone is nothing but the width of a line.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch
def engraving(
    spacing: Annotated[float, ga.Bounds(0.3, 8), "between the lines, in mm"] = 0.62,
    tilt: Annotated[float, ga.Bounds(0, 20), "0: level lines; more: straighter lines"] = 4.0,
    angle: Annotated[float, ga.Bounds(0, 180), "where the tilt points, in degrees"] = 60.0,
    contrast: Annotated[float, ga.Bounds(0, 2), "of small things to large ones"] = 0.5,
    ink: Annotated[float, ga.Bounds(0.1, 1), "of the spacing, where it is black"] = 0.86,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, soft, broad = (ga.photograph(file, smooth=s) for s in (0.7, 6, 25))
    x, y = sharp.box[1]
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 90
    slope = tilt * jnp.array([jnp.cos(jnp.radians(angle)), jnp.sin(jnp.radians(angle))])

    def land(p):  # what the lines are level on
        return soft(p) + slope @ p

    def dark(p):
        tone = sharp(p)
        tone = tone + contrast * (tone - soft(p)) + contrast * (tone - broad(p))
        return jnp.clip(0.95 - tone, 0, 1) ** 1.2

    paths = jnp.asarray(
        ga.streamlines(land, separation=spacing * millimeter, across=True, box=box, nearest=0.6)
    )
    uphill = ga.gradient(land, paths)
    normal = uphill / jnp.linalg.norm(uphill, axis=-1, keepdims=True)
    width = spacing * millimeter * (0.05 + (ink - 0.05) * ga.value(dark, paths))
    swell = normal * width[..., None] / 2
    strokes = jnp.concatenate([(paths - swell)[:, ::-1], paths + swell], 1)  # there and back
    sheet = ga.panel(box=box, onto=((0, 0), (180, 180 * y / x)))  # in mm
    return ga.scene(
        ga.polygons(ga.rounded(ga.simplify(sheet(strokes), 0.035), 2)), box=((0, 0), (180, 267))
    )


if __name__ == "__main__":
    ga.main(engraving)
