"""The sign of a derivative: where a curve rises, its derivative is positive.

Follow the strands down from the curve: red where it climbs, blue where it falls, none at a turn.
Follow them up: the derivative of the derivative is positive where the curve bends upward, like a
cup, and negative where it bends downward, like a cap.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INK, RUST, BLUE, OCHRE, GRAY = "#1b1b1e", "#c2410c", "#1d4e89", "#d9a441", "#8a8578"


@ga.sketch(page="a4", landscape=True)
def signs(
    strands: Annotated[int, ga.Bounds(60, 1200), "from the curve to its derivatives"] = 430,
    second: Annotated[float, ga.Bounds(0, 1), "the height of the second wave"] = 0.62,
    pitch: Annotated[float, ga.Bounds(0.5, 4), "its frequency"] = 1.9,
):
    def f(t):
        return jnp.sin(t) + second * jnp.sin(pitch * t + 1.2) + 0.05 * t

    x = jnp.linspace(0, 250, strands)  # mm
    graphs = ga.jet(f, jnp.linspace(-0.45, 10.55, strands), order=2)
    graphs = graphs / jnp.abs(graphs).max(1, keepdims=True)

    def at(y):
        return jnp.stack(jnp.broadcast_arrays(x, y), -1)

    def curtain(k, floor, size, negative, positive, side):
        """The derivative of order k on its own floor, and strands from the curve down to it."""
        height, color = graphs[k], ga.ramp(negative, positive)((graphs[k] > 0) * 1.0)
        edge, alpha = at(76 + 30 * graphs[0] + side), 0.08 + 0.5 * jnp.abs(height)
        return [
            ga.segments(edge, at(floor), width=0.16, stroke=color, alpha=alpha),
            ga.segments(at(floor), at(floor + size * height), width=0.3, stroke=color),
            ga.lines(at(floor)[jnp.array([0, -1])], width=0.12, stroke=GRAY),
            ga.segments(edge[:-1], edge[1:], width=0.6, stroke=color[1:]),
            ga.text(f"$f{k * chr(39)}$", (-10, floor - 1.5), size=7),
        ]

    def word(string, fill, place, y):
        return ga.text(string, (x[place], y), size=4.6, align="center", fill=fill)

    return ga.scene(
        curtain(2, 142, 20, INK, OCHRE, 0.45),
        curtain(1, 10, 20, BLUE, RUST, -0.45),
        ga.text("$f$", (-10, 74.5 + 30 * graphs[0, 0]), size=7),
        word("bends up: positive", OCHRE, graphs[2].argmax(), 165),
        word("bends down: negative", INK, graphs[2].argmin(), 145),
        word("rises: positive", RUST, graphs[1].argmax(), 4),
        word("falls: negative", BLUE, graphs[1].argmin(), 3 + 20 * graphs[1].min()),
    )


if __name__ == "__main__":
    ga.main(signs)
