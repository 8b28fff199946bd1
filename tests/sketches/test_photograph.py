"""Photograph: the panels are one field, the length of its gradient, and a level line of that."""

from itertools import pairwise

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def shown(piece):
    return piece("photograph")(smooth=4.0, pixels=60).marks


def test_outlines_lie_where_the_slope_is_that_part_of_the_largest(shown):
    with jax.enable_x64(True):
        land = ga.photograph(smooth=4.0)
        outline = np.asarray(shown[3].shape.points)
        width = 2 * land.box[1][0]
        points = (outline - (2 * 93, 0)) * width / 84 + land.box[0]
        slope = np.linalg.norm(np.asarray(ga.gradient(land, points)), axis=-1)
        rows, columns = shown[1].shape.pixels.shape[:2]
        every = np.asarray(ga.gradient(land, ga.grid(rows, columns, land.box)))
    largest = np.linalg.norm(every, axis=-1).max()
    assert np.isfinite(slope).sum() > 500
    assert np.nanmedian(np.abs(slope / largest - 0.17)) < 0.002
    assert np.nanmax(np.abs(slope / largest - 0.17)) < 0.03


def test_the_steeper_the_darker(shown):
    with jax.enable_x64(True):
        land = ga.photograph(smooth=4.0)
        pixels = np.asarray(shown[1].shape.pixels)
        rows, columns = pixels.shape[:2]
        gradient = np.asarray(ga.gradient(land, ga.grid(rows, columns, land.box)))
    order = np.argsort(np.linalg.norm(gradient, axis=-1).ravel())
    green = pixels[..., 1].ravel()[order]
    assert (np.diff(green) <= 1e-9).all()


def test_three_panels_stand_side_by_side(shown):
    boxes = [np.asarray(mark.shape.box) for mark in shown[:3]]
    assert np.allclose([box[0, 1] for box in boxes], 0)
    assert all(a[1, 0] < b[0, 0] for a, b in pairwise(boxes))
