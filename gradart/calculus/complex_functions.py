"""Complex functions of one complex number: checked, traced, and with their derivatives."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from gradart.calculus.checks.arguments import factory, short
from gradart.calculus.checks.misuse import explain, misused
from gradart.calculus.forward_mode import explained
from gradart.calculus.programs.batching import chunked
from gradart.calculus.programs.compiled_once import TracedFunction, compiled, traced
from gradart.errors import ArtError
from gradart.types import Function

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
