"""A portrait in one closed line: the pen goes down once, and comes back to where it began.

It begins as a curve that visits every part of the sheet. By the derivative of the picture its nodes
move to where the photograph is dark: as seen from afar at first, and then from nearer and nearer.
"""

from pathlib import Path
from typing import Annotated

import jax.numpy as jnp

import gradart as ga


def around(order):
    """Moore's closed curve through the 4^order cells of the unit square: (4^order, 2)."""
    z = jnp.array([0.5 + 0.5j])
    for _ in range(order - 1):  # Hilbert's, from the lower left to the lower right
        z = jnp.concatenate([1j * z.conj(), z + 1j, z + 1 + 1j, 2 + 1j - 1j * z.conj()]) / 2
    left = (1 + 1j * z) / 2
    z = jnp.concatenate([left, left + 0.5j, 1 + 1j - left, 1 + 0.5j - left])
    return jnp.stack([z.real, z.imag], -1)


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
        for _ in range(2):  # corners are cut: Chaikin (1974)
            following = jnp.roll(nodes, -1, 0)
            nodes = [0.75 * nodes + 0.25 * following, 0.25 * nodes + 0.75 * following]
            nodes = jnp.stack(nodes, 1).reshape(-1, 2)
        return ga.scene(ga.lines(nodes, closed=True, width=pen, blend=ga.ink(exposure=1)), box=box)

    def tone(p):
        return 0.25 + 0.75 * jnp.clip(sharp(p) + 0.5 * (sharp(p) - broad(p)), 0, 1)

    def bends(nodes):
        return jnp.mean((jnp.diff(nodes, 2, axis=0, append=nodes[:2]) / millimeter) ** 2)

    nodes = (2 * around(order) - 1) * jnp.array([x, y])
    for scales, stiff in (((4, 12), 0.01), ((1.5, 4), 0.005), ((0.6, 2), 0.003)):
        near = {"scales": scales, "penalty": lambda nodes, stiff=stiff: stiff * bends(nodes)}
        nodes = ga.fit(drawing, tone, nodes, steps=steps, px=pixels, rate=0.5, **near).parameters
    return drawing(nodes)


if __name__ == "__main__":
    ga.main(one_line)
