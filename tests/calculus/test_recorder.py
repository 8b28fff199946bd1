"""What a sketch looks at is noticed, each field once, and nothing outside of the block."""

import jax.numpy as jnp

import gradart as ga
from gradart.calculus.recorder import noticing


def bowl(p):
    return (p**2).sum()


def hill(p):
    return -(p**2).sum()


def test_fields_are_noticed_in_order_each_once():
    points = jnp.ones((3, 2))
    ga.gradient(hill, points)
    with noticing() as noticed:
        ga.value(bowl, points)
        ga.gradient(bowl, points)
        ga.point(ga.circle(), jnp.zeros(2))
        with noticing() as inner:
            ga.gradient(hill, points)
    ga.gradient(hill, points)
    assert noticed.fields == [bowl]
    assert inner.fields == [hill]
    assert not noticed.elsewhere


def test_a_view_is_noticed():
    with noticing() as noticed:
        ga.panel(((0, 0), (1, 1)), ((0, 0), (2, 2)))
    assert noticed.elsewhere


def test_curves_are_noticed_with_each_look_at_them():
    square = ga.circle()
    with noticing() as noticed:
        ga.point(square, jnp.zeros(2))
        ga.tangent(square, 1.0)
        ga.curve(square, 0, 2)
        ga.jet(jnp.tanh, jnp.ones(4), 2)
    found = {looks.function: looks.at for looks in noticed.curves}
    assert next(iter(found)) is square
    assert jnp.tanh in found
    shapes = [jnp.shape(at) for at in found[square][:2]]
    assert shapes == [(2,), ()]
    assert {0, 2} <= {at for at in found[square] if isinstance(at, int)}


def test_the_boxes_of_a_panel_and_the_coordinates_of_a_field_are_noticed():
    with noticing() as noticed:
        ga.panel(((0, 0), (1, 1)), ((0, 0), (2, 2)))
        ga.descend(bowl, jnp.ones(1), rate=0.1, steps=1)
        ga.gradient(hill, jnp.ones((3, 2)))
    [(box, onto)] = noticed.panels
    assert (box[1, 0], onto[1, 0]) == (1, 2)
    assert noticed.fields == [bowl, hill]
    assert noticed.dimensions == [1, 2]
