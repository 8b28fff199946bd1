"""Ridgelines: the pulses of a star, one before the other, what is behind hidden.

After Harold D. Craft's plot of the pulsar CP 1919 in his thesis (1970), which Peter Saville put on
the cover of Joy Division's "Unknown Pleasures" (1979).
"""

import jax.numpy as jnp

import gradart as ga

PAPER = "#0b0b0c"


@ga.sketch(seed=2, margin=38)
def ridgelines(key, rows=62, height=0.36):
    noise = ga.noise(key, size=0.17, octaves=2)
    p = ga.grid(rows, 600, box=((-0.85, -1.2), (0.85, 1.2)))[::-1]  # those behind first
    swell = 0.05 + jnp.exp(-((p[..., 0] / 0.38) ** 4))
    pulses = swell * (0.06 + jnp.abs(ga.value(noise, p * jnp.array([1, 7]))))
    lines = p.at[..., 1].add(height * pulses)
    return ga.scene(ga.lines(lines, width=0.4, stroke="#f4f1ea", fill=PAPER), paper=PAPER)


if __name__ == "__main__":
    ga.main(ridgelines)
