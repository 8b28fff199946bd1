"""A strange attractor of ten million points, colored by its derivative.

One map sends every point on, and its derivative sends a small arrow along. Blue is where the last
steps have squeezed that arrow, red where they have stretched it: that is chaos.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def attractor(
    key,
    n: Annotated[int, ga.Bounds(1000, 1_000_000_000), "points"] = 10_000_000,
    a: Annotated[float, ga.Bounds(-3, 3)] = 1.5,
    b: Annotated[float, ga.Bounds(-3, 3)] = -1.8,
    c: Annotated[float, ga.Bounds(-3, 3)] = 1.6,
    d: Annotated[float, ga.Bounds(-3, 3)] = 0.9,
):
    def step(p):  # Clifford Pickover's map
        x, y = p
        return jnp.array([jnp.sin(a * y) + c * jnp.cos(a * x), jnp.sin(b * x) + d * jnp.cos(b * y)])

    def orbit(start):
        def go(state, _):
            p, arrow, growth = state
            p, arrow = jax.jvp(step, (p,), (arrow,))
            length = jnp.linalg.norm(arrow)
            growth = 0.7 * growth + 0.3 * jnp.log(length)
            return (p, arrow / length, growth), (p, growth)

        first = (start, jnp.array([1.0, 0.0]), 0.0)
        return jax.lax.scan(go, first, length=60)[1]  # later, rounding rules

    shade = ga.ramp("#0353a4", "#48cae4", "#f4a261", "#e5383b")
    chunk = min(n, 1_000_000)

    @jax.jit
    def block(i):
        starts = jax.random.uniform(jax.random.fold_in(key, i), (chunk // 40, 2))
        places, growth = jax.vmap(orbit)(starts)
        there = slice(20, None)  # by then they are on the attractor
        return ga.dots(places[:, there], 0.07, fill=shade(growth[:, there] + 0.1), alpha=0.05)

    x, y = 1 + abs(c), 1 + abs(d)  # no orbit goes beyond
    blocks = ga.many(n // chunk, block, blend="light")
    return ga.scene(blocks, paper="#0b0d12", box=((-x, -y), (x, y)))


if __name__ == "__main__":
    ga.main(attractor)
