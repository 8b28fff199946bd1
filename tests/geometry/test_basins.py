"""Laws of basins: symmetry, Voronoi cells, exact borders, and counts of steps without jumps."""

import functools

import jax.numpy as jnp
import numpy as np
import pytest

from gradart.calculus.complex_functions import householder
from gradart.calculus.equations.flow import descend, iterate
from gradart.errors import ArtError
from gradart.geometry.topology.basins import basins
from gradart.geometry.transforms import rotate

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-2.0, -2.0), (2.0, 2.0))


def towards(f, order, steps=40):
    return lambda p: iterate(householder(f, order), p, steps=steps)


def cubic(z):
    return z**3 - 1


def double_well(p):
    return (p[0] ** 2 - 1) ** 2 + p[1] ** 2


def bowl(p):
    r = (p[0] - 1) ** 2 + (p[1] + 0.5) ** 2
    return r + r**2


def test_the_roots_of_unity_are_found_and_their_basins_turn_into_each_other():
    found = basins(towards(cubic, 1), BOX, resolution=60)
    unity = np.exp(2j * np.pi * np.array([2, 1, 0]) / 3)
    np.testing.assert_allclose(found.roots @ [1, 1j], unity, atol=1e-12)
    nodes = np.stack(np.meshgrid(*[np.linspace(-2, 2, 60)] * 2), -1).reshape(-1, 2)
    start, turned = nodes, np.asarray(rotate(nodes, 120.0))
    ends = [np.asarray(towards(cubic, 1)(p))[:, -1] for p in (start, turned)]
    same = np.abs(np.asarray(rotate(ends[0], 120.0)) - ends[1]).max(1) < 1e-6
    assert same.mean() > 0.99  # all but what rounding throws over a border
    closest = np.abs(found.roots[:, None] - ends[0]).sum(-1).argmin(0)
    np.testing.assert_array_equal(found.labels.ravel(), closest)


def test_basins_of_two_roots_are_halves_of_the_plane():
    """Cayley (1879): of z^2 - c, the nearer root takes it."""
    found = basins(towards(lambda z: z**2 - 1j, 1), BOX, resolution=40)
    nodes = np.stack(np.meshgrid(*[np.linspace(-2, 2, 40)] * 2), -1)
    off = nodes @ np.array([1.0, 1.0])  # the roots are (1 + i) / sqrt 2 and its opposite
    clear = np.abs(off) > 1e-9
    np.testing.assert_array_equal(found.labels[clear], (off > 0)[clear])
    for border in found.borders:
        line = border[np.isfinite(border[:, 0])]
        assert len(line) > 30
        np.testing.assert_allclose(line.sum(1), 0, atol=1e-5)


@pytest.mark.exhaustive
def test_the_higher_the_order_the_more_a_basin_is_what_lies_nearest():
    """Buff and Henriksen (2003), of König's methods."""
    roots = np.array([0.9 + 0.2j, -0.7 + 0.8j, -0.4 - 1.0j, 0.6 - 1.1j, 0.3 + 1.3j])
    f = lambda z: jnp.prod(z - jnp.asarray(roots))  # noqa: E731
    nodes = np.stack(np.meshgrid(*[np.linspace(-2, 2, 50)] * 2), -1) @ [1, 1j]
    order = np.lexsort([roots.imag, roots.real])
    nearest = np.abs(nodes[..., None] - roots[order]).argmin(-1)
    apart = [
        (basins(towards(f, n), BOX, resolution=50).labels != nearest).mean() for n in (1, 3, 9)
    ]
    assert apart[0] > 2 * apart[1] > 4 * apart[2]
    assert apart[2] < 0.03


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "walk",
    [
        towards(cubic, 1),
        towards(cubic, 3),
        functools.partial(descend, bowl, rate=0.05, steps=200),
    ],
)
def test_steps_have_no_jumps(walk):
    """Where a start comes from one step's reach to the next's, plain counts jump by one."""
    box = ((0.8, 0.1), (1.4, 0.5))  # in one basin, clear of its border
    coarse, fine = (basins(walk, box, resolution=n).steps for n in (13, 49))
    assert np.ptp(coarse) > 0.8
    jumps = [np.abs(np.diff(steps, axis=k)).max() for steps in (coarse, fine) for k in (0, 1)]
    assert max(jumps[2:]) < 0.4 * max(jumps[:2])


def test_steps_count():
    halves = lambda p: iterate(lambda q: q / 2, p, steps=60)  # noqa: E731
    found = basins(halves, BOX, resolution=9, near=2.0**-9)
    away = np.linalg.norm(np.stack(np.meshgrid(*[np.linspace(-2, 2, 9)] * 2), -1), axis=-1)
    far = away / np.sqrt(32)
    exact = np.log2(np.maximum(far, 2.0**-9) * 2**9)
    np.testing.assert_allclose(found.steps, exact, atol=0.05)
    corner = found.steps[0, 0]  # half a diagonal: 2^-1 to 2^-9 in 8 steps
    np.testing.assert_allclose(corner, 8, atol=1e-9)


@pytest.mark.exhaustive
def test_borders_of_descents_are_their_watershed():
    walk = functools.partial(descend, double_well, rate=0.05, steps=200)
    found = basins(walk, ((-1.5, -1.0), (1.5, 1.0)), resolution=12)
    np.testing.assert_allclose(found.roots, [[-1, 0], [1, 0]], atol=1e-6)
    np.testing.assert_allclose(found.borders[..., 0], 0, atol=1e-4)
    assert np.ptp(found.borders[0, :, 1]) > 1.8


def test_what_comes_to_no_rest_is_in_no_basin():
    def halfway(p):  # a turn for ever outside of the unit disk
        return jnp.where(p @ p > 1, jnp.array([-p[1], p[0]]), p / 2)

    found = basins(lambda p: iterate(halfway, p, steps=50), BOX, resolution=20)
    nodes = np.stack(np.meshgrid(*[np.linspace(-2, 2, 20)] * 2), -1)
    np.testing.assert_array_equal(found.labels, np.where((nodes**2).sum(-1) > 1, -1, 0))
    np.testing.assert_array_equal(np.isnan(found.steps), found.labels < 0)


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        (3, "walk is 3"),
        (lambda p: p, "walk takes"),
        (householder(lambda z: z**3 - 1), "walk is a step"),
        (lambda p: iterate(lambda q: q / 2, p, steps=60) + 0j, "complex numbers: return jnp.stack"),
        (lambda p: iterate(lambda q: q + 1, p), "no path comes to rest"),
    ],
)
def test_what_is_no_walk_is_refused(walk, said):
    with pytest.raises(ArtError, match=said):
        basins(walk, BOX, resolution=8)
