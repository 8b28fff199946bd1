"""How the picture goes along a slider: equal shares are equal movements; the page has an edge."""

from typing import Annotated

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.optimizing.placed_marks.page_points import page_points
from gradart.optimizing.placed_marks.varied_numbers import coordinates, numbers
from gradart.optimizing.sensitivity.slider_travel import Sliding, Travel, moving, travel
from gradart.sketching.parameters import checked

BOX = ((-100, -100), (100, 100))  # on a square page without margin: a unit is a mm
PLAIN = {"page": "square", "margin": 0}


@ga.sketch(**PLAIN)
def disk(
    reach: Annotated[float, ga.Bounds(0.5, 8)] = 5.0,
    zoom: Annotated[float, ga.Bounds(1, 40, log=True)] = 4.0,
    idle: float = 1.0,
):
    t = jnp.linspace(0, 2 * jnp.pi, 200)
    ring = jnp.stack([jnp.cos(t), jnp.sin(t)], -1)
    return ga.scene(ga.lines(zoom * reach**2 * ring), box=BOX)


@ga.sketch(**PLAIN)
def by_python(reach: Annotated[float, ga.Bounds(0.5, 8)] = 5.0, count: float = 3.0):
    """What JAX cannot trace."""
    t = np.linspace(0, 2 * np.pi, 200)
    ring = float(reach) ** 2 * np.stack([np.cos(t), np.sin(t)], -1)
    return ga.scene([ga.lines(4 * ring)] * int(count), box=BOX)


@ga.sketch(**PLAIN)
def fitted(reach: Annotated[float, ga.Bounds(0.5, 8)] = 5.0):
    return ga.scene(ga.lines(jnp.array([[0.0, 0.0], [1.0, 1.0]]) * reach), ga.dots([(0.0, 2.0)]))


def slid(sketch, name, traced=True, **given):
    values = checked(sketch.name, sketch.parameters, given)
    with jax.enable_x64(True):
        found = coordinates(sketch, values)
        drawing, _ = page_points(sketch, found, values, 0)
        known = ()
        if traced:
            known = moving(drawing), drawing.marks(numbers(found, values), 0.0)
        return Sliding(drawing, [c.name for c in found].index(name), (0.0,), *known)


def went(sketch, name, traced=True, boxed=True, **values) -> Travel:
    with jax.enable_x64(True):
        return travel(slid(sketch, name, traced, **values), boxed)


def test_equal_shares_are_equal_movements():
    shares = went(disk, "reach", zoom=1.5).shares  # it stays on the page
    assert np.all(np.diff(shares) > 0)
    place = np.interp(np.linspace(0.3, 1, 8), shares, np.linspace(0, 1, len(shares)))
    moved = np.diff(1.5 * (0.5 + 7.5 * place) ** 2)
    assert np.ptp(moved) < 0.05 * moved.mean()
    assert np.ptp(np.diff(place)) > 0.5 * np.diff(place).mean()


def test_a_share_is_the_same_by_derivatives_and_by_differences():
    one, other = went(disk, "reach").shares, went(by_python, "reach", traced=False).shares
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_where_the_picture_leaves_its_page_is_found_on_either_scale():
    low, high = went(disk, "reach").on_page
    assert (low, 0.5 + 7.5 * high) == (0, pytest.approx(5, abs=0.01))
    low, high = went(disk, "zoom", reach=3.0).on_page
    assert (low, 40**high) == (0, pytest.approx(100 / 9, rel=0.01))


def test_no_range_is_told_of_what_is_fitted_of_what_is_cut_and_of_what_always_stays():
    assert went(fitted, "reach", boxed=False).on_page is None
    assert went(disk, "reach", reach=6.0).on_page is None
    assert went(disk, "zoom", reach=1.0).on_page is None


@pytest.mark.exhaustive
def test_what_moves_nothing_or_jumps_has_an_even_slider():
    assert went(disk, "idle").shares is None
    assert went(by_python, "count", traced=False).shares is None


def test_what_takes_too_long_is_not_known():
    with jax.enable_x64(True):
        assert travel(slid(disk, "reach"), True, seconds=0.0) == Travel(None, None)
