"""Parallel curves on surfaces, against latitudes, offsets, evolutes and what Jacobi stated."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from solids import BOX, RING, TUBE, TURN, sphere, torus_of

from gradart.calculus.curves.curves_of_curves import evolute, offset
from gradart.calculus.curves.frames import point
from gradart.errors import ArtError
from gradart.geometry.surfaces.parallels import focal_lines, parallels
from gradart.geometry.surfaces.surfaces import surface
from gradart.library.curves import ellipse

pytestmark = pytest.mark.usefixtures("double")

T = np.linspace(0.1, 6.2, 12)
FAR = np.array([0.5, 1.2, -0.7, np.pi, 4.0])  # on a ball of radius 1, the fourth is the antipode


@pytest.mark.exhaustive
def test_on_a_sphere_they_are_latitudes_which_meet_at_the_antipode_and_go_back():
    ball = surface(sphere, box=BOX, resolution=20)
    lines, spread = parallels(ball, (0, 0, 1), T, FAR, steps=1500)
    np.testing.assert_allclose(lines[..., 2], np.cos(FAR)[:, None].repeat(12, 1), atol=1e-8)
    np.testing.assert_allclose(spread, np.sin(FAR)[:, None].repeat(12, 1), atol=1e-8)
    turned = np.arctan2(lines[0, :, 1], lines[0, :, 0]) - T
    np.testing.assert_allclose(np.exp(1j * (turned - turned[0])), 1, atol=1e-8)
    cap = surface(sphere, box=BOX, within=lambda p: 0.2 - p[2], resolution=20)
    ended, _ = parallels(cap, (0, 0, 1), T, FAR, steps=1500)
    kept = np.isfinite(ended[..., 0])
    np.testing.assert_array_equal(kept.all(1), [True, True, True, False, False])
    np.testing.assert_array_equal(ended[kept], lines[kept])


@pytest.mark.exhaustive
def test_in_a_plane_they_are_offsets_and_fold_along_the_evolute():
    flat = surface(
        lambda q: jnp.array([q[0] + 0.2 * q[1], q[1], 0.0]), box=((-3, -3), (3, 3)), resolution=20
    )
    egg = ellipse(2.0, 1.2)

    def start(t):
        x, y = egg(t)
        return jnp.array([x - 0.2 * y, y])

    lines, _ = parallels(flat, start, T, FAR, steps=5)
    known = np.stack([point(offset(egg, d), T) for d in FAR])
    np.testing.assert_allclose(lines[..., :2], known, atol=1e-12)
    focal = focal_lines(flat, start, T, length=-4, steps=10)
    np.testing.assert_allclose(focal[0, :, :2], point(evolute(egg), T), atol=1e-12)


@pytest.fixture(scope="module")
def ring():
    with jax.enable_x64(True):
        yield surface(torus_of, box=((0, 0), (TURN, TURN)), resolution=20)


@pytest.mark.exhaustive
def test_on_a_torus_those_of_its_equator_are_circles_around_its_axis(ring):
    lines, spread = parallels(ring, lambda t: jnp.stack([t, 0 * t]), T, FAR / 5, steps=200)
    away = RING + TUBE * np.cos(FAR / 5 / TUBE)
    np.testing.assert_allclose(np.hypot(lines[..., 0], lines[..., 1]).T, [away] * 12, atol=1e-9)
    np.testing.assert_allclose(lines[..., 2].T, [-TUBE * np.sin(FAR / 5 / TUBE)] * 12, atol=1e-9)
    np.testing.assert_allclose(spread.T, [away] * 12, atol=1e-9)


@pytest.mark.exhaustive
def test_their_distance_is_the_length_of_the_way_and_their_spread_how_they_go_on(ring):
    """Circles around a point on the outside of a torus, which are alike on its two sides."""
    far, turn = np.linspace(0, 3, 601)[1:], np.linspace(-np.pi, np.pi, 201)
    lines, spread = map(np.asarray, parallels(ring, (0.0, 0.0), turn, far, steps=600))
    mirrored = lines[:, ::-1] * (1, -1, 1), lines[:, ::-1] * (1, 1, -1)
    assert min(np.abs(lines - other).max() for other in mirrored) < 1e-9
    ways = np.linalg.norm(np.diff(lines, axis=0), axis=-1).sum(0)
    np.testing.assert_allclose(ways, far[-1] - far[0], rtol=2e-5)
    beside = np.gradient(lines, turn, axis=1)[:, 1:-1]
    calm = np.abs(spread[:, 1:-1]) < 0.8
    off = np.linalg.norm(beside, axis=-1) - np.abs(spread[:, 1:-1])
    np.testing.assert_allclose(off[calm], 0, atol=1e-2)
    ahead = np.gradient(lines, far, axis=0)[:, 1:-1]
    normal = jax.vmap(jax.vmap(lambda p: p - RING * p.at[2].set(0) / jnp.hypot(p[0], p[1])))(lines)
    turned = (np.cross(normal[:, 1:-1], ahead) * beside).sum(-1)
    clear = calm & (np.abs(spread[:, 1:-1]) > 0.05)
    np.testing.assert_array_equal(np.sign(turned)[clear], np.sign(spread[:, 1:-1])[clear])
    assert (spread < -0.05).any()


@pytest.mark.exhaustive
def test_on_an_egg_with_three_axes_neighbors_of_a_point_meet_along_a_line_with_four_cusps():
    """Jacobi's last geometric statement (1843)."""
    axes = jnp.array([0.88, 1.0, 0.76])
    egg = surface(lambda p: ((p / axes) ** 2).sum() - 1, box=((-1.6,) * 3, (1.6,) * 3))
    start = axes * jnp.array([-0.83, 0.42, 0.36])
    turn = np.linspace(0, 2 * np.pi, 256, endpoint=False)
    (line,) = focal_lines(egg, start, turn, length=3.6, steps=120)
    ways = np.roll(line, -1, 0) - line
    assert ((ways * np.roll(ways, 1, 0)).sum(-1) < 0).sum() == 4


def test_errors_say_what_to_give(ring):
    with pytest.raises(ArtError, match=r"give a curve, or one point \(2,\)"):
        parallels(ring, (0, 0, 1), T, FAR)
    with pytest.raises(ArtError, match="its parameters"):
        parallels(ring, lambda t: jnp.stack([t, t, t]), T, FAR)


def test_a_distance_that_is_none_has_no_line_and_leaves_the_others():
    plain = surface(lambda q: jnp.append(q, 0.0), box=((-1, -1), (1, 1)), resolution=4)
    gone = np.ma.array([0.2, 9.0, 0.3, np.inf], mask=[0, 1, 0, 0])
    lines, spread = parallels(plain, (0.1, 0.2), T[:3], gone, steps=4)
    assert np.isnan(lines[1::2]).all()
    reach = np.linalg.norm(lines[::2] - np.array([0.1, 0.2, 0]), axis=-1)
    for found in (reach, spread[::2]):
        np.testing.assert_allclose(found, [[0.2] * 3, [0.3] * 3], rtol=1e-12)
