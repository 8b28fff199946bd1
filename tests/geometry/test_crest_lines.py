"""Crests, parabolic lines, umbilics, suggestive contours: closed forms, and the slow way."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from solids import BOX, RING, TUBE, TURN

from gradart.calculus.vectors import safe_norm
from gradart.errors import ArtError
from gradart.geometry.surfaces.cameras import camera
from gradart.geometry.surfaces.feature_lines import (
    crest_lines,
    parabolic_lines,
    suggestive_contours,
)
from gradart.geometry.surfaces.shape_operator import shape_at, sharpest, umbilics
from gradart.geometry.surfaces.surfaces import surface
from gradart.library.sampled import tabulated

pytestmark = pytest.mark.usefixtures("double")


def torus(p):
    return (safe_norm(p[:2]) - RING) ** 2 + p[2] ** 2 - TUBE**2


def graph(height, side=1.0, resolution=40):
    box = ((-side, -side * 1.01), (side * 1.02, side))
    return surface(lambda q: jnp.append(q, height(q)), box=box, resolution=resolution)


def inked(lines):
    return lines[np.isfinite(lines).all(-1)]


def length_of(lines):
    return np.nansum(np.linalg.norm(np.diff(lines, axis=1), axis=-1))


@pytest.mark.exhaustive
def test_the_crests_of_a_vase_are_its_widest_circles_and_its_valleys_the_narrowest():
    def vase(q):
        u, v = q
        return jnp.append((1 + 0.2 * jnp.cos(3 * v)) * jnp.array([jnp.cos(u), jnp.sin(u)]), v)

    body = surface(vase, box=((0, -2), (TURN, 2.01)), resolution=50)
    for valleys, heights, radius in ((False, [0], 1.2), (True, [-TURN / 6, TURN / 6], 0.8)):
        rows = crest_lines(body, valleys=valleys)
        assert sorted(row[0, 2] for row in rows) == pytest.approx(heights, abs=1e-12)
        np.testing.assert_allclose(np.hypot(*inked(rows)[:, :2].T), radius, atol=1e-12)
        assert length_of(rows) == pytest.approx(len(heights) * TURN * radius, rel=0.005)
    assert len(crest_lines(body, least=1.9)) == 0  # 9 times 0.2 is the curvature of its profile


@pytest.mark.exhaustive
def test_the_crest_of_a_bent_sheet_is_straight_and_ends_where_it_is_flatter_than_the_least():
    def sheet(q):
        u, v = 0.8 * q[0] + 0.6 * q[1], 0.8 * q[1] - 0.6 * q[0] - 0.1
        return jnp.exp(u) * jnp.exp(-(v**2)) * 0.4 - 0.4 * jnp.exp(u)

    rows = crest_lines(graph(sheet), least=0.6)
    x, y, z = inked(rows[:1]).T
    np.testing.assert_allclose(0.8 * y - 0.6 * x, 0.1, atol=1e-12)
    # Along the crest it lies in the plane, and is bent there by 0.8 exp(u).
    np.testing.assert_allclose(z, 0, atol=1e-12)
    assert np.min(0.8 * x + 0.6 * y) == pytest.approx(np.log(0.75), abs=1e-3)


@pytest.mark.exhaustive
def test_the_crest_of_a_table_is_one_line_if_its_spline_is_quintic():
    def fold(x, y):
        return 0.3 * np.exp(-4 * (0.8 * y - 0.6 * x - 0.1) ** 2)

    side = np.linspace(-1, 1, 60)
    part = ((-0.5, -0.5), (0.5, 0.51))
    for degree, pieces in ((3, range(2, 1000)), (5, range(1, 2))):
        field = tabulated(fold(side, side[:, None]), degree=degree)
        sheet = surface(lambda q, f=field: jnp.append(q, f(q)), box=part, resolution=60)
        rows = crest_lines(sheet, least=1)
        assert len(rows) in pieces
    x, y, _ = inked(rows).T
    np.testing.assert_allclose(0.8 * y - 0.6 * x, 0.1, atol=1e-4)
    assert length_of(rows) > 1


def waves(q):
    return 0.4 * jnp.sin(2 * q[0] + q[1]) * jnp.cos(1.3 * q[1] - 0.4 * q[0])


@pytest.mark.exhaustive
def test_the_slope_of_the_greatest_curvature_is_its_derivative():
    chart = graph(waves, resolution=4)
    egg = surface(lambda p: p @ (p * jnp.array([1, 2, 3])) + p[0] ** 3 - 1, box=BOX, resolution=12)
    for of, side in ((chart, 1), (egg, -1)):

        def both(place, of=of, side=side):
            most, other, way, slope = sharpest(of, place, side)
            rise = jax.jvp(lambda q: sharpest(of, q, side)[0], (place,), (way,))[1]
            known = jnp.linalg.eigvalsh(side * shape_at(of, place)[0])
            return slope - rise, jnp.stack([other, most]) - known

        for off in jax.jit(jax.vmap(both))(of.mesh.places[3:40:5]):
            np.testing.assert_allclose(off, 0, atol=1e-10)


@pytest.mark.exhaustive
def test_crests_turn_with_the_surface_and_are_maxima_along_their_direction():
    def placed(turn, bent):
        """The same points, turned, by parameters that are bent."""

        def sheet(q):
            p = q + bent * q**2
            return turn @ jnp.append(p, waves(p))

        return surface(sheet, box=((-1.7, -1.7), (1.4, 1.41)), resolution=50)

    turn = jnp.array([[0.6, -0.8, 0], [0.48, 0.36, 0.8], [-0.64, -0.48, 0.6]])
    plain, turned = placed(jnp.eye(3), jnp.zeros(())), placed(turn, jnp.asarray(0.07))
    first, second = inked(crest_lines(plain)), inked(crest_lines(turned)) @ np.asarray(turn)
    gaps = np.linalg.norm(second[:, None] - first, axis=-1).min(1)
    assert np.median(gaps) < 0.03
    assert (gaps[np.abs(second[:, :2]).max(1) < 1.3] < 0.07).all()

    def along(p):
        most, other, way, slope = sharpest(plain, p)
        return slope, jax.jvp(lambda q: sharpest(plain, q)[3], (p,), (way,))[1], most, other

    rows = crest_lines(plain)
    kept = [row[np.isfinite(row[:, 0])][1:-1, :2] for row in rows]  # all but the ends
    slope, bend, most, other = map(np.asarray, jax.jit(jax.vmap(along))(np.concatenate(kept)))
    assert len(slope) > 60
    np.testing.assert_allclose(slope, 0, atol=1e-9)
    assert (bend < 0).all()
    assert (most > np.abs(other)).all()
    lengths = [length_of(row[None]) for row in rows]
    assert lengths == sorted(lengths, reverse=True)


@pytest.mark.exhaustive
def test_what_bends_alike_has_no_lines_of_its_own():
    pipe = surface(
        lambda q: jnp.stack([jnp.cos(q[0]), 1.3 * jnp.sin(q[0]), q[1]]),
        box=((0, 0), (TURN, 1)),
        resolution=20,
    )
    assert len(parabolic_lines(pipe)) == 0
    assert len(umbilics(surface(lambda p: p @ p - 1, box=BOX, resolution=21)).points) == 0
    assert len(crest_lines(surface(torus, box=BOX, resolution=21))) == 0


@pytest.mark.exhaustive
def test_the_parabolic_lines_of_a_torus_are_its_top_and_its_bottom():
    rows = parabolic_lines(surface(torus, box=((-2, -2, -2), (2.1, 2.1, 2.1)), resolution=60))
    assert sorted(row[0, 2] for row in rows) == pytest.approx([-TUBE, TUBE], abs=1e-9)
    np.testing.assert_allclose(np.hypot(*inked(rows)[:, :2].T), RING, atol=1e-9)
    assert length_of(rows) == pytest.approx(2 * TURN * RING, rel=0.01)


@pytest.mark.exhaustive
def test_an_umbilic_that_newton_hardly_finds_is_told_once():
    hollow = surface(
        lambda q: jnp.append(q, q[0] ** 4 + q[1] ** 4), box=((-1, -1), (1, 1)), resolution=41
    )
    found = umbilics(hollow)
    assert found.kinds.tolist() == ["other"]
    np.testing.assert_allclose(found.points, 0, atol=hollow.mesh.cell)


@pytest.mark.exhaustive
def test_the_umbilics_of_eggs_are_where_geometry_has_them():
    axes = np.array([1.0, 0.8, 0.55])
    egg = surface(lambda p: ((p / axes) ** 2).sum() - 1, box=BOX, resolution=30)
    points, curvatures, kinds = umbilics(egg)
    a, b, c = axes**2
    x, z = np.sqrt(a * (a - b) / (a - c)), np.sqrt(c * (b - c) / (a - c))
    known = [[s * x, 0, t * z] for s in (-1, 1) for t in (-1, 1)]
    np.testing.assert_allclose(sorted(points.round(12).tolist()), known, atol=1e-9)
    np.testing.assert_allclose(curvatures, np.sqrt(a * c) / b**1.5, atol=1e-9)
    assert kinds.tolist() == ["lemon"] * 4
    lens = surface(lambda p: p @ (p * jnp.array([1, 1, 4])) - 1, box=BOX, resolution=30)
    points, _, kinds = umbilics(lens)  # of one that turns, its two poles
    np.testing.assert_allclose(sorted(points.tolist()), [[0, 0, -0.5], [0, 0, 0.5]], atol=1e-6)
    assert kinds.tolist() == ["other"] * 2


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("cubic", "kind"),
    [
        ((2.0, 0.0, 1.2), "monstar"),
        pytest.param((1.0, 0.0, -1.0), "star", marks=pytest.mark.exhaustive),
        pytest.param((1.0, 0.0, 0.2), "lemon", marks=pytest.mark.exhaustive),
    ],
)
def test_kinds_of_umbilics_are_those_of_their_cubic_forms(cubic, kind):
    a, b, c = cubic

    def height(q):
        x, y = q
        return 0.35 * (x**2 + y**2) + (a * x**3 + 3 * b * x**2 * y + 3 * c * x * y**2) / 6

    points, curvatures, kinds = umbilics(graph(height, 0.2, resolution=8))
    here = np.linalg.norm(points, axis=1) < 1e-9
    assert kinds[here].tolist() == [kind]
    np.testing.assert_allclose(curvatures[here], -0.7)  # a bowl is hollow from above


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "eye",
    [(20, 50), pytest.param((20, 50, 5.0), marks=pytest.mark.exhaustive)],
    ids=["far", "near"],
)
def test_along_the_way_to_the_eye_the_normal_is_least_towards_it_on_suggestive_contours(eye):
    ring, view = surface(torus, box=BOX, resolution=40), camera(*eye)
    points = np.concatenate([inked(row)[1:-1] for row in suggestive_contours(ring, view)])
    assert len(points) > 20

    def facing(p):
        g = jax.grad(torus)(p)
        return g @ view.way(p) / safe_norm(g)

    def after(p, t):
        """The same when p has gone towards the eye by t, and down to the surface."""
        g = jax.grad(torus)(p)
        n, v = g / safe_norm(g), view.way(p)
        q = p + t * (v - (v @ n) * n) / safe_norm(v - (v @ n) * n)
        g = jax.grad(torus)(q)
        return facing(q - torus(q) * g / (g @ g))

    here = np.asarray(jax.vmap(facing)(points))
    for t in (-0.01, 0.01):
        there = np.asarray(jax.vmap(lambda p, t=t: after(p, t))(points))
        assert (np.sign(here) * (there - here) > 0).mean() > 0.9
        assert np.abs(there - here).max() < 2e-3  # by the square of the way


@pytest.mark.exhaustive
def test_suggestive_contours_with_less_than_the_least_slope_are_left_out():
    """Of a sheet of waves along the sight: by the slope of its profile's curvature where that is 0.

    Where a wave is steepest, by s, that is its third derivative over (1 + s^2)^2.
    """
    sight = np.cos(np.radians(40)), np.sin(np.radians(40))

    def sheet(q):  # the first wave is high, the second is low
        return jnp.append(q, jnp.where(q[0] < TURN, -0.5, -0.2) * jnp.sin(q[0]))

    waves = surface(sheet, box=((2, 0), (10.5, 1.01)), resolution=30)

    def strength(steep):
        sine = (sight[0] + steep * sight[1]) / np.hypot(1, steep)
        return steep / (1 + steep**2) ** 2 * sine**3

    for part, places in ((0.99, [np.pi, 3 * np.pi]), (1.01, [np.pi])):
        rows = suggestive_contours(waves, camera(0, 40), least=part * strength(0.2))
        assert sorted(rows[:, 0, 0]) == pytest.approx(places, abs=1e-9)
    assert len(suggestive_contours(waves, camera(0, 40), least=1.01 * strength(0.5))) == 0


def test_errors_say_what_to_give():
    with pytest.raises(ArtError, match="least is -1"):
        crest_lines(graph(waves, resolution=4), least=-1)


@pytest.mark.exhaustive
def test_lines_found_before_on_the_same_surface_are_those_of_a_new_one():
    def hills():
        return graph(lambda q: jnp.sin(3 * q[0]) * jnp.cos(2 * q[1]) / 3, resolution=16)

    once = hills()
    for valleys, least in ((False, 0.0), (True, 0.5), (False, 0.8)):
        found = crest_lines(once, valleys=valleys, least=least)
        alone = crest_lines(hills(), valleys=valleys, least=least)
        np.testing.assert_array_equal(found, alone)
        assert inked(found).size
    assert set(once.kept) == {"crests", "valleys"}
