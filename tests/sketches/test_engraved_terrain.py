"""In engraved_terrain ribbons run down the slope, and are wide where it is in the shade."""

import jax
import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def shown(piece):
    """The ribbons, one by one, and at all of their points the heights and slopes."""
    (mark,) = piece("engraved_terrain")(separation=5.0, smooth=8.0).marks
    ribbons = [r[np.isfinite(r[:, 0])] for r in np.asarray(mark.shape.points)]
    with jax.enable_x64(True):
        land, points = ga.terrain(smooth=8.0), np.concatenate(ribbons)
        heights, slopes = ga.value(land, points), ga.gradient(land, points)
    ends = np.cumsum([len(r) for r in ribbons])[:-1]
    return ribbons, np.split(np.asarray(heights), ends), np.split(np.asarray(slopes), ends)


def test_a_ribbon_only_goes_down_and_back_up(shown):
    _, heights, _ = shown
    for h in heights:
        rises = np.diff(np.append(h, h[0]))
        there_and_back = 2 * np.ptp(h)
        assert np.abs(rises).sum() < 1.2 * there_and_back + 0.01
    assert np.mean([np.ptp(h) for h in heights]) > 0.05


def test_slopes_away_from_the_light_are_darker(shown):
    ribbons, _, slopes = shown

    def width(ribbon):
        x, y = ribbon.T
        area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
        return 2 * area / np.linalg.norm(np.diff(ribbon, axis=0), axis=1).sum()

    toward = np.array([s.mean(0) for s in slopes]) @ [-1, 1]  # the light is in the northwest
    widths = np.array([width(r) for r in ribbons])
    assert len(widths) > 100
    assert np.median(widths[toward > 0.3]) > 2 * np.median(widths[toward < -0.3])
