"""What a sketch gives to the calculus while it is drawn can be looked at in its page."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.extend.core import jaxpr_as_fun

import gradart as ga
from gradart.sketching.live_sketch import live_art


def lessons_of(sketch):
    live = live_art(sketch, {"inspect": True})
    return live.lessons


def results(lessons, *inputs, u=0.0, t=0.0, p=(0.0, 0.0)):
    """What the lessons' program computes."""
    with jax.enable_x64(True):
        point = jnp.asarray(p, float)
        found = jaxpr_as_fun(lessons.jaxpr)(*inputs, jnp.asarray(u), jnp.asarray(t), point, point)
    return [np.asarray(x) for x in found]


@pytest.mark.exhaustive
def test_curves_and_fields_are_told_with_what_depends_on_the_inputs():
    @ga.sketch
    def both(size=2.0):
        def curve(t):
            return size * jnp.array([jnp.cos(t), jnp.sin(t)])

        def bowl(p):
            return size * (p**2).sum()

        starts = ga.grid(3, 3, ((-1, -1), (1, 1)))
        return ga.scene(
            ga.lines(ga.point(curve, jnp.linspace(0, size, 9))),
            ga.segments(starts, starts - ga.gradient(bowl, starts)),
        )

    lessons = lessons_of(both)
    assert [told["name"] for told in lessons.inputs] == ["size"]
    [curve], [field] = lessons.curves, lessons.fields
    assert (curve["name"], curve["kind"], field["name"]) == ("curve", "curve", "bowl")
    found = results(lessons, np.float64(3), t=0.4, p=(1, 2))
    turns = [(np.cos(0.4 + k * np.pi / 2), np.sin(0.4 + k * np.pi / 2)) for k in range(9)]
    np.testing.assert_allclose(found[curve["jet"]], 3 * np.array(turns), atol=1e-12)
    np.testing.assert_allclose(found[curve["ends"][0]], [0, 3])
    np.testing.assert_allclose(found[field["value"]], 15)
    np.testing.assert_allclose(found[field["gradient"]], [6, 12])
    np.testing.assert_allclose(found[field["hessian"]], 6 * np.eye(2), atol=1e-12)


def test_what_is_looked_at_inside_of_another_curve_is_left_out():
    """Such a function, and the numbers that it was given, are of a tracing that is over."""

    @ga.sketch
    def evolutes(width=2.0):
        def drawn(t):
            shift = width * jnp.cos(t)

            def inner(s):
                return jnp.stack([s + shift, s**2])

            return ga.derivative(inner, t)

        t = jnp.linspace(0, 6, 50)
        return ga.scene(ga.lines(ga.point(drawn, t)), ga.lines(ga.point(ga.circle(), t)))

    lessons = lessons_of(evolutes)
    assert [told["name"] for told in lessons.curves] == ["drawn", "curve"]
    found = results(lessons, np.float64(2), t=1.0)
    assert all(np.isfinite(x).all() for x in found)


def test_functions_that_compute_the_same_are_told_once_the_most_used_first():
    @ga.sketch
    def walks():
        def f(x):
            return x**2

        t = jnp.linspace(0, 1, 20)
        graphs = [jnp.stack([t, ga.jet(f, t, 0)[0]], -1) for _ in range(2)]
        wave = jnp.stack([t, ga.jet(jnp.sin, t, 0)[0]], -1)
        paths = [
            ga.descend(lambda p: jnp.cos(p[0]), jnp.array([0.3]), rate=rate, steps=3)
            for rate in (0.1, 0.2)
        ]
        dots = ga.dots(jnp.stack([jnp.concatenate(paths)[:, 0]] * 2, -1))
        return ga.scene(ga.lines(wave), [ga.lines(g) for g in graphs], dots)

    told = lessons_of(walks).curves
    assert [(one["name"], len(one["ends"])) for one in told][:2] == [("f", 2), ("sin", 1)]
    assert len(told) == 3
    assert told[2]["descended"]


def test_a_sketch_has_no_lessons_unless_it_is_asked():
    @ga.sketch
    def ring():
        return ga.scene(ga.lines(ga.point(ga.circle(), jnp.linspace(0, 6, 50))))

    assert live_art(ring, {}).lessons is None
