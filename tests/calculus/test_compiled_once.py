"""A program is compiled once for what it computes, and never mistaken for another."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.derivatives import gradient, jet
from gradart.calculus.programs.compiled_once import compiled, fingerprint
from gradart.calculus.taylor import interpreter


def text(f):
    return fingerprint(jax.make_jaxpr(f)(1.0).jaxpr)


def test_what_computes_the_same_is_the_same():
    def wave(scale):
        return lambda t: jax.lax.fori_loop(0, 3, lambda _, x: jnp.sin(scale * x), t)

    assert text(wave(2.0)) == text(wave(2.0))
    assert hash(text(wave(2.0))) == hash(text(wave(2.0)))
    differ = [wave(2.0), wave(3.0), jnp.sin, jnp.cos, lambda t: t + 0.0, lambda t: t + -0.0]
    assert len({text(f) for f in differ}) == len(differ)


def test_a_callback_is_only_what_it_is():
    def host(call):
        return lambda t: jax.pure_callback(call, jax.ShapeDtypeStruct((), jnp.float32), t)

    calls = [(lambda t, k=k: np.float32(t + k)) for k in range(2)]
    assert str(jax.make_jaxpr(host(calls[0]))(1.0)) == str(jax.make_jaxpr(host(calls[1]))(1.0))
    assert text(host(calls[0])) == text(host(calls[0]))
    assert text(host(calls[0])) != text(host(calls[1]))


def test_a_function_that_is_made_anew_is_compiled_once_and_one_that_changed_is_not_old():
    numbers = {"growth": 0.1}

    def spiral(growth):
        return lambda t: jnp.exp(growth * t) * jnp.array([jnp.cos(t), jnp.sin(t)])

    def changing(t):
        return jnp.exp(numbers["growth"] * t) * jnp.array([jnp.cos(t), jnp.sin(t)])

    t = jnp.linspace(0, 1, 3)
    before = interpreter._derivatives.cache_info().misses
    first = [jet(f, t, 2) for f in (spiral(0.1), spiral(0.1), changing)]
    assert interpreter._derivatives.cache_info().misses == before + 1
    numbers["growth"] = 0.5
    assert np.array_equal(first[0], first[2])
    np.testing.assert_array_equal(jet(changing, t, 2), jet(spiral(0.5), t, 2))
    assert not np.allclose(first[0][1], jet(changing, t, 2)[1])


def test_the_arrays_that_a_function_holds_are_its_own():
    def heap(table):
        return lambda p: jnp.sum(table * p**2)

    for table in (jnp.array([1.0, 2.0]), jnp.array([3.0, 5.0]), np.array([7.0, 1.0])):
        np.testing.assert_allclose(gradient(heap(table), jnp.ones(2)), 2 * table)
        twice = jax.jit(lambda a: compiled(heap(a))(jnp.ones(2)))(table)
        np.testing.assert_allclose(twice, table.sum())


def test_derivatives_by_callbacks_of_one_form_are_told_apart():
    @functools.cache
    def turned(k):  # the sine and its derivatives, each known to its host only
        def call(t):
            return np.sin(t + k * np.pi / 2).astype(np.float32)

        @jax.custom_jvp
        def f(t):
            shape = jax.ShapeDtypeStruct(jnp.shape(t), jnp.float32)
            return jax.pure_callback(call, shape, t, vmap_method="broadcast_all")

        f.defjvp(lambda t, dt: (f(*t), turned(k + 1)(*t) * dt[0]))
        return f

    np.testing.assert_allclose(
        jet(turned(0), 0.4, 4), np.sin(0.4 + np.arange(5) * np.pi / 2), atol=1e-6
    )
