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
