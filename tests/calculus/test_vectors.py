"""Products of vectors, in NumPy and in JAX."""

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.vectors import cross, divided, dot, left, unit

U, V = np.random.default_rng(1).normal(size=(2, 5, 2))


def test_the_cross_product_is_the_dot_product_with_what_is_turned_left():
    np.testing.assert_allclose(cross(U, V), dot(left(U), V), rtol=1e-5)
    assert isinstance(cross(U, V), np.ndarray)
    assert left(jnp.array([1.0, 0.0])).tolist() == [0, 1]


def test_a_unit_vector_has_the_direction_and_length_1():
    found = unit(jnp.asarray(U), jnp.ones(5, bool))
    np.testing.assert_allclose(dot(found, found), 1, rtol=1e-6)
    np.testing.assert_allclose(cross(found, jnp.asarray(U)), 0, atol=1e-6)


def test_what_has_no_direction_is_nan_and_its_slope_no_more_than_that():
    zero = jnp.zeros(2)
    assert np.isnan(unit(zero, jnp.array(False))).all()
    assert np.isnan(divided(1.0, jnp.zeros(())))

    def guarded(v):
        return jnp.where(v[0] > 0, unit(v, v[0] > 0)[0] + divided(1.0, v[0]), 0.0)

    assert jax.grad(guarded)(zero).tolist() == [0, 0]
