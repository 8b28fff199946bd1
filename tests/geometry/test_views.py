"""Views: what is hidden is what a ray says; panels are affine, corner to corner."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.points import grid, scatter, survey
from gradart.geometry.surfaces.cameras import camera
from gradart.geometry.views import SLACK, _in_grains, panel, relief

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-1.0, -1.0), (1.0, 1.0))
GRAPH, ONTO = ((-3, -1), (3, 1)), ((10, 20), (90, 70))  # the boxes of a panel
SINE, COSINE = np.sin(np.radians(35)), np.cos(np.radians(35))


@pytest.fixture
def coarse(monkeypatch):
    """A small horizon table, for what does not depend on its size."""
    monkeypatch.setattr("gradart.geometry.views.CELLS", 256)


def hills(p):
    x, y = p
    swell = jnp.sin(5 * x + jnp.sin(3 * y)) * jnp.cos(7 * y - 2 * x)
    return swell + jnp.exp(-8 * ((x - 0.3) ** 2 + y**2)) + 0.3 * jnp.sin(19 * x) * jnp.sin(23 * y)


def seen(points):
    return ~np.isnan(np.asarray(points)).any(-1)


def rays(field, points, low, high, samples=2000):
    """For each point its height on the page, and the highest of all land in front of it."""

    def screen(q):
        return SINE * q[1] + COSINE * 0.7 * (field(q) - low) / (high - low)

    @jax.jit
    def look(q):
        y = jnp.linspace(BOX[0][1], q[1], samples)[:-1]
        front = jax.vmap(lambda v: screen(jnp.stack([q[0], v])))(y)
        return screen(q), front.max()

    return [np.asarray(a) for a in jax.lax.map(look, points)]


@pytest.mark.parametrize("scale", [0.03, 1.0, 700.0])
def test_a_horizon_is_told_in_steps_of_far_less_than_the_slack(scale):
    table = scale * np.random.default_rng(2).uniform(-1, 2, 500)
    none = np.finfo(float).min  # in front of the first ridge
    slack = SLACK * 2 * scale
    told = np.asarray(jax.jit(_in_grains)(jnp.append(table, none), slack))
    assert told[-1] == none
    np.testing.assert_allclose(told[:-1], table, rtol=0, atol=slack / 100)
    steps = told[:-1] / 2.0 ** np.floor(np.log2(slack / 64))
    np.testing.assert_array_equal(steps, np.round(steps))


@pytest.mark.exhaustive
def test_hidden_is_what_a_ray_to_the_viewer_says_is_hidden():
    points = scatter(jax.random.key(2), 4000, BOX)
    everywhere = survey(hills, grid(2048, 2048, BOX))
    height, horizon = rays(hills, points, everywhere.min(), everywhere.max())
    page = relief(hills, box=BOX)(points)
    visible = seen(page)
    assert 0.2 < visible.mean() < 0.8
    wrong = visible != (height >= horizon)
    assert wrong.mean() < 1e-3
    # Only at the edge of a hill: under 0.05 mm on the page, if the box is 180 mm wide.
    assert (np.abs(height - horizon)[wrong] < 5e-4).all()
    np.testing.assert_allclose(np.asarray(page)[visible, 0], points[visible, 0])
    np.testing.assert_allclose(np.asarray(page)[visible, 1], height[visible], atol=1e-5)


@pytest.mark.exhaustive
def test_lines_are_whole_up_to_the_silhouette():
    # A line that dots where it should be drawn, or drawn where it should not be, has short runs.
    line = np.asarray(relief(hills, box=BOX)(grid(40, 4000, BOX)))
    runs = np.concatenate([np.diff(np.flatnonzero(np.diff(seen(row)))) for row in line])
    assert len(runs) > 100
    assert (runs < 4).sum() <= 2


@pytest.mark.exhaustive
def test_a_slope_that_faces_the_viewer_is_seen_whole():
    points = grid(97, 501, BOX)
    assert seen(relief(lambda p: 0 * p[0], 0, box=BOX)(points)).all()
    assert seen(relief(lambda p: jnp.sin(9 * p[0]) + 3 * p[1], 0, box=BOX)(points)).all()
    assert seen(relief(lambda p: jnp.sin(9 * p[0]) + 3 * p[1], 35, box=BOX)(points)).all()
    assert seen(relief(hills, 90, box=BOX)(points)).all()


@pytest.mark.exhaustive
def test_a_wall_hides_what_its_shadow_line_says():
    # A tent of height 1 along y = -0.5, on a plain: in sight lines that rise by tan(tilt) it hides
    # the plain up to a distance of 1 / tan(tilt), here within the box.
    def tent(p):
        return jnp.maximum(0, 1 - 8 * jnp.abs(p[1] + 0.5))

    tilt = 50.0
    shadow = -0.5 + 1 / np.tan(np.radians(tilt))
    y = np.linspace(-1, 1, 20_001)
    points = np.stack([np.full_like(y, 0.123), y], -1)
    visible = seen(relief(tent, tilt, height=1.0, box=BOX)(points))
    assert visible[y < -0.5 - 1e-9].all()
    assert not visible[(y > -0.5 + 1e-9) & (y < shadow - 1e-3)].any()
    assert visible[y > shadow + 1e-3].all()


@pytest.mark.exhaustive
@pytest.mark.usefixtures("coarse")
def test_a_pole_of_land_hides_no_more_than_its_width():
    def dome(p):
        return jnp.exp(-40 * (p[0] ** 2 + (p[1] + 0.6) ** 2))

    page = relief(dome, box=BOX)
    assert not seen(page(jnp.array([0.0, -0.3])))
    assert seen(page(jnp.array([[0.6, -0.3], [-0.6, -0.3], [0.0, -0.8], [0.0, 0.9]]))).all()


@pytest.mark.usefixtures("coarse")
def test_height_is_the_range_of_the_land_on_the_page():
    page = relief(lambda p: 40 + 7 * p[0], 0, height=0.5, box=BOX)
    np.testing.assert_allclose(page([(-1.0, 0.0), (1.0, 0.0)])[:, 1], [0, 0.5], atol=1e-12)
    tilted = relief(lambda p: 40 + 7 * p[0], 30, height=0.5, box=BOX)
    np.testing.assert_allclose(
        tilted([(1.0, 0.4)])[0], [1, 0.4 / 2 + 0.5 * np.sqrt(3) / 2], atol=1e-12
    )


@pytest.mark.exhaustive
@pytest.mark.usefixtures("coarse")
def test_any_shape_jitted_or_not_in_single_precision_or_double():
    page = relief(hills, box=BOX)
    points = grid(20, 300, BOX)
    plain = np.asarray(page(points))
    assert plain.shape == (20, 300, 2)
    np.testing.assert_allclose(jax.jit(lambda p: page(p))(points), plain, atol=1e-12)
    np.testing.assert_allclose(page(points[3, 5]), plain[3, 5])
    with jax.enable_x64(False):
        single = relief(hills, box=BOX)(np.asarray(points, np.float32))
    assert single.dtype == np.float32
    assert (seen(single) != seen(plain)).mean() < 1e-3
    both = seen(single) & seen(plain)
    np.testing.assert_allclose(single[both], plain[both], atol=1e-5)


@pytest.mark.usefixtures("coarse")
def test_the_tilt_can_be_a_film():
    points = grid(9, 80, BOX)
    turning = jax.jit(lambda tilt: relief(hills, tilt, box=BOX)(points))
    np.testing.assert_allclose(turning(20.0), relief(hills, 20.0, box=BOX)(points), atol=1e-12)


@pytest.mark.usefixtures("coarse")
def test_nan_lifts_the_pen_and_points_outside_the_box_are_projected():
    page = relief(lambda p: 0 * p[0], 30, box=BOX)
    points = np.array([(np.nan, np.nan), (5.0, -4.0), (-3.0, 7.0)])
    np.testing.assert_allclose(page(points), points * [1, 0.5], atol=1e-12)


@pytest.mark.usefixtures("coarse")
def test_a_field_brings_its_own_box():
    def slope(p):
        return p[0]

    slope.box = ((0.0, 0.0), (4.0, 1.0))  # type: ignore[attr-defined]
    np.testing.assert_allclose(relief(slope, 0, 2.0)([(1.0, 0.5)])[0, 1], 0.5, atol=1e-12)


def test_camera_from_the_south_is_the_relief_and_turning_it_keeps_lengths():
    points = jax.random.normal(jax.random.key(0), (5, 30, 3))
    south = camera(azimuth=-90, elevation=35)(points)
    np.testing.assert_allclose(south[..., 0], points[..., 0], atol=1e-12)
    np.testing.assert_allclose(south[..., 1], SINE * points[..., 1] + COSINE * points[..., 2])
    # What two views at right angles and the one from above see makes up the whole length.
    front, side = camera(10, 0)(points), camera(100, 0)(points)
    whole = front[..., 0] ** 2 + side[..., 0] ** 2 + side[..., 1] ** 2
    np.testing.assert_allclose(whole, (points**2).sum(-1))
    moving = jax.jit(lambda a: camera(azimuth=a)(points))
    np.testing.assert_allclose(moving(77.0), camera(77.0)(points), atol=1e-12)


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: relief(hills), "give box="),
        (lambda: relief(hills, 91, box=BOX), "tilt is 91"),
        (lambda: relief(hills, box=((0, 0), (0, 1))), "x0 < x1"),
        (lambda: relief(lambda p: jnp.log(p[0]), box=BOX), "finite all over its box"),
        (lambda: relief(lambda p: p, box=BOX), r"returns shape \(2,\)"),
        (lambda: relief(lambda p: 0 * p[0], box=BOX)(jnp.zeros((4, 3))), r"not \(4, 3\)"),
        (lambda: camera()(jnp.zeros((4, 2))), r"not \(4, 2\)"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call()


def test_a_panel_brings_corners_to_corners_and_back():
    there, back = panel(GRAPH, ONTO), panel(ONTO, GRAPH)
    np.testing.assert_allclose(there(GRAPH), ONTO)
    points = np.random.default_rng(0).normal(size=(4, 5, 2))
    np.testing.assert_allclose(back(there(points)), points, atol=1e-5)


def test_in_a_panel_nan_stays_and_it_can_be_traced():
    points = np.array([[np.nan, 0], [0, 0]])
    seen = jax.jit(panel(GRAPH, ONTO))(points)
    assert np.isnan(seen[0]).any()
    np.testing.assert_allclose(seen[1], (50, 45))


def test_a_panel_refuses_a_flat_box():
    with pytest.raises(ArtError, match="no length"):
        panel(((0, 1), (2, 1)), ONTO)
    with pytest.raises(ArtError, match="two boxes"):
        panel((0, 1), ONTO)
