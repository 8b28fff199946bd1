"""A complex function and all its derivatives, until one zero is left.

At each point the color says in which direction the value lies, and every contour of shade that it
is twice as large. Where all colors meet, it is zero. Each derivative has one zero fewer than
the function above it, always within the polygon that those span: so found Gauss, and Lucas.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

ZEROS = ((-0.72, 0.3), (-0.3, -0.62), (0.1, 0.7), (0.4, -0.12), (0.74, 0.34), (0.5, -0.62))
WHEEL = ("#23466f", "#8fb4c8", "#f3ead6", "#dcab5c", "#b5482f", "#4d2a4a", "#23466f")


@ga.sketch(page="a4")
def domain_coloring(
    orders: Annotated[int, ga.Bounds(0, 5), "the highest derivative"] = 5,
    columns: Annotated[int, ga.Bounds(1, 6), "of disks"] = 2,
    pixels: Annotated[int, ga.Bounds(50, 2000), "across a disk"] = 500,
    depth: Annotated[float, ga.Bounds(0, 1), "of the shade"] = 0.3,
):
    def f(p):  # the polynomial with these zeros, as a map: (2,) -> (2,)
        w = jnp.prod(jnp.array([p[0] - x + 1j * (p[1] - y) for x, y in ZEROS]))
        return jnp.array([w.real, w.imag])

    box = jnp.array([(-1.2, -1.2), (1.2, 1.2)])
    plane = ga.grid(2 * pixels, 2 * pixels, box)
    inside = jnp.linalg.norm(plane, axis=-1) < 1.2
    marks = []
    for k, w in enumerate(ga.jet(f, plane, jnp.array([1.0, 0.0]), orders)):
        color = ga.ramp(*WHEEL)(jnp.arctan2(w[..., 1], w[..., 0]) / (2 * jnp.pi) % 1)
        shade = 1 - depth * (-jnp.log2(jnp.linalg.norm(w, axis=-1)) % 1)
        picture = jnp.dstack([color[..., :3] * shade[..., None], inside])
        picture = picture.reshape(pixels, 2, pixels, 2, 4).mean((1, 3))  # no jagged edges
        place = jnp.array([2.65 * (k % columns), -2.75 * (k // columns)])
        marks.append(ga.raster(picture, box + place))
        name = "$f" + (k * "'" if k < 4 else f"^{{({k})}}") + "$"
        marks.append(ga.text(name, place - jnp.array([0, 1.42]), size=7, align="center"))
    return ga.scene(marks)


if __name__ == "__main__":
    ga.main(domain_coloring)
