"""Mountains: each look is the land's height or its exact gradient."""

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def land():
    with jax.enable_x64(True):
        yield ga.terrain(smooth=2.5)


def on_land(points, land):
    """Points of a single look, 170 mm wide with its corner at (0, 0), back on the land."""
    return np.asarray(points) * (2 * land.box[1][0] / 170) + land.box[0]


def test_arrows_point_uphill_and_are_as_long_as_the_slope(piece, land):
    arrows = piece("mountains")(look="slope", arrows=12).marks[0]
    left, tip, right = np.moveaxis(on_land(arrows.shape.points, land), 1, 0)
    foot = (left + right) / 2
    uphill = np.asarray(ga.gradient(land, foot))
    expected = 0.24 * (2 * land.box[1][0] / 12) * uphill
    # Rounded to 0.01 mm, 1e-4 here, and a foot that is moved by that has another slope.
    np.testing.assert_allclose(tip - foot, expected, atol=1e-3)
    assert np.linalg.norm(expected, axis=1).max() > 0.1


def test_every_contour_line_is_level(piece, land):
    lines = piece("mountains")(look="height").marks[1].shape.points
    heights = np.asarray(ga.value(land, on_land(lines, land)))
    assert len(heights) == 20
    assert np.nanmax(np.nanmax(heights, 1) - np.nanmin(heights, 1)) < 2e-3


def test_what_faces_the_sun_is_light(piece, land):
    cells = np.asarray(piece("mountains")(look="light").marks[0].shape.pixels)[..., 1]
    rows, columns = cells.shape
    places = ga.grid(rows, columns, land.box)
    toward = np.asarray(ga.gradient(land, places)) @ (-1, 1)  # climbs to the north-west
    assert cells[toward < -3].mean() > cells[np.abs(toward) < 0.1].mean() > cells[toward > 3].mean()


def test_all_four_are_on_one_sheet(piece):
    scene = piece("mountains")(arrows=5, ridges=5)
    assert len(scene.marks) == 9  # colors and lines, light, needles, ridges; four names
