"""The point of descent_1d moves with its tangent, down to where the tangent is level."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

MM = np.array([162 / 4.4, 98 / 5.4])  # of the upper graph, for one unit across and one up


def parts(scene):
    """The point, the slope of its tangent in units, and the derivative's dot above the axis."""
    tangent, stem = np.asarray(scene.marks[-2].shape.points)
    across, up = (tangent[1] - tangent[0]) / MM
    here, dot = np.asarray(scene.marks[-1].shape.centers)
    assert np.allclose(tangent.mean(0), here)
    assert np.allclose(stem[1], dot)
    return (here - (4, 68)) / MM + (-2, -0.6), up / across, (stem[1] - stem[0])[1] / (50 / 10.6)


@pytest.mark.parametrize("u", [0.05, 0.2, 0.37, 0.6])
def test_the_tangents_slope_is_the_derivative(piece, u):
    (x, y), slope, stem = parts(piece("descent_1d")()(u))
    assert y == pytest.approx(x**2 + np.sin(2 * x))
    assert slope == pytest.approx(2 * x + 2 * np.cos(2 * x))
    assert stem == pytest.approx(slope)


@pytest.mark.parametrize("start", [2.15, -1.9])
def test_it_comes_to_rest_at_the_minimum_near_minus_a_half(piece, start):
    film = piece("descent_1d")(start=start)
    assert parts(film(0.0))[0][0] == pytest.approx(start)
    (x, _), slope, _ = parts(film(0.75))
    assert x == pytest.approx(-0.5149, abs=1e-4)
    assert abs(slope) < 1e-4
