"""How far cubic pieces reach: to where they run, and not to their controls."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.geometry.paths.cubic_strokes import pieces
from gradart.optimizing.placed_marks.marks_in_mm import laid_on_page
from gradart.rendering.layout.page import fit, page
from gradart.rendering.layout.path_commands import extremes

SHEET = page("a5")


def _bernstein(rows, t):
    s = 1 - t
    weights = np.stack([s**3, 3 * s**2 * t, 3 * s * t**2, t**3], -1)
    return weights @ pieces(rows)


@pytest.mark.parametrize("size", [1e-150, 1.0, 1e150])
def test_a_piece_reaches_as_far_as_its_points_do(size):
    """Rows of random pieces, some with a straight or resting coordinate, against many points."""
    rows = np.random.default_rng(4).normal(size=(400, 4, 2)) * size
    rows[:50, :, 0] = np.linspace(0, 1, 4) * size
    rows[50:80, 1:] = rows[50:80, :1]
    rows[80:110, 2] = rows[80:110, 1] + (rows[80:110, 3] - rows[80:110, 0]) / 3  # a parabola
    there, reached = _bernstein(rows, np.linspace(0, 1, 4001)), extremes(pieces(rows))
    for end in (np.min, np.max):
        np.testing.assert_allclose(
            end(reached, axis=(1, 2)), end(there, axis=(1, 2)), rtol=1e-6, atol=1e-6 * size
        )


def test_a_curve_touches_the_margin():
    with jax.enable_x64(True):
        curve = ga.curve(lambda t: jnp.array([jnp.cos(t), jnp.sin(2 * t) + t / 9]), 0, 7)
        place = fit([ga.scene(curve)], SHEET)
        points = _bernstein(np.asarray(curve.shape.points), np.linspace(0, 1, 2001)).reshape(-1, 2)
        pen = curve.style.width / 2
        width = place.scale * np.ptp(points[:, 0]) + 2 * pen
        height = place.scale * np.ptp(points[:, 1]) + 2 * pen
        room = np.array([SHEET.width, SHEET.height]) - 2 * SHEET.margin
        np.testing.assert_allclose(np.max([width, height] / room), 1, atol=1e-6)
        middle = (points.min(0) + points.max(0)) / 2 * place.scale
        np.testing.assert_allclose(place.dx + middle[0], SHEET.width / 2, atol=1e-5)
        np.testing.assert_allclose(place.dy - middle[1], SHEET.height / 2, atol=1e-5)


def test_a_piece_that_is_not_drawn_takes_no_place():
    rows = np.random.default_rng(0).normal(size=(1, 7, 2))
    with_gap = np.concatenate([rows, rows[:, 1:4] * [np.nan, 1], rows[:, 4:] + 50], 1)
    marks = [ga.beziers(each) for each in (rows, with_gap[:, :10])]
    assert fit([ga.scene(marks[0])], SHEET) == fit([ga.scene(marks[1])], SHEET)


@pytest.mark.exhaustive
def test_what_is_laid_on_the_page_by_jax_lies_there_and_its_derivative_is_that_of_its_ends():
    rows = np.random.default_rng(7).normal(size=(3, 7, 2))

    def laid(stretch):
        scene = ga.scene(ga.beziers(jnp.asarray(rows) * jnp.stack([stretch, 1.0])))
        (mark,) = laid_on_page(scene, [scene], SHEET)
        return mark.shape.points

    with jax.enable_x64(True):
        one = jnp.ones(())
        place = fit([ga.scene(ga.beziers(rows))], SHEET)
        there = rows * place.scale * [1, -1] + [place.dx, place.dy]
        np.testing.assert_allclose(laid(one), there, atol=1e-9)
        slope = (laid(one + 1e-6) - laid(one - 1e-6)) / 2e-6
        np.testing.assert_allclose(jax.jacfwd(laid)(one), slope, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(jax.jacrev(laid)(one), slope, rtol=1e-6, atol=1e-6)
