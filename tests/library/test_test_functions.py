"""Every valley has the minima that the literature gives it."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import mapped, scattered

from gradart.library import test_functions

pytestmark = pytest.mark.usefixtures("double")


MINIMA: dict[str, list[tuple[float, float, float]]] = {
    "himmelblau": [
        (3, 2, 0),
        (-2.805118086953, 3.131312518250, 0),
        (-3.779310253378, -3.283185991286, 0),
        (3.584428340330, -1.848126526964, 0),
    ],
    "rosenbrock": [(1, 1, 0)],
    "beale": [(3, 0.5, 0)],
    "booth": [(1, 3, 0)],
    "rastrigin": [(0, 0, 0)],
    "camel": [(0.089842013, -0.712656403, -1.031628453), (-0.089842013, 0.712656403, -1.031628453)],
    "mccormick": [(0.5 - math.pi / 3, -0.5 - math.pi / 3, -math.sqrt(3) / 2 - math.pi / 3)],
    "styblinski_tang": [(-2.903534027771, -2.903534027771, -78.332331407)],
    "levy": [(1, 1, 0)],
    "muller_brown": [
        (-0.558223634633, 1.441725841804, -146.699517209),
        (0.623499404931, 0.028037758529, -108.166724116),
        (-0.050010822998, 0.466694104872, -80.767818129),
    ],
}


@pytest.mark.parametrize("name", MINIMA)
def test_a_valley_has_its_minima_where_the_literature_says(name):
    field = getattr(test_functions, name)()
    look = jax.jit(lambda p: (field(p), jax.grad(field)(p), jax.hessian(field)(p)))
    for x, y, value in MINIMA[name]:
        height, gradient, hessian = look(jnp.array([x, y], dtype=float))
        assert float(height) == pytest.approx(value, abs=1e-8)
        np.testing.assert_allclose(np.linalg.solve(hessian, gradient), 0, atol=1e-8)
        assert np.linalg.eigvalsh(hessian).min() > 0
        (x0, y0), (x1, y1) = field.box
        assert x0 <= x <= x1
        assert y0 <= y <= y1
    lowest = min(value for *_, value in MINIMA[name])
    assert mapped(field)(scattered(field.box, 4000)).min() >= lowest


def test_ackley_is_a_cone_at_its_minimum_and_its_slope_is_taken_as_0_there():
    field = test_functions.ackley()
    assert float(field(jnp.zeros(2))) == pytest.approx(0, abs=1e-12)
    np.testing.assert_array_equal(jax.grad(field)(jnp.zeros(2)), 0)
    beside = jax.grad(field)(jnp.array([1e-7, 0.0]))
    np.testing.assert_allclose(beside, [4 / math.sqrt(2), 0], rtol=1e-5)
