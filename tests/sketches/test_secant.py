"""The secant goes through two points of the curve, and becomes the tangent."""

import numpy as np
import pytest

from gradart.drawing.lettering.text import text

pytestmark = pytest.mark.exhaustive


def read(scene, x):
    """A frame in the units of the graph: slopes of ghosts, secant and tangent, and the run."""
    ghosts, whole, corner, secant, tangent = (np.asarray(m.shape.points) for m in scene.marks[:5])
    t, whole = np.array([-1.4, 3.16]), whole[:, [0, -1]]
    # The sheet's own scales, from the ends of the curve that it shows.
    (a, b), (c, d) = np.polyfit(t, whole[0, :, 0], 1), np.polyfit(t**2, whole[0, :, 1], 1)

    def slope(line):
        rise = np.diff((line - (b, d)) / (a, c), axis=-2)[..., 0, :]
        return rise[..., 1] / rise[..., 0]

    here, _, end = (corner[0] - (b, d)) / (a, c)
    np.testing.assert_allclose(here, (x, x**2), atol=1e-9)
    np.testing.assert_allclose(end[1], end[0] ** 2, atol=1e-9)
    return slope(ghosts), slope(secant[0]), slope(tangent[0]), end[0] - here[0]


def test_the_secant_is_rise_over_run_until_it_is_the_tangent(piece):
    film = piece("secant")(x=0.5, run=2.0, ghosts=4)
    runs = []
    for u in (0.2, 0.5):
        scene = film(u)
        ghosts, secant, tangent, run = read(scene, 0.5)
        np.testing.assert_allclose(tangent, 1.0, rtol=1e-9)  # the derivative of x^2 at 0.5
        np.testing.assert_allclose(secant, 1.0 + run, rtol=1e-9)
        np.testing.assert_allclose(ghosts, 1.0 + np.array([0.5, 1, 1.5, 2]), rtol=1e-9)
        figures, type_ = (
            np.asarray(mark.shape.points).reshape(-1, 2)
            for mark in (scene.marks[-1], text(f"{secant:.3f}", (0, 150), size=15))
        )
        apart = np.abs((figures @ (1, 1j))[:, None] - type_[~np.isnan(type_[:, 0])] @ (1, 1j))
        assert np.nanmin(apart, 0).max() < 0.02  # the figures are this slope
        runs.append(run)
    assert runs[0] > 0.5 > 1e-3 > runs[1] > 0


def test_the_film_opens_as_it_closed(piece):
    film = piece("secant")(ghosts=2)
    for one, other in zip(film(0.2).marks[:5], film(0.8).marks[:5], strict=True):
        np.testing.assert_allclose(one.shape.points, other.shape.points, atol=1e-9)
