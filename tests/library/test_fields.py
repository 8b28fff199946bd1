"""Fields against known values and known distances, and the derivatives of every factory."""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, scattered, some

from gradart.errors import ArtError
from gradart.library import fields, test_functions
from gradart.library.boxed_fields import UNIT
from gradart.library.noise import random_fields

pytestmark = pytest.mark.usefixtures("double")


VALLEYS = [
    name
    for name, factory in vars(test_functions).items()
    if getattr(factory, "__module__", "") == test_functions.__name__
]


def every_field():
    key = jax.random.key(1)
    yield from (fields.bump(), fields.saddle(), fields.monkey_saddle(), fields.ripple())
    yield from (
        fields.peaks(),
        random_fields.bumps(key),
        random_fields.noise(key),
        random_fields.waves(key),
    )
    yield from (getattr(test_functions, name)() for name in VALLEYS)


@pytest.mark.parametrize("index", some(range(8 + len(VALLEYS)), 2))
def test_gradients_agree_with_differences_and_hessians_are_finite(index):
    field = next(itertools.islice(every_field(), index, None))
    p = jnp.concatenate([scattered(field.box, 20), np.zeros((1, 2))])
    h = 1e-6

    @mapped
    def compare(p):
        steps = jnp.eye(2) * h
        difference = jax.vmap(lambda e: field(p + e) - field(p - e))(steps) / (2 * h)
        return jax.grad(field)(p), difference, jax.hessian(field)(p)

    gradient, difference, hessian = compare(p)
    np.testing.assert_allclose(gradient, difference, rtol=2e-5, atol=1e-4)
    assert jnp.isfinite(hessian).all()


def test_peaks_has_matlabs_extremes_and_ripple_its_wavelength():
    x, y = np.meshgrid(np.linspace(-3, 3, 601), np.linspace(-3, 3, 601))
    heights = jax.jit(jax.vmap(jax.vmap(fields.peaks())))(jnp.stack([x, y], axis=-1))
    np.testing.assert_allclose([heights.min(), heights.max()], [-6.5511, 8.1062], atol=1e-3)
    ripple = fields.ripple(0.5, reach=1e6)
    far = 100 + jnp.linspace(0, 1, 50)
    along = mapped(lambda x: ripple(jnp.array([x, 0.0])))
    np.testing.assert_allclose(along(far), along(far + 0.5), atol=1e-4)


STAR = np.array([[1, 1], [0, 0.4], [-1, 1], [-0.5, 0], [-1, -1], [0, -0.5], [1, -1], [0.4, 0]])


def outline(points, n=4000):
    """The slow oracle: a closed polygon as many points."""
    t = np.linspace(0, 1, n)[:, None]
    return np.concatenate(
        [a + t * (b - a) for a, b in zip(points, np.roll(points, -1, 0), strict=True)]
    )


@pytest.mark.parametrize(
    ("field", "edge"),
    [
        (fields.polygon(STAR), outline(STAR)),
        (fields.polygon(STAR[::-1]), outline(STAR)),
        (
            fields.rectangle(1.2, 0.8, (0.1, 0.2)),
            outline(np.array([[0.7, 0.6], [-0.5, 0.6], [-0.5, -0.2], [0.7, -0.2]])),
        ),
    ],
)
def test_a_shape_is_the_signed_distance_from_its_outline(field, edge):
    from matplotlib.path import Path

    p = scattered(((-1.5, -1.5), (1.5, 1.5)), 300)
    distance = np.array([np.hypot(*(edge - q).T).min() for q in p])
    sign = np.where(Path(edge).contains_points(p), -1, 1)
    np.testing.assert_allclose(mapped(field)(p), sign * distance, atol=1e-4)
    slope = jnp.linalg.norm(mapped(jax.grad(field))(p), axis=1)
    np.testing.assert_allclose(slope, 1, atol=1e-9)


@pytest.mark.exhaustive
def test_shapes_have_no_nan_where_distances_have_corners():
    star, disk, box = fields.polygon(STAR), fields.disk(), fields.rectangle(2, 1)
    corners = jnp.array([[0, 0], [1, 0.5], [-1, -0.5], [1, 1], [0.6, 0], [0, 0.5]])
    for field in (star, disk, box):
        assert jnp.isfinite(mapped(jax.grad(field))(corners)).all()
        assert jnp.isfinite(mapped(jax.hessian(field))(corners)).all()
    np.testing.assert_allclose(jax.grad(box)(jnp.array([0.0, 0.5])), [0, 1])  # on the outline


def test_combinations_are_what_they_say_and_carry_boxes():
    p = scattered(UNIT, 40)
    a, b = fields.saddle(), test_functions.himmelblau()
    values = lambda f: np.asarray(mapped(f)(p))  # noqa: E731
    np.testing.assert_allclose(values(fields.add(a, b, a)), 2 * values(a) + values(b), rtol=1e-12)
    np.testing.assert_allclose(values(fields.scale(a, -3)), -3 * values(a), rtol=1e-12)
    np.testing.assert_allclose(
        values(fields.warp(a, lambda p: p**2)), [a(q**2) for q in p], rtol=1e-12
    )
    assert fields.add(b, a).box == b.box
    assert fields.scale(b, 2).box == b.box

    one, other = fields.disk(0.5), fields.rectangle(1, 0.2)
    least = np.minimum(values(one), values(other))
    under = least - values(fields.blend(one, other, soft=0.05))
    assert under.min() >= 0
    assert under.max() <= 0.05 * math.log(2) + 1e-12


def test_place_turns_enlarges_and_moves_the_field_and_its_box():
    field = fields.place(fields.rectangle(2, 1), at=(3, 1), angle=math.pi / 2, size=2)
    assert float(field(jnp.array([3.0, 1.0]))) == pytest.approx(-0.5)
    assert float(field(jnp.array([4.0, 1.0]))) == pytest.approx(0)  # its short half side, 0.5 * 2
    assert float(field(jnp.array([3.0, 3.0]))) == pytest.approx(0)  # its long half side, 1 * 2
    np.testing.assert_allclose(field.box, ((1, -1), (5, 3)))


def test_a_polygon_of_two_points_is_refused():
    with pytest.raises(ArtError, match="3 or more"):
        fields.polygon([[0, 0], [1, 1]])
