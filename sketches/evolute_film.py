"""A string that is unwound from an ellipse's evolute draws the ellipse. After Huygens, 1673."""

import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="square", seconds=4, at=0.42)
def evolute_film(wide=1.75, high=1.1, n=100):
    oval = ga.ellipse(wide, high)
    part, t = jnp.arange(n) / n, jnp.linspace(0, 2 * jnp.pi, 1200)
    ends = ga.point(oval, 2 * jnp.pi * part)
    pins = ga.point(ga.evolute(oval), 2 * jnp.pi * part)  # where the string leaves the evolute

    def frame(u):
        now = 2 * jnp.pi * u
        hand, pin = ga.point(oval, now), ga.point(ga.evolute(oval), now)
        fresh = 1 - (u - part) % 1  # the strings of one turn, fading
        return ga.scene(
            ga.segments(pins, ends, width=0.18, alpha=fresh**3),
            ga.lines(ga.point(ga.evolute(oval), t), width=0.5, stroke="#c2410c"),
            ga.lines(ga.point(oval, t), width=0.9),
            ga.segments(pin, hand, width=0.6, stroke="#c2410c"),
            ga.dots([pin, hand], [0.9, 1.8], fill="#c2410c"),
        )

    return frame


if __name__ == "__main__":
    ga.main(evolute_film)
