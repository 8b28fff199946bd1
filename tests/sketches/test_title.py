"""The title: whiskers are velocities, and their tips draw the hodograph."""

import numpy as np
import pytest

pytestmark = pytest.mark.exhaustive


def parts(scene):
    whiskers, curve, rays, hodograph, _ = (np.asarray(m.shape.points) for m in scene.marks)
    hub = rays[0, 0]  # where the rays of the first turn begin
    return whiskers, curve[0], rays[:, 1] - hub, hodograph[0] - hub


def apart(points, pieces):
    """The greatest distance from points (n, 2) to a path of Bezier pieces (3k + 1, 2)."""
    u = np.linspace(0, 1, 100)[:, None]
    basis = (1 - u) ** 3, 3 * u * (1 - u) ** 2, 3 * u**2 * (1 - u), u**3
    path = sum(b * pieces[k : len(pieces) - 3 + k : 3, None] for k, b in enumerate(basis))
    path = path.reshape(-1, 2) @ (1, 1j)
    start, way = path[:-1], np.diff(path) + 1e-300
    part = np.clip((((points @ (1, 1j))[:, None] - start) / way).real, 0, 1)
    return np.abs(start + part * way - (points @ (1, 1j))[:, None]).min(1).max()


def test_the_hodograph_is_the_velocity_of_the_curve(piece):
    whiskers, curve, rays, hodograph = parts(piece("title")(turns=1, whiskers=720))
    start, velocity = whiskers[:, 0], whiskers[:, 1] - whiskers[:, 0]
    step = 2 * np.pi / (len(start) - 1)
    slope = (start[2:] - start[:-2]) / (2 * step)  # by central differences
    np.testing.assert_allclose(velocity[1:-1], slope, atol=1e-3 * np.abs(slope).max())
    np.testing.assert_allclose(velocity, rays, atol=1e-9)  # the same whisker again, as a ray
    assert apart(start[::7], curve) < 0.01  # mm, a twenty-thousandth of the picture
    assert apart(rays[::7], hodograph) < 0.01


def test_without_a_ripple_the_hodograph_is_the_spiral_turned_and_grown(piece):
    growth = 0.2
    whiskers, curve, _, hodograph = parts(piece("title")(turns=2, growth=growth, ripple=0))
    spiral, velocity = whiskers[:, 0] @ (1, 1j), np.diff(whiskers, axis=1)[:, 0] @ (1, 1j)
    np.testing.assert_allclose(velocity, (growth + 1j) * spiral, atol=1e-9)
    for path in (curve[::3] @ (1, 1j), hodograph[::3] @ (1, 1j) / (growth + 1j)):
        turns = np.log(np.abs(path) / 60) / growth - np.angle(path * 1j)
        np.testing.assert_allclose(np.exp(1j * turns), 1, atol=1e-9)
