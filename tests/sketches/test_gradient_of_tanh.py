"""The gradient of tanh: every stem is the slope of the tangent above it."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive

ABOVE, BELOW, REACH = 50, 64, 266 / 6  # mm to a unit: of tanh, of its derivative, of x


def parts(scene):
    marks = scene.marks
    tangents, stems, _, curve, tangent, one = (
        np.asarray(m.shape.points) if hasattr(m.shape, "points") else None for m in marks[:6]
    )
    return tangents, stems, curve[0], tangent[0], one[0]


def test_stems_are_the_slopes_of_the_tangents(piece):
    tangents, stems, curve, _, _ = parts(piece("gradient_of_tanh")(samples=31))
    knots = curve[::3]  # of its Bezier pieces
    np.testing.assert_allclose(knots[:, 1], 128 + ABOVE * np.tanh(knots[:, 0] / REACH - 3))
    x = np.linspace(-3, 3, 31)
    np.testing.assert_allclose(stems[:, 0, 0], stems[:, 1, 0])
    np.testing.assert_allclose(stems[:, 0, 0], REACH * (x + 3), atol=1e-9)
    slopes = (stems[:, 1, 1] - stems[:, 0, 1]) / BELOW
    np.testing.assert_allclose(slopes, 1 - np.tanh(x) ** 2, atol=1e-12)
    # A clipped tangent still has that slope, and touches the curve there.
    left, right = tangents[:, 0], tangents[:, -1]
    rise = (right - left) / (REACH, ABOVE)
    np.testing.assert_allclose(rise[:, 1] / rise[:, 0], slopes, atol=1e-9)
    height = left[:, 1] + (REACH * (x + 3) - left[:, 0]) * slopes * ABOVE / REACH
    np.testing.assert_allclose(height, 128 + ABOVE * np.tanh(x), atol=1e-9)


def test_one_number_has_the_slope_that_it_has_among_many(piece):
    tangents, stems, _, tangent, one = parts(piece("gradient_of_tanh")(samples=13, x=-1.0))
    np.testing.assert_allclose(tangent, tangents[4], atol=1e-9)  # of -3, -2.5, -2, ...
    np.testing.assert_allclose(one[:2], stems[4], atol=1e-9)
