"""Second derivatives of what is found are those of differences of the first ones, or refused."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sampling import some

import gradart as ga
from gradart.errors import ArtError
from gradart.optimizing.placed_marks.placed import placed

pytestmark = pytest.mark.usefixtures("double")

BOX = ((-2.0, -2.0), (2.0, 2.0))
PATH = np.array([[-1.5, -1.0], [0.3, 1.4], [1.6, -0.4]])
SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])


def hill(a):
    return lambda p: jnp.exp(-(p[0] ** 2) - a * p[1] ** 2) + 0.1 * a**2 * p[0]


def egg(a):
    return lambda t: jnp.stack([a**2 * jnp.cos(t), jnp.sin(t + 0.1 * a) / a])


@ga.sketch(page="square")
def line(a=1.0):
    return ga.scene(ga.lines(jnp.asarray(SQUARE) * a**2), box=BOX)


# Each of a number near 1.2: what is a formula of it, to any order, and what Newton's method finds.
FORMULAS = {
    "arc length": lambda a: ga.arc_length(egg(a), 0, 2),
    "clip": lambda a: ga.clip(jnp.asarray(PATH) * a**2, BOX),
    "hatch": lambda a: ga.hatch(jnp.asarray(SQUARE) * a**2, 0.4, 20.0 * a),
    "zeros and poles": lambda a: ga.zeros_and_poles(lambda z: z**3 - a**2, BOX).points,
    "poisson": lambda a: ga.poisson(jax.random.key(3), 0.4, ((0.0, 0.0), (a**2, a))),
}
FOUND = {
    "contours": lambda a: ga.contours(hill(a), [0.4, 0.6], box=BOX, resolution=30),
    "critical points": lambda a: ga.critical_points(hill(a), box=BOX).points,
    "cusps": lambda a: ga.cusps(lambda t: jnp.stack([(t - a**2) ** 2, (t - a**2) ** 3]), 0, 3),
    "crossings": lambda a: ga.crossings(egg(a), ga.circle(), 0, 6),
    "equal spacing": lambda a: ga.equally_spaced(egg(a), 0, 2, 5),
    "clip by a field": lambda a: ga.clip(PATH, where=lambda p: hill(a)(p) - 0.4),
    "union": lambda a: ga.union(SQUARE, SQUARE + a**2 / 2),
    "hatch along outlines": lambda a: ga.hatch(SQUARE * a**2, 0.3, along="outline"),
    "hatch along a spiral": lambda a: ga.hatch(SQUARE * a**2, 0.3, along="spiral"),
    "hatch along a field": lambda a: ga.hatch(SQUARE, 0.3, along=hill(a)),
    "buffer": lambda a: ga.buffer(SQUARE * a**2, 0.3),
    "placed": lambda a: placed(line, {"a": a})[0].shape.points,
}


def differentiated(found):
    def first(a):
        rates = jax.jvp(lambda a: jax.tree.leaves(found(a)), (a,), (1.0,))[1]
        return jnp.concatenate([jnp.ravel(jnp.nan_to_num(rate)) for rate in rates])

    return first


@pytest.mark.parametrize("name", some(["hatch", *sorted(FORMULAS.keys() - {"hatch"})], 9))
def test_second_derivatives_of_formulas_are_those_of_differences(name):
    first = differentiated(FORMULAS[name])
    second = jax.jvp(first, (1.2,), (1.0,))[1]
    differences = (first(1.2 + 1e-5) - first(1.2 - 1e-5)) / 2e-5
    assert np.abs(second).max() > 1e-3
    np.testing.assert_allclose(second, differences, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", some(["union", *sorted(FOUND.keys() - {"union"})], len(FOUND)))
def test_second_derivatives_of_what_newton_finds_are_refused(name):
    first = differentiated(FOUND[name])
    assert np.abs(first(1.2)).max() > 1e-3
    with pytest.raises(ArtError, match="first derivatives alone"):
        jax.jvp(first, (1.2,), (1.0,))
    with pytest.raises(ArtError, match="first derivatives alone"):
        jax.grad(lambda a: jnp.sum(first(a)))(1.2)
