"""All cube roots of each number, one above the other: three sheets that are one, a pen to each.

Once around zero, and a root has become another; three times, and it is the first again. So no color
can keep to its own sheet: it ends at the branch cut, above the negative numbers, and the next one
goes on. The height is the real part of the root. What is seen from below is hatched twice as dense.
"""

from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np

import gradart as ga

INKS = ("#1b1b1e", "#c2410c", "#1d4e89", "#c08a2c", "#2a6f6b", "#5b2a4a")


@ga.sketch(page="a4")
def riemann(
    order: Annotated[int, ga.Bounds(2, 6), "of the root, and how many sheets it has"] = 3,
    height: Annotated[float, ga.Bounds(0.3, 3), "of the real part, in radii"] = 1.5,
    rings: Annotated[int, ga.Bounds(3, 60), "on a sheet"] = 20,
    rays: Annotated[int, ga.Bounds(3, 60), "on a sheet"] = 30,
    azimuth: Annotated[float, ga.Bounds(-180, 180), "of the eye, in degrees"] = 100.0,
    elevation: Annotated[float, ga.Bounds(-90, 90), "of the eye, in degrees"] = 26.0,
):
    def sheets(p):  # a map of the root's size and direction: (2,) -> (3,)
        root = p[0] * jnp.exp(1j * p[1])
        z = root**order
        return jnp.stack([z.real, z.imag, height * root.real])

    half = np.pi / order  # of a sheet's turn
    body = ga.surface(sheets, box=((0, -half), (1, 2 * np.pi - half)))
    eye = ga.camera(azimuth, elevation, distance=6)
    seen = ga.opaque(body, eye)
    at, up = (jax.jit(jnp.vectorize(f, signature="(n)->(m)")) for f in (sheets, body.normal))
    # Rings from the rim inward, rays from the cut around: every other one is for below alone.
    sizes = np.linspace(1, 0, 2 * rings, endpoint=False) ** (1 / order)
    around = np.meshgrid(sizes, np.linspace(-half, half, 121), indexing="ij")
    turns = np.linspace(-half, half, 2 * rays + 1)
    outward = np.meshgrid(np.linspace(0.002 ** (1 / order), 1, 121), turns)
    net = np.concatenate([np.stack(x, -1) for x in (around, outward)])
    extra = np.arange(len(net))[:, None, None] % 2 == 1
    marks = []
    for k in range(order):
        points, normals = (f(net + np.array([0, 2 * half * k])) for f in (at, up))
        below = (normals * eye.way(points)).sum(-1, keepdims=True) < 0
        lines = seen(jnp.where(extra & ~below, jnp.nan, points))
        rim, cut = lines[0], lines[2 * rings]
        marks += [
            ga.lines(lines, width=0.15, stroke=INKS[k]),
            ga.lines([rim, cut], width=0.7, stroke=INKS[k]),
        ]
    return ga.scene(marks, ga.lines(seen(ga.silhouettes(body, eye)), width=0.35))


if __name__ == "__main__":
    ga.main(riemann)
