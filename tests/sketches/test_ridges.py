"""Ridges: lines of constant latitude in relief, nothing on the flats."""

from itertools import pairwise

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


def test_flats_are_blank_and_mountains_are_not(piece):
    every = piece("ridges")(lines=20, flat=0.0, height=0.05, tilt=89.0).marks[0].shape.points
    some = piece("ridges")(lines=20, flat=0.6, height=0.05, tilt=89.0).marks[0].shape.points
    with jax.enable_x64(True):
        plain = ga.terrain(smooth=8)
        # Seen from straight above, the sheet is the map.
        on_map = (np.asarray(some) - (90, 0)) / 180 * 2 * plain.box[1][0]
        top = np.nanmax(on_map[..., 1])
        on_map[..., 1] += plain.box[1][1] - top
        slope = np.linalg.norm(np.asarray(ga.gradient(plain, on_map)), axis=-1)
        height = np.asarray(ga.value(plain, on_map))
    assert not ((slope < 0.4) & (height < 0.45)).any()
    assert 0.3 < length(some) / length(every) < 0.9


def length(paths):
    return np.nansum(np.linalg.norm(np.diff(np.asarray(paths), axis=1), axis=-1))


def test_no_line_passes_in_front_of_a_nearer_one(piece):
    lines = np.asarray(piece("ridges")(lines=30, flat=0.0).marks[0].shape.points)
    x = np.linspace(1, 179, 300)
    heights = []
    for line in lines:
        y = np.full_like(x, np.nan)
        for a, b in pairwise(line):
            if np.isfinite([a, b]).all() and b[0] > a[0]:
                here = (x >= a[0]) & (x <= b[0])
                y[here] = a[1] + (x[here] - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
        heights.append(y)
    front = np.fmax.accumulate(np.array(heights))[:-1]
    # The sheet is in mm, and its lines are simplified to a fiftieth of one.
    assert np.nanmin(np.array(heights)[1:] - front) > -0.1


def test_the_place_and_its_heights_are_named(piece):
    assert len(piece("ridges")(lines=5).marks) == 4
