"""Circles packed into a circle: each is as large as there is room where it fell.

After Jared Tarbell, "Circle packing" (2003), and Apollonius, who asked it first.
"""

from typing import Annotated

import gradart as ga

INKS = "#1b1b1e", "#3f5e5a", "#1b1b1e", "#e8c07d", "#1b1b1e", "#c2410c", "#1b1b1e"


@ga.sketch(page="square", seed=3)
def packing(
    key,
    n: Annotated[int, ga.Bounds(1, 20_000), "circles at most"] = 3000,
    smallest: Annotated[float, ga.Bounds(0.003, 0.1), "radius, of the whole's"] = 0.006,
    largest: Annotated[float, ga.Bounds(0.01, 0.6), "radius, of the whole's"] = 0.24,
    gap: Annotated[float, ga.Bounds(0, 0.05), "between two"] = 0.004,
):
    sizes = min(smallest, largest), largest
    centers, radii = ga.pack(key, ga.fields.disk(1), sizes, n, gap=gap)
    fill = [INKS[k % len(INKS)] for k in range(len(radii))]
    return ga.scene(ga.circles(centers, radii, fill=fill, stroke=None))


if __name__ == "__main__":
    ga.main(packing)
