"""Surfaces: silhouettes, sections, edges and hidden lines, against what is known of them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from solids import BOX, TUBE, TURN, sphere, torus, torus_of

from gradart.errors import ArtError
from gradart.geometry.surfaces.cameras import camera
from gradart.geometry.surfaces.hidden_lines import opaque
from gradart.geometry.surfaces.surface_curves import edges, sections, silhouettes
from gradart.geometry.surfaces.surfaces import surface

pytestmark = pytest.mark.usefixtures("double")

EYES = {"far": (20, 35), "near": (20, 35, 5.0)}


def gyroid(p):
    x, y, z = 4 * p
    return jnp.sin(x) * jnp.cos(y) + jnp.sin(y) * jnp.cos(z) + jnp.sin(z) * jnp.cos(x)


def inked(lines):
    return lines[np.isfinite(lines).all(-1)]


@pytest.mark.parametrize("name", EYES)
def test_the_silhouette_of_a_sphere_is_a_circle_that_closes(name):
    eye = camera(*EYES[name])
    (line,) = silhouettes(surface(sphere, box=BOX), eye)
    radius = np.linalg.norm(eye(line), axis=-1)
    # From nearby a ball of radius 1 looks as large as the cone that touches it is wide.
    known = 1.0 if eye.distance is None else 1 / np.sqrt(1 - 1 / float(eye.distance) ** 2)
    np.testing.assert_allclose(radius, known, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(line, axis=-1), 1, atol=1e-9)
    assert (line[0] == line[-1]).all()
    turns = np.unwrap(np.arctan2(*np.asarray(eye(line)).T))
    assert abs(turns[-1] - turns[0]) == pytest.approx(TURN)


@pytest.mark.parametrize("of", ["a field", "a map"])
def test_the_silhouette_of_a_torus_is_the_curve_at_the_tube_s_radius_from_an_ellipse(of):
    eye = camera(*EYES["far"])
    if of == "a field":
        ring = surface(torus, box=BOX)
    else:
        ring = surface(torus_of, box=((0, 0), (TURN, TURN)), resolution=120)
    lines = silhouettes(ring, eye)
    assert len(lines) == 2
    points = inked(lines)
    u = np.arctan2(points[:, 1], points[:, 0])
    # A torus is a ball that goes around a circle: its outline is parallel to the circle's image.
    center = np.asarray(eye(np.stack([np.cos(u), np.sin(u), 0 * u], -1)))
    along = np.asarray(eye(np.stack([-np.sin(u), np.cos(u), 0 * u], -1)))
    off = np.asarray(eye(points)) - center
    np.testing.assert_allclose(np.linalg.norm(off, axis=-1), TUBE, atol=1e-9)
    np.testing.assert_allclose((off * along).sum(-1), 0, atol=1e-9)


def test_sections_lie_on_the_surface_and_on_their_planes():
    levels = [-0.7, 0.0, 0.4]
    rows = sections(surface(sphere, box=BOX), lambda p: p[0] + p[2], levels)
    assert len(rows) == 3
    for row, level in zip(rows, levels, strict=True):
        points = inked(row)
        np.testing.assert_allclose(np.linalg.norm(points, axis=-1), 1, atol=1e-12)
        np.testing.assert_allclose(points[:, 0] + points[:, 2], level, atol=1e-12)
        length = np.linalg.norm(np.diff(points, axis=0), axis=-1).sum()
        assert length == pytest.approx(TURN * np.sqrt(1 - level**2 / 2), rel=1e-3)


def test_edges_are_where_a_surface_is_cut_and_a_closed_one_has_none():
    half = surface(sphere, box=BOX, within=lambda p: p[2] - 0.3)
    (line,) = edges(half)
    np.testing.assert_allclose(line[:, 2], 0.3, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(line, axis=-1), 1, atol=1e-12)
    assert (half.mesh.points[np.unique(half.mesh.triangles)][:, 2] <= 0.3 + 1e-12).all()
    assert len(edges(surface(sphere, box=BOX))) == 0
    assert len(edges(surface(torus_of, box=((0, 0), (TURN, TURN)), resolution=40))) == 0

    def cylinder(q):
        return jnp.stack([jnp.cos(q[0]), jnp.sin(q[0]), q[1]])

    ends = edges(surface(cylinder, box=((0, -1), (TURN, 1)), resolution=40))
    assert sorted(float(line[0, 2]) for line in ends) == [-1, 1]


def hidden_by_samples(f, eye, points, near):
    """The slow way: whether a field changes its sign on the way from points (n, 3) to the eye."""
    t = np.linspace(near, 4, 6000)
    way = np.asarray(eye.back)
    return np.array([np.ptp(np.sign(jax.vmap(f)(p + t[:, None] * way))) > 0 for p in points], bool)


@pytest.mark.exhaustive
@pytest.mark.parametrize("shape", [torus, gyroid])
def test_what_is_hidden_is_what_a_fine_walk_to_the_eye_says(shape):
    eye = camera(*EYES["far"])
    lump = jax.jit(lambda p: jnp.maximum(shape(p), p @ p - 2.9))
    body = surface(lump if shape is gyroid else torus, box=BOX)
    points = body.mesh.points[::131]
    facing = jax.vmap(jax.grad(body.function))(points) @ eye.back
    points = points[np.abs(facing) > 0.02]
    seen = np.isfinite(opaque(body, eye)(points[:, None])[:, 0, 0])
    known = hidden_by_samples(body.function, eye, points, 2e-3 * body.size)
    assert 0.1 < known.mean() < 0.9
    assert (seen == ~known).mean() > 0.995


def length_of(paths):
    steps = np.linalg.norm(np.diff(np.asarray(paths), axis=-2), axis=-1)
    return np.nansum(steps)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", EYES)
@pytest.mark.parametrize("of", ["a field", "a map"])
def test_as_much_of_a_line_is_visible_as_a_fine_depth_buffer_shows(name, of):
    eye = camera(*EYES[name])
    if of == "a field":
        ring = surface(torus, box=BOX)
    else:
        ring = surface(torus_of, box=((0, 0), (TURN, TURN)))
    lines = sections(ring, lambda p: p[0] + 0.3 * p[2], np.linspace(-1.2, 1.2, 9))
    shown = opaque(ring, eye)(lines)

    # The buffer: how near the densely sampled torus comes to the eye in each pixel.
    u, v = np.meshgrid(np.linspace(0, TURN, 3001), np.linspace(0, TURN, 1501))
    cloud = np.asarray(jax.vmap(torus_of)(np.stack([u.ravel(), v.ravel()], -1)))
    cell, side = 0.006, 600

    def pixel(points):
        return np.round(np.asarray(eye(points)) / cell).astype(int) + side // 2

    depth = np.full((side, side), -np.inf)
    np.maximum.at(depth, tuple(pixel(cloud).T), cloud @ np.asarray(eye.back))
    fine = inked(lines)
    near = fine @ np.asarray(eye.back) > depth[tuple(pixel(fine).T)] - 0.06
    # By length: each point stands for half the way to its neighbors.
    row = np.asarray(eye(lines))
    steps = np.linalg.norm(np.diff(row, axis=1), axis=-1)
    steps = np.nan_to_num(steps)
    weight = np.pad(steps, ((0, 0), (1, 0))) / 2 + np.pad(steps, ((0, 0), (0, 1))) / 2
    weight = weight[np.isfinite(lines).all(-1)]
    assert 0.2 < weight[near].sum() / weight.sum() < 0.8
    assert length_of(shown) == pytest.approx(weight[near].sum(), rel=0.02)


def test_a_line_ends_where_its_picture_meets_the_silhouette():
    eye = camera(0, 0)
    ball = surface(sphere, box=BOX)
    behind = np.array([[-1.5, -1.8, 0.3], [-1.5, 1.8, 0.3]])  # past the ball, from side to side
    path = np.linspace(*behind, 40)
    shown = np.asarray(opaque(ball, eye)(path))
    ends = shown[1:][np.isnan(shown[:-1, 0]) | np.isnan(np.roll(shown, -2, 0)[1:, 0])]
    np.testing.assert_allclose(np.abs(shown[np.isfinite(shown[:, 0])][:, 1]), 0.3, atol=1e-12)
    nearest = np.nanmin(np.abs(shown[:, 0]))
    assert len(ends) >= 2
    assert nearest == pytest.approx(np.sqrt(1 - 0.3**2), abs=1e-9)


@pytest.mark.exhaustive
def test_surfaces_hide_one_another():
    eye = camera(0, 0)
    apart = jnp.array([1.0, 0, 0])
    near = surface(lambda p: (p - apart) @ (p - apart) - 0.25, box=BOX)
    far = surface(lambda p: (p + apart) @ (p + apart) - 0.25, box=BOX)
    line = sections(far, lambda p: p[2], [0.1])
    assert np.isfinite(opaque(far, eye)(line)).any()
    assert not np.isfinite(opaque([near, far], eye)(line)).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: surface(sphere), "give box="),
        (lambda: surface(lambda p: p @ p + 1, box=BOX), "nowhere 0"),
        (lambda: surface(sphere, box=BOX, within=lambda p: p @ p + 1), "nothing of it is left"),
        (lambda: surface(sphere, box=((0, 0, 0), (1, 1, 0))), "no length"),
        (lambda: surface(sphere, box=((0,), (1,))), "two points"),
        (lambda: surface(sphere, box=((0, 0), (1, 1))), r"returns shape \(\)"),
        (lambda: surface(sphere, box=BOX, resolution=900), "16 million"),
        (lambda: opaque(sphere, camera()), "ga.surface makes"),
        (lambda: opaque(surface(sphere, box=BOX), camera())(np.zeros((3, 2))), "not"),
        (lambda: sections(surface(sphere, box=BOX), lambda p: p[2], [np.nan]), "finite numbers"),
        (lambda: camera(distance=0), "distance is 0"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()


def test_a_camera_that_goes_away_becomes_the_one_from_afar_and_hides_what_is_behind_it():
    points = jax.random.normal(jax.random.key(0), (30, 3))
    afar = camera(10, 20)(points)
    errors = [np.abs(camera(10, 20, d)(points) - afar).max() for d in (1e3, 1e4)]
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.05)
    assert np.isnan(camera(0, 0, 2.0)((3.0, 0, 0))).all()
    np.testing.assert_allclose(camera(0, 0, 2.0)((1.0, 0.25, 0.5)), (0.5, 1.0))  # half as far
