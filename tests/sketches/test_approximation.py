"""The approximation: its error falls with the run, then rises with the rounding; 2x has none."""

from fractions import Fraction

import numpy as np
import pytest

import gradart as ga

pytestmark = pytest.mark.exhaustive


def errors(scene, mark):
    """Runs and errors (runs,), read off the logarithmic axes by their ticks."""
    places = np.asarray(scene.marks[mark].shape.centers)
    foot = np.asarray(scene.marks[2].shape.points)[0, 0, 1]
    return places[:, 0] / 10 - 17, (places[:, 1] - foot) / 10 - 15.5


@pytest.mark.parametrize(("mark", "precision"), [(0, np.float32), (1, np.float64)])
def test_the_two_arms_of_the_v(piece, mark, precision):
    run, error = errors(piece("approximation")(runs=800), mark)
    eps = np.log10(np.finfo(precision).eps)
    long = run > eps / 2 + 1
    # ((x + h)^2 - x^2) / h is 2x + h: to the right the error is the run itself.
    np.testing.assert_allclose(error[long], run[long], atol=0.02)
    short = (run > eps + 0.5) & (run < eps / 2 - 1)
    assert (error[short] < eps - run[short] + 1.1).all()  # to the left, rounding over the run
    assert np.median(error[short] - (eps - run[short])) > -0.5
    lost = run < eps - 0.5
    np.testing.assert_allclose(error[lost], np.log10(4), atol=1e-5)  # nothing is left of the rise
    best = run[np.argmin(np.where(run > eps + 1, error, 0))]
    assert abs(best - eps / 2) < 1.5


def test_a_dot_is_the_difference_in_that_precision(piece):
    run, error = errors(piece("approximation")(runs=60, x=3.0), 0)
    for k in (30, 45, 59):
        h, x = np.float32(10.0 ** run[k]), np.float32(3)
        slope = np.float32(np.float32(np.float32(x + h) ** 2 - np.float32(9)) / h)
        exact = abs(Fraction(float(slope)) - 6)
        np.testing.assert_allclose(10 ** error[k], float(exact), rtol=1e-3, atol=1e-6)


def test_figures_and_the_exact_line(piece):
    scene = piece("approximation")(runs=10)
    line = np.asarray(scene.marks[2].shape.points)[0]
    assert line[0, 1] == line[1, 1]
    assert line[0, 1] < np.asarray(scene.marks[1].shape.centers)[:, 1].min()
    figures = ("3.999999975690116", "4", "-5.999999963535174", "-6")
    for mark, number in zip([scene.marks[k] for k in (13, 14, 16, 17)], figures, strict=True):
        type_ = ga.text(f"${number}$", mark.shape.anchor, size=12, align="right")
        np.testing.assert_array_equal(mark.shape.points, type_.shape.points)
