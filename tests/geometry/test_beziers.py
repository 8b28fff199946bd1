"""Laws of curves as cubic Bezier pieces: the error holds, falls fast, and breaks are breaks."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.experimental.ode import odeint
from sampling import some
from scipy.spatial import cKDTree

from gradart.calculus.curves.arc_length import arc_length
from gradart.calculus.curves.curves_of_curves import evolute, offset
from gradart.calculus.curves.frames import curvature, point, speed
from gradart.errors import ArtError, ArtWarning
from gradart.geometry.paths.beziers import to_beziers

pytestmark = pytest.mark.usefixtures("double")

TAU = math.tau


def circle(t):
    return 60 * jnp.array([jnp.cos(t), jnp.sin(t)])


def figure(t):
    return 80 * jnp.array([jnp.sin(3 * t + 0.3), jnp.sin(2 * t)])


def spiral(t):
    return 4 * jnp.exp(0.08 * t) * jnp.array([jnp.cos(t), jnp.sin(t)])


def cycloid(t):
    return 10 * jnp.array([t - jnp.sin(t), 1 - jnp.cos(t)])


def astroid(t):
    return 50 * jnp.array([jnp.cos(t) ** 3, jnp.sin(t) ** 3])


def drawn(pieces, m=100):
    """Points (n, m, 2) along the pieces that are not lifted."""
    k = np.arange(0, len(pieces) - 1, 3)[:, None] + np.arange(4)
    corners = pieces[k][np.isfinite(pieces[k]).all((1, 2))]
    u = np.linspace(0, 1, m)
    basis = np.stack([(1 - u) ** 3, 3 * u * (1 - u) ** 2, 3 * u**2 * (1 - u), u**3])
    return np.einsum("mn,kmd->knd", basis, corners)


def farthest(points, paths):
    """The greatest distance from points (n, 2) to polylines (k, m, 2), by brute force."""
    a = paths[:, :-1].reshape(-1, 2)
    step = paths[:, 1:].reshape(-1, 2) - a
    square = np.maximum((step**2).sum(1), 1e-300)
    gaps = []
    for p in points:
        u = np.clip(((p - a) * step).sum(1) / square, 0, 1)
        gaps.append(np.hypot(*(a + u[:, None] * step - p).T).min())
    return max(gaps)


def apart(curve, a, b, pieces):
    """How far a curve and its pieces are from each other, both ways."""
    points = np.asarray(point(curve, np.linspace(a, b, 4001)))
    paths = drawn(pieces)
    back = farthest(paths[:, ::7].reshape(-1, 2), points[None])
    return max(farthest(points[::3], paths), back)


def segments(curve, a, b, tolerance):
    """How many line segments a curve takes, each as long as it can be."""
    p = np.asarray(point(curve, np.linspace(a, b, 20001)))

    def fits(i, j):
        chord = p[j] - p[i]
        offset = p[i : j + 1] - p[i]
        return np.abs(offset @ [-chord[1], chord[0]]).max() <= tolerance * np.hypot(*chord)

    i = count = 0
    while i < len(p) - 1:
        low, high = 1, 2
        while i + high < len(p) - 1 and fits(i, i + high):
            low, high = high, 2 * high
        high = min(high, len(p) - i)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(i, i + middle) else (low, middle)
        i, count = i + low, count + 1
    return count


@pytest.mark.parametrize(
    ("curve", "a", "b"),
    [
        (circle, 0, TAU),
        (figure, 0, TAU),
        (spiral, 0, 10 * math.pi),
        (cycloid, -1, 15),
        (astroid, 0, TAU),
    ],
)
def test_the_tolerance_holds_with_a_seventh_of_the_segments(curve, a, b):
    pieces = to_beziers(curve, a, b, 0.01)
    assert len(pieces) % 3 == 1
    assert np.isfinite(pieces).all()
    # The polylines that this is measured with are themselves within 3e-4 of what they stand for.
    assert apart(curve, a, b, pieces) <= 0.01 + 3e-4
    assert 7 * (len(pieces) - 1) / 3 <= segments(curve, a, b, 0.01)


def test_pieces_join_smoothly():
    pieces = to_beziers(figure, 0, TAU, 0.01)
    corner = pieces[3:-1:3]
    before, after = corner - pieces[2:-2:3], pieces[4::3] - corner
    turn = np.cross(np.pad(before, ((0, 0), (0, 1))), np.pad(after, ((0, 0), (0, 1))))[:, 2]
    assert np.abs(turn / np.hypot(*before.T) / np.hypot(*after.T)).max() < 1e-9


def test_the_error_falls_with_the_sixth_power_of_the_length():
    errors = []
    for angle in (1.2, 0.6, 0.3):
        (arc,) = drawn(to_beziers(circle, 0.1, 0.1 + angle, 1e9))
        errors.append(np.abs(np.hypot(*arc.T) - 60).max())
    slopes = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(slopes, 6, atol=0.1)


def test_cubics_are_found_again():
    cubic = lambda t: jnp.array([t**3 - t, t**2])  # noqa: E731
    assert to_beziers(cubic, 0.0, 0.5, 1e-9).shape == (4, 2)
    line = lambda t: jnp.array([3.0, 4.0]) * t**2  # noqa: E731
    np.testing.assert_allclose(to_beziers(line, 0, 1, 1e-6)[[0, -1]], [[0, 0], [3, 4]], atol=1e-15)


@pytest.mark.parametrize("a", [-1.0, -1.3])
def test_a_cusp_is_an_end(a):
    cusped = lambda t: jnp.array([t**2, t**3])  # noqa: E731
    pieces = to_beziers(cusped, a, 1, 1e-6)
    assert np.abs(pieces[3::3]).max(1).min() < 1e-12
    assert len(pieces) <= 13


def test_corners_and_jumps_and_holes():
    roof = lambda t: jnp.array([t, jnp.abs(t - 0.3)])  # noqa: E731
    pieces = to_beziers(roof, -1, 1, 1e-3)
    assert pieces.shape == (7, 2)
    np.testing.assert_allclose(pieces[3], [0.3, 0], atol=1e-7)

    steps = lambda t: jnp.array([t, jnp.floor(t)])  # noqa: E731
    pieces = to_beziers(steps, 0.5, 3.4, 1e-3)
    lifts = np.isnan(pieces[:, 0])
    assert lifts.tolist() == ([False] * 4 + [True] * 2) * 3 + [False] * 4
    np.testing.assert_allclose(pieces[[3, 6], 0], 1, atol=1e-7)

    pole = lambda t: jnp.array([t, 1 / (t - 1)])  # noqa: E731
    pieces = to_beziers(pole, 0, 3, 1e-2)
    assert np.isnan(pieces).any(1).sum() == 2

    half = lambda t: jnp.array([t, jnp.sqrt(t)])  # noqa: E731
    pieces = to_beziers(half, -1, 1, 1e-3)  # NaN below 0
    assert np.isfinite(pieces).all()
    np.testing.assert_allclose(pieces[[0, -1]], [[0, 0], [1, 1]], atol=1e-3)
    assert np.isnan(to_beziers(half, -2, -1, 1e-3)).all()


@pytest.mark.parametrize(
    ("f", "a", "b", "lifts"),
    [
        (lambda t: 1 / t**2, -1, 1, 1),
        (lambda t: 1 / (t - 0.3) ** 2, 0, 1, 1),
        (lambda t: 1 / t**4, -1, 1, 1),
        (lambda t: 1 / jnp.sqrt(jnp.abs(t)), -1, 1, 1),
        (jnp.tan, 0, 6, 2),
        (lambda t: 1 / t, -1, 1, 1),
        (lambda t: jnp.exp(1 / t), -1, 1, 1),
        (lambda t: 1 / jnp.cos(t) ** 2, 0, 6, 2),
        (lambda t: jnp.log(jnp.abs(t)), -1, 1, 1),
    ],
)
@pytest.mark.parametrize("tolerance", some([1e-3, None]))
def test_the_pen_is_lifted_at_a_pole_and_pieces_are_few(f, a, b, lifts, tolerance):
    pieces = to_beziers(lambda t: jnp.array([t, f(t)]), a, b, tolerance)
    assert np.isnan(pieces[:, 0]).sum() == 2 * lifts
    assert len(pieces) < 500
    assert np.nanmax(np.abs(pieces)) < 1e6


ENDLESS = [  # waves without end, and how many points are enough
    (lambda t: jnp.sin(1 / t), 0, 1, 2000),
    (lambda t: t * jnp.sin(1 / t), -1, 1, 700),
    (lambda t: jnp.tan(1 / t), 0, 1, 2000),
    (lambda t: jnp.sin(10 * jnp.log(t)), 0, 1, 800),
]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("f", "a", "b", "most"), ENDLESS)
@pytest.mark.filterwarnings("ignore:the curve has waves")
def test_waves_closer_than_the_tolerance_are_strokes(f, a, b, most):
    """By brute force: no point of the curve is further from what is drawn than the tolerance."""
    curve = lambda t: jnp.array([t, f(t)])  # noqa: E731
    pieces = to_beziers(curve, a, b, 1e-3)
    assert len(pieces) < most
    paths = drawn(pieces, 200)
    assert np.abs(paths).max() < 1e4
    if f is not ENDLESS[2][0]:  # whose slope at a pole no sample follows
        ink = cKDTree(paths.reshape(-1, 2))
        t = np.sort(np.random.default_rng(1).uniform(a, b, 4000)) ** 3
        p = np.asarray(point(curve, t[(t > a) & (t < b)]))
        assert ink.query(p[np.isfinite(p).all(1)])[0].max() < 1.1e-3 + 0.01


@pytest.mark.exhaustive
def test_strokes_are_told_by_name_and_place():
    def shore(t):
        return jnp.array([t, jnp.sin(1 / t)])

    with pytest.warns(
        ArtWarning, match=r"^curve shore has waves .* between t = -?\d.* strokes"
    ) as w:
        to_beziers(shore, 0, 1, 0.05)
    assert len(w) == 1


def looped(t):
    """A root by Newton's method, whose steps are as many as it takes."""
    done = lambda x: jnp.abs(x * x - t) > 1e-12 * t  # noqa: E731
    root = jax.lax.while_loop(done, lambda x: (x + t / x) / 2, t)
    return jnp.array([t, root])


def counted(t):
    """As many turns of a loop as the number says: 1 + t + ... + t^n, n from 3 to 5."""
    n = 3 + jnp.floor(2 * t).astype(int)
    y = jax.lax.fori_loop(0, n, lambda k, y: 1 + 0.5 * y * t, 1.0)
    return jnp.array([t, y])


def swung(t):
    return odeint(lambda y, s: jnp.array([y[1], -y[0]]), jnp.array([1.0, 0.0]), jnp.stack([0, t]))[
        1
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("curve", "plain", "a", "b"),
    [
        (looped, lambda t: jnp.array([t, jnp.sqrt(t)]), 0.5, 60),
        (counted, lambda t: jnp.array([t, 1 + t / 2 + t**2 / 4 + t**3 / 8]), 0.1, 0.49),
        (swung, lambda t: jnp.array([jnp.cos(t), -jnp.sin(t)]), 0.1, 3),
    ],
)
def test_a_curve_with_a_loop_inside_is_as_the_same_without(curve, plain, a, b):
    t = jnp.linspace(a, b, 7)
    for f in (lambda c: speed(c, t), lambda c: curvature(c, t), lambda c: point(evolute(c), t)):
        np.testing.assert_allclose(f(curve), f(plain), rtol=2e-5, atol=1e-5)
    for f in (lambda c: point(offset(c, 0.1), t), lambda c: arc_length(c, a, b, 1e-5)):
        np.testing.assert_allclose(f(curve), f(plain), rtol=2e-6, atol=1e-6)
    found, known = to_beziers(curve, a, b, 1e-3), to_beziers(plain, a, b, 1e-3)
    np.testing.assert_allclose(found, known, rtol=0, atol=2e-4 * (b - a))


def test_derived_curves():
    ellipse = lambda t: 40 * jnp.array([2 * jnp.cos(t), jnp.sin(t)])  # noqa: E731
    pieces = to_beziers(evolute(ellipse), 0, TAU, 0.01)
    assert apart(evolute(ellipse), 0.001, TAU - 0.001, pieces) <= 0.01 + 3e-4
    assert len(pieces) <= 3 * 24 + 1


def test_single_precision():
    with jax.enable_x64(False):
        pieces = to_beziers(figure, 0, TAU, 0.01)
        assert apart(figure, 0, TAU, pieces) <= 0.01 + 3e-4
        assert len(pieces) <= 3 * 20 + 1


def test_what_cannot_be(monkeypatch):
    with pytest.raises(ArtError, match="tolerance is 0"):
        to_beziers(circle, 0, 1, 0)
    with pytest.raises(ArtError, match=r"returns shape \(3,\)"):
        to_beziers(lambda t: jnp.array([t, t, t]), 0, 1)
    with pytest.raises(ArtError, match="a < b"):
        to_beziers(circle, 1, jnp.nan)
    monkeypatch.setattr("gradart.geometry.paths.beziers.MOST", 500)
    with pytest.warns(ArtWarning, match="rough"):
        to_beziers(lambda t: jnp.array([t, jnp.sin(1e9 * t)]), 0, 1, 1e-4)
