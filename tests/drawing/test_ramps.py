"""Ramps: colors that stand where they are told to, and functions that say what they are made of."""

import numpy as np
import pytest

import gradart as ga
from gradart.drawing.color.palettes import ramp_of, ramp_text
from gradart.errors import ArtError

COLORS = ["#1b1b1e", "#c2410c", "#f7f4ed"]


def test_each_color_stands_where_it_is_told_to():
    places = (0.1, 0.3, 0.9)
    shade = ga.ramp(*COLORS, at=places)
    np.testing.assert_allclose(shade(np.array(places)), ga.color(COLORS), atol=1e-6)
    np.testing.assert_array_equal(shade(np.array([-1, 2.0])), shade(np.array([0.1, 0.9])))


def test_between_two_colors_a_ramp_is_that_of_the_two():
    whole, part = ga.ramp(*COLORS, at=(0, 0.2, 1)), ga.ramp(*COLORS[1:])
    x = np.linspace(0, 1, 33)
    np.testing.assert_allclose(whole(0.2 + 0.8 * x), part(x), atol=2e-6)


def test_two_colors_at_one_place_are_an_edge():
    shade = ga.ramp("red", "lime", "blue", "white", at=(0, 0.5, 0.5, 1))
    np.testing.assert_allclose(
        shade(np.array([0.5 - 1e-6, 0.5 + 1e-6])), ga.color(["lime", "blue"]), atol=1e-3
    )
    with pytest.raises(ValueError, match="read-only"):
        shade.colors[0] = 0


def test_evenly_spaced_colors_need_no_places():
    x = np.linspace(0, 1, 50)
    np.testing.assert_array_equal(ga.ramp(*COLORS)(x), ga.ramp(*COLORS, at=(0, 0.5, 1))(x))


@pytest.mark.parametrize(
    "at", [(0, 1), (0, 0.5, 0.4), (-0.1, 0.5, 1), (0, 0.5, 1.1), "abc", 3, None]
)
def test_places_that_do_not_fit_are_refused(at):
    if at is None:
        at = (0, float("nan"), 1)
    with pytest.raises(ArtError, match="at is "):
        ga.ramp(*COLORS, at=at)


def test_a_gradient_takes_a_ramp_with_its_places():
    shade = ga.ramp(*COLORS, at=(0, 0.25, 1))
    for made in (ga.linear_gradient((0, 0), (1, 0), shade), ga.radial_gradient((0, 0), 1, shade)):
        np.testing.assert_array_equal(made.stops, shade(np.linspace(0, 1, len(made.stops))))
    even = ga.linear_gradient((0, 0), (1, 0), ga.ramp(*COLORS))
    np.testing.assert_array_equal(even.stops, ga.linear_gradient((0, 0), (1, 0), *COLORS).stops)


def test_a_ramp_and_its_text_are_the_same_ramp():
    rng = np.random.default_rng(4)
    for n in range(2, 9):
        colors = np.round(rng.uniform(0, 255, (n, 4))) / 255
        at = np.sort(np.round(rng.uniform(0, 1, n), 4))
        for made in (ga.ramp(*colors, at=at), ga.ramp(*colors)):
            again = ramp_of(ramp_text(made))
            np.testing.assert_allclose(again.colors, made.colors)
            np.testing.assert_allclose(again.at, made.at, atol=1e-6)
            assert ramp_text(again) == ramp_text(made)
    assert ramp_text(ga.palette("dusk")) == ramp_text(" Dusk ") == "dusk"
