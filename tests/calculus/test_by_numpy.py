"""Small work on known numbers compiles nothing, and gives the bits and the type that JAX gives."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gradart as ga
from gradart.calculus.checks.artist_functions import as_floats
from gradart.calculus.programs.by_numpy import by_numpy, collected
from gradart.drawing.style import color

PROGRAMS = []  # compiled since this file was read


def listen(event, seconds, **_):
    if event.endswith("/backend_compile_duration"):
        PROGRAMS.append(seconds)


jax.monitoring.register_event_duration_secs_listener(listen)


def mixed(xp, a, b):
    return xp.stack([a / (b - 0.5), xp.broadcast_to(b, a.shape)], -1)


def known(n, seed=0):
    """An array of JAX of a shape that no other test has."""
    return jax.device_put(np.random.default_rng(seed).normal(size=(n, 3)))


WORK = {
    "work": lambda n: by_numpy(mixed, known(n), known(n, 1)),
    "arrays in a list": lambda n: as_floats([known(n), known(n, 1)], "x"),
    "whole numbers": lambda n: as_floats(jax.device_put(np.arange(n)), "x"),
    "three channels": lambda n: color(known(n)),
    "faded": lambda n: color(known(n), jax.device_put(np.linspace(0, 1, n))),
}


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("name", WORK)
def test_nothing_is_compiled_and_the_bits_are_those_of_jax(name, double, monkeypatch):
    with jax.enable_x64(double):
        before = len(PROGRAMS)
        found = WORK[name](37)
        assert len(PROGRAMS) == before
        monkeypatch.setattr("gradart.calculus.programs.by_numpy.have_values", lambda arrays: False)
        wanted = WORK[name](37)
        assert len(PROGRAMS) > before
    assert isinstance(found, jax.Array)
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize(
    "parts",
    [[jnp.ones(2), [3, 4.5]], (jnp.float32(1), 2), [np.float64(0.1), jnp.ones(())], [True]],
)
def test_lists_have_the_type_that_jax_gives_them(parts):
    for double in (False, True):
        with jax.enable_x64(double):
            found, wanted = collected(parts), jnp.asarray(parts)
            assert found.dtype == wanted.dtype
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("parts", [[jnp.ones(2), None], [jnp.ones(()), "1"], [jax.random.key(0)]])
def test_what_is_no_number_is_left_to_jax(parts):
    try:
        wanted = jnp.asarray(parts)
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error)):
            collected(parts)
    else:
        assert collected(parts).dtype == wanted.dtype


def test_what_is_differentiated_keeps_its_derivative():
    a, b = known(5), known(5, 1)
    _, change = jax.jvp(lambda a: by_numpy(mixed, a, b), (a,), (jnp.ones_like(a),))
    np.testing.assert_allclose(change[..., 0], 1 / (b - 0.5), rtol=1e-6)
    np.testing.assert_allclose(change[..., 1], 0)


def test_tiles_and_panels_compile_few_programs():
    """Of the coins that turn tiles, and none of where these lie; of a panel none."""
    before = len(PROGRAMS)
    ga.truchet(jax.random.key(1), 13, 7)
    assert len(PROGRAMS) - before <= 5
    before = len(PROGRAMS)
    ga.panel(((0, 0), (1, 1)), ((0, 0), (2, 3)))
    assert len(PROGRAMS) == before
