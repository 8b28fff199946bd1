"""Steps too large: the same descent three times, each with a longer step.

A short step settles in the deep well. A longer one bounces from wall to wall until it is thrown out
and settles in the shallow well. The longest never settles. Below, each step hangs under the last.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True, seconds=6, at=0.84)
def too_large(
    start: Annotated[float, ga.Bounds(-2.7, 2.6), "where all three begin"] = 2.4,
    short: Annotated[float, ga.Bounds(0.01, 3, log=True), "step, by the slope"] = 0.1,
    longer: Annotated[float, ga.Bounds(0.01, 3, log=True), "step, by the slope"] = 0.61,
    longest: Annotated[float, ga.Bounds(0.01, 3, log=True), "step, by the slope"] = 1.6,
    steps: Annotated[int, ga.Bounds(2, 200), "how many"] = 40,
):
    def f(x):
        deep, shallow = jnp.exp(-(((x - 1.1) / 0.5) ** 2)), jnp.exp(-(((x + 1.3) / 0.7) ** 2))
        return 0.5 * jnp.sqrt(1 + x**2) - 1.3 * deep - 0.8 * shallow

    page = ga.panel(box=((-2.7, -0.75), (2.7, 1.4)), onto=((0, 106), (78, 176)))
    hang = ga.panel(box=((-2.7, steps), (2.7, 0)), onto=((0, 18), (78, 98)))
    shift = 93.5 * jnp.arange(3)[:, None, None] * jnp.array([1, 0])
    rates = {"settles": short, "bounces out": longer, "never settles": longest}
    starts, ground, step = jnp.array([start]), jnp.linspace(-2.7, 2.7, 400), jnp.arange(steps + 1)
    walks = [ga.descend(lambda p: f(p[0]), starts, rate=r, steps=steps) for r in rates.values()]
    walks = jnp.stack(walks)[..., 0]  # (3, steps + 1)
    graphs, over = (page(jnp.stack([x, f(x)], -1)) + shift for x in (ground, walks))
    under = hang(jnp.stack([walks, jnp.broadcast_to(step, walks.shape)], -1)) + shift
    names = [
        [
            ga.text(name, (x, 6), size=4.6, align="center"),
            ga.text("step", (x - 0.6, -0.2), size=4.6, align="right"),
            ga.digits(rate, (x + 0.6, -0.2), decimals=2, size=4.6),
        ]
        for x, (name, rate) in zip((39, 132.5, 226), rates.items(), strict=True)
    ]

    def frame(u):
        head, tail = jnp.clip(u / 0.8, 0, 1), jnp.clip((u - 0.88) / 0.11, 0, 1)
        seen = jnp.clip(jnp.minimum(u / 0.03, (1 - u) / 0.06), 0, 1)
        k, both = jnp.minimum((head * steps).astype(int), steps - 1), jnp.stack([over, under])
        here = both[:, :, k] + (head * steps - k) * (both[:, :, k + 1] - both[:, :, k])
        taken = jnp.tile((step <= head * steps) & (step >= tail * steps), 3)
        return ga.scene(
            [names, ga.lines(graphs, width=0.6)],
            ga.segments(here[0], here[1], width=0.12, stroke="#8a8578", alpha=seen),
            ga.lines(ga.window(over, tail, head), width=0.18, stroke="#c2410c"),
            ga.lines(ga.window(under, tail, head), width=0.4, stroke="#c2410c"),
            ga.dots(over, 0.5, fill="#c2410c", alpha=taken),
            ga.dots(here, 1.2, fill="#c2410c", alpha=seen),
            box=((0, 0), (265, 178)),
        )

    return frame


if __name__ == "__main__":
    ga.main(too_large)
