"""The gradient of tanh, at one number and at many.

The derivative of a program is a program too: a number goes in, a slope comes out. Mapped over many
numbers at once it gives the slope of every tangent above as a height below; and the tangents alone,
drawn straight, bring out the curve.
"""

from typing import Annotated

import jax
import jax.numpy as jnp

import gradart as ga


@ga.sketch(page="a4", landscape=True)
def gradient_of_tanh(
    samples: Annotated[int, ga.Bounds(12, 400), "numbers that go in"] = 97,
    reach: Annotated[float, ga.Bounds(3, 8), "how far they run to both sides"] = 3.0,
    x: Annotated[float, ga.Bounds(-3, 3), "the one number"] = 1.0,
):
    band = ((-reach, -1), (reach, 1))
    above = ga.panel(box=band, onto=((0, 78), (266, 178)))
    below = ga.panel(box=((-reach, 0), (reach, 1)), onto=((0, 0), (266, 64)))
    slope_of_tanh = jax.grad(jnp.tanh)

    def stack(x, y):
        return jnp.stack(jnp.broadcast_arrays(x, y), -1)

    def tangent(x, slope):  # across the band
        here, way = stack(x, jnp.tanh(x)), stack(1, slope)
        ends = jnp.stack([here - 2 * reach * way, here + 2 * reach * way], -2)
        return above(ga.clip(ends, box=band))

    numbers = jnp.linspace(-reach, reach, samples)
    slopes = jax.vmap(slope_of_tanh)(numbers)
    slope = slope_of_tanh(x)
    feet, heads = below(stack(numbers, 0)), below(stack(numbers, slopes))
    one = jnp.stack([below(stack(x, 0)), below(stack(x, slope)), above(stack(x, jnp.tanh(x)))])
    rust, mono = {"stroke": "#c2410c"}, {"font": "mono", "size": 4.2, "fill": "#c2410c"}
    shoulder = heads[samples // 3] + jnp.array([-8, 4])
    return ga.scene(
        ga.lines(tangent(numbers, slopes), width=0.13, **rust),
        ga.segments(feet, heads, width=0.2, **rust),
        ga.dots(heads, 0.6, fill="#c2410c"),
        ga.curve(lambda t: above(stack(t, jnp.tanh(t))), -reach, reach, width=0.7),
        ga.lines(tangent(x, slope), width=0.6, **rust),
        ga.lines(one, width=0.35, **rust),
        ga.dots(one[1:], 1.2, fill=["#c2410c", "#1b1b1e"]),
        ga.text("tanh", (0, 66), size=6.5),
        ga.text("vmap(grad(tanh))", shoulder, align="right", **mono),
        ga.text("grad(tanh)(x) =", one[1] + jnp.array([5, 4]), **mono),
        ga.digits(slope, one[1] + jnp.array([45, 4]), decimals=3, **mono),
        box=((0, 0), (266, 178)),
    )


if __name__ == "__main__":
    ga.main(gradient_of_tanh)
