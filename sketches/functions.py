"""Functions: a number goes in, a number comes out.

Three programs take the same numbers, evenly spaced along the bottom, and answer each with a height.
Carried to the side, the answers are no longer evenly spaced: they crowd where the curve is flat and
part where it is steep. How much they part is what a derivative tells.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga

PROGRAMS = {  # each with the answers to be shown
    "x^2": (jnp.square, 0, 9),
    r"\sin\,x": (jnp.sin, -1, 1),
    r"\tanh\,x": (jnp.tanh, -1, 1),
}


@ga.sketch(page="a4")
def functions(
    samples: Annotated[int, ga.Bounds(2, 200), "numbers that go in"] = 101,
    x: Annotated[float, ga.Bounds(-3, 3), "the number that is followed"] = 1.5,
):
    gray = {"stroke": "#8a8578", "width": 0.12}
    numbers = jnp.linspace(-3, 3, samples)
    below = jnp.array([142 * (x + 3) / 6, -9])
    marks = [
        ga.text("$x =$", below, size=6.5, align="right"),
        ga.digits(x, below, size=6.5, decimals=2),
    ]
    for k, (name, (program, low, high)) in enumerate(PROGRAMS.items()):
        bottom = 178 - 89 * k
        graph = ga.panel(box=((-3, low), (3, high)), onto=((0, bottom), (142, bottom + 75)))

        def at(x, y, graph=graph):
            return graph(jnp.stack(jnp.broadcast_arrays(x, y), -1))

        outputs, y = jax.vmap(program)(numbers), program(x)
        feet, curve, sides = at(numbers, low), at(numbers, outputs), at(3, outputs)
        way = jnp.stack([at(x, low), at(x, y), at(3, y)])
        marks += [
            ga.segments(feet, curve, **gray),
            ga.segments(curve, sides, **gray),
            ga.dots(jnp.concatenate([feet, sides]), 0.3),
            ga.dots(curve, 0.6),
            ga.lines(way, width=0.6, stroke="#d9a441"),
            ga.dots(way, 1.1, fill="#d9a441"),
            ga.text(f"${name}$", way[2] + jnp.array([4, 2.2]), size=6.5),
            ga.text("$=$", way[2] + jnp.array([4.2, -6.6]), size=6.5),
            ga.digits(y, way[2] + jnp.array([11, -6.6]), size=6.5, decimals=3),
        ]
    return ga.scene(marks, box=((0, -10), (174, 253)))


if __name__ == "__main__":
    ga.main(functions)
