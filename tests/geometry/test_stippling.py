"""Stippling and relaxing: exact integrals, equal masses, dots in the middle, falling energy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.errors import ArtError
from gradart.geometry.patterns.stippling import balanced, cells, density_of, density_table

BOX = ((-1.0, 2.0), (3.0, 5.0))
TABLE = np.random.default_rng(0).uniform(size=(6, 9))
SEEDS = np.random.default_rng(1).uniform(*BOX, (40, 2))
WEIGHTS = np.random.default_rng(2).uniform(0, 0.1, 40)


def hill(p):
    return 0.05 + jnp.exp(-2 * ((p[0] - 2) ** 2 + (p[1] - 3) ** 2))


def summed(seeds, weights, table):
    """Mass, centroid and energy of each cell, by sums over very many places."""
    places = (np.indices((600, 900)).reshape(2, -1).T[:, ::-1] + 0.5) / (900, 600)
    density = table.repeat(100, 0).repeat(100, 1).ravel() * 12 / 540_000
    places = BOX[0] + places * np.subtract(*BOX[::-1])
    power = ((places[:, None] - seeds) ** 2).sum(-1) - weights
    owner = power.argmin(1)
    mass = np.bincount(owner, density, len(seeds))
    middle = [
        np.bincount(owner, density * x, len(seeds)) / np.maximum(mass, 1e-300) for x in places.T
    ]
    far = ((places - seeds[owner]) ** 2).sum(1)
    return mass, np.stack(middle, -1), np.bincount(owner, density * far, len(seeds))


@pytest.mark.parametrize("weights", [np.zeros(12), WEIGHTS[:12]], ids=["equal", "weighted"])
def test_integrals_over_cells_are_those_of_sums_and_whole(weights):
    seeds = SEEDS[:12]
    density = density_table(TABLE, BOX)
    found = cells(seeds, weights, density)
    assert found.mass.sum() == pytest.approx(density.mass, rel=1e-13)
    assert density.mass == pytest.approx(TABLE.mean() * 12, rel=1e-13)
    whole = (found.mass[:, None] * found.centroid).sum(0) / density.mass
    x, y = np.meshgrid(np.arange(9) + 0.5, np.arange(6) + 0.5)
    middle = [(TABLE * x).sum() / TABLE.sum() * 4 / 9, (TABLE * y).sum() / TABLE.sum() * 3 / 6]
    np.testing.assert_allclose(whole, np.add(BOX[0], middle), rtol=1e-12)
    mass, centroid, energy = summed(seeds, weights, TABLE)
    np.testing.assert_allclose(found.mass, mass, atol=2e-3 * mass.mean())
    np.testing.assert_allclose(found.centroid[mass > 0], centroid[mass > 0], atol=2e-3)
    np.testing.assert_allclose(found.energy, energy, atol=4e-3 * energy.mean())


def test_seeds_far_outside_have_their_part_too():
    seeds = np.array([(0.0, 3.0), (9.0, 3.0), (-40.0, 40.0)])
    found = cells(seeds, np.zeros(3), density_table(np.ones((1, 1)), BOX))
    np.testing.assert_allclose(found.mass, [12, 0, 0], atol=1e-9)
    np.testing.assert_allclose(found.centroid[0], [1, 3.5])


@pytest.mark.parametrize("field", [hill, lambda p: 1.0 + 0 * p[0], lambda p: jnp.abs(p[0])])
def test_each_dot_holds_the_same_mass_and_lies_in_its_middle(field):
    n = 300
    dots = ga.stipple(jax.random.key(1), field, n, box=BOX)
    assert dots.shape == (n, 2)
    density = density_of(field, BOX, "stipple")
    _, found = balanced(dots, np.zeros(n), density, 1e-6)
    np.testing.assert_allclose(found.mass, density.mass / n, rtol=0.01)
    spacing = np.sqrt(12 / n)
    off = np.linalg.norm(found.centroid - dots, axis=1)
    assert off.mean() < 0.03 * spacing
    assert off.max() < 0.3 * spacing
    assert len(np.unique(np.round(dots, 9), axis=0)) == n


def test_tone_is_in_proportion_to_the_density_where_chance_alone_is_not():
    n, key = 1500, jax.random.key(3)
    dots = ga.stipple(key, lambda p: 0.1 + 0.9 * (p[0] + 1) / 4, n, box=BOX)
    edges = np.linspace(-1, 3, 9)
    counts = np.histogram(dots[:, 0], edges)[0]
    share = np.diff(0.1 * (edges + 1) / 4 + 0.45 * ((edges + 1) / 4) ** 2) / 0.55
    assert np.abs(counts - n * share).max() < 6


@pytest.mark.exhaustive
def test_islands_between_white_have_their_part_and_no_dot_lies_beside_them():
    def islands(p):
        return jnp.where((jnp.abs(p[0] - 1) > 1) & (jnp.abs(p[1] - 3.5) > 0.5), 1.0, 0.0)

    dots = ga.stipple(jax.random.key(0), islands, 400, box=BOX)
    assert np.asarray(jax.vmap(islands)(jnp.asarray(dots))).mean() > 0.99
    quarters = (dots > (1, 3.5)) @ (1, 2)
    np.testing.assert_allclose(np.bincount(quarters), 100, atol=2)


def test_the_energy_falls_in_each_round():
    density = density_of(hill, BOX, "relax")
    points, energies = SEEDS, []
    for _ in range(12):
        energies.append(cells(points, np.zeros(len(points)), density).energy.sum())
        points = ga.relax(points, BOX, density=hill, rounds=1)
    assert (np.diff(energies) < 0).all()
    dots, weights, costs = SEEDS, np.zeros(len(SEEDS)), []
    for _ in range(6):
        weights, found = balanced(dots, weights, density, 1e-6)
        costs.append(found.energy.sum())
        dots = found.centroid
    assert (np.diff(costs) < 0).all()


def test_relaxed_points_are_even_and_stay_in_the_box():
    points = ga.relax(SEEDS, BOX, rounds=60)
    areas = cells(points, np.zeros(40), density_table(np.ones((1, 1)), BOX)).mass
    assert areas.std() < 0.12 * areas.mean()
    assert (points > BOX[0]).all()
    assert (points < BOX[1]).all()
    np.testing.assert_allclose(ga.relax([(0, 3)], BOX, rounds=1), [[1, 3.5]])
    np.testing.assert_array_equal(ga.relax(SEEDS, BOX, rounds=0), SEEDS)
    assert ga.relax([], BOX).shape == (0, 2)


def test_a_key_gives_its_own_dots():
    one, again, other = (ga.stipple(jax.random.key(k), hill, 30, box=BOX) for k in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.01
    assert ga.stipple(jax.random.key(0), ga.bump(), 1).shape == (1, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda key: ga.stipple(key, lambda p: -1.0 + 0 * p[0], 9, box=BOX), "is -1.0 somewhere"),
        (lambda key: ga.stipple(key, lambda p: 0 * p[0], 9, box=BOX), "0 all over"),
        (lambda key: ga.stipple(key, lambda p: p[0] / 0, 9, box=BOX), "somewhere: 0 or more"),
        (lambda key: ga.stipple(key, hill, 9), "give box="),
        (lambda key: ga.stipple(key, ga.bump(), 0), "n is 0"),
        (lambda key: ga.stipple(key, ga.bump(), 10**9), "at most"),
        (lambda key: ga.relax(SEEDS, ((0, 0), (1, 0))), "x0 < x1"),
        (lambda key: ga.relax(SEEDS, BOX, rounds=-1), "rounds is -1"),
    ],
)
def test_errors_say_what_to_give(call, message):
    with pytest.raises(ArtError, match=message):
        call(jax.random.key(0))
