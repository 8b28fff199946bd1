"""A complex function and all its derivatives, until one zero is left.

At each point the color says in which direction the value lies, and every contour of shade that it
is twice as large. Where all colors meet, there is a zero, with a dot. Each derivative has one fewer
than the function above it, always within the polygon that those span: so found Gauss, and Lucas.
"""

from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np
from scipy import spatial, special

import gradart as ga

ZEROS = ((-0.72, 0.3), (-0.3, -0.62), (0.1, 0.7), (0.4, -0.12), (0.74, 0.34), (0.5, -0.62))
WHEEL = ga.ramp("#1f4e79", "#6fa3b8", "#f0e4cb", "#d9a441", "#b5482f", "#5a2a45", "#1f4e79")


@ga.sketch(page="a4")
def domain_coloring(
    orders: Annotated[int, ga.Bounds(0, 5), "the highest derivative"] = 5,
    columns: Annotated[int, ga.Bounds(1, 6), "of disks"] = 2,
    pixels: Annotated[int, ga.Bounds(50, 2000), "across a disk"] = 500,
    depth: Annotated[float, ga.Bounds(0, 1), "of the shade"] = 0.2,
):
    def f(p):  # the polynomial with these zeros, as a map: (2,) -> (2,)
        w = jnp.prod(jnp.array([p[0] - x + 1j * (p[1] - y) for x, y in ZEROS]))
        return jnp.array([w.real, w.imag])

    n, box = len(ZEROS), np.array([(-1.2, -1.2), (1.2, 1.2)])
    with jax.ensure_compile_time_eval():  # what zeros are found of
        each = np.array(ga.jet(f, jnp.zeros(2), jnp.array([1.0, 0.0]), n)) @ np.array([1, 1j])
    sizes = special.factorial(np.arange(n + 1))
    marks, above = [], np.empty((0, 2))
    for k in range(orders + 1):
        terms = np.pad(each[k:], (0, k)) / sizes  # of Taylor's series
        place = jnp.array([2.65 * (k % columns), -2.75 * (k // columns)])

        def g(z, terms=terms):  # that derivative, transparent outside of the disk
            return jnp.where(jnp.abs(z) < 1.2, jnp.polyval(terms[::-1], z), jnp.nan)

        zeros, _ = ga.zeros_and_poles(g, box)
        disk = ga.domain_coloring(g, box, wheel=WHEEL, depth=depth, resolution=pixels)
        span = above[spatial.ConvexHull(above).vertices] if len(above) > 2 else above
        name = "$f" + (k * "'" if k < 4 else f"^{{({k})}}") + "$"
        marks += [
            ga.raster(disk.shape.pixels, box + place),
            ga.circles(place, 1.2, stroke="#f7f4ed", width=0.5),
            ga.lines(span + place, closed=True, stroke="#f7f4ed", width=0.25) if k else None,
            ga.dots(zeros + place, 0.9, fill="#f7f4ed"),
            ga.text(name, place - jnp.array([0, 1.42]), size=7, align="center"),
        ]
        above = zeros
    return ga.scene([marks[pen::5] for pen in range(5)])  # a pen after the other


if __name__ == "__main__":
    ga.main(domain_coloring)
