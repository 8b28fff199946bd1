"""Engraved terrain: mountains drawn with nothing but the way water would run.

Each line follows the gradient, straight down the slope, as mapmakers hatched mountains before
they had gray. It swells where the slope turns away from the light.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def engraved_terrain(
    separation: Annotated[float, ga.Bounds(0.5, 5), "of the lines, in mm"] = 1.0,
    light: Annotated[float, ga.Bounds(-180, 180), "where it comes from, in degrees"] = 135.0,
    relief: Annotated[float, ga.Bounds(0.05, 5), "how much the heights are raised"] = 0.5,
    smooth: Annotated[float, ga.Bounds(0, 20), "samples of blur"] = 8.0,
    file: Annotated[Path | None, "elevation: .hgt, GeoTIFF or .npz"] = None,
):
    land = ga.terrain(file, smooth=smooth)
    box = 0.96 * jnp.array(land.box)  # away from the edge, where a table's slope is cut off
    mm = 2 * 0.96 / 170  # the sheet's width in the land's units
    lines = jnp.asarray(ga.streamlines(land, separation=separation * mm, box=box))
    slope = relief * ga.gradient(land, lines)
    size = jnp.sqrt(1 + (slope**2).sum(-1))
    sun = jnp.deg2rad(light)
    lit = (1 - slope[..., 0] * jnp.cos(sun) - slope[..., 1] * jnp.sin(sun)) / size / jnp.sqrt(2)
    place, count = jnp.arange(lines.shape[1]), jnp.isfinite(lines[..., :1]).sum(1)
    taper = jnp.clip(jnp.minimum(place + 0.5, count - place - 0.5) / 5, 0, 1)
    tone = jnp.clip(1.1 - 1.1 * lit, 0.08, 0.86) * taper
    along = slope / jnp.linalg.norm(slope, axis=-1, keepdims=True)
    left = jnp.stack([-along[..., 1], along[..., 0]], -1) * (tone * separation * mm / 2)[..., None]
    ribbons = jnp.concatenate([(lines + left)[:, ::-1], lines - left], 1)  # out and back
    return ga.scene(ga.polygons(ga.simplify(ribbons, 0.03 * mm)), box=box)


if __name__ == "__main__":
    ga.main(engraved_terrain)
