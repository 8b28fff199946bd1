"""A path down a map: it bends, finds a small valley and follows it into the large one.

The lines join places of equal height. The gradient points straight across them, uphill, and each
dot is a step the other way. No step knows of the valley; all the same the path finds it.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


def land(p):
    x, y = p
    course = 0.35 + 0.45 * x + 0.4 * jnp.sin(2 * x)
    there = 1 / ((1 + jnp.exp(4 * x - 8)) * (1 + jnp.exp(-4 * x - 6.4)))
    small = 0.5 * there * jnp.exp(-(((y - course) / 0.3) ** 2))
    large = 2.4 * jnp.exp(-(((x + 1.9) / 1.25) ** 2) - ((0.35 * x + y + 1.2) / 0.85) ** 2)
    other = 1.5 * jnp.exp(-((x - 2.1) ** 2) - ((y + 0.95) / 0.9) ** 2)
    return 0.3 * x + 0.22 * y + 0.07 * x**2 + 0.12 * y**2 - small - large - other


@ga.sketch(page="a4", landscape=True, seconds=6, at=0.75)
def descent_2d(
    x: Annotated[float, ga.Bounds(-3.7, 3.7), "the start, to the right"] = 2.35,
    y: Annotated[float, ga.Bounds(-2.5, 2.5), "the start, upward"] = 2.15,
    rate: Annotated[float, ga.Bounds(0.005, 0.1, log=True), "step, by the slope"] = 0.06,
):
    box = ((-3.72, -2.5), (3.72, 2.5))
    pens = jnp.where(jnp.arange(55) % 5 == 2, 0.26, 0.12)
    levels = ga.simplify(ga.contours(land, 55, box=box, resolution=400), 0.0005)
    sheet = [ga.lines(levels, width=pens, stroke="#8a8578")]
    style = {"size": 5, "font": "italic", "align": "center", "valign": "middle"}
    for words, place, half, turn in (
        ("a small valley", (-0.5, 0.48), (0.25, 0.25), 45),
        ("the large one", (-1.75, -1.3), (0.34, -0.05), -8),
    ):
        gap = jnp.array(place) + jnp.array([[-1], [1]]) * jnp.array(half)  # as on a map
        name = ga.text(words, place, rotate=turn, **style)
        sheet += [ga.lines(gap, width=6.5, stroke="#f7f4ed"), name]
    path, part = ga.descend(land, jnp.array([x, y]), rate=rate, steps=200), jnp.linspace(0, 1, 201)

    def frame(u):
        head, tail = ga.ease(u, 0, 0.72), ga.ease(u, 0.84, 0.99)
        seen = ga.ease(u, 0, 0.03) - ga.ease(u, 0.94, 1)
        here = jnp.array([jnp.interp(head, part, path[:, i]) for i in (0, 1)])
        return ga.scene(
            sheet,
            ga.dots((x, y), 1.2, fill=None, stroke="#c2410c"),
            ga.lines(ga.window(path, tail, head), width=0.35, stroke="#c2410c"),
            ga.dots(path, 0.55, fill="#c2410c", alpha=(part <= head) & (part >= tail)),
            ga.dots(here, 1.3, fill="#c2410c", alpha=seen),
            box=box,
        )

    return frame


if __name__ == "__main__":
    ga.main(descent_2d)
