"""An approximation: rise over run, with a run that shrinks.

Each dot is how far the slope of x squared comes out wrong with one run. A smaller run does better,
but soon rounding takes over, and in the end nothing is right. Best is a run of about 0.00000001;
its slopes stand in figures. The exact derivative is not wrong at all: its line lies at the foot.
"""

from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np

import gradart as ga


def secant(x, run):  # of x squared, in the precision of x and run
    return ((x + run) * (x + run) - x * x) / run


@ga.sketch(page="square")
def approximation(
    x: Annotated[float, ga.Bounds(0.1, 10), "where the slope is taken"] = 2.0,
    run: Annotated[float, ga.Bounds(1e-16, 1, log=True), "of the slopes in figures"] = 1e-8,
    runs: Annotated[int, ga.Bounds(2, 20000), "how many are tried"] = 4000,
):
    foot = -15.5  # of the axis of errors, as a power of ten; where there is none, it is drawn here
    exact = jax.grad(jnp.square)
    x = jax.lax.stop_gradient(x)  # what is drawn is rounding, and that has no slope
    graph = ga.panel(box=((-17, foot), (0, 0.7)), onto=((0, 8), (170, 170)))

    def errors(precision):
        steps = np.logspace(-17, 0, runs).astype(precision)
        error = np.abs(secant(precision(x), steps) - exact(precision(x)))
        return graph(np.log10([steps, np.maximum(error, precision(10**foot))]).T)

    def label(string, at, size=3.4, fill="#8a8578", **style):
        return ga.text(string, at, size=size, fill=fill, **style)

    marks = [label("error", graph((-17, 0)), valign="middle"), label("run", (0, 0))]
    for k in (-4, -8):
        marks.append(label(f"$10^{{{k}}}$", graph((-17, k)), valign="middle"))
        marks.append(label(f"$10^{{{k}}}$", (10 * k + 170, 0), align="center"))
    for at, y in ((2.0, 45), (-3.0, 27)):
        marks.append(label(f"slope at ${at:g}$", (0, y)))
        marks.append(label(f"${secant(at, run):.15f}$", (143, y), 12, "#1d4e89", align="right"))
        marks.append(label(f"${exact(at):g}$", (170, y), 12, "#c2410c", align="right"))
    return ga.scene(
        ga.dots(errors(np.float32), 0.25, fill="#d9a441"),
        ga.dots(errors(np.float64), 0.25, fill="#1d4e89"),
        ga.lines(graph([(-17, foot), (0, foot)]), width=0.6, stroke="#c2410c"),
        label("float64", graph((-12.2, -2.3)), 5, "#1d4e89", rotate=-45),
        label("float32", graph((-5.2, -0.5)), 5, "#d9a441", rotate=-45),
        label("exact: 0", (170, 0), 5, "#c2410c", align="right"),
        marks,
        box=((0, 0), (170, 170)),
    )


if __name__ == "__main__":
    ga.main(approximation)
