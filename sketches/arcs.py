"""A portrait in fifteen hundred arcs that run along the level lines of its tones.

An arc may choose where it lies, how far it goes, how it bends and how thick it is, but not where
it points: its middle is level on the photograph, as a path around a hill is. By the derivative of
the picture on the sheet the arcs move until they shade the face.
"""

from pathlib import Path
from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a5", seed=5)
def arcs(
    key,
    n: Annotated[int, ga.Bounds(10, 20_000), "arcs"] = 1500,
    length: Annotated[float, ga.Bounds(1, 100), "of the longest arc, half of it, in mm"] = 10.0,
    steps: Annotated[int, ga.Bounds(0, 2000), "that each arc goes"] = 100,
    pen: Annotated[float, ga.Bounds(0.1, 5), "the thickest, in mm"] = 0.65,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's long side, for the fit"] = 448,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, soft, broad = (ga.photograph(file, smooth=s) for s in (1, 9, 20))
    x, y = sharp.box[1]
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 63
    where, which, fit = jax.random.split(key, 3)

    def drawing(p):
        slope = jax.vmap(jax.grad(soft))(p["middle"])
        level = jnp.arctan2(slope[:, 0], -slope[:, 1])
        t = jnp.linspace(-1, 1, 13)[:, None]
        turn = level + jnp.tanh(p["bend"]) * t  # the direction along the arc, within a radian
        way = jnp.stack([jnp.cos(turn), jnp.sin(turn)], -1)  # (13, n, 2)
        reach = length * millimeter * jax.nn.sigmoid(p["reach"])
        pieces = (way[1:] + way[:-1]) * reach[:, None] / 12
        path = jnp.concatenate([jnp.zeros((1, n, 2)), jnp.cumsum(pieces, 0)])
        path = (path - path[6] + p["middle"]).swapaxes(0, 1)
        width = 0.15 + (pen - 0.15) * jax.nn.sigmoid(p["pen"])
        return ga.scene(ga.lines(path, width=width, blend=ga.ink(exposure=1)), box=box)

    def tone(p):
        return 0.2 + 0.8 * jnp.clip(sharp(p) + 0.5 * (sharp(p) - broad(p)), 0, 1)

    places = ga.scatter(where, 20 * n, box)  # of which more are taken where it is dark
    dark = -jnp.log(ga.value(tone, places))
    taken = jax.random.choice(which, 20 * n, (n,), replace=False, p=dark / dark.sum())
    start = {"middle": places[taken]}
    start |= {name: jnp.zeros(n) for name in ("reach", "bend", "pen")}
    sheet = {"page": "a5", "px": pixels, "scales": (0.45, 1.4, 4.5), "rate": 0.3}
    return ga.fit(drawing, tone, start, steps=steps, prune=10, key=fit, **sheet).scene


if __name__ == "__main__":
    ga.main(arcs)
