"""A word that drifts in a current, before the level lines of hills, tall as a poster.

After the lettering of Wes Wilson's posters (1966), whose words flow as if they were liquid.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True, seed=4)
def warped_word(key, word="FLOW", spacing=0.062, drift=0.05, stretch=2.5):
    slow, fine = jax.random.split(key)
    hill, push = ga.noise(slow, size=1.6, octaves=1), ga.noise(fine, size=1.0, octaves=1)
    letters = ga.outlines(word, size=2, font="bold", align="center") * jnp.array([1, stretch])
    (x0, y0), (x1, y1) = jnp.nanmin(letters, (0, 1)) - 0.3, jnp.nanmax(letters, (0, 1)) + 0.3
    current = jax.vmap(jax.vmap(jax.grad(push)))(letters)[..., ::-1] * jnp.array([1.0, -1.0])
    letters += drift * current
    sheet = jnp.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]])
    return ga.scene(
        ga.lines(ga.hatch(sheet, spacing, along=hill), width=0.4, stroke="#1d3557"),
        ga.polygons(letters, fill="#d1571b", stroke="#f7f4ed", width=1.2),
    )


if __name__ == "__main__":
    ga.main(warped_word)
