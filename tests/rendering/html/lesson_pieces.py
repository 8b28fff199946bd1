"""Sketches whose pages are inspected: a curve that moves, graphs in panels, a field."""

import jax.numpy as jnp

import gradart as ga


def petal(t, fold=3.0, u=0.0):
    return (1 + 0.3 * jnp.cos(fold * t + u)) * jnp.array([jnp.cos(t), jnp.sin(t)])


@ga.sketch(page="square", seconds=1, fps=10, at=0.5)
def petals(fold=3.0):
    t = jnp.linspace(0.2, 6.0, 60)

    def frame(u):
        def curve(t):
            return petal(t, fold, u)

        return ga.scene(ga.lines(ga.point(curve, t)), box=((-1.5, -1.5), (1.5, 1.5)))

    return frame


def wave(x):
    return jnp.sin(2 * x) + 0.3 * x**2


ABOVE = ((-2.0, -2.0), (3.0, 3.0)), ((0.0, 80.0), (150.0, 160.0))
BELOW = ((-2.0, -4.0), (3.0, 4.0)), ((0.0, 0.0), (150.0, 70.0))


@ga.sketch(page="square")
def graphs():
    x = jnp.linspace(-2, 3, 200)
    value, slope = ga.jet(wave, x, 1)
    path = ga.descend(lambda p: wave(p[0]), jnp.array([2.5]), rate=0.1, steps=5)
    return ga.scene(
        ga.lines(ga.panel(*ABOVE)(jnp.stack([x, value], -1))),
        ga.lines(ga.panel(*BELOW)(jnp.stack([x, slope], -1))),
        ga.lines(ga.panel(*BELOW)(jnp.stack([x, 0 * x], -1))),
        ga.dots(ga.panel(*ABOVE)(jnp.stack([path[:, 0], wave(path[:, 0])], -1))),
        box=((-10, -5), (160, 165)),  # as large as a square inside its margin: a unit is a mm
    )


BOX = ((-2.0, -1.0), (2.0, 1.5))


def hills(p):
    x, y = p
    return jnp.exp(-(x**2)) * jnp.cos(2 * y) + 0.2 * x * y


@ga.sketch(page="square")
def land():
    return ga.scene(ga.lines(ga.contours(hills, 8, box=BOX, resolution=60)), box=BOX)


@ga.sketch(page="square")
def hidden():
    """A field that is laid onto a part of the page where nothing of it is drawn."""
    slope = ga.gradient(hills, jnp.zeros(2))
    corner = ga.panel(box=BOX, onto=((0, 0), (40, 25)))(jnp.zeros(2))
    return ga.scene(ga.segments(corner, corner + slope), box=((0, 0), (80, 50)))
