"""Complex functions of one number: checked, traced, their derivatives, steps to their roots."""

import functools
import math
import operator
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import factory, short
from gradart.calculus.checks.artist_functions import as_count, as_points
from gradart.calculus.checks.misuse import explain, misused
from gradart.calculus.derivatives import jet
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, compiled, traced
from gradart.errors import ArtError
from gradart.types import Function, Map

ComplexFunction = Callable[[jax.Array], jax.Array]  # () -> (), analytic
Jets = Callable[[np.ndarray], np.ndarray]  # complex (n,) to (n, order + 1)

CHUNK = 4096  # numbers at which a function is computed at once


def analytic(f: Function) -> TracedFunction:
    """f, of one complex number, traced; ArtError for what is not, or returns something else."""
    if not callable(f):
        raise ArtError(f"f is {short(f)}: give a function, lambda z: z**3 - 1")
    if text := factory(f):
        raise ArtError(text)

    def call(z: jax.Array) -> jax.Array:
        try:
            result = f(z)
        except Exception as error:
            text = explain(error) or misused(f, z, error)
            if isinstance(error, IndexError):
                text = "it takes one complex number z, and not a point: x is z.real, y is z.imag"
            if text:
                raise ArtError(f"the complex function: {text}") from error
            raise
        if result is None or isinstance(result, str):
            found = "nothing" if result is None else "a text"
            raise ArtError(f"the complex function returns {found}: it returns one number")
        w = jnp.asarray(result)
        if w.shape or not jnp.issubdtype(w.dtype, jnp.number):
            raise ArtError(
                f"the complex function returns shape {w.shape}: it takes one number z, and returns"
                " one, lambda z: z**3 - 1"
            )
        return w.astype(z.dtype)

    return traced(call, jnp.zeros((), complex))


def derivatives(f: TracedFunction, z: jax.Array, order: int) -> list[jax.Array]:
    """A complex function and its derivatives at z (): order + 1 numbers."""

    def with_next(g: Callable[[jax.Array], list[jax.Array]]) -> Callable[..., list[jax.Array]]:
        def both(z: jax.Array) -> list[jax.Array]:
            known, slopes = jax.jvp(g, (z,), (jnp.ones_like(z),))
            return [*known, slopes[-1]]

        return both

    def run(z: jax.Array) -> list[jax.Array]:
        return [f(z)]

    for _ in range(order):
        run = with_next(run)
    return explained(run)(z)


def jets(f: TracedFunction, order: int) -> Jets:
    """A complex function and its derivatives at many numbers, NumPy's; compiled once.

    Numbers that are differentiated are as they are now.
    """
    run = jax.vmap(lambda z: jnp.stack(derivatives(f, z, order)))
    return chunked(compiled(run, still=True), CHUNK)


def householder(f: ComplexFunction, order: int = 1) -> Map:
    """One step of Householder's method towards a root of a complex function, as a map (2,) -> (2,).

    `f` is an analytic function of one complex number, written with jnp, of which p stands for
    x + i y. Order 1 is Newton's method and `order` 2 Halley's; that of order n needs n derivatives,
    which `jet` gives in one pass, and near a simple root it leaves of an error e about e^(n + 1).
    With the Taylor coefficients c of 1 / f, it goes from z to z + c[n - 1] / c[n], which is as far
    as the nearest root of f if n is large: so found König. At a root it stays; where the step would
    be infinite, it is not finite.

    A. S. Householder, "The numerical treatment of a single nonlinear equation" (1970).

    >>> newton = ga.householder(lambda z: z**3 - 1)
    >>> paths = ga.iterate(newton, ga.grid(8, 8, ((-2, -2), (2, 2))), steps=8)
    >>> ga.lines(paths)
    """
    if not callable(f):
        raise ArtError(f"f is {short(f)}: give a function, lambda z: z**3 - 1")
    n = as_count(order, "order", 1)

    def pair(p: jax.Array) -> jax.Array:
        w = jnp.asarray(f(jax.lax.complex(p[0], p[1])))
        if w.ndim:
            raise ArtError(
                f"f returns shape {w.shape}: it takes one complex number z, and returns one,"
                " lambda z: z**3 - 1"
            )
        return jnp.stack([w.real, w.imag])

    def step(p: jax.Array) -> jax.Array:
        place = as_points(p, "p")
        if place.shape != (2,):
            raise ArtError(f"householder takes a point (x, y), not an array of shape {place.shape}")
        along_x = jnp.array([1.0, 0.0], place.dtype)
        rows = jet(pair, place, along_x, n)
        a = [jax.lax.complex(u, v) / float(math.factorial(k)) for k, (u, v) in enumerate(rows)]
        # The coefficients of 1 / f times powers of f, which are finite at a root too.
        c = [jnp.ones_like(a[0])]
        for m in range(1, n + 1):
            terms = [a[k] * a[0] ** (k - 1) * c[m - k] for k in range(1, m + 1)]
            c.append(-functools.reduce(operator.add, terms))
        move = a[0] * c[n - 1] / c[n]
        return place + jnp.stack([move.real, move.imag])

    return step
