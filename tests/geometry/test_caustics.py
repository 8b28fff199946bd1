"""Laws of caustics: closed forms, areas that are kept, and what turns back where it has cusps."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from shapely import Polygon, contains_xy

from gradart.calculus.derivatives import value
from gradart.errors import ArtError
from gradart.geometry.points import grid
from gradart.geometry.singularities.caustics import caustics, swallowtails

pytestmark = pytest.mark.usefixtures("double")

SEA = ((-3.0, -3.0), (3.0, 3.0))


def water(depth):
    """Where light falls through three waves, to first order in their height."""

    def waves(p):
        x, y = p
        return jnp.sin(x + 0.3) + jnp.sin(0.6 * x + 0.9 * y) + 0.5 * jnp.cos(2 * y - x)

    return lambda p: p + depth * jax.grad(waves)(p)


@pytest.fixture(scope="module")
def sea():
    with jax.enable_x64(True):
        yield caustics(water(0.9), box=SEA, resolution=300)


def inked(rows):
    rows = np.asarray(rows)
    return rows[np.isfinite(rows[..., 0])]


def at(a):
    return jnp.array([jnp.cos(a), jnp.sin(a)])


WIDE, HIGH = 2.0, 1.2
FOCAL = WIDE**2 - HIGH**2
CURVES = {  # rays (u, t), the box of them, the caustic of u and its cusps
    "nephroid": (  # in a round cup, of parallel light
        lambda p: at(p[0]) - p[1] * at(2 * p[0]),
        ((-1.5, 0.0), (1.5, 2.0)),
        lambda u: [(3 * np.cos(u) - np.cos(3 * u)) / 4, (3 * np.sin(u) - np.sin(3 * u)) / 4],
        [(0.5, 0.0)],
    ),
    "cardioid": (  # in a round cup, of a lamp at its wall
        lambda p: at(p[0]) + p[1] * at(1.5 * p[0] + jnp.pi / 2),
        ((0.3, 0.0), (6.0, 1.5)),
        lambda u: [(2 * np.cos(u) + np.cos(2 * u)) / 3, (2 * np.sin(u) + np.sin(2 * u)) / 3],
        [(-1 / 3, 0.0)],
    ),
    "astroid": (  # of the normals of an ellipse
        lambda p: (
            jnp.array([WIDE, HIGH]) * at(p[0])
            - p[1] * jnp.array([HIGH, WIDE]) * at(p[0]) / jnp.hypot(HIGH, WIDE)
        ),
        ((-0.4, 0.3), (5.9, 4.5)),
        lambda u: [FOCAL / WIDE * np.cos(u) ** 3, -FOCAL / HIGH * np.sin(u) ** 3],
        [(-FOCAL / WIDE, 0), (0, -FOCAL / HIGH), (0, FOCAL / HIGH), (FOCAL / WIDE, 0)],
    ),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", CURVES)
def test_light_in_cups_has_the_caustics_that_are_known(name):
    rays, box, known, cusps = CURVES[name]
    found = caustics(rays, box=box, resolution=120)
    np.testing.assert_allclose(
        inked(found.lines), np.stack(known(inked(found.folds)[:, 0]), -1), atol=1e-9
    )
    np.testing.assert_allclose(sorted(found.cusps.round(12).tolist()), cusps, atol=1e-9)
    np.testing.assert_allclose(value(rays, found.places), found.cusps, atol=1e-12)
    ends = inked(found.folds)[:, 0]
    assert ends.min() < box[0][0] + 0.01
    assert ends.max() > box[1][0] - 0.01


@pytest.mark.parametrize("low", [-1, 0])
def test_a_cusp_is_found_on_a_node_of_the_grid_and_on_the_edge_of_the_box(low):
    def cusp(p):
        return jnp.array([p[0], p[1] ** 3 + p[0] * p[1]])

    found = caustics(cusp, box=((-1, low), (1, 1)), resolution=41)
    np.testing.assert_allclose(found.cusps, [[0, 0]], atol=1e-12)


@pytest.mark.exhaustive
def test_a_fold_and_a_cusp_in_their_normal_forms_seen_askew():
    turn, lens = np.array([[1.0, 0.4], [-0.3, 0.8]]), lambda p: p + 0.1 * jnp.sin(p[::-1] + 0.2)

    def askew(form):
        return lambda p: turn @ form(lens(p) - 0.1)

    box = ((-1, -1), (1, 1))
    fold = caustics(askew(lambda p: jnp.array([p[0], p[1] ** 2])), box=box, resolution=40)
    assert not len(fold.cusps)
    np.testing.assert_allclose(np.linalg.solve(turn, inked(fold.lines).T)[1], 0, atol=1e-9)
    cusp = caustics(
        askew(lambda p: jnp.array([p[0], p[1] ** 3 + p[0] * p[1]])), box=box, resolution=40
    )
    np.testing.assert_allclose(cusp.cusps, [[0, 0]], atol=1e-12)
    np.testing.assert_allclose(value(lens, cusp.places), [[0.1, 0.1]], atol=1e-12)
    x, y = np.linalg.solve(turn, inked(cusp.lines).T)
    np.testing.assert_allclose(4 * x**3 + 27 * y**2, 0, atol=1e-9)


@pytest.mark.exhaustive
def test_what_a_fold_encloses_is_thrown_onto_what_its_caustic_encloses(sea):
    """The light is kept, by Green's theorem: areas count that are turned over, as often as lit."""
    n, around = 500, 0
    places = np.asarray(grid(n, n, SEA)).reshape(-1, 2)
    jacobians = jax.jit(jax.vmap(jax.jacfwd(water(0.9))))(places)
    areas = np.linalg.det(np.asarray(jacobians)) * (6 / (n - 1)) ** 2
    for fold, line in zip(map(inked, sea.folds), map(inked, sea.lines), strict=True):
        if (fold[0] == fold[-1]).all():
            inside = contains_xy(Polygon(fold), *places.T)
            lit = enclosed(line) * np.sign(enclosed(fold))
            np.testing.assert_allclose(lit, areas[inside].sum(), rtol=1e-2)
            around += 1
    assert around


def enclosed(line):
    x, y = line.T
    return 0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum()


@pytest.mark.exhaustive
def test_a_caustic_turns_back_in_its_cusps_and_nowhere_else(sea):
    turned = 0
    for line in map(inked, sea.lines):
        ways = np.diff(line, axis=0)
        back = np.flatnonzero((ways[:-1] * ways[1:]).sum(1) < 0) + 1
        turned += len(back)
        away = np.linalg.norm(line[back][:, None] - sea.cusps, axis=-1).min(1, initial=np.inf)
        assert (away == 0).all()
    assert turned == len(sea.cusps) >= 5


@pytest.mark.exhaustive
def test_cusps_and_lines_move_with_what_they_are_of():
    def some(s):
        cusp = lambda p: jnp.array([p[0], p[1] ** 3 + (p[0] - s) * p[1] + s])  # noqa: E731
        found = caustics(cusp, box=((-1, -1), (1, 1)), resolution=40)
        return found.cusps, found.places, found.lines

    (_, _, lines), (cusps, places, moves) = jax.jvp(some, (0.2,), (1.0,))
    np.testing.assert_allclose(cusps, [[1, 1]], atol=1e-9)
    np.testing.assert_allclose(places, [[1, 0]], atol=1e-9)
    (x, y), (right, up) = inked(lines).T, inked(moves).T  # 4 (x - s)^3 + 27 (y - s)^2 = 0
    slips = 12 * (x - 0.2) ** 2 * (right - 1) + 54 * (y - 0.2) * (up - 1)
    np.testing.assert_allclose(slips, 0, atol=1e-9)


def family(s):
    return lambda p: jnp.array([p[0], p[1] ** 4 + (s - 0.3) * p[1] ** 2 + p[0] * p[1]])


@pytest.mark.exhaustive
def test_a_swallowtail_in_its_normal_form():
    found = swallowtails(family, -1, 1, box=((-1, -1), (1, 1)), steps=8, resolution=40)
    np.testing.assert_allclose(found.values, [0.3], atol=1e-9)
    np.testing.assert_allclose(found.points, [[0, 0]], atol=1e-9)


@pytest.mark.exhaustive
@pytest.mark.parametrize("sign", [1, -1])
def test_lips_and_beaks_have_none(sign):
    def lips(s):
        return lambda p: jnp.array([p[0], p[1] ** 3 + (sign * p[0] ** 2 + s) * p[1]])

    found = swallowtails(lips, -1, 1, box=((-1, -1), (1, 1)), steps=8, resolution=40)
    assert not len(found.values)


@pytest.mark.exhaustive
def test_at_a_swallowtail_two_cusps_come_or_go():
    found = swallowtails(water, 0.0, 1.5, box=SEA, steps=24)
    assert len(found.values) >= 4
    for depth, place in zip(found.values, found.places, strict=True):
        near = tuple(place - 0.15), tuple(place + 0.15)
        counts = [
            len(caustics(water(jnp.asarray(depth + d)), box=near, resolution=100).cusps)
            for d in (-1e-3, 1e-3)
        ]
        assert abs(counts[0] - counts[1]) == 2


def test_errors_say_what_to_give():
    with pytest.raises(ArtError, match="returns shape"):
        caustics(lambda p: p[0], box=SEA)
    with pytest.raises(ArtError, match="give box"):
        caustics(water(1.0))
    with pytest.raises(ArtError, match="function of a number to a map"):
        swallowtails(1.0, 0, 1, box=SEA)
