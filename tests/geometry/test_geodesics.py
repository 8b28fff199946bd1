"""Geodesics, against great circles, Clairaut's constant, and one another."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from solids import BOX, RING, TUBE, TURN, sphere, torus, torus_of

from gradart.errors import ArtError
from gradart.geometry.surfaces.geodesics import geodesics
from gradart.geometry.surfaces.surfaces import surface

pytestmark = pytest.mark.usefixtures("double")


@pytest.fixture(scope="module")
def tori():
    with jax.enable_x64(True):
        yield surface(torus, box=BOX, resolution=30), surface(torus_of, box=((0, 0), (TURN, TURN)))


@pytest.mark.exhaustive
def test_on_a_sphere_they_are_great_circles_at_even_speed():
    ball = surface(sphere, box=BOX, resolution=30)
    starts = jax.random.normal(jax.random.key(0), (5, 3))
    starts /= jnp.linalg.norm(starts, axis=-1, keepdims=True)
    ways = jax.random.normal(jax.random.key(1), (5, 3))
    paths = geodesics(ball, starts, ways, length=4.0, steps=500)
    tangent = ways - (ways * starts).sum(-1, keepdims=True) * starts
    tangent /= jnp.linalg.norm(tangent, axis=-1, keepdims=True)
    t = np.linspace(0, 4, 501)[:, None]
    known = starts[:, None] * np.cos(t) + tangent[:, None] * np.sin(t)
    np.testing.assert_allclose(paths, known, atol=1e-9)


def test_a_start_far_off_is_brought_onto_an_ellipsoid_where_joachimsthal_s_number_stays():
    axes = np.array([1.0, 0.7, 0.4])
    egg = surface(lambda p: ((p / axes) ** 2).sum() - 1, box=BOX, resolution=30)
    paths = np.asarray(geodesics(egg, (3.0, 2, 2), (0.1, 0.5, 0.9), length=3, steps=1000))
    np.testing.assert_allclose(((paths / axes) ** 2).sum(-1), 1, atol=1e-12)
    ways = (paths[2:] - paths[:-2]) / 0.006
    number = (paths[1:-1] ** 2 / axes**4).sum(-1) * (ways**2 / axes**2).sum(-1)
    np.testing.assert_allclose(number, number[0], rtol=1e-3)


@pytest.mark.exhaustive
@pytest.mark.parametrize("k", [0, 1])
def test_on_a_torus_they_keep_clairaut_s_constant_and_the_surface(tori, k):
    # One that goes around the tube, and one that swings about the outer equator.
    starts = torus_of(jnp.zeros(2)) if k == 0 else jnp.zeros(2)
    ways = np.array([[0.3, 1.0], [1.0, 0.2]])
    ways = (
        np.stack([0 * ways[:, 0], ways[:, 0] * (RING + TUBE), ways[:, 1] * TUBE], -1)
        if k == 0
        else ways
    )
    paths = np.asarray(geodesics(tori[k], starts, ways, length=9.0, steps=3000))
    r = np.hypot(paths[..., 0], paths[..., 1])
    np.testing.assert_allclose((r - RING) ** 2 + paths[..., 2] ** 2, TUBE**2, atol=1e-12)
    # r^2 du/ds: the distance from the axis, times the cosine of the angle with the parallel.
    v = np.gradient(paths, 9.0 / 3000, axis=1, edge_order=2)[:, 5:-5]
    p = paths[:, 5:-5]
    constant = p[..., 0] * v[..., 1] - p[..., 1] * v[..., 0]
    np.testing.assert_allclose(constant, constant[:, :1].repeat(constant.shape[1], 1), atol=3e-4)
    np.testing.assert_allclose(np.linalg.norm(v, axis=-1), 1, atol=1e-4)


@pytest.mark.exhaustive
def test_a_field_and_a_map_have_the_same_ones_which_settle_with_the_fourth_power_of_the_steps(tori):
    field, chart = tori
    place, turn = jnp.array([0.3, 0.7]), jnp.array([0.8, -0.5])
    point, way = jax.jvp(torus_of, (place,), (turn,))
    exact = geodesics(chart, place, turn, length=5.0, steps=4000)
    np.testing.assert_allclose(
        geodesics(field, point, way, length=5.0, steps=4000), exact, atol=1e-9
    )
    errors = [
        float(jnp.abs(geodesics(chart, place, turn, length=5.0, steps=n)[-1] - exact[-1]).max())
        for n in (50, 100)
    ]
    assert 12 < errors[0] / errors[1] < 22


@pytest.mark.exhaustive
def test_they_end_where_the_surface_does_and_can_be_traced_and_differentiated():
    cap = surface(sphere, box=BOX, within=lambda p: -p[2], resolution=30)
    down = geodesics(cap, (0, 0, 1), (1, 0, 0), length=3.0, steps=300)
    last = down[np.isfinite(down[:, 0])][-1]
    assert 0 < last[2] < 0.02
    ball = surface(sphere, box=BOX, resolution=30)

    def end(a):
        ways = jnp.stack([jnp.cos(a), jnp.sin(a), 0.0])
        return geodesics(ball, jnp.array([0.0, 0, 1]), ways, length=1.2, steps=200)[-1]

    moves = jax.jit(jax.jacfwd(end))(0.4)
    known = np.sin(1.2) * np.array([-np.sin(0.4), np.cos(0.4), 0])
    np.testing.assert_allclose(moves, known, atol=1e-9)


@pytest.mark.parametrize(
    ("starts", "ways", "message"),
    [
        ((0, 0), (1, 0), "a field has"),
        ((0, 0, 1), (0, 0, 1), "no length on the surface"),
        (np.ones((2, 3)), np.ones((3, 3)), "one for each"),
    ],
)
def test_errors_say_what_to_give(starts, ways, message):
    with pytest.raises(ArtError, match=message):
        geodesics(surface(sphere, box=BOX, resolution=20), starts, ways, length=1)
