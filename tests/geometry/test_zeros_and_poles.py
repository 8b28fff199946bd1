"""Laws of zeros and poles: the argument principle, known places, symmetries, implicit motion."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.errors import ArtError
from gradart.geometry.singularities.zeros_and_poles import zeros_and_poles

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-2.0, -2.0), (2.0, 2.0))
SOME = np.array([0.3 + 0.4j, 0.3 + 0.4j, -1.0, 1.7 - 1.2j, 0.5j])
OTHERS = np.array([-0.6 - 0.9j, -0.6 - 0.9j, -0.6 - 0.9j, 1.0 + 1.0j, 1.001 + 1.0j])


def rational(zeros, poles):  # of five each, so that all are one program
    up, down = jnp.asarray(zeros), jnp.asarray(poles)
    return lambda z: jnp.prod(z - up) / jnp.prod(z - down)


def winding(f, box, n=20_000):
    """How often f winds around 0 along a box, the slow way."""
    (x0, y0), (x1, y1) = box
    corners = np.array([x0 + 1j * y0, x1 + 1j * y0, x1 + 1j * y1, x0 + 1j * y1, x0 + 1j * y0])
    way = np.interp(np.linspace(0, 4, n), np.arange(5), corners)
    turns = np.unwrap(np.angle(np.asarray(jax.vmap(f)(way)))) / (2 * np.pi)
    return round(turns[-1] - turns[0])


def as_complex(points):
    return np.asarray(points) @ [1, 1j]


def same(found, points, orders, atol=1e-12):
    """Whether these are what was found, in any order."""
    assert len(found.points) == len(points)
    if not len(points):
        return
    away = np.abs(as_complex(found.points)[:, None] - np.asarray(points))
    nearest = away.argmin(1)
    np.testing.assert_array_equal(np.sort(nearest), np.arange(len(points)))
    np.testing.assert_allclose(away.min(1), 0, atol=atol)
    np.testing.assert_array_equal(found.orders, np.asarray(orders)[nearest])


def test_zeros_and_poles_of_a_rational_function_are_those_that_it_is_made_of():
    found = zeros_and_poles(rational(SOME, OTHERS), BOX)
    same(found, [*SOME[1:], *OTHERS[2:]], [2, 1, 1, 1, -3, -1, -1])
    assert (np.diff(found.points[:, 0]) >= 0).all()


def test_one_over_a_function_exchanges_zeros_and_poles():
    once, inverse = (
        zeros_and_poles(f, BOX) for f in (rational(SOME, OTHERS), rational(OTHERS, SOME))
    )
    same(inverse, as_complex(once.points), -once.orders)


def test_what_moves_and_turns_a_function_moves_and_turns_its_zeros():
    turn, shift = np.exp(0.7j), 0.2 - 0.1j
    zeros, poles = (0.8 * turn * points + shift for points in (SOME, OTHERS))
    found = zeros_and_poles(rational(zeros, poles), BOX)
    same(found, [*zeros[1:], *poles[2:]], [2, 1, 1, 1, -3, -1, -1])


@pytest.mark.parametrize("box", [BOX, ((-0.7, -1.0), (0.6, 0.6)), ((0.2, 0.6), (1.0005, 1.5))])
def test_orders_add_up_to_the_winding_number_around_the_box(box):
    f = rational(SOME, OTHERS)
    assert zeros_and_poles(f, box, resolution=100).orders.sum() == winding(f, box)


@pytest.mark.parametrize(
    ("f", "points", "orders"),
    [
        (lambda z: jnp.sin(3 * z) ** 2, np.pi * np.arange(-1, 2) / 3, [2] * 3),
        # Gauss's product for Gamma, of seven factors
        (lambda z: 1 / jnp.prod(z + jnp.arange(7.0)), [0, -1], [-1] * 2),
        (lambda z: jnp.exp(1 / z) * (z - 1) ** 4, [1], [4]),
        (lambda z: jnp.sqrt(z + 0.001j) - 0.1, [0.01 - 0.001j], [1]),  # near the end of a cut
        (jnp.log, [1], [1]),
        (jnp.sqrt, [], []),
        (
            lambda z: z**3 - 1.2e-4**3,
            1.2e-4 * np.exp(2j * np.pi * np.arange(3) / 3),
            [1] * 3,
        ),
    ],
)
def test_known_functions(f, points, orders):
    same(zeros_and_poles(f, ((-1.5, -1.4), (1.6, 1.5)), resolution=60), points, orders, 1e-10)


def test_zeros_move_with_the_function():
    def points(c):
        return zeros_and_poles(lambda z: (z**3 - c) * (z + 1 + c) ** 2, BOX, resolution=60).points

    now, change = jax.jvp(points, (0.5,), (1.0,))
    z, move = as_complex(now), as_complex(change)
    simple = np.abs(z**3 - 0.5) < 1e-9
    assert (simple.sum(), len(z)) == (3, 4)
    np.testing.assert_allclose(move[simple], z[simple] / (3 * 0.5), atol=1e-10)
    np.testing.assert_allclose(move[~simple], -1, atol=1e-10)


def test_a_double_zero_that_splits_stays_where_it_is_in_the_mean():
    def points(c):
        return zeros_and_poles(lambda z: (z - 1) ** 2 - c * z, BOX, resolution=60).points

    now, change = jax.jvp(points, (0.0,), (1.0,))
    np.testing.assert_allclose(now, [[1, 0]], atol=1e-12)
    np.testing.assert_allclose(change, [[0.5, 0]], atol=1e-10)  # the sum of the roots is 2 + c


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (3, "f is 3"),
        (lambda p: p[0] + 1j * p[1], "one complex number z"),
        (lambda z: jnp.stack([z, z]), r"returns shape \(2,\)"),
        (lambda z: z if z.real > 0 else -z, "use jnp.where"),
    ],
)
def test_what_is_no_complex_function_is_refused(f, said):
    with pytest.raises(ArtError, match=said):
        zeros_and_poles(f, BOX)
