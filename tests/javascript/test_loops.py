"""What a loop computes: what is needed of each element, and no more."""

import json
import subprocess

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradart.javascript.translation import translate
from tests.javascript.node import NODE, checked, needs_node

pytestmark = needs_node
RNG = np.random.default_rng(7)

_COUNT = """
let calls = 0;
const erf_inv = (x) => (calls++, x);
const saturated_int64 = Math.trunc;
const program = (CODE)({ erf_inv, saturated_int64 }, CONSTANTS);
program.stages[0](Float64Array.from(VALUES));
console.log(calls);
"""


def counted(function, values):
    """How often JavaScript calls erf_inv for an array of numbers."""
    with jax.enable_x64(True):
        made = translate(jax.make_jaxpr(function)(jnp.asarray(values)), [0])
    constants = json.dumps([array.tolist() for array in made.constants])
    text = _COUNT.replace("CODE", made.code).replace("CONSTANTS", constants)
    text = text.replace("VALUES", json.dumps(values.tolist()))
    done = subprocess.run([NODE, "-e", text], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def mixed(x):
    """A number within -1 to 1 of each of whole numbers, which takes a while."""
    x = x.astype(jnp.uint32)
    for k in range(12):
        x = (x ^ (x >> 15)) * jnp.uint32(0x2C1B3C6D + 2 * k)
    return (x >> 9) / 2.0**22 - 1 + 2.0**-24


def test_what_is_not_chosen_is_not_computed():
    x = RNG.uniform(-1, 1, 3000)

    def chosen(x):
        return jnp.where(x > 0, 2 * jax.lax.erf_inv(x), jnp.where(x < -0.5, jnp.cos(x), 3.0))

    def taken_twice(x):
        y = jax.lax.erf_inv(x)
        return jnp.where(x > 0, y + 1, jnp.where(x < -0.5, y, 3.0))

    assert counted(chosen, x) == (x > 0).sum()
    assert counted(taken_twice, x) == x.size


def test_what_is_chosen_is_what_jax_computes():
    x = RNG.normal(size=(40, 7))

    def branches(x):
        y, z = jnp.tanh(x), jnp.exp(-x)
        inner = jnp.where(y > 0.3, y * z, jnp.where(z > 1.7, jnp.sqrt(z), y - z))
        outer = jnp.where(x > 0.1, inner + z, jnp.where(y < -0.4, inner * y, z))
        return [outer, jnp.where(outer > 1, z, inner).sum(0), jnp.select([x > 1, y > 0], [z, y])]

    assert not checked({"branches": (branches, x)})


def test_a_function_of_whole_numbers_is_computed_once_for_each():
    x = np.floor(RNG.uniform(0, 50, 4000))

    def hashed(x):
        return jax.lax.erf_inv(mixed(x.astype(int)))

    assert counted(hashed, x) == len(np.unique(x))


@pytest.mark.exhaustive
def test_what_is_remembered_is_what_jax_computes():
    few = RNG.integers(-60, 60, size=(300, 8))
    many = RNG.integers(-(2**31), 2**31, size=(9000, 3))

    def hashed(x):
        one, other = (jax.scipy.special.ndtri((mixed(x + k) + 1) / 2) for k in (0, 1))
        return [jnp.stack([one, other], -1) / jnp.hypot(one, other)[..., None], one * x]

    with jax.enable_x64(True):
        types = {"int64": few, "int32": few.astype(np.int32), "many": many}
        assert not checked({name: (hashed, x) for name, x in types.items()})
