"""The title: whiskers are velocities, and their tips draw the hodograph."""

import numpy as np


def parts(scene):
    whiskers, curve, rays, hodograph, _ = (np.asarray(m.shape.points) for m in scene.marks)
    hub = rays[0, 0]  # where the rays of the first turn begin
    return whiskers, curve[0], rays[:, 1] - hub, hodograph[0] - hub


def test_the_hodograph_is_the_velocity_of_the_curve(piece):
    whiskers, curve, rays, hodograph = parts(piece("title")(turns=2, whiskers=24))
    step = 4 * np.pi / (len(curve) - 1)
    slope = (curve[2:] - curve[:-2]) / (2 * step)  # by central differences
    np.testing.assert_allclose(hodograph[1:-1], slope, atol=1e-3 * np.abs(slope).max())
    # Every fiftieth point has a whisker, and the same whisker again as a ray.
    np.testing.assert_allclose(whiskers[:, 0], curve[::50], atol=1e-9)
    np.testing.assert_allclose(whiskers[:, 1] - whiskers[:, 0], rays, atol=1e-9)
    np.testing.assert_allclose(rays, hodograph[::50], atol=1e-9)


def test_without_a_ripple_the_hodograph_is_the_spiral_turned_and_grown(piece):
    growth = 0.2
    _, curve, _, hodograph = parts(piece("title")(turns=2, growth=growth, ripple=0))
    spiral, velocity = curve @ (1, 1j), hodograph @ (1, 1j)
    np.testing.assert_allclose(velocity, (growth + 1j) * spiral, atol=1e-9)
