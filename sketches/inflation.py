"""A sentence with three derivatives: the rate of increase of inflation is decreasing.

Prices are a curve. Inflation is its derivative, the rate of increase of inflation is the derivative
of that, and "is decreasing" says that a third one is negative. Between the strands the sentence is
true. It sounds like good news, and prices climb ever more steeply.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INK, RUST, BLUE, OCHRE, GRAY = "#1b1b1e", "#c2410c", "#1d4e89", "#d9a441", "#8a8578"


@ga.sketch
def inflation(
    usual: Annotated[float, ga.Bounds(0, 5), "inflation in quiet years, points a year"] = 1.0,
    shock: Annotated[float, ga.Bounds(1, 20), "what comes on top of it, at its height"] = 9.0,
    years: Annotated[float, ga.Bounds(0.5, 2.5), "how long the shock lasts"] = 2.0,
    strands: Annotated[int, ga.Bounds(100, 1500), "in all of the twelve years"] = 350,
):
    def prices(t):
        return 100 + usual * (t + 6) + shock * years * (1 + jnp.tanh(t / years))

    t = jnp.linspace(-6, 6, strands)
    graphs = ga.jet(prices, t, order=3)  # (4, strands)
    true = (graphs[2] > 0) & (graphs[3] < 0)
    floors, over = jnp.array([176, 122, 84, 32]), graphs.at[0].add(-100)
    y = floors[:, None] + over * (jnp.array([78, 40, 26, 26]) / jnp.abs(over).max(1))[:, None]
    x = 14.5 * (t + 6)
    curves = jnp.stack(jnp.broadcast_arrays(x, y), -1)  # (4, strands, 2)
    now = jnp.median(jnp.flatnonzero(true)).astype(int)
    said = "prices", "inflation", "the rate of increase\nof inflation", "decreasing:\nbelow zero"
    units = "", " a year", " a year, each year", " a year, each year, each year"

    def graph(k, ink):
        dot, number = curves[k, now], f"${graphs[k, now]:{'+.1f' if k else '.0f'}}$" + units[k]
        side, align = (x[true][-1] + 2.5, "left") if k == 2 else (x[true][0] - 2.5, "right")
        return [
            ga.segments((0, floors[k]), (174, floors[k]), width=0.12, stroke=GRAY),
            ga.lines(curves[k], width=0.35, stroke=ink),
            ga.lines(curves[k][true], width=0.9, stroke=ink),
            ga.dots(dot, 0.9, fill=ink),
            ga.text(said[k], (0, floors[k] + 8 + 6 * (k > 1)), size=5.2, fill=ink),
            ga.text(number, (side, dot[1] - 1.2), size=4.6, align=align, fill=ink),
        ]

    return ga.scene(
        ga.segments(curves[0][true], curves[3][true], width=0.12, stroke=GRAY, alpha=0.6),
        [graph(k, ink) for k, ink in enumerate((INK, RUST, BLUE, OCHRE))],
        ga.text("The rate of increase", (0, 246), size=11, fill=BLUE),
        ga.text("of inflation", (0, 232), size=11, fill=RUST),
        ga.text("is decreasing.", (0, 218), size=11, fill=OCHRE),
    )


if __name__ == "__main__":
    ga.main(inflation)
