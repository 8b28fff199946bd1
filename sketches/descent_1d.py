"""A point rolls downhill, its tangent with it, until the tangent lies level.

The derivative says which way is down, and how steep it is there. Each step goes that way, long
where it is steep and short where it is not: the point comes to rest where the derivative is zero.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=6, at=0.74)
def descent_1d(
    start: Annotated[float, ga.Bounds(-2, 2.3), "where the point is let go"] = 2.15,
    rate: Annotated[float, ga.Bounds(0.01, 0.3, log=True), "step, by the slope"] = 0.045,
    steps: Annotated[int, ga.Bounds(1, 400), "how many"] = 90,
):
    above = ga.panel(box=((-2, -0.6), (2.4, 4.8)), onto=((4, 68), (166, 166)))
    below = ga.panel(box=((-2, -5.3), (2.4, 5.3)), onto=((4, 4), (166, 54)))

    def f(x):
        return x**2 + jnp.sin(2 * x)

    def at(x):  # on the graph, the axis, the derivative's graph; half a tangent
        y, slope = ga.jet(f, x, 1)
        points = above(jnp.stack([x, y], -1))
        along = above(jnp.stack([x + 1, y + slope], -1)) - points
        along = 28 * along / jnp.linalg.norm(along, axis=-1, keepdims=True)
        return points, below(jnp.stack([x, 0 * x], -1)), below(jnp.stack([x, slope], -1)), along

    path = ga.descend(lambda p: f(p[0]), jnp.array([start]), rate=rate, steps=steps)[:, 0]
    graph, axis, derivative, _ = at(jnp.linspace(-2, 2.4, 400))
    points, feet, slopes, along = at(path)
    number = ga.digits(path[-1], feet[-1] + jnp.array([1.5, -5]), decimals=3, size=3.8)

    def frame(u):
        k, step = steps * jnp.clip(u / 0.7, 0, 1) ** 1.5, jnp.arange(steps + 1)
        taken = (step <= k) & (step >= steps * jnp.clip((u - 0.84) / 0.15, 0, 1))
        on = jnp.clip(jnp.minimum(u / 0.03, (1 - u) / 0.06), 0, 1)
        p, foot, slope, half = at(jnp.interp(k, step, path))
        return ga.scene(
            ga.segments([points[-1], axis[0]], [feet[-1], axis[-1]], width=0.12, stroke="#8a8578"),
            [number, ga.text("$f$", graph[-1] + jnp.array([-7, 0]), size=5.5)],
            ga.text("$f'$", derivative[-1] + jnp.array([-9, 0]), size=5.5, fill="#c2410c"),
            ga.segments(points - along, points + along, width=0.12, stroke="#c2410c", alpha=taken),
            ga.segments(feet, slopes, width=0.2, stroke="#c2410c", alpha=taken),
            ga.lines(graph, width=0.6),
            ga.lines(derivative, width=0.35, stroke="#c2410c"),
            ga.segments([p - half, foot], [p + half, slope], width=0.6, stroke="#c2410c", alpha=on),
            ga.dots([p, slope], 1.2, fill=["#1b1b1e", "#c2410c"], alpha=on),
            box=((0, 0), (170, 170)),
        )

    return frame


if __name__ == "__main__":
    ga.main(descent_1d)
