"""Ridgelines: eighty pulses of a star, one over the other, what is behind hidden.

After Harold D. Craft's plot of the pulsar CP 1919 in his thesis (1970), which Peter Saville put on
the cover of Joy Division's "Unknown Pleasures" (1979).
"""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seed=2, margin=40)
def ridgelines(key, rows=62, height=0.5):
    noise = ga.noise(key, size=0.16, octaves=3)

    def pulse(p):  # high in the middle, and never below 0
        return (0.02 + jnp.exp(-((p[0] / 0.4) ** 4))) * jnp.abs(noise(p * jnp.array([1, 0.45])))

    box = ((-1, -1), (1, 1))
    view = ga.relief(pulse, tilt=60, height=height, box=box)
    lines = view(ga.grid(rows, 2000, box))
    return ga.scene(ga.lines(lines, width=0.35, stroke="#f4f1ea"), paper="#0b0b0c")


if __name__ == "__main__":
    ga.main(ridgelines)
