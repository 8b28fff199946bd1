"""Functions: evenly spaced numbers in, the function's values out."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def panels(scene):
    """For each program: strokes up to the curve, over to the side, and the one number's way."""
    for k in (2, 11, 20):  # nine marks each, after the name and the number of x
        up, over, _, _, way = scene.marks[k : k + 5]
        up, over, way = (np.asarray(m.shape.points) for m in (up, over, way))
        yield up, over, way[0]


@pytest.mark.parametrize(("k", "f"), list(enumerate((np.square, np.sin, np.tanh))))
def test_heights_are_the_function(piece, k, f):
    up, over, way = list(panels(piece("functions")(samples=25, x=-0.5)))[k]
    numbers = np.linspace(-3, 3, 25)
    feet, curve = up[:, 0], up[:, 1]
    np.testing.assert_allclose(np.diff(feet[:, 0]), np.diff(feet[:, 0])[0])  # evenly spaced
    np.testing.assert_allclose(curve[:, 0], feet[:, 0])
    scale, shift = np.polyfit(f(numbers), curve[:, 1], 1)  # the panel's own scale
    np.testing.assert_allclose(scale * f(numbers) + shift, curve[:, 1], atol=1e-9)
    assert scale > 0
    # The one number goes up from its place and over to its answer.
    at = np.interp(-0.5, numbers, feet[:, 0])
    height = scale * f(-0.5) + shift
    np.testing.assert_allclose(way[1], (at, height), atol=1e-9)
    np.testing.assert_allclose(way[2], (feet[-1, 0], height), atol=1e-9)
    np.testing.assert_allclose(over[:, 1, 1], curve[:, 1])


def test_the_answers_crowd_where_the_slope_is_small(piece):
    up, _, _ = list(panels(piece("functions")(samples=61)))[2]  # tanh
    gaps = np.diff(up[:, 1, 1])
    assert gaps.argmax() in (29, 30)
    assert gaps[0] < 0.02 * gaps.max()
