"""Engraving: each line is level on the tilted tones, and as wide as it is dark there."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive

SPACING = 6.0  # mm
UNIT = 180 / 267 / 90  # a millimeter, in units of the picture, of which 180 x 267 mm are shown


@pytest.fixture(scope="module")
def strokes(piece):
    """Outlines of the strokes, padded with NaN, in the picture's own units."""
    rows = piece("engraving")(spacing=SPACING).marks[0].shape.points
    return np.asarray(rows) * UNIT - (90 * UNIT, 1)


def test_a_line_is_level_on_the_tilted_picture(strokes):
    with jax.enable_x64(True):
        soft = ga.photograph(smooth=6)
        slope = 4 * jnp.array([np.cos(np.radians(60)), np.sin(np.radians(60))])

        def land(p):
            return soft(p) + slope @ p

        heights = np.asarray(ga.value(land, strokes))
        steep = np.linalg.norm(np.asarray(ga.gradient(land, strokes)), axis=-1)
    rise = np.nanmax(heights, 1) - np.nanmin(heights, 1)
    # Its two sides are at most a stroke's width, 0.86 of the spacing, apart.
    assert (rise < SPACING * UNIT * np.nanmax(steep, 1)).all()


def test_lines_are_wide_where_the_picture_is_dark(strokes):
    with jax.enable_x64(True):
        dark = 1 - np.nanmean(np.asarray(ga.value(ga.photograph(smooth=6), strokes)), 1)
    width = []
    for row in strokes:
        ring = row[np.isfinite(row[:, 0])]
        (x, y), (u, v) = ring.T, np.roll(ring, 1, 0).T
        width.append(abs(x @ v - y @ u) / np.linalg.norm([x - u, y - v], axis=0).sum())
    assert len(strokes) > 20
    assert np.corrcoef(width, dark)[0, 1] > 0.75
