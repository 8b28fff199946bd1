"""Random fields: smoothness, statistics, and draws that leave the others alone."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, scattered

from gradart.library import fields
from gradart.library.boxed_fields import UNIT
from gradart.library.noise import random_fields

pytestmark = pytest.mark.usefixtures("double")


ALWAYS = [0.20536676399630116, -0.21629109660613824, -0.05133134264862397]


@pytest.mark.exhaustive
def test_noise_is_c2_across_its_cells_and_stays_within_its_range():
    field = random_fields.noise(jax.random.key(0), size=1.0, octaves=1)
    values = mapped(field)(scattered(((-40, -40), (40, 40)), 20_000))
    assert 0.7 < float(jnp.abs(values).max()) <= 1
    # Along a line, third differences stay bounded as the step falls only if the field is C2.
    second = mapped(lambda x: jax.hessian(field)(jnp.array([x, 0.3 * x])))
    jumps = [
        float(jnp.abs(jnp.diff(second(jnp.arange(0, 4, h)), axis=0)).max()) for h in (1e-3, 1e-4)
    ]
    assert jumps[1] < 0.15 * jumps[0]


@pytest.mark.exhaustive
def test_an_octave_of_noise_repeats_after_64_sizes_and_a_further_one_leaves_the_others_alone():
    key = jax.random.key(5)
    one, two = (mapped(random_fields.noise(key, size=0.5, octaves=n)) for n in (1, 2))
    detail = mapped(random_fields.noise(key, size=0.5, octaves=2, roughness=0.0))
    p = scattered(UNIT, 100)
    np.testing.assert_allclose(one(p), one(p + np.array([32, 0])), atol=1e-9)
    np.testing.assert_allclose(detail(p), one(p), atol=1e-12)
    assert jnp.abs(two(p) - one(p)).max() > 0.05


def test_more_bumps_and_waves_leave_the_others_where_they_were():
    p = scattered(UNIT, 50)

    @jax.jit
    def drawn(key):
        made = [random_fields.bumps(key, n=n) for n in (5, 6)] + [
            random_fields.waves(key, n=n) for n in (1, 2)
        ]
        return [jax.vmap(field)(p) for field in made]

    five, six, one, two = map(np.asarray, drawn(jax.random.key(2)))
    bump = six - five
    assert bump.max() * bump.min() >= -1e-12  # one hill or hollow more: of one sign
    assert np.abs(bump).max() > 1e-3
    wave = np.sqrt(2) * two - one
    assert np.abs(wave).max() <= np.sqrt(2) + 1e-9  # one wave more: of one amplitude


def test_waves_have_mean_0_variance_1_and_the_correlation_they_say():
    keys = jax.random.split(jax.random.key(0), 4000)
    r = jnp.array([0.0, 0.1, 0.25, 0.5])
    at = mapped(lambda k: mapped(random_fields.waves(k, n=16))(jnp.stack([r, 0 * r], axis=1)))(keys)
    np.testing.assert_allclose(at.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(
        (at * at[:, :1]).mean(axis=0), jnp.exp(-((r / 0.25) ** 2) / 2), atol=0.06
    )


@pytest.mark.exhaustive
def test_factories_can_be_traced():
    def drawn(key, angle):
        land = fields.add(
            random_fields.bumps(key), random_fields.noise(key), random_fields.waves(key)
        )
        return fields.place(land, angle=angle)(jnp.array([0.2, 0.1]))

    key = jax.random.key(0)
    np.testing.assert_allclose(jax.jit(drawn)(key, 0.0), drawn(key, 0.0), rtol=1e-9)


@pytest.mark.exhaustive
@pytest.mark.parametrize("d", [1, 3])
def test_noise_has_as_many_coordinates_as_its_point(d):
    """It changes along each of them, smoothly, and stays in its range."""
    field = random_fields.noise(jax.random.key(3))
    points = np.random.default_rng(0).uniform(-5, 5, (2000, d))
    at, step = mapped(field), 1e-6
    values = at(points)
    assert 0.2 < float(jnp.abs(values).max()) <= 1
    assert abs(float(values.mean())) < 0.05
    slopes = mapped(jax.grad(field))(points)
    for i in range(d):
        ahead, behind = (at(points + s * step * np.eye(d)[i]) for s in (1, -1))
        np.testing.assert_allclose(slopes[:, i], (ahead - behind) / (2 * step), atol=1e-6)
        assert float(jnp.abs(slopes[:, i]).mean()) > 0.1


@pytest.mark.exhaustive
def test_a_film_of_noise_moves():
    field = random_fields.noise(jax.random.key(3))
    frames = mapped(lambda u: field(jnp.array([0.3, 0.2, u])))(jnp.array([0.0, 0.1, 0.5]))
    assert len({float(x) for x in frames}) == 3


@pytest.mark.exhaustive
@pytest.mark.parametrize("tile", [1.3, (np.inf, np.inf, 1.0), (0.7,), np.array([2, 3.0])])
def test_noise_tiles_at_the_size_that_is_asked_for(tile):
    """The seam is no place: value and derivatives go on there."""
    sizes = np.broadcast_to(tile, np.shape(tile) or (2,)).astype(float)
    field = random_fields.noise(jax.random.key(3), tile=tile)
    d = len(sizes)
    points = np.random.default_rng(0).uniform(-3, 3, (100, d))
    both = mapped(lambda p: (field(p), jax.grad(field)(p)))
    for i, size in enumerate(sizes):
        there = both(points + (size if np.isfinite(size) else 1.0) * np.eye(d)[i])
        differ = [float(jnp.abs(a - b).max()) for a, b in zip(both(points), there, strict=True)]
        assert (max(differ) < 1e-9) == np.isfinite(size)
        # No shorter period, which a coarser lattice would have.
        near = both(points + 0.31 * min(size, 1.0) * np.eye(d)[i])[0]
        assert float(jnp.abs(near - both(points)[0]).max()) > 0.05


@pytest.mark.exhaustive
def test_waves_in_space_have_the_correlation_that_those_of_the_plane_have():
    field = mapped(random_fields.waves(jax.random.key(1), n=1000))
    points = np.random.default_rng(0).uniform(-5, 5, (2000, 3))
    values = field(points)
    assert abs(float(values.std()) - 1) < 0.06
    for axis in np.eye(3):
        shifted = field(points + 0.25 * axis)
        assert abs(float(jnp.mean(values * shifted)) - np.exp(-0.5)) < 0.08


@pytest.mark.exhaustive
def test_noise_and_waves_of_the_plane_are_those_that_they_have_always_been():
    key, p = jax.random.key(3), jnp.array([0.3, 0.2])
    found = [
        random_fields.noise(key)(p),
        random_fields.noise(key, 0.2, 6, 0.7)(p),
        random_fields.waves(key)(p),
    ]
    np.testing.assert_allclose(found, ALWAYS, rtol=1e-12)
