"""Tables that are kept: what was traced in one precision changes nothing in the other."""

import gc

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.calculus.programs.precision import constant

WAVES = np.sin(np.arange(48.0)).reshape(6, 8)
KEPT = {
    "digits": lambda: lambda x: ga.digits(x, (0, 0), decimals=1).shape.points,
    "a table": lambda: _along(ga.tabulated(WAVES)),
    "a palette": lambda: lambda x: ga.palette("desert")[(4 * x).astype(int)],
    "a ramp": lambda: ga.ramp("#c2410c", "#f2ede0", "#123456"),
    "a colormap": lambda: ga.colormap("magma"),
    "a sound": lambda: ga.Sound(WAVES[0], WAVES.T, 1.0, (20.0, 200.0)).level,
}


def _along(field):
    return lambda x: field(jnp.stack([x, x]))


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("name", KEPT)
def test_a_program_of_the_other_precision_changes_nothing(name, double):
    """JAX hands out what an array of NumPy became in one precision to the other one as well."""
    f = KEPT[name]()

    def now():
        with jax.enable_x64(double):
            return np.asarray(f(jnp.asarray(0.3)))

    before = now()
    program = jax.jit(lambda x: f(x))
    with jax.enable_x64(not double):
        program(0.3)
    after = now()
    assert after.dtype == before.dtype == (np.float64 if double else np.float32)
    np.testing.assert_array_equal(after, before)


def test_a_table_has_one_view_for_each_precision():
    table = np.arange(6.0)[::2]
    with jax.enable_x64(True):
        double = constant(table)
        assert constant(table) is double
    with jax.enable_x64(False):
        single = constant(table)
    assert single is not double
    assert np.shares_memory(single, table)
    assert np.shares_memory(double, table)
    of_jax = jnp.ones(3)
    assert constant(of_jax) is of_jax


def test_a_table_that_is_gone_is_not_taken_for_another():
    for number in range(100):
        table = np.full(1000, float(number))
        assert constant(table)[0] == number
        del table
        gc.collect()
