"""Descenders: six methods race down one valley from one start.

All see the same slope. Plain descent (sgd) follows it; momentum keeps its speed and overshoots; the
others measure it anew in each direction. The number says after how many steps the slope is gone.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

METHODS = {  # color, rate, where the name stands
    "sgd": ("#1b1b1e", 0.03, (0.34, 1.22)),
    "momentum": ("#c2410c", 0.003, (-0.95, -0.3)),
    "nesterov": ("#1d4e89", 0.004, (0.68, -0.45)),
    "adam": ("#d9a441", 0.1, (1.54, 1.32)),
    "rmsprop": ("#5f7f4f", lambda k: 0.05 * 0.99**k, (0.6, 2.4)),
    "adagrad": ("#8a4f7d", 0.6, (1.44, 1.72)),
}


@ga.sketch(page="square", seconds=6, at=0.8)
def descenders(
    y: Annotated[float, ga.Bounds(-1, 3), "where all begin, upward"] = 2.7,
    bend: Annotated[float, ga.Bounds(1, 12), "how steep the walls are"] = 6.0,
    steps: Annotated[int, ga.Bounds(10, 5000), "how many"] = 1500,
):
    valley, box = ga.rosenbrock(1, bend), ((-2, -1.05), (2, 2.95))
    levels, paths, names = 0.02 + jnp.linspace(0, 5.5, 26) ** 2, [], []
    heights = ga.contours(valley, levels, box=box, resolution=400)
    for name, (tint, rate, place) in METHODS.items():
        path = ga.descend(valley, jnp.array([0, y]), method=name, rate=rate, steps=steps)
        steep = jnp.linalg.norm(ga.gradient(valley, path), axis=-1) > 1e-3
        settled = int(jnp.max(jnp.where(steep, jnp.arange(1, steps + 2), 0)))
        words = f"{name} {settled}"
        gap = jnp.array(place) + jnp.array([[0, 0], [0.045 * len(words), 0]])
        names += [ga.lines(gap, width=6, stroke="#f7f4ed")]
        names += [ga.text(words, place, size=4.6, valign="middle", fill=tint)]
        paths.append(path)
    paths, tints = jnp.stack(paths), [tint for tint, _, _ in METHODS.values()]

    def frame(u):
        head, tail = jnp.clip(u / 0.76, 0, 1) ** 5, jnp.clip((u - 0.84) / 0.15, 0, 1) ** 5
        seen = jnp.clip(jnp.minimum(u / 0.03, (1 - u) / 0.06), 0, 1)
        k = jnp.minimum((head * steps).astype(int), steps - 1)
        here = paths[:, k] + (head * steps - k) * (paths[:, k + 1] - paths[:, k])
        return ga.scene(
            ga.lines(heights, width=0.12, stroke="#8a8578"),
            names,
            ga.lines(ga.window(paths, tail, head), width=0.5, stroke=tints),
            ga.dots(here, 1.3, fill=tints, alpha=seen),
            box=box,
        )

    return frame


if __name__ == "__main__":
    ga.main(descenders)
