"""Schotter: squares that lose their order from the top down. After Georg Nees, 1968."""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", seed=3)
def schotter(key, columns=12, rows=22, disorder=1.0):
    fall = disorder * (jnp.arange(rows)[:, None, None] / rows) ** 1.5
    push, turn = jnp.split(fall * jax.random.uniform(key, (rows, columns, 3), minval=-1), [2], -1)
    places = ga.grid(rows, columns, box=((0, 1 - rows), (columns - 1, 0)))[::-1] + 0.55 * push
    square = jnp.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    squares = ga.translate(ga.rotate(square, 50 * turn[..., 0]), places)
    return ga.scene(ga.lines(squares, closed=True, width=0.35), paper="#f7f3ea")


if __name__ == "__main__":
    ga.main(schotter)
