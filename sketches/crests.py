"""The crests of a random sea, its valleys, and the points at which it is round.

Black are the lines along which it is bent most, blue the same from below, gray where it is neither
bowl nor saddle. The dots are umbilics: around a full one the directions in which the sea bends make
half a turn backward, around an empty one half a turn forward, so that the two nearly balance, as
M. V. Berry and J. H. Hannay found in 1977.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square")
def crests(
    key,
    length: Annotated[float, ga.Bounds(0.2, 0.8), "of its waves, of the radius"] = 0.35,
    height: Annotated[float, ga.Bounds(0.1, 1.5), "of its slopes"] = 0.5,
    waves: Annotated[int, ga.Bounds(3, 60), "that cross one another"] = 24,
    resolution: Annotated[int, ga.Bounds(30, 400), "of the net in which lines are sought"] = 220,
):
    towards = jnp.pi * (jnp.arange(waves) + jax.random.uniform(ga.subkey(key, "ways"), (waves,)))
    ways = 2 * jnp.pi / length * jnp.exp(1j * towards / waves)
    ways = jnp.stack([ways.real, ways.imag], -1)
    phases = 2 * jnp.pi * jax.random.uniform(ga.subkey(key, "phases"), (waves,))
    tall = height * length / (2 * jnp.pi) * jnp.sqrt(2 / waves)

    def surge(q):  # a map: (2,) -> (3,)
        return jnp.append(q, tall * jnp.cos(ways @ q + phases).sum())

    around = {"box": ((-1, -1), (1, 1)), "within": lambda p: p[:2] @ p[:2] - 1}
    sea = ga.surface(surge, **around, resolution=resolution)
    points, _, kinds = ga.umbilics(sea)
    star, sharp = kinds == "star", 2 * jnp.pi * height / length

    def drawn(lines, width, **style):
        return ga.lines(lines[..., :2], width=width, **style)  # from above

    return ga.scene(
        ga.circles((0, 0), 1, width=0.3),
        drawn(ga.parabolic_lines(sea), 0.16, stroke="#b9b2a2"),
        [
            drawn(ga.crest_lines(sea, valleys=True, least=part * sharp), width, stroke="#1f5f8b")
            for part, width in ((0.2, 0.3), (0.5, 0.6))
        ],
        [
            drawn(ga.crest_lines(sea, least=part * sharp), width)
            for part, width in ((0.2, 0.35), (0.4, 0.8), (0.75, 1.3))
        ],
        ga.dots(points[star, :2], 0.6, fill="#c2410c", stroke=None),
        ga.dots(points[~star, :2], 0.6, fill="#f7f4ed", stroke="#c2410c", width=0.2),
    )


if __name__ == "__main__":
    ga.main(crests)
