"""Where a population stays that grows by a rate and is cut back by its own number.

The rate runs from the top down. One number becomes two, four, eight, at the marked rates, which are
exact to fifteen digits; then there are all. The thin lines are where one half, from which most is
grown, is after a few years: polynomials of the rate, along which the years crowd.
"""

from typing import Annotated

import jax.numpy as jnp

import gradart as ga

INK, RED = "#1b1b1e", "#c2410c"


@ga.sketch(page="a4", margin=22)
def bifurcation(
    rates: Annotated[int, ga.Bounds(100, 20_000), "from the top down"] = 3000,
    years: Annotated[int, ga.Bounds(20, 5000), "that are drawn for each rate"] = 2000,
    lines: Annotated[int, ga.Bounds(1, 20), "of one half, so many years on"] = 6,
):
    def year(x, r):
        return r * x * (1 - x)

    def place(r, x):
        return jnp.stack([150 * jnp.asarray(x), 200 * (4 - jnp.asarray(r))], -1)

    r = jnp.linspace(2.85, 4, rates)
    stays = place(*jnp.moveaxis(ga.orbit_diagram(year, r, 0.3, settle=2000, steps=years), -1, 0))
    double = ga.period_doublings(year, 0.3, 2.85, 3.6, n=6)
    at, forks = double.parameters, double.orbits[..., 0]  # (6,), (6, 32)
    ordered = int((r < at[-1]).sum())  # rows that need few points
    size = jnp.broadcast_to(1.3 / (1 + jnp.arange(len(at)))[:, None], forks.shape)

    chaos, x, later = jnp.linspace(at[-1], 4, 1000), 0.5, []
    for _ in range(lines):
        x = year(x, chaos)
        later.append(place(chaos, x))
    ends = place(at[:4], jnp.nanmax(forks[:4], axis=1))
    names = ga.labels([f"{a:.9g}" for a in at[:4]], ends, gap=3, size=3, fill=RED)
    return ga.scene(
        ga.dots(stays[:ordered, :32], 0.1, fill=INK, alpha=0.008, blend="ink"),
        ga.dots(stays[ordered:], 0.05, fill=INK, alpha=0.02, blend="ink"),
        ga.lines(jnp.stack(later), width=0.22, stroke=RED),
        ga.dots(place(at[:, None] + 0 * forks, forks), size, fill=RED),
        names.texts,
    )


if __name__ == "__main__":
    ga.main(bifurcation)
