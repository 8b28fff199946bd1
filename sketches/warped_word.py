"""A word that drifts in a current, filled with the level lines of hills below it.

After the lettering of Wes Wilson's posters (1966), whose words flow as if they were liquid.
"""

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True, seed=4)
def warped_word(key, word="FLOW", spacing=0.028, drift=0.05):
    slow, fine = jax.random.split(key)
    hill, push = ga.noise(slow, size=1.6, octaves=1), ga.noise(fine, size=1.0, octaves=1)

    def current(p):
        return p + drift * jax.grad(push)(p)[::-1] * jnp.array([1.0, -1.0])

    letters = ga.outlines(word, size=2, font="bold", align="center")
    letters = jax.vmap(jax.vmap(current))(jnp.asarray(letters))
    return ga.scene(
        ga.lines(ga.hatch(letters, spacing, along=hill), width=0.25),
        ga.lines(letters, closed=True, width=0.5, stroke="#c2410c"),
    )


if __name__ == "__main__":
    ga.main(warped_word)
