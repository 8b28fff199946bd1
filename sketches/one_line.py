"""A portrait in one closed line: the pen goes down once, and comes back to where it began.

It begins as a curve that visits every part of the sheet. Then the picture is differentiated by all
of its nodes: at first they are only asked to be dark where the photograph is dark as seen from
afar, then from nearer and nearer. A penalty on bends keeps the line a line.
"""

import functools
from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


def around(order):
    """Moore's closed curve through the 4^order cells of the unit square: (4^order, 2)."""
    half = jnp.array([[0.5, 0.5]])
    for _ in range(order - 1):  # Hilbert's, from the lower left to the lower right
        low, flip = half / 2, half[:, ::-1] / 2
        last = jnp.array([1.0, 0.5]) - flip
        half = jnp.concatenate([flip, low + jnp.array([0, 0.5]), low + 0.5, last])
    left = jnp.stack([1 - half[:, 1], half[:, 0]], -1) / 2
    left = jnp.concatenate([left, left + jnp.array([0, 0.5])])
    return jnp.concatenate([left, 1 - left])


def rounded(nodes):
    """A closed polygon's corners (n, 2) cut to those of a smoother one (2n, 2): Chaikin (1974)."""
    following = jnp.roll(nodes, -1, 0)
    return jnp.stack([0.75 * nodes + 0.25 * following, 0.25 * nodes + 0.75 * following], 1)


@ga.sketch
def one_line(
    order: Annotated[int, ga.Bounds(2, 9), "4^order nodes"] = 7,
    steps: Annotated[int, ga.Bounds(0, 2000), "of each of three passes"] = 70,
    pen: Annotated[float, ga.Bounds(0.1, 2), "in mm"] = 0.3,
    pixels: Annotated[int, ga.Bounds(64, 4096), "of the sheet's long side, for the fit"] = 768,
    file: Annotated[Path | None, "a picture: PNG, JPEG, TIFF, WebP"] = None,
):
    sharp, broad = ga.photograph(file, smooth=1), ga.photograph(file, smooth=20)
    x, y = sharp.box[1]
    x, y = min(x, y * 180 / 267), min(y, x * 267 / 180)  # the middle, in the sheet's proportions
    box, millimeter = ((-x, -y), (x, y)), x / 90

    def drawing(nodes):
        line = rounded(rounded(nodes).reshape(-1, 2)).reshape(-1, 2)
        return ga.scene(ga.lines(line, closed=True, width=pen, blend=ga.ink(exposure=1)), box=box)

    def tone(p):
        return 0.25 + 0.75 * jnp.clip(sharp(p) + 0.5 * (sharp(p) - broad(p)), 0, 1)

    def bends(nodes, stiff):
        turn = jnp.roll(nodes, 1, 0) - 2 * nodes + jnp.roll(nodes, -1, 0)
        return stiff * jnp.mean((turn / millimeter) ** 2)

    nodes = (2 * around(order) - 1) * jnp.array([x, y])
    for scales, stiff in (((4, 12), 0.01), ((1.5, 4), 0.005), ((0.6, 2), 0.003)):
        penalty = functools.partial(bends, stiff=stiff)
        nodes = ga.fit(
            drawing, tone, nodes, steps=steps, scales=scales, penalty=penalty, px=pixels, rate=0.5
        ).parameters
    return drawing(nodes)


if __name__ == "__main__":
    ga.main(one_line)
