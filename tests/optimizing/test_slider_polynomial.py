"""Polynomials of a drawing in one number: right where they say so, and of the order they have."""

from math import factorial
from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.optimizing.placed_marks.page_points import page_points
from gradart.optimizing.placed_marks.varied_numbers import coordinates, numbers
from gradart.optimizing.sensitivity.slider_polynomial import ORDER, TOLERANCE, polynomial, series
from gradart.sketching.parameters import checked

BOX = ((-100, -100), (100, 100))  # on a square page without margin: a unit is a mm
PLAIN = {"page": "square", "margin": 0}


@ga.sketch(**PLAIN)
def spiral(
    growth: Annotated[float, ga.Bounds(0.01, 0.15)] = 0.1,
    reach: Annotated[float, ga.Bounds(1, 30)] = 4.0,
    turns: Annotated[float, ga.Bounds(1, 9)] = 3.0,
):
    t = jnp.linspace(0, 1, 300) * turns * 2 * jnp.pi
    r = jnp.where(jnp.arange(300) == 150, jnp.nan, jnp.exp(growth * t))  # the pen lifts once
    points = reach * r[:, None] * jnp.stack([jnp.cos(t), jnp.sin(t)], -1)
    return ga.scene(ga.lines(points), ga.dots(points[:100:10], radius=1), box=BOX)


@ga.sketch(**PLAIN)
def kinked(end: Annotated[float, ga.Bounds(0, 100)] = 30.0):
    """It moves along, and from 40 on it stays where it is."""
    return ga.scene(ga.lines(jnp.array([[0.0, 0.0], [jnp.minimum(end, 40.0), 9.0]])), box=BOX)


@ga.sketch(**PLAIN)
def stepped(end: Annotated[float, ga.Bounds(0, 100)] = 30.0):
    """What looks still to a derivative: it jumps by a hundredth of its slider."""
    return ga.scene(ga.lines(jnp.array([[0.0, 0.0], [jnp.floor(end), 9.0]])), box=BOX)


def developed(sketch, name, **given):
    values = checked(sketch.name, sketch.parameters, given)
    with jax.enable_x64(True):
        found = coordinates(sketch, values)
        drawing, _ = page_points(sketch, found, values, 0)
        vector, known = numbers(found, values), series(drawing)
        index = [c.name for c in found].index(name)
        ends = found[index].low, found[index].high
        told = polynomial(known, vector, index, ends, 0.0, drawing.page)

    def exact(value):
        moved = vector.copy()
        moved[index] = value
        with jax.enable_x64(True):
            return np.asarray(known.points(moved, 0.0))

    def derivatives():
        with jax.enable_x64(True):
            return np.asarray(known.derivatives(vector, np.eye(len(vector))[index], 0.0))

    return told, exact, derivatives


def at(told, value):
    s = (value - told.at) / told.unit
    return sum(term * s**k for k, term in enumerate(told.coefficients))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["growth", "reach", "turns"])
def test_within_its_ends_a_polynomial_is_right_to_the_tolerance(name):
    told, exact, _ = developed(spiral, name)
    assert told.low < told.at < told.high
    assert told.high - told.low > 0.05 * told.at
    for value in np.random.default_rng(0).uniform(told.low, told.high, 40):
        points, wanted = at(told, value), exact(value)
        np.testing.assert_array_equal(np.isnan(points), np.isnan(wanted))
        seen = (np.abs(wanted - 100) < 100).all(-1)
        assert np.nanmax(np.linalg.norm(points - wanted, axis=-1)[seen]) < TOLERANCE


def test_an_error_falls_with_the_power_of_the_order_that_it_should():
    _, exact, derivatives = developed(spiral, "growth")
    terms = derivatives()
    for order in (1, 3, 5):
        errors = []
        for step in (0.02, 0.01):
            near = sum(terms[k] * step**k / factorial(k) for k in range(order + 1))
            errors.append(np.nanmax(np.abs(near - exact(0.1 + step))))
        assert np.log2(errors[0] / errors[1]) == pytest.approx(order + 1, abs=0.25)


def test_a_linear_motion_is_right_over_all_of_its_slider_at_order_1():
    told, _, _ = developed(spiral, "reach")
    assert (len(told.coefficients), told.low, told.high) == (2, pytest.approx(1), pytest.approx(30))


@pytest.mark.exhaustive
def test_a_polynomial_ends_before_a_kink_and_is_none_of_what_jumps():
    told, exact, _ = developed(kinked, "end")
    assert told.low == pytest.approx(0)
    assert 35 < told.high < 40.2
    np.testing.assert_allclose(at(told, 12.0), exact(12.0), atol=1e-9)
    assert developed(stepped, "end")[0] is None
    assert len(developed(kinked, "end")[0].coefficients) <= ORDER
